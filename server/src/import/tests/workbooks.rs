//! Workbooks taken in: what is read of a cell, what is told, what is refused and where.

use super::{Desk, person, zipped};
use crate::import::{
    preview::{Choices, preview},
    propose::{Lesson, signature},
    report::Report,
    rows::Setting,
    source::{Limits, Sources},
};
use domain::{
    import::{DayOrder, Learned, Mapping, Preview, SheetSeen, To},
    time::{Time, Zone},
};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use std::{convert::Infallible, fs, path::PathBuf};

/// A workbook of one sheet.
fn sheet(name: &str, fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(name).expect("a name");
    fill(sheet);
    workbook.save_to_buffer().expect("written")
}

fn row(sheet: &mut Worksheet, row: u32, cells: &[&str]) {
    for (column, text) in cells.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
        let column = u16::try_from(column).expect("a column");
        sheet.write_string(row, column, *text).expect("written");
    }
}

fn day(sheet: &mut Worksheet, row: u32, column: u16, (year, month, date): (u16, u8, u8)) {
    let day = ExcelDateTime::from_ymd(year, month, date).expect("a day");
    let format = Format::new().set_num_format("yyyy/m/d");
    sheet.write_datetime_with_format(row, column, &day, &format).expect("written");
}

/// The parts of a workbook, each as somebody changes it.
fn rewritten(workbook: &[u8], change: impl Fn(&str, String) -> String) -> Vec<u8> {
    use std::io::Read;
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(workbook)).expect("a zip");
    let mut parts = vec![];
    for i in 0..zip.len() {
        let mut part = zip.by_index(i).expect("a part");
        let name = part.name().expect("a name").into_owned();
        let mut text = String::new();
        part.read_to_string(&mut text).expect("text");
        let text = change(&name, text);
        parts.push((name, text.into_bytes()));
    }
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, text)| (&**name, &**text)).collect();
    zipped(&parts)
}

/// What factories hand in that a reader stumbles over, beyond CSV in UTF-8; on the desk's own goods.
pub(super) fn bad_input() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let cartons = |fill: &dyn Fn(&mut Worksheet)| {
        sheet("cartons", |sheet| {
            row(sheet, 0, &["carton", "batch", "pieces", "packed_on"]);
            fill(sheet);
        })
    };
    let formulas = cartons(&|sheet| {
        for (at, formula) in (1..).zip([Formula::new("=12*2").set_result("24"), Formula::new("=B1")]) {
            row(sheet, at, &[["C31", "C32"][at as usize - 1], "L1"]);
            sheet.write_formula(at, 2, formula).expect("written");
        }
        row(sheet, 3, &["C33", "L1"]);
        sheet.write_formula(3, 2, Formula::new("=A1").set_result("#REF!")).expect("written");
    });
    let formulas = rewritten(&formulas, |_, text| {
        text.replace("<f>B1</f><v>0</v>", "<f>B1</f>").replace("t=\"str\"><f>A1", "t=\"e\"><f>A1")
    });
    let merged = cartons(&|sheet| {
        row(sheet, 1, &["C34", "", "24"]);
        row(sheet, 2, &["C35", "", "24"]);
        sheet.merge_range(1, 1, 2, 1, "L1", &Format::new()).expect("merged");
    });
    let merged_header = sheet("cartons", |sheet| {
        sheet.merge_range(0, 0, 0, 1, "carton", &Format::new()).expect("merged");
        row(sheet, 0, &["", "", "batch"]);
        row(sheet, 1, &["C36", "x", "L1"]);
    });
    let days = cartons(&|sheet| {
        for (at, text) in (1..).zip(["2026年3月4日", "04.03.2026", "31.02.2026", "last Monday"]) {
            row(sheet, at, &[&format!("C{}", 40 + at), "L1", "24", text]);
        }
        day(sheet, 5, 0, (2026, 3, 4));
    });
    let from_1904 = |workbook: &[u8]| {
        rewritten(workbook, |_, text| text.replace("<workbookPr ", "<workbookPr date1904=\"1\" "))
    };
    let serials = from_1904(&cartons(&|sheet| {
        row(sheet, 1, &["C51", "L1", "24"]);
        day(sheet, 1, 3, (2022, 3, 3));
        row(sheet, 2, &["C52", "L1", "24"]);
        sheet.write_number(2, 3, 3_000_000).expect("written");
    }));
    let twice = sheet("cartons", |sheet| row(sheet, 0, &["carton", "batch", "pieces", "batch"]));
    let bomb = rewritten(&cartons(&|_| ()), |name, text| match name {
        "xl/sharedStrings.xml" => {
            format!("<sst>{}</sst>", format!("<si><t>{}</t></si>", "a".repeat(1000)).repeat(1 << 15))
        }
        _ => text,
    });
    let claims = rewritten(&cartons(&|_| ()), |_, text| {
        text.replace("uniqueCount=\"4\"", "uniqueCount=\"99999999999999\"")
    });
    let gb18030 = encoding_rs::GB18030.encode("place,name,role\nF8,东莞玩具厂,castle\n").0.into_owned();
    vec![
        ("formulas with a result, without one, and gone wrong", "formulas.xlsx", formulas),
        ("merged cells", "merged.xlsx", merged),
        ("a merge across the columns' names", "merged.xlsx", merged_header),
        ("days as text, and a code that became a day", "days.xlsx", days),
        ("days from 1904, and one that never was", "serials.xlsx", serials),
        ("a header twice in a workbook", "twice.xlsx", twice),
        ("a workbook that is a bomb", "bomb.xlsx", bomb),
        ("a workbook that claims more texts than it has", "claims.xlsx", claims),
        ("a table in GB18030 with a bad row", "places.csv", gb18030),
    ]
}

impl Desk {
    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.join(name);
        fs::write(&path, bytes).expect("written");
        path
    }

    async fn takes_workbook(&self, bytes: &[u8]) -> Report {
        let path = self.file("orders.xlsx", bytes);
        self.takes_files(super::ImportArgs { paths: vec![path], ..Default::default() }).await
    }

    pub(super) fn sees(&self, name: &str, bytes: &[u8], choices: &Choices) -> Preview {
        let path = self.file(name, bytes);
        let sources = Sources::of_file(&path, name, Limits::default());
        let setting =
            Setting { brand: self.brand, zone: Zone::UTC, now: Time(0), not_after: None, source: None };
        let seen = preview(&sources, choices, &setting, |_| Ok::<_, Infallible>(vec![]));
        seen.unwrap_or_else(|never| match never {})
    }
}

fn reasons(seen: &SheetSeen) -> Vec<(&str, Option<&str>)> {
    seen.bad.iter().map(|bad| (&*bad.reason, bad.cell.as_deref())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn c19_the_same_batch_from_csv_and_from_a_workbook_is_the_same_record() {
    let desk = Desk::new().await;
    let first = desk.takes(&super::GOODS).await;
    assert!(first.is_clean(), "{first:?}");
    let head = desk.head().await;
    let mut workbook = Workbook::new();
    let places = workbook.add_worksheet().set_name("places").expect("a name");
    for (at, cells) in
        [["place", "name", "role", "country"], ["F1", "Factory one", "factory", "CN"]].iter().enumerate()
    {
        row(places, at as u32, cells);
    }
    let batches = workbook.add_worksheet().set_name("Batches").expect("a name");
    row(batches, 0, &["quantity", "trade_item", "lot_code", "factory", "produced_to", "batch"]);
    row(batches, 1, &["", "TRAIN", "L1", "F1", "", "L1"]);
    batches.write_number(1, 0, 100).expect("written");
    day(batches, 1, 4, (2026, 2, 1));
    let cartons = workbook.add_worksheet().set_name("cartons").expect("a name");
    row(cartons, 0, &["carton", "batch", "pieces", "packed_on"]);
    row(cartons, 1, &["C2", "L1", "24", "2026/2/3"]);
    let again = desk.takes_workbook(&workbook.save_to_buffer().expect("written")).await;
    assert!(again.is_clean(), "{again:?}");
    assert_eq!((again.total().written, again.total().already), (0, 3));
    assert_eq!(desk.head().await, head);
}

#[tokio::test(flavor = "multi_thread")]
async fn c19_days_come_out_of_either_epoch() {
    let desk = Desk::new().await;
    let written = sheet("batches", |sheet| {
        row(sheet, 0, &["trade_item", "lot_code", "produced_to", "produced_from"]);
        row(sheet, 1, &["TRAIN", "L1"]);
        day(sheet, 1, 2, (2026, 3, 4));
        sheet.write_number(1, 3, 46_084).expect("written");
    });
    let seen = desk.sees("of_1900.xlsx", &written, &Choices::default());
    assert_eq!(seen.sheets[0].first[0].1, ["TRAIN", "L1", "2026-03-04", "2026-03-03"]);
    let of_1904 = rewritten(&written, |name, text| match name {
        "xl/workbook.xml" => text.replace("<workbookPr ", "<workbookPr date1904=\"1\" "),
        _ => text.replace(">46085<", ">44623<").replace(">46084<", ">44622<"),
    });
    let seen = desk.sees("of_1904.xlsx", &of_1904, &Choices::default());
    assert_eq!(seen.sheets[0].first[0].1, ["TRAIN", "L1", "2026-03-04", "2026-03-03"]);
    assert!(seen.sheets[0].notes.iter().any(|note| note.en.contains("1904")), "{:?}", seen.sheets[0].notes);
}

#[tokio::test(flavor = "multi_thread")]
async fn c19_a_bad_cell_is_told_by_its_address_and_good_rows_land() {
    let desk = Desk::new().await;
    desk.takes(&super::GOODS).await;
    let workbook = sheet("cartons", |sheet| {
        row(sheet, 0, &["carton", "batch", "pieces", "packed_on"]);
        for (at, carton) in (1..=9).zip(["", "C11", "C12", "C13", "C14", "C15", "C16", "C17", "C18"]) {
            row(sheet, at, &[carton, "L1", "24", "2026-03-04"]);
        }
        sheet.write_number(1, 0, 106_141_410_000_000_008_f64).expect("written");
        sheet.write_formula(2, 2, Formula::new("=12*2").set_result("24")).expect("written");
        sheet.write_formula(3, 2, Formula::new("=A1").set_result("#REF!")).expect("written");
        day(sheet, 4, 0, (2026, 3, 4));
        sheet.merge_range(5, 1, 6, 1, "L1", &Format::new()).expect("merged");
        sheet.write_string(7, 3, "04.03.2026").expect("written");
        sheet.write_number(8, 0, 17).expect("written");
        sheet.write_string(9, 6, "looked at by Li").expect("written");
        sheet.set_row_hidden(9).expect("hidden");
        sheet.set_column_hidden(3).expect("hidden");
    });
    // The result of a formula that calculated is a number or text; that of one that did not is an error.
    let workbook = rewritten(&workbook, |_, text| {
        text.replace("<c r=\"C4\"><f>", "<c r=\"C4\" t=\"e\"><f>").replace("t=\"str\"><f>A1", "t=\"e\"><f>A1")
    });
    let seen = desk.sees("cartons.xlsx", &workbook, &Choices::default());
    let seen = &seen.sheets[0];
    assert_eq!(
        reasons(seen),
        [
            ("damaged_number", Some("A2")),
            ("broken_formula", Some("C4")),
            ("made_a_day", Some("A5")),
            ("merged_cells", Some("B6:B7")),
            ("merged_cells", Some("B6:B7")),
            ("two_days", Some("D8")),
        ]
    );
    assert_eq!((seen.counts.rows, seen.counts.bad, seen.counts.new), (9, 6, 3));
    let notes: Vec<&str> = seen.notes.iter().map(|note| &*note.en).collect();
    for told in
        ["1 rows are hidden", "Hidden columns: D", "1 cells hold formulas", "1 codes are stored", "G10"]
    {
        assert!(notes.iter().any(|note| note.contains(told)), "{told}: {notes:?}");
    }
    let report = desk.takes_workbook(&workbook).await;
    assert_eq!((report.total().written, report.total().refused), (3, 6), "{report:?}");
    let problem = &report.files[0].problems[0];
    assert_eq!((problem.cell.as_deref(), problem.line), (Some("A2"), Some(2)));
}

#[tokio::test(flavor = "multi_thread")]
async fn c19_a_formula_without_a_result_is_refused_by_its_cell() {
    let desk = Desk::new().await;
    let workbook = sheet("places", |sheet| {
        row(sheet, 0, &["place", "name", "role"]);
        row(sheet, 1, &["F1", "", "factory"]);
        sheet.write_formula(1, 1, "=A2").expect("written");
    });
    let workbook = rewritten(&workbook, |_, text| text.replace("<f>A2</f><v>0</v>", "<f>A2</f>"));
    let seen = desk.sees("places.xlsx", &workbook, &Choices::default());
    assert_eq!(reasons(&seen.sheets[0]), [("formula_without_result", Some("B2"))]);
}

#[tokio::test(flavor = "multi_thread")]
async fn c19_titles_above_the_columns_are_left_out_and_told() {
    let desk = Desk::new().await;
    let workbook = sheet("Sheet1", |sheet| {
        sheet.merge_range(0, 0, 0, 3, "东莞玩具厂", &Format::new()).expect("merged");
        row(sheet, 2, &["箱号", "批号", "数量", "颜色"]);
        row(sheet, 3, &["C1", "L1", "24", "红"]);
    });
    let seen = desk.sees("a.xlsx", &workbook, &Choices::default());
    let seen = &seen.sheets[0];
    assert_eq!((seen.mapping.table.as_str(), seen.mapping.header_row), ("cartons", 3));
    assert!(seen.notes.iter().any(|note| note.en.contains("A1:D1")), "{:?}", seen.notes);
    assert!(!seen.is_ready(), "nobody said what 颜色 is");
    assert_eq!(seen.first, [(4, ["C1", "L1", "24"].map(String::from).to_vec())]);
    let merged_header = sheet("cartons", |sheet| {
        row(sheet, 0, &["carton", "", "batch"]);
        sheet.merge_range(0, 0, 0, 1, "carton", &Format::new()).expect("merged");
        row(sheet, 1, &["C1", "x", "L1"]);
    });
    let seen = desk.sees("b.xlsx", &merged_header, &Choices::default());
    assert_eq!(reasons(&seen.sheets[0]), [("merged_header", Some("A1:B1"))]);
}

#[tokio::test(flavor = "multi_thread")]
async fn c19_a_header_twice_is_told_with_both_columns() {
    let desk = Desk::new().await;
    let workbook = sheet("cartons", |sheet| {
        row(sheet, 0, &["carton", "batch", "pieces", "batch"]);
        row(sheet, 1, &["C1", "L1", "24", "L2"]);
    });
    let seen = desk.sees("twice.xlsx", &workbook, &Choices::default());
    let told = &seen.sheets[0].notes;
    assert!(told.iter().any(|note| note.en.contains("columns B and D")), "{told:?}");
    assert!(!seen.sheets[0].is_ready(), "nobody said which of the two counts");
    let report = desk.takes_workbook(&workbook).await;
    let problem = &report.files[0].problems[0];
    assert_eq!((&*problem.reason, problem.cell.as_deref()), ("duplicated_header", Some("D1")));
    assert!(problem.said.en.contains("columns B and D"), "{}", problem.said.en);
    // Once somebody has left one of them out, the other counts.
    let mut mapping = seen.sheets[0].mapping.clone();
    mapping.columns[3].to = To::Ignored;
    let mappings = vec![(seen.sheets[0].name.clone(), mapping)];
    let seen = desk.sees("twice.xlsx", &workbook, &Choices { mappings, ..Choices::default() });
    assert_eq!((seen.sheets[0].is_ready(), &seen.sheets[0].first[0].1[1]), (true, &"L1".to_string()));
}

#[tokio::test(flavor = "multi_thread")]
async fn c19_hidden_sheets_are_told_and_left_out() {
    let desk = Desk::new().await;
    let mut workbook = Workbook::new();
    row(workbook.add_worksheet().set_name("notes").expect("a name"), 0, &["nothing here"]);
    let hidden = workbook.add_worksheet().set_name("places").expect("a name");
    row(hidden, 0, &["place", "name"]);
    row(hidden, 1, &["F9", "Nine"]);
    hidden.set_hidden(true);
    let workbook = workbook.save_to_buffer().expect("written");
    let seen = desk.sees("hidden.xlsx", &workbook, &Choices::default());
    assert!(seen.sheets.iter().all(SheetSeen::is_left_out), "{:?}", seen.sheets);
    let report = desk.takes_workbook(&workbook).await;
    assert_eq!(report.total().written, 0);
    assert!(report.files[1].notes.iter().any(|note| note.en.contains("hidden")), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn c19_a_mapping_learned_once_is_used_again_and_says_by_whom() {
    let desk = Desk::new().await;
    desk.takes(&super::GOODS).await;
    let table = "生产批次;货号;生产日期;产量;备忘\nL9;TRAIN;04.03.2026;1,200;x\n";
    let first = desk.sees("erp.csv", table.as_bytes(), &Choices { place: "F1".into(), ..Choices::default() });
    let mut mapping = first.sheets[0].mapping.clone();
    assert_eq!(mapping.table, "batches");
    mapping.columns[2].days = Some(DayOrder::DayFirst);
    mapping.columns[4].to = To::Ignored;
    let headers = ["产量", "备忘", "生产批次", "货号", "生产日期"];
    let learned = Learned { mapping: mapping.clone(), by: "Wen".into(), at: Time(0) };
    let lesson = Lesson { signature: signature(headers.into_iter()), learned };
    let again = Choices { place: "F1".into(), lessons: vec![lesson], ..Choices::default() };
    let seen = desk.sees("erp2.csv", table.as_bytes(), &again);
    let seen = &seen.sheets[0];
    assert!(seen.is_ready(), "{:?}", seen.mapping);
    assert_eq!(seen.learned.as_ref().map(|learned| &*learned.by), Some("Wen"));
    assert_eq!(seen.heads, ["lot_code", "trade_item", "produced_to", "quantity", "factory"]);
    assert_eq!(seen.first[0].1, ["L9", "TRAIN", "2026-03-04", "1200", "F1"]);
    // A mapping from a file does the same on the command line.
    let path = desk.file("mapping.json", &serde_json::to_vec(&mapping).expect("JSON"));
    let paths = vec![desk.file("erp.csv", table.as_bytes())];
    let args = super::ImportArgs { paths, mapping: Some(path), ..Default::default() };
    let report = desk.takes_files(args).await;
    assert_eq!((report.total().written, report.total().refused), (1, 0), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn c19_chinese_tables_are_read_in_their_own_encodings() {
    let desk = Desk::new().await;
    let text = "place,name,role\nF1,东莞玩具厂,factory\n";
    let gb18030 = encoding_rs::GB18030.encode(text).0.into_owned();
    let utf_16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for (bytes, told) in [(gb18030, "GB18030"), (utf_16, "UTF-16LE")] {
        let seen = desk.sees("places.csv", &bytes, &Choices::default());
        assert_eq!(seen.sheets[0].first[0].1, ["F1", "东莞玩具厂", "factory"]);
        assert!(seen.sheets[0].notes[0].en.contains(told), "{:?}", seen.sheets[0].notes);
    }
    let western = encoding_rs::WINDOWS_1252.encode("place,name\nF1,Müller\n").0.into_owned();
    let asked = desk.sees("places.csv", &western, &Choices::default());
    assert!(asked.encodings.contains(&"windows-1252".to_string()) && asked.refused.is_some());
    let told = Choices { encoding: Some("windows-1252".into()), ..Choices::default() };
    assert_eq!(desk.sees("places.csv", &western, &told).sheets[0].first[0].1, ["F1", "Müller"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn c19_a_workbook_that_is_a_bomb_does_not_go_off() {
    let desk = Desk::new().await;
    let good = sheet("places", |sheet| row(sheet, 0, &["place", "name"]));
    let with = |part: &'static str, text: String| {
        rewritten(&good, move |name, old| if name == part { text.clone() } else { old })
    };
    let long = format!("<si><t>{}</t></si>", "a".repeat(1000));
    let rows =
        format!("<row><c t=\"inlineStr\"><is><t>{}</t></is></c></row>", "a".repeat(1000)).repeat(1 << 15);
    let sheet_of = |inside: &str| format!("<worksheet><sheetData>{inside}</sheetData></worksheet>");
    let entity = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><sst><si><t>&a;</t></si></sst>".to_string();
    for (part, text, reason) in [
        ("xl/sharedStrings.xml", format!("<sst>{}</sst>", long.repeat(1 << 15)), "workbook_bomb"),
        (
            "xl/styles.xml",
            format!("<styleSheet>{}</styleSheet>", "<x/>".repeat(9 << 20)),
            "workbook_too_large",
        ),
        ("xl/worksheets/sheet1.xml", sheet_of(&rows), "workbook_bomb"),
        ("xl/worksheets/sheet1.xml", sheet_of(&" ".repeat(6 << 20)), "workbook_markup"),
        ("xl/worksheets/sheet1.xml", format!("<!DOCTYPE x>{}", sheet_of("")), "workbook_markup"),
        ("xl/sharedStrings.xml", entity, "workbook_markup"),
        ("xl/worksheets/sheet1.xml", "<worksheet><sheetData".into(), "workbook_damaged"),
    ] {
        let seen = desk.sees("bomb.xlsx", &with(part, text), &Choices::default());
        assert_eq!(seen.refused.map(|bad| bad.reason).as_deref(), Some(reason), "{part}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn c19_what_a_mapping_leaves_open_is_asked_for() {
    let desk = Desk::new().await;
    let table = b"Box,Lot No.\nC1,L1\n";
    let mapping = |pairs: &[(&str, To)]| {
        let columns = pairs.iter().map(|(header, to)| domain::import::Mapped {
            header: header.to_string(),
            to: to.clone(),
            unit: None,
            days: None,
        });
        Mapping { table: "cartons".into(), header_row: 1, columns: columns.collect(), ..Mapping::default() }
    };
    let column = |name: &str| To::Column(name.into());
    for (pairs, reason) in [
        (vec![("Box", column("carton")), ("Lot No.", To::Ignored)], "missing_header"),
        (vec![("Box", column("carton")), ("Lot No.", column("carton"))], "mapped_twice"),
        (vec![("Box", column("colour")), ("Lot No.", column("batch"))], "unknown_header"),
    ] {
        let mappings = vec![("boxes.csv".to_string(), mapping(&pairs))];
        let seen = desk.sees("boxes.csv", table, &Choices { mappings, ..Choices::default() });
        assert_eq!(seen.sheets[0].bad[0].reason, reason);
    }
    let warehouse = domain::person::Role::Warehouse;
    let choices = Choices { role: Some(warehouse), ..Choices::default() };
    let seen = desk.sees("batches.csv", b"trade_item,lot_code\nTRAIN,L1\n", &choices);
    assert!(seen.sheets[0].notes.iter().any(|note| note.en.contains("Your role")), "{}", person().name);
}
