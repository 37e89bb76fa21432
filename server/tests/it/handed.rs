//! Events of every kind, each on goods of its own, as a program and as a form hand them in.

use crate::{
    http::{Ask, post},
    site::{Site, draft, id},
};
use domain::{
    event::EventDraft,
    person::{Person, Role},
    seal::Seal,
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
            // Each role files records of its own.
            "filing" if role == Role::Inspector => {
                let facts = [
                    ("number", new.as_str()),
                    ("problem", "loose wheel"),
                    ("action", "glued"),
                    ("responsible", "Q. Li"),
                ];
                filing("batch", "LOT-1", "corrective_action", &facts)
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
            "planning" => plan("urn:lotwalk:place:WH"),
            "accepting" => {
                site.records(&desk, draft("planning", plan("urn:lotwalk:place:WH"))).await;
                let party = if role == Role::Factory { "factory" } else { "buyer" };
                json!({"trace_plan": "TOY@WH", "party": party})
            }
            "opening" => run(&agreed(site, &desk, &new).await),
            "releasing" => {
                let place = agreed(site, &desk, &new).await;
                site.records(&desk, draft("opening", run(&place))).await;
                let made = json!({"batch": new, "quantity": 48, "produced_to": "2026-03-05"});
                site.records(&desk, draft("producing", made)).await;
                json!({"subject": format!("urn:lotwalk:batch:{new}")})
            }
            "sampling" => sample(&new),
            "retrieving" => {
                site.records(&desk, draft("sampling", sample(&new))).await;
                json!({"sample": new, "result": "found"})
            }
            "waiving" => {
                json!({"batch": "urn:lotwalk:batch:LOT-1", "what": "retained_sample", "waived_by": "A. Berg",
                       "reason": "sold out"})
            }
            "judging" => {
                let mut used = vec![];
                for grade in ["PA-757", "PA-765"] {
                    let (lot, facts) =
                        (format!("{new}-{grade}"), [("material", "ABS"), ("specification", grade)]);
                    site.records(
                        &desk,
                        draft("filing", filing("material_lot", &lot, "material_lot", &facts)),
                    )
                    .await;
                    used.push(json!({"material_lot": format!("urn:lotwalk:material_lot:{lot}")}));
                }
                let made =
                    json!({"lot_code": new, "trade_item": "urn:lotwalk:trade_item:TOY", "materials": used});
                site.records(&desk, draft("producing", made)).await;
                json!({"batch": format!("urn:lotwalk:batch:{new}"), "affects": "no", "reason": "same family"})
            }
            "bridging" => {
                site.records(&desk, draft("filing", filing("order_line", &new, "order_line", &[]))).await;
                json!({"subject": format!("urn:lotwalk:order_line:{new}"), "batch": "urn:lotwalk:batch:LOT-1",
                       "grounds": "packing list"})
            }
            "unsealing" => {
                let seal = Seal { salt: "0f".into(), name: "Brightway".into() };
                let source = seal.close("77aa").to_string();
                let lot = filing("material_lot", &new, "material_lot", &[("source", &source)]);
                site.records(&desk, draft("filing", lot)).await;
                let lot = format!("urn:lotwalk:material_lot:{new}");
                if role != Role::Factory {
                    site.records(
                        &desk,
                        draft("holding", json!({"subjects": [lot], "action": "hold", "reason": "hot"})),
                    )
                    .await;
                }
                let condition = if role == Role::Factory { "owner" } else { "safety" };
                json!({"subject": lot, "condition": condition, "reason": "runs hot",
                       "source_name": "Brightway", "salt": "0f"})
            }
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

fn filing(kind: &str, key: &str, record: &str, facts: &[(&str, &str)]) -> Value {
    let facts: Vec<Value> = facts.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    json!({"subject": format!("{kind}:{key}"), "record": record, "facts": facts})
}

fn sample(code: &str) -> Value {
    json!({"sample": code, "batch": "urn:lotwalk:batch:LOT-1", "location": "Room 2", "custodian": "Q. Li", "pieces": 3})
}

/// A trace plan of the toy that asks for a run sheet and nothing else.
pub(crate) fn plan(factory: &str) -> Value {
    json!({"trade_item": "urn:lotwalk:trade_item:TOY", "factory": factory, "in_force_from": "2026-01-01",
           "code_on_product": "{lot}", "code_on_carton": "{lot}", "required_records": ["run_sheet"],
           "materials": ["other"], "product_version": "B", "sample": "SP", "bom": "BM", "artwork": "AW",
           "packaging": "PK", "relabeling_proof": "named", "reworking_proof": "named",
           "splitting_proof": "named", "market": "eu", "custodian": "Q. Li"})
}

/// A factory of its own with a locked plan; tells its urn.
async fn agreed(site: &Site, desk: &Person, key: &str) -> String {
    site.records(desk, draft("filing", filing("place", key, "place", &[]))).await;
    let place = format!("urn:lotwalk:place:{key}");
    site.records(desk, draft("planning", plan(&place))).await;
    for party in ["buyer", "factory"] {
        let accept = json!({"trace_plan": format!("TOY@{key}"), "party": party});
        site.records(desk, draft("accepting", accept)).await;
    }
    place
}

/// A run at such a factory, whose lot code is called as that.
fn run(place: &str) -> Value {
    let lot_code = place.rsplit(':').next().unwrap_or_default();
    json!({"trade_item": "urn:lotwalk:trade_item:TOY", "factory": place, "produced_from": "2026-03-04",
           "line": "3", "shift": "A", "lot_code": lot_code})
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
