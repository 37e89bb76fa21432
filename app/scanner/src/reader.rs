//! What one line says: its profile, plain and with the blur undone, put to every symbology in both
//! directions.

use crate::Ask;
use crate::line::{Bars, Line};
use crate::luma::Grey;
use crate::symbology::{self, LineReads};
use crate::vote::Votes;

/// Changes of brightness are taken over this many pixels, to see whether two lines are alike,
const STEP: usize = 3;
/// when one is shifted against the other by up to this many.
const SHIFT: usize = 5;
/// Elements of the shortest symbol that is read, an Interleaved 2 of 5 of six digits, less those that
/// blur may hide.
const FEWEST_BARS: usize = 24;

/// Reads lines one after the other and keeps its buffers from line to line.
#[derive(Default)]
pub(crate) struct Reader {
    profile: Vec<f32>,
    smooth: Vec<f32>,
    bars: Bars,
    reads: LineReads,
}

/// What came of a line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Look {
    /// Not looked at.
    Not,
    /// Too few bars for any symbol.
    Plain,
    /// Bars, but nothing read.
    Barred,
    /// Some characters were made out, but no symbol.
    Hinted,
    /// Something was read.
    Read,
    /// Something was read, and enough lines agree on it.
    Believed,
}

impl Reader {
    /// Reads along one line; where that gives nothing, again with its blur undone a little.
    pub(crate) fn read(
        &mut self,
        grey: &Grey,
        line: &Line,
        inverted: bool,
        ask: Ask,
        votes: &mut Votes,
    ) -> Look {
        line.profile(grey, &mut self.profile);
        let mut look = self.bars(grey, line, inverted, ask, votes);
        self.smooth.clone_from(&self.profile);
        for reach in [2, 1] {
            if matches!(look, Look::Barred | Look::Hinted) {
                self.sharpen(reach);
                look = look.max(self.bars(grey, line, inverted, ask, votes));
            }
        }
        look
    }

    /// Whether what lies on one line goes on along another, as bars do and texture does not: the correlation
    /// of their changes of brightness, at the best of some shifts.
    pub(crate) fn alikeness(&mut self, grey: &Grey, lines: [Option<Line>; 2]) -> f32 {
        let [Some(one), Some(other)] = lines else { return 0.0 };
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
        most / power.sqrt().max(1.0)
    }

    /// Reads what blur has left along one line.
    pub(crate) fn read_blurred(&mut self, grey: &Grey, line: &Line, votes: &mut Votes) -> Look {
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
        let mut look = if std::mem::take(&mut self.reads.hinted) { Look::Hinted } else { Look::Not };
        for read in self.reads.all.drain(..) {
            let believed = votes.add(read, line, &self.bars, grey);
            look = look.max(if believed { Look::Believed } else { Look::Read });
        }
        look
    }

    /// Reads the bars of the profile in both directions.
    fn bars(&mut self, grey: &Grey, line: &Line, inverted: bool, ask: Ask, votes: &mut Votes) -> Look {
        Bars::find(&self.profile, &mut self.bars);
        if self.bars.len() < FEWEST_BARS {
            return Look::Plain;
        }
        let mut look = Look::Plain;
        // Once each way, and once more each way with light and dark swapped.
        for turn in 0..if inverted { 4 } else { 2 } {
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
                symbology.on_line(&self.bars, ask, &mut self.reads);
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
