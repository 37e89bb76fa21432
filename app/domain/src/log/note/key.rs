//! Ed25519 keys with a name, and how they are written.

use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::error::NoteError;

/// The signature type of Ed25519 in a note.
const ED25519: u8 = 0x01;

/// The key that signs a log's checkpoints. Its text form holds the secret.
#[derive(Clone)]
pub struct SigningKey {
    name: String,
    secret: ed25519_dalek::SigningKey,
}

impl SigningKey {
    /// A key from 32 random bytes, which the caller draws.
    ///
    /// # Errors
    /// When the name is empty or holds white space or `+`.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<SigningKey, NoteError> {
        if !is_name(name) {
            return Err(NoteError::KeyName);
        }
        Ok(SigningKey { name: name.to_owned(), secret: ed25519_dalek::SigningKey::from_bytes(seed) })
    }

    /// The name, for a log's key the origin of its checkpoints.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The public half, to be given to those who check.
    pub fn verifier(&self) -> VerifierKey {
        VerifierKey { name: self.name.clone(), public: self.secret.verifying_key() }
    }

    /// The secret in writing: `PRIVATE+KEY+name+id+base64`. Keep it where only the server reads.
    pub fn to_secret_text(&self) -> String {
        format!(
            "PRIVATE+KEY+{}+{}+{}",
            self.name,
            hex_id(self.verifier().id()),
            encode(self.secret.as_bytes())
        )
    }

    pub(super) fn secret(&self) -> &ed25519_dalek::SigningKey {
        &self.secret
    }
}

impl std::fmt::Debug for SigningKey {
    /// The name only: a secret does not belong in a log line.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({})", self.name)
    }
}

impl FromStr for SigningKey {
    type Err = NoteError;

    /// Reads [`SigningKey::to_secret_text`].
    fn from_str(text: &str) -> Result<SigningKey, NoteError> {
        let (name, id, seed) = decode(text.trim().strip_prefix("PRIVATE+KEY+").ok_or(NoteError::Key)?)?;
        let key = SigningKey::from_seed(name, &seed)?;
        if key.verifier().id() == id { Ok(key) } else { Err(NoteError::Key) }
    }
}

/// The public key that checks a log's checkpoints. It must reach the one who checks by another way than
/// the checkpoints do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VerifierKey {
    name: String,
    public: ed25519_dalek::VerifyingKey,
}

impl VerifierKey {
    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id: the first four bytes of SHA-256(name, line feed, signature type, public key).
    pub fn id(&self) -> [u8; 4] {
        let hash = Sha256::new()
            .chain_update(self.name.as_bytes())
            .chain_update([b'\n', ED25519])
            .chain_update(self.public.as_bytes())
            .finalize();
        [hash[0], hash[1], hash[2], hash[3]]
    }

    pub(super) fn public(&self) -> &ed25519_dalek::VerifyingKey {
        &self.public
    }
}

impl std::fmt::Display for VerifierKey {
    /// `name+id+base64`, as the C2SP signed-note text has it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}+{}+{}", self.name, hex_id(self.id()), encode(self.public.as_bytes()))
    }
}

impl FromStr for VerifierKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<VerifierKey, NoteError> {
        let (name, id, bytes) = decode(text.trim())?;
        let public = ed25519_dalek::VerifyingKey::from_bytes(&bytes).map_err(|_| NoteError::Key)?;
        let key = VerifierKey { name: name.to_owned(), public };
        if key.id() == id { Ok(key) } else { Err(NoteError::Key) }
    }
}

/// Key names are not empty and hold neither white space nor `+`, which separates them from the rest.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+')
}

fn encode(key: &[u8; 32]) -> String {
    let mut bytes = vec![ED25519];
    bytes.extend_from_slice(key);
    STANDARD.encode(bytes)
}

fn hex_id(id: [u8; 4]) -> String {
    format!("{:08x}", u32::from_be_bytes(id))
}

/// Takes `name+id+base64` apart. The base64 may itself hold `+`.
fn decode(text: &str) -> Result<(&str, [u8; 4], [u8; 32]), NoteError> {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(base64)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(NoteError::Key);
    };
    if !is_name(name) {
        return Err(NoteError::KeyName);
    }
    if id.len() != 8 || !id.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(NoteError::Key);
    }
    let id = u32::from_str_radix(id, 16).map_err(|_| NoteError::Key)?.to_be_bytes();
    let bytes = STANDARD.decode(base64).map_err(|_| NoteError::Key)?;
    match bytes.split_first() {
        Some((&ED25519, key)) => Ok((name, id, key.try_into().map_err(|_| NoteError::Key)?)),
        _ => Err(NoteError::Key),
    }
}
