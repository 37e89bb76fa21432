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

/// So many tries within so long a time, for each key; several such limits hold together.
#[derive(Debug)]
pub struct Throttle {
    limits: &'static [Limit],
    keys: usize,
    counted: Mutex<HashMap<String, Counted>>,
}

/// At most so many tries within a time.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// How many.
    pub most: u32,
    /// Within how long.
    pub within: Duration,
}

/// The present window of each limit, in the order of the limits.
type Counted = Vec<Window>;

#[derive(Debug)]
struct Window {
    begun: Instant,
    tries: u32,
}

impl Throttle {
    /// One that remembers so many keys at once.
    pub fn new(limits: &'static [Limit], keys: usize) -> Throttle {
        Throttle { limits, keys: keys.max(1), counted: Mutex::default() }
    }

    /// Whether the key may try now.
    ///
    /// # Errors
    /// The seconds to wait.
    pub fn check(&self, key: &str) -> Result<(), u64> {
        let counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(windows) = counted.get(key) else { return Ok(()) };
        let spent = |(limit, window): (&Limit, &Window)| {
            let left = limit.within.saturating_sub(window.begun.elapsed());
            (window.tries >= limit.most && !left.is_zero()).then(|| left.as_secs().max(1))
        };
        match self.limits.iter().zip(windows).filter_map(spent).max() {
            Some(seconds) => Err(seconds),
            None => Ok(()),
        }
    }

    /// Counts a try.
    pub fn count(&self, key: &str) {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.len() >= self.keys && !counted.contains_key(key) {
            counted.retain(|_, windows| self.limits.iter().zip(windows).any(|(l, w)| !w.is_over(l)));
            if counted.len() >= self.keys {
                let begun = |windows: &Counted| windows.iter().map(|w| w.begun).max();
                let oldest = counted.iter().min_by_key(|(_, w)| begun(w)).map(|(key, _)| key.clone());
                oldest.map(|key| counted.remove(&key));
            }
        }
        let fresh = || self.limits.iter().map(|_| Window { begun: Instant::now(), tries: 0 }).collect();
        let windows = counted.entry(key.into()).or_insert_with(fresh);
        for (limit, window) in self.limits.iter().zip(windows) {
            if window.is_over(limit) {
                *window = Window { begun: Instant::now(), tries: 0 };
            }
            window.tries = window.tries.saturating_add(1);
        }
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

impl Window {
    fn is_over(&self, limit: &Limit) -> bool {
        self.begun.elapsed() >= limit.within
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(600);
    const TWO: &[Limit] = &[Limit { most: 2, within: LONG }];

    #[test]
    fn the_try_after_the_last_has_to_wait() {
        let throttle = Throttle::new(TWO, 10);
        assert!(throttle.take("a").is_ok() && throttle.take("a").is_ok());
        assert!(throttle.take("a").is_err_and(|seconds| (1..=600).contains(&seconds)));
        assert!(throttle.check("b").is_ok(), "each key by itself");
        throttle.forgive("a");
        assert!(throttle.check("a").is_ok());
    }

    #[test]
    fn a_window_ends() {
        const OVER: &[Limit] = &[Limit { most: 1, within: Duration::ZERO }];
        let throttle = Throttle::new(OVER, 10);
        assert!(throttle.take("a").is_ok() && throttle.take("a").is_ok());
    }

    #[test]
    fn every_limit_holds_for_itself() {
        const SLOWLY: &[Limit] =
            &[Limit { most: 1, within: Duration::ZERO }, Limit { most: 3, within: LONG }];
        let throttle = Throttle::new(SLOWLY, 10);
        for _ in 0..3 {
            assert!(throttle.take("a").is_ok());
        }
        assert!(throttle.take("a").is_err_and(|seconds| seconds > 60), "the longer one is spent");
    }

    #[test]
    fn memory_is_bounded_whoever_tries() {
        const ONE: &[Limit] = &[Limit { most: 1, within: LONG }];
        let throttle = Throttle::new(ONE, 3);
        for n in 0..100 {
            throttle.count(&n.to_string());
        }
        assert_eq!(throttle.counted.lock().map(|c| c.len()).unwrap_or_default(), 3);
        assert!(throttle.check("99").is_err());
    }
}
