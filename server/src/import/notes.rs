//! What a person should know of a table though it can be read: told once, with a count and a place.

use super::{
    encoding,
    grid::{Known, letters},
};
use domain::text::{Said, Text, text};
use encoding_rs::UTF_8;
use std::collections::BTreeMap;

/// What is told of cells.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Told {
    /// A formula's last result was taken.
    Formula,
    /// A number stands where codes do: zeros in front of it are lost.
    NumberForCode,
    /// A time of day in a column of days was left out.
    TimeLeftOut,
    /// A cell stands in no column that has a name.
    BesideTheTable,
}

const FORMULA: Text = text(
    "Column “{column}”: {n} cells hold formulas (the first is {at}). The results saved with the workbook are taken.",
    "“{column}”列：{n} 个单元格为公式（首个为 {at}），采用随工作簿保存的结果。",
);
const NUMBER_FOR_CODE: Text = text(
    "Column “{column}”: {n} codes are stored as numbers (the first is {at}). Zeros in front of them are lost; where a code has any, format the column as text and enter it again.",
    "“{column}”列：{n} 个代码以数字存储（首个为 {at}），前导零已丢失。如代码含前导零，请将该列设为文本格式后重新填写。",
);
const TIME_LEFT_OUT: Text = text(
    "Column “{column}”: {n} cells hold a time of day besides the day (the first is {at}). The day is taken.",
    "“{column}”列：{n} 个单元格除日期外还有时刻（首个为 {at}），仅采用日期。",
);

const BESIDE_THE_TABLE: Text = text(
    "{n} cells stand to the right of the named columns (the first is {at}). They are left out.",
    "有 {n} 个单元格位于有列名的列右侧（首个为 {at}），不导入。",
);

/// Notes of one table, collected while it is read.
#[derive(Debug, Default)]
pub(super) struct Notes(BTreeMap<(Told, String), (u64, String)>);

impl Notes {
    pub(super) fn add(&mut self, told: Told, column: &str, at: impl FnOnce() -> String) {
        match self.0.get_mut(&(told, column.to_string())) {
            Some((n, _)) => *n += 1,
            None => drop(self.0.insert((told, column.to_string()), (1, at()))),
        }
    }

    pub(super) fn said(&self) -> Vec<Said> {
        let said = |((told, column), (n, at)): (&(Told, String), &(u64, String))| {
            let text = match told {
                Told::Formula => FORMULA,
                Told::NumberForCode => NUMBER_FOR_CODE,
                Told::TimeLeftOut => TIME_LEFT_OUT,
                Told::BesideTheTable => BESIDE_THE_TABLE,
            };
            text.with(&[("column", column), ("n", &n.to_string()), ("at", at)])
        };
        self.0.iter().map(said).collect()
    }
}

const ENCODING: Text = text("The file was read as {encoding}.", "该文件按 {encoding} 编码读取。");
const HIDDEN_SHEET: Text = text(
    "The sheet is hidden in the workbook. It is left out unless you choose it.",
    "该工作表在工作簿中被隐藏，除非您选择，否则不导入。",
);
const HIDDEN_ROWS: Text = text(
    "{n} rows are hidden in the workbook ({rows}), perhaps by a filter. They are read as the others are.",
    "工作簿中有 {n} 行被隐藏（{rows}），可能因筛选所致。这些行与其他行一样读取。",
);
const HIDDEN_COLUMNS: Text = text(
    "Hidden columns: {columns}. They are read as the mapping says.",
    "隐藏的列：{columns}。按列对应的设置读取。",
);
const TITLE: Text = text(
    "Row {row} names the columns; what stands above it was left out.",
    "第 {row} 行为列名，其上方的内容不导入。",
);
const MERGED_TITLE: Text = text(
    "Merged above the columns, and left out as a title: {ranges}.",
    "列名上方的合并单元格作为标题，不导入：{ranges}。",
);
const EPOCH: Text = text(
    "The workbook counts its days from 1904, and they were read so.",
    "该工作簿的日期以 1904 年为起点，已按此读取。",
);

/// What is told of a table as a whole.
pub(super) fn of_table(known: &Known, header_row: u64) -> Vec<Said> {
    let mut notes = Vec::new();
    match known {
        Known::Csv(survey) if survey.encoding != UTF_8 => {
            notes.push(ENCODING.with(&[("encoding", encoding::named(survey.encoding))]));
        }
        Known::Csv(_) => {}
        Known::Sheet(look) => {
            if look.hidden {
                notes.push(HIDDEN_SHEET.said());
            }
            if look.hidden_rows_in_all > 0 {
                let more = if look.hidden_rows_in_all > look.hidden_rows.len() as u64 { ", …" } else { "" };
                let rows = join(look.hidden_rows.iter().map(u64::to_string)) + more;
                let n = look.hidden_rows_in_all.to_string();
                notes.push(HIDDEN_ROWS.with(&[("n", &n), ("rows", &rows)]));
            }
            if !look.hidden_columns.is_empty() {
                let columns = join(look.hidden_columns.iter().take(20).map(|column| letters(*column)));
                notes.push(HIDDEN_COLUMNS.with(&[("columns", &columns)]));
            }
            if look.epoch == super::days::Epoch::From1904 {
                notes.push(EPOCH.said());
            }
            let above = || look.merged.iter().filter(|range| range.rows.1 < header_row);
            if above().next().is_some() {
                let ranges = join(above().take(20).map(ToString::to_string));
                notes.push(MERGED_TITLE.with(&[("ranges", &ranges)]));
            }
        }
    }
    if header_row > 1 {
        notes.push(TITLE.with(&[("row", &header_row.to_string())]));
    }
    notes
}

fn join(all: impl Iterator<Item = String>) -> String {
    all.collect::<Vec<_>>().join(", ")
}
