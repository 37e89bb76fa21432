//! The order of the work: likely places and cheap looks first, until the caller's time is up.

use crate::areas::Areas;
use crate::luma::{Grey, Luma};
use crate::reader::{Look, Reader};
use crate::regions::{Map, Region};
use crate::texture::Texture;
use crate::vote::Votes;
use crate::{Effort, Options, Symbol};

/// Longer sides are averaged down to this before anything is looked for, in pixels.
const LONGEST: usize = 2000;
/// Pictures up to this longer side tell where bars may be, larger ones at half their size; they are also
/// looked at doubled.
const SMALL: usize = 800;
/// No look at a picture up to this longer side is dear: the middle of a frame, when a person aims.
const TINY: usize = 400;
/// Pictures down to this shorter side tell where bars may be, in pixels.
const COARSEST: usize = 64;
/// Lines across a region lie at least this far apart, in pixels of the picture.
const PITCH: f32 = 5.0;
/// Lines across a region, at most.
const MOST_LINES: usize = 32;
/// Lines that tell nothing after which a region is left alone.
const ENOUGH: usize = 16;
/// The correlation of two lines from which on a region has what blur leaves of bars.
const LEAST_ALIKE: f32 = 0.45;
/// Regions shorter than this in a smaller picture are not read again there: it has a pixel a module at best.
const SHORTEST_LINE: f32 = 80.0;
/// Regions lower or shorter than this hold no blurred symbol, in pixels; nor is one lower looked for beside
/// another that was read.
const LOWEST: f32 = 16.0;
const SHORTEST: f32 = 60.0;
/// Places of the last frame that are looked at first.
const MOST_PLACES: usize = 8;
/// Regions that are looked at for blurred symbols, the largest ones.
const MOST_BLURRED: usize = 4;
/// Bands of a region that are compared with blurred symbols; they must agree; the order to
/// look at them in.
const BANDS: [usize; 5] = [2, 3, 1, 4, 0];

/// Finds the symbols of one frame after another. It keeps its buffers, so that only what may be a symbol takes
/// memory, looks first where the last frame had something, and tries the dearer ways in turn on frames in
/// which the cheap ones find nothing.
#[derive(Default)]
pub struct Scanner {
    /// The frame, and each half as wide and high as the one before.
    pictures: Vec<Grey>,
    /// One more, as a dearer way wants it.
    other: Grey,
    areas: Areas,
    votes: Votes,
    map: Map,
    texture: Texture,
    regions: Vec<Region>,
    reader: Reader,
    /// Where this frame and the one before had bars that were read.
    places: Vec<Region>,
    places_before: Vec<Region>,
    /// Whether the frame is no larger than [`TINY`].
    is_tiny: bool,
    /// Frames since one had something.
    idle: usize,
}

/// A dearer way to look.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dear {
    /// Bars so wide that they show as bars only in a smaller picture.
    Coarse,
    /// Bars that have run into each other.
    Blurred,
    /// Areas in a picture of a quarter of the size, of twice the size, with light and dark swapped.
    Quarter,
    Doubled,
    Inverted,
}

/// In the order in which frames that follow each other try them.
const DEAR: [Dear; 5] = [Dear::Coarse, Dear::Blurred, Dear::Inverted, Dear::Doubled, Dear::Quarter];

impl Scanner {
    /// A scanner that has seen nothing yet.
    pub fn new() -> Scanner {
        Scanner::default()
    }

    /// Forgets the frames before, for a picture that does not follow them; buffers stay.
    pub fn forget(&mut self) {
        self.places.clear();
        self.idle = 0;
    }

    /// Every symbol in the frame, in no order that means anything.
    pub fn scan(&mut self, frame: &Luma<'_>, options: &Options<'_>) -> Vec<Symbol> {
        self.votes.clear();
        self.is_tiny = frame.width().max(frame.height()) <= TINY;
        let mut pictures = std::mem::take(&mut self.pictures);
        halve_down(frame, &mut pictures);
        if let [full, smaller @ ..] = pictures.as_slice() {
            self.look(full, smaller, options);
        }
        self.pictures = pictures;
        let mut symbols = self.areas.symbols().to_vec();
        symbols.extend(self.votes.symbols());
        self.idle = if symbols.is_empty() { self.idle.wrapping_add(1) } else { 0 };
        symbols
    }

    /// Whether a frame may try a dearer way: a single picture all of them, a frame of a film one, unless it
    /// is so small that none is dear.
    fn due(&self, dear: Dear, options: &Options<'_>) -> bool {
        options.effort == Effort::Photo || self.is_tiny || DEAR[self.idle % DEAR.len()] == dear
    }

    fn found(&self) -> bool {
        !self.areas.symbols().is_empty() || self.votes.any()
    }

    /// Looks until everything was tried that the frame is worth, or the time is up.
    fn look(&mut self, full: &Grey, smaller: &[Grey], options: &Options<'_>) {
        let photo = options.effort == Effort::Photo || self.is_tiny;
        self.lines(full, smaller, options);
        self.texture.cover(self.votes.places());
        self.areas.begin(self.votes.places());
        let half = smaller.first();
        self.areas.look(full, &self.texture, photo, options.go_on);
        // Whatever was read: another code of the same label may show only here.
        if let Some(half) = half {
            self.areas.look(half, &self.texture, photo, options.go_on);
        }
        for dear in [Dear::Quarter, Dear::Doubled, Dear::Inverted] {
            if self.due(dear, options) && !self.texture.is_empty() && !self.found() {
                self.last_resort(dear, full, smaller, options);
            }
        }
    }

    /// Reads what lies along lines, where the last frame had something and then wherever bars may be.
    fn lines(&mut self, full: &Grey, smaller: &[Grey], options: &Options<'_>) {
        let [coarse, blurred] = [Dear::Coarse, Dear::Blurred].map(|dear| self.due(dear, options));
        let half = smaller.first();
        std::mem::swap(&mut self.places, &mut self.places_before);
        self.places.clear();
        for at in 0..self.places_before.len().min(MOST_PLACES) {
            let place = self.places_before[at];
            self.read(full, &place, options);
        }
        let mapped = half.filter(|_| full.width.max(full.height) > SMALL).unwrap_or(full);
        let coarser = smaller.iter().filter(|level| level.scale > mapped.scale && coarse);
        for level in std::iter::once(mapped).chain(coarser) {
            if level.scale == mapped.scale || level.width.min(level.height) >= COARSEST {
                self.bars(full, half, level, level.scale == mapped.scale, blurred, options);
            }
        }
    }

    /// Another size, or light on dark: worth it only where nothing was read.
    fn last_resort(&mut self, dear: Dear, full: &Grey, smaller: &[Grey], options: &Options<'_>) {
        let longest = full.width.max(full.height);
        match (dear, smaller) {
            (Dear::Quarter, [_, quarter, ..]) => self.areas.look(quarter, &self.texture, true, options.go_on),
            (Dear::Doubled, _) if longest <= SMALL => {
                full.double_into(&mut self.other);
                self.areas.look(&self.other, &self.texture, true, options.go_on);
            }
            (Dear::Inverted, _) => {
                // Light on dark is rare, and a look at a large picture dear.
                let picture = smaller.first().filter(|_| longest > SMALL).unwrap_or(full);
                picture.invert_into(&mut self.other);
                self.areas.look(&self.other, &self.texture, true, options.go_on);
            }
            _ => {}
        }
    }

    /// Reads the bars in the regions of a picture that were not read before.
    fn bars(
        &mut self,
        full: &Grey,
        half: Option<&Grey>,
        level: &Grey,
        is_first: bool,
        blurred: bool,
        options: &Options<'_>,
    ) {
        let mut regions = std::mem::take(&mut self.regions);
        self.map.draw(level);
        if is_first {
            self.texture.of(&self.map, level);
        }
        self.map.find(level, &mut regions);
        regions.retain(|region| !self.votes.cover(region.centre()));
        regions.retain(|region| !self.read(full, region, options));
        if let Some(half) = half {
            let long = |region: &Region| region.length() / half.scale >= SHORTEST_LINE;
            regions.retain(|region| !(long(region) && self.read(half, region, options)));
        }
        for region in regions.iter().take(if blurred { MOST_BLURRED } else { 0 }) {
            self.blurred(full, region, options);
        }
        self.regions = regions;
    }

    /// Reads along lines across a region; whether something there is believed.
    fn read(&mut self, grey: &Grey, region: &Region, options: &Options<'_>) -> bool {
        let read = (options.go_on)() && (0..region.ways()).any(|way| self.across(grey, region, way, options));
        if read {
            self.places.push(*region);
        }
        read
    }

    /// Reads along lines across a region the given way: far apart first, then between those that told
    /// nothing.
    fn across(&mut self, grey: &Grey, region: &Region, way: usize, options: &Options<'_>) -> bool {
        let wanted = (region.height(way) / grey.scale / PITCH) as usize;
        let count = wanted.clamp(3, MOST_LINES);
        let inverted = self.due(Dear::Inverted, options);
        let mut looks = [Look::Not; MOST_LINES];
        let mut step = (count / 4).next_power_of_two().max(1);
        let mut from = step / 2;
        let mut best = Look::Not;
        let mut tried = 0;
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
                    looks[k] = self.reader.read(grey, &line, inverted, options.ask, &mut self.votes);
                    best = best.max(looks[k]);
                    tried += 1;
                }
            }
            let pitch = region.height(way) / grey.scale / count as f32 * step as f32;
            if step == 1 || best == Look::Believed && pitch < LOWEST {
                return best == Look::Believed;
            }
            // Where nothing at all was made out on lines far apart, those between them tell nothing either.
            if best < Look::Hinted || best < Look::Read && tried >= ENOUGH {
                return false;
            }
            from = 0;
            step /= 2;
        }
    }

    /// Whether what blur has left of the bars of a region lasts from line to line.
    fn lasting(&mut self, grey: &Grey, region: &Region) -> bool {
        self.reader.alikeness(grey, [0.45, 0.55].map(|at| region.line(grey, 0, at))) > LEAST_ALIKE
    }

    /// Reads what blur has left, from the mean of many rows in bands that share none.
    fn blurred(&mut self, grey: &Grey, region: &Region, options: &Options<'_>) {
        let height = region.height(0) / grey.scale;
        if height < LOWEST || region.length() / grey.scale < SHORTEST || !(options.go_on)() {
            return;
        }
        if !self.lasting(grey, region) {
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
                best = best.max(self.reader.read_blurred(grey, &line, &mut self.votes));
            }
        }
    }
}

/// Leaves the frame, averaged down until its longer side is at most [`LONGEST`], and its halves down to
/// the smallest that tells anything.
fn halve_down(frame: &Luma<'_>, pictures: &mut Vec<Grey>) {
    let mut count = 1;
    if pictures.is_empty() {
        pictures.push(Grey::default());
    }
    pictures[0].fill(frame, LONGEST);
    loop {
        let above = &pictures[count - 1];
        let (width, height) = (above.width / 2, above.height / 2);
        if width == 0 || height == 0 || count > 2 && width.min(height) < COARSEST {
            break;
        }
        if pictures.len() == count {
            pictures.push(Grey::default());
        }
        let (above, below) = pictures.split_at_mut(count);
        above[count - 1].halve_into(&mut below[0]);
        count += 1;
    }
    pictures.truncate(count);
}

#[cfg(test)]
mod tests;
