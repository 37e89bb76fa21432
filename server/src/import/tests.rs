//! Packs taken in by a real ledger. What is refused, and in which words, stands in `refusals.txt`; run with
//! `LOTWALK_UPDATE=1` to write it anew, and read the difference.

mod spoilt;
mod strangers;
mod workbooks;

use super::{
    ImportArgs, Progress, Report, Setting, Target, pack, run,
    source::{Limits, Source, Sources},
};
use crate::demo;
use domain::{
    person::{Person, Role},
    text::Lang,
    time::{Zone, parse_with_zone},
};
use ledger::{BrandId, Ledger};
use std::{fmt::Write as _, fs, io::Write as _, path::PathBuf};

/// A ledger in a folder of its own, both gone with it.
struct Desk {
    ledger: Ledger,
    brand: BrandId,
    folder: PathBuf,
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn person() -> Person {
    Person { id: "p".into(), name: "Somebody".into(), role: Role::Administrator }
}

impl Desk {
    async fn new() -> Desk {
        let folder = std::env::temp_dir().join(format!("lotwalk-import-{:016x}", rand::random::<u64>()));
        fs::create_dir_all(&folder).expect("a folder");
        let ledger =
            Ledger::open(&format!("sqlite:{}", folder.join("l.sqlite").display())).await.expect("a ledger");
        let brand = ledger.create_brand("toys", "Toys").await.expect("a brand").id;
        Desk { ledger, brand, folder }
    }

    /// Imports tables given as name and bytes.
    async fn takes(&self, tables: &[(&str, &[u8])]) -> Report {
        let tables: Vec<Source> =
            tables.iter().map(|(name, bytes)| Source::embedded(name, bytes.to_vec().leak())).collect();
        let (now, _) = parse_with_zone("2026-11-01T00:00:00Z").expect("a time");
        let setting = Setting { brand: self.brand, zone: Zone::UTC, now, not_after: None, source: None };
        let person = person();
        let target = Target::Ledger(&self.ledger, self.brand, &person);
        pack(target, Sources::from(tables), setting, &mut Progress::silent()).await.expect("no fault")
    }

    /// Imports files.
    async fn takes_files(&self, args: ImportArgs) -> Report {
        let now = crate::clock::now();
        run(&self.ledger, self.brand, &person(), &args, now, Progress::silent()).await.expect("no fault")
    }

    async fn head(&self) -> (u64, String) {
        let head = self.ledger.checkpoint(self.brand).await.expect("a checkpoint");
        (head.size, head.root)
    }
}

const GOODS: [(&str, &[u8]); 5] = [
    ("places.csv", b"place,name,role,country\nF1,Factory one,factory,CN\nW1,Warehouse,warehouse,DE\n"),
    ("trade_items.csv", b"trade_item,name,codes_on_product\nTRAIN,Wooden train,(01)09506000134352\n"),
    ("material_lots.csv", b"material_lot,material,class,supplier,lot_code,received_on\nM1,Beech,other,Mill,M1,2026-01-02\n"),
    (
        "batches.csv",
        b"batch,trade_item,lot_code,factory,produced_to,quantity\n\
          L1,TRAIN,L1,F1,2026-02-01,100\nL2,TRAIN,L2,F1,2026-02-02,100\nL2-B,TRAIN,L2,F1,2026-02-03,100\n",
    ),
    ("cartons.csv", b"carton,batch,pieces,packed_on\nC1,L1,24,2026-02-03\nC1,batch:L2,4,2026-02-03\nC2,L1,24,2026-02-03\n"),
];

#[tokio::test(flavor = "multi_thread")]
async fn c19_importing_again_changes_nothing() {
    let desk = Desk::new().await;
    let first = desk.takes(&GOODS).await;
    assert!(first.is_clean(), "{first:?}");
    assert_eq!((first.total().rows, first.total().written, first.total().entries), (10, 10, 9));
    let head = desk.head().await;

    // The same rows with a byte order mark, other line ends, another separator and another order of columns.
    let trade_items = "\u{feff}Name;Codes on product;trade_item\r\nWooden train;(01)09506000134352;TRAIN\r\n";
    let mut again = GOODS;
    again[1].1 = trade_items.as_bytes();
    let second = desk.takes(&again).await;
    assert!(second.is_clean(), "{second:?}");
    assert_eq!((second.total().written, second.total().already), (0, 10));
    assert_eq!(desk.head().await, head);
}

#[tokio::test(flavor = "multi_thread")]
async fn c19_the_demo_is_taken_in_whole_and_once() {
    let desk = Desk::new().await;
    let first = demo::load(&desk.ledger, desk.brand).await.expect("no fault");
    assert!(first.is_clean(), "{first:?}");
    let head = desk.head().await;
    let second = demo::load(&desk.ledger, desk.brand).await.expect("no fault");
    assert_eq!((second.total().written, second.total().already), (0, first.total().rows));
    assert_eq!(desk.head().await, head);
    assert!(desk.ledger.verify(|_| {}).await.expect("no fault").findings.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn c19_good_rows_land_beside_a_bad_one() {
    let desk = Desk::new().await;
    desk.takes(&GOODS).await;
    let report = desk
        .takes(&[(
            "cartons.csv",
            b"carton,batch,pieces,packed_on\nC8,L1,24,2026-02-04\nC9,L7,24,2026-02-04\nC7,L1,24,2026-02-04\n",
        )])
        .await;
    let file = &report.files[0];
    assert_eq!((file.rows, file.written, file.refused), (3, 2, 1));
    let problem = &file.problems[0];
    assert_eq!((problem.line, problem.column.as_deref()), (Some(3), Some("batch")));
    // Mended, the row lands, and the others are not written twice.
    let mended = desk
        .takes(&[(
            "cartons.csv",
            b"carton,batch,pieces,packed_on\nC8,L1,24,2026-02-04\nC9,L1,24,2026-02-04\nC7,L1,24,2026-02-04\n",
        )])
        .await;
    assert_eq!((mended.total().written, mended.total().already, mended.total().refused), (1, 2, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn c19_a_dry_run_of_more_rows_than_the_book_is_asked_about_says_so() {
    let desk = Desk::new().await;
    let table = desk.folder.join("places.csv");
    let role = |n: u32| if n.is_multiple_of(1000) { "castle" } else { "factory" };
    let rows: String = (1..=6500).map(|n| format!("F{n},Place {n},{}\n", role(n))).collect();
    fs::write(&table, "place,name,role\n".to_string() + &rows).expect("written");
    let dry = ImportArgs { paths: vec![table.clone()], dry_run: true, ..ImportArgs::default() };
    let report = desk.takes_files(dry).await;
    let total = report.total();
    assert_eq!(desk.head().await.0, 0);
    assert_eq!((total.rows, total.written, total.already), (6500, 0, 0));
    // Whether a word is one that is offered only the book's own rules say.
    assert!(total.unasked >= 500 && total.refused >= 1, "{total:?}");
    assert_eq!(total.fit() + total.refused, 6500);
    for (lang, told) in [(Lang::En, "rows were checked by themselves only"), (Lang::Zh, "仅检查了自身内容")]
    {
        let mut words = Vec::new();
        report.write(lang, &mut words).expect("written");
        let words = String::from_utf8_lossy(&words).into_owned();
        assert!(words.contains(told) && words.contains(&total.unasked.to_string()), "{words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_several_files_are_told_in_the_order_of_their_times() {
    let desk = Desk::new().await;
    desk.takes(&GOODS).await;
    let holding =
        b"event_time,subjects,action,reason\n2026-03-01,C1,hold,odour\n2026-03-03,C1,release,fine\n";
    let shipping = b"event_time,shipment,units\n2026-03-02,S1,C1|C2\n2026-03-04,S2,C2\n";
    let report = desk.takes(&[("holding.csv", holding), ("shipping.csv", shipping)]).await;
    assert!(report.is_clean(), "{report:?}");
    // One was moved while held, the other was in another shipment.
    assert_eq!(report.total().discrepancies, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_workload_goes_through_the_same_door() {
    let desk = Desk::new().await;
    let tables = [
        ("products.csv", "product_id,gtin,name,revision\n1,09506000134352,Toy model 0001,R1\n"),
        (
            "material_lots.csv",
            "material_lot_id,code,material,supplier,received_on\n1,M1-000000,ABS resin,S,2026-01-01\n",
        ),
        (
            "batches.csv",
            "batch_id,lot_code,product_id,gtin,produced_on,line,quantity\n\
             1,L0000000A,1,09506000134352,2026-01-01,LINE1,48\n2,L0000001B,1,09506000134352,2026-01-02,LINE1,48\n",
        ),
        ("batch_materials.csv", "batch_id,material_lot_id\n1,1\n2,1\n"),
        (
            "cartons.csv",
            "carton_id,sscc,mark,batch_id,shipment_id,pieces\n1,106141410000000008,A-1,1,1,24\n2,006141410000000018,A-2,1,1,24\n3,006141410000000025,A-3,2,2,24\n",
        ),
        ("carton_lots.csv", "carton_id,batch_id,pieces\n1,1,24\n2,1,20\n2,2,4\n3,2,24\n"),
        (
            "relabels.csv",
            "carton_id,old_sscc,new_sscc,relabelled_on\n1,006141410000000001,106141410000000008,2026-01-08\n",
        ),
        (
            "shipments.csv",
            "shipment_id,reference,shipped_on,destination\n1,S1,2026-01-11,DE\n2,S2,2026-01-12,US\n",
        ),
    ];
    for (name, content) in tables {
        fs::write(desk.folder.join(name), content).expect("written");
    }
    let args = ImportArgs { workload: Some(desk.folder.clone()), ..ImportArgs::default() };
    let report = desk.takes_files(args.clone()).await;
    assert!(report.is_clean(), "{report:?}");
    assert_eq!(report.total().discrepancies, 0, "{report:?}");
    // 5 places, 1 product, 1 material lot, 2 batches, 3 cartons, 1 relabeling, 2 shipments.
    assert_eq!(report.total().entries, 15);
    let again = desk.takes_files(args).await;
    assert_eq!((again.total().written, again.total().already), (0, 15));
}

/// A zip of files, pressed together.
fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("begun");
        zip.write_all(content).expect("written");
    }
    zip.finish().expect("finished").into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_zip_is_a_folder_whatever_its_paths_say() {
    let desk = Desk::new().await;
    let file = desk.folder.join("pack.zip");
    fs::write(&file, zipped(&[("../../etc/places.csv", GOODS[0].1)])).expect("written");
    let report = desk.takes_files(ImportArgs { paths: vec![file], ..ImportArgs::default() }).await;
    assert_eq!((report.files[0].file.as_str(), report.files[0].written), ("places.csv", 2), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn c19_every_refusal_names_its_place_and_the_mend() {
    let desk = Desk::new().await;
    assert!(desk.takes(&GOODS).await.is_clean());
    let mut told = String::new();
    for (what, file, content) in bad_tables() {
        let report = desk.takes(&[(file, &content)]).await;
        tell(&mut told, what, &report);
    }
    for (what, name, content) in workbooks::bad_input() {
        let paths = vec![desk.folder.join(name)];
        fs::write(&paths[0], content).expect("written");
        tell(&mut told, what, &desk.takes_files(ImportArgs { paths, ..ImportArgs::default() }).await);
    }
    for (what, name, content) in bad_files() {
        let path = desk.folder.join(name);
        fs::write(&path, content).expect("written");
        let limits = Limits { files: 3, bytes: 11 << 20, ..Limits::default() };
        let found = Sources::find(std::slice::from_ref(&path), limits);
        let report = Report {
            files: found
                .problems
                .iter()
                .map(|(_, problem)| {
                    let mut file = super::FileReport::new(name);
                    file.problem(problem.clone());
                    file
                })
                .collect(),
            ..Report::default()
        };
        tell(&mut told, what, &report);
    }
    let stored = concat!(env!("CARGO_MANIFEST_DIR"), "/src/import/refusals.txt");
    if std::env::var_os("LOTWALK_UPDATE").is_some() {
        fs::write(stored, &told).expect("written");
    }
    assert_eq!(told, fs::read_to_string(stored).unwrap_or_default(), "see {stored}");
}

/// Problems and counts, in both languages.
fn tell(told: &mut String, what: &str, report: &Report) {
    let _ = writeln!(told, "# {what}");
    for lang in Lang::ALL {
        let mut words = Vec::new();
        report.write(lang, &mut words).expect("written");
        told.push_str(&String::from_utf8_lossy(&words));
    }
    told.push('\n');
}

fn bad_tables() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let text = |text: &str| text.as_bytes().to_vec();
    vec![
        ("a quotation mark that is not closed", "places.csv", text("place,name\nF3,\"Three\nF4,Four\n")),
        ("text after a quotation mark", "places.csv", text("place,name\nF3,\"Three\" x\n")),
        ("a formula as text", "places.csv", text("place,name\nF3,\"=HYPERLINK(\"\"x\"\")\"\n")),
        (
            "a day that could be two",
            "batches.csv",
            text("trade_item,lot_code,produced_to\nTRAIN,L3,04.03.2026\n"),
        ),
        (
            "a day's number without its spreadsheet",
            "batches.csv",
            text("trade_item,lot_code,produced_to\nTRAIN,L3,46085\n"),
        ),
        (
            "Windows-1252",
            "places.csv",
            encoding_rs::WINDOWS_1252.encode("place,name\nF3,Müller\n").0.into_owned(),
        ),
        ("an empty file", "places.csv", vec![]),
        ("a table that there is not", "kartons.csv", text("carton\nC3\n")),
        ("a header twice", "cartons.csv", text("carton,batch,pieces,Batch\nC3,L1,24,L1\n")),
        ("a header that there is not", "cartons.csv", text("carton,batch,pieces,colour\nC3,L1,24,red\n")),
        ("a header that is missing", "cartons.csv", text("carton,pieces\nC3,24\n")),
        ("a row with too many cells", "cartons.csv", text("carton,batch,pieces\nC3,L1,1,024\nC4,L1,24\n")),
        (
            "a number shortened by a spreadsheet",
            "cartons.csv",
            text("carton,batch,pieces\n6.14141E+16,L1,24\n"),
        ),
        (
            "an SSCC with another check digit",
            "cartons.csv",
            text("carton,batch,pieces\n(00)006141410000000002,L1,24\n"),
        ),
        ("a count that is none", "cartons.csv", text("carton,batch,pieces\nC3,L1,two dozen\n")),
        ("a lot code that no record names", "cartons.csv", text("carton,batch,pieces\nC3,L9,24\n")),
        ("a lot code of two batches", "cartons.csv", text("carton,batch,pieces\nC3,L2,24\n")),
        ("assorted, and nothing else", "cartons.csv", text("carton,batch,pieces\nC3,assorted,24\n")),
        ("a carton edited and imported again", "cartons.csv", text("carton,batch,pieces\nC2,L1,20\n")),
        (
            "a day that there is not",
            "batches.csv",
            text("trade_item,lot_code,produced_to\nTRAIN,L3,2026-02-30\n"),
        ),
        (
            "a run sheet for a batch that has one",
            "batches.csv",
            text("trade_item,lot_code,factory\nTRAIN,L1,W1\n"),
        ),
        ("a word that is not offered", "places.csv", text("place,name,role\nF3,Three,castle\n")),
        ("a material lot that there is not", "batch_materials.csv", text("batch,material_lot\nL1,M9\n")),
        ("an event kind that there is not", "events.csv", text("kind,event_time\ndancing,2026-03-01\n")),
        (
            "an event of tomorrow",
            "holding.csv",
            text("event_time,subjects,action,reason\n2099-01-01,C1,hold,odour\n"),
        ),
        (
            "neither yes nor no",
            "relabeling.csv",
            text("old_code,new_code,reason,old_code_scanned\nC1,N1,damaged,maybe\n"),
        ),
        ("a code in use", "relabeling.csv", text("old_code,new_code,reason,quantity\nC1,C2,damaged,28\n")),
        ("a split without a part", "splitting.csv", text("whole,parts.0.cartons\nS1,3\n")),
    ]
}

fn bad_files() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let bomb = zipped(&[("places.csv", &vec![b'x'; 30 << 20])]);
    // Neither is large by itself, nor pressed together as no table is.
    let half = vec![b'x'; 6 << 20];
    let large = zipped(&[("places.csv", &half), ("batches.csv", &half)]);
    let many = zipped(&["0.csv", "1.csv", "2.csv", "3.csv"].map(|name| (name, &b""[..])));
    let mut damaged = zipped(&[("places.csv", GOODS[0].1)]);
    damaged.truncate(damaged.len() / 2);
    let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    vec![
        ("a zip bomb", "bomb.zip", bomb),
        ("a zip that is too large when all is unpacked", "large.zip", large),
        ("a zip of too many files", "many.zip", many),
        ("a damaged zip", "damaged.zip", damaged),
        ("a zip without tables", "holiday.zip", zipped(&[("photo.jpg", b"x")])),
        ("a PDF called a workbook", "pack.xlsx", b"%PDF-1.7 and so on".to_vec()),
        ("a web page called a workbook", "export.xls", b"<html><table><tr><td>1".to_vec()),
        ("an old workbook", "old.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and so on".to_vec()),
        (
            "a workbook behind a password",
            "locked.xlsx",
            [b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".as_slice(), &utf_16("EncryptedPackage")].concat(),
        ),
        (
            "an OpenDocument spreadsheet",
            "sheet.ods",
            zipped(&[("content.xml", b"<x/>"), ("META-INF/manifest.xml", b"<x/>")]),
        ),
        ("a picture", "table.csv", b"\x89PNG\r\n\x1a\n".to_vec()),
        ("a damaged workbook", "pack.xlsx", zipped(&[("[Content_Types].xml", b"<Types/>")])),
    ]
}
