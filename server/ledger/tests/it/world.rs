//! A small toy brand to tell stories about: two factories, one trade item, two material lots, batches,
//! cartons.

use crate::support::Book;
use domain::view::Receipt;
use serde_json::{Value, json};

pub(crate) const GTIN: &str = "09506000134352";

/// An SSCC with its check digit, as `(00)…`.
pub(crate) fn sscc(serial: u64) -> String {
    let digits = format!("106141410{serial:08}");
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| u32::from(b - b'0') * if i % 2 == 0 { 3 } else { 1 })
        .sum();
    format!("(00){digits}{}", (10 - sum % 10) % 10)
}

fn facts(facts: &[(&str, &str)]) -> Value {
    facts.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
}

impl Book {
    pub(crate) async fn file(
        &self,
        subject: &str,
        record: &str,
        given: &[(&str, &str)],
        names: &[&str],
    ) -> Receipt {
        let names: Vec<Value> = names.iter().map(|n| json!({"code": n})).collect();
        let payload = json!({"subject": subject, "record": record, "facts": facts(given), "names": names});
        self.does("filing", payload).await
    }

    /// Places, a trade item and two material lots.
    pub(crate) async fn furnish(&self) {
        let place = |name, role, city, country| {
            [("name", name), ("role", role), ("city", city), ("country", country)]
        };
        self.file("place:F1", "place", &place("Sunrise Plastics", "factory", "Dongguan", "CN"), &["F1"])
            .await;
        self.file("place:F2", "place", &place("Red River Toys", "factory", "Hai Phong", "VN"), &["F2"]).await;
        self.file("place:W1", "place", &place("Tilburg Hub", "warehouse", "Tilburg", "NL"), &["W1"]).await;
        self.file("place:R1", "place", &place("Toys & More", "retailer", "Köln", "DE"), &["R1"]).await;
        let item = [
            ("name", "Toy Truck"),
            ("brand_name", "Acme"),
            ("importer", "Acme BV"),
            ("contact", "help@acme.example"),
        ];
        self.file("trade_item:TRUCK", "trade_item", &item, &[&format!("(01){GTIN}")]).await;
        for (lot, supplier) in [("M1-0001", "Plastika Ltd"), ("M2-0001", "Colour Works")] {
            let given = [
                ("material", "ABS red"),
                ("class", "resin"),
                ("supplier", supplier),
                ("lot_code", lot),
                ("received_on", "2026-01-05"),
            ];
            self.file(&format!("material_lot:{lot}"), "material_lot", &given, &[lot]).await;
        }
    }

    /// A batch made at a factory from material lots.
    pub(crate) async fn produce(&self, lot_code: &str, factory: &str, materials: &[&str]) -> Receipt {
        self.produce_as(lot_code, lot_code, factory, materials).await
    }

    /// The same under a key that is not its lot code.
    pub(crate) async fn produce_as(
        &self,
        key: &str,
        lot_code: &str,
        factory: &str,
        materials: &[&str],
    ) -> Receipt {
        let materials: Vec<Value> = materials
            .iter()
            .map(|m| json!({"material_lot": m, "amount": "12.5", "unit": "kilogram"}))
            .collect();
        let payload = json!({
            "trade_item": format!("(01){GTIN}"), "lot_code": lot_code, "batch": key, "factory": factory,
            "produced_from": "2026-01-10", "line": "3", "quantity": 480, "product_version": "B",
            "materials": materials,
        });
        self.does("producing", payload).await
    }

    /// A carton packed with pieces of batches; `None` where nobody knows how many.
    pub(crate) async fn pack(&self, code: &str, batches: &[(&str, Option<u64>)]) -> Receipt {
        let batches: Vec<Value> = batches
            .iter()
            .map(|(batch, pieces)| match pieces {
                Some(n) => json!({"batch": format!("urn:lotwalk:batch:{batch}"), "pieces": n}),
                None => json!({"batch": format!("urn:lotwalk:batch:{batch}")}),
            })
            .collect();
        self.does("packing", json!({"container": code, "level": "carton", "batches": batches})).await
    }

    /// Cartons on a pallet.
    pub(crate) async fn stack(&self, pallet: &str, cartons: &[&str]) -> Receipt {
        self.does("packing", json!({"container": pallet, "level": "pallet", "units": cartons})).await
    }

    /// Units sent under a reference.
    pub(crate) async fn ship(&self, reference: &str, units: &[&str]) -> Receipt {
        self.does("shipping", json!({"shipment": reference, "units": units, "destination": "R1"})).await
    }

    /// A shipment that arrives at a place.
    pub(crate) async fn receive(&self, reference: &str, place: &str) -> Receipt {
        let mut draft = self.draft("receiving", json!({"shipment": reference}));
        draft.place = Some(place.into());
        self.hands_in(draft).await.unwrap()
    }

    /// Whom a code names: `batch:L1`, `shipment:S1 (former)`, or what else came of it.
    pub(crate) async fn resolves(&self, code: &str) -> String {
        use domain::view::Resolution;
        match self.ledger.resolve(&self.reader(), None, code.as_bytes()).await.unwrap() {
            Resolution::Found { card, former, .. } => {
                format!("{}{}", card.titled.subject, if former { " (former)" } else { "" })
            }
            Resolution::Several { candidates, .. } => {
                let mut all: Vec<String> =
                    candidates.iter().map(|c| c.card.titled.subject.to_string()).collect();
                all.sort();
                format!("several: {}", all.join(", "))
            }
            Resolution::Unknown { nearest, observed, .. } => {
                let near: Vec<String> = nearest.iter().map(|t| t.subject.to_string()).collect();
                format!("unknown, seen {observed}, near: {}", near.join(", "))
            }
            Resolution::Unreadable { refusal } => format!("unreadable: {}", refusal.reason),
        }
    }
}
