//! The tables of a record pack: which file is which, and what its columns mean.
//!
//! A table is either facts of a record kind (`places.csv`: one row a place), or events. Their columns
//! follow from what the kinds declare; here stands only what a pack has beyond that: the plain tables
//! `batches`, `batch_materials`, `cartons`, `pallets` and `shipment_units`, in the words of who fills
//! them in.

use super::report::Problem;
use domain::{
    event::{BATCH_MADE, CONTENTS_PACKED, KINDS, Kind, SHIPMENT_LEFT, kind_named},
    field::{Field, Input},
    record::{RecordKind, filed_as_they_are},
    subject::{Level, SubjectKind},
    text::{Text, text},
};
use std::sync::Arc;

/// What a file of a record pack holds.
#[derive(Clone, Copy, Debug)]
pub enum Table {
    /// Facts of a record kind.
    Records(&'static RecordKind),
    /// Events of one kind with columns of their own.
    Plain(&'static Plain, &'static Kind),
    /// Events by the fields of their form; of the kind named in the column `kind` where none stands here.
    Events(Option<&'static Kind>),
}

/// A table with columns of its own.
#[derive(Debug)]
pub struct Plain {
    /// The file's name without its ending.
    pub stem: &'static str,
    kind: &'static str,
    /// Header and field of the form; `#` is the number of the row among those of one event.
    pub columns: &'static [(&'static str, &'static str)],
    /// The column whose value ties neighbouring rows to one event.
    pub group: Option<&'static str>,
    /// Fields that are the same for every row.
    pub fixed: &'static [(&'static str, &'static str)],
    /// Columns that tell when it happened, the first one filled in counts.
    pub times: &'static [&'static str],
    /// Columns that must be there.
    pub required: &'static [&'static str],
    order: u8,
}

const PLAIN: &[Plain] = &[
    Plain {
        stem: "batches",
        kind: BATCH_MADE,
        columns: &[
            ("batch", "batch"),
            ("trade_item", "trade_item"),
            ("lot_code", "lot_code"),
            ("factory", "factory"),
            ("produced_from", "produced_from"),
            ("produced_to", "produced_to"),
            ("line", "line"),
            ("shift", "shift"),
            ("quantity", "quantity"),
            ("product_version", "product_version"),
            ("packaging_version", "packaging_version"),
            ("lot_code_on_product", "lot_code_on_product"),
            ("lot_code_on_inner_pack", "lot_code_on_inner_pack"),
            ("lot_code_on_retail_box", "lot_code_on_retail_box"),
            ("lot_code_on_carton", "lot_code_on_carton"),
            ("subcontractor", "subcontractor"),
            ("second_source", "second_source"),
        ],
        group: None,
        fixed: &[],
        times: &["produced_to", "produced_from"],
        required: &["trade_item", "lot_code"],
        order: 3,
    },
    Plain {
        stem: "batch_materials",
        kind: BATCH_MADE,
        columns: &[
            ("batch", "batch"),
            ("material_lot", "materials.#.material_lot"),
            ("amount", "materials.#.amount"),
            ("unit", "materials.#.unit"),
            ("used_on", "used_on"),
        ],
        group: None,
        fixed: &[],
        times: &["used_on"],
        required: &["batch", "material_lot"],
        order: 4,
    },
    Plain {
        stem: "cartons",
        kind: CONTENTS_PACKED,
        columns: &[
            ("carton", "container"),
            ("marks", "marks"),
            ("batch", "batches.#.batch"),
            ("pieces", "batches.#.pieces"),
            ("packed_on", "packed_on"),
        ],
        group: Some("carton"),
        fixed: &[("level", Level::Carton.word())],
        times: &["packed_on"],
        required: &["carton", "batch"],
        order: 6,
    },
    Plain {
        stem: "pallets",
        kind: CONTENTS_PACKED,
        columns: &[
            ("pallet", "container"),
            ("marks", "marks"),
            ("carton", "units"),
            ("packed_on", "packed_on"),
        ],
        group: Some("pallet"),
        fixed: &[("level", Level::Pallet.word())],
        times: &["packed_on"],
        required: &["pallet", "carton"],
        order: 7,
    },
    Plain {
        stem: "shipment_units",
        kind: SHIPMENT_LEFT,
        columns: &[("shipment", "shipment"), ("unit", "units"), ("shipped_on", "shipped_on")],
        group: Some("shipment"),
        fixed: &[],
        times: &["shipped_on"],
        required: &["shipment", "unit"],
        order: 9,
    },
];

/// The most rows that make one event, so that an entry stays within what the log takes.
pub const MOST_ROWS_AN_EVENT: usize = 200;

/// The file with events of several kinds.
const EVENTS: &str = "events";

const NO_TABLE: Text = text(
    "No table of a record pack is called “{name}”. The tables are: {names}. Events of one kind may stand in a file of that name: {kinds}.",
    "资料包中没有名为“{name}”的表。可用的表：{names}。单一种类的事件可放在同名文件中：{kinds}。",
);

impl Table {
    /// The table that a file name means.
    pub fn named(stem: &str) -> Result<Table, Problem> {
        let stem = stem.to_lowercase();
        if let Some((plain, kind)) =
            PLAIN.iter().find(|p| p.stem == stem).and_then(|p| Some((p, kind_named(p.kind)?)))
        {
            return Ok(Table::Plain(plain, kind));
        }
        if let Some(record) = filed_as_they_are().find(|r| r.name == stem || plural(r.name) == stem) {
            return Ok(Table::Records(record));
        }
        match kind_named(&stem) {
            Some(kind) => Ok(Table::Events(Some(kind))),
            None if stem == EVENTS => Ok(Table::Events(None)),
            None => {
                let tables = PLAIN.iter().map(|p| p.stem.to_string());
                let names: Vec<String> = filed_as_they_are().map(|r| plural(r.name)).chain(tables).collect();
                let kinds: Vec<&str> = KINDS.iter().map(|k| k.name).collect();
                let values =
                    [("name", stem.as_str()), ("names", &names.join(", ")), ("kinds", &kinds.join(", "))];
                Err(Problem::of_file("unknown_table", NO_TABLE.with(&values)))
            }
        }
    }

    /// The tables with columns of their own.
    pub(super) fn plain() -> impl Iterator<Item = Table> {
        PLAIN.iter().filter_map(|plain| Some(Table::Plain(plain, kind_named(plain.kind)?)))
    }

    /// What it is called: the name of its file in a record pack.
    pub fn name(&self) -> String {
        match self {
            Table::Records(record) => plural(record.name),
            Table::Plain(plain, _) => plain.stem.into(),
            Table::Events(Some(kind)) => kind.name.into(),
            Table::Events(None) => EVENTS.into(),
        }
    }

    /// Its place in the order in which tables are read: what is named comes before what names it.
    pub fn order(&self) -> u8 {
        match self {
            Table::Records(record) => match record.of.first() {
                Some(SubjectKind::Place) => 0,
                Some(SubjectKind::TradeItem) => 1,
                Some(SubjectKind::MaterialLot) => 2,
                Some(SubjectKind::Batch) => 5,
                _ => 8,
            },
            Table::Plain(plain, _) => plain.order,
            Table::Events(_) => 10,
        }
    }

    /// The columns that must be there.
    pub fn required(&self) -> Vec<String> {
        match self {
            Table::Records(record) => vec![subject_column(record).to_string()],
            Table::Plain(plain, _) => plain.required.iter().map(|c| c.to_string()).collect(),
            Table::Events(None) => vec!["kind".into()],
            Table::Events(Some(kind)) => {
                let must = kind.about.fields.iter().filter(|f| f.required);
                must.filter(|f| !matches!(f.input, Input::Rows(_))).map(|f| f.name.to_string()).collect()
            }
        }
    }

    /// What a header means; `None` where the table has no such column.
    pub fn column(&self, header: &str) -> Option<Column> {
        let general = || match header {
            "event_time" => Some(Column::Time),
            "place" if !matches!(self, Table::Records(_)) => Some(Column::Place),
            "note" => Some(Column::Note),
            _ => None,
        };
        match self {
            Table::Records(record) => {
                if header == subject_column(record) {
                    return Some(Column::Subject);
                }
                if let Some(field) = record.fields.iter().find(|f| f.name == header) {
                    return Some(Column::Fact(field));
                }
                let level = header.strip_prefix("codes_on_").map(Level::from_word);
                match (header, level) {
                    ("codes", _) => Some(Column::Names(None)),
                    (_, Some(level)) => level.map(|level| Column::Names(Some(level))),
                    _ => general(),
                }
            }
            Table::Plain(plain, kind) => {
                let path = plain.columns.iter().find(|(name, _)| *name == header).map(|(_, path)| *path);
                let field = path.and_then(|path| field_at(kind.about.fields, &path.replace('#', "0")));
                match (path, field) {
                    (Some(path), Some(field)) => Some(Column::Field(field, path.into())),
                    (Some(_), None) => Some(Column::When),
                    (None, _) => general(),
                }
            }
            Table::Events(None) if header == "kind" => Some(Column::Kind),
            Table::Events(None) => general().or_else(|| {
                let field = KINDS.iter().find_map(|kind| field_at(kind.about.fields, header))?;
                Some(Column::Field(field, header.into()))
            }),
            Table::Events(Some(kind)) => general().or_else(|| {
                let field = field_at(kind.about.fields, header)?;
                Some(Column::Field(field, header.into()))
            }),
        }
    }

    /// Every header there is, for who misspelt one.
    pub fn headers(&self) -> Vec<String> {
        let general = ["event_time", "note"].map(String::from);
        match self {
            Table::Records(record) => {
                let own = [subject_column(record), "codes"].map(String::from);
                own.into_iter().chain(record.fields.iter().map(|f| f.name.into())).chain(general).collect()
            }
            Table::Plain(plain, _) => plain
                .columns
                .iter()
                .map(|(name, _)| name.to_string())
                .chain(["place".into()])
                .chain(general)
                .collect(),
            Table::Events(kind) => {
                let fields = kind.map(|kind| paths(kind.about.fields)).unwrap_or_else(|| vec!["kind".into()]);
                fields.into_iter().chain(["place".into()]).chain(general).collect()
            }
        }
    }
}

/// What a column means.
#[derive(Clone, Debug)]
pub enum Column {
    /// What a record is filed under.
    Subject,
    /// Codes that name it, at a level.
    Names(Option<Level>),
    /// A fact of a record.
    Fact(&'static Field),
    /// A field of an event's form, by its path.
    Field(&'static Field, Arc<str>),
    /// The event kind.
    Kind,
    /// When it happened, to the minute.
    Time,
    /// When it happened, in a column that says nothing else.
    When,
    /// Where it happened.
    Place,
    /// A remark.
    Note,
}

/// A record of one kind of subject is filed under that subject's key; one of several names the kind too.
fn subject_column(record: &RecordKind) -> &'static str {
    match record.of {
        [one] => one.word(),
        _ => "subject",
    }
}

/// `place` becomes `places`, `alias` becomes `aliases`.
fn plural(word: &str) -> String {
    format!("{word}{}", if word.ends_with('s') { "es" } else { "s" })
}

/// The field at a path such as `parts.1.reference`.
fn field_at(fields: &'static [Field], path: &str) -> Option<&'static Field> {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let field = fields.iter().find(|f| f.name == name)?;
    match (field.input, rest) {
        (Input::Rows(inner), Some(rest)) => {
            let (number, rest) = rest.split_once('.')?;
            number.parse::<usize>().ok().filter(|n| *n < domain::field::MOST_ROWS)?;
            field_at(inner, rest)
        }
        (Input::Rows(_), None) | (_, Some(_)) => None,
        _ => Some(field),
    }
}

/// The paths of all fields, the first row of each list standing for the others.
fn paths(fields: &'static [Field]) -> Vec<String> {
    let of = |field: &'static Field| match field.input {
        Input::Rows(inner) => {
            paths(inner).into_iter().map(|path| format!("{}.0.{path}", field.name)).collect()
        }
        _ => vec![field.name.to_string()],
    };
    fields.iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_of_a_plain_table_has_its_field() {
        for plain in PLAIN {
            let Ok(table) = Table::named(plain.stem) else { panic!("{} is no table", plain.stem) };
            for (header, path) in plain.columns {
                let column = table.column(header);
                let only_when = plain.times.contains(header);
                match column {
                    Some(Column::Field(..)) => {}
                    Some(Column::When) if only_when => {}
                    other => panic!("{} {header} → {path} is {other:?}", plain.stem),
                }
            }
            assert!(plain.required.iter().all(|r| plain.columns.iter().any(|(name, _)| name == r)));
        }
    }

    #[test]
    fn every_event_kind_and_record_kind_has_its_table() {
        for kind in KINDS {
            assert!(matches!(Table::named(kind.name), Ok(Table::Events(Some(_)))), "{}", kind.name);
        }
        for record in filed_as_they_are() {
            assert!(matches!(Table::named(&plural(record.name)), Ok(Table::Records(_))), "{}", record.name);
        }
        let problem = Table::named("kartons").expect_err("no table");
        assert!(problem.said.en.contains("cartons"), "{}", problem.said.en);
    }

    /// A table of the guide: its file's name, its columns, and which of them must be there.
    fn guided(line: &str) -> Option<(&str, Vec<&str>, Vec<&str>)> {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [file, _, columns] = cells[..] else { return None };
        let stem = file.strip_prefix('`')?.strip_suffix(".csv`")?;
        let names = columns.split(',').map(str::trim);
        let must = names.clone().filter_map(|name| name.strip_prefix("**")?.strip_suffix("**"));
        Some((stem, names.clone().map(|name| name.trim_matches('*')).collect(), must.collect()))
    }

    #[test]
    fn the_guide_names_every_column_and_no_other() {
        let guide = include_str!("../../docs/record-pack.md");
        // What stands in brackets explains the column before it.
        let plain: Vec<String> =
            guide.lines().map(|line| line.split(['(', ')']).step_by(2).collect()).collect();
        let mut tables = 0;
        for (stem, named, must) in plain.iter().filter_map(|line| guided(line)) {
            let Ok(table) = Table::named(stem) else { panic!("the guide tells of {stem}.csv") };
            tables += 1;
            assert_eq!(must, table.required(), "{stem}.csv");
            for name in &named {
                assert!(table.column(name).is_some(), "the guide names {name} in {stem}.csv");
            }
            let own = matches!(table, Table::Records(record) if subject_column(record) == "place");
            let general = |name: &str| ["event_time", "note"].contains(&name) || (name == "place" && !own);
            for name in table.headers().iter().filter(|name| !general(name)) {
                assert!(named.contains(&name.as_str()), "the guide does not name {name} in {stem}.csv");
            }
        }
        assert_eq!(tables, 10);
        for stem in PLAIN.iter().map(|p| p.stem.into()).chain(filed_as_they_are().map(|r| plural(r.name))) {
            assert!(guide.contains(&format!("`{stem}.csv`")), "the guide does not name {stem}.csv");
        }
    }
}
