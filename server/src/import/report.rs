//! What came of an import: for each file how many rows were written, were there already, or were
//! refused, and every problem with its place and the mend.

use domain::text::{Lang, Said, Text, text};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    io::{self, Write},
};

/// Something that could not be taken over.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Problem {
    /// The line of the file, the header being line 1; absent where it is about the file as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The cell, where it stands in a workbook: `B17`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<Box<str>>,
    /// The column, as its header names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<Box<str>>,
    /// A short word for programs, stable: `unknown_code`, `wrong_encoding`.
    pub reason: Box<str>,
    /// What is wrong, and how to mend it.
    pub said: Said,
}

impl Problem {
    /// A problem of a file as a whole.
    pub fn of_file(reason: &str, said: impl Into<Said>) -> Problem {
        Problem { line: None, cell: None, column: None, reason: reason.into(), said: said.into() }
    }

    /// A problem of a row.
    pub fn of_row(line: u64, column: Option<&str>, reason: &str, said: impl Into<Said>) -> Problem {
        Problem {
            line: Some(line),
            cell: None,
            column: column.map(Into::into),
            reason: reason.into(),
            said: said.into(),
        }
    }
}

/// What came of one file.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct FileReport {
    /// The file.
    pub file: String,
    /// Rows read, blank ones and the header left out.
    pub rows: u64,
    /// Rows that were written now.
    pub written: u64,
    /// Rows that had been written before, so that nothing changed.
    pub already: u64,
    /// Rows that were refused.
    pub refused: u64,
    /// Entries that were written now: several rows of one carton make one.
    pub entries: u64,
    /// Discrepancies that were raised.
    pub discrepancies: u64,
    /// Rows of which a dry run did not ask the book.
    #[serde(skip_serializing_if = "is_none")]
    pub unasked: u64,
    /// The first problems, in the order in which they were met.
    pub problems: Vec<Problem>,
    /// How many more problems there were.
    pub more_problems: u64,
    /// What a person should know of the table.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Said>,
    /// The lines of the rows that were refused, each with why, where somebody asked for them.
    #[serde(skip)]
    pub lines: Option<BTreeMap<u64, Said>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_none(n: &u64) -> bool {
    *n == 0
}

/// The most problems that are kept of a file: a column that was shifted spoils every row.
const MOST_PROBLEMS: usize = 200;

impl FileReport {
    /// A report of a file that was not read yet.
    pub fn new(file: &str) -> FileReport {
        FileReport {
            file: file.into(),
            rows: 0,
            written: 0,
            already: 0,
            refused: 0,
            entries: 0,
            discrepancies: 0,
            unasked: 0,
            problems: vec![],
            more_problems: 0,
            notes: vec![],
            lines: None,
        }
    }

    /// Asks for the lines of refused rows, to hand them back.
    pub fn keep_lines(&mut self) {
        self.lines = Some(BTreeMap::new());
    }

    /// Rows that nothing keeps from being written: in a dry run, as far as one can tell.
    pub fn fit(&self) -> u64 {
        self.rows.saturating_sub(self.refused + self.already)
    }

    /// Notes rows that were refused, and why.
    pub fn refuse(&mut self, lines: &[u64], problems: Vec<Problem>) {
        self.refused += lines.len() as u64;
        if let Some(kept) = self.lines.as_mut().filter(|kept| kept.len() < MOST_LINES) {
            let why = |line: u64| {
                let of_row: Vec<&Problem> = problems.iter().filter(|p| p.line == Some(line)).collect();
                let of_row = if of_row.is_empty() { problems.iter().collect() } else { of_row };
                together(&of_row)
            };
            kept.extend(lines.iter().map(|line| (*line, why(*line))));
        }
        problems.into_iter().for_each(|problem| self.problem(problem));
    }

    /// Notes a problem.
    pub fn problem(&mut self, problem: Problem) {
        match self.problems.len() < MOST_PROBLEMS {
            true => self.problems.push(problem),
            false => self.more_problems += 1,
        }
    }
}

/// The most refused rows that are kept to be handed back.
const MOST_LINES: usize = 200_000;

/// Several problems in one sentence each, with the column in front.
fn together(problems: &[&Problem]) -> Said {
    let one = |lang: Lang| {
        let told = problems.iter().map(|problem| match &problem.column {
            Some(column) => format!("{column}: {}", problem.said.get(lang)),
            None => problem.said.get(lang).to_string(),
        });
        told.collect::<Vec<_>>().join(" ")
    };
    Said { en: one(Lang::En), zh: one(Lang::Zh) }
}

/// What came of an import.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Report {
    /// True when nothing was to be written.
    pub dry_run: bool,
    /// Each file, in the order in which they were taken.
    pub files: Vec<FileReport>,
}

const AT: Text =
    text("{file}, line {line}, column {column}: {why}", "{file} 第 {line} 行，{column} 列：{why}");
const AT_CELL: Text =
    text("{file}, cell {cell}, column {column}: {why}", "{file} 单元格 {cell}，{column} 列：{why}");
const AT_LINE: Text = text("{file}, line {line}: {why}", "{file} 第 {line} 行：{why}");
const MORE: Text = text("{file}: {n} more problems of this kind", "{file}：另有 {n} 处问题");
const SUM: Text = text(
    "{file}: {rows} read, {written} written, {already} there already, {refused} refused",
    "{file}：读取 {rows} 行，写入 {written}，已存在 {already}，拒绝 {refused}",
);
const DRY: Text = text(
    "{file}: {rows} read, {fit} would be written, {already} there already, {refused} refused",
    "{file}：读取 {rows} 行，可写入 {fit}，已存在 {already}，拒绝 {refused}",
);
const UNREAD: Text = text("{file}: not taken over", "{file}：未导入");
const TOTAL: Text = text("All files", "全部文件");
const DIFFER: Text = text(
    "{n} discrepancies were raised; they are open in the ledger.",
    "产生 {n} 处差异，已在账本中列为未关闭。",
);
const WOULD_DIFFER: Text = text("{n} discrepancies would be raised.", "将产生 {n} 处差异。");
const REHEARSED: Text = text(
    "Nothing was written. This is what the ledger answers as it stands now.",
    "未写入任何内容。以上为账本按当前状态给出的结果。",
);
const UNASKED: Text = text(
    "{n} rows were checked by themselves only: a dry run asks the ledger about the first few thousand, so that nobody waits for it. Whether their codes are known, taken or held shows when they are imported.",
    "其中 {n} 行仅检查了自身内容：试运行只就前几千行查询账本，以免他人等待。这些行的条码是否已知、已占用或被扣留，导入时才能确认。",
);

impl Report {
    /// True when every row was taken over.
    pub fn is_clean(&self) -> bool {
        self.files.iter().all(|f| f.refused == 0 && f.problems.is_empty())
    }

    /// Everything added up.
    pub fn total(&self) -> FileReport {
        let mut total = FileReport::new("");
        for file in &self.files {
            total.rows += file.rows;
            total.written += file.written;
            total.already += file.already;
            total.refused += file.refused;
            total.entries += file.entries;
            total.discrepancies += file.discrepancies;
            total.unasked += file.unasked;
        }
        total
    }

    /// The report in words: every problem, then the count of each file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
        for file in &self.files {
            for problem in &file.problems {
                writeln!(out, "{}", problem_said(&file.file, problem).get(lang))?;
            }
            if file.more_problems > 0 {
                let n = file.more_problems.to_string();
                writeln!(out, "{}", MORE.with(&[("file", &file.file), ("n", &n)]).get(lang))?;
            }
        }
        for file in &self.files {
            for note in &file.notes {
                writeln!(out, "{}: {}", file.file, note.get(lang))?;
            }
            writeln!(out, "{}", self.counts(&file.file, file).get(lang))?;
        }
        let total = self.total();
        if self.files.len() > 1 {
            writeln!(out, "{}", self.counts(TOTAL.get(lang), &total).get(lang))?;
        }
        if total.discrepancies > 0 {
            let told = if self.dry_run { WOULD_DIFFER } else { DIFFER };
            writeln!(out, "{}", told.with(&[("n", &total.discrepancies.to_string())]).get(lang))?;
        }
        if self.dry_run {
            writeln!(out, "{}", REHEARSED.get(lang))?;
        }
        if total.unasked > 0 {
            writeln!(out, "{}", UNASKED.with(&[("n", &total.unasked.to_string())]).get(lang))?;
        }
        Ok(())
    }

    fn counts(&self, name: &str, file: &FileReport) -> Said {
        if file.rows == 0 && !file.problems.is_empty() {
            return UNREAD.with(&[("file", name)]);
        }
        let [rows, written, fit, already, refused] =
            [file.rows, file.written, file.fit(), file.already, file.refused].map(|n| n.to_string());
        let values = [
            ("file", name),
            ("rows", &rows),
            ("written", &written),
            ("fit", &fit),
            ("already", &already),
            ("refused", &refused),
        ];
        if self.dry_run { DRY.with(&values) } else { SUM.with(&values) }
    }
}

fn problem_said(file: &str, problem: &Problem) -> Said {
    let line = problem.line.map(|n| n.to_string()).unwrap_or_default();
    let column = problem.column.as_deref().unwrap_or_default();
    let cell = problem.cell.as_deref().unwrap_or_default();
    let fill = |why: &str| match (problem.line, &problem.column) {
        (Some(_), Some(_)) if !cell.is_empty() => {
            AT_CELL.with(&[("file", file), ("cell", cell), ("column", column), ("why", why)])
        }
        (Some(_), Some(_)) => AT.with(&[("file", file), ("line", &line), ("column", column), ("why", why)]),
        (Some(_), None) => AT_LINE.with(&[("file", file), ("line", &line), ("why", why)]),
        _ => Said::same(format!("{file}: {why}")),
    };
    Said { en: fill(&problem.said.en).en, zh: fill(&problem.said.zh).zh }
}
