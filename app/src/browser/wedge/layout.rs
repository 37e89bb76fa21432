//! A scanner types on a keyboard of its own: where its layout is not the device's, other characters
//! arrive than were scanned. What the check digits prove is mended, what they do not is told.

use domain::{
    code::{self, How, NoteKind},
    text::{Said, Text, text},
};

/// A code from a hand scanner or a paste.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heard {
    /// The code.
    pub code: String,
    /// Why it may be another one than was scanned.
    pub doubt: Option<Said>,
}

const DOUBT: Text = text(
    "The hand scanner and this device have different keyboard layouts: {typed} arrived, and {placed} may have been scanned. Compare with the label, and set both to the same layout.",
    "扫码枪与此设备的键盘布局不同：收到 {typed}，实际扫描的可能是 {placed}。请与标签核对，并将两者设为相同布局。",
);

/// What was scanned, from the characters that arrived and the keys as a US keyboard has them, which is
/// how scanners leave the factory.
///
/// Characters that read as a code with check digits stand. Where they do not and the keys do, the keys
/// are what was scanned: check digits do not fit by chance. Anything else stays as it arrived, and is
/// doubted where it holds letters that no barcode of a label has and the keys do not.
pub(super) fn settle(typed: String, placed: Option<String>) -> Heard {
    let Some(placed) = placed.filter(|placed| *placed != typed) else {
        return Heard { code: typed, doubt: None };
    };
    if is_proven(&typed) {
        return Heard { code: typed, doubt: None };
    }
    if is_proven(&placed) {
        return Heard { code: placed, doubt: None };
    }
    let doubt = (!typed.is_ascii() && placed.is_ascii())
        .then(|| DOUBT.with(&[("typed", &typed), ("placed", &placed)]));
    Heard { code: typed, doubt }
}

/// Whether check digits say that this was read right.
fn is_proven(text: &str) -> bool {
    let Ok(code) = code::read(None, text.as_bytes()) else { return false };
    let has_key = ["00", "01", "02"].iter().any(|ai| code.value(ai).is_some());
    code.how != How::Text
        && has_key
        && !code.notes.iter().any(|note| note.kind == NoteKind::CheckDigitDiffers)
}

/// The character that a key has on a US keyboard, by its place (UI Events `code`).
pub(super) fn physical(code: &str, shift: bool) -> Option<char> {
    if let Some(letter) = code.strip_prefix("Key").and_then(|letter| letter.chars().next()) {
        return Some(if shift { letter } else { letter.to_ascii_lowercase() });
    }
    if let Some(digit) = code.strip_prefix("Digit").and_then(|digit| digit.chars().next()) {
        const SHIFTED: [char; 10] = [')', '!', '@', '#', '$', '%', '^', '&', '*', '('];
        let at = digit.to_digit(10)? as usize;
        return if shift { SHIFTED.get(at).copied() } else { Some(digit) };
    }
    if let Some(digit) = code.strip_prefix("Numpad").filter(|rest| rest.len() == 1) {
        return digit.chars().next();
    }
    let (plain, shifted) = match code {
        "Minus" => ('-', '_'),
        "Equal" => ('=', '+'),
        "BracketLeft" => ('[', '{'),
        "BracketRight" => (']', '}'),
        "Backslash" => ('\\', '|'),
        "Semicolon" => (';', ':'),
        "Quote" => ('\'', '"'),
        "Backquote" => ('`', '~'),
        "Comma" => (',', '<'),
        "Period" => ('.', '>'),
        "Slash" => ('/', '?'),
        "Space" => (' ', ' '),
        _ => return None,
    };
    Some(if shift { shifted } else { plain })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_a_french_keyboard_are_mended_by_their_check_digit() {
        // 9506000134352 without Shift on a French keyboard.
        let heard = settle("ç(àèààà&\"'\"(é".into(), Some("9506000134352".into()));
        assert_eq!(heard, Heard { code: "9506000134352".into(), doubt: None });
        let wrong = settle("ç(àèààà&\"'\"(\"".into(), Some("9506000134353".into()));
        assert_eq!(wrong.code, "ç(àèààà&\"'\"(\"", "nothing proves these digits");
        assert!(wrong.doubt.is_some_and(|said| said.en.contains("9506000134353")));
    }

    #[test]
    fn brackets_of_a_german_keyboard_are_mended_and_a_lot_code_is_doubted() {
        let scanned = "(00)095060001343520017";
        let heard = settle(")00=095060001343520017".into(), Some(scanned.into()));
        assert_eq!(heard, Heard { code: scanned.into(), doubt: None });
        let lot = settle("LOTß1".into(), Some("LOT-1".into()));
        assert_eq!(lot.code, "LOTß1");
        assert!(lot.doubt.is_some_and(|said| said.en.contains("LOT-1") && said.zh.contains("LOT-1")));
    }

    #[test]
    fn what_reads_right_is_left_alone_and_so_is_what_cannot_be_known() {
        let right = "9506000134352".to_string();
        assert_eq!(settle(right.clone(), Some("ABC".into())), Heard { code: right, doubt: None });
        // A lot code with Y and Z changed over looks like any other.
        assert_eq!(settle("LOT-Y".into(), Some("LOT-Z".into())), Heard { code: "LOT-Y".into(), doubt: None });
        assert_eq!(settle("批次1".into(), None), Heard { code: "批次1".into(), doubt: None });
    }

    #[test]
    fn keys_have_their_us_characters() {
        let told: String =
            [("KeyA", true), ("KeyA", false), ("Digit9", true), ("Numpad7", false), ("Minus", false)]
                .into_iter()
                .filter_map(|(code, shift)| physical(code, shift))
                .collect();
        assert_eq!(told, "Aa(7-");
        assert_eq!(physical("Enter", false), None);
        assert_eq!(physical("", false), None);
    }
}
