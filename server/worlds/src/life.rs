//! What the life of a toy is made of. Each step writes down what people would write down, and keeps in the truth
//! what is so.

mod goods;
mod papers;

pub use goods::{Lot, Run};

use crate::{
    Scale, World,
    names::{BOXES, HUBS, PAINT, RESIN, SUNRISE, Site, TOYS, Toy},
    story::{Story, Tells},
    truth::{Certificate, Truth},
};
use domain::{person::Role, subject::Subject};
use serde_json::{Value, json};

/// A life that is being lived.
#[derive(Debug)]
pub struct Life {
    pub(crate) story: Story,
    pub(crate) truth: Truth,
    pub(crate) toy: Toy,
    patterns: Vec<(String, String)>,
    serial: u64,
}

/// What is agreed for a trade item at a factory, where it is not as usual.
#[derive(Clone, Debug)]
pub struct Terms {
    pub(crate) version: &'static str,
    pub(crate) bom: &'static str,
    pub(crate) code: String,
    pub(crate) materials: &'static [&'static str],
}

/// The facts of a record as a draft gives them.
pub(crate) fn facts(given: &[(&str, &str)]) -> Value {
    given.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
}

/// A number with its GS1 check digit behind it.
pub(crate) fn with_check_digit(digits: &str) -> String {
    let weighed = digits.bytes().rev().enumerate();
    let sum: u32 = weighed.map(|(i, b)| u32::from(b - b'0') * if i % 2 == 0 { 3 } else { 1 }).sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

impl Life {
    /// Lives a world through.
    pub(crate) fn lived(name: &'static str, seed: u64, scale: &Scale, live: fn(&mut Life, &Scale)) -> World {
        let mut story = Story::of(seed);
        let toy = story.one_of(TOYS);
        let mut life = Life { story, truth: Truth::default(), toy, patterns: vec![], serial: 0 };
        live(&mut life, scale);
        let Life { mut story, truth, .. } = life;
        let mut world = World { name, recorded: story.recorded, truth };
        scale.mishaps.happen(&mut world, &mut story.rng);
        world
    }

    /// The next number of its kind.
    pub(crate) fn next(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// What every world has: places, the toy, its trace plan, and a certificate and a test report of what is
    /// agreed.
    pub(crate) fn begins(&mut self) {
        self.places();
        self.sells(self.toy);
        self.agrees(self.toy, SUNRISE, &self.usual());
        self.certifies(self.toy, SUNRISE, "B", "BOM-7");
    }

    /// The places of the usual life.
    pub(crate) fn places(&mut self) {
        let usual = [SUNRISE, PAINT, BOXES];
        for site in usual.into_iter().chain(HUBS.iter().copied()).chain(RESIN.iter().copied()) {
            self.is_at(site, &[]);
        }
    }

    /// A place comes on record, under its key, its name and other names it has.
    pub(crate) fn is_at(&mut self, site: Site, also: &[&str]) {
        let given = facts(&[
            ("name", site.name),
            ("role", site.role),
            ("city", site.city),
            ("country", site.country),
        ]);
        let names: Vec<Value> =
            [site.key, site.name].iter().chain(also).map(|code| json!({"code": code})).collect();
        let place = format!("place:{}", site.key);
        let payload = json!({"subject": place, "record": "place", "facts": given, "names": names});
        self.story.writes(Role::Buyer, Tells::Place, &[], "filing", payload);
    }

    /// A toy comes on record with its GTIN.
    pub(crate) fn sells(&mut self, toy: Toy) {
        let given = facts(&[
            ("name", toy.name),
            ("name_zh", toy.name_zh),
            ("item_number", toy.key),
            ("age_grade", toy.age_grade),
            ("brand_name", "Kite & Anchor"),
            ("importer", "Kite & Anchor Inc, Portland OR"),
            ("contact", "quality@kiteandanchor.example"),
        ]);
        let payload = json!({
            "subject": format!("trade_item:{}", toy.key), "record": "trade_item", "facts": given,
            "names": [{"code": format!("(01){}", gtin(toy)), "level": "product"}],
        });
        self.story.writes(Role::Buyer, Tells::TradeItem, &[], "filing", payload);
    }

    /// What is agreed as usual.
    pub(crate) fn usual(&self) -> Terms {
        let code = format!("{}{{yy}}{{ww}}-{{nn}}", self.toy.mark);
        Terms { version: "B", bom: "BOM-7", code, materials: &["resin", "paint", "packaging"] }
    }

    /// A trace plan is drafted, and accepted by buyer and factory.
    pub(crate) fn agrees(&mut self, toy: Toy, factory: Site, terms: &Terms) {
        let plan = Subject::trace_plan(toy.key, factory.key).key;
        self.patterns.push((plan.clone(), terms.code.clone()));
        let payload = json!({
            "trade_item": toy.key, "factory": factory.key, "in_force_from": self.story.today(),
            "code_on_product": terms.code, "code_on_retail_box": "{lot}", "code_on_carton": "{lot}-C",
            "required_records": ["run_sheet", "material_lot", "approved_revision", "inspection_report",
                                 "carton_range", "retained_sample"],
            "materials": terms.materials, "product_version": terms.version, "sample": "SP-2",
            "bom": terms.bom, "artwork": "AW-4", "packaging": "PK-3",
            "relabeling_proof": "counted_and_scanned", "reworking_proof": "counted", "splitting_proof": "counted",
            "market": "us", "custodian": "Li Qiang 李强", "retrieval_months": 6,
        });
        self.story.writes(Role::Buyer, Tells::Plan, &[], "planning", payload);
        for role in [Role::Buyer, Role::Factory] {
            self.story.writes(role, Tells::Agreement, &[], "accepting", json!({"trace_plan": plan}));
        }
    }

    /// A certificate and a test report of a version, made at a factory.
    pub(crate) fn certifies(&mut self, toy: Toy, factory: Site, version: &str, bom: &str) {
        for (document, tells, mark) in
            [("test_report", Tells::TestReport, "TR"), ("certificate", Tells::Certificate, "CPC")]
        {
            let number = format!("{mark}-26-{:03}", self.next());
            let on = if document == "test_report" { "tested_on" } else { "issued_on" };
            let day = self.story.in_days(-10);
            let given = facts(&[
                ("number", &number),
                ("document", document),
                ("product_version", version),
                ("bom", bom),
                ("made_at", factory.key),
                ("laboratory", "Harbour Testing 海港检测"),
                (on, &day),
            ]);
            let subject = format!("trade_item:{}", toy.key);
            let payload = json!({"subject": subject, "record": "certificate", "facts": given});
            self.story.writes(Role::Buyer, tells, &[], "filing", payload);
            let (trade_item, version) = (toy.key.to_string(), version.to_string());
            self.truth.certificates.push(Certificate { number, trade_item, version });
        }
    }

    /// How the code on the product of a toy made at a factory is written.
    fn pattern(&self, toy: Toy, factory: Site) -> String {
        let plan = Subject::trace_plan(toy.key, factory.key).key;
        let agreed = self.patterns.iter().rev().find(|(of, _)| *of == plan);
        agreed.map(|(_, code)| code.clone()).unwrap_or_default()
    }
}

/// The GTIN of a toy.
pub(crate) fn gtin(toy: Toy) -> String {
    let number = TOYS.iter().position(|known| known.key == toy.key).unwrap_or_default();
    with_check_digit(&format!("09506000{:05}", 13_400 + number))
}
