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
/// Regions lower or shorter than this hold no blurred symbol, in pixels.
const LOWEST: f32 = 16.0;
const SHORTEST: f32 = 60.0;
/// Changes of brightness are taken over this many pixels, to see whether two lines are alike,
const STEP: usize = 3;
/// when one is shifted against the other by up to this many,
const SHIFT: usize = 5;
/// and they are from this correlation on.
const LEAST_ALIKE: f32 = 0.25;
/// Regions that are looked at for blurred symbols, the largest ones.
const MOST_BLURRED: usize = 4;
/// Bands of a region that are compared with blurred symbols; they must agree; the order to
/// look at them in.
const BANDS: [usize; 5] = [2, 3, 1, 4, 0];
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
        for region in regions.iter().take(MOST_BLURRED) {
            self.blurred(full, region);
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
        let mut from = step / 2;
        let mut best = Look::Not;
        loop {
            for k in (from..count).step_by(step) {
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
            if from > 0 && best < Look::Read && !self.lasting(grey, region, way) {
                return false;
            }
            from = 0;
            step /= 2;
        }
    }

    /// Whether the bars of a region last from line to line.
    fn lasting(&mut self, grey: &Grey, region: &Region, way: usize) -> bool {
        self.lines.alike(grey, [0.45, 0.55].map(|at| region.line(grey, way, at)))
    }

    /// Reads what blur has left, from the mean of many rows in bands that share none.
    fn blurred(&mut self, grey: &Grey, region: &Region) {
        let height = region.height(0) / grey.scale;
        if height < LOWEST || region.length() / grey.scale < SHORTEST || !self.go_on() {
            return;
        }
        if !self.lasting(grey, region, 0) {
            return;
        }
        let spread = (height / (2 * BANDS.len()) as f32) as usize;
        let mut best = Look::Not;
        for (turn, band) in BANDS.into_iter().enumerate() {
            if turn == 2 && best < Look::Read {
                return;
            }
            let at = (band as f32 + 0.5) / BANDS.len() as f32;
            if let Some(line) = region.band(grey, 0, at, spread.clamp(1, 6) - 1) {
                best = best.max(self.lines.read_blurred(grey, &line, &mut self.votes));
            }
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

    /// Whether what lies on one line goes on along another, as bars do and texture does not: how alike the
    /// changes of brightness are, at the best of some shifts.
    fn alike(&mut self, grey: &Grey, lines: [Option<Line>; 2]) -> bool {
        let [Some(one), Some(other)] = lines else { return false };
        one.profile(grey, &mut self.profile);
        other.profile(grey, &mut self.smooth);
        for profile in [&mut self.profile, &mut self.smooth] {
            let count = profile.len().saturating_sub(STEP);
            (0..count).for_each(|i| profile[i] = profile[i + STEP] - profile[i]);
            profile.truncate(count);
        }
        let product = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        let power = product(&self.profile, &self.profile) * product(&self.smooth, &self.smooth);
        let most = (0..=SHIFT.min(self.profile.len()).min(self.smooth.len()))
            .map(|shift| {
                let ahead = product(&self.profile[shift..], &self.smooth);
                ahead.max(product(&self.profile, &self.smooth[shift..]))
            })
            .fold(0.0, f32::max);
        most > 0.0 && most * most > LEAST_ALIKE * LEAST_ALIKE * power
    }

    /// Reads what blur has left along one line.
    fn read_blurred(&mut self, grey: &Grey, line: &Line, votes: &mut Votes) -> Look {
        line.profile(grey, &mut self.profile);
        self.smooth.clone_from(&self.profile);
        self.sharpen(2);
        Bars::find(&self.profile, &mut self.bars);
        for _ in 0..2 {
            for symbology in symbology::ALL {
                symbology.on_profile(&self.smooth, &self.bars, &mut self.reads);
            }
            let look = self.count(line, grey, votes);
            if look >= Look::Read {
                return look;
            }
            self.bars.reverse();
        }
        Look::Barred
    }

    /// Counts what was read on a line.
    fn count(&mut self, line: &Line, grey: &Grey, votes: &mut Votes) -> Look {
        let mut look = Look::Not;
        for read in self.reads.drain(..) {
            let believed = votes.add(read, line, &self.bars, grey);
            look = look.max(if believed { Look::Believed } else { Look::Read });
        }
        look
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
            look = look.max(self.count(line, grey, votes));
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
