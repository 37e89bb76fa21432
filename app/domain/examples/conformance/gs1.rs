//! The GS1 vectors. `^` in them is FNC1, in element strings the group separator.

use std::path::Path;

use domain::code::digital_link::{self, CANONICAL_STEM, Leniency, Place};
use domain::code::gs1::{self, Identifiers};
use domain::code::key::check_digit;
use domain::code::rule::{CharacterSet, Rule};
use domain::code::symbology::{Carrier, Content, Data, read_transmission, transmit};
use domain::code::{CodeError, CodeErrorKind, Element, check_associations};
use serde_json::Value;

use crate::report::{Outcome, Report, cases, json, text};

/// Decides one case.
type Judge = fn(&Value) -> Outcome;

/// Runs every file of the folder.
pub(crate) fn run(folder: &Path, report: &mut Report) {
    let judges: [(&str, Judge); 12] = [
        ("bracketed_to_element_string", bracketed_to_element_string),
        ("element_string_parse", element_string_parse),
        ("ai_content_rules", ai_content_rules),
        ("ai_association_rules", ai_association_rules),
        ("digital_link_parse", digital_link_parse),
        ("digital_link_generate", digital_link_generate),
        ("digital_link_path_sequences", digital_link_path_sequences),
        ("digital_link_percent_decoding", digital_link_percent_decoding),
        ("digital_link_percent_encoding", digital_link_percent_encoding),
        ("scan_input", scan_input),
        ("scan_output", scan_output),
        ("human_readable_interpretation", human_readable),
    ];
    for (name, judge) in judges {
        report.file(name, cases(&json(&folder.join(name).with_extension("json")), "cases"), judge);
    }
    report.file("check_digit", cases(&json(&folder.join("check_digit.json")), "cases"), check_digits);
    report.file("ai_table", rows(&folder.join("ai_table.csv")), identifier);
    report.file("component_rules", rows(&folder.join("component_rules.csv")), component_rule);
}

/// What a case expects: the text, or none where it is not valid.
fn expected(case: &Value) -> Option<String> {
    case["valid"].as_bool().unwrap_or(true).then(|| text(case, "expected").to_owned())
}

fn separators(text: &str) -> Vec<u8> {
    text.bytes().map(|byte| if byte == b'^' { 0x1d } else { byte }).collect()
}

fn carets(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace('\u{1d}', "^")
}

fn bracketed_to_element_string(case: &Value) -> Outcome {
    let read = gs1::read_bracketed(text(case, "input"), Identifiers::Known);
    Outcome::equal(read.ok().map(|elements| carets(&gs1::element_string(&elements))), expected(case))
}

fn element_string_parse(case: &Value) -> Outcome {
    valid(gs1::read_element_string(&separators(text(case, "input"))), case)
}

fn valid<T>(read: Result<T, CodeError>, case: &Value) -> Outcome {
    Outcome::equal(read.is_ok(), case["valid"].as_bool().unwrap_or_default())
}

fn ai_content_rules(case: &Value) -> Outcome {
    valid(gs1::read_bracketed(text(case, "input"), Identifiers::Known), case)
}

fn ai_association_rules(case: &Value) -> Outcome {
    match gs1::read_bracketed(text(case, "input"), Identifiers::Any) {
        Ok(elements) => Outcome::equal(check_associations(&elements).is_ok(), case["valid"] == true),
        Err(error) => Outcome::Failed(format!("could not be read: {error}")),
    }
}

fn option(case: &Value, name: &str) -> bool {
    case["options"][name] == true
}

fn digital_link_parse(case: &Value) -> Outcome {
    let leniency = Leniency {
        short_gtin: option(case, "permit_zero_suppressed_gtin"),
        names: option(case, "permit_convenience_alphas"),
        unknown: option(case, "permit_unknown_ais") && option(case, "allow_unknown_ai_attr"),
    };
    let read = digital_link::read_with(text(case, "input"), leniency);
    Outcome::equal(read.ok().map(|elements| carets(&gs1::element_string(&elements))), expected(case))
}

fn digital_link_generate(case: &Value) -> Outcome {
    let read = if option(case, "permit_unknown_ais") { Identifiers::Any } else { Identifiers::Known };
    let written = if option(case, "allow_unknown_ai_attr") { Identifiers::Any } else { Identifiers::Known };
    let stem = case["stem"].as_str().unwrap_or(CANONICAL_STEM);
    let link = gs1::read_bracketed(text(case, "input"), read)
        .and_then(|elements| digital_link::write_with(stem, &elements, written));
    Outcome::equal(link.ok(), expected(case))
}

fn digital_link_path_sequences(case: &Value) -> Outcome {
    let sequence = cases(case, "input");
    let sequence: Vec<&str> = sequence.iter().filter_map(Value::as_str).collect();
    let reversed: Vec<&str> = sequence.iter().rev().copied().collect();
    let backwards = sequence.len() > 1 && digital_link::is_path(&reversed);
    Outcome::equal((digital_link::is_path(&sequence), backwards), (case["valid"] == true, false))
}

fn digital_link_percent_decoding(case: &Value) -> Outcome {
    // The vectors write each decoded byte as the character of that number.
    let decode = |place| -> String {
        digital_link::percent_decode(text(case, "input"), place).into_iter().map(char::from).collect()
    };
    let both = [decode(Place::Path), decode(Place::Query)];
    Outcome::equal(both, [text(case, "expected_path"), text(case, "expected_query")].map(str::to_owned))
}

fn digital_link_percent_encoding(case: &Value) -> Outcome {
    let encode = |place| digital_link::percent_encode(text(case, "input"), place);
    let both = [encode(Place::Path), encode(Place::Query)];
    Outcome::equal(both, [text(case, "expected_path"), text(case, "expected_query")].map(str::to_owned))
}

/// Transmission to content. The content is rebuilt from what was read, in the notation of the vectors.
fn scan_input(case: &Value) -> Outcome {
    let transmission = read_transmission(text(case, "input").as_bytes()).ok();
    let got = transmission.and_then(|transmission| {
        let symbology = match transmission.identifier.as_str() {
            "]C1" => "GS1_128_CCA",
            "]e0" => "DataBarExpanded",
            "]E0" => "EAN13",
            "]d1" | "]d2" => "DM",
            "]Q1" | "]Q3" => "QR",
            "]J0" | "]J1" => "DotCode",
            _ => return None,
        };
        let content = match transmission.content {
            Content::Elements { elements, .. } => carets(&gs1::element_string(&elements)),
            Content::TradeItem { elements } => {
                let (gtin, composite) = elements.split_first()?;
                let composite = Some(gs1::element_string(composite)).filter(|raw| !raw.is_empty());
                let composite = composite.map(|raw| format!("|{}", carets(&raw))).unwrap_or_default();
                format!("{}{composite}", &gtin.value[1..])
            }
            Content::Text(text) if text.to_ascii_lowercase().starts_with("http") => {
                digital_link::read(&text).ok()?;
                text
            }
            Content::Text(text) if text.trim_start_matches('\\').starts_with('^') => format!("\\{text}"),
            Content::Text(text) => text,
            _ => return None,
        };
        Some((symbology.to_owned(), content))
    });
    Outcome::equal(got, expected(case).map(|content| (text(case, "symbology").to_owned(), content)))
}

/// Content to transmission.
fn scan_output(case: &Value) -> Outcome {
    let carrier = match text(case, "symbology") {
        "EAN13" | "UPCE" => Carrier::Ean,
        "DataBarOmni" => Carrier::DataBar,
        "DataBarLimited" => Carrier::DataBarLimited,
        "DataBarExpanded" => Carrier::DataBarExpanded,
        "QR" => Carrier::QrCode,
        "DM" => Carrier::DataMatrix,
        "DotCode" => Carrier::DotCode,
        _ => return Outcome::Skipped("this symbology is not known here"),
    };
    let input = text(case, "input");
    let (linear, composite) =
        input.split_once("|^").map_or((input, None), |(linear, cc)| (linear, Some(format!("^{cc}"))));
    let checked = match check_digit(linear) {
        Ok(digit) if case["add_check_digit"] == true => format!("{linear}{digit}"),
        _ => linear.to_owned(),
    };
    let raw = separators(linear);
    // A backslash keeps a caret in front from being FNC1.
    let unescaped =
        if linear.trim_start_matches('\\').starts_with('^') { linear.strip_prefix('\\') } else { None };
    let data = match unescaped {
        Some(plain) => Data::Text(plain),
        None if linear.starts_with('^') => Data::ElementString(&raw),
        None => Data::Text(&checked),
    };
    let composite = composite.map(|composite| separators(&composite));
    let got = transmit(carrier, data, composite.as_deref());
    Outcome::equal(got.ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()), expected(case))
}

fn human_readable(case: &Value) -> Outcome {
    let identifiers = if option(case, "permit_unknown_ais") { Identifiers::Any } else { Identifiers::Known };
    let read = |part: &str| match part {
        link if link.starts_with("http") => digital_link::read(link),
        bracketed if bracketed.starts_with('(') => gs1::read_bracketed(bracketed, identifiers),
        raw => gs1::read_element_string_with(&separators(raw), identifiers),
    };
    let parts: Result<Vec<Vec<Element>>, CodeError> = text(case, "input").split('|').map(read).collect();
    let lines = parts.map(|parts| gs1::human_readable(&parts.concat(), option(case, "data_titles")));
    let expected =
        cases(case, "expected").iter().filter_map(|line| line.as_str().map(str::to_owned)).collect();
    Outcome::equal(lines.ok(), Some(expected))
}

fn check_digits(case: &Value) -> Outcome {
    let (body, digit) = text(case, "input").split_at(text(case, "input").len() - 1);
    let expected = text(case, "expected").to_owned();
    let got = check_digit(body).map(String::from).unwrap_or_default();
    Outcome::equal((got == digit, got), (case["valid"] == true, expected))
}

/// The rows of a CSV file.
fn rows(path: &Path) -> Vec<Vec<String>> {
    let read = csv::Reader::from_path(path).and_then(|mut reader| {
        reader.records().map(|row| Ok(row?.iter().map(str::to_owned).collect())).collect()
    });
    read.unwrap_or_else(|error| {
        eprintln!("{}: {error}", path.display());
        Vec::new()
    })
}

/// `ai,title,predefined_length,…,min_len,max_len,…`: the identifier is known and holds as much.
fn identifier(row: &Vec<String>) -> Outcome {
    let [ai, .., least, most, _, _, _, _] = row.as_slice() else {
        return Outcome::Failed("a row with too few fields".into());
    };
    let (least, most): (usize, usize) = (least.parse().unwrap_or_default(), most.parse().unwrap_or_default());
    let kind = |length: usize| Element::new(ai, &"0".repeat(length)).err().map(|error| error.kind);
    let too_short = least == 1 || matches!(kind(least - 1), Some(CodeErrorKind::TooShort { .. }));
    Outcome::equal(
        (kind(0), too_short, kind(most + 1)),
        (Some(CodeErrorKind::EmptyValue), true, Some(CodeErrorKind::TooLong { most })),
    )
}

/// `rule,input,valid,expected_error,error_span,source`; the span has stars around what is wrong.
fn component_rule(row: &Vec<String>) -> Outcome {
    let [rule, input, valid, error, span, ..] = row.as_slice() else {
        return Outcome::Failed("a row with too few fields".into());
    };
    let input = input.as_bytes();
    let checked = match rule.as_str() {
        "csetnumeric" => CharacterSet::Digits.check(input),
        "cset39" => CharacterSet::Set39.check(input),
        "cset64" => CharacterSet::Set64.check(input),
        "cset82" => CharacterSet::Set82.check(input),
        "gcppos1" | "gcppos2"
            if error == "INVALID_GCP_PREFIX" && input.iter().filter(|b| b.is_ascii_digit()).count() >= 7 =>
        {
            return Outcome::Skipped(
                "needs a register of company prefixes, which the vector's own test pretends to have",
            );
        }
        name => match rule_named(name) {
            Some(rule) => rule.check(input),
            None => return Outcome::Skipped("this rule is not known here"),
        },
    };
    let place = checked.as_ref().err().map(|fault| fault.at);
    let expected_place =
        span.find('*').filter(|_| valid == "false" && !error.contains("CSET") && !error.contains("LONG"));
    if valid == "false" && expected_place.is_some() && checked.is_err() {
        return Outcome::equal(place, expected_place);
    }
    Outcome::equal(checked.is_ok(), valid == "true")
}

fn rule_named(name: &str) -> Option<Rule> {
    Some(match name {
        "csum" => Rule::CheckDigit,
        "csumalpha" => Rule::CheckPair,
        "gcppos1" => Rule::CompanyPrefix,
        "gcppos2" => Rule::CompanyPrefixSecond,
        "hasnondigit" => Rule::HasNonDigit,
        "hh" => Rule::Hour,
        "hhmi" => Rule::Time,
        "iso3166" => Rule::Country,
        "iso3166999" => Rule::CountryOr999,
        "iso3166alpha2" => Rule::CountryLetters,
        "iso4217" => Rule::Currency,
        "mi" => Rule::Minute,
        "nonzero" => Rule::NonZero,
        "nozeroprefix" => Rule::NoZeroPrefix,
        "pcenc" => Rule::PercentEncoded,
        "pieceoftotal" => Rule::PieceOfTotal,
        "ss" => Rule::Second,
        "yesno" => Rule::YesNo,
        "yymmd0" => Rule::DateOrMonth,
        "yymmdd" => Rule::Date,
        "yyyymmd0" => Rule::LongDateOrMonth,
        "yyyymmdd" => Rule::LongDate,
        "zero" => Rule::Zero,
        _ => return None,
    })
}
