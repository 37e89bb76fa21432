//! Events of every kind, each on goods of its own, as a program and as a form hand them in.

use crate::{
    http::{Ask, post},
    site::{Site, draft, id},
};
use domain::{
    event::EventDraft,
    person::{Person, Role},
};
use serde_json::{Value, json};
use std::net::Ipv6Addr;

/// Something that is well told and may be refused for nothing but the role.
pub(crate) struct Handed {
    draft: EventDraft,
}

impl Handed {
    /// An event of a kind about a carton that was just packed and shipped. A correction is of an entry in
    /// the role's own name: only those may correct it.
    pub(crate) async fn fresh(site: &Site, kind: &str, role: Role) -> Handed {
        let n = id();
        let (carton, shipment, new) = (format!("C-{n}"), format!("S-{n}"), format!("N-{n}"));
        let batches = json!([{"batch": "urn:lotwalk:batch:LOT-1", "pieces": 24}]);
        let person = |role: Role| Person { id: "story".into(), name: "Story".into(), role };
        let desk = person(Role::Administrator);
        site.records(&desk, draft("packing", json!({"container": carton, "batches": batches}))).await;
        site.records(&desk, draft("shipping", json!({"shipment": shipment, "units": [carton]}))).await;
        let payload = match kind {
            "commissioning" => json!({"codes": [new], "level": "carton"}),
            "correcting" => {
                let seen = site.records(&person(role), draft("observing", json!({"code": carton}))).await;
                json!({"entry": seen.to_string(), "reason": "did_not_occur"})
            }
            "filing" => json!({"subject": "place:WH", "record": "place"}),
            "holding" => json!({"subjects": [carton], "action": "hold", "reason": "odour"}),
            "inspecting" => json!({"subjects": [carton], "level": "final", "result": "pass"}),
            "observing" => json!({"code": carton}),
            "packing" => json!({"container": new, "batches": batches}),
            "producing" => {
                json!({"lot_code": new, "trade_item": "urn:lotwalk:trade_item:TOY", "quantity": 48})
            }
            "receiving" => json!({"shipment": shipment, "units": [carton]}),
            "relabeling" => json!({"old_code": carton, "new_code": new, "reason": "damaged"}),
            "returning" => json!({"code": carton, "complaint": "breakage"}),
            "reworking" => json!({"subjects": [carton], "work": "repaired"}),
            "shipping" => json!({"shipment": new, "units": [carton]}),
            "splitting" => json!({"whole": shipment, "parts": [{"reference": new, "units": [carton]}]}),
            "unpacking" => json!({"container": carton, "batches": batches}),
            other => panic!("say here what {other} is handed in with"),
        };
        let place = Some("urn:lotwalk:place:WH".to_string());
        Handed { draft: EventDraft { place, ..draft(kind, payload) } }
    }

    /// As a program sends it.
    pub(crate) fn as_json(&self) -> Ask {
        post("/api/v1/events").json(&serde_json::to_value(&self.draft).expect("is JSON"))
    }

    /// As a page sends it, each from another network: forms of strangers are counted by where they come from.
    pub(crate) fn as_form(&self) -> Ask {
        let mut fields = vec![("draft_id".to_string(), self.draft.id.to_string())];
        fields.extend(self.draft.place.iter().map(|place| ("place".to_string(), place.clone())));
        flatten("", &self.draft.payload, &mut fields);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
        let from = Ipv6Addr::from_bits(self.draft.id.as_u128().reverse_bits());
        let form = post(&format!("/event/{}", self.draft.kind)).parts(&fields);
        form.with("x-forwarded-for", &from.to_string())
    }
}

/// The fields of a form that stand for a payload: `parts.0.reference`.
fn flatten(name: &str, value: &Value, fields: &mut Vec<(String, String)>) {
    let inner = |part: &str| if name.is_empty() { part.to_string() } else { format!("{name}.{part}") };
    match value {
        Value::Object(map) => map.iter().for_each(|(part, value)| flatten(&inner(part), value, fields)),
        Value::Array(rows) => {
            for (i, row) in rows.iter().enumerate() {
                // A list of codes is one field that is filled in several times.
                flatten(&if row.is_object() { inner(&i.to_string()) } else { name.into() }, row, fields);
            }
        }
        Value::String(text) => fields.push((name.into(), text.clone())),
        other => fields.push((name.into(), other.to_string())),
    }
}
