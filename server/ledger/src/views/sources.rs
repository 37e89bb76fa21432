//! What only some roles may read: who supplied what.

use domain::person::Role;
use serde_json::Value;

/// The facts that tell a supplier or a second source.
const SUPPLIERS: &[&str] = &["supplier", "source", "receipt", "subcontractor"];

/// True where the role may read the fact.
pub(crate) fn may_read(role: Role, fact: &str) -> bool {
    role.reads_suppliers() || !SUPPLIERS.contains(&fact)
}

/// True where an entry's content tells a supplier: as a field, or as the name of a fact in a row.
pub(crate) fn tells_supplier(content: &Value) -> bool {
    match content {
        Value::String(text) => SUPPLIERS.contains(&text.as_str()),
        Value::Array(items) => items.iter().any(tells_supplier),
        Value::Object(members) => members.iter().any(|(name, value)| {
            (SUPPLIERS.contains(&name.as_str()) && !value.is_null()) || tells_supplier(value)
        }),
        _ => false,
    }
}
