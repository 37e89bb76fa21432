//! What pages are built from. A part, its style sheet and its class share one name.

pub mod card;
pub mod code_field;
pub mod code_plate;
pub mod disposition;
pub mod icon;
pub mod language_switch;
pub mod loaded;
pub mod notice;
pub mod top_bar;
