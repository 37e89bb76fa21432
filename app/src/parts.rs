//! What pages are built from. A part, its style sheet and its class share one name.

pub mod amount;
pub mod answer;
pub mod batch_list;
pub mod bridge_list;
pub mod card;
pub mod card_facts;
pub mod change_list;
pub mod checkpoint;
pub mod cite;
pub mod code_field;
pub mod code_plate;
pub mod discrepancy_list;
pub mod disposition;
pub mod event_form;
pub mod facts;
pub mod icon;
pub mod language_switch;
pub mod loaded;
pub mod material_list;
pub mod notice;
pub mod offered;
pub mod pager;
pub mod plan_status;
pub mod proof;
pub mod receipt;
pub mod record;
pub mod records_nav;
pub mod scan_list;
pub mod section;
pub mod shipment_list;
pub mod six;
pub mod subject_page;
pub mod timeline;
pub mod top_bar;
pub mod trace;
pub mod unit_list;
pub mod verdict;
pub mod viewport;

#[cfg(test)]
pub(crate) mod fixture;
