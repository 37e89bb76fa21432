//! W(n): a brand's book with n cartons, the same on every machine.
//!
//! 200 cartons a batch, 24 pieces a carton; 8 material lots a batch, a material lot feeds about 20
//! batches; 40 cartons a shipment; 5 % of the cartons hold two or three batches; 2 % were relabeled, and
//! their old code still resolves. A material lot reaches about 4,250 shares in cartons, whatever n is.

use crate::Outcome;
use domain::{
    event::{EventDraft, Evidence},
    time::{Time, Zone},
};
use serde_json::{Value, json};
use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::Path,
};
use uuid::Uuid;

const PREFIX: &str = "0614141";
const CARTONS_A_BATCH: u64 = 200;
const CARTONS_A_SHIPMENT: u64 = 40;
const BATCHES_A_MATERIAL_LOT: u64 = 20;
const PIECES: u64 = 24;
const DAY: i64 = 24 * 3600 * 1000;
/// 2024-01-01, UTC.
const FIRST_DAY: i64 = 1_704_067_200_000;
const MATERIALS: [(&str, &str); 8] = [
    ("ABS resin", "resin"),
    ("PVC resin", "resin"),
    ("Paint red", "paint"),
    ("Paint blue", "paint"),
    ("Polyester stuffing", "fabric"),
    ("Battery contact", "battery_contact"),
    ("Magnet", "magnet"),
    ("Sound module", "electronics"),
];
const DESTINATIONS: [&str; 5] = ["DE", "US", "FR", "JP", "GB"];

/// What a code stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Of {
    /// A carton by its SSCC; half of the relabeled ones by the old one.
    Sscc,
    /// A carton by its mark.
    Mark,
    /// A batch by its lot code.
    LotCode,
    /// A batch by a GS1 Digital Link.
    DigitalLink,
    /// Nothing: a well-formed SSCC that no record names.
    Nothing,
}

impl Of {
    /// In a table.
    pub const fn title(self) -> &'static str {
        match self {
            Of::Sscc => "SSCC",
            Of::Mark => "carton mark",
            Of::LotCode => "lot code",
            Of::DigitalLink => "Digital Link",
            Of::Nothing => "unknown SSCC",
        }
    }
}

/// The workload of so many cartons.
#[derive(Clone, Copy, Debug)]
pub struct Workload {
    /// How many.
    pub cartons: u64,
}

/// Splitmix64 over a few numbers: any fact can be told alone.
pub(crate) fn mix(of: &[u64]) -> u64 {
    of.iter().fold(0x9E37_79B9_7F4A_7C15, |hash, n| {
        let mut hash = (hash ^ n).wrapping_add(0x9E37_79B9_7F4A_7C15);
        hash = (hash ^ (hash >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        hash = (hash ^ (hash >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        hash ^ (hash >> 31)
    })
}

pub(crate) fn with_check_digit(body: String) -> String {
    let sum: u32 = body
        .bytes()
        .rev()
        .zip([3, 1].into_iter().cycle())
        .map(|(b, weight)| u32::from(b - b'0') * weight)
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

impl Workload {
    /// How many batches there are.
    pub fn batches(self) -> u64 {
        (self.cartons / CARTONS_A_BATCH).max(1)
    }

    fn trade_items(self) -> u64 {
        (self.batches() / 20).clamp(5, 500)
    }

    fn lots_of_a_material(self) -> u64 {
        self.batches().div_ceil(BATCHES_A_MATERIAL_LOT)
    }

    fn shipments(self) -> u64 {
        self.cartons.div_ceil(CARTONS_A_SHIPMENT)
    }

    /// How many entries it comes to.
    pub fn entries(self) -> u64 {
        let relabeled = (0..self.cartons).filter(|c| self.is_relabeled(*c)).count() as u64;
        let places = DESTINATIONS.len() as u64;
        let lots = self.lots_of_a_material() * MATERIALS.len() as u64;
        self.trade_items() + places + lots + self.batches() + self.cartons + relabeled + self.shipments()
    }

    fn sscc(self, carton: u64, relabeled: bool) -> String {
        with_check_digit(format!("{}{PREFIX}{carton:09}", u8::from(relabeled)))
    }

    fn current_sscc(self, carton: u64) -> String {
        self.sscc(carton, self.is_relabeled(carton))
    }

    fn is_relabeled(self, carton: u64) -> bool {
        mix(&[6, carton]).is_multiple_of(50)
    }

    fn mark(self, carton: u64) -> String {
        let (shipment, n) = (carton / CARTONS_A_SHIPMENT, carton % CARTONS_A_SHIPMENT);
        format!("{}-{:03}", self.shipment(shipment), n + 1)
    }

    fn shipment(self, shipment: u64) -> String {
        format!("AHK-S{:06}", shipment + 1)
    }

    fn destination(self, shipment: u64) -> &'static str {
        DESTINATIONS[(mix(&[7, shipment]) % DESTINATIONS.len() as u64) as usize]
    }

    fn batch_of(self, carton: u64) -> u64 {
        (carton / CARTONS_A_BATCH).min(self.batches() - 1)
    }

    /// The lot code of a batch.
    pub fn lot_code(self, batch: u64) -> String {
        format!("L{batch:07}{}", char::from(b'A' + (mix(&[4, batch]) % 26) as u8))
    }

    fn trade_item_of(self, batch: u64) -> u64 {
        mix(&[3, batch / 4]) % self.trade_items()
    }

    fn gtin(self, trade_item: u64) -> String {
        with_check_digit(format!("0{PREFIX}{trade_item:05}"))
    }

    /// The code of a material lot: the n-th lot of a material.
    pub fn material_lot(self, material: u64, n: u64) -> String {
        format!("M{}-{n:06}", material + 1)
    }

    /// Material lots in the middle of the story, spread over it.
    pub fn some_material_lots(self, count: u64) -> Vec<String> {
        let lots = self.lots_of_a_material();
        let lot =
            |i: u64| self.material_lot(i % MATERIALS.len() as u64, (i * lots + lots / 2) / count % lots);
        (0..count).map(lot).collect()
    }

    fn materials_of(self, batch: u64) -> Vec<String> {
        let lots = self.lots_of_a_material();
        let lot = |material: u64| {
            let n = batch / BATCHES_A_MATERIAL_LOT;
            let n = match mix(&[5, material, batch]) % 20 {
                0 => n.saturating_sub(1),
                1 => (n + 1).min(lots - 1),
                _ => n,
            };
            self.material_lot(material, n)
        };
        (0..MATERIALS.len() as u64).map(lot).collect()
    }

    /// The batches in a carton and the pieces of each.
    fn contents(self, carton: u64) -> Vec<(u64, u64)> {
        let (batch, hash) = (self.batch_of(carton), mix(&[6, carton]));
        let others = match (hash >> 8).is_multiple_of(20) {
            true => (1 + (hash >> 16) % 2).min(batch),
            false => 0,
        };
        let own = (batch, PIECES - 4 * others);
        std::iter::once(own).chain((1..=others).map(|n| (batch - n, 4))).collect()
    }

    /// Batches a day, so that the whole story takes about 300 days.
    fn day(self, batch: u64) -> i64 {
        i64::try_from(batch / (self.batches() / 300).max(1)).unwrap_or(0)
    }

    /// Code number `i` of a population in a random order; `None` where there are no more distinct ones.
    pub fn code(self, of: Of, i: u64) -> Option<String> {
        let most = match of {
            Of::Sscc | Of::Mark | Of::Nothing => self.cartons,
            Of::LotCode | Of::DigitalLink => self.batches(),
        };
        let n = (i < most).then(|| shuffled(i, most, of as u64))?;
        Some(match of {
            Of::Sscc => self.sscc(n, self.is_relabeled(n) && mix(&[8, n]).is_multiple_of(2)),
            Of::Mark => self.mark(n),
            Of::LotCode => self.lot_code(n),
            Of::DigitalLink => {
                let gtin = self.gtin(self.trade_item_of(n));
                format!("https://id.example.org/01/{gtin}/10/{}", self.lot_code(n))
            }
            Of::Nothing => with_check_digit(format!("7{PREFIX}{n:09}")),
        })
    }

    /// As people scan: 70 % SSCC, 10 % each of carton marks, lot codes and Digital Links. Every code is
    /// another one; so there are at most ten times as many as batches.
    pub fn mixed(self, count: u64) -> Vec<String> {
        let one = |i: u64| match i % 10 {
            7 => self.code(Of::Mark, i / 10),
            8 => self.code(Of::LotCode, i / 10),
            9 => self.code(Of::DigitalLink, i / 10),
            n => self.code(Of::Sscc, i / 10 * 7 + n),
        };
        (0..count).map_while(one).collect()
    }

    /// Every event, in the order in which it happened.
    pub fn drafts(self) -> impl Iterator<Item = EventDraft> {
        let items = (0..self.trade_items()).map(move |item| {
            filing(
                "trade_item",
                &self.gtin(item),
                json!([
                    {"name": "name", "value": format!("Toy model {:04}", item + 1)},
                    {"name": "brand_name", "value": "Example Toys"},
                ]),
            )
        });
        let places = DESTINATIONS.iter().map(|country| {
            filing(
                "place",
                country,
                json!([
                    {"name": "name", "value": format!("Warehouse {country}")},
                    {"name": "role", "value": "warehouse"},
                    {"name": "country", "value": country},
                ]),
            )
        });
        let lots = (0..MATERIALS.len() as u64).flat_map(move |material| {
            (0..self.lots_of_a_material()).map(move |n| self.material_lot_filed(material, n))
        });
        items.chain(places).chain(lots).chain((0..self.batches()).flat_map(move |batch| self.run_of(batch)))
    }

    fn material_lot_filed(self, material: u64, n: u64) -> EventDraft {
        let (name, class) = MATERIALS[material as usize % MATERIALS.len()];
        let code = self.material_lot(material, n);
        filing(
            "material_lot",
            &code,
            json!([
                {"name": "material", "value": name},
                {"name": "class", "value": class},
                {"name": "supplier", "value": format!("Supplier {:02}", 1 + mix(&[2, material, n]) % 40)},
                {"name": "lot_code", "value": code},
                {"name": "received_on", "value": date(self.day(n * BATCHES_A_MATERIAL_LOT))},
            ]),
        )
    }

    /// A batch is made, packed, in part relabeled, and shipped.
    fn run_of(self, batch: u64) -> Vec<EventDraft> {
        let day = self.day(batch);
        let materials: Vec<Value> =
            self.materials_of(batch).into_iter().map(|lot| json!({"material_lot": lot})).collect();
        let made = json!({
            "trade_item": self.gtin(self.trade_item_of(batch)),
            "lot_code": self.lot_code(batch),
            "produced_from": date(day),
            "line": format!("LINE{}", 1 + batch % 6),
            "quantity": CARTONS_A_BATCH * PIECES,
            "materials": materials,
        });
        let mut drafts = vec![draft("producing", day, made)];
        let last = match batch + 1 == self.batches() {
            true => self.cartons,
            false => (batch + 1) * CARTONS_A_BATCH,
        };
        let cartons = batch * CARTONS_A_BATCH..last;
        drafts.extend(cartons.clone().map(|carton| self.packed(carton, day)));
        drafts.extend(cartons.clone().filter(|carton| self.is_relabeled(*carton)).map(|carton| {
            let (old, new) = (self.sscc(carton, false), self.sscc(carton, true));
            let why =
                json!({"old_code": old, "new_code": new, "reason": "consignee", "old_code_scanned": true});
            draft("relabeling", day + 7, why)
        }));
        let from = cartons.start.div_ceil(CARTONS_A_SHIPMENT);
        drafts.extend((from..cartons.end.div_ceil(CARTONS_A_SHIPMENT)).map(|shipment| {
            let first = shipment * CARTONS_A_SHIPMENT;
            let units: Vec<String> = (first..self.cartons.min(first + CARTONS_A_SHIPMENT))
                .map(|carton| self.current_sscc(carton))
                .collect();
            let sent = json!({
                "shipment": self.shipment(shipment),
                "destination": self.destination(shipment),
                "units": units,
            });
            draft("shipping", day + 10, sent)
        }));
        drafts
    }

    /// A carton is packed.
    fn packed(self, carton: u64, day: i64) -> EventDraft {
        let batches: Vec<Value> = self
            .contents(carton)
            .into_iter()
            .map(|(batch, pieces)| json!({"batch": self.lot_code(batch), "pieces": pieces}))
            .collect();
        let packed =
            json!({"container": self.sscc(carton, false), "marks": [self.mark(carton)], "batches": batches});
        draft("packing", day, packed)
    }

    /// The packing of a carton beyond those of the book, for benches that add to it.
    pub fn another(self, n: u64) -> EventDraft {
        let batch = mix(&[9, n]) % self.batches();
        let batches = json!([{"batch": self.lot_code(batch), "pieces": PIECES}]);
        let sscc = with_check_digit(format!("8{PREFIX}{n:09}"));
        draft("packing", 0, json!({"container": sscc, "marks": [format!("X-{n:09}")], "batches": batches}))
    }

    /// Writes it as the folder that `lotwalk import --workload` reads.
    pub fn write_folder(self, dir: &Path) -> Outcome {
        fs::create_dir_all(dir)?;
        let table = |name: &str, columns: &str| -> Outcome<BufWriter<File>> {
            let mut file = BufWriter::with_capacity(1 << 20, File::create(dir.join(name))?);
            writeln!(file, "{columns}")?;
            Ok(file)
        };
        let mut out = table("products.csv", "product_id,gtin,name,revision")?;
        for item in 0..self.trade_items() {
            writeln!(out, "{},{},Toy model {1:04},R1", item + 1, self.gtin(item),)?;
        }
        let lots = self.lots_of_a_material();
        let mut out = table("material_lots.csv", "material_lot_id,code,material,supplier,received_on")?;
        for (material, (name, _)) in MATERIALS.iter().enumerate().map(|(i, m)| (i as u64, m)) {
            for n in 0..lots {
                let (id, code) = (material * lots + n + 1, self.material_lot(material, n));
                let supplier = 1 + mix(&[2, material, n]) % 40;
                let day = date(self.day(n * BATCHES_A_MATERIAL_LOT));
                writeln!(out, "{id},{code},{name},Supplier {supplier:02},{day}")?;
            }
        }
        let mut out = table("batches.csv", "batch_id,lot_code,product_id,gtin,produced_on,line,quantity")?;
        let mut links = table("batch_materials.csv", "batch_id,material_lot_id")?;
        for batch in 0..self.batches() {
            let (item, day) = (self.trade_item_of(batch), date(self.day(batch)));
            let (id, code, gtin) = (batch + 1, self.lot_code(batch), self.gtin(item));
            let (line, pieces) = (1 + batch % 6, CARTONS_A_BATCH * PIECES);
            writeln!(out, "{id},{code},{},{gtin},{day},LINE{line},{pieces}", item + 1)?;
            for (material, code) in self.materials_of(batch).iter().enumerate() {
                let n: u64 = code.split_once('-').and_then(|(_, n)| n.parse().ok()).unwrap_or(0);
                writeln!(links, "{id},{}", material as u64 * lots + n + 1)?;
            }
        }
        let mut out = table("cartons.csv", "carton_id,sscc,mark,batch_id,shipment_id,pieces")?;
        let mut inside = table("carton_lots.csv", "carton_id,batch_id,pieces")?;
        let mut relabels = table("relabels.csv", "carton_id,old_sscc,new_sscc,relabelled_on")?;
        for carton in 0..self.cartons {
            let (id, batch) = (carton + 1, self.batch_of(carton));
            let (sscc, mark) = (self.current_sscc(carton), self.mark(carton));
            writeln!(out, "{id},{sscc},{mark},{},{},{PIECES}", batch + 1, carton / CARTONS_A_SHIPMENT + 1)?;
            for (batch, pieces) in self.contents(carton) {
                writeln!(inside, "{id},{},{pieces}", batch + 1)?;
            }
            if self.is_relabeled(carton) {
                writeln!(relabels, "{id},{},{sscc},{}", self.sscc(carton, false), date(self.day(batch) + 7))?;
            }
        }
        let mut out = table("shipments.csv", "shipment_id,reference,shipped_on,destination")?;
        for n in 0..self.shipments() {
            let day = date(self.day(self.batch_of(n * CARTONS_A_SHIPMENT)) + 10);
            writeln!(out, "{},{},{day},{}", n + 1, self.shipment(n), self.destination(n))?;
        }
        Ok(())
    }
}

/// A permutation of `0..most`: a Feistel network over the next power of four, walked until it is inside.
fn shuffled(i: u64, most: u64, salt: u64) -> u64 {
    let half = (64 - most.leading_zeros()).div_ceil(2);
    let mask = (1 << half) - 1;
    let mut n = i;
    loop {
        let (mut left, mut right) = (n >> half, n & mask);
        for round in 0..4 {
            (left, right) = (right, left ^ (mix(&[salt, round, right]) & mask));
        }
        n = (left << half) | right;
        if n < most {
            return n;
        }
    }
}

pub(crate) fn date(day: i64) -> String {
    Time(FIRST_DAY + day * DAY).date(Zone::UTC)
}

pub(crate) fn draft(kind: &str, day: i64, payload: Value) -> EventDraft {
    EventDraft {
        id: Uuid::now_v7(),
        kind: kind.into(),
        event_time: Time(FIRST_DAY + day * DAY),
        zone: Zone::UTC,
        place: None,
        evidence: Evidence::Scanned,
        note: None,
        source: None,
        payload,
    }
}

pub(crate) fn filing(record: &str, key: &str, facts: Value) -> EventDraft {
    let subject = format!("{record}:{key}");
    draft(
        "filing",
        0,
        json!({"subject": subject, "record": record, "facts": facts, "names": [{"code": key}]}),
    )
}
