//! How alike two lot codes are: grounds for a proposal, never for a decision (C49).

use crate::text::{Said, Text, text};

const SIGNS: Text = text("The same but for spaces, signs and case", "仅空格、符号或大小写不同");
const PART: Text = text("One stands within the other", "其中一个包含另一个");
const MISREAD: Text = text("Differs by {n} characters", "相差 {n} 个字符");

/// Why two codes may mean the same; nothing where they are not alike. Compared without spaces, signs and case;
/// short codes have to be the same, for they are like many.
pub fn of(one: &str, other: &str) -> Option<Said> {
    let (one, other) = (folded(one), folded(other));
    let shortest = one.len().min(other.len());
    if one == other && !one.is_empty() {
        return Some(SIGNS.said());
    }
    if shortest >= 4 {
        let (short, long) = if one.len() < other.len() { (&one, &other) } else { (&other, &one) };
        if contains(long, short) {
            return Some(PART.said());
        }
    }
    let most = match shortest {
        0..=4 => return None,
        5..=7 => 1,
        _ => 2,
    };
    let n = distance(&one, &other);
    (n <= most).then(|| MISREAD.with(&[("n", &n.to_string())]))
}

fn folded(code: &str) -> Vec<char> {
    let letters = code.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase);
    // What a thumb or a worn print takes for the other.
    letters
        .map(|c| match c {
            'O' => '0',
            'I' | 'L' => '1',
            'S' => '5',
            'B' => '8',
            other => other,
        })
        .collect()
}

fn contains(long: &[char], short: &[char]) -> bool {
    long.windows(short.len().max(1)).any(|part| part == short)
}

/// Characters put in, left out, changed, or two neighbours swapped.
fn distance(one: &[char], other: &[char]) -> usize {
    let width = other.len() + 1;
    let mut before: Vec<usize> = vec![0; width];
    let mut last: Vec<usize> = (0..width).collect();
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1; width];
        for (j, b) in other.iter().enumerate() {
            let changed = last[j] + usize::from(a != b);
            row[j + 1] = changed.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                row[j + 1] = row[j + 1].min(before[j - 1] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[width - 1]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn c49_lot_codes_that_may_mean_the_same_are_told_with_the_grounds() {
        for (one, other, alike) in [
            ("DG-2625 8B", "dg26258b", true),
            ("DG262588", "DG26258B", true),
            ("2625-8", "DG26258B", true),
            ("DG26285B", "DG26258B", true),
            ("A0617", "A0618", true),
            ("A061", "A062", false),
            ("DG26258B", "HP11903C", false),
            ("", "", false),
        ] {
            assert_eq!(of(one, other).is_some(), alike, "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn likeness_is_mutual(one in "[A-Z0-9 -]{0,12}", other in "[A-Z0-9 -]{0,12}") {
            prop_assert_eq!(of(&one, &other), of(&other, &one));
        }
    }
}
