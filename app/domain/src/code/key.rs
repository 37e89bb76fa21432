//! GS1 keys that carry a check digit: GTIN, SSCC, GLN (General Specifications, sections 2.1 to 2.4 and 7.9).

use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::error::{CodeError, CodeErrorKind};
use super::rule::CharacterSet;

/// The check digit for digits that do not have one yet: weights 3, 1, 3 … from the right, the sum's
/// complement to ten (General Specifications, section 7.9.1).
///
/// ```
/// assert_eq!(domain::code::key::check_digit("950600013435"), Ok('2'));
/// ```
///
/// # Errors
/// At the first character that is no digit.
pub fn check_digit(digits: &str) -> Result<char, CodeError> {
    expect_digits(digits)?;
    Ok(char::from(check_digit_of(digits.as_bytes())))
}

/// [`check_digit`] over bytes that are known to be digits.
pub(super) fn check_digit_of(digits: &[u8]) -> u8 {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| u32::from(digit.wrapping_sub(b'0') % 10) * if place % 2 == 0 { 3 } else { 1 })
        .sum();
    b'0' + ((10 - sum % 10) % 10) as u8
}

/// Whether the last of these digits is the check digit of those before it.
pub(super) fn has_check_digit(digits: &[u8]) -> bool {
    digits.split_last().is_some_and(|(last, body)| {
        digits.iter().all(u8::is_ascii_digit) && !body.is_empty() && check_digit_of(body) == *last
    })
}

/// A global trade item number, kept as 14 digits: GTIN-8, -12 and -13 get zeros in front.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Gtin(String);

impl Gtin {
    /// Reads 8, 12, 13 or 14 digits with their check digit.
    ///
    /// # Errors
    /// With the position, when there is another number of digits, something that is no digit, or
    /// another check digit.
    pub fn parse(digits: &str) -> Result<Gtin, CodeError> {
        expect_key(digits, &[8, 12, 13, 14], "8, 12, 13, 14")?;
        Ok(Gtin(format!("{digits:0>14}")))
    }

    /// Fourteen digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As an EAN-13 or UPC symbol has it: thirteen digits, unless the first of fourteen (the packaging
    /// level's indicator) is not zero.
    pub fn as_13(&self) -> Option<&str> {
        self.0.strip_prefix('0')
    }
}

/// A serial shipping container code: the eighteen digits of a logistic unit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Sscc(String);

impl Sscc {
    /// Reads eighteen digits with their check digit.
    ///
    /// # Errors
    /// With the position, as [`Gtin::parse`].
    pub fn parse(digits: &str) -> Result<Sscc, CodeError> {
        expect_key(digits, &[18], "18")?;
        Ok(Sscc(digits.to_owned()))
    }

    /// Makes one from extension digit, GS1 company prefix (4 to 12 digits) and serial reference, which
    /// fills the rest of seventeen digits.
    ///
    /// # Errors
    /// When the extension is above 9, the prefix is not 4 to 12 digits, or the serial has no room.
    pub fn new(extension: u8, company_prefix: &str, serial: u64) -> Result<Sscc, CodeError> {
        if extension > 9 {
            return Err(CodeError::new(0, CodeErrorKind::TooLong { most: 1 }));
        }
        expect_digits(company_prefix)?;
        if !(4..=12).contains(&company_prefix.len()) {
            let kind = CodeErrorKind::WrongLength { needed: "4–12".into(), given: company_prefix.len() };
            return Err(CodeError::new(0, kind));
        }
        let room = 16 - company_prefix.len();
        let serial = format!("{serial:0>room$}");
        if serial.len() > room {
            return Err(CodeError::new(1 + company_prefix.len(), CodeErrorKind::TooLong { most: room }));
        }
        let body = format!("{extension}{company_prefix}{serial}");
        let check = char::from(check_digit_of(body.as_bytes()));
        Ok(Sscc(format!("{body}{check}")))
    }

    /// Eighteen digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A global location number: the thirteen digits of a place or party.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Gln(String);

impl Gln {
    /// Reads thirteen digits with their check digit.
    ///
    /// # Errors
    /// With the position, as [`Gtin::parse`].
    pub fn parse(digits: &str) -> Result<Gln, CodeError> {
        expect_key(digits, &[13], "13")?;
        Ok(Gln(digits.to_owned()))
    }

    /// Thirteen digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Display, parsing and serde as plain text, always through `parse`.
macro_rules! written_as_text {
    ($($key:ident)*) => { $(
        impl std::fmt::Display for $key {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $key {
            type Err = CodeError;

            fn from_str(digits: &str) -> Result<$key, CodeError> {
                $key::parse(digits)
            }
        }

        impl Serialize for $key {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $key {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$key, D::Error> {
                $key::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
            }
        }
    )* };
}

written_as_text!(Gtin Sscc Gln);

fn expect_key(digits: &str, lengths: &[usize], needed: &str) -> Result<(), CodeError> {
    if digits.is_empty() {
        return Err(CodeError::new(0, CodeErrorKind::Empty));
    }
    expect_digits(digits)?;
    if !lengths.contains(&digits.len()) {
        let kind = CodeErrorKind::WrongLength { needed: needed.into(), given: digits.len() };
        return Err(CodeError::new(digits.len(), kind));
    }
    let (body, last) = digits.split_at(digits.len() - 1);
    let expected = char::from(check_digit_of(body.as_bytes()));
    if last.starts_with(expected) {
        Ok(())
    } else {
        Err(CodeError::new(body.len(), CodeErrorKind::CheckDigit { expected }))
    }
}

fn expect_digits(digits: &str) -> Result<(), CodeError> {
    match digits.char_indices().find(|(_, c)| !c.is_ascii_digit()) {
        None => Ok(()),
        Some((at, found)) => Err(CodeError::new(
            at,
            CodeErrorKind::Character { set: CharacterSet::Digits, found: found.to_string() },
        )),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_gtin_of_any_length_is_kept_as_fourteen_digits() {
        assert_eq!(Gtin::parse("02345673").expect("GTIN-8").as_str(), "00000002345673");
        assert_eq!(Gtin::parse("416000336108").expect("GTIN-12").as_str(), "00416000336108");
        let gtin = Gtin::parse("2112233789657").expect("GTIN-13");
        assert_eq!((gtin.as_str(), gtin.as_13()), ("02112233789657", Some("2112233789657")));
        assert_eq!(Gtin::parse("12312312312333").expect("GTIN-14").as_13(), None);
    }

    #[test]
    fn a_wrong_key_names_the_position_and_the_digit_it_would_be() {
        let error = Gtin::parse("2112233789658").expect_err("another check digit");
        assert_eq!((error.position, error.kind), (12, CodeErrorKind::CheckDigit { expected: '7' }));
        assert_eq!(Sscc::parse("00614141123456789O").expect_err("a letter").position, 17);
        assert_eq!(Gln::parse("123").expect_err("short").position, 3);
    }

    #[test]
    fn a_new_sscc_fills_the_serial_and_refuses_one_without_room() {
        assert_eq!(Sscc::new(0, "0614141", 123_456_789).expect("an SSCC").as_str(), "006141411234567890");
        assert_eq!(Sscc::new(3, "951234567890", 12).expect("an SSCC").as_str().len(), 18);
        assert!(Sscc::new(0, "951234567890", 10_000).is_err());
        assert!(Sscc::new(10, "9512345", 1).is_err());
        assert!(Sscc::new(1, "951", 1).is_err());
    }

    proptest! {
        #[test]
        fn every_new_sscc_reads_back(extension in 0_u8..10, prefix in "[0-9]{4,12}", serial in 0_u64..10_000) {
            let sscc = Sscc::new(extension, &prefix, serial).expect("fits");
            prop_assert_eq!(Sscc::parse(sscc.as_str()).expect("valid"), sscc);
        }

        #[test]
        fn one_wrong_digit_never_passes(body in "[0-9]{17}", at in 0_usize..18, by in 1_u8..10) {
            let mut digits = format!("{body}{}", check_digit(&body).expect("digits")).into_bytes();
            digits[at] = b'0' + (digits[at] - b'0' + by) % 10;
            prop_assert!(Sscc::parse(std::str::from_utf8(&digits).expect("digits")).is_err());
        }
    }
}
