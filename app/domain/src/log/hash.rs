//! Hashes of leaves and nodes (RFC 9162, section 2.1.1).

use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};

use crate::text::{Said, text};

/// A SHA-256 hash: of a leaf, of a node, or the root of a tree. JSON carries it as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(
    /// The 32 bytes.
    pub [u8; 32],
);

impl Hash {
    /// The bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A hash from stored bytes.
    ///
    /// # Errors
    /// When there are not 32 of them.
    pub fn from_bytes(bytes: &[u8]) -> Result<Hash, HashError> {
        bytes.try_into().map(Hash).map_err(|_| HashError)
    }

    /// 64 lower-case hexadecimal digits.
    pub fn to_hex(self) -> String {
        use std::fmt::Write;
        self.0.iter().fold(String::with_capacity(64), |mut out, byte| {
            // Writing to a string cannot fail.
            let _ = write!(out, "{byte:02x}");
            out
        })
    }

    /// Standard base64 with padding, as checkpoints carry it.
    pub fn to_base64(self) -> String {
        STANDARD.encode(self.0)
    }

    /// Reads [`Hash::to_base64`].
    ///
    /// # Errors
    /// When the text is not the base64 of 32 bytes.
    pub fn from_base64(text: &str) -> Result<Hash, HashError> {
        Hash::from_bytes(&STANDARD.decode(text).map_err(|_| HashError)?)
    }
}

/// A text or a sequence of bytes that is no SHA-256 hash.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HashError;

impl HashError {
    /// The error in words.
    pub fn said(&self) -> Said {
        text(
            "This is not a SHA-256 hash: 64 hexadecimal digits (32 bytes) are needed.",
            "这不是 SHA-256 哈希：需要 64 位十六进制数字（32 字节）。",
        )
        .said()
    }
}

impl std::fmt::Display for HashError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.said().fmt(f)
    }
}

impl std::error::Error for HashError {}

impl std::fmt::Display for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_hex())
    }
}

impl std::fmt::Debug for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl FromStr for Hash {
    type Err = HashError;

    /// Reads 64 hexadecimal digits of either case.
    fn from_str(text: &str) -> Result<Hash, HashError> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(HashError);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let mut value = 0;
            for &digit in pair {
                value = value * 16 + char::from(digit).to_digit(16).ok_or(HashError)? as u8;
            }
            *byte = value;
        }
        Ok(Hash(bytes))
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_hex())
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Hash, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// The hash of a leaf: SHA-256 of 0x00 and the entry's bytes.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update([0]).chain_update(entry).finalize().into())
}

/// The hash of an inner node: SHA-256 of 0x01 and both children.
///
/// The leading byte keeps a leaf from being passed off as a node.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    node_hash_of(&left.0, &right.0)
}

fn node_hash_of(left: &[u8], right: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into())
}

/// The root of a tree without leaves: SHA-256 of nothing.
pub fn empty_root() -> Hash {
    Hash(Sha256::digest([]).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_and_nodes_hash_as_the_rfc_says() {
        // The values every implementation of RFC 6962 tests itself with.
        let hex = |hash: Hash| hash.to_hex();
        assert_eq!(hex(empty_root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(
            hex(leaf_hash(b"L123456")),
            "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
        );
        let node = node_hash_of(b"N123", b"N456");
        assert_eq!(hex(node), "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb");
    }

    #[test]
    fn a_hash_is_written_and_read_in_hex_and_base64() {
        let hash = leaf_hash(b"entry");
        assert_eq!(hash.to_hex().parse(), Ok(hash));
        assert_eq!(hash.to_hex().to_uppercase().parse(), Ok(hash));
        assert_eq!(Hash::from_base64(&hash.to_base64()), Ok(hash));
        let json = serde_json::to_string(&hash).expect("JSON");
        assert_eq!(serde_json::from_str::<Hash>(&json).expect("hash"), hash);
        for bad in ["", "00", &"g".repeat(64), &"é".repeat(32), &"+f".repeat(32)] {
            assert_eq!(bad.parse::<Hash>(), Err(HashError), "{bad}");
        }
    }
}
