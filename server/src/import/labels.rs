//! What people call our tables and their columns, to choose from.

use super::{
    propose,
    table::{Column, Table},
};
use domain::{
    field::Input,
    import::Offer,
    subject::Level,
    text::{Said, Text, text},
};

/// The plain tables, by the name of their file.
#[rustfmt::skip]
const PLAIN: &[(&str, Text)] = &[
    ("batches", text("Batches and their run sheets", "批次及生产记录单")),
    ("batch_materials", text("Material lots in batches", "批次所用物料批次")),
    ("cartons", text("Batches in cartons", "外箱所装批次")),
    ("pallets", text("Cartons on pallets", "托盘所装外箱")),
    ("shipment_units", text("Cartons and pallets in shipments", "货运单所含外箱与托盘")),
];

const CODES: Text = text("Codes", "条码");
const CODES_ON: Text = text("Codes: {level}", "条码：{level}");
const SUBJECT: Text = text("What it is about", "所属对象");
const KIND: Text = text("Event kind", "事件种类");
const TIME: Text = text("When it happened", "发生时间");
const WHEN: Text = text("Day", "日期");
const PLACE: Text = text("Where it happened", "发生地点");
const NOTE: Text = text("Note", "备注");

/// Every table to choose from.
pub(super) fn tables() -> Vec<Offer> {
    let offer =
        |table: Table| Offer { name: table.name(), label: table_label(table), must: false, measured: false };
    propose::tables().into_iter().map(offer).collect()
}

fn table_label(table: Table) -> Said {
    match table {
        Table::Records(record) => record.title.said(),
        Table::Plain(plain, kind) => {
            let named = PLAIN.iter().find(|(stem, _)| *stem == plain.stem);
            named.map_or(kind.about.title, |(_, label)| *label).said()
        }
        Table::Events(Some(kind)) => kind.about.title.said(),
        Table::Events(None) => KIND.said(),
    }
}

/// The columns of a table to choose from.
pub(super) fn columns(table: Table) -> Vec<Offer> {
    let must = table.required();
    let mut names = table.headers();
    if let Table::Records(_) = table {
        // Codes of one level have columns of their own.
        let levels = Level::ALL.iter().map(|level| format!("codes_on_{}", level.word()));
        names.splice(2..2, levels);
    }
    let offer = |name: String| {
        let column = table.column(&name)?;
        let (label, measured) = (column_label(&column), is_measured(&column));
        Some(Offer { label, must: must.contains(&name), measured, name })
    };
    names.into_iter().filter_map(offer).collect()
}

fn is_measured(column: &Column) -> bool {
    match column {
        Column::Fact(field) | Column::Field(field, _) => matches!(field.input, Input::Date | Input::Amount),
        Column::Time | Column::When => true,
        _ => false,
    }
}

fn column_label(column: &Column) -> Said {
    match column {
        Column::Fact(field) | Column::Field(field, _) => field.label.said(),
        Column::Subject => SUBJECT.said(),
        Column::Names(None) => CODES.said(),
        Column::Names(Some(level)) => {
            let title = level.title();
            let fill = |level: &str| CODES_ON.with(&[("level", level)]);
            Said { en: fill(title.en).en, zh: fill(title.zh).zh }
        }
        Column::Kind => KIND.said(),
        Column::Time => TIME.said(),
        Column::When => WHEN.said(),
        Column::Place => PLACE.said(),
        Column::Note => NOTE.said(),
    }
}
