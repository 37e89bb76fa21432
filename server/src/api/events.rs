//! `POST /api/v1/events`: one draft, or an array of them. Sending the same id again is harmless.

use axum::{
    Extension, Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    event::EventDraft,
    refusal::Refusal,
    text::{Text, text},
    view::Receipt,
};
use serde_json::{Value, json};

use super::token::Holder;
use crate::{problem::Problem, shared::Shared};

/// The most drafts in one array.
pub const MOST: usize = 1_000;

const NOT_JSON: Text = text(
    "The body is not JSON: {why}. Send one event, or an array of events.",
    "请求体不是有效 JSON：{why}。请发送一个事件或事件数组。",
);
const NOT_A_DRAFT: Text = text(
    "This is not an event: {why}. /api shows what one looks like.",
    "这不是有效的事件：{why}。格式见 /api。",
);
const TOO_MANY: Text = text(
    "{n} events at once are more than {most}. Send them in several arrays.",
    "单次 {n} 个事件超过上限 {most}，请分批发送。",
);

/// The handler.
///
/// One draft: 201 with its receipt, 200 where it had been written before, 422 with the refusal (403
/// where the role may not record it, 400 where it is no draft). An array: 200, and in `results` the same
/// for each draft, in the order given; each stands alone.
pub async fn post(
    State(shared): State<Shared>,
    Extension(holder): Extension<Holder>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    if !is_json(&headers) {
        return Err(Problem::wrong_type());
    }
    let body: Value = serde_json::from_slice(&body).map_err(|e| {
        Problem::malformed(NOT_JSON.with(&[("why", &e.to_string())]))
            .with("line", e.line())
            .with("column", e.column())
    })?;
    match body {
        Value::Array(drafts) if drafts.len() > MOST => {
            let (n, most) = (drafts.len().to_string(), MOST.to_string());
            Err(Problem { said: TOO_MANY.with(&[("n", &n), ("most", &most)]), ..Problem::too_large() })
        }
        Value::Array(drafts) => {
            let results: Vec<Value> = capture(&shared, &holder, drafts)
                .await?
                .into_iter()
                .map(|(id, answer)| match answer {
                    Ok(receipt) => json!({"id": id, "status": status(&receipt).as_u16(), "receipt": receipt}),
                    Err(problem) => {
                        json!({"id": id, "status": problem.status.as_u16(), "problem": problem.json()})
                    }
                })
                .collect();
            Ok(Json(json!({"results": results})).into_response())
        }
        draft => {
            let answer = capture(&shared, &holder, vec![draft]).await?.pop();
            let (_, answer) = answer.ok_or_else(|| Problem::broke("a draft without an answer"))?;
            let receipt = answer?;
            let place = [(header::LOCATION, format!("/api/v1/entries/{}", receipt.seq))];
            Ok((status(&receipt), place, Json(receipt)).into_response())
        }
    }
}

type Answer = (Value, Result<Receipt, Problem>);

/// Captures what is a draft; what is none gets its problem, in its place.
async fn capture(shared: &Shared, holder: &Holder, given: Vec<Value>) -> Result<Vec<Answer>, Problem> {
    let read = given.into_iter().map(|draft| {
        let id = draft.get("id").cloned().unwrap_or_default();
        let read = serde_json::from_value::<EventDraft>(draft);
        (id, read.map_err(|e| Problem::malformed(NOT_A_DRAFT.with(&[("why", &e.to_string())]))))
    });
    let (mut answers, mut drafts) = (vec![], vec![]);
    for (id, read) in read {
        answers.push((id, read.map(|draft| drafts.push(draft))));
    }
    let captured = match drafts.is_empty() {
        true => vec![],
        false => shared.ledger.capture(holder.0.brand, &holder.person(), drafts).await?,
    };
    let (mut captured, role) = (captured.into_iter(), holder.0.role);
    let mut fill = |answer: Result<(), Problem>| {
        answer?;
        let missing = || Problem::broke("a draft without an answer");
        match captured.next().ok_or_else(missing)? {
            Ok(receipt) => Ok(receipt.told(role)),
            Err(refusal) => Err(refused(&refusal.told(role))),
        }
    };
    Ok(answers.into_iter().map(|(id, answer)| (id, fill(answer))).collect())
}

fn refused(refusal: &Refusal) -> Problem {
    let problem = Problem::refused(refusal);
    match refusal.reason.as_str() {
        "role_may_not" => Problem { status: StatusCode::FORBIDDEN, ..problem },
        "id_in_use" => Problem { status: StatusCode::CONFLICT, ..problem },
        _ => problem,
    }
}

fn status(receipt: &Receipt) -> StatusCode {
    if receipt.already { StatusCode::OK } else { StatusCode::CREATED }
}

/// True where the body says that it is JSON.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    media_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}
