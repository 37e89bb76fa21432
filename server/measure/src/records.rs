//! R(n): a brand's book with n batches to whose records something is missing, the same on every machine; and
//! one shipment of 2,000 cartons whose batches miss next to nothing.
//!
//! 100 trade items, each made at two of five factories under a locked trace plan that asks for everything. Every
//! batch has its run sheet and three material lots; an approved revision one of two, an inline inspection and a
//! retained sample one of three, a final inspection one of four. One of ten is packed and in a shipment that
//! waits, one in a shipment that left, two are packed and in none. A hundredth more are complete and signed off.

use crate::{
    Outcome,
    database::Engine,
    workload::{date, draft, filing, mix, with_check_digit},
};
use domain::event::EventDraft;
use serde_json::{Value, json};

const ITEMS: u64 = 100;
const FACTORIES: u64 = 5;
const PLANS: u64 = 2 * ITEMS;
const CARTONS_A_SHIPMENT: u64 = 40;
const PIECES: u64 = 24;
const KEPT: u64 = 4;
/// The batches in the shipment at the gate, and what each has.
const AT_GATE: u64 = 10;
const CARTONS_AT_GATE: u64 = 2000;
const CARTONS_A_BATCH_AT_GATE: u64 = CARTONS_AT_GATE / AT_GATE;
const CARTONS_A_PALLET: u64 = 40;
/// What the trace plans ask for, as every batch has it; the gate's batches have one lot of each class.
const USUAL: &[&str] = &["resin", "paint", "packaging"];
const CLASSES: &[&str] =
    &["resin", "paint", "packaging", "fabric", "electronics", "magnet", "battery_contact", "other"];
const BATCHES_A_MATERIAL_LOT: u64 = 20;

/// The reference of the shipment at the gate.
pub const GATE: &str = "AT-GATE";

/// R(n).
#[derive(Clone, Copy, Debug)]
pub struct Records {
    /// Batches to whose records something is missing.
    pub batches: u64,
}

/// A batch by its number: the open ones first, then those that are complete, then those at the gate.
#[derive(Clone, Copy)]
struct Batch {
    n: u64,
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Waits,
    Left,
    Packed,
    Open,
    Whole,
    AtGate(u64),
}

impl Batch {
    fn is_open(self) -> bool {
        !matches!(self.stage, Stage::Whole | Stage::AtGate(_))
    }

    /// One of `of` of the open ones has something; the others have it.
    fn has(self, what: u64, of: u64) -> bool {
        !self.is_open() || mix(&[what, self.n]).is_multiple_of(of)
    }

    fn plan(self) -> u64 {
        self.n % PLANS
    }

    fn lot_code(self) -> String {
        format!("R{:07}", self.n)
    }

    /// A hundred batches a day.
    fn day(self) -> i64 {
        i64::try_from(self.n / 100).unwrap_or(0)
    }

    fn cartons(self) -> u64 {
        match self.stage {
            Stage::Open => 0,
            Stage::AtGate(_) => CARTONS_A_BATCH_AT_GATE,
            _ => 1,
        }
    }

    fn carton(self, n: u64) -> String {
        with_check_digit(format!("20614141{:09}", self.n * 1000 + n))
    }

    fn made(self) -> u64 {
        // More were made than are packed where something is missing.
        match self.is_open() {
            true => 10 * PIECES,
            false => self.cartons() * PIECES + KEPT,
        }
    }

    fn classes(self) -> &'static [&'static str] {
        match self.stage {
            Stage::AtGate(_) => CLASSES,
            _ => USUAL,
        }
    }

    /// One of the ten has no final inspection, one no sample: what the gate is to find.
    fn is_inspected(self) -> bool {
        self.stage != Stage::AtGate(3) && self.has(4, 4)
    }

    fn is_sampled(self) -> bool {
        self.stage != Stage::AtGate(7) && self.has(3, 3)
    }
}

fn item(plan: u64) -> String {
    format!("TOY-{:03}", plan / 2)
}

fn factory(plan: u64) -> String {
    format!("FACTORY-{}", plan % FACTORIES)
}

fn plan_key(plan: u64) -> String {
    domain::subject::Subject::trace_plan(&item(plan), &factory(plan)).key
}

fn material_lot(class: &str, n: u64) -> String {
    format!("{class}-{n:05}")
}

fn facts(given: &[(&str, &str)]) -> Value {
    given.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
}

impl Records {
    /// A database with R(n) in it.
    pub async fn filled(self, engine: Engine, anew: bool) -> Outcome<String> {
        let entries = self.drafts().count() as u64;
        engine.filled_with(&format!("r{}", self.batches), entries, anew, || self.drafts()).await
    }

    fn all(self) -> impl Iterator<Item = Batch> + Clone {
        let whole = self.batches + self.batches / 100;
        (0..whole + AT_GATE).map(move |n| {
            let stage = match n {
                n if n >= whole => Stage::AtGate(n - whole),
                n if n >= self.batches => Stage::Whole,
                n => match mix(&[10, n]) % 10 {
                    0 => Stage::Waits,
                    1 => Stage::Left,
                    2 | 3 => Stage::Packed,
                    _ => Stage::Open,
                },
            };
            Batch { n, stage }
        })
    }

    fn in_stage(self, stage: Stage) -> impl Iterator<Item = Batch> + Clone {
        self.all().filter(move |batch| batch.stage == stage)
    }

    fn at_gate(self) -> impl Iterator<Item = Batch> + Clone {
        self.all().skip(usize::try_from(self.batches + self.batches / 100).unwrap_or(usize::MAX))
    }

    /// Every event, table by table, as an import brings them.
    pub fn drafts(self) -> impl Iterator<Item = EventDraft> {
        let all = self.all();
        let inspected = |level: &'static str, batch: Batch| {
            let made = batch.made();
            let report = json!({"subjects": [batch.lot_code()], "level": level, "result": "pass",
                "presented": made, "sample": made.min(50)});
            draft("inspecting", batch.day() + 1, report)
        };
        let signed = |batch: Batch| draft("releasing", batch.day() + 4, json!({"subject": batch.lot_code()}));
        let complete = |batch: &Batch| !batch.is_open() && batch.is_inspected();
        furniture()
            .chain(self.lots())
            .chain(all.clone().map(made))
            .chain(all.clone().filter(|batch| batch.has(1, 2)).map(approved))
            .chain(all.clone().filter(|batch| batch.has(2, 3)).map(move |batch| inspected("inline", batch)))
            .chain(all.clone().filter(|b| b.is_inspected()).map(move |batch| inspected("final", batch)))
            .chain(all.clone().filter(|batch| batch.is_sampled()).map(sampled))
            .chain(all.clone().flat_map(move |batch| self.packed(batch)))
            .chain(all.filter(complete).map(signed))
            .chain(self.put_together(Stage::Waits, "WAITS"))
            .chain(self.put_together(Stage::Left, "LEFT"))
            .chain(self.left())
            .chain(self.gate())
    }

    fn lots(self) -> impl Iterator<Item = EventDraft> {
        let lots = self.all().count() as u64 / BATCHES_A_MATERIAL_LOT;
        CLASSES.iter().flat_map(move |class| {
            let n = if USUAL.contains(class) { lots + 1 } else { 1 };
            (0..n).map(move |n| {
                let code = material_lot(class, n);
                let name = format!("Usual {class}");
                let mut given = vec![
                    ("material", name.as_str()),
                    ("class", class),
                    ("supplier", "Daya Bay Resins"),
                    ("source", "Daya Bay works"),
                    ("lot_code", &code),
                    ("received_on", "2024-01-01"),
                ];
                // Of one lot in ten nobody kept the receipt.
                if n % 10 < 9 {
                    given.push(("receipt", "GR-2000"));
                }
                filing("material_lot", &code, facts(&given))
            })
        })
    }

    /// A batch is packed; at the gate every twentieth carton holds two batches.
    fn packed(self, batch: Batch) -> impl Iterator<Item = EventDraft> {
        (0..batch.cartons()).map(move |n| {
            let mut batches = vec![json!({"batch": batch.lot_code(), "pieces": PIECES})];
            if let (Stage::AtGate(of), 0) = (batch.stage, n % 20) {
                let first = batch.n - of;
                let next = Batch { n: first + (of + 1) % AT_GATE, ..batch };
                batches = [batch, next].map(|b| json!({"batch": b.lot_code(), "pieces": PIECES / 2})).into();
            }
            let payload = json!({"container": batch.carton(n), "level": "carton", "batches": batches});
            draft("packing", batch.day() + 3, payload)
        })
    }

    fn loads(self, stage: Stage) -> Vec<Vec<Batch>> {
        let batches: Vec<Batch> = self.in_stage(stage).collect();
        batches.chunks(usize::try_from(CARTONS_A_SHIPMENT).unwrap_or(1)).map(<[_]>::to_vec).collect()
    }

    fn put_together(self, stage: Stage, name: &'static str) -> impl Iterator<Item = EventDraft> {
        self.loads(stage).into_iter().enumerate().flat_map(move |(i, load)| {
            let reference = format!("{name}-{i:05}");
            let units: Vec<String> = load.iter().map(|batch| batch.carton(0)).collect();
            let day = load.last().map_or(0, |batch| batch.day());
            let together = json!({"container": reference, "level": "shipment", "units": units});
            [draft("packing", day + 5, together), papers(&reference, &[])]
        })
    }

    /// What left was let pass by name: its records were no more complete then.
    fn left(self) -> impl Iterator<Item = EventDraft> {
        let loads = self.loads(Stage::Left).into_iter();
        let days: Vec<i64> = loads.map(|load| load.last().map_or(0, |batch| batch.day())).collect();
        let released = days.clone().into_iter().enumerate().map(|(i, day)| {
            let by = json!({"subject": format!("LEFT-{i:05}"), "override_by": "Ana Ruiz",
                "override_role": "buyer", "override_reason": "the records follow"});
            draft("releasing", day + 6, by)
        });
        let sent = days.into_iter().enumerate().map(|(i, day)| {
            draft("shipping", day + 6, json!({"shipment": format!("LEFT-{i:05}"), "destination": "HUB"}))
        });
        released.chain(sent)
    }

    /// Half of the cartons on pallets, the others loose; an order and an invoice line a batch, two of which
    /// nobody joined.
    fn gate(self) -> impl Iterator<Item = EventDraft> {
        let day = self.at_gate().last().map_or(0, |batch| batch.day());
        let cartons: Vec<String> =
            self.at_gate().flat_map(|b| (0..b.cartons()).map(move |n| b.carton(n))).collect();
        let (on_pallets, mut loaded) = {
            let (a, b) = cartons.split_at(cartons.len() / 2);
            (a.to_vec(), b.to_vec())
        };
        let mut drafts = vec![];
        for (i, on) in on_pallets.chunks(usize::try_from(CARTONS_A_PALLET).unwrap_or(1)).enumerate() {
            let pallet = with_check_digit(format!("30614141{i:09}"));
            drafts.push(draft(
                "packing",
                day + 5,
                json!({"container": pallet, "level": "pallet", "units": on}),
            ));
            loaded.push(pallet);
        }
        drafts.push(draft(
            "packing",
            day + 5,
            json!({"container": GATE, "level": "shipment", "units": loaded}),
        ));
        drafts.push(papers(GATE, &[("purchase_order", "PO-1"), ("invoice", "INV-1")]));
        let lines = || {
            let papers = [("purchase_order", "PO-1"), ("invoice", "INV-1")];
            papers.into_iter().flat_map(move |paper| self.at_gate().map(move |batch| (paper, batch)))
        };
        for ((paper, number), batch) in lines() {
            let (line, quantity) = (batch.n.to_string(), (batch.cartons() * PIECES).to_string());
            let given = facts(&[
                ("paper", paper),
                ("number", number),
                ("line", &line),
                ("ordered_item", &item(batch.plan())),
                ("quantity", &quantity),
                ("value", "11760.00"),
                ("currency", "USD"),
            ]);
            drafts.push(filing("order_line", &format!("{number}#{line}"), given));
        }
        for ((_, number), batch) in lines().filter(|(_, batch)| batch.stage != Stage::AtGate(5)) {
            let joins = json!({"subject": format!("urn:lotwalk:order_line:{number}#{}", batch.n),
                "batch": batch.lot_code(), "pieces": batch.cartons() * PIECES, "grounds": "packing list"});
            drafts.push(draft("bridging", day + 5, joins));
        }
        drafts.into_iter()
    }
}

/// Places, trade items with their certificates, and the trace plans, accepted by both.
fn furniture() -> impl Iterator<Item = EventDraft> {
    let place = |key: &str, role: &str| {
        filing("place", key, facts(&[("name", key), ("role", role), ("country", "CN")]))
    };
    let factories = (0..FACTORIES).map(move |n| place(&factory(n), "factory"));
    let others = [place("HUB", "warehouse"), place("Daya Bay Resins", "supplier")];
    let items = (0..ITEMS).map(|n| {
        let key = item(2 * n);
        filing("trade_item", &key, facts(&[("name", &format!("Toy {n}")), ("brand_name", "Example Toys")]))
    });
    let certified = (0..PLANS).flat_map(|plan| {
        [("certificate", "CPC"), ("test_report", "TR")].map(|(document, mark)| {
            let certificate = json!({
                "subject": format!("trade_item:{}", item(plan)), "record": "certificate", "facts": facts(&[
                    ("number", &format!("{mark}-{plan}")), ("document", document), ("product_version", "B"),
                    ("bom", "BOM-7"), ("made_at", &factory(plan)), ("issued_on", &date(0)),
                ]),
            });
            draft("filing", 0, certificate)
        })
    });
    let plans = (0..PLANS).map(|plan| {
        let terms = json!({
            "trade_item": item(plan), "factory": factory(plan), "in_force_from": date(0),
            "code_on_product": "R{nnnnnnn}", "code_on_retail_box": "{lot}", "code_on_carton": "{lot}-C",
            "required_records": ["run_sheet", "material_lot", "approved_revision", "inspection_report",
                                 "carton_range", "retained_sample"],
            "materials": USUAL, "product_version": "B", "sample": "SP-2", "bom": "BOM-7", "artwork": "AW-4",
            "packaging": "PK-3", "relabeling_proof": "counted_and_scanned", "reworking_proof": "counted",
            "splitting_proof": "counted", "market": "us", "custodian": "Li Qiang",
        });
        draft("planning", 0, terms)
    });
    let accepted = ["buyer", "factory"].into_iter().flat_map(|party| {
        (0..PLANS)
            .map(move |plan| draft("accepting", 0, json!({"trace_plan": plan_key(plan), "party": party})))
    });
    factories.chain(others).chain(items).chain(certified).chain(plans).chain(accepted)
}

/// A run sheet, in full where nothing is to be missing.
fn made(batch: Batch) -> EventDraft {
    let lot_code = batch.lot_code();
    let materials: Vec<Value> = (batch.classes().iter())
        .map(|class| {
            let n = if USUAL.contains(class) { batch.n / BATCHES_A_MATERIAL_LOT } else { 0 };
            // What is complete was made of lots that are.
            let n = if batch.is_open() { n } else { n / 10 * 10 };
            json!({"material_lot": material_lot(class, n)})
        })
        .collect();
    let mut sheet = json!({
        "trade_item": item(batch.plan()), "lot_code": lot_code, "factory": factory(batch.plan()),
        "produced_from": date(batch.day()), "produced_to": date(batch.day()), "line": "3",
        "quantity": batch.made(), "product_version": "B", "lot_code_on_product": lot_code,
        "lot_code_on_retail_box": lot_code, "materials": materials,
    });
    if batch.has(5, 2) {
        sheet["shift"] = json!("A");
        sheet["lot_code_on_carton"] = json!(format!("{lot_code}-C"));
    }
    draft("producing", batch.day(), sheet)
}

fn approved(batch: Batch) -> EventDraft {
    let given = [
        ("product_version", "B"),
        ("sample", "SP-2"),
        ("bom", "BOM-7"),
        ("artwork", "AW-4"),
        ("packaging", "PK-3"),
    ];
    let subject = format!("batch:{}", batch.lot_code());
    let payload = json!({"subject": subject, "record": "approved_revision", "facts": facts(&given)});
    draft("filing", batch.day(), payload)
}

fn sampled(batch: Batch) -> EventDraft {
    let kept = json!({"sample": format!("RS-{:07}", batch.n), "batch": batch.lot_code(),
        "location": "Sample room, shelf B4", "custodian": "Li Qiang", "pieces": KEPT});
    draft("sampling", batch.day() + 2, kept)
}

fn papers(shipment: &str, more: &[(&str, &str)]) -> EventDraft {
    let mut given = vec![("destination", "HUB"), ("carrier", "Blue Funnel")];
    given.extend_from_slice(more);
    let subject = format!("shipment:{shipment}");
    draft("filing", 0, json!({"subject": subject, "record": "shipment", "facts": facts(&given)}))
}
