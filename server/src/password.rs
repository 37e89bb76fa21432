//! Passwords: argon2id, hashed away from the threads that answer requests.

use argon2::{
    Argon2, PasswordHash, PasswordHasher, PasswordVerifier,
    password_hash::{self, SaltString},
};
use std::sync::LazyLock;
use tokio::{sync::Semaphore, task::spawn_blocking};

/// The least length, in characters. Length is what counts; no rule asks for a digit or a sign.
pub const SHORTEST: usize = 10;

/// The most bytes that are hashed: more would only cost time.
pub const LONGEST: usize = 1024;

/// Each hash takes 19 MiB for some hundredths of a second; this many at once.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

/// Verified against when there is no such name, so that the answer takes as long.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("nobody").unwrap_or_default());

/// The hash of a password as PHC text.
///
/// # Errors
/// When the system gives no memory.
pub async fn hash(password: String) -> Result<String, password_hash::Error> {
    let _turn = AT_ONCE.acquire().await;
    spawn_blocking(move || hash_now(&password)).await.unwrap_or(Err(password_hash::Error::Crypto))
}

/// Whether the password is the one with this hash. Without a hash it never is, and takes as long.
pub async fn verify(password: String, hash: Option<String>) -> bool {
    let _turn = AT_ONCE.acquire().await;
    spawn_blocking(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.clone());
        let parsed = PasswordHash::new(&hash);
        let same = parsed.is_ok_and(|h| Argon2::default().verify_password(password.as_bytes(), &h).is_ok());
        known && same
    })
    .await
    .unwrap_or(false)
}

/// A password nobody has thought of: 20 letters and digits without those that look alike.
pub fn made_up() -> String {
    const SIGNS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let random: [u8; 20] = rand::random();
    random.iter().map(|byte| char::from(SIGNS[usize::from(byte % 32)])).collect()
}

fn hash_now(password: &str) -> Result<String, password_hash::Error> {
    let salt = SaltString::encode_b64(&rand::random::<[u8; 16]>())?;
    Ok(Argon2::default().hash_password(password.as_bytes(), &salt)?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_is_right() {
        let stored = hash("correct horse".into()).await.expect("hashes");
        assert!(stored.starts_with("$argon2id$"));
        assert!(verify("correct horse".into(), Some(stored.clone())).await);
        assert!(!verify("correct horsf".into(), Some(stored)).await);
        assert!(!verify("nobody".into(), None).await, "not even the password nobody has");
        assert!(!verify("x".into(), Some("not a hash".into())).await);
    }

    #[test]
    fn made_up_passwords_are_long_enough_and_never_the_same() {
        assert!(made_up().len() >= SHORTEST);
        assert_ne!(made_up(), made_up());
    }
}
