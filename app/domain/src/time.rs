//! Instants and dates as values. The domain has no clock: whoever calls hands the time in.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};
use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339, macros::format_description};

/// An instant in milliseconds since 1970-01-01T00:00:00Z. In JSON an RFC 3339 text in UTC.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct Time(pub i64);

impl Time {
    /// The instant `minutes` later (earlier when negative).
    pub fn plus_minutes(self, minutes: i64) -> Time {
        Time(self.0.saturating_add(minutes.saturating_mul(60_000)))
    }

    /// As the clock on the wall showed it: `2026-03-04 14:05 +08:00`, seconds left out.
    pub fn at(self, zone: Zone) -> String {
        const SHAPE: &[time::format_description::BorrowedFormatItem<'_>] = format_description!(
            "[year]-[month]-[day] [hour]:[minute] [offset_hour sign:mandatory]:[offset_minute]"
        );
        self.date_time(zone).and_then(|t| t.format(SHAPE).ok()).unwrap_or_else(|| format!("{} ms", self.0))
    }

    /// The calendar day in a zone: `2026-03-04`.
    pub fn date(self, zone: Zone) -> String {
        self.at(zone).chars().take(10).collect()
    }

    /// The calendar year in a zone, for codes with two-digit years.
    pub fn year(self, zone: Zone) -> i32 {
        self.date_time(zone).map_or(1970, |t| t.year())
    }

    fn date_time(self, zone: Zone) -> Option<OffsetDateTime> {
        let utc = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000).ok()?;
        utc.checked_to_offset(UtcOffset::from_whole_seconds(i32::from(zone.0) * 60).ok()?)
    }
}

impl fmt::Display for Time {
    /// RFC 3339 in UTC with milliseconds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHAPE: &[time::format_description::BorrowedFormatItem<'_>] =
            format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
        match self.date_time(Zone::UTC).and_then(|t| t.format(SHAPE).ok()) {
            Some(text) => f.write_str(&text),
            None => write!(f, "{} ms", self.0),
        }
    }
}

/// The text is not an RFC 3339 instant with a zone, or not a date.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotATime(pub String);

impl fmt::Display for NotATime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not a time with zone, such as 2026-03-04T14:05:00+08:00", self.0)
    }
}
impl std::error::Error for NotATime {}

impl FromStr for Time {
    type Err = NotATime;
    fn from_str(s: &str) -> Result<Time, NotATime> {
        parse_with_zone(s).map(|(time, _)| time)
    }
}

/// An instant and the zone it was written in.
pub fn parse_with_zone(s: &str) -> Result<(Time, Zone), NotATime> {
    let t = OffsetDateTime::parse(s, &Rfc3339).map_err(|_| NotATime(s.into()))?;
    let millis =
        i64::try_from(t.unix_timestamp_nanos().div_euclid(1_000_000)).map_err(|_| NotATime(s.into()))?;
    let minutes = i16::try_from(t.offset().whole_seconds() / 60).map_err(|_| NotATime(s.into()))?;
    Ok((Time(millis), Zone(minutes)))
}

/// Noon of a calendar day in a zone: what a record means that gives only a date.
pub fn noon(date: &str, zone: Zone) -> Result<Time, NotATime> {
    let bad = || NotATime(date.into());
    let shape = format_description!("[year]-[month]-[day]");
    let day = time::Date::parse(date, shape).map_err(|_| bad())?;
    let offset = UtcOffset::from_whole_seconds(i32::from(zone.0) * 60).map_err(|_| bad())?;
    let noon = day.with_hms(12, 0, 0).map_err(|_| bad())?.assume_offset(offset);
    Ok(Time(noon.unix_timestamp() * 1000))
}

/// The ISO week of a calendar day (ISO 8601), for codes that tell one.
pub fn iso_week(day: &str) -> Option<u8> {
    date_of(day).map(time::Date::iso_week)
}

/// The calendar day so many months later; the last of the month where that has fewer days.
pub fn months_later(day: &str, months: u64) -> Option<String> {
    let from = date_of(day)?;
    let months = u32::try_from(months).ok()?.checked_add(u32::from(u8::from(from.month())) - 1)?;
    let year = from.year().checked_add(i32::try_from(months / 12).ok()?)?;
    let month = time::Month::try_from(u8::try_from(months % 12 + 1).ok()?).ok()?;
    let last = month.length(year);
    let shape = format_description!("[year]-[month]-[day]");
    time::Date::from_calendar_date(year, month, from.day().min(last)).ok()?.format(shape).ok()
}

fn date_of(day: &str) -> Option<time::Date> {
    time::Date::parse(day, format_description!("[year]-[month]-[day]")).ok()
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Time, D::Error> {
        String::deserialize(d)?.parse().map_err(de::Error::custom)
    }
}

/// A distance from UTC in minutes, as EPCIS `eventTimeZoneOffset` tells it. In JSON `+08:00`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Zone(pub i16);

impl Zone {
    /// Greenwich.
    pub const UTC: Zone = Zone(0);
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minutes = self.0.unsigned_abs();
        write!(f, "{}{:02}:{:02}", if self.0 < 0 { '-' } else { '+' }, minutes / 60, minutes % 60)
    }
}

impl FromStr for Zone {
    type Err = NotATime;
    fn from_str(s: &str) -> Result<Zone, NotATime> {
        let bad = || NotATime(s.into());
        let sign = match s.as_bytes().first() {
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return Err(bad()),
        };
        let (hours, minutes) = s.get(1..).and_then(|r| r.split_once(':')).ok_or_else(bad)?;
        if hours.len() != 2 || minutes.len() != 2 {
            return Err(bad());
        }
        let (h, m): (i16, i16) = (hours.parse().map_err(|_| bad())?, minutes.parse().map_err(|_| bad())?);
        if !(0..=14).contains(&h) || !(0..60).contains(&m) {
            return Err(bad());
        }
        Ok(Zone(sign * (h * 60 + m)))
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Zone, D::Error> {
        String::deserialize(d)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_shown_as_the_clock_on_the_wall_showed_it() {
        let (time, zone) = parse_with_zone("2026-03-04T14:05:09+08:00").unwrap();
        assert_eq!(time.at(zone), "2026-03-04 14:05 +08:00");
        assert_eq!(time.to_string(), "2026-03-04T06:05:09.000Z");
        assert_eq!(time.to_string().parse(), Ok(time));
        assert_eq!(noon("2026-03-04", zone).unwrap().date(zone), "2026-03-04");
    }

    #[test]
    fn zones_keep_sign_and_half_hours() {
        for zone in ["+05:30", "-03:30", "+00:00", "+14:00"] {
            assert_eq!(zone.parse::<Zone>().unwrap().to_string(), zone);
        }
        for bad in ["Z", "8", "+8:00", "+15:00", "+08:60", "+-1:00"] {
            assert!(bad.parse::<Zone>().is_err(), "{bad}");
        }
    }
}
