//! How often something may be tried: failed sign-ins, returns from the public page, forms kept while
//! nobody is signed in.
//!
//! Counted in this process's memory and forgotten with it. Bounded: when too many keys are counted at
//! once, the ones that have waited longest make room.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// So many tries within so long a time, for each key.
#[derive(Debug)]
pub struct Throttle {
    most: u32,
    within: Duration,
    keys: usize,
    counted: Mutex<HashMap<String, Window>>,
}

#[derive(Debug)]
struct Window {
    begun: Instant,
    tries: u32,
}

impl Throttle {
    /// At most `most` tries of one key within a time; `keys` are remembered at once.
    pub fn new(most: u32, within: Duration, keys: usize) -> Throttle {
        Throttle { most, within, keys: keys.max(1), counted: Mutex::default() }
    }

    /// Whether the key may try now.
    ///
    /// # Errors
    /// The seconds to wait.
    pub fn check(&self, key: &str) -> Result<(), u64> {
        let counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        match counted.get(key) {
            Some(window) if window.tries >= self.most && window.begun.elapsed() < self.within => {
                Err((self.within - window.begun.elapsed()).as_secs().max(1))
            }
            _ => Ok(()),
        }
    }

    /// Counts a try.
    pub fn count(&self, key: &str) {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.len() >= self.keys && !counted.contains_key(key) {
            counted.retain(|_, window| window.begun.elapsed() < self.within);
            if counted.len() >= self.keys {
                let oldest = counted.iter().min_by_key(|(_, w)| w.begun).map(|(key, _)| key.clone());
                oldest.map(|key| counted.remove(&key));
            }
        }
        let window = counted.entry(key.into()).or_insert(Window { begun: Instant::now(), tries: 0 });
        if window.begun.elapsed() >= self.within {
            *window = Window { begun: Instant::now(), tries: 0 };
        }
        window.tries = window.tries.saturating_add(1);
    }

    /// Counts a try that may go ahead.
    ///
    /// # Errors
    /// The seconds to wait; it is not counted then.
    pub fn take(&self, key: &str) -> Result<(), u64> {
        self.check(key)?;
        self.count(key);
        Ok(())
    }

    /// Forgets a key: it has shown that it may.
    pub fn forgive(&self, key: &str) {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(600);

    #[test]
    fn the_try_after_the_last_has_to_wait() {
        let throttle = Throttle::new(2, LONG, 10);
        assert!(throttle.take("a").is_ok() && throttle.take("a").is_ok());
        assert!(throttle.take("a").is_err_and(|seconds| (1..=600).contains(&seconds)));
        assert!(throttle.check("b").is_ok(), "each key by itself");
        throttle.forgive("a");
        assert!(throttle.check("a").is_ok());
    }

    #[test]
    fn a_window_ends() {
        let throttle = Throttle::new(1, Duration::ZERO, 10);
        assert!(throttle.take("a").is_ok() && throttle.take("a").is_ok());
    }

    #[test]
    fn memory_is_bounded_whoever_tries() {
        let throttle = Throttle::new(1, LONG, 3);
        for n in 0..100 {
            throttle.count(&n.to_string());
        }
        assert_eq!(throttle.counted.lock().map(|c| c.len()).unwrap_or_default(), 3);
        assert!(throttle.check("99").is_err());
    }
}
