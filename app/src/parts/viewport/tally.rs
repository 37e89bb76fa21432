//! What is measured while frames are looked at.

use crate::browser::worker::{Looked, Seen};

/// What was measured since the camera started.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Tally {
    /// Frames looked at.
    pub frames: u32,
    /// Frames looked at in a second, of late.
    pub per_second: f64,
    /// Milliseconds that looking at the last frame took.
    pub took: f64,
    /// Milliseconds in the middle of the last frames.
    pub median: f64,
    /// The frame's size in pixels.
    pub size: (u32, u32),
    /// How its pixels came to the scanner; see [`Looked::way`].
    pub way: String,
    /// The symbols in the last frame that had any.
    pub symbols: Vec<Seen>,
    /// For each symbology: frames in which it was read, and milliseconds they took together.
    pub by_symbology: Vec<(String, u32, f64)>,
    times: Vec<(f64, f64)>,
}

impl Tally {
    /// As many frames as medians and rates are taken from.
    const LATE: usize = 30;

    pub(super) fn add(&mut self, looked: &Looked, size: (u32, u32), at: f64) {
        self.frames += 1;
        self.size = size;
        self.took = looked.took;
        self.way.clone_from(&looked.way);
        self.times.push((at, looked.took));
        if self.times.len() > Self::LATE {
            self.times.remove(0);
        }
        let spent = at - self.times[0].0;
        if spent > 0.0 {
            self.per_second = (self.times.len() - 1) as f64 * 1000.0 / spent;
        }
        let mut took: Vec<f64> = self.times.iter().map(|(_, took)| *took).collect();
        took.sort_by(f64::total_cmp);
        self.median = took[took.len() / 2];
        if looked.symbols.is_empty() {
            return;
        }
        self.symbols = looked.symbols.clone();
        let mut told: Vec<&str> = looked.symbols.iter().map(|seen| seen.symbology.as_str()).collect();
        told.sort_unstable();
        told.dedup();
        for symbology in told {
            match self.by_symbology.iter_mut().find(|(name, ..)| name == symbology) {
                Some((_, frames, took)) => {
                    *frames += 1;
                    *took += looked.took;
                }
                None => self.by_symbology.push((symbology.to_owned(), 1, looked.took)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tally_tells_rate_median_and_what_was_read() {
        let mut tally = Tally::default();
        let seen = Seen {
            symbology: "EAN13".into(),
            identifier: "]E0".into(),
            text: "9506000134352".into(),
            corners: [(0.0, 0.0); 4],
        };
        for frame in 0..100 {
            let symbols = if frame % 2 == 0 { vec![seen.clone(), seen.clone()] } else { vec![] };
            let took = if frame == 99 { 500.0 } else { 10.0 };
            tally.add(
                &Looked { symbols, black: false, took, way: "plane".into() },
                (640, 480),
                f64::from(frame) * 50.0,
            );
        }
        assert_eq!((tally.frames, tally.median, tally.took), (100, 10.0, 500.0));
        assert!((tally.per_second - 20.0).abs() < 0.01);
        assert_eq!(tally.by_symbology, [("EAN13".to_string(), 50, 500.0)], "a frame counts once");
        assert_eq!(tally.symbols.len(), 2, "a frame without a code takes nothing back");
    }
}
