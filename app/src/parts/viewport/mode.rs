//! Which of the codes in view count.

use super::view::View;
use crate::{browser::worker::Seen, here::tr};
use domain::text::{Text, text};
use leptos::prelude::*;

const WHICH: Text = text("Which codes count", "读取哪些条码");

/// Which of the codes in view count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Mode {
    /// Each one that comes into view.
    #[default]
    Each,
    /// Only the one in the middle: for a sheet of many codes.
    Aim,
    /// All of them together, as the label of one carton.
    Label,
}

impl Mode {
    /// Every mode, in the order of the switch.
    pub const ALL: [Mode; 3] = [Mode::Each, Mode::Aim, Mode::Label];

    /// The word that a device remembers.
    pub const fn word(self) -> &'static str {
        match self {
            Mode::Each => "each",
            Mode::Aim => "aim",
            Mode::Label => "label",
        }
    }

    /// The mode of a word; anything else is [`Mode::Each`].
    pub fn from_word(word: &str) -> Mode {
        Mode::ALL.into_iter().find(|mode| mode.word() == word).unwrap_or_default()
    }

    const fn title(self) -> Text {
        match self {
            Mode::Each => text("Each code", "逐个读取"),
            Mode::Aim => text("Aimed at", "仅读中间"),
            Mode::Label => text("Whole label", "整张标签"),
        }
    }

    /// What to do with the camera.
    pub const fn hint(self) -> Text {
        match self {
            Mode::Each => text("Hold a code in view", "将条码置于画面中"),
            Mode::Aim => text("Bring one code into the frame in the middle", "将一个条码对准中间的框"),
            Mode::Label => text("Show every symbol of one carton's label", "依次对准同一箱标签上的所有条码"),
        }
    }
}

/// Half of the frame in the middle, in parts of the picture's shorter side.
const REACH: (f32, f32) = (0.22, 0.14);

/// The symbol that is aimed at, by its place among those seen: one that reaches into the frame in the
/// middle, and of several the one whose middle is nearest. A code beside the one that is meant never
/// counts in its place while that cannot be read.
pub(super) fn aimed_at(seen: &[Seen], width: u32, height: u32) -> Option<usize> {
    let (across, down) = (width as f32 / 2.0, height as f32 / 2.0);
    let side = width.min(height) as f32;
    let within = |seen: &Seen| {
        let low = |pick: fn(&(f32, f32)) -> f32| seen.corners.iter().map(pick).fold(f32::MAX, f32::min);
        let high = |pick: fn(&(f32, f32)) -> f32| seen.corners.iter().map(pick).fold(f32::MIN, f32::max);
        let (x, y) = (|corner: &(f32, f32)| corner.0, |corner: &(f32, f32)| corner.1);
        let (reach_x, reach_y) = (REACH.0 * side, REACH.1 * side);
        low(x) < across + reach_x
            && high(x) > across - reach_x
            && low(y) < down + reach_y
            && high(y) > down - reach_y
    };
    let off = |seen: &Seen| {
        let (x, y) = seen.corners.iter().fold((0.0, 0.0), |sum, (x, y)| (sum.0 + x / 4.0, sum.1 + y / 4.0));
        (x - across).hypot(y - down)
    };
    let near = seen.iter().enumerate().filter(|(_, seen)| within(seen));
    near.min_by(|(_, one), (_, other)| off(one).total_cmp(&off(other))).map(|(at, _)| at)
}

/// The switch. Where codes go into a field, a whole label has no place.
#[component]
pub fn Modes(
    /// The state.
    view: View,
) -> impl IntoView {
    let offered = Mode::ALL.into_iter().filter(|mode| *mode != Mode::Label || !view.fills_a_field());
    let choices = offered.map(|mode| {
        view! {
            <button
                type="button"
                class="quiet"
                aria-pressed=move || (view.mode.get() == mode).to_string()
                on:click=move |_| view.set_mode(mode)
            >
                {tr(mode.title())}
            </button>
        }
    });
    view! {
        <div class="modes" role="group" aria-label=tr(WHICH)>
            {choices.collect_view()}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f32, y: f32) -> Seen {
        let corners =
            [(x - 40.0, y - 20.0), (x + 40.0, y - 20.0), (x + 40.0, y + 20.0), (x - 40.0, y + 20.0)];
        Seen { symbology: String::new(), identifier: String::new(), text: String::new(), corners }
    }

    #[test]
    fn only_the_code_in_the_middle_counts() {
        let sheet = [at(320.0, 60.0), at(330.0, 260.0), at(320.0, 300.0)];
        assert_eq!(aimed_at(&sheet, 640, 480), Some(1));
        assert_eq!(aimed_at(&sheet[..1], 640, 480), None, "a neighbour is not what was aimed at");
        assert_eq!(aimed_at(&[], 640, 480), None);
    }

    #[test]
    fn a_device_remembers_a_mode_by_its_word() {
        for mode in Mode::ALL {
            assert_eq!(Mode::from_word(mode.word()), mode);
        }
        assert_eq!(Mode::from_word("gone"), Mode::Each);
    }
}
