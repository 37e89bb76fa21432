//! C19, C53: tables handed in on a page: seen, mapped, imported, handed back, taken back; on both databases.

use crate::{
    http::{Told, get, post},
    site::{Site, on_each},
};
use domain::{
    event::Evidence,
    import::{ImportRun, ImportState, To},
    person::Role,
};
use ledger::Reader;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// A factory's own production sheet: a title, its own headers, a column we have nothing for, a bad row.
fn production() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("生产记录").expect("a name");
    sheet.merge_range(0, 0, 0, 4, "东莞玩具厂", &Format::new()).expect("merged");
    for (column, header) in ["批号", "货号", "生产日期", "数量", "颜色"].iter().enumerate() {
        sheet.write_string(1, column as u16, *header).expect("written");
    }
    let days = Format::new().set_num_format("yyyy-mm-dd");
    for (row, code) in ["A-1", "A-2", "A-3"].iter().enumerate() {
        let row = row as u32 + 2;
        sheet.write_string(row, 0, *code).expect("written");
        sheet.write_string(row, 1, "TOY").expect("written");
        let day = ExcelDateTime::from_ymd(2026, 3, 4).expect("a day");
        sheet.write_datetime_with_format(row, 2, &day, &days).expect("written");
        sheet.write_number(row, 3, 100).expect("written");
        sheet.write_string(row, 4, "红").expect("written");
    }
    sheet.write_string(4, 1, "NO-SUCH-TOY").expect("written");
    workbook.save_to_buffer().expect("written")
}

impl Site {
    /// Hands a table in and gives the address of its page.
    async fn hands_in(&self, cookie: &str, name: &str, bytes: &[u8]) -> String {
        let file = format!("table@{name}");
        let parts = [("place", b"WH".as_slice()), ("zone", b"+08:00"), (&*file, bytes)];
        self.send(post("/import").cookie(cookie).parts(&parts)).await.to().to_string()
    }

    async fn import(&self, page: &str) -> ImportRun {
        let id = page.rsplit('/').next().expect("an id");
        self.ledger.import_run(self.brand.id, id).await.expect("answers").expect("is there")
    }

    /// Waits until nobody works on an import.
    async fn settled(&self, page: &str) -> ImportRun {
        for _ in 0..200 {
            let run = self.import(page).await;
            if !run.line.state.is_under_way() {
                return run;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{page} is still under way");
    }

    async fn says(&self, cookie: &str, page: &str, form: &[(&str, &str)]) -> Told {
        self.send(post(page).cookie(cookie).form(form)).await
    }
}

/// What is said of the sheet of [`production`].
const SAID: [(&str, &str); 8] = [
    ("table.0", "batches"),
    ("row.0", "2"),
    ("to.0.0", "lot_code"),
    ("to.0.1", "trade_item"),
    ("to.0.2", "produced_to"),
    ("to.0.3", "quantity"),
    ("to.0.4", "-"),
    ("go", "import"),
];

#[tokio::test]
async fn c19_a_workbook_is_seen_mapped_imported_and_taken_back() {
    on_each(async |site| {
        let cookie = site.sign_in(Role::Factory).await;
        let size = site.size().await;
        let workbook = production();
        let page = site.hands_in(&cookie, "march.xlsx", &workbook).await;
        let run = site.settled(&page).await;
        let sheet = &run.preview.sheets[0];
        assert_eq!((sheet.mapping.table.as_str(), sheet.mapping.header_row), ("batches", 2));
        assert_eq!(sheet.mapping.columns[4].to, To::Open);
        assert_eq!((sheet.counts.rows, sheet.counts.new), (3, 3));
        assert_eq!(site.size().await, size, "nothing is written before it is confirmed");
        for lang in ["en", "zh-CN"] {
            let told = site.send(get(&page).cookie(&format!("{cookie}; lang={lang}"))).await;
            assert!(told.text().contains("颜色") && told.text().contains("2026-03-04"), "{}", told.text());
        }

        // As long as a column is open, confirming says so and writes nothing.
        let not_yet: Vec<_> = SAID.iter().copied().filter(|(name, _)| *name != "to.0.4").collect();
        assert_eq!(site.says(&cookie, &page, &not_yet).await.to(), page);
        assert_eq!(site.settled(&page).await.line.state, ImportState::Open);
        assert_eq!(site.size().await, size);

        assert_eq!(site.says(&cookie, &page, &SAID).await.to(), page);
        let run = site.settled(&page).await;
        assert_eq!(run.line.state, ImportState::Done);
        let counts = run.line.counts;
        assert_eq!((counts.rows, counts.new, counts.already, counts.bad), (3, 2, 0, 1));
        let (name, bad) = &run.outcome.refused[0];
        assert_eq!((bad.cell.as_deref(), bad.column.as_deref()), (Some("B5"), Some("货号")), "{name}");
        let to_mend = site.send(get(&format!("{page}/refused/0")).cookie(&cookie)).await.text();
        assert!(
            to_mend.contains("A-3,NO-SUCH-TOY,2026-03-04,100,红,") && !to_mend.contains("A-1"),
            "{to_mend}"
        );
        let reader = Reader { brand: site.brand.id, role: Role::Buyer };
        let entry = site.ledger.entry(&reader, size + 1).await.expect("answers").expect("is there");
        assert_eq!(entry.line.entry.evidence, Evidence::Imported);

        // The table is the source of what it came to, word for word; a warehouse does not read it, for it may
        // tell suppliers. What nobody needs any more is not kept twice.
        let source = entry.line.source.expect("a source");
        assert_eq!((source.name.as_deref(), source.is_table()), (Some("march.xlsx"), true));
        assert_eq!(run.outcome.source.as_ref(), Some(&source.digest));
        let buyer = site.sign_in(Role::Buyer).await;
        let file = format!("/file/{}", source.digest);
        let told = site.send(get(&file).cookie(&buyer)).await;
        assert!(told.status == 200 && told.body == workbook, "{}", told.status);
        let warehouse = site.sign_in(Role::Warehouse).await;
        assert_eq!(site.send(get(&file).cookie(&warehouse)).await.status, 403);
        let reader = Reader { role: Role::Warehouse, ..reader };
        let line = site.ledger.entry(&reader, size + 1).await.expect("answers").expect("is there").line;
        assert_eq!(line.source, None);
        assert!(site.send(get(&page).cookie(&cookie)).await.text().contains(&file));

        // The same table once more: the mapping is known, and everything that was good is there already.
        let again = site.hands_in(&cookie, "april.xlsx", &production()).await;
        let seen = site.settled(&again).await;
        assert!(seen.preview.is_ready(), "{:?}", seen.preview.sheets[0].mapping);
        assert_eq!(seen.preview.sheets[0].learned.as_ref().map(|l| &*l.by), Some("factory"));
        // The book was asked: it tells the row that the import would refuse, by its cell.
        let counts = seen.preview.counts();
        assert_eq!((counts.new, counts.already, counts.bad), (0, 2, 1));
        let told = &seen.preview.sheets[0].bad[0];
        assert_eq!(told, bad, "before the import as in it");
        assert!(seen.preview.rehearsed.is_some_and(|told| told.unasked == 0));
        for (lang, words) in [("en", "stayed as it is"), ("zh-CN", "账本未作改动")] {
            let page = site.send(get(&again).cookie(&format!("{cookie}; lang={lang}"))).await.text();
            assert!(page.contains(words) && page.contains("B5"), "{page}");
        }

        // Another factory's account may not take it back; who handed it in may.
        let other = site.sign_in(Role::Warehouse).await;
        assert_eq!(site.says(&other, &format!("{page}/undo"), &[]).await.status, 403);
        for part in ["", "/refused/0", "/mapping"] {
            let told = site.send(get(&format!("{page}{part}")).cookie(&other)).await;
            assert_eq!(told.status, 403, "{page}{part}");
        }
        let listed = site.send(get("/import").cookie(&other)).await.text();
        assert!(!listed.contains("march.xlsx"), "{listed}");
        site.says(&cookie, &format!("{page}/undo"), &[]).await;
        let run = site.settled(&page).await;
        assert_eq!((run.line.state, run.line.entries, run.line.undone), (ImportState::Undone, 2, 2));
        assert_eq!(run.outcome.left_in_all, 0);
        assert_eq!(site.size().await, size + 4, "two entries, two corrections");

        // What was taken back can be imported again; what is imported again is there once.
        site.says(&cookie, &again, &[("go", "import")]).await;
        let run = site.settled(&again).await;
        assert_eq!((run.line.counts.new, run.line.counts.already), (2, 0), "{:?}", run.outcome);
        let third = site.hands_in(&cookie, "may.xlsx", &production()).await;
        assert_eq!(site.settled(&third).await.preview.counts().already, 2);
        assert_eq!(site.ledger.verify(|_| ()).await.expect("no fault").findings, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn c19_what_was_corrected_by_hand_stays_so_when_its_table_is_imported_again() {
    on_each(async |site| {
        let cookie = site.sign_in(Role::Buyer).await;
        let table =
            b"trade_item,lot_code,quantity,produced_to\nTOY,B-1,10,2026-03-04\nTOY,B-2,10,2026-03-04\n";
        let page = site.hands_in(&cookie, "batches.csv", table).await;
        site.settled(&page).await;
        site.says(&cookie, &page, &[("go", "import")]).await;
        site.settled(&page).await;
        let seq = site.size().await;
        let wrong = serde_json::json!({"entry": seq.to_string(), "reason": "did_not_occur"});
        let person = domain::person::Person { id: "b".into(), name: "B".into(), role: Role::Buyer };
        site.records(&person, crate::site::draft(domain::event::CORRECTION, wrong)).await;
        let again = site.hands_in(&cookie, "batches.csv", table).await;
        assert_eq!(site.settled(&again).await.preview.counts().already, 2);
        // Taking the import back tells of the one that was corrected before.
        site.says(&cookie, &format!("{page}/undo"), &[]).await;
        let run = site.settled(&page).await;
        assert_eq!((run.line.undone, run.outcome.left_in_all, run.outcome.left[0].0), (1, 1, seq));
        assert!(run.outcome.left[0].1.en.contains("declared wrong already"), "{:?}", run.outcome.left);
    })
    .await;
}

#[tokio::test]
async fn c19_a_broken_off_import_goes_on_and_counts_what_it_wrote() {
    on_each(async |site| {
        let cookie = site.sign_in(Role::Factory).await;
        let table = "trade_item,lot_code,quantity,produced_to\n".to_string()
            + &(0..50).map(|n| format!("TOY,C-{n},10,2026-03-04\n")).collect::<String>();
        let page = site.hands_in(&cookie, "batches.csv", table.as_bytes()).await;
        let run = site.settled(&page).await;
        // A server that took it on and was killed in the middle: some rows are written, nobody kept which.
        let id = run.line.id.as_str();
        let (open, importing) = (ImportState::Open, ImportState::Importing);
        let claimed = site.ledger.claim_import(site.brand.id, id, open, importing, None).await;
        assert!(claimed.expect("answers"));
        let half: String = table.lines().take(21).map(|line| format!("{line}\n")).collect();
        let other = site.hands_in(&cookie, "half.csv", half.as_bytes()).await;
        let seen = site.settled(&other).await;
        assert_eq!(seen.preview.sheets[0].mapping.table, "batches");
        site.says(&cookie, &other, &[("go", "import")]).await;
        assert_eq!(site.settled(&other).await.line.counts.new, 20);
        // Somebody works on it as far as anybody knows; nobody else takes it on.
        site.says(&cookie, &format!("{page}/go-on"), &[]).await;
        assert_eq!(site.import(&page).await.line.state, ImportState::Importing);
        site.scratch.age_import(id, 3_600_000).await;
        let stopped = site.import(&page).await;
        assert!(stopped.stopped);
        let told = site.send(get(&page).cookie(&cookie)).await.text();
        assert!(told.contains("/go-on"), "{told}");
        site.says(&cookie, &format!("{page}/go-on"), &[]).await;
        let run = site.settled(&page).await;
        assert_eq!((run.line.state, run.line.counts.new, run.line.entries), (ImportState::Done, 50, 50));
    })
    .await;
}

#[tokio::test]
async fn what_nobody_confirms_is_forgotten_after_seven_days() {
    on_each(async |site| {
        let cookie = site.sign_in(Role::Factory).await;
        let table = b"place,name\nF7,Seven\n";
        let [old, done] = ["a.csv", "b.csv"].map(|name| (name, site.hands_in(&cookie, name, table)));
        let (old, done) = (old.1.await, done.1.await);
        site.says(&cookie, &done, &[("go", "import")]).await;
        for page in [&old, &done] {
            site.settled(page).await;
            let id = page.rsplit('/').next().expect("an id");
            site.scratch.age_import(id, 8 * 24 * 3_600_000).await;
        }
        site.hands_in(&cookie, "c.csv", table).await;
        assert_eq!(site.send(get(&old).cookie(&cookie)).await.status, 404);
        assert_eq!(site.send(get(&done).cookie(&cookie)).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn c19_what_is_no_table_is_told_as_what_it_is() {
    let site = Site::start().await;
    let cookie = site.sign_in(Role::Factory).await;
    for (name, bytes, told) in [
        ("report.xlsx", b"%PDF-1.7 a report".as_slice(), "This is a PDF"),
        ("old.xlsx", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old", "workbook of the old kind"),
        ("erp.csv", b"place,name\nF1,M\xFCller\n", "which encoding"),
    ] {
        let page = site.hands_in(&cookie, name, bytes).await;
        site.settled(&page).await;
        let text = site.send(get(&page).cookie(&cookie)).await.text();
        assert!(text.contains(told), "{name}: {text}");
    }
    let page = site.hands_in(&cookie, "erp.csv", b"place,name\nF1,M\xFCller\n").await;
    site.says(&cookie, &page, &[("encoding", "windows-1252"), ("go", "look")]).await;
    let run = site.settled(&page).await;
    assert_eq!(run.preview.sheets[0].first[0].1, ["F1", "Müller"]);
    let empty = site.send(post("/import").cookie(&cookie).parts(&[("place", b"")])).await;
    assert_eq!(empty.status, 422);
    let stranger = site.sign_in_from_another_brand().await;
    assert_eq!(site.send(get(&page).cookie(&stranger)).await.status, 404);
    let inspector = site.sign_in(Role::Inspector).await;
    assert_eq!(site.send(get(&page).cookie(&inspector)).await.status, 403);
}

#[tokio::test]
async fn c19_a_table_without_end_is_refused_while_it_streams() {
    let site = Site::start().await;
    let cookie = site.sign_in(Role::Factory).await;
    for (lang, told) in [("en", "more than 64 MB"), ("zh-CN", "表格超过 64 MB")] {
        let (answer, sent) = without_end(site.at, format!("{cookie}; lang={lang}")).await;
        assert!(answer.starts_with("HTTP/1.1 413") && answer.contains(told), "{answer}");
        assert!(sent < 512 << 20, "{sent} bytes were taken");
    }
    let imports = site.ledger.imports(site.brand.id, "", Role::Buyer).await.expect("answers");
    assert!(imports.is_empty(), "{imports:?}");
}

/// What is answered to a table of a gigabyte whose length nobody tells, and how much of it was sent by then.
async fn without_end(at: SocketAddr, cookie: String) -> (String, u64) {
    let sending = move || {
        let mut out = TcpStream::connect(at).expect("listens");
        let mut back = out.try_clone().expect("is the same");
        back.set_read_timeout(Some(Duration::from_secs(60))).expect("is set");
        let reading = std::thread::spawn(move || {
            let mut answer = vec![];
            // The connection is reset where bytes are left that nobody wants; what came before counts.
            let _ = back.read_to_end(&mut answer);
            String::from_utf8_lossy(&answer).into_owned()
        });
        let head = format!(
            "POST /import HTTP/1.1\r\nhost: {at}\r\ncookie: {cookie}\r\nconnection: close\r\naccept: text/html\r\n\
             content-type: multipart/form-data; boundary=b\r\ntransfer-encoding: chunked\r\n\r\n"
        );
        out.write_all(head.as_bytes()).expect("is sent");
        let begin = "--b\r\ncontent-disposition: form-data; name=\"table\"; filename=\"a.csv\"\r\n\r\n";
        out.write_all(format!("{:x}\r\n{begin}\r\n", begin.len()).as_bytes()).expect("is sent");
        let chunk = [b"100000\r\n".as_slice(), &vec![b'x'; 1 << 20], b"\r\n"].concat();
        let mut sent = 0_u64;
        while sent < 1 << 30 && out.write_all(&chunk).is_ok() {
            sent += 1 << 20;
            if reading.is_finished() {
                break;
            }
        }
        (reading.join().expect("has read"), sent)
    };
    tokio::task::spawn_blocking(sending).await.expect("is answered")
}
