//! Sessions: who is signed in, signing in and out, and the small choices that live in cookies.
//!
//! A session holds an account's id and the generation it was begun in; account and role are looked up
//! for every request, so that a changed role or a sign-out everywhere counts at once. It ends after
//! twelve hours without a request and seven days after signing in. The id changes at sign-in.

use axum::{
    Form,
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    person::{Person, Role},
    text::Lang,
    view::SignedIn,
};
use ledger::{Account, Brand};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tower_sessions::{Expiry, Session, SessionManagerLayer, cookie::SameSite};

use crate::{
    clock, password,
    problem::Problem,
    shared::Shared,
    visitor::{self, Asker},
};
use app::here::encode;

/// A session ends after so long without a request.
const IDLE: time::Duration = time::Duration::hours(12);
/// It ends so long after signing in, whatever happens.
const ABSOLUTE_MS: i64 = 7 * 24 * 3600 * 1000;
/// Being seen is written down this often, so that not every request writes.
const SEEN_EVERY_MS: i64 = 10 * 60 * 1000;
/// Under what key the session holds [`Signed`].
const KEY: &str = "signed";

/// What a session holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Signed {
    account: String,
    generation: i64,
    since: i64,
    seen: i64,
}

/// Who asks for a page or posts a form.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The account that is signed in.
    pub account: Option<Account>,
    /// Whose book is read.
    pub brand: Brand,
}

impl Visitor {
    /// The person an entry will remember.
    pub fn person(&self) -> Option<Person> {
        let account = self.account.as_ref()?;
        Some(Person { id: account.id.clone(), name: account.name.clone(), role: account.role })
    }

    /// Who is signed in, for pages.
    pub fn signed_in(&self) -> Option<SignedIn> {
        let person = self.person()?;
        Some(SignedIn { role: person.role, person, brand: self.brand.name.clone() })
    }

    /// The account, or the answer for somebody who is not signed in.
    ///
    /// # Errors
    /// 401 when nobody is signed in, 403 when `allow` does not hold for the role.
    pub fn must(&self, allow: fn(Role) -> bool) -> Result<&Account, Problem> {
        match &self.account {
            None => Err(Problem::not_signed_in()),
            Some(account) if !allow(account.role) => Err(Problem::not_allowed(account.role)),
            Some(account) => Ok(account),
        }
    }
}

/// The layer that carries sessions in a cookie; `secure` keeps it off plain HTTP.
pub fn layer(shared: &Shared, secure: bool) -> SessionManagerLayer<ledger::SessionStore> {
    SessionManagerLayer::new(shared.ledger.session_store())
        .with_name("lotwalk")
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_secure(secure)
        .with_expiry(Expiry::OnInactivity(IDLE))
}

/// Finds out who is asking and hands a [`Visitor`] on.
pub async fn who(
    State(shared): State<Shared>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let account = account(&shared, &session).await?;
    let brand = match &account {
        Some(account) => shared.brand_of(account.brand).await?,
        None => shared.brand.clone(),
    };
    request.extensions_mut().insert(Visitor { account, brand });
    Ok(next.run(request).await)
}

async fn account(shared: &Shared, session: &Session) -> Result<Option<Account>, Problem> {
    let Some(signed) = session.get::<Signed>(KEY).await.map_err(unreachable_store)? else {
        return Ok(None);
    };
    let now = clock::now().0;
    let account = shared.ledger.account(&signed.account).await?;
    let account = account.filter(|a| a.generation == signed.generation && now - signed.since < ABSOLUTE_MS);
    match account {
        None => session.flush().await.map_err(unreachable_store)?,
        Some(_) if now - signed.seen < SEEN_EVERY_MS => {}
        Some(_) => session.insert(KEY, Signed { seen: now, ..signed }).await.map_err(unreachable_store)?,
    }
    Ok(account)
}

/// The session's database does not answer: the same as when the ledger's does not.
fn unreachable_store(error: tower_sessions::session::Error) -> Problem {
    Problem::out_of_reach(error)
}

/// Refuses what another site sends in a visitor's name (CSRF). `Sec-Fetch-Site` tells it in today's
/// browsers, `Origin` in older ones; a request with neither comes from no browser.
pub async fn same_site(request: Request, next: Next) -> Result<Response, Problem> {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !safe && is_foreign(request.headers()) {
        return Err(Problem::foreign());
    }
    Ok(next.run(request).await)
}

fn is_foreign(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|v: &HeaderValue| v.to_str().ok());
    match (headers.get("sec-fetch-site"), headers.get(header::ORIGIN)) {
        (Some(site), _) => site != "same-origin" && site != "none",
        (None, Some(_)) => {
            let origin = text(header::ORIGIN).and_then(|o| o.split_once("://")).map(|(_, host)| host);
            origin.is_none() || origin != text(header::HOST)
        }
        (None, None) => false,
    }
}

/// A filled sign-in form.
#[derive(Deserialize)]
pub struct SignIn {
    name: String,
    password: String,
    back: Option<String>,
}

/// `POST /sign-in`.
pub async fn sign_in(
    State(shared): State<Shared>,
    session: Session,
    asker: Asker,
    Form(form): Form<SignIn>,
) -> Result<Response, Problem> {
    let back = visitor::back(form.back.as_deref());
    let refused =
        |why: &str| see(&format!("/sign-in?refused={why}&name={}&back={}", encode(&form.name), encode(back)));
    // By name and address, so that nobody can lock another's account from afar; and by address alone,
    // so that nobody tries one password on every name.
    let keys = [
        format!("{} {}", form.name.to_lowercase().chars().take(100).collect::<String>(), asker.counted()),
        asker.counted(),
    ];
    if shared.sign_ins.check(&keys[0]).is_err() || shared.addresses.check(&keys[1]).is_err() {
        return Ok(refused("throttled"));
    }
    let account = shared.ledger.account_named(&form.name).await?;
    let stored = account.as_ref().and_then(|a| a.password.clone());
    let right =
        form.password.len() <= password::LONGEST && password::verify(form.password.clone(), stored).await;
    let Some(account) = account.filter(|_| right) else {
        shared.sign_ins.count(&keys[0]);
        shared.addresses.count(&keys[1]);
        return Ok(refused("credentials"));
    };
    shared.sign_ins.forgive(&keys[0]);
    begin(&session, &account).await?;
    Ok(see(back))
}

/// Begins a session under a new id: one that was planted before knows nothing of it.
async fn begin(session: &Session, account: &Account) -> Result<(), Problem> {
    let now = clock::now().0;
    let signed =
        Signed { account: account.id.clone(), generation: account.generation, since: now, seen: now };
    session.cycle_id().await.map_err(unreachable_store)?;
    session.insert(KEY, signed).await.map_err(unreachable_store)
}

/// Where to go afterwards.
#[derive(Deserialize)]
pub struct Back {
    back: Option<String>,
}

/// `POST /sign-out`.
pub async fn sign_out(session: Session, Form(form): Form<Back>) -> Result<Response, Problem> {
    session.flush().await.map_err(unreachable_store)?;
    Ok(see(visitor::back(form.back.as_deref())))
}

/// `POST /sign-out-everywhere`: every session of the account, on every device.
pub async fn sign_out_everywhere(
    State(shared): State<Shared>,
    session: Session,
    axum::Extension(visitor): axum::Extension<Visitor>,
    Form(form): Form<Back>,
) -> Result<Response, Problem> {
    let account = visitor.must(|_| true)?;
    shared.ledger.sign_out_everywhere(&account.id).await?;
    session.flush().await.map_err(unreachable_store)?;
    Ok(see(visitor::back(form.back.as_deref())))
}

/// The first administrator.
#[derive(Deserialize)]
pub struct Setup {
    name: String,
    password: String,
    repeat: String,
}

/// `POST /setup/{token}`: makes the first administrator and signs in.
pub async fn setup(
    State(shared): State<Shared>,
    session: Session,
    Path(secret): Path<String>,
    Form(form): Form<Setup>,
) -> Result<Response, Problem> {
    let refused =
        |why: &str| Ok(see(&format!("/setup/{}?refused={why}&name={}", encode(&secret), encode(&form.name))));
    let (digest, now) = (digest(&secret), clock::now());
    if shared.ledger.setup_link(&digest, now).await?.is_none() {
        return refused("link_used");
    }
    if form.password != form.repeat {
        return refused("password_differs");
    }
    let long = form.password.chars().count();
    if long < password::SHORTEST || form.password.len() > password::LONGEST {
        return refused("password_short");
    }
    let hash = password::hash(form.password.clone()).await.map_err(Problem::broke)?;
    match shared.ledger.use_setup_link(&digest, now, form.name.trim(), &hash).await? {
        Ok(account) => {
            begin(&session, &account).await?;
            Ok(see("/"))
        }
        Err(refusal) => refused(&refusal.reason),
    }
}

/// The language switch.
#[derive(Deserialize)]
pub struct Language {
    lang: Lang,
    back: Option<String>,
}

/// `POST /language`.
pub async fn language(asker: Asker, Form(form): Form<Language>) -> Response {
    choose("lang", form.lang.tag(), form.back.as_deref(), asker.secure)
}

/// The theme switch.
#[derive(Deserialize)]
pub struct Theme {
    theme: app::here::Theme,
    back: Option<String>,
}

/// `POST /theme`.
pub async fn theme(asker: Asker, Form(form): Form<Theme>) -> Response {
    choose("theme", form.theme.word(), form.back.as_deref(), asker.secure)
}

fn choose(name: &str, value: &str, back: Option<&str>, secure: bool) -> Response {
    let secure = if secure { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax{secure}");
    let mut response = see(visitor::back(back));
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// A redirect that is followed with GET.
pub fn see(address: &str) -> Response {
    let to = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
}

/// A secret of 256 random bits, as text that fits an address.
pub fn secret() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// The digest under which a secret is stored: tokens and setup links are long and random, so one round
/// of SHA-256 is enough.
pub fn digest(secret: &str) -> String {
    Sha256::digest(secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_other_sites_are_told_apart() {
        let foreign = |pairs: &[(&'static str, &'static str)]| {
            is_foreign(&HeaderMap::from_iter(pairs.iter().map(|(name, value)| {
                (header::HeaderName::from_static(name), HeaderValue::from_static(value))
            })))
        };
        assert!(!foreign(&[]), "no browser");
        assert!(!foreign(&[("sec-fetch-site", "same-origin")]));
        assert!(!foreign(&[("sec-fetch-site", "none")]));
        assert!(foreign(&[("sec-fetch-site", "cross-site")]));
        assert!(foreign(&[("sec-fetch-site", "same-site"), ("origin", "http://a"), ("host", "a")]));
        assert!(!foreign(&[("origin", "http://a:1"), ("host", "a:1")]));
        assert!(foreign(&[("origin", "http://b:1"), ("host", "a:1")]));
        assert!(foreign(&[("origin", "null"), ("host", "a:1")]));
    }
}
