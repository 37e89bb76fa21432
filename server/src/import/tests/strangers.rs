//! What strangers hand in: thousands of files that were good until something in them was changed, from a
//! fixed seed. None may stop the program, make more rows than it has bytes, or be told in one language only;
//! and whatever row is read says what another reader reads there.
//!
//! `LOTWALK_CASES=100000` looks for more than these.

use super::{
    Desk,
    spoilt::{self, Chance},
    zipped,
};
use crate::{
    document::{self, Asked},
    import::{
        encoding,
        grid::{self, Line, Value},
        plan::{self, Hints},
        preview::{Choices, preview},
        report::Problem,
        rows::{Rows, Setting},
        source::{Limits, Source, Sources},
    },
};
use domain::{
    event,
    import::{BadCell, Preview},
    text::Said,
    time::{Time, Zone},
};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use std::{convert::Infallible, fs, io::Read, sync::Arc};

fn cases(usual: u64) -> u64 {
    std::env::var("LOTWALK_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

const TABLES: [(&str, &str); 4] = [
    ("cartons.csv", "carton,batch,pieces,packed_on\nC1,L1,24,2026-02-03\n\"C\"\"2\",\"L,1\",1,2026/2/3\n"),
    (
        "生产.csv",
        "东莞市玩具厂;;;\r\n批号;货号;生产日期;数量\r\nA-1;TOY;2026年3月4日;1,200\r\nA-2;TOY;04.03.2026;１００\r\n",
    ),
    ("holding.csv", "event_time\tsubjects\taction\treason\n2026-03-01\tC1|C2\thold\t\"two\nlines\"\n"),
    (
        "places.csv",
        "place,name,role,country,codes\nF1,东莞工厂,factory,CN,(414)9506000134352\n\n,,,\nF2,Two,,,\n",
    ),
];

/// A table in each encoding that one may be in.
fn csv_seeds() -> Vec<(&'static str, Vec<u8>)> {
    let mut seeds = vec![];
    for (name, text) in TABLES {
        seeds.push((name, text.as_bytes().to_vec()));
        seeds.push((name, encoding_rs::GB18030.encode(text).0.into_owned()));
        seeds.push((name, ["\u{feff}", text].concat().encode_utf16().flat_map(u16::to_le_bytes).collect()));
    }
    seeds
}

/// A workbook with everything in it that a cell can be.
fn workbook() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let cartons = workbook.add_worksheet().set_name("cartons").expect("a name");
    cartons.merge_range(0, 0, 0, 3, "东莞玩具厂", &Format::new()).expect("merged");
    for (column, header) in ["箱号", "批号", "数量", "packed_on"].iter().enumerate() {
        cartons.write_string(1, column as u16, *header).expect("written");
    }
    let days = Format::new().set_num_format("yyyy-mm-dd");
    for row in 2..8 {
        cartons.write_string(row, 0, format!("C{row}")).expect("written");
        cartons.write_string(row, 1, "L1").expect("written");
        cartons.write_formula(row, 2, Formula::new("=12*2").set_result("24")).expect("written");
        let day = ExcelDateTime::from_ymd(2026, 3, 4).expect("a day");
        cartons.write_datetime_with_format(row, 3, &day, &days).expect("written");
    }
    cartons.set_row_hidden(4).expect("hidden");
    let places = workbook.add_worksheet().set_name("places").expect("a name");
    for (column, header) in ["place", "name", "role"].iter().enumerate() {
        places.write_string(0, column as u16, *header).expect("written");
        places.write_string(1, column as u16, "factory").expect("written");
    }
    places.write_number(2, 0, 106_141_410_000_000_008_f64).expect("written");
    places.write_boolean(2, 1, true).expect("written");
    workbook.save_to_buffer().expect("written")
}

fn parts(zip: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(zip)).expect("a zip");
    let count = zip.len();
    let part = |i| {
        let mut part = zip.by_index(i).expect("a part");
        let name = part.name().expect("a name").into_owned();
        let mut bytes = vec![];
        part.read_to_end(&mut bytes).expect("read");
        (name, bytes)
    };
    (0..count).map(part).collect()
}

fn in_both(said: &Said) {
    assert!(!said.en.trim().is_empty() && !said.zh.trim().is_empty(), "{said:?}");
}

fn told(problem: &Problem) {
    assert!(!problem.reason.is_empty());
    in_both(&problem.said);
}

/// Looks at a file in every way that an import does, and counts the rows that were read of it.
fn looked_at(desk: &Desk, name: &str, bytes: &[u8]) -> u64 {
    let path = desk.folder.join("stranger");
    fs::write(&path, bytes).expect("written");
    // What it unpacks to is bounded by its own size, beyond what any file may.
    let most = bytes.len() as u64 * 250 + (10 << 20);
    let sources = Sources::of_file(&path, name, Limits::default());
    sources.problems.iter().for_each(|(_, problem)| told(problem));
    let setting = Setting { brand: desk.brand, zone: Zone::UTC, now: Time(0), not_after: None, source: None };
    let seen = preview(&sources, &Choices::default(), &setting, |_| Ok::<_, Infallible>(vec![]));
    let Preview { refused, sheets, .. } = seen.unwrap_or_else(|never| match never {});
    let cells = sheets.iter().flat_map(|sheet| &sheet.bad).chain(&refused);
    cells.for_each(|BadCell { said, .. }| in_both(said));
    sheets.iter().flat_map(|sheet| &sheet.notes).for_each(in_both);
    let mut rows = sheets.iter().map(|sheet| sheet.counts.rows).sum::<u64>();
    assert!(rows <= most, "{rows} rows of {} bytes", bytes.len());
    let looked = plan::look(sources.tables.clone(), &Hints::default());
    looked.bad.iter().for_each(|(_, problem)| told(problem));
    for table in &looked.good {
        let read = Arc::default();
        let opened = Rows::open(&table.source, table.table, &table.known, None, setting.clone(), read);
        let Ok(made) = opened.inspect_err(told) else { continue };
        for made in made {
            rows += 1;
            match made {
                super::super::made::Made::Bad(_, problems) => problems.iter().for_each(told),
                super::super::made::Made::Unread(problem) => told(&problem),
                super::super::made::Made::Told(notes) => notes.iter().for_each(in_both),
                super::super::made::Made::Draft(prepared) => {
                    if let Err(refusal) = event::references(&prepared.draft) {
                        in_both(&refusal.said);
                    }
                }
            }
        }
    }
    rows
}

/// The cells of a CSV text that are not blank, as RFC 4180 has them, by another reader than the import's.
fn cells(text: &str, separator: char) -> Vec<Vec<(usize, String)>> {
    let (mut rows, mut row, mut cell, mut quoted) = (vec![], vec![], String::new(), false);
    let mut rest = text.chars().peekable();
    let mut begun = true;
    loop {
        let c = rest.next();
        match c {
            Some('"') if begun => quoted = true,
            Some('"') if quoted && rest.peek() == Some(&'"') => cell.extend(rest.next()),
            Some('"') if quoted => quoted = false,
            Some(c) if quoted => cell.push(c),
            Some(c) if c != separator && c != '\n' && c != '\r' => cell.push(c),
            ended => {
                row.push(std::mem::take(&mut cell));
                if ended != Some(separator) {
                    let filled = row.drain(..).enumerate().filter(|(_, cell)| !cell.trim().is_empty());
                    rows.push(filled.collect::<Vec<_>>());
                }
                begun = true;
                if ended.is_none() {
                    rows.retain(|row| !row.is_empty());
                    return rows;
                }
                continue;
            }
        }
        begun = false;
    }
}

fn lines(source: &Source) -> Option<Vec<Line>> {
    let known = plan::known(source, None).inspect_err(told).ok()?;
    grid::open(source, &known, Arc::default()).ok()?.collect::<Result<_, _>>().inspect_err(told).ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn c19_a_spoilt_table_is_read_as_it_stands_or_refused() {
    let desk = Desk::new().await;
    let (seeds, mut chance) = (csv_seeds(), Chance(19));
    let (mut taken, mut refused) = (0, 0);
    for case in 0..cases(2000) {
        let (name, good) = chance.one_of(&seeds);
        let bytes = spoilt::bytes(&mut chance, good);
        looked_at(&desk, name, &bytes);
        let path = desk.folder.join("stranger");
        let sources = Sources::of_file(&path, name, Limits::default());
        let Some(source) = sources.tables.first().filter(|source| source.sheet().is_none()) else { continue };
        let Some(lines) = lines(source) else {
            refused += 1;
            continue;
        };
        taken += 1;
        let Ok(grid::Known::Csv(survey)) = plan::known(source, None) else { continue };
        let (text, _, failed) = survey.encoding.decode(&bytes);
        assert!(!failed, "case {case}: {}", encoding::named(survey.encoding));
        // A mark that stands there twice is left out twice.
        let other = cells(text.trim_start_matches('\u{feff}'), char::from(survey.separator));
        let read: Vec<Vec<(usize, String)>> = lines
            .iter()
            .map(|line| {
                let text = |cell: &grid::Cell| match &cell.value {
                    Value::Text(text) => text.clone(),
                    // A formula is not read, and said to be none.
                    _ => String::new(),
                };
                line.cells.iter().map(|cell| (cell.column, text(cell))).collect()
            })
            .collect();
        let formula = |cell: &str| cell.trim_start().starts_with('=');
        let other: Vec<Vec<(usize, String)>> = other
            .into_iter()
            .map(|row| {
                row.into_iter().map(|(n, c)| (n, if formula(&c) { String::new() } else { c })).collect()
            })
            .collect();
        assert_eq!(read, other, "case {case}: {:?}", String::from_utf8_lossy(&bytes));
    }
    assert!(taken > refused / 10 && refused > 0, "{taken} taken, {refused} refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn c19_a_spoilt_workbook_stops_nothing() {
    let desk = Desk::new().await;
    let tables: Vec<(&str, &[u8])> = TABLES.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let seeds = [("a.xlsx", parts(&workbook())), ("pack.zip", parts(&zipped(&tables)))];
    let mut chance = Chance(1904);
    let (mut read, mut nothing) = (0_u64, 0_u64);
    for _ in 0..cases(250) {
        // Most of what can go wrong can go wrong in a workbook.
        let (name, parts) = &seeds[usize::from(chance.below(5) == 0)];
        let bytes = spoilt::zip(&mut chance, parts);
        match looked_at(&desk, name, &bytes) {
            0 => nothing += 1,
            _ => read += 1,
        }
    }
    assert!(read > 0 && nothing > 0, "{read} read, {nothing} not");
}

#[tokio::test(flavor = "multi_thread")]
async fn c19_every_cell_of_a_good_table_is_what_was_written() {
    let desk = Desk::new().await;
    let mut chance = Chance(4180);
    let signs: Vec<char> = "aZ09 ,;\"'=&<>|-_.东箱é\u{1f9f8}\n".chars().collect();
    for case in 0..cases(60) {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        // Quoted throughout: what stands in a cell must not look like another separator.
        let mut csv = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(vec![]);
        let mut written: Vec<Vec<(usize, String)>> = vec![];
        let width = 1 + chance.below(12);
        for row in 0..1 + chance.below(20) {
            let of_row: Vec<String> = (0..width)
                .map(|_| {
                    let text: String = (0..chance.below(9)).map(|_| *chance.one_of(&signs)).collect();
                    if text.trim_start().starts_with('=') { "x".into() } else { text }
                })
                .collect();
            for (column, text) in of_row.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
                sheet.write_string(row as u32, column as u16, text).expect("written");
            }
            csv.write_record(&of_row).expect("written");
            let filled = of_row.into_iter().enumerate().filter(|(_, text)| !text.trim().is_empty());
            written.push(filled.collect());
        }
        written.retain(|row| !row.is_empty());
        let files = [
            ("t.csv", csv.into_inner().expect("written")),
            ("t.xlsx", workbook.save_to_buffer().expect("written")),
        ];
        for (name, bytes) in files {
            let path = desk.folder.join(name);
            fs::write(&path, bytes).expect("written");
            let sources = Sources::of_file(&path, name, Limits::default());
            let read = lines(&sources.tables[0]).unwrap_or_default();
            let read: Vec<Vec<(usize, String)>> = read
                .iter()
                .map(|line| line.cells.iter().map(|cell| (cell.column, cell.value.to_string())).collect())
                .collect();
            assert_eq!(read, written, "case {case}: {name}");
        }
    }
}

#[test]
fn c19_a_spoilt_document_is_told_as_what_it_is_not() {
    let mut chance = Chance(32000);
    let mut seeds: Vec<Vec<u8>> = vec![
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\nxref\n0 2\n0000000000 65535 f \n\
          0000000009 00000 n \ntrailer\n<</Size 2/Root 1 0 R>>\nstartxref\n54\n%%EOF\n"
            .to_vec(),
        b"%PDF-1.5\n9 0 obj\n<</Type/XRef/Root 1 0 R/W[1 2 1]>>\nstream\n\nendstream\nstartxref\n9\n%%EOF"
            .to_vec(),
        b"\0\0\0\x18ftypheic\0\0\0\0".to_vec(),
    ];
    for format in [image::ImageFormat::Jpeg, image::ImageFormat::Png, image::ImageFormat::WebP] {
        let mut bytes = std::io::Cursor::new(vec![]);
        image::DynamicImage::from(image::RgbImage::new(9, 7)).write_to(&mut bytes, format).expect("written");
        seeds.push(bytes.into_inner());
    }
    assert!(seeds.iter().filter(|seed| document::check(seed, Asked::Document).is_ok()).count() == 5);
    for _ in 0..cases(5000) {
        let good = chance.one_of(&seeds);
        let bytes = spoilt::bytes(&mut chance, good);
        for asked in [Asked::Photo, Asked::Document] {
            match document::check(&bytes, asked) {
                Ok(kind) => assert_eq!(document::media_type(&bytes), Some(kind)),
                Err(refusal) => in_both(&refusal.said),
            }
            in_both(&asked.too_large(&bytes).said);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn c19_a_workbook_that_claims_more_texts_than_it_has_takes_no_memory() {
    let desk = Desk::new().await;
    let good = parts(&workbook());
    let with = |change: &dyn Fn(&str) -> Vec<u8>| {
        let changed: Vec<(String, Vec<u8>)> = good
            .iter()
            .map(|(name, bytes)| match name.ends_with("sharedStrings.xml") {
                true => (name.clone(), change(&String::from_utf8_lossy(bytes))),
                false => (name.clone(), bytes.clone()),
            })
            .collect();
        let borrowed: Vec<(&str, &[u8])> = changed.iter().map(|(name, bytes)| (&**name, &**bytes)).collect();
        zipped(&borrowed)
    };
    let claims = |count: &str| {
        let count = count.to_string();
        with(&move |text| {
            let (head, tail) = text.split_once("uniqueCount=\"").expect("a count");
            let (_, tail) = tail.split_once('"').expect("a number");
            format!("{head}uniqueCount = '{count}'{tail}").into_bytes()
        })
    };
    let reason = |bytes: &[u8]| {
        let seen = desk.sees("claims.xlsx", bytes, &Choices::default());
        seen.refused.map(|bad| bad.reason)
    };
    assert_eq!(reason(&claims("26000000")), None, "a wrong count alone is harmless");
    for count in ["100000000000000", "00000000000000000000009999999999", "18446744073709551615"] {
        assert_eq!(reason(&claims(count)).as_deref(), Some("workbook_markup"), "{count}");
    }
    // In UTF-16 every mark of XML would pass a look at the bytes.
    let hidden =
        with(&|text| ["\u{feff}", text].concat().encode_utf16().flat_map(u16::to_le_bytes).collect());
    assert_eq!(reason(&hidden).as_deref(), Some("workbook_markup"));
}
