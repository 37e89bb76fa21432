//! Dates in codes: the century of two-digit years, and days that are not given.

use serde::{Deserialize, Serialize};

use super::rule::{days_in_month, number};

/// A date in a code, with the time of day where the code has one.
///
/// Day 00 means "day not given" (General Specifications, section 3.4): show it as a month.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct CodeDate {
    /// Four-digit year.
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31, or absent when the code gives none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<u8>,
    /// Hour and minute, where the code has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<(u8, u8)>,
}

impl std::fmt::Display for CodeDate {
    /// `2026-11-23`, or `2026-11` without a day, with ` 14:30` behind it when there is a time.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)?;
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        match self.time {
            Some((hour, minute)) => write!(f, " {hour:02}:{minute:02}"),
            None => Ok(()),
        }
    }
}

/// The four-digit year of a two-digit one, as seen from the present year: never more than 49 years back
/// nor 50 ahead (General Specifications, section 7.12).
///
/// ```
/// use domain::code::full_year;
/// assert_eq!((full_year(76, 2026), full_year(77, 2026)), (2076, 1977));
/// ```
pub fn full_year(two_digits: u8, present: i32) -> i32 {
    let difference = i32::from(two_digits) - present.rem_euclid(100);
    let century = present - present.rem_euclid(100)
        + match difference {
            51.. => -100,
            ..=-50 => 100,
            _ => 0,
        };
    century + i32::from(two_digits)
}

/// The date in the value of an identifier that holds one, when the century is known or not needed. For a
/// span (7007, harvest) it is the first day.
pub(super) fn date_in(ai: &str, value: &str, present: Option<i32>) -> Option<CodeDate> {
    let digits = value.as_bytes();
    let (width, timed) = match ai {
        "11" | "12" | "13" | "15" | "16" | "17" | "4326" | "7006" | "7007" => (2, false),
        "4324" | "4325" | "7003" | "7011" | "8008" => (2, true),
        "7250" => (4, false),
        "7251" => (4, true),
        _ => return None,
    };
    let part = |from: usize, length: usize| {
        digits.get(from..from + length).filter(|part| part.iter().all(u8::is_ascii_digit)).map(number)
    };
    let two = |from| part(from, 2).map(|value| value as u8);
    let year = match width {
        2 => full_year(two(0)?, present?),
        _ => part(0, 4)? as i32,
    };
    let (month, day) = (two(width)?, two(width + 2)?);
    if day > days_in_month(year, month)? {
        return None;
    }
    // Delivery times are given as 9999 when only the day counts; a production time may stop at the hour.
    let clock = (two(width + 4), two(width + 6));
    let time = match clock {
        (Some(hour), minute) if timed && hour < 24 => Some((hour, minute.unwrap_or(0))),
        _ => None,
    };
    Some(CodeDate { year, month, day: (day > 0).then_some(day), time })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_century_slides_with_the_present_year() {
        assert_eq!(full_year(0, 2026), 2000);
        assert_eq!(full_year(76, 2026), 2076);
        assert_eq!(full_year(77, 2026), 1977);
        assert_eq!(full_year(99, 2026), 1999);
        assert_eq!(full_year(10, 2060), 2110);
        assert_eq!(full_year(11, 2060), 2011);
    }

    #[test]
    fn the_first_years_of_a_century_keep_their_zero() {
        assert_eq!(full_year(1, 2026), 2001);
        assert_eq!(full_year(9, 2008), 2009);
        assert_eq!(full_year(59, 2009), 2059);
        assert_eq!(full_year(60, 2009), 1960);
    }

    #[test]
    fn day_00_is_a_month() {
        let date = date_in("17", "270200", Some(2026)).expect("a date");
        assert_eq!((date.to_string().as_str(), date.day), ("2027-02", None));
    }

    #[test]
    fn a_time_of_day_is_kept_and_an_unknown_century_is_not_guessed() {
        let date = date_in("8008", "261123143059", Some(2026)).expect("a date");
        assert_eq!(date.to_string(), "2026-11-23 14:30");
        assert_eq!(date_in("11", "261123", None), None);
        assert_eq!(date_in("7250", "19991231", None).expect("a date").to_string(), "1999-12-31");
        assert_eq!(date_in("11", "000229", Some(2099)), None);
    }
}
