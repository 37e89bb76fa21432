//! The API for other programs: `/api/v1`, bearer tokens, JSON in and out, problem+json for everything
//! that is not what was asked for.
//!
//! - [`token`] – who a token stands for; cookies count for nothing here
//! - [`events`] – handing events in; [`files`] – storing the photos and PDFs that they name; [`seals`] – sealing a
//!   name before a record holds it
//! - [`openapi`] – the document that describes it, and [`guide`] – the page that shows the document
//!
//! The readings are in this file: each is a question to the ledger and its answer as it is.

use axum::{
    Extension, Json,
    extract::{Path, Query, State, rejection::QueryRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    code,
    subject::Subject,
    text::{Text, text},
    view::{Resolution, Titled},
};
use ledger::{Ask, Reader};
use serde::Deserialize;

use crate::{problem::Problem, shared::Shared};

pub mod events;
pub mod files;
pub mod guide;
pub mod openapi;
pub mod seals;
pub mod token;

use token::Holder;

const NO_CODE: Text =
    text("Say which code: “?code=…”, percent-encoded.", "请提供代码参数：“?code=…”（需百分号编码）。");
const UNKNOWN: Text = text("The code is unknown", "未知代码");
const UNKNOWN_MEND: Text = text(
    "No record names {code}. Record the goods first, or look at the nearest names.",
    "没有任何记录包含 {code}。请先录入该货物，或查看相近名称。",
);
const AMBIGUOUS: Text = text("The code is ambiguous", "代码有多种含义");
const AMBIGUOUS_MEND: Text = text(
    "{code} can mean {n} things. Ask again with one of the candidates as the code.",
    "{code} 可能指 {n} 个对象，请以其中一个候选作为代码重新查询。",
);
const NO_ENTRY: Text = text("There is no such entry", "没有该条目");
const NO_ENTRY_MEND: Text = text(
    "The ledger has no entry {seq} for you. The checkpoint tells how many there are.",
    "账本中没有可供您查看的条目 {seq}。条目总数见检查点。",
);
const BAD_SEQ: Text = text("“{seq}” is not a sequence number.", "“{seq}”不是条目序号。");

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The code asked about.
#[derive(Deserialize)]
pub struct Asked {
    code: Option<String>,
    symbology: Option<String>,
    list: Option<String>,
    after: Option<String>,
}

impl Asked {
    fn code(self) -> Result<String, Problem> {
        let code = self.code.filter(|code| !code.is_empty()).ok_or_else(|| Problem::malformed(NO_CODE))?;
        Ok(match self.symbology {
            Some(identifier) => identifier + &code,
            None => code,
        })
    }
}

type Question = Result<Query<Asked>, QueryRejection>;

fn asked(question: Question) -> Result<Asked, Problem> {
    question.map(|Query(asked)| asked).map_err(|_| Problem::malformed(NO_CODE))
}

/// `GET /api/v1/resolve`: what a code stands for. The answer comes ready from the ledger's memory where
/// the code was asked for before and nothing has touched it since.
pub async fn resolve(
    State(shared): State<Shared>,
    Extension(holder): Extension<Holder>,
    question: Question,
) -> Result<Response, Problem> {
    let code = asked(question)?.code()?;
    let answer = shared.ledger.resolve_json(&holder.reader(), &code).await?;
    let (status, json) = &*answer;
    if *status == StatusCode::OK.as_u16() {
        return Ok(([(header::CONTENT_TYPE, JSON)], json.clone()).into_response());
    }
    Err(no_subject(&code, serde_json::from_slice(json).map_err(Problem::broke)?))
}

/// `GET /api/v1/trace/back`: the batches and material lots it came from.
pub async fn trace_back(
    State(shared): State<Shared>,
    Extension(holder): Extension<Holder>,
    question: Question,
) -> Result<Response, Problem> {
    let code = asked(question)?.code()?;
    let subject = subject(&shared, &holder.reader(), &code).await?;
    match shared.ledger.trace_back(&holder.reader(), &subject).await? {
        Some(trace) => Ok(Json(trace).into_response()),
        None => Err(unknown(&code, &[])),
    }
}

/// `GET /api/v1/trace/forward`: the cartons and shipments it went into.
pub async fn trace_forward(
    State(shared): State<Shared>,
    Extension(holder): Extension<Holder>,
    question: Question,
) -> Result<Response, Problem> {
    let mut asked = asked(question)?;
    let ask = Ask {
        list: asked.list.take().or(asked.after.as_ref().map(|_| "shipments".into())),
        after: asked.after.take(),
    };
    let code = asked.code()?;
    let subject = subject(&shared, &holder.reader(), &code).await?;
    match shared.ledger.trace_forward(&holder.reader(), &subject, &ask).await? {
        Some(trace) => Ok(Json(trace).into_response()),
        None => Err(unknown(&code, &[])),
    }
}

/// `GET /api/v1/entries/{seq}`: an entry as written, with the proof that it is in the tree.
pub async fn entry(
    State(shared): State<Shared>,
    Extension(holder): Extension<Holder>,
    Path(seq): Path<String>,
) -> Result<Response, Problem> {
    let number = seq.parse().map_err(|_| Problem::malformed(BAD_SEQ.with(&[("seq", &seq)])))?;
    let entry = shared.ledger.entry(&holder.reader(), number).await?;
    let none = || {
        Problem::new(StatusCode::NOT_FOUND, "unknown_entry", &NO_ENTRY, NO_ENTRY_MEND.with(&[("seq", &seq)]))
    };
    Ok(Json(entry.ok_or_else(none)?).into_response())
}

/// `GET /api/v1/checkpoint`: the signed head of the ledger.
pub async fn checkpoint(
    State(shared): State<Shared>,
    Extension(holder): Extension<Holder>,
) -> Result<Response, Problem> {
    Ok(Json(shared.ledger.checkpoint(holder.0.brand).await?).into_response())
}

/// The one subject a code stands for; where it could be several, none is picked.
async fn subject(shared: &Shared, reader: &Reader, code: &str) -> Result<Subject, Problem> {
    if let Some(subject) = Subject::from_urn(code) {
        return Ok(subject);
    }
    match shared.ledger.resolve(reader, None, code.as_bytes()).await? {
        Resolution::Found { card, .. } => Ok(card.titled.subject),
        other => Err(no_subject(code, other)),
    }
}

/// What is told of a code that stands for no one subject.
fn no_subject(code: &str, resolution: Resolution) -> Problem {
    match resolution {
        Resolution::Unknown { nearest, observed, .. } => unknown(code, &nearest).with("observed", observed),
        Resolution::Several { candidates, .. } => {
            let urns: Vec<String> = candidates.iter().map(|c| c.card.titled.subject.urn()).collect();
            let said = AMBIGUOUS_MEND.with(&[("code", code), ("n", &urns.len().to_string())]);
            Problem::new(StatusCode::CONFLICT, "ambiguous_code", &AMBIGUOUS, said).with("candidates", urns)
        }
        Resolution::Unreadable { refusal } => match code::read(None, code.as_bytes()) {
            Err(error) => Problem::unreadable_code(&error),
            Ok(_) => Problem::refused(&refusal),
        },
        Resolution::Found { .. } => Problem::broke("a code that was found was answered as a problem"),
    }
}

fn unknown(code: &str, nearest: &[Titled]) -> Problem {
    let said = UNKNOWN_MEND.with(&[("code", code)]);
    Problem::new(StatusCode::NOT_FOUND, "unknown_code", &UNKNOWN, said)
        .with("nearest", serde_json::to_value(nearest).unwrap_or_default())
}
