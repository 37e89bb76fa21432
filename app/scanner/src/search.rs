//! The order of the work: likely places and cheap looks first, until the caller's time is up.

use crate::areas::Areas;
use crate::line::{Bars, Line};
use crate::luma::{Grey, Luma};
use crate::regions::{Map, Region};
use crate::symbology::{self, LineRead};
use crate::vote::Votes;
use crate::{Effort, Options, Symbol};

/// Longer sides are averaged down to this before anything is looked for, in pixels.
const LONGEST: usize = 2000;
/// Pictures up to this longer side are also looked at doubled.
const SMALL: usize = 800;
/// Pictures down to this shorter side tell where bars may be, in pixels.
const COARSEST: usize = 64;
/// Lines across a region lie at least this far apart, in pixels of the picture.
const PITCH: f32 = 5.0;
/// Lines across a region, at most.
const MOST_LINES: usize = 32;
/// Elements of the shortest symbol that is read, an Interleaved 2 of 5 of six digits, less those that
/// blur may hide.
const FEWEST_BARS: usize = 24;

/// Looks until everything was tried or the time is up.
pub(crate) fn search(frame: &Luma<'_>, options: &Options<'_>) -> Vec<Symbol> {
    let mut search = Search {
        options,
        votes: Votes::default(),
        areas: Areas::default(),
        map: Map::default(),
        regions: Vec::new(),
        lines: Lines::default(),
    };
    search.run(frame);
    search.finish()
}

struct Search<'a> {
    options: &'a Options<'a>,
    areas: Areas,
    votes: Votes,
    map: Map,
    regions: Vec<Region>,
    lines: Lines,
}

/// What one line is read with.
#[derive(Default)]
struct Lines {
    profile: Vec<f32>,
    smooth: Vec<f32>,
    bars: Bars,
    reads: Vec<LineRead>,
}

/// What came of a line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Look {
    /// Not looked at.
    Not,
    /// Too few bars for any symbol.
    Plain,
    /// Bars, but nothing read.
    Barred,
    /// Something was read.
    Read,
    /// Something was read, and enough lines agree on it.
    Believed,
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
        let mapped = half.as_ref().filter(|_| full.width.max(full.height) > SMALL).unwrap_or(&full);
        self.bars(&full, half.as_ref(), mapped, photo);
        let mut coarser = mapped.halved();
        while let Some(coarse) = coarser.filter(|coarse| photo && coarse.width.min(coarse.height) >= COARSEST)
        {
            self.bars(&full, half.as_ref(), &coarse, photo);
            coarser = coarse.halved();
        }
        self.areas.look(&full, photo, self.options.go_on);
        if let Some(half) = &half {
            self.areas.look(half, photo, self.options.go_on);
        }
        if photo && !self.found() {
            self.last_resorts(&full, half.as_ref());
        }
    }

    /// Other sizes, and light on dark: worth it only where there is one picture and nothing was read.
    fn last_resorts(&mut self, full: &Grey, half: Option<&Grey>) {
        if let Some(quarter) = half.and_then(Grey::halved) {
            self.areas.look(&quarter, true, self.options.go_on);
        }
        if full.width.max(full.height) <= SMALL {
            let doubled = full.doubled();
            self.areas.look(&doubled, true, self.options.go_on);
        }
        if !self.found() {
            let inverted = full.inverted();
            self.areas.look(&inverted, true, self.options.go_on);
        }
    }

    /// Reads the bars in the regions of a picture that were not read before.
    fn bars(&mut self, full: &Grey, half: Option<&Grey>, mapped: &Grey, photo: bool) {
        let mut regions = std::mem::take(&mut self.regions);
        self.map.find(mapped, &mut regions);
        regions.retain(|region| !self.votes.cover(region.centre()));
        regions.retain(|region| !self.read(full, region, photo));
        if let Some(half) = half {
            regions.retain(|region| !self.read(half, region, photo));
        }
        self.regions = regions;
    }

    /// Reads along lines across a region; whether something there is believed.
    fn read(&mut self, grey: &Grey, region: &Region, photo: bool) -> bool {
        if !self.go_on() {
            return false;
        }
        (0..region.ways()).any(|way| self.across(grey, region, way, photo))
    }

    /// Reads along lines across a region the given way: far apart first, then between those that told
    /// nothing.
    fn across(&mut self, grey: &Grey, region: &Region, way: usize, photo: bool) -> bool {
        let wanted = (region.height(way) / grey.scale / PITCH) as usize;
        let count = wanted.clamp(3, MOST_LINES);
        let mut looks = [Look::Not; MOST_LINES];
        let mut step = (count / 4).next_power_of_two().max(1);
        let mut best = Look::Not;
        loop {
            for k in (step / 2..count).step_by(step) {
                if looks[k] != Look::Not {
                    continue;
                }
                let before = k.checked_sub(step).map_or(Look::Not, |k| looks[k]);
                let after = looks.get(k + step).copied().unwrap_or(Look::Not);
                if before.min(after) >= Look::Read && before.max(after) == Look::Believed {
                    looks[k] = before.max(after);
                    continue;
                }
                if let Some(line) = region.line(grey, way, (k as f32 + 0.5) / count as f32) {
                    looks[k] = self.lines.read(grey, &line, photo, &mut self.votes);
                    best = best.max(looks[k]);
                }
            }
            if step == 1 || best <= Look::Plain {
                return best == Look::Believed;
            }
            step /= 2;
        }
    }

    fn finish(self) -> Vec<Symbol> {
        let mut symbols = self.areas.symbols().to_vec();
        symbols.extend(self.votes.symbols());
        symbols
    }
}

impl Lines {
    /// Reads along one line; where that gives nothing, again with its blur undone a little.
    fn read(&mut self, grey: &Grey, line: &Line, photo: bool, votes: &mut Votes) -> Look {
        line.profile(grey, &mut self.profile);
        let look = self.bars(grey, line, photo, votes);
        if look != Look::Barred {
            return look;
        }
        self.smooth.clone_from(&self.profile);
        for reach in [2, 1] {
            self.sharpen(reach);
            let look = self.bars(grey, line, photo, votes);
            if look > Look::Barred {
                return look;
            }
        }
        Look::Barred
    }

    /// Reads the bars of the profile in both directions.
    fn bars(&mut self, grey: &Grey, line: &Line, photo: bool, votes: &mut Votes) -> Look {
        Bars::find(&self.profile, &mut self.bars);
        if self.bars.len() < FEWEST_BARS {
            return Look::Plain;
        }
        let mut look = Look::Plain;
        for turn in 0..if photo { 4 } else { 2 } {
            if turn == 2 {
                if look >= Look::Read {
                    break;
                }
                self.bars.invert();
            }
            if !self.bars.starts().is_empty() {
                look = look.max(Look::Barred);
            }
            for symbology in symbology::ALL {
                symbology.on_line(&self.bars, &mut self.reads);
            }
            for read in self.reads.drain(..) {
                let believed = votes.add(read, line, &self.bars, grey);
                look = look.max(if believed { Look::Believed } else { Look::Read });
            }
            self.bars.reverse();
        }
        look
    }

    /// Unsharp masking of the kept profile: what differs from the mean of its surroundings, `reach`
    /// pixels on either side, differs more.
    fn sharpen(&mut self, reach: usize) {
        let old = &self.smooth;
        for (i, value) in self.profile.iter_mut().enumerate() {
            let around = &old[i.saturating_sub(reach)..(i + reach + 1).min(old.len())];
            let mean = around.iter().sum::<f32>() / around.len() as f32;
            *value = old[i] + 1.5 * (old[i] - mean);
        }
    }
}
