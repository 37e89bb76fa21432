//! Why a note was refused.

use crate::text::{Said, Text, text};

/// Why a note, checkpoint or key was refused.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum NoteError {
    /// The text does not end with a line feed or holds control characters.
    Text,
    /// No blank line with signatures after it.
    NoSignatures,
    /// More than 100 signature lines.
    TooManySignatures,
    /// A signature line that cannot be read.
    SignatureLine {
        /// Its number in the note, from 1.
        line: usize,
    },
    /// A known key's signature does not fit the text: one of the two was altered.
    SignatureDiffers {
        /// The key's name.
        name: String,
    },
    /// None of the known keys signed.
    NoKnownSignature,
    /// A line of a checkpoint is missing or malformed.
    CheckpointLine {
        /// Its number, from 1.
        line: usize,
    },
    /// The checkpoint is that of another log than the key is for.
    OtherOrigin {
        /// The checkpoint's origin.
        origin: String,
    },
    /// A key's text cannot be read, or its id does not belong to it.
    Key,
    /// A key name is empty or holds white space or `+`.
    KeyName,
}

impl NoteError {
    /// The error in words.
    pub fn said(&self) -> Said {
        const TEXT: Text = text(
            "The note's text must end with a line feed and hold no control characters.",
            "签名文本必须以换行结束，且不含控制字符。",
        );
        const NO_SIGNATURES: Text = text(
            "The note has no signatures after a blank line. Copy it whole, with its last line feed.",
            "文本空行之后没有签名。请完整复制，包括最后的换行。",
        );
        const TOO_MANY: Text = text("The note has more than 100 signatures.", "签名超过 100 个。");
        const LINE: Text = text(
            "Line {line} is not a signature. Copy the note whole, with its last line feed.",
            "第 {line} 行不是签名。请完整复制，包括最后的换行。",
        );
        const DIFFERS: Text = text(
            "The signature of {name} does not fit the text: one of them was altered. Do not trust it; fetch it again.",
            "{name} 的签名与文本不符：其中之一已被更改。请勿采信，并重新获取。",
        );
        const UNKNOWN: Text = text(
            "None of the known keys signed this. Check that the verifier key is that of this log.",
            "没有已知密钥的签名。请确认验证密钥属于该账本。",
        );
        const CHECKPOINT: Text = text(
            "Line {line} of the checkpoint is not as it must be: origin, size and base64 root, each on a line.",
            "检查点第 {line} 行有误：应依次为来源、条目数和 base64 根，各占一行。",
        );
        const ORIGIN: Text = text(
            "The checkpoint is that of {origin}, another log than the key is for.",
            "该检查点属于 {origin}，与密钥对应的账本不同。",
        );
        const KEY: Text = text(
            "This is not a key, or it was cut short: name+id+base64 is needed. Copy it whole.",
            "这不是密钥或不完整：应为 名称+编号+base64。请完整复制。",
        );
        const NAME: Text = text(
            "A key name must not be empty or hold spaces or a plus sign.",
            "密钥名称不能为空，也不能含空格或加号。",
        );
        match self {
            NoteError::Text => TEXT.said(),
            NoteError::NoSignatures => NO_SIGNATURES.said(),
            NoteError::TooManySignatures => TOO_MANY.said(),
            NoteError::SignatureLine { line } => LINE.with(&[("line", &line.to_string())]),
            NoteError::SignatureDiffers { name } => DIFFERS.with(&[("name", name)]),
            NoteError::NoKnownSignature => UNKNOWN.said(),
            NoteError::CheckpointLine { line } => CHECKPOINT.with(&[("line", &line.to_string())]),
            NoteError::OtherOrigin { origin } => ORIGIN.with(&[("origin", origin)]),
            NoteError::Key => KEY.said(),
            NoteError::KeyName => NAME.said(),
        }
    }
}

impl std::fmt::Display for NoteError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.said().fmt(f)
    }
}

impl std::error::Error for NoteError {}
