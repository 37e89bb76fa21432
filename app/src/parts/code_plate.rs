//! The code plate: a code as it stands on the goods, set so that two codes can be compared by eye.
//!
//! Long runs of digits are grouped as people read them aloud; the groups are spaced by style alone, so
//! a copied code is the code.

use leptos::prelude::*;

/// A code.
#[component]
pub fn CodePlate(
    /// The code as read: `(00)095060001343520017`.
    #[prop(into)]
    code: String,
    /// Smaller, inside running text and tables.
    #[prop(optional)]
    inline: bool,
    /// Struck through: it was taken off.
    #[prop(optional)]
    former: bool,
) -> impl IntoView {
    let mut class = String::from("code-plate");
    if inline {
        class.push_str(" inline");
    }
    if former {
        class.push_str(" former");
    }
    let parts: Vec<_> =
        parts(&code).into_iter().map(|(kind, text)| view! { <span class=kind>{text}</span> }).collect();
    view! { <code class=class translate="no">{parts}</code> }
}

/// The code's parts with their class: application identifiers, groups of digits, other text.
fn parts(code: &str) -> Vec<(&'static str, String)> {
    let mut out = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let identifier = rest.find(')').filter(|end| {
            let digits = rest.get(1..*end).unwrap_or_default();
            first == '(' && (2..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
        });
        if let Some(end) = identifier {
            let (part, after) = rest.split_at(end + 1);
            out.push(("identifier", part.to_string()));
            rest = after;
            continue;
        }
        let digits = first.is_ascii_digit();
        let end = rest
            .char_indices()
            .skip(1)
            .find(|(_, c)| *c == '(' || c.is_ascii_digit() != digits)
            .map_or(rest.len(), |(at, _)| at);
        let (part, after) = rest.split_at(end);
        if digits && part.len() > LONGEST_GROUP {
            out.extend(groups(part).into_iter().map(|group| ("group", group.to_string())));
        } else {
            out.push(("run", part.to_string()));
        }
        rest = after;
    }
    out
}

/// Digits up to here are taken in at a glance.
const LONGEST_GROUP: usize = 6;

/// Groups of four from the end, so that the check digit's group is always whole.
fn groups(digits: &str) -> Vec<&str> {
    let first = match digits.len() % 4 {
        0 => 4,
        // A lone first digit reads as part of the next group.
        1 => 5,
        n => n,
    };
    let mut out = Vec::new();
    let (mut head, mut rest) = digits.split_at(first.min(digits.len()));
    while !head.is_empty() {
        out.push(head);
        (head, rest) = rest.split_at(4.min(rest.len()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plate_shows_the_code_and_nothing_else() {
        for code in [
            "(00)095060001343520017",
            "(01)09506000134352(10)ABC-123456789",
            "CTN 12/批",
            "()(1)((10)",
            "4006381333931",
        ] {
            let shown: String = parts(code).into_iter().map(|(_, text)| text).collect();
            assert_eq!(shown, code);
        }
    }

    #[test]
    fn digits_stand_in_groups_from_the_end() {
        assert_eq!(groups("095060001343520017"), ["09", "5060", "0013", "4352", "0017"]);
        assert_eq!(groups("4006381333931"), ["40063", "8133", "3931"]);
        assert_eq!(groups("1234567"), ["123", "4567"]);
        let kinds: Vec<_> = parts("(10)A1").into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, ["identifier", "run", "run"]);
    }
}
