//! How far a revision of a trace plan has come.

use crate::{
    here::{href, said, tr},
    parts::icon::{Glyph, Icon},
};
use domain::{
    plan::{Party, PlanStatus},
    text::{Said, Text, text},
    view::PlanLine,
};
use leptos::prelude::*;

const DRAFTED: Text = text("Drafted: nobody has accepted it", "已起草：尚无人确认");
const BY_BUYER: Text = text("Accepted by the buyer; the factory has not yet", "买方已确认，工厂尚未确认");
const BY_FACTORY: Text = text("Accepted by the factory; the buyer has not yet", "工厂已确认，买方尚未确认");
const LOCKED: Text = text("Locked: accepted by both", "已锁定：双方确认");
const REVISION: Text = text("Revision {n}", "版本 {n}");

/// The words for a status.
pub const fn status_word(status: PlanStatus) -> Text {
    match status {
        PlanStatus::Drafted => DRAFTED,
        PlanStatus::AcceptedBy(Party::Buyer) => BY_BUYER,
        PlanStatus::AcceptedBy(Party::Factory) => BY_FACTORY,
        PlanStatus::Locked => LOCKED,
    }
}

/// A revision's number, in words.
pub fn revision(n: u64) -> Said {
    REVISION.with(&[("n", &n.to_string())])
}

/// A status, by shape and word.
#[component]
pub fn PlanBadge(
    /// Which.
    status: PlanStatus,
) -> impl IntoView {
    let (class, glyph) = match status {
        PlanStatus::Locked => ("plan-badge locked", Glyph::Check),
        _ => ("plan-badge", Glyph::Look),
    };
    view! { <span class=class><Icon glyph/>{tr(status_word(status))}</span> }
}

/// Trace plans in a list, each with its latest revision.
#[component]
pub fn PlanList(
    /// The plans.
    plans: Vec<PlanLine>,
) -> impl IntoView {
    let plans: Vec<_> = plans
        .into_iter()
        .map(|line| {
            view! {
                <li>
                    <a class="name" href=href(&line.plan.subject)><Icon glyph=Glyph::Plan/>{line.plan.title}</a>
                    <span class="detail">{said(&line.plan.detail)} " · " {said(&revision(line.revision))}</span>
                    <PlanBadge status=line.status/>
                </li>
            }
        })
        .collect();
    view! { <ul class="line-list plan-list">{plans}</ul> }
}
