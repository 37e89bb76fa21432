//! What the characters of a value may be and mean: character sets and content rules.
//!
//! Each rule is one of the content checks that the General Specifications (section 3) tie to an
//! application identifier; the table in `ai_table` says which part of which value obeys which.

use serde::Serialize;

use super::error::CodeErrorKind;
use super::key::check_digit_of;
use super::lists;

/// A character set of the General Specifications (section 7.11).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CharacterSet {
    /// 0 to 9.
    Digits,
    /// The 82 characters of ordinary values: no space, no accents.
    Set82,
    /// The 39 characters of component and part identifiers.
    Set39,
    /// The 64 characters of base64url, with `=` as padding at the end.
    Set64,
}

impl CharacterSet {
    /// Whether the set holds the character.
    pub fn holds(self, byte: u8) -> bool {
        match self {
            CharacterSet::Digits => byte.is_ascii_digit(),
            CharacterSet::Set82 => weight_82(byte).is_some(),
            CharacterSet::Set39 => {
                byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"#-/".contains(&byte)
            }
            CharacterSet::Set64 => byte.is_ascii_alphanumeric() || b"-_".contains(&byte),
        }
    }

    /// Checks a whole value.
    ///
    /// # Errors
    /// At the first character outside the set.
    pub fn check(self, value: &[u8]) -> Result<(), Fault> {
        let mut checked = value;
        if self == CharacterSet::Set64 {
            let padding = value.iter().rev().take_while(|&&byte| byte == b'=').count();
            checked = &value[..value.len() - padding];
            let fits = padding == 0 || padding <= 2 && value.len().is_multiple_of(3);
            if !fits {
                return Err(Fault { at: checked.len(), kind: CodeErrorKind::Padding });
            }
        }
        match checked.iter().position(|&byte| !self.holds(byte)) {
            None => Ok(()),
            Some(at) => Err(Fault {
                at,
                kind: CodeErrorKind::Character { set: self, found: character_at(value, at) },
            }),
        }
    }
}

/// A rule broken inside a value: the byte offset there, and what is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// Byte offset in the value.
    pub at: usize,
    /// What is wrong.
    pub kind: CodeErrorKind,
}

/// A content rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The last digit is the check digit (section 7.9.1).
    CheckDigit,
    /// The last two characters are the check character pair (section 7.9.5).
    CheckPair,
    /// Begins with a GS1 company prefix: at least four digits. Whether the prefix is allocated only a
    /// register could tell, and there is none here.
    CompanyPrefix,
    /// The same from the second character on, behind an indicator or extension digit.
    CompanyPrefixSecond,
    /// A date YYMMDD.
    Date,
    /// A date YYMMDD where day 00 says that the day is not given.
    DateOrMonth,
    /// A date YYYYMMDD.
    LongDate,
    /// A date YYYYMMDD where day 00 says that the day is not given.
    LongDateOrMonth,
    /// Hours 00 to 23.
    Hour,
    /// Minutes 00 to 59.
    Minute,
    /// Seconds 00 to 59.
    Second,
    /// A time HHMM.
    Time,
    /// A country as three digits (ISO 3166-1).
    Country,
    /// A country as three digits, or 999 for several.
    CountryOr999,
    /// A country as two letters (ISO 3166-1).
    CountryLetters,
    /// A currency as three digits (ISO 4217).
    Currency,
    /// 0, 1, 2 or 9 (ISO/IEC 5218).
    Sex,
    /// Percent signs are followed by two hexadecimal digits.
    PercentEncoded,
    /// Ten digits up to 1800000000: degrees north of the south pole, seven decimals.
    Latitude,
    /// Ten digits up to 3600000000: degrees east, seven decimals.
    Longitude,
    /// An AIDC media type: 01 to 10 or 80 to 99.
    MediaType,
    /// Digits that are not all zero.
    NonZero,
    /// 0 or 1.
    YesNo,
    /// A roll's winding direction: 0, 1 or 9.
    Winding,
    /// Zeros only.
    Zero,
    /// At least one character that is no digit.
    HasNonDigit,
    /// One character of the importer index.
    ImporterIndex,
    /// Position and total with a slash, such as 2/3.
    PositionInSequence,
    /// Piece number and total in halves of equal length, such as 0203.
    PieceOfTotal,
    /// A number without zeros in front.
    NoZeroPrefix,
    /// Hyphens only (a minus sign after the digits).
    Hyphens,
    /// A package type (UNECE Recommendation 21, GS1 code list).
    PackageType,
    /// An international bank account number (ISO 13616).
    Iban,
}

impl Rule {
    /// Checks a part of a value.
    ///
    /// # Errors
    /// With the offset of the first character that breaks the rule.
    pub fn check(self, value: &[u8]) -> Result<(), Fault> {
        let whole = |holds: bool| if holds { Ok(()) } else { Err(self.broken_at(0)) };
        let text = std::str::from_utf8(value).unwrap_or_default();
        match self {
            Rule::CheckDigit => check_digit(value),
            Rule::CheckPair => self.check_pair(value),
            Rule::CompanyPrefix => self.company_prefix(value, 0),
            Rule::CompanyPrefixSecond => self.company_prefix(value, 1),
            Rule::Date => self.date(value, 2, false),
            Rule::DateOrMonth => self.date(value, 2, true),
            Rule::LongDate => self.date(value, 4, false),
            Rule::LongDateOrMonth => self.date(value, 4, true),
            Rule::Hour => self.clock(value, &[23]),
            Rule::Minute | Rule::Second => self.clock(value, &[59]),
            Rule::Time => self.clock(value, &[23, 59]),
            Rule::Country => whole(lists::is_country(text)),
            Rule::CountryOr999 => whole(text == "999" || lists::is_country(text)),
            Rule::CountryLetters => whole(lists::is_country_letters(text)),
            Rule::Currency => whole(lists::is_currency(text)),
            Rule::Sex => whole(matches!(value, [b'0' | b'1' | b'2' | b'9'])),
            Rule::PercentEncoded => self.percent_encoded(value),
            Rule::Latitude => self.at_most(value, 1_800_000_000),
            Rule::Longitude => self.at_most(value, 3_600_000_000),
            Rule::MediaType => whole(text.len() == 2 && matches!(text.parse(), Ok(1..=10 | 80..=99_u8))),
            Rule::NonZero => digits(value).and(whole(value.iter().any(|&digit| digit != b'0'))),
            Rule::YesNo => whole(matches!(value, [b'0' | b'1'])),
            Rule::Winding => whole(matches!(value, [b'0' | b'1' | b'9'])),
            Rule::Zero => whole(!value.is_empty() && value.iter().all(|&digit| digit == b'0')),
            Rule::HasNonDigit => whole(value.iter().any(|byte| !byte.is_ascii_digit())),
            Rule::ImporterIndex => whole(matches!(value, [byte] if CharacterSet::Set64.holds(*byte))),
            Rule::PositionInSequence => whole(is_position_in_sequence(text)),
            Rule::PieceOfTotal => self.piece_of_total(value),
            Rule::NoZeroPrefix => digits(value).and(whole(value.len() < 2 || value[0] != b'0')),
            Rule::Hyphens => whole(!value.is_empty() && value.iter().all(|&byte| byte == b'-')),
            Rule::PackageType => whole(lists::is_package_type(text)),
            Rule::Iban => self.iban(value),
        }
    }

    fn broken_at(self, at: usize) -> Fault {
        Fault { at, kind: CodeErrorKind::Content { rule: self } }
    }

    /// The pair of General Specifications section 7.9.5: characters of set 82 weighted by primes from
    /// the right, modulo 1021, written as two characters of a set of 32.
    fn check_pair(self, value: &[u8]) -> Result<(), Fault> {
        const SET_32: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
        // As many primes as the longest value could need.
        const LONGEST: usize = 99;
        if value.len() < 2 || value.len() > LONGEST {
            return Err(self.broken_at(0));
        }
        let (body, pair) = value.split_at(value.len() - 2);
        CharacterSet::Set82.check(body)?;
        let primes = (2_u32..).filter(|n| (2..*n).take_while(|d| d * d <= *n).all(|d| !n.is_multiple_of(d)));
        let weights = body.iter().rev().map(|&byte| weight_82(byte).unwrap_or_default());
        let sum = weights.zip(primes).map(|(weight, prime)| weight * prime).sum::<u32>() % 1021;
        let expected = [SET_32[(sum >> 5) as usize], SET_32[(sum & 31) as usize]];
        if pair == expected {
            Ok(())
        } else {
            let expected = expected.map(char::from).iter().collect();
            Err(Fault { at: body.len(), kind: CodeErrorKind::CheckPair { expected } })
        }
    }

    fn company_prefix(self, value: &[u8], at: usize) -> Result<(), Fault> {
        const SHORTEST: usize = 4;
        let prefix = value.get(at..at + SHORTEST).ok_or_else(|| self.broken_at(value.len().min(at)))?;
        match prefix.iter().position(|byte| !byte.is_ascii_digit()) {
            None => Ok(()),
            Some(index) => Err(self.broken_at(at + index)),
        }
    }

    /// A date whose year has `width` digits. A two-digit year is a leap year when four divides it: the
    /// centuries that a code can mean have none of the exceptions but 2000, which is none.
    fn date(self, value: &[u8], width: usize, month_alone: bool) -> Result<(), Fault> {
        if value.len() != width + 4 {
            return Err(self.broken_at(0));
        }
        digits(value)?;
        let year = number(&value[..width]) + if width == 2 { 2000 } else { 0 };
        let (month, day) = (number(&value[width..width + 2]), number(&value[width + 2..]));
        let longest = days_in_month(year as i32, month as u8).ok_or_else(|| self.broken_at(width))?;
        let least = if month_alone { 0 } else { 1 };
        if (least..=u64::from(longest)).contains(&day) { Ok(()) } else { Err(self.broken_at(width + 2)) }
    }

    fn clock(self, value: &[u8], most: &[u64]) -> Result<(), Fault> {
        if value.len() != most.len() * 2 {
            return Err(self.broken_at(0));
        }
        digits(value)?;
        match value.chunks_exact(2).zip(most).position(|(pair, most)| number(pair) > *most) {
            None => Ok(()),
            Some(index) => Err(self.broken_at(index * 2)),
        }
    }

    fn percent_encoded(self, value: &[u8]) -> Result<(), Fault> {
        let broken = value.iter().enumerate().find(|&(at, &byte)| {
            let pair = value.get(at + 1..at + 3);
            byte == b'%' && !pair.is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit))
        });
        broken.map_or(Ok(()), |(at, _)| Err(self.broken_at(at)))
    }

    fn at_most(self, value: &[u8], most: u64) -> Result<(), Fault> {
        digits(value)?;
        if value.len() == 10 && number(value) <= most { Ok(()) } else { Err(self.broken_at(0)) }
    }

    fn piece_of_total(self, value: &[u8]) -> Result<(), Fault> {
        digits(value)?;
        let half = value.len() / 2;
        if half == 0 || value.len() % 2 == 1 || half > 9 {
            return Err(self.broken_at(0));
        }
        let (piece, total) = (number(&value[..half]), number(&value[half..]));
        match (piece, total) {
            (0, _) => Err(self.broken_at(0)),
            (_, 0) => Err(self.broken_at(half)),
            _ if piece > total => Err(self.broken_at(0)),
            _ => Ok(()),
        }
    }

    /// ISO 13616: country, two check digits, account; the rest of the division by 97 is 1.
    fn iban(self, value: &[u8]) -> Result<(), Fault> {
        let country = value.get(..2).and_then(|letters| std::str::from_utf8(letters).ok());
        if !country.is_some_and(lists::is_country_letters) || !(11..=34).contains(&value.len()) {
            return Err(self.broken_at(0));
        }
        let (head, account) = value.split_at(4);
        let rest = account.iter().chain(head).try_fold(0_u32, |sum, &byte| match byte {
            b'0'..=b'9' => Some((sum * 10 + u32::from(byte - b'0')) % 97),
            b'A'..=b'Z' => Some((sum * 100 + u32::from(byte - b'A') + 10) % 97),
            _ => None,
        });
        if rest == Some(1) { Ok(()) } else { Err(self.broken_at(2)) }
    }
}

/// The number of days of a month, none for a month that does not exist.
pub(super) fn days_in_month(year: i32, month: u8) -> Option<u8> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if leap { 29 } else { 28 }),
        _ => None,
    }
}

/// The value of digits; up to eighteen of them.
pub(super) fn number(digits: &[u8]) -> u64 {
    digits
        .iter()
        .fold(0, |sum: u64, digit| sum.wrapping_mul(10).wrapping_add(u64::from(digit.wrapping_sub(b'0'))))
}

fn check_digit(value: &[u8]) -> Result<(), Fault> {
    digits(value)?;
    let Some((last, body)) = value.split_last() else {
        return Err(Fault { at: 0, kind: CodeErrorKind::EmptyValue });
    };
    let expected = check_digit_of(body);
    if *last == expected {
        Ok(())
    } else {
        Err(Fault { at: body.len(), kind: CodeErrorKind::CheckDigit { expected: char::from(expected) } })
    }
}

fn digits(value: &[u8]) -> Result<(), Fault> {
    CharacterSet::Digits.check(value)
}

fn is_position_in_sequence(text: &str) -> bool {
    let number = |digits: &str| {
        let plain = !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
        if plain { digits.parse::<u32>().ok() } else { None }
    };
    let halves = text.split_once('/').and_then(|(position, total)| number(position).zip(number(total)));
    halves.is_some_and(|(position, total)| position <= total)
}

/// The place of a character in set 82, which is also its weight in a check pair.
fn weight_82(byte: u8) -> Option<u32> {
    const SET_82: &[u8; 82] =
        b"!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    SET_82.binary_search(&byte).ok().map(|place| place as u32)
}

/// The character that begins at or holds a byte, for showing.
fn character_at(value: &[u8], at: usize) -> String {
    let text = String::from_utf8_lossy(&value[at..]);
    text.chars().next().map(String::from).unwrap_or_default()
}
