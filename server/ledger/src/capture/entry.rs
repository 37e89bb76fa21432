//! An entry's content, its bytes, and a draft compared with it.

use domain::{
    document::SOURCE,
    event::{EventDraft, Evidence},
    log::canonical,
    person::Person,
    refusal::Refusal,
    text::{Text, text},
    time::Time,
};
use serde_json::{Map, Value, json};

/// The largest entry. Tiles of C2SP tlog-tiles hold entries of at most 2^16 − 1 bytes.
pub(crate) const LARGEST: usize = 65_535;

const TOO_LARGE: Text = text(
    "The entry would take {n} bytes or more; at most {most} are possible. Record it in several parts.",
    "该条目至少需 {n} 字节，上限为 {most} 字节。请分几次录入。",
);
const ID_IN_USE: Text = text(
    "Another event was recorded under this id already, as entry {seq}. Start a new draft.",
    "此编号已用于另一事件（条目 {seq}）。请新建草稿。",
);

/// What is written about an entry besides the draft.
pub(crate) struct Setting<'a> {
    pub(crate) brand: &'a str,
    pub(crate) seq: u64,
    pub(crate) person: &'a Person,
    pub(crate) now: Time,
}

/// The canonical bytes of an entry.
pub(crate) fn bytes(draft: &EventDraft, setting: &Setting<'_>) -> Result<Vec<u8>, Refusal> {
    let mut content = told(draft);
    content.insert("v".into(), json!(1));
    content.insert("id".into(), json!(draft.id.to_string()));
    content.insert("brand".into(), json!(setting.brand));
    content.insert("seq".into(), json!(setting.seq));
    content.insert("recordTime".into(), json!(setting.now));
    content.insert("person".into(), json!(setting.person));
    let bytes = canonical(&Value::Object(content))
        .map_err(|e| Refusal::said("not_canonical", e.said()).at("payload"))?;
    if bytes.len() > LARGEST {
        return Err(too_large(bytes.len()));
    }
    Ok(bytes)
}

/// Refuses a draft that is too large whatever is written about it besides, before anybody opens the book
/// for all it names.
pub(crate) fn check_size(draft: &EventDraft) -> Result<(), Refusal> {
    match least_bytes(&draft.payload) {
        n if n > LARGEST => Err(too_large(n)),
        _ => Ok(()),
    }
}

/// What a value takes at least, as canonical JSON.
fn least_bytes(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 1,
        Value::String(text) => text.len() + 2,
        Value::Array(items) => 1 + items.iter().map(|item| least_bytes(item) + 1).sum::<usize>(),
        Value::Object(members) => {
            1 + members.iter().map(|(name, item)| name.len() + 4 + least_bytes(item)).sum::<usize>()
        }
    }
}

fn too_large(bytes: usize) -> Refusal {
    let (n, most) = (bytes.to_string(), LARGEST.to_string());
    Refusal::said("too_large", TOO_LARGE.with(&[("n", &n), ("most", &most)]))
}

/// What the draft itself says.
fn told(draft: &EventDraft) -> Map<String, Value> {
    let mut content = Map::new();
    content.insert("kind".into(), json!(draft.kind));
    content.insert("eventTime".into(), json!(draft.event_time));
    content.insert("zone".into(), json!(draft.zone));
    content.insert("evidence".into(), json!(draft.evidence));
    content.insert("payload".into(), draft.payload.clone());
    if let Some(place) = &draft.place {
        content.insert("place".into(), json!(place));
    }
    if let Some(note) = &draft.note {
        content.insert("note".into(), json!(note));
    }
    // Only where there is one: what was written before there were any keeps its bytes.
    if let Some(source) = &draft.source {
        content.insert(SOURCE.into(), json!(source));
    }
    content
}

/// True where the entry says what the draft says. Who handed it in, and when, may differ: a phone that
/// sends again may be in other hands. So may the file that a row was imported from: it is the same row in the
/// next export of the same table.
pub(crate) fn says_the_same(draft: &EventDraft, entry: &[u8]) -> bool {
    let Ok(Value::Object(mut content)) = serde_json::from_slice(entry) else { return false };
    for name in ["v", "id", "brand", "seq", "recordTime", "person"] {
        content.remove(name);
    }
    let mut given = told(draft);
    if draft.evidence == Evidence::Imported {
        content.remove(SOURCE);
        given.remove(SOURCE);
    }
    // Compared as bytes, so that 1 and 1.0 are told apart in the same way as when it was written.
    let given = canonical(&Value::Object(given));
    given.is_ok_and(|given| canonical(&Value::Object(content)).is_ok_and(|kept| kept == given))
}

/// The refusal of a draft whose id is taken.
pub(crate) fn id_in_use(seq: u64) -> Refusal {
    Refusal::said("id_in_use", ID_IN_USE.with(&[("seq", &seq.to_string())])).at("id")
}
