//! What a request carries on the server: the ledger, who is asking, in which language. The only module
//! that exists on one side, and the only one that speaks of status codes.
//!
//! The server puts a [`Request`] into the context of every page and every server function.

use crate::{
    error::AppError,
    here::{Here, Theme, encode},
    pages::{codes::SheetItem, sign_in::DemoAccount},
    shell::Assets,
};
use axum::http::{HeaderValue, StatusCode, header, request::Parts};
use domain::{person::Role, text::Lang, view::SignedIn};
use ledger::{Ask, Brand, BrandId, Fault, Ledger, Reader};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use std::sync::Arc;

/// What one request carries.
#[derive(Clone)]
pub struct Request {
    /// The book.
    pub ledger: Ledger,
    /// Whose book is read.
    pub brand: Brand,
    /// Whose public pages are shown, whoever is signed in.
    pub public: BrandId,
    /// Who is signed in.
    pub who: Option<SignedIn>,
    /// The reader's language.
    pub lang: Lang,
    /// Light or dark.
    pub theme: Theme,
    /// The day, `2026-03-04`, in Greenwich: what falls due is told by it.
    pub today: String,
    /// Where style and scripts are.
    pub assets: Arc<Assets>,
    /// The demo's users, which its sign-in page shows.
    pub demo: Option<Arc<Vec<DemoAccount>>>,
    /// The demo's codes as symbols.
    pub sheet: Option<Arc<Vec<SheetItem>>>,
}

impl Request {
    /// What the page itself has to know of it.
    pub fn here(&self) -> Here {
        Here { lang: self.lang, theme: self.theme, who: self.who.clone(), demo: self.sheet.is_some() }
    }
}

/// The request being answered.
///
/// # Errors
/// A fault when there is none: the server forgot to provide it.
pub fn request() -> Result<Request, AppError> {
    use_context::<Request>()
        .ok_or_else(|| failed(AppError::Fault { number: "no-request".into(), retry: false }))
}

/// The request, and the reader that decides what is left out of its answers.
///
/// # Errors
/// When nobody is signed in, or `allow` does not hold for the role.
pub fn reader(allow: fn(Role) -> bool) -> Result<(Request, Reader), AppError> {
    let request = request()?;
    let Some(role) = request.who.as_ref().map(|who| who.role) else {
        return Err(failed(AppError::NotSignedIn));
    };
    if !allow(role) {
        return Err(failed(AppError::NotAllowed));
    }
    let reader = Reader { brand: request.brand.id, role };
    Ok((request, reader))
}

/// What a reading of the ledger comes to for a page.
///
/// # Errors
/// The fault, as it may be told.
pub fn told<T>(answer: Result<T, Fault>) -> Result<T, AppError> {
    answer.map_err(|fault| failed(AppError::Fault { number: fault.number, retry: fault.retry }))
}

/// As [`told`], for readings of one thing that may not exist.
///
/// # Errors
/// [`AppError::NotFound`], or the fault.
pub fn found<T>(answer: Result<Option<T>, Fault>) -> Result<T, AppError> {
    told(answer)?.ok_or_else(|| failed(AppError::NotFound))
}

/// Which rows of a view's lists are asked for; empty text asks for the first of each.
pub fn ask(list: String, after: String) -> Ask {
    let given = |text: String| (!text.is_empty()).then_some(text);
    Ask { list: given(list), after: given(after) }
}

/// Sets the answer's status for an error and hands it on.
pub fn failed(error: AppError) -> AppError {
    tell(&error);
    error
}

/// Sets the answer's status for an error. A page that needs a sign-in leads to it and back.
pub fn tell(error: &AppError) {
    let Some(answer) = use_context::<ResponseOptions>() else { return };
    let status = match error {
        AppError::NotSignedIn => match page_address().and_then(|back| sign_in(&back)) {
            Some(to) => {
                answer.insert_header(header::LOCATION, to);
                StatusCode::SEE_OTHER
            }
            None => StatusCode::UNAUTHORIZED,
        },
        AppError::NotAllowed => StatusCode::FORBIDDEN,
        AppError::NotFound => StatusCode::NOT_FOUND,
        AppError::Refused { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        AppError::Fault { retry: true, .. } | AppError::Offline => {
            answer.insert_header(header::RETRY_AFTER, HeaderValue::from_static("2"));
            StatusCode::SERVICE_UNAVAILABLE
        }
        AppError::Fault { retry: false, .. } => StatusCode::INTERNAL_SERVER_ERROR,
    };
    answer.set_status(status);
}

fn sign_in(back: &str) -> Option<HeaderValue> {
    HeaderValue::try_from(format!("/sign-in?back={}", encode(back))).ok()
}

/// The address of the page being rendered; `None` inside a server function that a page has called, whose
/// caller shows the refusal in its place.
fn page_address() -> Option<String> {
    let parts = use_context::<Parts>()?;
    let address = parts.uri.path_and_query()?.as_str();
    (!address.starts_with(ASK)).then(|| address.to_string())
}

/// Where server functions answer, apart from the API for other programs.
pub const ASK: &str = "/ask/";
