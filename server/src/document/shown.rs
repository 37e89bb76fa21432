//! `GET /file/{digest}`: a stored document, for those who read records.

use axum::{
    Extension,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    document::{CSV, Document, WORKBOOK, ZIP},
    person::Role,
};

use ledger::StoredDocument;

use super::{PDF_TYPE, media_type};
use crate::{problem::Problem, session::Visitor, shared::Shared};

/// What a browser may be told that a document is besides a photo: it is saved, and never opened as a page.
const SAVED: [&str; 4] = [PDF_TYPE, CSV, WORKBOOK, ZIP];

/// The handler. A photo is shown; everything else is saved under the name it came with. Nothing of it runs:
/// it is in a sandbox, and no type is guessed.
pub async fn show(
    State(shared): State<Shared>,
    Extension(visitor): Extension<Visitor>,
    Path(digest): Path<String>,
) -> Result<Response, Problem> {
    let account = visitor.must(Role::reads_records)?;
    let stored = shared.ledger.document(account.brand, &digest).await?.ok_or_else(Problem::not_found)?;
    let stored = stored.map_err(|refusal| Problem {
        status: StatusCode::INTERNAL_SERVER_ERROR,
        ..Problem::refused(&refusal)
    })?;
    let StoredDocument { bytes, media_type: said, name } = stored;
    let document = Document { digest, media_type: said, bytes: bytes.len() as u64, name };
    // Who may not read suppliers reads no table in which they may stand.
    if document.is_table() {
        visitor.must(Role::reads_suppliers)?;
    }
    let seen = media_type(&bytes).filter(|seen| *seen == document.media_type);
    let shown = seen.filter(|seen| seen.starts_with("image/"));
    let saved = SAVED.into_iter().find(|known| *known == document.media_type);
    let media_type = shown.or(saved).unwrap_or("application/octet-stream");
    let disposition = match shown {
        Some(_) => HeaderValue::from_static("inline; filename=\"photo\""),
        None => HeaderValue::try_from(saved_as(document.name.as_deref())).map_err(Problem::broke)?,
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((StatusCode::OK, headers, bytes).into_response())
}

/// A name in any script, percent-encoded (RFC 8187), beside one that every browser reads.
fn saved_as(name: Option<&str>) -> String {
    let name = name.map(|name| format!("; filename*=UTF-8''{}", app::here::encode(name)));
    format!("attachment; filename=\"document\"{}", name.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c19_a_name_cannot_say_more_than_a_name() {
        assert_eq!(saved_as(None), "attachment; filename=\"document\"");
        let said = saved_as(Some("检验\"; x=1\r\nSet-Cookie: a.pdf"));
        assert!(said.starts_with("attachment; filename=\"document\"; filename*=UTF-8''%E6%A3%80"), "{said}");
        assert_eq!(said.matches(['"', ';', '\r', '\n']).count(), 4, "{said}");
    }
}
