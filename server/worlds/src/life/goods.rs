//! Materials come in, runs are opened and made, inspected, kept, packed and signed off.

use super::{Life, facts, gtin, with_check_digit};
use crate::{
    names::{BOXES, PAINT, RESIN, SUNRISE, Site, Toy},
    story::Tells,
    truth::{Batch, Carton, Material, Sample, Went},
};
use domain::{person::Role, plan};
use serde_json::{Value, json};

/// Pieces in a carton.
pub(crate) const IN_CARTON: u64 = 24;
/// Pieces kept of a batch.
pub(crate) const KEPT: u64 = 4;

/// A material lot as it comes in.
#[derive(Clone, Debug)]
pub struct Lot {
    pub(crate) material: String,
    pub(crate) class: &'static str,
    /// The name that the supplier puts on its papers.
    pub(crate) called: String,
    /// The place that it is.
    pub(crate) supplier: &'static str,
    /// As it is written down.
    pub(crate) source: String,
    pub(crate) grade: String,
}

/// A run to be made.
#[derive(Clone, Debug)]
pub struct Run {
    pub(crate) toy: Toy,
    pub(crate) factory: Site,
    pub(crate) version: &'static str,
    /// A key of its own, where another batch has the lot code.
    pub(crate) key: Option<String>,
    /// Which run it is of its week.
    pub(crate) number: u64,
    pub(crate) pieces: u64,
    /// The material lots with the pieces that are made of each.
    pub(crate) lots: Vec<Went>,
    /// How many days it takes.
    pub(crate) days: i64,
}

impl Lot {
    fn of(material: &str, class: &'static str, supplier: Site, source: &str, grade: &str) -> Lot {
        Lot {
            material: material.into(),
            class,
            called: supplier.name.into(),
            supplier: supplier.key,
            source: source.into(),
            grade: grade.into(),
        }
    }

    /// The usual resin of a toy.
    pub(crate) fn resin(toy: Toy) -> Lot {
        Lot::of(toy.resin, "resin", RESIN[0], "Daya Bay works", "PA-757")
    }

    /// The usual paint.
    pub(crate) fn paint() -> Lot {
        Lot::of("Spray paint, clear", "paint", PAINT, "Foshan works", "CW-20")
    }

    /// The usual box.
    pub(crate) fn boxes() -> Lot {
        Lot::of("Retail box, printed", "packaging", BOXES, "Shenzhen plant 2", "350 g/m2")
    }

    /// Parts that a supplier of motors sends.
    pub(crate) fn part(material: &str, supplier: Site, source: &str, grade: &str) -> Lot {
        Lot::of(material, "electronics", supplier, source, grade)
    }
}

impl Life {
    /// A material lot comes in. Its real source is another than what is written where that is sealed.
    pub(crate) fn comes_in(&mut self, lot: &Lot, really_from: &str) -> String {
        let code = format!("{}-{:04}", lot.class[..1].to_uppercase(), 1000 + self.next());
        let (receipt, day) = (format!("GR-{}", 2000 + self.next()), self.story.in_days(-3));
        let given = facts(&[
            ("material", &lot.material),
            ("class", lot.class),
            ("supplier", &lot.called),
            ("source", &lot.source),
            ("lot_code", &code),
            ("received_on", &day),
            ("receipt", &receipt),
            ("specification", &lot.grade),
        ]);
        let payload = json!({
            "subject": format!("material_lot:{code}"), "record": "material_lot", "facts": given,
            "names": [{"code": code}],
        });
        self.story.writes(Role::Factory, Tells::MaterialLot, &[], "filing", payload);
        self.truth.materials.push(Material {
            lot: code.clone(),
            material: lot.material.clone(),
            grade: lot.grade.clone(),
            supplier: lot.supplier.into(),
            source: really_from.into(),
        });
        code
    }

    /// Resin, paint and boxes for so many pieces come in as usual.
    pub(crate) fn usual_lots(&mut self, toy: Toy, pieces: u64) -> Vec<Went> {
        let usual = [Lot::resin(toy), Lot::paint(), Lot::boxes()];
        usual.map(|lot| Went { lot: self.comes_in(&lot, &lot.source), first: 1, last: pieces }).into()
    }

    /// A run as usual: so many cartons and a sample, of material lots that come in for it.
    pub(crate) fn usual_run(&mut self, number: u64, cartons: u64) -> Run {
        let (toy, pieces) = (self.toy, cartons * IN_CARTON + KEPT);
        let lots = self.usual_lots(toy, pieces);
        Run { toy, factory: SUNRISE, version: "B", key: None, number, pieces, lots, days: 2 }
    }

    /// A run is opened on its first day and recorded as made on its last; tells the batch's key.
    pub(crate) fn makes(&mut self, run: &Run) -> String {
        let first_day = self.story.today();
        let pattern = plan::Pattern::read(&self.pattern(run.toy, run.factory));
        let of = plan::Run { day: &first_day, line: "3", shift: "A", lot: "", number: run.number };
        let lot_code = pattern.ok().and_then(|pattern| pattern.make(&of)).unwrap_or_default();
        let key = run.key.clone().unwrap_or_else(|| lot_code.clone());
        let mut opened = json!({
            "trade_item": format!("(01){}", gtin(run.toy)), "factory": run.factory.key,
            "produced_from": first_day, "line": "3", "shift": "A", "number": run.number,
        });
        if run.key.is_some() {
            opened["batch"] = json!(key);
        }
        self.story.writes(Role::Factory, Tells::Opening, &[&key], "opening", opened);
        self.inspects(&key, "inline", run.pieces / 2);
        self.story.days_pass(run.days - 1);
        let used = |went: &Went| {
            let grams = (went.last - went.first + 1) * 35;
            let amount = format!("{}.{:03}", grams / 1000, grams % 1000);
            json!({"material_lot": went.lot, "amount": amount, "unit": "kilogram"})
        };
        let materials: Vec<Value> = run.lots.iter().map(used).collect();
        let made = json!({
            "batch": key, "produced_to": self.story.today(), "quantity": run.pieces, "materials": materials,
        });
        self.story.writes(Role::Factory, Tells::Run, &[&key], "producing", made);
        // What a material lot is tells the record of every batch it went into.
        for recorded in self.story.recorded.iter_mut().filter(|r| r.tells == Tells::MaterialLot) {
            let subject = recorded.draft.payload["subject"].as_str().unwrap_or_default();
            if run.lots.iter().any(|went| subject.strip_prefix("material_lot:") == Some(went.lot.as_str())) {
                recorded.records_of.push(key.clone());
            }
        }
        self.truth.batches.push(Batch {
            key: key.clone(),
            lot_code,
            trade_item: run.toy.key.into(),
            gtin: gtin(run.toy),
            factory: run.factory.key.into(),
            version: run.version.into(),
            first_day,
            pieces: run.pieces,
            made_from: run.lots.clone(),
        });
        key
    }

    /// An inspection that passes.
    pub(crate) fn inspects(&mut self, batch: &str, level: &str, presented: u64) {
        let tells = if level == "inline" { Tells::Inline } else { Tells::Final };
        let payload = json!({
            "subjects": [urn(batch)], "level": level, "result": "pass", "presented": presented,
            "sample": presented.min(50),
            "defects": [{"class": "minor", "what": "dust under the paint", "count": 1}],
        });
        self.story.writes(Role::Inspector, tells, &[batch], "inspecting", payload);
    }

    /// The inspection of all that was made.
    pub(crate) fn finally(&mut self, batch: &str) {
        self.inspects(batch, "final", self.pieces_of(batch));
    }

    /// Pieces are kept; on the bag stands a lot code, which need not be the batch's.
    pub(crate) fn keeps(&mut self, batch: &str, label: &str) -> String {
        let code = format!("RS-26-{:03}", self.next());
        let payload = json!({
            "sample": code, "batch": urn(batch), "lot_code_on_sample": label,
            "location": "Sample room, shelf B4 留样室 B4", "custodian": "Li Qiang 李强", "pieces": KEPT,
        });
        self.story.writes(Role::Factory, Tells::Sample, &[batch], "sampling", payload);
        let (of, label) = (batch.to_string(), label.to_string());
        self.truth.samples.push(Sample { code: code.clone(), batch: of, label, pieces: KEPT });
        code
    }

    /// Cartons of one batch are packed and recorded one by one; tells their codes.
    pub(crate) fn packs(&mut self, batch: &str, cartons: u64) -> Vec<String> {
        (0..cartons).map(|_| {
            let code = self.carton(batch);
            let payload = json!({
                "container": code, "level": "carton", "batches": [{"batch": urn(batch), "pieces": IN_CARTON}],
            });
            self.story.writes(Role::Factory, Tells::Carton, &[batch], "packing", payload);
            code
        })
        .collect()
    }

    /// A carton is packed, and nobody records it.
    pub(crate) fn carton(&mut self, batch: &str) -> String {
        let serial = self.next();
        let code = format!("(00){}", with_check_digit(&format!("106141410{serial:08}")));
        let contents = vec![(batch.to_string(), IN_CARTON)];
        self.truth.cartons.push(Carton { code: code.clone(), contents, shipment: String::new() });
        code
    }

    /// Carton numbers on a packing list.
    pub(crate) fn numbers(&mut self, batch: &str, first: u64, last: u64) {
        let pieces = IN_CARTON.to_string();
        let given = facts(&[("first", &first.to_string()), ("last", &last.to_string()), ("pieces", &pieces)]);
        let payload = json!({"subject": format!("batch:{batch}"), "record": "carton_range", "facts": given});
        self.story.writes(Role::Factory, Tells::CartonRange, &[batch], "filing", payload);
    }

    /// A batch is signed off.
    pub(crate) fn signs_off(&mut self, batch: &str) {
        let payload = json!({"subject": urn(batch)});
        self.story.writes(Role::Inspector, Tells::SignOff, &[batch], "releasing", payload);
    }

    /// A batch as usual from its first day to its sign-off; tells its key and the codes of its cartons.
    pub(crate) fn usual_batch(&mut self, run: &Run) -> (String, Vec<String>) {
        let batch = self.makes(run);
        self.finally(&batch);
        let label = self.lot_code(&batch);
        self.keeps(&batch, &label);
        let cartons = self.packs(&batch, (run.pieces - KEPT) / IN_CARTON);
        self.signs_off(&batch);
        (batch, cartons)
    }

    /// What stands on the products of a batch.
    pub(crate) fn lot_code(&self, batch: &str) -> String {
        let made = self.truth.batches.iter().find(|made| made.key == batch);
        made.map(|made| made.lot_code.clone()).unwrap_or_default()
    }

    fn pieces_of(&self, batch: &str) -> u64 {
        self.truth.batches.iter().find(|made| made.key == batch).map_or(0, |made| made.pieces)
    }
}

/// A batch by its key, whatever codes others share with it.
pub(crate) fn urn(batch: &str) -> String {
    domain::subject::Subject::batch(batch).urn()
}
