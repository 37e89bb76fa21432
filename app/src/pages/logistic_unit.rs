//! A carton or pallet: what is in it, what it is in, and its story.

use crate::{
    error::AppError,
    here::param,
    parts::{
        batch_list::BatchList,
        loaded::loaded,
        pager::{Turned, pager, turned},
        section::Section,
        subject_page::SubjectPage,
        unit_list::UnitList,
    },
};
use domain::{
    subject::Level,
    text::{Text, text},
    view::UnitView,
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

const BATCHES: Text = text("Batches in it", "所含批次");
const UNITS: Text = text("Cartons on it", "所含外箱");
const NO_BATCH: Text = text(
    "No record says which batch is in it. Record what was packed, or open it and count.",
    "没有记录说明所含批次。请补录装箱，或开箱点数。",
);
const NO_UNIT: Text = text("No carton is on it.", "上面没有外箱。");

/// A logistic unit, by its key.
#[server(prefix = "/ask", endpoint = "logistic_unit", input = GetUrl)]
pub async fn ask_logistic_unit(
    /// The key.
    key: String,
    /// The list to go on with; empty for the first rows of each.
    list: String,
    /// Its cursor; empty for the first rows.
    after: String,
) -> Result<UnitView, AppError> {
    use crate::request::{ask, found, reader};
    let (request, reader) = reader(domain::person::Role::reads_records)?;
    found(request.ledger.logistic_unit(&reader, &key, &ask(list, after)).await)
}

/// The page.
#[component]
pub fn LogisticUnitPage() -> impl IntoView {
    let (key, turned) = (param("key"), turned());
    let view = Resource::new(
        move || (key.get(), turned.get()),
        |(key, turned)| ask_logistic_unit(key, turned.list, turned.after),
    );
    loaded(view, move |view| shown(view, turned.get_untracked()))
}

fn shown(unit: UnitView, turned: Turned) -> impl IntoView {
    // A carton holds pieces and no cartons, so the question is not even asked of it.
    let holds_units = unit.card.level != Some(Level::Carton) || unit.units.total > 0;
    let foot = pager("units", &unit.units, &turned);
    let units = holds_units.then(|| {
        view! {
            <Section id="units" title=UNITS count=unit.units.total>
                <UnitList units=unit.units.rows none=NO_UNIT/>
                {foot}
            </Section>
        }
    });
    let batches = unit.card.batches.clone();
    let parts = view! {
        <Section id="batches" title=BATCHES count=batches.len() as u64>
            <BatchList batches none=NO_BATCH/>
        </Section>
        {units}
    };
    view! { <SubjectPage card=unit.card parts=parts.into_any() timeline=unit.timeline turned/> }
}
