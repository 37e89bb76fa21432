//! Keys that come one after the other, told from a hand by how fast.

use super::layout::{Heard, physical, settle};

/// The group separator of GS1 element strings. Scanners send it as Ctrl+] (its place in ASCII).
const GROUP_SEPARATOR: char = '\u{1d}';
/// Milliseconds between two keys of a burst. A fast typist needs about 80, a slow scanner 20.
const MOST_BETWEEN: f64 = 50.0;
/// Shorter bursts are keys that fell together.
const FEWEST_KEYS: usize = 4;
/// Without a key that ends it, more is asked for: no hand types so many so fast.
const FEWEST_UNENDED: usize = 8;
const MOST_BETWEEN_UNENDED: f64 = 30.0;

/// What a key press stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Key {
    /// A character.
    Letter(char),
    /// A digit of the number pad with Alt held: three or four of them are the number of a character.
    AltDigit(u32),
    /// FNC1, or the separator that stands for it.
    Separator,
    /// Enter, Tab or what a scanner sends for them.
    End,
    /// Start and end of text, as some scanners put them round a code.
    Frame,
    /// Shift and the like.
    Other,
}

/// The keys of a burst.
#[derive(Default, Debug)]
pub(super) struct Burst {
    text: String,
    /// The same keys as a US keyboard would have them; `None` once a key tells no place.
    placed: Option<String>,
    alt: Option<u32>,
    last: f64,
    longest_gap: f64,
    /// Keys since the page was opened.
    keys: u32,
}

impl Burst {
    /// A key goes down; the code, where it ends one.
    pub(super) fn press(&mut self, key: &Key, code: &str, shift: bool, at: f64) -> Option<Heard> {
        match key {
            Key::Letter(letter) => self.letter(*letter, physical(code, shift), at),
            Key::Separator => self.letter(GROUP_SEPARATOR, Some(GROUP_SEPARATOR), at),
            Key::AltDigit(digit) => {
                self.alt = Some(self.alt.unwrap_or(0).saturating_mul(10).saturating_add(*digit));
            }
            Key::End => {
                let fast = at - self.last <= MOST_BETWEEN;
                self.keys = self.keys.wrapping_add(1);
                let (text, placed) = self.clear();
                return (fast && text.chars().count() >= FEWEST_KEYS).then(|| settle(text, placed));
            }
            Key::Frame | Key::Other => {}
        }
        None
    }

    /// Alt goes up: the digits typed meanwhile were one character.
    pub(super) fn lift_alt(&mut self, at: f64) {
        let letter = self.alt.take().filter(|number| *number < 256).and_then(char::from_u32);
        if let Some(letter) = letter {
            self.letter(letter, Some(letter), at);
        }
    }

    /// Whether this may be a code that nothing ends.
    pub(super) fn may_end_in_silence(&self) -> bool {
        self.text.chars().count() >= FEWEST_UNENDED && self.longest_gap <= MOST_BETWEEN_UNENDED
    }

    /// The code, where nothing ended it.
    pub(super) fn take(&mut self) -> Option<Heard> {
        let is_code = self.may_end_in_silence();
        let (text, placed) = self.clear();
        is_code.then(|| settle(text, placed))
    }

    /// Keys since the page was opened.
    pub(super) fn keys(&self) -> u32 {
        self.keys
    }

    fn letter(&mut self, letter: char, place: Option<char>, at: f64) {
        let gap = at - self.last;
        if gap > MOST_BETWEEN || self.text.is_empty() {
            self.clear();
            self.placed = Some(String::new());
        } else {
            self.longest_gap = self.longest_gap.max(gap);
        }
        self.placed = self.placed.take().zip(place).map(|(mut placed, place)| {
            placed.push(place);
            placed
        });
        self.text.push(letter);
        self.last = at;
        self.keys = self.keys.wrapping_add(1);
    }

    fn clear(&mut self) -> (String, Option<String>) {
        self.longest_gap = 0.0;
        self.alt = None;
        (std::mem::take(&mut self.text), self.placed.take())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Presses keys without a place, so many milliseconds apart.
    fn pressed(burst: &mut Burst, text: &str, mut at: f64, gap: f64) -> f64 {
        for letter in text.chars() {
            let key = if letter == GROUP_SEPARATOR { Key::Separator } else { Key::Letter(letter) };
            assert_eq!(burst.press(&key, "", false, at), None);
            at += gap;
        }
        at
    }

    fn typed(text: &str, gap: f64) -> Option<String> {
        let mut burst = Burst::default();
        let at = pressed(&mut burst, text, 1000.0, gap);
        burst.press(&Key::End, "Enter", false, at).map(|heard| heard.code)
    }

    #[test]
    fn a_scanner_is_told_from_a_hand() {
        assert_eq!(typed("0109506000134352\u{1d}10A", 8.0).as_deref(), Some("0109506000134352\u{1d}10A"));
        assert_eq!(typed("0109506000134352", 120.0), None);
        assert_eq!(typed("abc", 8.0), None);
    }

    #[test]
    fn what_was_typed_before_a_burst_is_no_part_of_it() {
        let mut burst = Burst::default();
        pressed(&mut burst, "x", 0.0, 1.0);
        let at = pressed(&mut burst, "40063813", 900.0, 5.0);
        let heard = burst.press(&Key::End, "Enter", false, at).expect("is a code");
        assert_eq!(heard.code, "40063813");
    }

    #[test]
    fn a_code_that_nothing_ends_is_over_when_the_keys_are() {
        let mut burst = Burst::default();
        pressed(&mut burst, "9506000134352", 0.0, 8.0);
        assert!(burst.may_end_in_silence());
        assert_eq!(burst.take().map(|heard| heard.code).as_deref(), Some("9506000134352"));
        assert_eq!(burst.take(), None, "it is taken once");
        pressed(&mut burst, "950600", 500.0, 8.0);
        assert!(!burst.may_end_in_silence(), "too short");
        pressed(&mut burst, "9506000134352", 2000.0, 40.0);
        assert!(!burst.may_end_in_silence(), "too slow");
    }

    #[test]
    fn a_separator_typed_by_its_number_is_one() {
        let mut burst = Burst::default();
        let mut at = pressed(&mut burst, "0109506000134352", 0.0, 5.0);
        at = pressed(&mut burst, "10LOT-1", at, 5.0);
        for digit in [0, 0, 2, 9] {
            burst.press(&Key::AltDigit(digit), "Numpad0", false, at);
            at += 2.0;
        }
        burst.lift_alt(at);
        at = pressed(&mut burst, "21S1", at + 2.0, 5.0);
        let heard = burst.press(&Key::End, "Enter", false, at).expect("is a code");
        assert_eq!(heard.code, "010950600013435210LOT-1\u{1d}21S1");
    }
}
