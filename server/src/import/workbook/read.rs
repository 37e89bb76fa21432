//! The cells of a sheet, row by row.

use super::{
    super::{
        grid::{Cell, Line, Value},
        report::Problem,
    },
    look::{COLUMNS, SheetLook},
    parts::damaged,
};
use calamine::{DataRef, Reader, Xlsx, XlsxError, open_workbook};
use domain::text::{Text, text};
use std::{
    fs::File,
    io::BufReader,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
};

/// Rows that are handed over together, and how many such groups may wait.
const GROUP: usize = 256;
const AHEAD: usize = 4;

const NO_RESULT: Text = text(
    "The cell holds a formula without a result. Open the workbook in a spreadsheet program, let it calculate, and save; or put the value in its place.",
    "该单元格含公式但没有结果。请用电子表格程序打开、计算并保存，或直接填写数值。",
);
const BROKEN_VALUE: Text = text(
    "The cell holds {value}, which a spreadsheet shows where a formula went wrong. Put the value in its place.",
    "该单元格为 {value}，表示公式出错。请直接填写数值。",
);

type Group = Vec<Result<Line, Problem>>;

/// The rows of a sheet. What reads them is a thread of its own that ends with whoever takes them.
pub(in super::super) fn lines(
    path: Arc<Path>,
    look: Arc<SheetLook>,
    read: Arc<AtomicU64>,
) -> impl Iterator<Item = Result<Line, Problem>> + Send {
    let (out, groups) = sync_channel(AHEAD);
    let spawned = std::thread::Builder::new().name("sheet".into()).spawn({
        let out = out.clone();
        move || send(&path.to_path_buf(), &look, &read, &out)
    });
    if let Err(error) = spawned {
        // Nobody sends anything else.
        let _ = out.try_send(vec![Err(damaged(error))]);
    }
    drop(out);
    flat(groups)
}

fn flat(groups: Receiver<Group>) -> impl Iterator<Item = Result<Line, Problem>> + Send {
    groups.into_iter().flatten()
}

/// Reads a sheet and sends it until nobody takes it any more.
fn send(path: &PathBuf, look: &SheetLook, read: &AtomicU64, out: &SyncSender<Group>) {
    let mut group = Vec::with_capacity(GROUP);
    let mut rows = 0_u64;
    let result = catch_unwind(AssertUnwindSafe(|| {
        each(path, &look.name, |line| {
            rows += 1;
            group.push(Ok(line));
            if group.len() < GROUP {
                return true;
            }
            // How many bytes a row took nobody tells; what is left is added at the end.
            read.fetch_add((GROUP as u64 * 40).min(look.bytes / 100), Ordering::Relaxed);
            out.send(std::mem::replace(&mut group, Vec::with_capacity(GROUP))).is_ok()
        })
    }));
    // A sheet that broke its reader must not look like one that ended.
    if let Err(problem) = result.unwrap_or_else(|_| Err(damaged("it breaks its reader"))) {
        group.push(Err(problem));
    }
    // Where nobody takes it there is nobody to tell.
    let _ = out.send(group);
}

/// Calls back for every row that is not blank, until it says no.
fn each(path: &PathBuf, sheet: &str, mut take: impl FnMut(Line) -> bool) -> Result<(), Problem> {
    let failed = |error: XlsxError| damaged(error);
    let mut workbook: Xlsx<BufReader<File>> = open_workbook(path).map_err(failed)?;
    if !workbook.sheet_names().iter().any(|name| name == sheet) {
        return Err(damaged(format!("no sheet {sheet}")));
    }
    let mut cells = workbook.worksheet_cells_reader(sheet).map_err(failed)?;
    let mut line = Line { number: 0, cells: vec![] };
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(failed)? {
        let number = u64::from(cell.pos.0) + 1;
        if number != line.number && !line.cells.is_empty() {
            let whole = std::mem::replace(&mut line, Line { number, cells: vec![] });
            if !take(whole) {
                return Ok(());
            }
        }
        line.number = number;
        let column = cell.pos.1 as usize;
        if column >= COLUMNS {
            return Err(damaged(format!("row {number} has a cell in column {column}")));
        }
        let formula = cell.formula.is_some();
        if let Some(value) = value(cell.value, formula) {
            line.cells.push(Cell { column, value, formula });
        }
    }
    if !line.cells.is_empty() {
        take(line);
    }
    Ok(())
}

fn value(value: DataRef<'_>, formula: bool) -> Option<Value> {
    let words = |words: &str| (!words.trim().is_empty()).then(|| Value::Text(words.to_string()));
    match value {
        DataRef::Empty if formula => Some(Value::Bad("formula_without_result", NO_RESULT.said())),
        DataRef::Empty => None,
        DataRef::String(string) => words(&string),
        DataRef::SharedString(string) => words(string),
        DataRef::DateTimeIso(string) => words(&string),
        DataRef::DurationIso(string) => words(&string),
        DataRef::Int(n) => Some(Value::Number(n as f64)),
        DataRef::Float(n) => Some(Value::Number(n)),
        DataRef::Bool(yes) => Some(Value::Yes(yes)),
        DataRef::DateTime(day) if day.is_duration() => Some(Value::Number(day.as_f64())),
        DataRef::DateTime(day) => Some(Value::Day(day.as_f64())),
        DataRef::Error(error) => {
            let said = BROKEN_VALUE.with(&[("value", &error.to_string())]);
            Some(Value::Bad("broken_formula", said))
        }
    }
}
