//! Bearer tokens (RFC 6750): whom a request of the API stands for.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::Response,
};
use domain::person::{Person, Role};
use ledger::{Reader, Token};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::{problem::Problem, router::Allow, session, shared::Shared};

/// A token is looked up again after so long; one that was taken back works no longer than that.
const REMEMBERED: Duration = Duration::from_secs(5);
/// So many are remembered at once.
const MOST: usize = 1_000;
/// What every token begins with, so that one that leaked is recognised for what it is.
const PREFIX: &str = "lotwalk_";

/// Whom a request stands for.
#[derive(Clone, Debug)]
pub struct Holder(pub Arc<Token>);

impl Holder {
    /// How much of the ledger's answers it may see.
    pub fn reader(&self) -> Reader {
        Reader { brand: self.0.brand, role: self.0.role }
    }

    /// The person an entry will remember.
    pub fn person(&self) -> Person {
        Person { id: self.0.id.clone(), name: self.0.name.clone(), role: self.0.role }
    }
}

/// Tokens seen a moment ago, by digest. Unknown ones are not remembered: guesses fill no memory.
#[derive(Debug, Default)]
pub struct Tokens(Mutex<HashMap<[u8; 32], Seen>>);

/// When it was looked up, and what was found.
type Seen = (Instant, Arc<Token>);

impl Tokens {
    fn recall(&self, digest: &[u8; 32]) -> Option<Arc<Token>> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(digest).filter(|(at, _)| at.elapsed() < REMEMBERED).map(|(_, token)| token.clone())
    }

    fn remember(&self, digest: [u8; 32], token: &Arc<Token>) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= MOST {
            seen.retain(|_, (at, _)| at.elapsed() < REMEMBERED);
        }
        if seen.len() < MOST {
            seen.insert(digest, (Instant::now(), token.clone()));
        }
    }
}

/// A new secret: the text for its holder, and the digest that is stored.
pub fn make() -> (String, String) {
    let secret = format!("{PREFIX}{}", session::secret());
    let digest = session::digest(&secret);
    (secret, digest)
}

/// Lets a request through whose token is known and whose role may ask this, and says whom it stands for.
pub async fn require(
    State((shared, allow)): State<(Shared, Allow)>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let token = holder(&shared, request.headers()).await?;
    if !allow(token.role) {
        return Err(Problem::not_allowed(token.role));
    }
    request.extensions_mut().insert(Holder(token));
    Ok(next.run(request).await)
}

async fn holder(shared: &Shared, headers: &HeaderMap) -> Result<Arc<Token>, Problem> {
    let line = headers.get(header::AUTHORIZATION).ok_or_else(Problem::no_token)?;
    let secret = line.to_str().ok().and_then(bearer).ok_or_else(Problem::no_token)?;
    let digest: [u8; 32] = Sha256::digest(secret.as_bytes()).into();
    if let Some(token) = shared.tokens.recall(&digest) {
        return Ok(token);
    }
    let stored = shared.ledger.token(&session::digest(secret)).await?;
    let token = Arc::new(stored.ok_or_else(Problem::wrong_token)?);
    shared.tokens.remember(digest, &token);
    Ok(token)
}

/// The secret in `Bearer …`; the scheme's case does not matter (RFC 9110, section 11.1).
fn bearer(line: &str) -> Option<&str> {
    let (scheme, secret) = line.split_once(' ')?;
    let secret = secret.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !secret.is_empty()).then_some(secret)
}

/// Every role.
pub fn anyone(_: Role) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::BrandId;

    #[test]
    fn the_scheme_is_read_in_any_case() {
        assert_eq!(bearer("Bearer abc"), Some("abc"));
        assert_eq!(bearer("bearer  abc "), Some("abc"));
        for bad in ["abc", "Basic abc", "Bearer", "Bearer "] {
            assert_eq!(bearer(bad), None, "{bad}");
        }
    }

    #[test]
    fn tokens_fill_no_more_memory_than_they_may() {
        let tokens = Tokens::default();
        let token =
            Arc::new(Token { id: "1".into(), brand: BrandId(1), name: "n".into(), role: Role::Buyer });
        for n in 0..2 * MOST {
            tokens.remember(Sha256::digest(n.to_string()).into(), &token);
        }
        assert_eq!(tokens.0.lock().map(|seen| seen.len()).unwrap_or_default(), MOST);
        assert!(tokens.recall(&Sha256::digest("0").into()).is_some());
        assert!(tokens.recall(&Sha256::digest("x").into()).is_none());
    }
}
