//! The clock of this machine, and ids that carry its time.

use domain::time::Time;
use std::time::{SystemTime, UNIX_EPOCH};
use uuid::Uuid;

/// Now.
pub fn now() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// A fresh id (UUIDv7).
pub fn new_id() -> Uuid {
    let millis = u64::try_from(now().0).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &rand::random()).into_uuid()
}

/// When an id was made, for a UUIDv7.
pub fn made(id: Uuid) -> Option<Time> {
    let bytes = id.as_bytes();
    let millis = bytes.iter().take(6).fold(0i64, |sum, byte| sum << 8 | i64::from(*byte));
    (id.get_version_num() == 7).then_some(Time(millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_when_it_was_made() {
        let before = now();
        let made = made(new_id()).expect("is version 7");
        assert!(before <= made && made <= now());
        assert_eq!(super::made(Uuid::nil()), None);
    }
}
