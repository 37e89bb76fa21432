//! How the page of a subject is laid out: what it is and whether to stop, what can be recorded about it,
//! then what it consists of beside its story. One column on a phone, two on a desk.

use crate::{
    here::tr,
    parts::{
        card::Card,
        discrepancy_list::DiscrepancyList,
        icon::{Glyph, Icon},
        offered::Offered,
        pager::{Turned, pager},
        receipt::Receipt,
        section::Section,
        timeline::Timeline,
    },
};
use domain::{
    text::{Text, text},
    view,
};
use leptos::prelude::*;
use leptos_meta::Title;

const BACK: Text = text("Find something else", "查找其他内容");
const DISCREPANCIES: Text = text("Discrepancies", "差异");
const STORY: Text = text("Timeline", "时间线");

/// The page of a subject.
#[component]
pub fn SubjectPage(
    /// What it is.
    card: view::Card,
    /// What it consists of: sections.
    parts: AnyView,
    /// Its story, the newest first.
    timeline: view::Page<view::TimelineEntry>,
    /// Where the reader stands in the page's lists.
    turned: Turned,
) -> impl IntoView {
    let subject = card.titled.subject.clone();
    let title = format!("{} · {}", card.titled.title, tr(subject.kind.title()));
    let discrepancies = card.discrepancies.clone();
    let discrepancies = (!discrepancies.is_empty()).then(|| {
        view! {
            <Section id="discrepancies" title=DISCREPANCIES count=discrepancies.len() as u64>
                <DiscrepancyList discrepancies/>
            </Section>
        }
    });
    let foot = pager("timeline", &timeline, &turned);
    view! {
        <Title text=title/>
        <div class="subject-page stack">
            <p class="back">
                <a href="/find"><Icon glyph=Glyph::Find/>{tr(BACK)}</a>
                <a class="to-story" href="#timeline"><Icon glyph=Glyph::Clock/>{tr(STORY)}</a>
            </p>
            <Receipt/>
            <div class="head">
                <Card card own_page=true/>
                <div class="stack">{discrepancies} <Offered subject/></div>
            </div>
            <div class="desk">
                <div class="stack">{parts}</div>
                <div class="stack story">
                    <Section id="timeline" title=STORY count=timeline.total>
                        <Timeline entries=timeline.rows/>
                        {foot}
                    </Section>
                </div>
            </div>
        </div>
    }
}
