//! A shipment: its composition by batch, its units, its papers, and what it was split from or into.

use crate::{
    error::AppError,
    here::{href, param, said, tr},
    parts::{
        batch_list::BatchList,
        icon::{Glyph, Icon},
        loaded::loaded,
        notice::{Notice, Tone},
        pager::{Turned, pager, turned},
        record::Record,
        section::Section,
        subject_page::SubjectPage,
        unit_list::UnitList,
    },
};
use domain::{
    text::{Text, text},
    view::{ShipmentView, Titled},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

const BATCHES: Text = text("Composition", "构成");
const UNITS: Text = text("Cartons and pallets", "外箱与托盘");
const RECORDS: Text = text("Papers", "单据");
const PARTS: Text = text("Split into", "拆分为");
const WHOLE: Text = text("Split from", "拆分自");
const GATE: Text = text("Look at the gate", "查看放行核查");
const HELD_ONE: Text = text("One thing keeps it from being released.", "有 1 项使其不能放行。");
const HELD: Text = text("{n} things keep it from being released.", "有 {n} 项使其不能放行。");
const NO_BATCH: Text =
    text("No record says which batches are in it. Scan its cartons.", "没有记录说明所含批次。请扫描其外箱。");
const NO_UNIT: Text = text("No carton or pallet is in it.", "其中没有外箱或托盘。");

/// A shipment, by its key.
#[server(prefix = "/ask", endpoint = "shipment", input = GetUrl)]
pub async fn ask_shipment(
    /// The key.
    key: String,
    /// The list to go on with; empty for the first rows of each.
    list: String,
    /// Its cursor; empty for the first rows.
    after: String,
) -> Result<ShipmentView, AppError> {
    use crate::request::{ask, found, reader};
    let (request, reader) = reader(domain::person::Role::reads_records)?;
    found(request.ledger.shipment(&reader, &key, &ask(list, after)).await)
}

/// The page.
#[component]
pub fn ShipmentPage() -> impl IntoView {
    let (key, turned) = (param("key"), turned());
    let view = Resource::new(
        move || (key.get(), turned.get()),
        |(key, turned)| ask_shipment(key, turned.list, turned.after),
    );
    loaded(view, move |view| shown(view, turned.get_untracked()))
}

fn shown(shipment: ShipmentView, turned: Turned) -> impl IntoView {
    let foot = pager("units", &shipment.units, &turned);
    let batches = shipment.card.batches.clone();
    let records: Vec<_> = shipment.records.into_iter().map(|record| view! { <Record record/> }).collect();
    let whole = shipment.whole.map(|whole| split("whole", WHOLE, vec![whole]));
    let split_into = (!shipment.parts.is_empty()).then(|| split("split", PARTS, shipment.parts));
    let gate = format!("{}/gate", href(&shipment.card.titled.subject));
    let way = gate.clone();
    let held = (shipment.held_back > 0).then(move || {
        let told = match shipment.held_back {
            1 => HELD_ONE.said(),
            n => HELD.with(&[("n", &n.to_string())]),
        };
        view! { <Notice tone=Tone::Look><p>{said(&told)}</p><a class="button" href=way>{tr(GATE)}</a></Notice> }
    });
    let to_gate = (shipment.held_back == 0).then(move || {
        view! { <p class="no-print"><a class="button quiet" href=gate><Icon glyph=Glyph::Check/>{tr(GATE)}</a></p> }
    });
    let parts = view! {
        {held}
        {to_gate}
        {whole}
        {split_into}
        <Section id="batches" title=BATCHES count=batches.len() as u64>
            <BatchList batches none=NO_BATCH/>
        </Section>
        <Section id="records" title=RECORDS>{records}</Section>
        <Section id="units" title=UNITS count=shipment.units.total>
            <UnitList units=shipment.units.rows none=NO_UNIT/>
            {foot}
        </Section>
    };
    view! { <SubjectPage card=shipment.card parts=parts.into_any() timeline=shipment.timeline turned/> }
}

fn split(id: &'static str, title: Text, shipments: Vec<Titled>) -> impl IntoView {
    let shipments: Vec<_> = shipments
        .into_iter()
        .map(|shipment| {
            view! {
                <li>
                    <a class="name" href=href(&shipment.subject)>
                        <Icon glyph=Glyph::Shipment/>{shipment.title}
                    </a>
                    <p class="detail">{said(&shipment.detail)}</p>
                </li>
            }
        })
        .collect();
    view! {
        <Section id title count=shipments.len() as u64>
            <ul class="line-list shipment-list">{shipments}</ul>
        </Section>
    }
}
