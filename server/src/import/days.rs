//! Days and times as people and spreadsheets write them. What could be two days is neither.

use domain::{
    import::DayOrder,
    text::{Said, Text, text},
};

/// The epoch that a workbook counts its days from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Epoch {
    /// Day 1 is 1 January 1900, and 1900 is taken for a leap year.
    #[default]
    From1900,
    /// Day 0 is 1 January 1904.
    From1904,
}

/// Why a value is no day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoDay {
    /// A short word for programs.
    pub reason: &'static str,
    /// What is wrong, and how to mend it.
    pub said: Said,
}

const NOT_A_DAY: Text =
    text("“{value}” is not a day. Write it as 2026-03-04.", "“{value}”不是日期，请写成 2026-03-04。");
const TWO_DAYS: Text = text(
    "“{value}” could be two days. Write it as 2026-03-04, or say in the mapping whether the day or the month comes first.",
    "“{value}”可能是两个日期。请写成 2026-03-04，或在列对应中说明先日后月还是先月后日。",
);
const NEVER_WAS: Text = text(
    "Day number {value} is 29 February 1900, which never was. Enter the date again.",
    "日期序号 {value} 对应 1900 年 2 月 29 日，该日不存在，请重新填写日期。",
);
const OUT_OF_RANGE: Text = text(
    "{value} is not the number of a day in a spreadsheet. Format the column as a date, and enter it again.",
    "{value} 不是电子表格的日期序号。请将该列设为日期格式后重新填写。",
);
const BARE_NUMBER: Text = text(
    "“{value}” is the number of a day, without the spreadsheet that would say which. Format the column as a date and export once more.",
    "“{value}”是电子表格的日期序号，脱离表格无法确定日期。请将该列设为日期格式后重新导出。",
);

fn no(reason: &'static str, said: Text, value: &str) -> NoDay {
    NoDay { reason, said: said.with(&[("value", value)]) }
}

/// A day, or a day and a time, as text: `2026-03-04`, `2026-03-04T14:05`, `2026-03-04T14:05:00+08:00`.
///
/// # Errors
/// When it is none, or could be two.
pub fn from_text(value: &str, order: Option<DayOrder>) -> Result<String, NoDay> {
    let value = value.trim();
    let wrong = || no("not_a_time", NOT_A_DAY, value);
    let digits = value.bytes().all(|b| b.is_ascii_digit());
    if digits && value.len() == 5 {
        return Err(no("bare_day_number", BARE_NUMBER, value));
    }
    if digits && value.len() == 8 {
        return whole(part(&value[..4])?, part(&value[4..6])?, part(&value[6..])?).ok_or_else(wrong);
    }
    let (day, clock) = match value.split_once('日') {
        Some((day, clock)) => (day, clock),
        None => match value.find([' ', 'T', 't']) {
            Some(at) => (&value[..at], &value[at + 1..]),
            None => (value, ""),
        },
    };
    let parts: Vec<&str> = day.split(['-', '/', '.', '年', '月']).map(str::trim).collect();
    let [a, b, c] = parts[..] else { return Err(wrong()) };
    let (first, second, third) = (part(a)?, part(b)?, part(c)?);
    let day = match (a.len(), c.len()) {
        (4, 1..=2) => whole(first, second, third),
        (1..=2, 4) => {
            let (day, month) = match order {
                Some(DayOrder::DayFirst) => (first, second),
                Some(DayOrder::MonthFirst) => (second, first),
                None if first > 12 && second <= 12 => (first, second),
                None if second > 12 && first <= 12 => (second, first),
                // The fifth of May is the fifth of May either way.
                None if first == second => (first, second),
                None if first > 12 => return Err(wrong()),
                None => return Err(no("two_days", TWO_DAYS, value)),
            };
            whole(third, month, day)
        }
        _ => None,
    }
    .ok_or_else(wrong)?;
    match clock.trim() {
        "" => Ok(day),
        clock => time(clock).map(|clock| format!("{day}T{clock}")).ok_or_else(wrong),
    }
}

fn part(text: &str) -> Result<u32, NoDay> {
    let good = !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| good).ok_or_else(|| no("not_a_time", NOT_A_DAY, text))
}

/// `14:05`, `14:05:30`, either with a zone behind it.
fn time(clock: &str) -> Option<String> {
    let at = clock.find(['Z', 'z', '+', '-']).unwrap_or(clock.len());
    let (clock, zone) = clock.split_at(at);
    let parts: Vec<&str> = clock.trim().split(':').collect();
    let number = |text: &&str| text.split('.').next().and_then(|whole| whole.parse::<u32>().ok());
    let parts: Vec<u32> = parts.iter().map(number).collect::<Option<_>>()?;
    let (hour, minute, second) = match parts[..] {
        [hour, minute] => (hour, minute, 0),
        [hour, minute, second] => (hour, minute, second),
        _ => return None,
    };
    (hour < 24 && minute < 60 && second < 60).then(|| {
        let zone = zone.trim().to_uppercase();
        format!("{hour:02}:{minute:02}:{second:02}{zone}")
    })
}

fn whole(year: u32, month: u32, day: u32) -> Option<String> {
    let text = format!("{year:04}-{month:02}-{day:02}");
    domain::time::noon(&text, domain::time::Zone::UTC).ok().map(|_| text)
}

/// The last day that a spreadsheet counts: 31 December 9999.
const LAST: f64 = 2_958_466.0;

/// The day of a spreadsheet's number, and the time where it has one.
///
/// # Errors
/// When there is no such day.
pub fn from_serial(serial: f64, epoch: Epoch) -> Result<String, NoDay> {
    let shown = serial.to_string();
    if !serial.is_finite() || !(0.0..LAST).contains(&serial) {
        return Err(no("not_a_time", OUT_OF_RANGE, &shown));
    }
    let mut seconds = ((serial - serial.floor()) * 86_400.0).round() as i64;
    let mut number = serial.floor() as i64;
    if seconds == 86_400 {
        (number, seconds) = (number + 1, 0);
    }
    // Days since 1 January 1970. Up to 28 February 1900 the count is right; from 1 March it is one too high,
    // for the 29th between them, which a program before Excel took for a day.
    let days = match epoch {
        Epoch::From1900 if number == 60 => return Err(no("day_that_never_was", NEVER_WAS, &shown)),
        Epoch::From1900 if number == 0 => return Err(no("not_a_time", OUT_OF_RANGE, &shown)),
        Epoch::From1900 if number < 60 => number - 25_568,
        Epoch::From1900 => number - 25_569,
        Epoch::From1904 => number - 24_107,
    };
    let moment = domain::time::Time((days * 86_400 + seconds) * 1000).to_string();
    let (day, clock) = moment.split_once('T').unwrap_or((&moment, ""));
    Ok(match seconds {
        0 => day.to_string(),
        _ => format!("{day}T{}", clock.trim_end_matches('Z').split('.').next().unwrap_or_default()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c19_days_are_read_as_people_write_them() {
        let read = |value: &str| from_text(value, None);
        for (value, day) in [
            ("2026-03-04", "2026-03-04"),
            ("2026/3/4", "2026-03-04"),
            ("2026.3.4", "2026-03-04"),
            ("2026年3月4日", "2026-03-04"),
            (" 2026年03月04日 ", "2026-03-04"),
            ("20260304", "2026-03-04"),
            ("31.03.2026", "2026-03-31"),
            ("03/31/2026", "2026-03-31"),
            ("5/5/2026", "2026-05-05"),
            ("2026/3/4 14:05", "2026-03-04T14:05:00"),
            ("2026年3月4日 9:05", "2026-03-04T09:05:00"),
            ("2026-03-04T14:05:00+08:00", "2026-03-04T14:05:00+08:00"),
        ] {
            assert_eq!(read(value).as_deref(), Ok(day), "{value}");
        }
        for (value, reason) in [
            ("04.03.2026", "two_days"),
            ("4/3/2026", "two_days"),
            ("31.13.2026", "not_a_time"),
            ("2026-02-30", "not_a_time"),
            ("3/4/26", "not_a_time"),
            ("46085", "bare_day_number"),
            ("tomorrow", "not_a_time"),
            ("2026-03-04 25:00", "not_a_time"),
            ("", "not_a_time"),
            ("2026年13月4日", "not_a_time"),
        ] {
            assert_eq!(read(value).expect_err(value).reason, reason, "{value}");
        }
        assert_eq!(from_text("04.03.2026", Some(DayOrder::DayFirst)).as_deref(), Ok("2026-03-04"));
        assert_eq!(from_text("04.03.2026", Some(DayOrder::MonthFirst)).as_deref(), Ok("2026-04-03"));
        assert!(from_text("31.03.2026", Some(DayOrder::MonthFirst)).is_err());
    }

    #[test]
    fn c19_day_numbers_are_read_from_either_epoch() {
        let of_1900 = |serial| from_serial(serial, Epoch::From1900);
        for (serial, day) in [
            (1.0, "1900-01-01"),
            (59.0, "1900-02-28"),
            (61.0, "1900-03-01"),
            (46_085.0, "2026-03-04"),
            (46_085.5, "2026-03-04T12:00:00"),
            (46_084.999_999_9, "2026-03-04"),
        ] {
            assert_eq!(of_1900(serial).as_deref(), Ok(day), "{serial}");
        }
        assert_eq!(of_1900(60.0).expect_err("no day").reason, "day_that_never_was");
        assert_eq!(from_serial(60.0, Epoch::From1904).as_deref(), Ok("1904-03-01"));
        assert_eq!(from_serial(44_623.0, Epoch::From1904).as_deref(), Ok("2026-03-04"));
        for none in [0.0, -1.0, f64::NAN, f64::INFINITY, 3e6] {
            assert!(of_1900(none).is_err(), "{none}");
        }
    }
}
