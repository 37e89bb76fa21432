//! The label of one carton, put together from its symbols: what it says, and where it contradicts itself.

use super::{mode::Mode, view::View};
use crate::{
    here::{lang, tr},
    parts::{
        icon::{Glyph, Icon},
        notice::{Notice, Tone},
    },
};
use domain::{
    code::{Element, Label},
    text::{Lang, Text, text},
};
use leptos::prelude::*;

const HEADING: Text = text("This label", "此标签");
const LOOK_UP: Text = text("Look up this label", "查询此标签");
const START_OVER: Text = text("Start over", "重新开始");
const INSIDE: Text = text("Same trade item, other packaging level", "同一商品的其他包装级别");
const OTHER: Text = text("Other text", "其他文本");

/// What an identifier stands for, where there is a word for it.
const fn word(ai: &str) -> Option<Text> {
    Some(match ai.as_bytes() {
        b"00" => text("Carton or pallet (SSCC)", "箱或托盘（SSCC）"),
        b"01" => text("Trade item (GTIN)", "商品（GTIN）"),
        b"02" => text("Contents (GTIN)", "内装商品（GTIN）"),
        b"10" => text("Lot", "批号"),
        b"11" => text("Produced", "生产日期"),
        b"15" => text("Best before", "最佳食用期"),
        b"17" => text("Use by", "有效期至"),
        b"21" => text("Serial number", "序列号"),
        b"37" => text("Count inside", "内装数量"),
        b"400" => text("Order", "订单号"),
        _ => return None,
    })
}

/// The name of an element: a word, its data title, or its identifier.
fn name(element: &Element, lang: Lang) -> String {
    match (word(&element.ai), element.title) {
        (Some(word), _) => word.get(lang).to_string(),
        (None, "") => format!("({})", element.ai),
        (None, title) => title.to_string(),
    }
}

/// The panel; nothing outside of [`Mode::Label`] and before the first symbol.
#[component]
pub fn LabelPanel(
    /// The state.
    view: View,
) -> impl IntoView {
    let lang = lang();
    let label = Memo::new(move |_| view.label.with(|codes| Label::of(codes)));
    let shows = move || view.mode.get() == Mode::Label && label.with(|label| !label.is_empty());
    let (heading, look_up, start_over) = (tr(HEADING), tr(LOOK_UP), tr(START_OVER));
    let row = |name: &str, value: String| {
        let class = (value.chars().count() > 12).then_some("long");
        view! { <div class=class><dt>{name.to_string()}</dt><dd translate="no">{value}</dd></div> }
    };
    let rows = move || {
        label.with(|label| {
            let elements =
                label.elements.iter().map(|element| row(&name(element, lang), element.value.clone()));
            let levels = label.levels.iter().map(|gtin| row(INSIDE.get(lang), gtin.clone()));
            let texts = label.texts.iter().map(|text| row(OTHER.get(lang), text.clone()));
            elements.chain(levels).chain(texts).collect_view()
        })
    };
    let notices = move || {
        let label = label.get();
        let stops = label.contradictions.iter().map(|contradiction| {
            let said = contradiction.said().get(lang).to_string();
            view! { <Notice tone=Tone::Stop><p>{said}</p></Notice> }
        });
        let missing = label.incomplete.filter(|_| label.contradictions.is_empty()).map(|error| {
            let said = error.said().get(lang).to_string();
            view! { <Notice tone=Tone::Look><p>{said}</p></Notice> }
        });
        view! { {stops.collect_view()}{missing} }
    };
    let take = move |_| {
        if let Some(code) = label.with_untracked(Label::code) {
            view.start_label();
            view.take(code, None);
        }
    };
    let contradicts = move || label.with(|label| label.code().is_none());
    view! {
        <Show when=shows>
            <section class="label-panel">
                <h2>{heading}</h2>
                <div aria-live="polite">{notices}</div>
                <dl class="facts">{rows}</dl>
                <div class="actions">
                    <button type="button" class="take" disabled=contradicts on:click=take>
                        <Icon glyph=Glyph::Arrow/>{look_up}
                    </button>
                    <button type="button" class="quiet" on:click=move |_| view.start_label()>{start_over}</button>
                </div>
            </section>
        </Show>
    }
    .into_any()
}
