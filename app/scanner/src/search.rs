//! The order of the work: likely places and cheap looks first, until the caller's time is up.

use crate::areas::Areas;
use crate::line::{Bars, Line};
use crate::luma::{Grey, Luma};
use crate::regions::{Region, clip};
use crate::symbology::{self, LineRead};
use crate::vote::Votes;
use crate::{Effort, Options, Symbol};

/// Longer sides are averaged down to this before anything is looked for, in pixels.
const LONGEST: usize = 2000;
/// Pictures up to this longer side are also looked at doubled.
const SMALL: usize = 800;

/// Looks until everything was tried or the time is up.
pub(crate) fn search(frame: &Luma<'_>, options: &Options<'_>) -> Vec<Symbol> {
    let mut search = Search {
        options,
        votes: Votes::default(),
        areas: Areas::default(),
        profile: Vec::new(),
        bars: Bars::default(),
    };
    search.run(frame);
    search.finish()
}

struct Search<'a> {
    options: &'a Options<'a>,
    votes: Votes,
    areas: Areas,
    profile: Vec<f32>,
    bars: Bars,
}

impl Search<'_> {
    fn go_on(&self) -> bool {
        (self.options.go_on)()
    }

    fn found(&self) -> bool {
        !self.areas.symbols().is_empty() || !self.votes.symbols().is_empty()
    }

    fn run(&mut self, frame: &Luma<'_>) {
        let photo = self.options.effort == Effort::Photo;
        let full = Grey::of(frame, LONGEST);
        let half = full.halved();
        self.regions(&full);
        self.areas.look(&full, photo, self.options.go_on);
        if let Some(half) = &half {
            if photo || !self.found() {
                self.regions(half);
            }
            self.areas.look(half, photo, self.options.go_on);
        }
        if self.votes.symbols().is_empty() && (photo || !self.found()) {
            self.sweep(&full, photo);
        }
        if photo && !self.found() {
            self.last_resorts(&full, half.as_ref());
        }
    }

    /// Other sizes, and light on dark: worth it only where there is one picture and nothing was read.
    fn last_resorts(&mut self, full: &Grey, half: Option<&Grey>) {
        if let Some(half) = half {
            self.sweep(half, true);
            if let Some(quarter) = half.halved() {
                self.areas.look(&quarter, true, self.options.go_on);
            }
        }
        if full.width.max(full.height) <= SMALL {
            let doubled = full.doubled();
            self.regions(&doubled);
            self.areas.look(&doubled, true, self.options.go_on);
        }
        if !self.found() {
            let inverted = full.inverted();
            self.regions(&inverted);
            self.areas.look(&inverted, true, self.options.go_on);
        }
    }

    /// Reads along lines across every region that may be bars.
    fn regions(&mut self, grey: &Grey) {
        for region in Region::find(grey) {
            if !self.go_on() {
                return;
            }
            for way in 0..region.ways() {
                let mut any = false;
                for line in region.lines(grey, way, 40) {
                    any |= self.line(grey, &line);
                }
                if any {
                    break;
                }
            }
        }
    }

    /// Reads along lines laid over the whole picture, for bars that no region told of.
    fn sweep(&mut self, grey: &Grey, thorough: bool) {
        let (width, height) = (grey.width as f32, grey.height as f32);
        let angles: &[f32] = if thorough {
            &[0.0, 90.0, 15.0, 30.0, 45.0, 60.0, 75.0, 105.0, 120.0, 135.0, 150.0, 165.0]
        } else {
            &[0.0, 90.0]
        };
        let reach = width.hypot(height) / 2.0;
        for &angle in angles {
            if !self.go_on() {
                return;
            }
            let (sin, cos) = angle.to_radians().sin_cos();
            let count = if angle % 90.0 == 0.0 { 64 } else { 40 };
            for k in 0..count {
                let aside = ((k as f32 + 0.5) / count as f32 - 0.5)
                    * 2.0
                    * (height / 2.0 * cos.abs() + width / 2.0 * sin.abs());
                let end = |along: f32| {
                    (width / 2.0 + cos * along - sin * aside, height / 2.0 + sin * along + cos * aside)
                };
                if let Some((from, to)) = clip(end(-reach), end(reach), grey) {
                    self.line(grey, &Line { from, to, spread: 1 });
                }
            }
        }
    }

    /// Reads along one line; where that gives nothing, again with its blur undone a little.
    /// Whether anything was read.
    fn line(&mut self, grey: &Grey, line: &Line) -> bool {
        line.profile(grey, &mut self.profile);
        self.bars(grey, line) || {
            sharpen(&mut self.profile);
            self.bars(grey, line)
        }
    }

    /// Reads the bars of the profile in both directions; whether anything was read.
    fn bars(&mut self, grey: &Grey, line: &Line) -> bool {
        Bars::find(&self.profile, &mut self.bars);
        let mut reads: Vec<LineRead> = Vec::new();
        let mut any = false;
        for _ in 0..2 {
            for symbology in symbology::ALL {
                symbology.on_line(&self.bars, &mut reads);
            }
            any |= !reads.is_empty();
            for read in reads.drain(..) {
                self.votes.add(read, line, &self.bars, grey);
            }
            self.bars.reverse();
        }
        any
    }

    fn finish(self) -> Vec<Symbol> {
        let mut symbols = self.areas.symbols().to_vec();
        symbols.extend(self.votes.symbols());
        symbols
    }
}

/// Unsharp masking: what differs from the mean of its surroundings differs more.
fn sharpen(profile: &mut [f32]) {
    let blurred: Vec<f32> = (0..profile.len())
        .map(|i| {
            let around = &profile[i.saturating_sub(2)..(i + 3).min(profile.len())];
            around.iter().sum::<f32>() / around.len() as f32
        })
        .collect();
    for (value, mean) in profile.iter_mut().zip(blurred) {
        *value += 1.5 * (*value - mean);
    }
}
