//! `POST /api/v1/files`: a photo or PDF, stored under the digest of its bytes, by which events name it.

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::document::Document;
use ledger::NewDocument;
use serde::Deserialize;

use super::token::Holder;
use crate::{
    document::{self, Asked},
    problem::Problem,
    shared::Shared,
};

/// What may be said of it.
#[derive(Deserialize)]
pub struct About {
    name: Option<String>,
}

/// The handler. The body is the document as it is; what it is its bytes tell, and not a header. 201 with its
/// digest, also where it was stored before: it is the same document.
pub async fn post(
    State(shared): State<Shared>,
    Extension(holder): Extension<Holder>,
    Query(about): Query<About>,
    body: Bytes,
) -> Result<Response, Problem> {
    let media_type = document::check(&body, Asked::Document).map_err(|refusal| Problem::refused(&refusal))?;
    let name = about.name.as_deref().and_then(document::name);
    let (bytes, person) = (body.len() as u64, holder.person());
    let new = NewDocument { bytes: body, media_type, name: name.as_deref(), by: &person.id };
    let digest = shared.ledger.store_document(holder.0.brand, new).await?;
    let stored = Document { digest, media_type: media_type.into(), bytes, name };
    Ok((StatusCode::CREATED, Json(stored)).into_response())
}
