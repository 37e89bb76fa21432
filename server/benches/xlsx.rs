//! Looking at a workbook of 100,000 rows, beside the same rows as CSV: time, and memory at most. Each is
//! looked at by a process of its own, so that neither pays for the other.
//!
//! `--rows N` (100,000).

use domain::time::{Time, Zone};
use ledger::BrandId;
use measure::{
    Args, Outcome, process,
    report::{self, Table},
};
use rust_xlsxwriter::Workbook;
use server::import::{
    preview::{Choices, preview},
    rows::Setting,
    source::{Limits, Sources},
};
use std::{
    convert::Infallible,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

/// How the program calls itself to look at one file.
const LOOK: &str = "--look";
/// Each file is looked at so often.
const TIMES: usize = 5;

fn main() -> Outcome {
    let args = Args::of_process();
    if let Some(file) = args.text(LOOK) {
        return look(Path::new(file));
    }
    report::head("xlsx", &args);
    let rows = args.number("--rows", 100_000)?;
    let folder = measure::database::scratch()?;
    let (csv, xlsx, none) =
        (folder.join("batches.csv"), folder.join("batches.xlsx"), folder.join("none.csv"));
    fs::write(&none, "trade_item,lot_code\nTOY,L1\n")?;
    write(&csv, &xlsx, rows)?;
    let mut table = Table::new(&["file", "MB", "seconds", "MiB at most", "MiB beyond none"]);
    let mut least = 0.0;
    for (name, file) in [("one row", &none), ("CSV", &csv), ("XLSX", &xlsx)] {
        let (seconds, memory) = measured(file)?;
        if name == "one row" {
            least = memory;
        }
        let megabytes = fs::metadata(file)?.len() as f64 / 1e6;
        table.row(&[
            name.into(),
            format!("{megabytes:.1}"),
            format!("{seconds:.2}"),
            format!("{memory:.0}"),
            format!("{:.0}", memory - least),
        ]);
    }
    println!("\nA preview of {rows} rows, the best of {TIMES}\n");
    table.print();
    Ok(())
}

const HEADERS: [&str; 8] =
    ["lot_code", "trade_item", "factory", "produced_from", "produced_to", "line", "quantity", "note"];

fn write(csv: &Path, xlsx: &PathBuf, rows: u64) -> Outcome {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("batches")?;
    let mut text = HEADERS.join(",") + "\n";
    for (column, header) in HEADERS.iter().enumerate() {
        sheet.write_string(0, u16::try_from(column)?, *header)?;
    }
    for n in 0..rows {
        let day = format!("2026-{:02}-{:02}", n % 12 + 1, n % 28 + 1);
        let (code, line, note) = (format!("L{n:08}"), format!("LINE{}", n % 9), format!("shift {}", n % 3));
        let row = u32::try_from(n + 1)?;
        let cells = [code.as_str(), "TOY", "F1", &day, &day, &line, "", &note];
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(row, u16::try_from(column)?, *cell)?;
        }
        sheet.write_number(row, 6, (n % 500) as f64)?;
        writeln!(text, "{code},TOY,F1,{day},{day},{line},{},{note}", n % 500)?;
    }
    workbook.save(xlsx)?;
    Ok(fs::write(csv, text)?)
}

/// Looks at a file in another process: the seconds it took, and the memory at most.
fn measured(file: &Path) -> Outcome<(f64, f64)> {
    let (mut seconds, mut memory) = (f64::MAX, f64::MAX);
    for _ in 0..TIMES {
        let out = Command::new(std::env::current_exe()?).arg(LOOK).arg(file).output()?;
        let told = String::from_utf8(out.stdout)?;
        let mut told = told.split_whitespace().map(str::parse::<f64>);
        let (Some(Ok(took)), Some(Ok(most))) = (told.next(), told.next()) else {
            return Err(format!("{}: {}", file.display(), String::from_utf8_lossy(&out.stderr)).into());
        };
        (seconds, memory) = (seconds.min(took), memory.min(most));
    }
    Ok((seconds, memory))
}

/// Looks at a file and tells how long it took and how much memory.
fn look(file: &Path) -> Outcome {
    let begun = Instant::now();
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let sources = Sources::of_file(file, &name, Limits::default());
    let setting = Setting { brand: BrandId(1), zone: Zone::UTC, now: Time(0), not_after: None, source: None };
    let seen = preview(&sources, &Choices::default(), &setting, |_| Ok::<_, Infallible>(vec![]));
    let seen = seen.unwrap_or_else(|never| match never {});
    let took = begun.elapsed().as_secs_f64();
    let counts = seen.counts();
    if counts.rows == 0 || counts.bad > 0 {
        return Err(format!("{counts:?} {:?}", seen.refused).into());
    }
    let (_, most) = process::memory(std::process::id())?;
    println!("{took} {most}");
    Ok(())
}
