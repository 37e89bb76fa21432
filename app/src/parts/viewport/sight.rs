//! What is seen now: outlines over the picture, and in words what each code is, before anything is done
//! with it.

use super::{mode::Mode, view::View};
use crate::{
    browser::worker::Seen,
    here::lang,
    parts::{
        code_plate::CodePlate,
        icon::{Glyph, Icon},
        notice::Tone,
    },
};
use domain::{
    code::Code,
    text::{Said, Text, text},
};
use leptos::prelude::*;

/// What is seen in one frame.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Sight {
    /// Pixels across the frame.
    pub(super) width: u32,
    /// Pixels down the frame.
    pub(super) height: u32,
    /// The symbols.
    pub(super) marks: Vec<Mark>,
}

/// A symbol that is seen.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Mark {
    /// Its outline in pixels of the frame.
    pub(super) points: String,
    /// Whether it counts; one beside the middle does not while aiming.
    pub(super) counts: bool,
    /// The code as a person reads it.
    pub(super) label: String,
    /// What kind of code it is.
    pub(super) kind: Text,
    /// What the ledger said of it, if it was asked.
    pub(super) known: Option<(Tone, Said)>,
    /// Whether it was taken before it came into view this time.
    pub(super) again: bool,
}

impl Mark {
    fn tone(&self) -> Tone {
        self.known.as_ref().map_or(Tone::Plain, |(tone, _)| *tone)
    }
}

/// What kind of thing a code names.
pub(super) fn kind_of(code: Option<&Code>) -> Text {
    const UNIT: Text = text("Carton or pallet (SSCC)", "箱或托盘（SSCC）");
    const PIECE: Text = text("One piece of a trade item", "商品单件");
    const LOT: Text = text("Lot of a trade item", "商品批次");
    const ITEM: Text = text("Trade item (GTIN)", "商品（GTIN）");
    const PART: Text = text("Part of a label", "标签的一部分");
    const PLAIN: Text = text("Text or number", "文本或编号");
    const DAMAGED: Text = text("Cannot be read as a code", "无法识别为条码");
    let Some(code) = code else { return DAMAGED };
    let has = |ai: &str| code.value(ai).is_some();
    let item = has("01") || has("02");
    match () {
        _ if has("00") => UNIT,
        _ if item && has("21") => PIECE,
        _ if item && has("10") => LOT,
        _ if item => ITEM,
        _ if !code.elements.is_empty() => PART,
        _ => PLAIN,
    }
}

/// The corners as an SVG polygon has them: one after the other round the middle, in whichever order the
/// symbology tells them.
pub(super) fn outline(seen: &Seen) -> String {
    let middle = seen.corners.iter().fold((0.0, 0.0), |sum, (x, y)| (sum.0 + x / 4.0, sum.1 + y / 4.0));
    let angle = |(x, y): &(f32, f32)| (y - middle.1).atan2(x - middle.0);
    let mut corners = seen.corners;
    corners.sort_by(|a, b| angle(a).total_cmp(&angle(b)));
    corners.iter().map(|(x, y)| format!("{x:.0},{y:.0}")).collect::<Vec<_>>().join(" ")
}

/// Outlines of what is seen, over the picture.
#[component]
pub fn Marks(
    /// The state.
    view: View,
) -> impl IntoView {
    let sight = view.sight;
    // The same cut as the video's `object-fit: cover`.
    view! {
        <svg
            class="outlines"
            viewBox=move || sight.with(|o| format!("0 0 {} {}", o.width.max(1), o.height.max(1)))
            preserveAspectRatio="xMidYMid slice"
            aria-hidden="true"
        >
            {move || sight.with(|sight| {
                sight.marks.iter().map(|mark| {
                    let class = if mark.counts { mark.tone().word() } else { "aside" };
                    view! { <polygon class=class points=mark.points.clone()></polygon> }
                }).collect_view()
            })}
        </svg>
    }
    .into_any()
}

/// What is seen, in words: its kind, the code, and what the ledger says of it.
#[component]
pub fn Means(
    /// The state.
    view: View,
) -> impl IntoView {
    /// More would hide the picture.
    const MOST: usize = 3;
    const AGAIN: Text = text("scanned before", "已扫描过");
    let lang = lang();
    // The words change only when what is in view does, not with every frame.
    let counted = Memo::new(move |_| {
        if view.mode.get() == Mode::Label {
            // The panel below tells it, with what the other symbols say.
            return Vec::new();
        }
        view.sight.with(|sight| {
            let marks = sight.marks.iter().filter(|mark| mark.counts).take(MOST);
            marks.map(|mark| Mark { points: String::new(), ..mark.clone() }).collect::<Vec<_>>()
        })
    });
    let line = move |mark: Mark| {
        let (glyph, words) = match &mark.known {
            Some((tone, said)) => (tone.glyph(), said.get(lang).to_string()),
            None => (Glyph::Scan, mark.kind.get(lang).to_string()),
        };
        let again = mark.again.then(|| view! { <span class="again">{AGAIN.get(lang)}</span> });
        let tone = mark.tone().word();
        view! {
            <li class=tone>
                <Icon glyph/>
                <span class="what">{words}</span>
                {again}
                <CodePlate code=mark.label inline=true/>
            </li>
        }
    };
    view! { <ul class="means">{move || counted.get().into_iter().map(line).collect_view()}</ul> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outline_never_crosses_itself() {
        let corners = [(0.0, 0.0), (10.0, 0.0), (0.0, 10.0), (10.0, 10.0)];
        let seen = |corners| Seen {
            symbology: String::new(),
            identifier: String::new(),
            text: String::new(),
            corners,
        };
        assert_eq!(outline(&seen(corners)), "0,0 10,0 10,10 0,10");
        assert_eq!(outline(&seen([corners[0], corners[1], corners[3], corners[2]])), "0,0 10,0 10,10 0,10");
    }

    #[test]
    fn a_code_is_told_by_the_most_it_names() {
        let kind = |text: &str| kind_of(domain::code::read(None, text.as_bytes()).ok().as_ref()).en;
        assert!(kind("(00)095060001343520017(02)09506000134352(37)24").contains("SSCC"));
        assert!(kind("(01)09506000134352(10)LOT-7").contains("Lot"));
        assert!(kind("(01)09506000134352(21)7").contains("piece"));
        assert!(kind("9506000134352").contains("GTIN"));
        assert!(kind("(10)LOT-7").contains("Part"));
        assert!(kind("KA-17").contains("Text"));
        assert!(kind("(01)12").contains("Cannot"));
    }
}
