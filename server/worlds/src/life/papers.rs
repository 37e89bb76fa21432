//! Shipments are put together, ordered and billed, released, sent and received.

use super::{Life, facts, goods::urn};
use crate::{
    names::{HUBS, Site},
    story::Tells,
    truth::{Line, Shipment},
};
use domain::person::Role;
use serde_json::{Value, json};

/// What a piece costs, in cents.
const PRICE: u64 = 245;

impl Life {
    /// Cartons are scanned into a shipment.
    pub(crate) fn puts_together(&mut self, reference: &str, cartons: &[String]) {
        self.truly_in(reference, cartons);
        let payload = json!({"container": reference, "level": "shipment", "units": cartons});
        self.story.writes(Role::Warehouse, Tells::Together, &[], "packing", payload);
    }

    /// Cartons are in a shipment, whatever anybody writes of it.
    pub(crate) fn truly_in(&mut self, reference: &str, cartons: &[String]) {
        for carton in self.truth.cartons.iter_mut().filter(|carton| cartons.contains(&carton.code)) {
            carton.shipment = reference.into();
        }
    }

    /// Where it goes and under which papers is written down, and its order and invoice line. Nobody has joined
    /// the lines to a batch yet; tells their keys.
    pub(crate) fn papers(&mut self, reference: &str, hub: Site) -> [String; 2] {
        let (order, invoice) =
            (format!("PO-{}", 77_000 + self.next()), format!("INV-{}", 3_000 + self.next()));
        let batches: Vec<String> = self.truth.batches_in(reference).iter().map(|b| b.to_string()).collect();
        let of: Vec<&str> = batches.iter().map(String::as_str).collect();
        let given = facts(&[
            ("destination", hub.key),
            ("destination_country", hub.country),
            ("carrier", "Blue Funnel"),
            ("purchase_order", &order),
            ("invoice", &invoice),
        ]);
        let payload =
            json!({"subject": format!("shipment:{reference}"), "record": "shipment", "facts": given});
        self.story.writes(Role::Warehouse, Tells::Papers, &of, "filing", payload);
        let cartons = self.truth.cartons.iter().filter(|c| c.shipment == reference).count() as u64;
        let destination = hub.key.into();
        self.truth.shipments.push(Shipment { reference: reference.into(), destination, cartons });
        [("purchase_order", order, Tells::OrderLine), ("invoice", invoice, Tells::InvoiceLine)]
            .map(|(paper, number, tells)| self.line(paper, &number, tells, reference))
    }

    /// A line for everything in a shipment.
    fn line(&mut self, paper: &str, number: &str, tells: Tells, reference: &str) -> String {
        let key = format!("{number}#10");
        let batches = self.truth.batches_in(reference);
        let filled_by: Vec<(String, u64)> = batches
            .into_iter()
            .map(|batch| (batch.to_string(), self.truth.pieces_in(reference, batch)))
            .collect();
        let quantity: u64 = filled_by.iter().map(|(_, pieces)| pieces).sum();
        let cartons = self.truth.cartons.iter().filter(|c| c.shipment == reference).count() as u64;
        let cents = quantity * PRICE;
        let made = |key: &str| self.truth.batches.iter().find(|made| made.key == key);
        let first = filled_by.first().and_then(|(batch, _)| made(batch));
        let item = first.map_or(self.toy.key.to_string(), |made| made.trade_item.clone());
        let given = facts(&[
            ("paper", paper),
            ("number", number),
            ("line", "10"),
            ("ordered_item", &item),
            ("quantity", &quantity.to_string()),
            ("cartons", &cartons.to_string()),
            ("value", &format!("{}.{:02}", cents / 100, cents % 100)),
            ("currency", "USD"),
        ]);
        let payload = json!({"subject": format!("order_line:{key}"), "record": "order_line", "facts": given});
        self.story.writes(Role::Buyer, tells, &[], "filing", payload);
        self.truth.lines.push(Line {
            key: key.clone(),
            filled_by,
            written: false,
            value: cents / 100,
            cartons,
        });
        key
    }

    /// A line is joined by name to the batches that fill it.
    pub(crate) fn joins(&mut self, line: &str) {
        let Some(known) = self.truth.lines.iter_mut().find(|known| known.key == line) else { return };
        known.written = true;
        for (batch, pieces) in known.filled_by.clone() {
            let payload = json!({
                "subject": format!("urn:lotwalk:order_line:{line}"), "batch": urn(&batch), "pieces": pieces,
                "grounds": "packing list and carton marks compared 核对装箱单与箱唛",
            });
            self.story.writes(Role::Buyer, Tells::Bridge, &[], "bridging", payload);
        }
    }

    /// A shipment as usual up to its release: put together, papers, lines joined.
    pub(crate) fn usual_shipment(&mut self, reference: &str, hub: Site, cartons: &[String]) {
        self.puts_together(reference, cartons);
        for line in self.papers(reference, hub) {
            self.joins(&line);
        }
    }

    /// It is released.
    pub(crate) fn releases(&mut self, reference: &str) {
        let payload = json!({"subject": reference});
        self.story.writes(Role::Buyer, Tells::Release, &[], "releasing", payload);
    }

    /// It leaves, and weeks later it arrives.
    pub(crate) fn sends(&mut self, reference: &str) {
        let sent = self.truth.shipments.iter().find(|sent| sent.reference == reference);
        let Some(sent) = sent.cloned() else { return };
        let ship = json!({"shipment": reference, "destination": sent.destination, "cartons": sent.cartons});
        self.story.writes(Role::Warehouse, Tells::Shipped, &[], "shipping", ship);
        self.story.days_pass(26);
        let receive: Value = json!({"shipment": reference, "cartons": sent.cartons});
        let received = self.story.writes(Role::Warehouse, Tells::Received, &[], "receiving", receive);
        received.draft.place = Some(sent.destination);
    }

    /// One of the places where goods arrive.
    pub(crate) fn hub(&mut self) -> Site {
        self.story.one_of(HUBS)
    }
}
