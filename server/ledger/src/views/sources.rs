//! What only some roles may read: who supplied what.

use domain::{
    gate::Failure,
    person::Role,
    text::{Text, text},
};
use serde_json::Value;

/// The facts that tell a supplier or a second source.
const SUPPLIERS: &[&str] =
    &["supplier", "source", "receipt", "subcontractor", "second_source", "source_name"];
/// The records that tell one in the midst of something else.
const RECORDS: &[&str] = &["material_change", "opened_source"];

const UNTOLD: Text = text(
    "A supplier or a source changed. Somebody who may read suppliers has to say whether that could affect compliance.",
    "供应商或来源有变更，须由有权查看供应商者判定是否可能影响合规。",
);

/// True where the role may read the fact.
pub(crate) fn may_read(role: Role, fact: &str) -> bool {
    role.reads_suppliers() || !SUPPLIERS.contains(&fact)
}

/// True where a change, by its word (`source:ABS red`), is one of suppliers or sources.
pub(crate) fn is_of_supplier(what: &str) -> bool {
    SUPPLIERS.contains(&what.split(':').next().unwrap_or_default())
}

/// What the role is told of a failure of the gate: that a supplier changed, and not from whom to whom.
pub(crate) fn told(role: Role, mut failure: Failure) -> Failure {
    let what = failure.fact.strip_prefix("change.").unwrap_or_default();
    if !role.reads_suppliers() && is_of_supplier(what) {
        failure.said = UNTOLD.said();
    }
    failure
}

/// True where the role may read records of the kind at all.
pub(crate) fn may_read_record(role: Role, record: &str) -> bool {
    role.reads_suppliers() || !RECORDS.contains(&record)
}

/// True where an entry's content tells a supplier: as a field of its payload, or as the name of a fact in a
/// row. The document that is the entry's own source is something else, of the same name.
pub(crate) fn tells_supplier(content: &Value) -> bool {
    tells(&content["payload"])
}

fn tells(content: &Value) -> bool {
    match content {
        Value::String(text) => SUPPLIERS.contains(&text.as_str()),
        Value::Array(items) => items.iter().any(tells),
        Value::Object(members) => members
            .iter()
            .any(|(name, value)| (SUPPLIERS.contains(&name.as_str()) && !value.is_null()) || tells(value)),
        _ => false,
    }
}
