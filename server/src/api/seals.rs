//! `POST /api/v1/seals`: a name is sealed (C52) before the record that is to hold it is handed in, so that the
//! name itself never enters the ledger. `GET /api/v1/seals/{commitment}`: name and salt, for who sealed it.

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    field::{self, Field, Input},
    person::Role,
    record,
    refusal::Refusal,
    seal::Sealed,
    subject::Subject,
    text::{Text, text},
};
use serde_json::{Value, json};

use super::{events::is_json, token::Holder};
use crate::{problem::Problem, seals::SEALED_IN, shared::Shared};

/// What is to be sealed, and what it will be filed under.
pub const FIELDS: &[Field] = &[
    Field::must("subject", text("Filed under", "归入对象"), Input::Line).help(text(
        "Kind and key, such as material_lot:ML-26-31.",
        "类别与标识，例如 material_lot:ML-26-31。",
    )),
    Field::must("name", text("The name to seal", "要密封的名称"), Input::Source),
];

const NOT_JSON: Text = text(
    "The body is not JSON. Send an object with “subject” and “name”.",
    "请求体不是有效 JSON。请发送含“subject”与“name”的对象。",
);
const NO_SUBJECT: Text = text(
    "No sealed source can be filed under “{subject}”. Write kind and key, such as material_lot:ML-26-31 or batch:2026-0412.",
    "“{subject}”不能有密封来源。请写明类别与标识，例如 material_lot:ML-26-31 或 batch:2026-0412。",
);
const SEALED_ALREADY: Text = text(
    "This is what a sealed name reads like. Send the name itself.",
    "这是密封后的文本，请发送名称本身。",
);
const NO_SEAL: Text = text("There is no such seal of yours", "没有该密封，或不属于您");
const NO_SEAL_MEND: Text = text(
    "What is sealed is told to who sealed it, and to others once it was opened.",
    "密封内容仅告知密封人；公开后方告知他人。",
);

/// True for who files a record that can hold a sealed name.
pub fn may_seal(role: Role) -> bool {
    let holds = |record: &&str| SEALED_IN.iter().any(|(of, _)| of == record);
    record::RECORDS.iter().any(|record| holds(&record.name) && record.files(role))
}

/// The handler. 201 with the text that stands in the record in the name's place; the same again where the same
/// holder seals the same name for the same subject once more, so that a record handed in twice is one.
///
/// No word of the body is logged, nor told in an answer.
pub async fn post(
    State(shared): State<Shared>,
    Extension(holder): Extension<Holder>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    if !is_json(&headers) {
        return Err(Problem::wrong_type());
    }
    let body: Value = serde_json::from_slice(&body).map_err(|_| Problem::malformed(NOT_JSON))?;
    field::check(FIELDS, &body).map_err(|refusal| Problem::refused(&refusal))?;
    let said = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default().trim();
    let subject = subject(said("subject")).map_err(|refusal| Problem::refused(&refusal))?;
    let name = said("name");
    if Sealed::read(name).is_some() {
        let refusal = Refusal::new("sealed_already", SEALED_ALREADY).at("name");
        return Err(Problem::refused(&refusal));
    }
    let person = holder.person();
    let place = format!("{}/{subject}", person.id);
    let sealed = shared.ledger.seal_at(holder.0.brand, &person, name, &place).await?;
    tracing::info!(kind = subject.kind.word(), "a name is sealed");
    Ok((StatusCode::CREATED, Json(json!({"sealed": sealed.to_string()}))).into_response())
}

/// The subject, of a kind under which a sealed name is filed.
fn subject(text: &str) -> Result<Subject, Refusal> {
    let holds = |subject: &Subject| {
        SEALED_IN
            .iter()
            .filter_map(|(name, _)| record::record_named(name))
            .any(|r| r.of.contains(&subject.kind))
    };
    let named = text.parse().ok().or_else(|| Subject::from_urn(text));
    let refuse = || Refusal::said("wrong_kind", NO_SUBJECT.with(&[("subject", text)])).at("subject");
    named.filter(holds).ok_or_else(refuse)
}

/// The handler: name and salt, which an event that opens the seal has to bring. For who sealed it and for nobody
/// else, who is not told that there is such a seal.
pub async fn get(
    State(shared): State<Shared>,
    Extension(holder): Extension<Holder>,
    Path(commitment): Path<String>,
) -> Result<Response, Problem> {
    let sealed = Sealed { commitment, likeness: String::new() };
    let seal = shared.ledger.to_open(holder.0.brand, &holder.person(), &sealed, true).await?;
    let none = || Problem::new(StatusCode::NOT_FOUND, "unknown_seal", &NO_SEAL, NO_SEAL_MEND);
    let seal = seal.ok_or_else(none)?;
    let kept_nowhere = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((kept_nowhere, Json(json!({"name": seal.name, "salt": seal.salt}))).into_response())
}
