//! Checkpoints as signed notes (C2SP signed-note and tlog-checkpoint).
//!
//! A note is text, a blank line, and a line for each signature: `— name base64(key id ‖ signature)`.
//! Signatures of keys that are not known are passed over, so that witnesses can be added later; a
//! signature of a known key that does not verify refuses the whole note.

use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer;

use super::hash::Hash;

mod error;
mod key;

pub use error::NoteError;
pub use key::{SigningKey, VerifierKey};

/// The most signature lines a note may carry; more would only cost the reader time.
const MOST_SIGNATURES: usize = 100;

/// The state of a log at one size, as it is signed and handed out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checkpoint {
    /// The log's name, the same as that of the key which signs it. One log per brand.
    pub origin: String,
    /// The number of entries.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
}

impl Checkpoint {
    /// The text that is signed: origin, size and base64 root, each on a line.
    pub fn to_text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root.to_base64())
    }

    /// Reads [`Checkpoint::to_text`]. Extension lines after the third are allowed and passed over.
    ///
    /// # Errors
    /// When a line is missing or not what it should be.
    pub fn from_text(text: &str) -> Result<Checkpoint, NoteError> {
        let mut lines = text.split_inclusive('\n').map(|line| line.strip_suffix('\n'));
        let mut line = |number| lines.next().flatten().ok_or(NoteError::CheckpointLine { line: number });
        let (origin, size, root) = (line(1)?, line(2)?, line(3)?);
        if origin.is_empty() {
            return Err(NoteError::CheckpointLine { line: 1 });
        }
        // One spelling per number: no sign, no zero in front.
        let read: u64 = size.parse().map_err(|_| NoteError::CheckpointLine { line: 2 })?;
        if read.to_string() != size {
            return Err(NoteError::CheckpointLine { line: 2 });
        }
        let root = Hash::from_base64(root).map_err(|_| NoteError::CheckpointLine { line: 3 })?;
        if lines.any(|extension| extension.is_none_or(str::is_empty)) {
            return Err(NoteError::CheckpointLine { line: 4 });
        }
        Ok(Checkpoint { origin: origin.to_owned(), size: read, root })
    }

    /// Signs the checkpoint with the log's key.
    ///
    /// # Errors
    /// When the key's name is not the origin.
    pub fn sign(&self, key: &SigningKey) -> Result<SignedNote, NoteError> {
        if self.origin != key.name() {
            return Err(NoteError::OtherOrigin { origin: self.origin.clone() });
        }
        SignedNote::sign(&self.to_text(), key)
    }

    /// Opens a signed checkpoint: at least one known key must have signed it, and one of those that did
    /// must bear the origin's name.
    ///
    /// # Errors
    /// When the note is malformed, altered, not signed by a known key, or signed for another log.
    pub fn open(note: &str, known: &[VerifierKey]) -> Result<Checkpoint, NoteError> {
        let note: SignedNote = note.parse()?;
        let signers = note.verify(known)?;
        let checkpoint = Checkpoint::from_text(note.text())?;
        if signers.iter().any(|key| key.name() == checkpoint.origin) {
            Ok(checkpoint)
        } else {
            Err(NoteError::OtherOrigin { origin: checkpoint.origin })
        }
    }
}

/// A text with signatures.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedNote {
    text: String,
    signatures: Vec<Signature>,
}

/// One signature line of a note, not yet checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signature {
    /// The name of the key.
    pub name: String,
    /// The key's id, by which one of several keys of a name is found.
    pub key_id: [u8; 4],
    /// The signature itself; 64 bytes for Ed25519.
    pub bytes: Vec<u8>,
}

impl SignedNote {
    /// Signs a text, which must end with a line feed and hold no other control characters.
    ///
    /// # Errors
    /// When the text does not.
    pub fn sign(text: &str, key: &SigningKey) -> Result<SignedNote, NoteError> {
        check_text(text)?;
        let mut note = SignedNote { text: text.to_owned(), signatures: Vec::new() };
        note.cosign(key);
        Ok(note)
    }

    /// Adds a signature, as a witness does.
    pub fn cosign(&mut self, key: &SigningKey) {
        let verifier = key.verifier();
        let bytes = key.secret().sign(self.text.as_bytes()).to_bytes().to_vec();
        self.signatures.push(Signature { name: verifier.name().to_owned(), key_id: verifier.id(), bytes });
    }

    /// The text. Trust it only after [`SignedNote::verify`].
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// The known keys that signed this text; never none.
    ///
    /// # Errors
    /// When a known key's signature does not verify, or no known key signed.
    pub fn verify<'k>(&self, known: &'k [VerifierKey]) -> Result<Vec<&'k VerifierKey>, NoteError> {
        let mut signers: Vec<&VerifierKey> = Vec::new();
        for signature in &self.signatures {
            let Some(key) =
                known.iter().find(|key| key.name() == signature.name && key.id() == signature.key_id)
            else {
                continue;
            };
            let bytes = ed25519_dalek::Signature::from_slice(&signature.bytes);
            let holds =
                bytes.is_ok_and(|bytes| key.public().verify_strict(self.text.as_bytes(), &bytes).is_ok());
            if !holds {
                return Err(NoteError::SignatureDiffers { name: signature.name.clone() });
            }
            if !signers.contains(&key) {
                signers.push(key);
            }
        }
        if signers.is_empty() { Err(NoteError::NoKnownSignature) } else { Ok(signers) }
    }
}

impl std::fmt::Display for SignedNote {
    /// The note as it is stored and sent.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}", self.text)?;
        for signature in &self.signatures {
            let mut bytes = signature.key_id.to_vec();
            bytes.extend_from_slice(&signature.bytes);
            writeln!(f, "\u{2014} {} {}", signature.name, STANDARD.encode(bytes))?;
        }
        Ok(())
    }
}

impl FromStr for SignedNote {
    type Err = NoteError;

    fn from_str(note: &str) -> Result<SignedNote, NoteError> {
        // The text may hold blank lines itself, so the last one counts.
        let blank = note.rfind("\n\n").ok_or(NoteError::NoSignatures)?;
        let (text, lines) = (&note[..=blank], &note[blank + 2..]);
        check_text(text)?;
        if lines.is_empty() {
            return Err(NoteError::NoSignatures);
        }
        let first = text.matches('\n').count() + 2;
        let signatures = lines
            .split_inclusive('\n')
            .enumerate()
            .map(|(index, line)| {
                if index >= MOST_SIGNATURES {
                    return Err(NoteError::TooManySignatures);
                }
                read_signature(line).ok_or(NoteError::SignatureLine { line: first + index })
            })
            .collect::<Result<Vec<_>, _>>()?;
        Ok(SignedNote { text: text.to_owned(), signatures })
    }
}

fn read_signature(line: &str) -> Option<Signature> {
    let (name, base64) = line.strip_suffix('\n')?.strip_prefix("\u{2014} ")?.split_once(' ')?;
    let bytes = STANDARD.decode(base64).ok()?;
    let (key_id, bytes) = bytes.split_first_chunk::<4>()?;
    if !key::is_name(name) || bytes.is_empty() {
        return None;
    }
    Some(Signature { name: name.to_owned(), key_id: *key_id, bytes: bytes.to_vec() })
}

fn check_text(text: &str) -> Result<(), NoteError> {
    if text.ends_with('\n') && text.bytes().all(|byte| byte >= 0x20 || byte == b'\n') {
        Ok(())
    } else {
        Err(NoteError::Text)
    }
}
