//! The measuring workload's tables (products, material lots, batches, cartons with contents, shipments,
//! relabelings) as the events that a factory and a warehouse would have handed in: a carton packed under
//! its first code, relabeled where it was, then shipped with the others of its shipment.
//!
//! The tables are in the order of their ids, so everything that belongs to a carton is met by reading
//! them side by side; nothing but the present shipment is kept in memory.

use super::{
    Stop,
    feed::{self, Feed, Hungup, Target},
    made::{Made, Prepared, draft_id},
    progress::Progress,
    report::{FileReport, Problem, Report},
    rows::Setting,
    survey::unreadable,
};
use domain::{
    event::{BATCH_MADE, CODE_REPLACED, CONTENTS_PACKED, EventDraft, Evidence, RECORD_FILED, SHIPMENT_LEFT},
    subject::Subject,
    text::{Text, text},
    time::noon,
};
use serde_json::{Value, json};
use std::{
    fs::{self, File},
    io,
    iter::Peekable,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

const TABLES: [&str; 8] = [
    "products.csv",
    "material_lots.csv",
    "batches.csv",
    "batch_materials.csv",
    "cartons.csv",
    "carton_lots.csv",
    "relabels.csv",
    "shipments.csv",
];

/// Where each kind of draft is counted in the report.
const PRODUCTS: usize = 0;
const MATERIAL_LOTS: usize = 1;
const BATCHES: usize = 2;
const CARTONS: usize = 4;
const RELABELS: usize = 6;
const SHIPMENTS: usize = 7;

const SHORT: Text = text(
    "{file} has a row with fewer columns than the workload's tables have.",
    "{file} 中有一行的列数少于该数据表应有的列数。",
);

/// Imports the folder.
pub(super) async fn run(
    target: Target<'_>,
    folder: &Path,
    setting: Setting,
    progress: &mut Progress,
) -> Result<Report, Stop> {
    let files = TABLES.iter().map(|name| FileReport::new(name)).collect();
    let report = Report { dry_run: target.is_dry(), files };
    let sizes = TABLES.iter().map(|name| Ok(fs::metadata(folder.join(name))?.len())).sum::<io::Result<u64>>();
    let bytes = sizes.map_err(|e| Stop::Table(unreadable(&e)))?;
    let done = Arc::new(AtomicU64::new(0));
    let tables = Tables::open(folder, &done).map_err(Stop::Table)?;
    let read = move |feed: &mut Feed| {
        let mut walk = Walk { setting, feed };
        match walk.all(tables) {
            // Who stopped it tells why.
            Ok(()) | Err(Halt::Hungup) => {}
            Err(Halt::Problem(file, problem)) => drop(feed.put(file, Made::Unread(problem))),
        }
    };
    Ok(feed::feed(target, report, bytes, done, progress, read).await?)
}

/// One table, its header skipped.
type Table = Peekable<Box<dyn Iterator<Item = Row> + Send>>;

/// A row, or why there is none.
type Row = Result<csv::StringRecord, String>;

struct Tables([Table; 8]);

impl Tables {
    fn open(folder: &Path, done: &Arc<AtomicU64>) -> Result<Tables, Problem> {
        let open = |name: &str| -> Result<Table, Problem> {
            let file = File::open(folder.join(name)).map_err(|e| unreadable(&e))?;
            let done = done.clone();
            let records = csv::Reader::from_reader(file).into_records().map(move |record| {
                let record = record.map_err(|e| e.to_string())?;
                let bytes = record.as_slice().len() + record.len() + 1;
                done.fetch_add(bytes as u64, Ordering::Relaxed);
                Ok(record)
            });
            let rows: Box<dyn Iterator<Item = Row> + Send> = Box::new(records);
            Ok(rows.peekable())
        };
        let [a, b, c, d, e, f, g, h] = TABLES;
        Ok(Tables([open(a)?, open(b)?, open(c)?, open(d)?, open(e)?, open(f)?, open(g)?, open(h)?]))
    }
}

enum Halt {
    Hungup,
    Problem(usize, Problem),
}

impl From<Hungup> for Halt {
    fn from(_: Hungup) -> Halt {
        Halt::Hungup
    }
}

struct Walk<'a> {
    setting: Setting,
    feed: &'a mut Feed,
}

impl Walk<'_> {
    fn all(&mut self, Tables(tables): Tables) -> Result<(), Halt> {
        let [
            mut products,
            mut lots,
            mut batches,
            mut materials,
            mut cartons,
            mut contents,
            mut relabels,
            mut shipments,
        ] = tables;
        self.places()?;
        while let Some(row) = next(&mut products, PRODUCTS)? {
            self.product(&row)?;
        }
        let mut lot_codes = Vec::new();
        while let Some(row) = next(&mut lots, MATERIAL_LOTS)? {
            let [_, code, material, supplier, received_on] = cells(&row, MATERIAL_LOTS)?;
            let facts = [
                ("material", material),
                ("class", class(material)),
                ("supplier", supplier),
                ("lot_code", code),
                ("received_on", received_on),
            ];
            self.record(
                MATERIAL_LOTS,
                &Subject::material_lot(code),
                "material_lot",
                &facts,
                &[code],
                received_on,
            )?;
            lot_codes.push(code.to_string());
        }
        let mut batch_codes = Vec::new();
        while let Some(row) = next(&mut batches, BATCHES)? {
            self.batch(&row, &mut materials, &lot_codes)?;
            batch_codes.push(cells::<2>(&row, BATCHES)?[1].to_string());
        }
        self.cartons(&mut cartons, &mut contents, &mut relabels, &mut shipments, &batch_codes)
    }

    /// The countries that shipments go to stand for places there.
    fn places(&mut self) -> Result<(), Halt> {
        for country in ["DE", "US", "FR", "JP", "GB"] {
            let facts = [("name", country), ("role", "retailer"), ("country", country)];
            self.record(SHIPMENTS, &Subject::place(country), "place", &facts, &[country], "2026-01-01")?;
        }
        Ok(())
    }

    fn product(&mut self, row: &csv::StringRecord) -> Result<(), Halt> {
        let [id, gtin, name, _] = cells(row, PRODUCTS)?;
        let facts = [
            ("name", name),
            ("item_number", id),
            ("brand_name", "Workload"),
            ("importer", "Workload"),
            ("contact", "workload@example.org"),
        ];
        let gtin = format!("(01){gtin}");
        self.record(PRODUCTS, &Subject::trade_item(id), "trade_item", &facts, &[&gtin], "2026-01-01")
    }

    fn batch(
        &mut self,
        row: &csv::StringRecord,
        materials: &mut Table,
        lot_codes: &[String],
    ) -> Result<(), Halt> {
        let [id, lot_code, product, _, produced_on, line, quantity] = cells(row, BATCHES)?;
        let mut used = Vec::new();
        while let Some(material) = next_of(materials, id, BATCHES + 1)? {
            let [_, lot] = cells(&material, BATCHES + 1)?;
            used.extend(
                by_id(lot_codes, lot).map(|code| json!({"material_lot": Subject::material_lot(code).urn()})),
            );
        }
        let payload = json!({
            "trade_item": Subject::trade_item(product).urn(), "lot_code": lot_code,
            "produced_from": produced_on, "line": line, "product_version": "R1",
            "quantity": quantity.parse::<u64>().unwrap_or_default(), "materials": used,
        });
        self.put(BATCHES, BATCH_MADE, produced_on, payload)
    }

    fn cartons(
        &mut self,
        cartons: &mut Table,
        contents: &mut Table,
        relabels: &mut Table,
        shipments: &mut Table,
        batch_codes: &[String],
    ) -> Result<(), Halt> {
        let mut shipment: Option<csv::StringRecord> = None;
        let mut units: Vec<String> = Vec::new();
        while let Some(row) = next(cartons, CARTONS)? {
            let [id, sscc, mark, _, shipment_id, _] = cells(&row, CARTONS)?;
            if shipment.as_ref().is_none_or(|s| s.get(0) != Some(shipment_id)) {
                self.ship(shipment.take(), &mut units)?;
                shipment = next_of(shipments, shipment_id, SHIPMENTS)?;
            }
            let shipped_on = shipment.as_ref().and_then(|s| s.get(2)).unwrap_or("2026-01-01").to_string();
            let mut batches = Vec::new();
            while let Some(content) = next_of(contents, id, CARTONS + 1)? {
                let [_, batch, pieces] = cells(&content, CARTONS + 1)?;
                let pieces: Option<u64> = pieces.parse().ok();
                let batch = by_id(batch_codes, batch).map(|code| Subject::batch(code).urn());
                batches.push(json!({"batch": batch, "pieces": pieces}));
            }
            let relabel = next_of(relabels, id, RELABELS)?;
            let first = relabel.as_ref().and_then(|r| r.get(1)).unwrap_or(sscc).to_string();
            let payload = json!({"container": first, "marks": [mark], "level": "carton", "batches": batches});
            self.put(CARTONS, CONTENTS_PACKED, &shipped_on, payload)?;
            if let Some(relabel) = relabel {
                let [_, old, new, on] = cells(&relabel, RELABELS)?;
                let payload =
                    json!({"old_code": old, "new_code": new, "reason": "damaged", "old_code_scanned": true});
                self.put(RELABELS, CODE_REPLACED, on, payload)?;
            }
            units.push(sscc.to_string());
        }
        self.ship(shipment, &mut units)
    }

    fn ship(&mut self, shipment: Option<csv::StringRecord>, units: &mut Vec<String>) -> Result<(), Halt> {
        let Some(row) = shipment else { return Ok(()) };
        let [_, reference, shipped_on, destination] = cells(&row, SHIPMENTS)?;
        let units = std::mem::take(units);
        let payload =
            json!({"shipment": reference, "units": units, "destination": Subject::place(destination).urn()});
        self.put(SHIPMENTS, SHIPMENT_LEFT, shipped_on, payload)
    }

    fn record(
        &mut self,
        file: usize,
        subject: &Subject,
        record: &str,
        facts: &[(&str, &str)],
        names: &[&str],
        day: &str,
    ) -> Result<(), Halt> {
        let facts: Vec<Value> =
            facts.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        let names: Vec<Value> = names.iter().map(|code| json!({"code": code})).collect();
        let payload =
            json!({"subject": subject.to_string(), "record": record, "facts": facts, "names": names});
        self.put(file, RECORD_FILED, day, payload)
    }

    fn put(&mut self, file: usize, kind: &str, day: &str, payload: Value) -> Result<(), Halt> {
        let (zone, now) = (self.setting.zone, self.setting.now);
        let told = noon(day, zone).unwrap_or(now);
        // Its days run on as long as there are batches, past the present day for some sizes.
        let event_time = told.min(now);
        let draft = EventDraft {
            id: draft_id(self.setting.brand, kind, &[("payload", &payload.to_string())]),
            kind: kind.into(),
            event_time,
            zone,
            place: None,
            evidence: Evidence::Imported,
            note: None,
            source: None,
            payload,
        };
        let prepared = Prepared { draft, lines: vec![0], dated: told == event_time, cells: vec![] };
        Ok(self.feed.put(file, Made::Draft(Box::new(prepared)))?)
    }
}

fn next(table: &mut Table, file: usize) -> Result<Option<csv::StringRecord>, Halt> {
    table.next().transpose().map_err(|why| broken(file, why))
}

/// The next row where its first cell is the id.
fn next_of(table: &mut Table, id: &str, file: usize) -> Result<Option<csv::StringRecord>, Halt> {
    match table.next_if(|row| row.as_ref().map_or(true, |row| row.get(0) == Some(id))) {
        Some(row) => row.map(Some).map_err(|why| broken(file, why)),
        None => Ok(None),
    }
}

fn broken(file: usize, why: String) -> Halt {
    Halt::Problem(file, unreadable(&io::Error::other(why)))
}

fn cells<const N: usize>(row: &csv::StringRecord, file: usize) -> Result<[&str; N], Halt> {
    let mut cells = row.iter();
    let taken = [(); N].map(|()| cells.next());
    match taken.iter().all(Option::is_some) {
        true => Ok(taken.map(Option::unwrap_or_default)),
        false => {
            let name = TABLES.get(file).copied().unwrap_or_default();
            Err(Halt::Problem(file, Problem::of_file("too_few_cells", SHORT.with(&[("file", name)]))))
        }
    }
}

/// Ids count from 1 in the order of their table.
fn by_id<'a>(codes: &'a [String], id: &str) -> Option<&'a String> {
    codes.get(id.parse::<usize>().ok()?.checked_sub(1)?)
}

fn class(material: &str) -> &'static str {
    match material {
        m if m.ends_with("resin") => "resin",
        m if m.starts_with("Paint") => "paint",
        "Polyester stuffing" => "fabric",
        "Battery contact" => "battery_contact",
        "Magnet" => "magnet",
        "Sound module" => "electronics",
        _ => "other",
    }
}
