//! What anybody who holds a product has to know first: whether to stop, and why.

use crate::{
    here::{said, tr},
    parts::icon::{Glyph, Icon},
};
use domain::text::{Said, Text, text};
use leptos::prelude::*;

const STOP: Text = text("Stop. Do not sell or use it.", "停止销售和使用。");
const STOP_HELP: Text = text(
    "Put it aside and tell the brand's contact. Keep the box and the code.",
    "请将其单独存放，并通知品牌方联系人。请保留包装和条码。",
);
const NOTICE: Text = text("Notice", "公告");
const NO_NOTICE: Text = text("There is no warning or recall for it here.", "此处没有该产品的警示或召回。");
const NO_CLEARANCE: Text = text(
    "That is what is on record today; it does not say that the product was cleared.",
    "以上仅为目前的记录，并不表示该产品已被确认不受影响。",
);

/// The verdict.
#[component]
pub fn Verdict(
    /// True where goods are to be taken off sale.
    stop_selling: bool,
    /// What the brand has to say about them.
    notice: Option<Said>,
) -> impl IntoView {
    let notice = notice.as_ref().map(said);
    match (stop_selling, notice) {
        (true, notice) => view! {
            <div class="verdict stop" role="alert">
                <Icon glyph=Glyph::Stop/>
                <div>
                    <p class="word">{tr(STOP)}</p>
                    {notice.map(|notice| view! { <p>{notice}</p> })}
                    <p>{tr(STOP_HELP)}</p>
                </div>
            </div>
        }
        .into_any(),
        (false, Some(notice)) => view! {
            <div class="verdict look" role="status">
                <Icon glyph=Glyph::Look/>
                <div><p class="word">{tr(NOTICE)}</p> <p>{notice}</p></div>
            </div>
        }
        .into_any(),
        // No tick: nothing has cleared it, there is only nothing against it.
        (false, None) => view! {
            <div class="verdict" role="status">
                <Icon glyph=Glyph::Item/>
                <div><p>{tr(NO_NOTICE)}</p> <p class="aside">{tr(NO_CLEARANCE)}</p></div>
            </div>
        }
        .into_any(),
    }
}
