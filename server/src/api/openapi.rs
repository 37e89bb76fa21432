//! The OpenAPI document, `GET /api/openapi.json`. What an event may hold follows from what its kind
//! declares; a test holds every route of the API against it.

use axum::Json;
use domain::{
    event::KINDS,
    field::{Field, Input, MOST_COUNTED},
    text::{Text, text},
};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

const RESOLVE: Text = text("What a code stands for", "代码代表什么");
const RESOLVE_MORE: Text = text(
    "Takes a code as a scanner gives it or a person types it: GS1 element strings, Digital Link addresses, bare keys, lot codes, `urn:lotwalk:KIND:KEY`. A code that could mean several things answers with all of them (`outcome` is `several`); none is picked.",
    "接受扫描器读出或人工输入的代码：GS1 单元串、Digital Link 网址、标识代码、批号、`urn:lotwalk:KIND:KEY`。一个代码可能有多种含义时返回全部候选（`outcome` 为 `several`），不作选择。",
);
const BACK: Text = text("Trace back: batches and material lots", "向后追溯：批次与物料批");
const FORWARD: Text = text("Trace forward: cartons and shipments", "向前追踪：外箱与货运单");
const WALK_MORE: Text = text(
    "Every hop names the entry that proves it. An ambiguous code is refused with its candidates; ask again with one of them.",
    "每一步都注明证明它的条目。代码有多种含义时返回候选，请以其中之一重新查询。",
);
const EVENTS: Text = text("Record events", "记录事件");
const EVENTS_MORE: Text = text(
    "One event, or an array of up to 1000. The id is made by the sender (UUIDv7), so sending again is harmless. In an array each event stands alone, and `results` are in the order given.",
    "单个事件，或最多 1000 个事件的数组。编号由发送方生成（UUIDv7），重复发送无副作用。数组中各事件互不影响，`results` 按发送顺序排列。",
);
const FILES: Text = text("Store a photo or PDF", "上传照片或 PDF");
const FILES_MORE: Text = text(
    "The body is the document itself. The answer is its digest, by which an event names it: as its `source`, or where a field asks for a photo or document. Photos in JPEG, PNG or WebP up to 8 MB, PDFs up to 25 MB; what it is is told by its bytes. Storing the same again changes nothing.",
    "请求体即文件本身。返回其摘要，事件以此引用该文件：作为 `source`，或用于要求照片或文件的字段。照片为 JPEG、PNG 或 WebP，不超过 8 MB；PDF 不超过 25 MB；类型以内容为准。重复上传无影响。",
);
const FILE_NAME: Text = text("What the document is called, for people", "文件名称，供人阅读");
const SEALS: Text = text("Seal a name", "密封名称");
const SEALS_MORE: Text = text(
    "For a source that is to be on record without its name. The answer, `sealed`, is what the record says in the name's place; the name stays beside the ledger, readable to this token alone, until an agreed condition comes about. The same name for the same subject is sealed to the same text.",
    "用于只登记而不公开名称的来源。返回的 `sealed` 即记录中代替名称的文本；名称保存在账本之外，仅本令牌可读，直至约定条件出现。同一对象的同一名称密封结果相同。",
);
const SEAL: Text = text("Name and salt of a seal of one's own", "自己密封的名称与盐值");
const COMMITMENT: Text =
    text("The first of the two hexadecimal numbers in `sealed`", "`sealed` 中的第一个十六进制数");
const ENTRY: Text = text("An entry as written, with its proof", "条目原文及其证明");
const CHECKPOINT: Text = text("The signed head of the ledger", "账本的签名检查点");
const ABOUT: Text = text(
    "Scan a code, see its batch; record what happens to it. Make a token with `lotwalk token create --role ROLE` and send it as `Authorization: Bearer …`. Whatever is not what was asked for comes as problem+json (RFC 9457) with a `type` of `/api#word`.",
    "扫描代码，查看批次，记录其经历。用 `lotwalk token create --role ROLE` 创建令牌，并以 `Authorization: Bearer …` 发送。异常结果均为 problem+json（RFC 9457），其 `type` 为 `/api#word`。",
);
const CODE: Text = text("The code, percent-encoded", "代码，需百分号编码");
const SYMBOLOGY: Text =
    text("The symbology identifier a scanner gave, such as `]C1`", "扫描器给出的码制标识，例如 `]C1`");
const AFTER: Text = text("`next` of the page before", "上一页的 `next`");
const SEQ: Text = text("The entry's place in the ledger, from 1", "条目在账本中的序号，从 1 开始");

/// The handler.
pub async fn document() -> Json<&'static Value> {
    Json(&DOCUMENT)
}

/// The document.
pub static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Lotwalk",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": RESOLVE.en,
            "description": ABOUT.en,
            "x-zh": ABOUT.zh,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{"token": []}],
        "paths": {
            "/api/v1/resolve": {"get": question(
                "resolve", RESOLVE, RESOLVE_MORE, "Resolution", &[SYMBOLOGY_PARAMETER], &[400, 401, 403, 404])},
            "/api/v1/trace/back": {"get": question(
                "traceBack", BACK, WALK_MORE, "TraceBack", &[SYMBOLOGY_PARAMETER], &[400, 401, 403, 404, 409])},
            "/api/v1/trace/forward": {"get": question(
                "traceForward", FORWARD, WALK_MORE, "TraceForward",
                &[SYMBOLOGY_PARAMETER, ("after", AFTER)], &[400, 401, 403, 404, 409])},
            "/api/v1/events": {"post": events()},
            "/api/v1/files": {"post": files()},
            "/api/v1/seals": {"post": seals()},
            "/api/v1/seals/{commitment}": {"get": plain(
                "seal", SEAL, "Seal", Some(("commitment", COMMITMENT)), &[401, 404])},
            "/api/v1/entries/{seq}": {"get": plain("entry", ENTRY, "Entry", Some(("seq", SEQ)), &[400, 401, 403, 404])},
            "/api/v1/checkpoint": {"get": plain("checkpoint", CHECKPOINT, "Checkpoint", None, &[401])},
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas(),
        },
    })
});

const SYMBOLOGY_PARAMETER: (&str, Text) = ("symbology", SYMBOLOGY);

fn question(
    id: &str,
    title: Text,
    more: Text,
    schema: &str,
    others: &[(&str, Text)],
    problems: &[u16],
) -> Value {
    let optional = others.iter().map(|(name, about)| parameter(name, "query", *about, false));
    let parameters: Vec<Value> =
        std::iter::once(parameter("code", "query", CODE, true)).chain(optional).collect();
    let mut operation = operation(id, title, more, problems);
    operation["parameters"] = json!(parameters);
    operation["responses"]["200"] = answer(title, schema);
    operation
}

fn plain(id: &str, title: Text, schema: &str, path: Option<(&str, Text)>, problems: &[u16]) -> Value {
    let mut operation = operation(id, title, title, problems);
    let parameters = path.map(|(name, about)| parameter(name, "path", about, true));
    operation["parameters"] = json!(Vec::from_iter(parameters));
    operation["responses"]["200"] = answer(title, schema);
    operation
}

fn events() -> Value {
    let mut operation = operation("recordEvents", EVENTS, EVENTS_MORE, &[400, 401, 403, 409, 413, 415, 422]);
    operation["requestBody"] = json!({
        "required": true,
        "content": {"application/json": {"schema": {"oneOf": [
            reference("Event"), {"type": "array", "maxItems": super::events::MOST, "items": reference("Event")},
        ]}}},
    });
    operation["responses"]["201"] = answer(EVENTS, "Receipt");
    operation["responses"]["200"] = json!({
        "description": EVENTS_MORE.en,
        "content": {"application/json": {"schema": {"oneOf": [reference("Receipt"), reference("Results")]}}},
    });
    operation
}

fn files() -> Value {
    let mut operation = operation("storeDocument", FILES, FILES_MORE, &[400, 401, 413, 422]);
    operation["parameters"] = json!([parameter("name", "query", FILE_NAME, false)]);
    let binary = json!({"schema": {"type": "string", "format": "binary"}});
    let types = ["application/pdf", "image/jpeg", "image/png", "image/webp"];
    let content: Map<String, Value> = types.iter().map(|t| (t.to_string(), binary.clone())).collect();
    operation["requestBody"] = json!({"required": true, "content": content});
    operation["responses"]["201"] = answer(FILES, "Document");
    operation
}

fn seals() -> Value {
    let mut operation = operation("sealName", SEALS, SEALS_MORE, &[400, 401, 403, 413, 415, 422]);
    let schema = fields(super::seals::FIELDS);
    operation["requestBody"] = json!({"required": true, "content": {"application/json": {"schema": schema}}});
    operation["responses"]["201"] = answer(SEALS, "Sealed");
    operation
}

fn operation(id: &str, title: Text, more: Text, problems: &[u16]) -> Value {
    let mut responses = Map::new();
    // Faults and a throttled asker can meet every question.
    for status in problems.iter().chain(&[500, 503]) {
        let schema = json!({"application/problem+json": {"schema": reference("Problem")}});
        let name = axum::http::StatusCode::from_u16(*status).ok().and_then(|s| s.canonical_reason());
        responses.insert(status.to_string(), json!({"description": name, "content": schema}));
    }
    json!({
        "operationId": id,
        "summary": title.en,
        "x-zh-summary": title.zh,
        "description": more.en,
        "x-zh-description": more.zh,
        "responses": responses,
    })
}

fn parameter(name: &str, place: &str, about: Text, required: bool) -> Value {
    json!({
        "name": name, "in": place, "required": required, "schema": {"type": "string"},
        "description": about.en, "x-zh": about.zh,
    })
}

fn answer(about: Text, schema: &str) -> Value {
    json!({"description": about.en, "content": {"application/json": {"schema": reference(schema)}}})
}

fn reference(schema: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{schema}")})
}

fn schemas() -> Map<String, Value> {
    let said = json!({"type": "object", "properties": {"en": TEXT.clone(), "zh": TEXT.clone()}, "required": ["en", "zh"]});
    let subject = json!({"type": "string", "pattern": "^[a-z_]+:.+$", "examples": ["batch:2026-0412"]});
    let mut schemas = Map::from_iter([
        ("Said".to_string(), said),
        ("Subject".into(), subject),
        (
            "Problem".into(),
            object(
                &[
                    ("type", json!({"type": "string", "format": "uri-reference"})),
                    ("title", TEXT.clone()),
                    ("status", json!({"type": "integer"})),
                    ("detail", TEXT.clone()),
                    ("said", reference("Said")),
                ],
                true,
            ),
        ),
        (
            "Resolution".into(),
            object(
                &[("outcome", json!({"enum": ["found", "several"]})), ("code", json!({"type": "object"}))],
                true,
            ),
        ),
        (
            "TraceBack".into(),
            object(
                &[
                    ("start", json!({"type": "object"})),
                    ("batches", ROWS.clone()),
                    ("materials", ROWS.clone()),
                ],
                true,
            ),
        ),
        (
            "TraceForward".into(),
            object(
                &[
                    ("start", json!({"type": "object"})),
                    ("batches", COUNT.clone()),
                    ("cartons", COUNT.clone()),
                    ("cartons_not_shipped", COUNT.clone()),
                    ("pieces", COUNT.clone()),
                    ("shipments", json!({"type": "object"})),
                ],
                true,
            ),
        ),
        (
            "Entry".into(),
            object(
                &[
                    ("line", json!({"type": "object"})),
                    ("content", json!({"type": "object"})),
                    ("hash", TEXT.clone()),
                    ("proof", json!({"type": "array", "items": TEXT.clone()})),
                    ("checkpoint", reference("Checkpoint")),
                ],
                true,
            ),
        ),
        (
            "Checkpoint".into(),
            object(
                &[
                    ("origin", TEXT.clone()),
                    ("size", COUNT.clone()),
                    ("root", TEXT.clone()),
                    ("note", TEXT.clone()),
                    ("verifier_key", TEXT.clone()),
                ],
                true,
            ),
        ),
        (
            "Receipt".into(),
            object(
                &[
                    ("id", UUID.clone()),
                    ("seq", COUNT.clone()),
                    ("hash", TEXT.clone()),
                    ("already", json!({"type": "boolean"})),
                    ("discrepancies", ROWS.clone()),
                    ("subjects", json!({"type": "array", "items": reference("Subject")})),
                ],
                true,
            ),
        ),
        (
            "Document".into(),
            object(
                &[
                    ("digest", DIGEST.clone()),
                    ("media_type", TEXT.clone()),
                    ("bytes", COUNT.clone()),
                    ("name", json!({"type": ["string", "null"]})),
                ],
                true,
            ),
        ),
        (
            "Sealed".into(),
            object(
                &[("sealed", json!({"type": "string", "pattern": "^sealed:[0-9a-f]{64}:[0-9a-f]+$"}))],
                true,
            ),
        ),
        ("Seal".into(), object(&[("name", TEXT.clone()), ("salt", TEXT.clone())], true)),
        ("Results".into(), object(&[("results", ROWS.clone())], true)),
    ]);
    let kinds: Vec<Value> = KINDS.iter().map(|kind| reference(&kind_schema(kind.name))).collect();
    schemas.insert("Event".into(), json!({"oneOf": kinds}));
    for kind in KINDS {
        let mut event = object(
            &[
                ("id", UUID.clone()),
                ("kind", json!({"const": kind.name})),
                ("event_time", json!({"type": "string", "format": "date-time"})),
                ("payload", fields(kind.about.fields)),
            ],
            false,
        );
        event["properties"]["zone"] = json!({"type": "string", "examples": ["+08:00"]});
        event["properties"]["place"] = TEXT.clone();
        event["properties"]["note"] = TEXT.clone();
        event["properties"]["source"] = DIGEST.clone();
        event["properties"]["evidence"] = json!({"enum": ["scanned", "imported", "declared", "testimony"]});
        event["title"] = kind.about.title.en.into();
        event["x-zh"] = kind.about.title.zh.into();
        event["description"] = kind.about.purpose.en.into();
        schemas.insert(kind_schema(kind.name), event);
    }
    schemas
}

static TEXT: LazyLock<Value> = LazyLock::new(|| json!({"type": "string"}));
static DIGEST: LazyLock<Value> =
    LazyLock::new(|| json!({"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}));
static COUNT: LazyLock<Value> = LazyLock::new(|| json!({"type": "integer", "minimum": 0}));
static UUID: LazyLock<Value> = LazyLock::new(|| json!({"type": "string", "format": "uuid"}));
static ROWS: LazyLock<Value> = LazyLock::new(|| json!({"type": "array", "items": {"type": "object"}}));

fn kind_schema(name: &str) -> String {
    format!("Event.{name}")
}

fn object(members: &[(&str, Value)], open: bool) -> Value {
    let properties: Map<String, Value> = members.iter().map(|(n, v)| (n.to_string(), v.clone())).collect();
    let required: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": open})
}

/// What a kind's or a row's fields take.
fn fields(fields: &[Field]) -> Value {
    let properties: Map<String, Value> = fields.iter().map(|f| (f.name.to_string(), field(f))).collect();
    let required: Vec<&str> = fields.iter().filter(|f| f.required).map(|f| f.name).collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

fn field(field: &Field) -> Value {
    let mut schema = match field.input {
        Input::Count => json!({"type": "integer", "minimum": 0, "maximum": MOST_COUNTED}),
        Input::Check => json!({"type": "boolean"}),
        Input::Codes(_) => json!({"type": "array", "items": TEXT.clone()}),
        Input::Date => json!({"type": "string", "format": "date"}),
        Input::Amount => json!({"type": "string", "pattern": r"^\d+(\.\d{1,3})?$"}),
        Input::Choice(words) => json!({"enum": words.iter().map(|(word, _)| *word).collect::<Vec<_>>()}),
        Input::Choices(words) => {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            json!({"type": "array", "items": {"enum": words}})
        }
        Input::Photo | Input::Document => DIGEST.clone(),
        Input::Rows(inner) => json!({"type": "array", "items": fields(inner)}),
        Input::Code(_) | Input::NewCode(_) | Input::Line | Input::Listed | Input::Source | Input::Text => {
            TEXT.clone()
        }
    };
    schema["title"] = field.label.en.into();
    schema["x-zh"] = field.label.zh.into();
    if !field.help.en.is_empty() {
        schema["description"] = field.help.en.into();
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::router::ROUTES;

    #[test]
    fn every_route_of_the_api_is_described() {
        let paths = &DOCUMENT["paths"];
        let ours = |path: &&crate::router::Route| path.path.starts_with("/api/v1/");
        for route in ROUTES.iter().filter(ours) {
            let method = route.method.as_str().to_lowercase();
            assert!(paths[route.path][&method].is_object(), "{method} {}", route.path);
        }
        let described = paths.as_object().map(Map::len).unwrap_or_default();
        assert_eq!(described, ROUTES.iter().filter(ours).count(), "nothing is described that is not there");
    }

    #[test]
    fn every_reference_leads_somewhere() {
        fn walk(value: &Value) {
            match value {
                Value::Object(map) => {
                    if let Some(to) = map.get("$ref").and_then(Value::as_str) {
                        assert!(DOCUMENT.pointer(to.trim_start_matches('#')).is_some(), "{to}");
                    }
                    map.values().for_each(walk);
                }
                Value::Array(all) => all.iter().for_each(walk),
                _ => {}
            }
        }
        walk(&DOCUMENT);
    }
}
