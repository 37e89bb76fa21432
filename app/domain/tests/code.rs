//! Codes: a table of readings, and what must hold for any bytes.

use domain::code::digital_link;
use domain::code::gs1::{self, Identifiers};
use domain::code::key::{Gln, Gtin, Sscc, check_digit};
use domain::code::{Code, CodeError, CodeKey, Element, How, check_associations, read, read_at};
use domain::text::Said;
use proptest::prelude::*;

/// The bytes that a field of the table stands for.
fn unescaped(field: &str) -> Vec<u8> {
    let marks = [
        ("\\\\", "\u{1}"),
        ("\\n", "\n"),
        ("\\r", "\r"),
        ("\\t", "\t"),
        ("\\u0000", "\0"),
        ("^", "\u{1d}"),
        ("\u{1}", "\\"),
    ];
    marks.iter().fold(field.to_owned(), |text, (mark, meant)| text.replace(mark, meant)).into_bytes()
}

/// A word of an enum as it is written in JSON.
fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn described(result: &Result<Code, CodeError>) -> Vec<String> {
    match result {
        Ok(code) => {
            let keys: Vec<String> =
                code.keys().iter().map(|key| key.to_string().replace('\n', "\\n")).collect();
            let notes: Vec<String> = code.notes.iter().map(|note| word(note.kind)).collect();
            let mut fields = vec![word(code.how), keys.join("  ")];
            fields.extend((!notes.is_empty()).then(|| notes.join("  ")));
            fields
        }
        Err(error) => {
            let kind =
                serde_json::to_value(error).ok().and_then(|json| json["error"].as_str().map(str::to_owned));
            let ai = error.ai.as_ref().map(|ai| format!(" in {ai}")).unwrap_or_default();
            vec![format!("error {} @{}{ai}", kind.unwrap_or_default(), error.position)]
        }
    }
}

#[test]
fn c01_every_code_of_the_table_is_read_as_the_table_says() {
    let mut wrong = Vec::new();
    for (number, line) in include_str!("code/readings.txt").lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let fields: Vec<&str> =
            line.split(';').map(|field| field.strip_prefix(' ').unwrap_or(field)).collect();
        let fields: Vec<&str> = fields.iter().map(|field| field.strip_suffix(' ').unwrap_or(field)).collect();
        let [symbology, bytes, expected @ ..] = fields.as_slice() else {
            panic!("line {}: too few fields", number + 1)
        };
        let symbology = Some(*symbology).filter(|symbology| *symbology != "-");
        let got = described(&read(symbology, &unescaped(bytes)));
        if got != expected {
            wrong.push(format!("line {}: {line}\n   got: {}", number + 1, got.join(" ; ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_error_names_place_and_mend_in_both_languages() {
    let error = read(Some("]C1"), b"00006141411234567891").expect_err("a wrong check digit");
    assert_eq!(
        error.said().en,
        "At character 20, in (00): the check digit does not fit; for the digits before it it would be 0. Compare them with the label."
    );
    assert!(error.said().zh.starts_with("第 20 个字符，(00) 中："));
    let json = serde_json::to_value(&error).expect("JSON");
    assert_eq!(
        json,
        serde_json::json!({ "position": 19, "error": "check_digit", "expected": "0", "ai": "00" })
    );
}

#[test]
fn digits_with_another_check_digit_are_kept_and_never_corrected() {
    let code = read(None, b"9506000134353").expect("text");
    assert_eq!((code.how, code.text.as_str()), (How::Text, "9506000134353"));
    assert!(code.notes[0].said.en.contains("would be 2"), "{}", code.notes[0].said);
    assert_eq!(code.keys(), [CodeKey::text("9506000134353")]);
}

#[test]
fn dates_are_resolved_only_when_the_year_is_known() {
    let date = |code: &Code| code.elements[1].date.map(|date| date.to_string());
    let bytes = b"010950600013435217280200";
    assert_eq!(date(&read(Some("]C1"), bytes).expect("code")), None);
    assert_eq!(date(&read_at(Some("]C1"), bytes, 2026).expect("code")).as_deref(), Some("2028-02"));
    assert_eq!(
        date(&read_at(Some("]C1"), b"010950600013435211991231", 2026).expect("code")).as_deref(),
        Some("1999-12-31")
    );
}

#[test]
fn one_thing_has_one_key_however_it_was_scanned() {
    let readings: [(Option<&str>, &[u8]); 6] = [
        (Some("]C1"), b"010950600013435210LOT-7"),
        (Some("]d2"), b"]d2010950600013435210LOT-7\x1d"),
        (None, b"(01)09506000134352(10)LOT-7"),
        (None, "（01）09506000134352（10）LOT-7".as_bytes()),
        (None, b"010950600013435210LOT-7"),
        (Some("]Q1"), b"https://toys.example/01/09506000134352/10/LOT-7"),
    ];
    let gtin = Gtin::parse("9506000134352").expect("GTIN");
    for (symbology, bytes) in readings {
        let code = read(symbology, bytes).expect("code");
        assert_eq!(code.keys()[..2], [CodeKey::gtin_lot(&gtin, "LOT-7"), CodeKey::gtin(&gtin)]);
        assert_eq!(code.original.0, bytes);
    }
}

#[test]
fn keys_made_for_storage_are_those_that_a_scan_looks_up() {
    let sscc = Sscc::new(3, "9506000", 42).expect("SSCC");
    let scanned = read(Some("]C1"), format!("00{sscc}").as_bytes()).expect("code");
    assert_eq!(scanned.keys(), [CodeKey::sscc(&sscc)]);
    let gln = Gln::parse("9506000134376").expect("GLN");
    assert!(read(None, b"9506000134376").expect("code").keys().contains(&CodeKey::gln(&gln)));
    let gtin = Gtin::parse("09506000134352").expect("GTIN");
    let scanned = read(Some("]C1"), b"010950600013435221S1").expect("code");
    assert_eq!(scanned.keys()[0], CodeKey::gtin_serial(&gtin, "S1"));
}

#[test]
fn pair_rules_hold_over_all_symbols_of_a_label_together() {
    let linear = read(Some("]C1"), b"00006141411234567890").expect("code").elements;
    let contents = read(Some("]C1"), b"02095060001343523724\x1d10LOT-7").expect("code").elements;
    assert!(check_associations(&contents).is_err());
    assert_eq!(check_associations(&[contents.clone(), linear].concat()), Ok(()));
    let other = Element::new("10", "LOT-8").expect("element");
    let error = check_associations(&[contents, vec![other]].concat()).expect_err("two lot codes");
    assert!(error.said().en.contains("(37)") || error.said().en.contains("(10)"), "{error}");
}

#[test]
fn a_code_larger_than_any_symbol_is_refused_before_it_costs_anything() {
    let error = read(None, &b"(99)A".repeat(100_000)).expect_err("too large");
    assert_eq!(described(&Err(error)), ["error too_large @8192"]);
}

/// Values of some identifiers of every shape, right by construction.
fn element() -> impl Strategy<Value = Element> {
    let checked = |ai: &'static str, length: usize| {
        proptest::string::string_regex(&format!("[0-9]{{{}}}", length - 1)).expect("pattern").prop_map(
            move |body| {
                let digit = check_digit(&body).expect("digits");
                (ai, format!("{body}{digit}"))
            },
        )
    };
    let set_82 = "[!\"%&'()*+,./0-9:;<=>?A-Z_a-z-]";
    let like = |ai: &'static str, pattern: String| {
        proptest::string::string_regex(&pattern).expect("pattern").prop_map(move |value| (ai, value))
    };
    let parts = prop_oneof![
        checked("00", 18),
        checked("01", 14),
        checked("02", 14),
        checked("410", 13),
        checked("414", 13),
        checked("402", 17),
        like("10", format!("{set_82}{{1,20}}")),
        like("21", format!("{set_82}{{1,20}}")),
        like("240", format!("{set_82}{{1,30}}")),
        like("400", format!("{set_82}{{1,30}}")),
        like("99", format!("{set_82}{{1,90}}")),
        like("37", "[0-9]{1,8}".into()),
        like("3103", "[0-9]{6}".into()),
        like("17", "[0-9]{2}(0[1-9]|1[0-2])(0[0-9]|1[0-9]|2[0-8])".into()),
        like("8008", "[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9])([01][0-9])([0-5][0-9])?".into()),
        like("421", "(156|840|276)[A-Z0-9]{1,9}".into()),
        like("8030", "[A-Za-z0-9_-]{1,90}".into()),
    ];
    parts.prop_map(|(ai, value)| {
        Element::new(ai, &value).unwrap_or_else(|error| panic!("({ai}){value}: {error}"))
    })
}

fn symbology() -> impl Strategy<Value = Option<String>> {
    let known = prop::sample::select(vec![
        "]C1", "]C0", "]e0", "]d2", "]d1", "]Q3", "]Q1", "]J1", "]E0", "]E4", "]I1", "]I0", "]A0",
    ]);
    prop_oneof![Just(None), known.prop_map(|known| Some(known.to_owned())), any::<String>().prop_map(Some)]
}

/// Texts that get far into the readers before something is wrong.
fn nearly_a_code() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::sample::select(vec![
        "01",
        "00",
        "10",
        "21",
        "17",
        "8008",
        "8026",
        "3103",
        "9506000134352",
        "006141411234567890",
        "261131",
        "(",
        ")",
        "（",
        "\\(",
        "\u{1d}",
        "<GS>",
        "]C1",
        "|]e0",
        "https://",
        "http://a/",
        "/",
        "?",
        "&",
        "=",
        "%",
        "%00",
        "%4",
        "#",
        " ",
        "é",
        "批",
        "\u{feff}",
        "０１",
        "-",
        "LOT",
    ]);
    prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat().into_bytes())
}

fn both_languages_say_something(said: &Said) -> bool {
    [&said.en, &said.zh]
        .iter()
        .all(|text| !text.is_empty() && !text.contains("{why}") && !text.contains("{place}"))
}

fn holds_for_any_input(symbology: Option<&str>, bytes: &[u8]) -> Result<(), TestCaseError> {
    match read_at(symbology, bytes, 2026) {
        Ok(code) => {
            prop_assert!(!code.keys().is_empty());
            prop_assert!(!code.label().is_empty());
            prop_assert_eq!(&code.original.0, &bytes);
            prop_assert!(code.notes.iter().all(|note| both_languages_say_something(&note.said)));
            let json = serde_json::to_string(&code).expect("JSON");
            prop_assert_eq!(serde_json::from_str::<Code>(&json).expect("code"), code);
        }
        Err(error) => {
            prop_assert!(error.position <= bytes.len(), "{} of {}", error.position, bytes.len());
            prop_assert!(both_languages_say_something(&error.said()));
            prop_assert!(serde_json::to_string(&error).is_ok());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn no_bytes_make_the_reader_panic(symbology in symbology(), bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        holds_for_any_input(symbology.as_deref(), &bytes)?;
    }

    #[test]
    fn no_text_makes_the_reader_panic(symbology in symbology(), text in any::<String>()) {
        holds_for_any_input(symbology.as_deref(), text.as_bytes())?;
    }

    #[test]
    fn nothing_that_looks_like_a_code_makes_the_reader_panic(symbology in symbology(), bytes in nearly_a_code()) {
        holds_for_any_input(symbology.as_deref(), &bytes)?;
    }

    #[test]
    fn a_damaged_code_does_not_make_the_reader_panic(
        elements in prop::collection::vec(element(), 1..5), at in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let mut bytes = gs1::element_string(&elements);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        holds_for_any_input(Some("]C1"), &bytes)?;
        holds_for_any_input(None, &bytes)?;
    }

    #[test]
    fn every_written_element_string_reads_back(elements in prop::collection::vec(element(), 1..6)) {
        let raw = gs1::element_string(&elements);
        prop_assert_eq!(&gs1::read_element_string(&raw).expect("raw"), &elements);
        prop_assert_eq!(&read(Some("]d2"), &raw[1..]).expect("transmission").elements, &elements);
        let wedge: String = raw.iter().skip(1).map(|&byte| if byte == 0x1d { "{GS}".into() } else { char::from(byte).to_string() }).collect();
        prop_assert_eq!(&read(Some("]C1"), wedge.as_bytes()).expect("wedge").elements, &elements);
        let bracketed = gs1::bracketed(&elements);
        prop_assert_eq!(&gs1::read_bracketed(&bracketed, Identifiers::Known).expect("bracketed"), &elements);
        prop_assert_eq!(read(None, bracketed.as_bytes()).expect("typed").label(), bracketed);
    }

    #[test]
    fn every_written_digital_link_reads_back(elements in prop::collection::vec(element(), 1..6)) {
        // Some sets of elements are no link: no key, or an identifier that may not stand in one.
        if let Ok(link) = digital_link::write("https://toys.example/stem", &elements) {
            let mut back = digital_link::read(&link).expect("link");
            let mut given = elements;
            for set in [&mut back, &mut given] {
                set.sort_by(|left, right| left.ai.cmp(&right.ai));
                set.dedup();
            }
            prop_assert_eq!(back, given, "{}", link);
        }
    }

    #[test]
    fn plain_text_keeps_its_case_and_inner_spaces(text in "[A-Za-z][A-Za-z0-9 ./#_-]{0,24}[A-Za-z0-9]") {
        let code = read(None, format!(" {text}\r\n").as_bytes()).expect("text");
        prop_assert_eq!(code.how, How::Text);
        prop_assert_eq!(code.keys(), [CodeKey::text(&text)]);
    }
}
