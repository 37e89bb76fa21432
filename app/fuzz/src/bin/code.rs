//! Any bytes as what a symbol says, in every symbology that has rules of its own.
#![no_main]

use domain::code::read_at;
use fuzz::Bytes;

const IDENTIFIERS: [Option<&str>; 9] = [
    None,
    Some("]C0"),
    Some("]C1"),
    Some("]d2"),
    Some("]Q1"),
    Some("]Q3"),
    Some("]E0"),
    Some("]E4"),
    Some("]I1"),
];

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let mut bytes = Bytes(data);
    let identifier = IDENTIFIERS[bytes.byte() % IDENTIFIERS.len()];
    match read_at(identifier, bytes.0, 2026) {
        Ok(code) => assert!(code.keys().len() <= 64),
        Err(refusal) => {
            assert!(refusal.position <= bytes.0.len(), "{} of {}", refusal.position, bytes.0.len());
            let said = refusal.said();
            assert!(!said.en.is_empty() && !said.zh.is_empty());
        }
    }
});
