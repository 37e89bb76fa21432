//! How a code is written at a packaging level (lock 1): a pattern that makes the code of a run, and tells
//! whether a code that was printed is one of these.
//!
//! Literal text, and places in braces: `{yy}` `{yyyy}` `{mm}` `{dd}` `{ww}` (ISO week) of the first day of the
//! run, `{line}`, `{shift}`, `{lot}` (the lot code on the product), and `{n}` with as many digits as there are
//! letters: `{nnn}` is 001 to 999.
//!
//! ```
//! use domain::plan::{Pattern, Run};
//! let pattern = Pattern::read("DG{yy}{ww}-{nn}").unwrap();
//! let run = Run { day: "2026-03-04", line: "3", shift: "A", lot: "", number: 7 };
//! assert_eq!(pattern.make(&run).unwrap(), "DG2610-07");
//! assert!(pattern.fits("DG2611-12", &run));
//! assert!(!pattern.fits("DG26117-1", &run));
//! ```

use crate::{
    refusal::Refusal,
    text::{Text, text},
};

/// A pattern that was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pattern(Vec<Part>);

#[derive(Clone, PartialEq, Eq, Debug)]
enum Part {
    Literal(String),
    /// Digits of the date: how many, and which.
    Date(&'static str),
    Line,
    Shift,
    Lot,
    Number(usize),
}

/// The run for which a code is made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Run<'a> {
    /// Its first day, `2026-03-04`.
    pub day: &'a str,
    /// Its line.
    pub line: &'a str,
    /// Its shift.
    pub shift: &'a str,
    /// The lot code on the product, for the levels further out.
    pub lot: &'a str,
    /// Which one it is where several share all of that.
    pub number: u64,
}

const DATES: &[&str] = &["yyyy", "yy", "mm", "dd", "ww"];

const UNKNOWN: Text = text(
    "“{{part}}” is no place of a code. There are: {yyyy} {yy} {mm} {dd} {ww} {line} {shift} {lot} {n}.",
    "“{{part}}”不是编码占位符。可用：{yyyy} {yy} {mm} {dd} {ww} {line} {shift} {lot} {n}。",
);
const OPEN: Text = text("A brace is not closed. Write braces in pairs.", "花括号不成对，请成对书写。");
const EMPTY: Text = text("The pattern is empty.", "编码规则为空。");

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// When it is empty, or a place in it is not one of those above.
    pub fn read(pattern: &str) -> Result<Pattern, Refusal> {
        let wrong = |said| Refusal::said("wrong_pattern", said);
        let (mut parts, mut rest) = (Vec::new(), pattern.trim());
        while !rest.is_empty() {
            let (literal, tail) = rest.split_once('{').unwrap_or((rest, ""));
            if literal.contains('}') {
                return Err(wrong(OPEN.said()));
            }
            if !literal.is_empty() {
                parts.push(Part::Literal(literal.into()));
            }
            if literal.len() == rest.len() {
                break;
            }
            let (place, after) = tail.split_once('}').ok_or_else(|| wrong(OPEN.said()))?;
            parts.push(
                Part::named(place).ok_or_else(|| wrong(UNKNOWN.with(&[("{part", &format!("{{{place}"))])))?,
            );
            rest = after;
        }
        match parts.is_empty() {
            true => Err(wrong(EMPTY.said())),
            false => Ok(Pattern(parts)),
        }
    }

    /// The code for a run; `None` where the run does not tell enough.
    pub fn make(&self, run: &Run<'_>) -> Option<String> {
        self.0.iter().map(|part| part.make(run)).collect()
    }

    /// True where the code could have been made by it. What the run tells must fit; what it leaves empty may
    /// be anything of the right shape.
    pub fn fits(&self, code: &str, run: &Run<'_>) -> bool {
        fits(&self.0, code, run)
    }
}

/// A pattern is short and its free parts few, so every way to cut the code is tried.
fn fits(parts: &[Part], code: &str, run: &Run<'_>) -> bool {
    let Some((part, rest)) = parts.split_first() else { return code.is_empty() };
    let digits = |n: usize| {
        code.get(..n).is_some_and(|s| s.bytes().all(|b| b.is_ascii_digit()))
            && code.get(n..).is_some_and(|tail| fits(rest, tail, run))
    };
    match part {
        // Which number it is within the day, or which week a run that goes over midnight is counted to, is
        // for the factory to say; its shape is agreed.
        Part::Number(n) => digits(*n),
        Part::Date(part) => digits(part.len()),
        Part::Literal(_) | Part::Line | Part::Shift | Part::Lot => match part.make(run) {
            Some(text) => code.strip_prefix(text.as_str()).is_some_and(|tail| fits(rest, tail, run)),
            // A lot code may hold any sign; a line or shift is a word.
            None => (1..=code.len()).filter(|n| code.is_char_boundary(*n)).any(|n| {
                let good = |c: char| c.is_alphanumeric() || matches!(part, Part::Lot) && !c.is_control();
                code[..n].chars().all(good) && fits(rest, &code[n..], run)
            }),
        },
    }
}

impl Part {
    fn named(place: &str) -> Option<Part> {
        if let Some(date) = DATES.iter().find(|date| **date == place) {
            return Some(Part::Date(date));
        }
        match place {
            "line" => Some(Part::Line),
            "shift" => Some(Part::Shift),
            "lot" => Some(Part::Lot),
            n if !n.is_empty() && n.len() <= 9 && n.bytes().all(|b| b == b'n') => Some(Part::Number(n.len())),
            _ => None,
        }
    }

    fn make(&self, run: &Run<'_>) -> Option<String> {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_string());
        match self {
            Part::Literal(text) => Some(text.clone()),
            Part::Line => given(run.line),
            Part::Shift => given(run.shift),
            Part::Lot => given(run.lot),
            Part::Number(digits) => {
                let text = format!("{:0digits$}", run.number);
                (text.len() == *digits).then_some(text)
            }
            Part::Date(part) => date(run.day, part),
        }
    }
}

fn date(day: &str, part: &str) -> Option<String> {
    let [year, month, of_month] = day.split('-').collect::<Vec<_>>()[..] else { return None };
    match part {
        "yyyy" => Some(year.into()),
        "yy" => year.get(2..).map(str::to_string),
        "mm" => Some(month.into()),
        "dd" => Some(of_month.into()),
        _ => Some(format!("{:02}", crate::time::iso_week(day)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RUN: Run<'_> = Run { day: "2026-01-01", line: "L3", shift: "B", lot: "T-7", number: 4 };

    #[test]
    fn c20_a_pattern_makes_the_code_of_a_run() {
        for (pattern, code) in [
            ("{yyyy}{mm}{dd}{shift}", "20260101B"),
            ("A{yy}{ww}/{nnn}", "A2601/004"),
            ("{lot}-C", "T-7-C"),
            ("fixed", "fixed"),
            ("批{line}", "批L3"),
        ] {
            let read = Pattern::read(pattern).expect("a pattern");
            assert_eq!(read.make(&RUN).as_deref(), Some(code), "{pattern}");
            assert!(read.fits(code, &RUN), "{pattern}");
        }
        let run = Run { number: 1000, ..RUN };
        assert_eq!(Pattern::read("{nnn}").expect("a pattern").make(&run), None);
    }

    #[test]
    fn c20_a_code_that_was_not_made_so_does_not_fit() {
        let fits = |pattern: &str, code: &str| Pattern::read(pattern).expect("a pattern").fits(code, &RUN);
        assert!(!fits("A{yy}-{nn}", "B26-04"));
        assert!(!fits("A{yy}-{nn}", "A26-4"));
        assert!(!fits("{lot}-C", "T-8-C"));
        assert!(Pattern::read("{lot}-{n}").expect("one").fits("X9-4", &Run { lot: "", ..RUN }));
        for bad in ["", "{", "a}", "{nope}", "{nnnnnnnnnn}"] {
            assert_eq!(Pattern::read(bad).expect_err("refused").reason, "wrong_pattern", "{bad}");
        }
        let said = Pattern::read("{nope}").expect_err("refused").said.en;
        assert!(said.starts_with("“{nope}” is no place"), "{said}");
    }

    proptest! {
        #[test]
        fn what_a_pattern_makes_fits_it(pattern in "(\\{(yy|mm|dd|ww|line|shift|lot|n|nn)\\}|[A-Z-]){1,8}", n in 0_u64..9) {
            let run = Run { number: n, ..RUN };
            let read = Pattern::read(&pattern).expect("a pattern");
            let code = read.make(&run).expect("enough is told");
            prop_assert!(read.fits(&code, &run));
        }
    }
}
