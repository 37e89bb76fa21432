//! Data Matrix ECC 200 (ISO/IEC 16022), found by `rxing`, read here.

use std::borrow::Cow;

use rxing::Point;
use rxing::common::reedsolomon::{PredefinedGenericGF, ReedSolomonDecoder};
use rxing::common::{BitMatrix, DetectorRXingResult};
use rxing::datamatrix::decoder::{BitMatrixParser, DataBlock};
use rxing::datamatrix::detector::zxing_cpp_detector::detect;

use super::{Area, AreaRead, Payload, Symbology, inside};
use payload::payload;

mod payload;

pub(super) struct DataMatrix;

/// Rounds in one picture: the finder reports at most one symbol on each line it follows, so what was
/// read is wiped out and the picture searched again.
const ROUNDS: usize = 5;
/// Pictures of up to this many pixels are searched on all lines and not on the middle ones only.
const CHEAP: usize = 400_000;

impl Symbology for DataMatrix {
    fn in_area(&self, area: &Area<'_>, found: &mut Vec<AreaRead>) {
        let everywhere = area.thorough || area.grey.pixels.len() <= CHEAP;
        let mut image = Cow::Borrowed(&area.bits.matrix);
        for _ in 0..ROUNDS {
            let Ok(candidates) = detect(&image, everywhere, true) else { return };
            let before = found.len();
            for candidate in candidates {
                if let Some(corners) = corners(candidate.getPoints())
                    && !found[before..].iter().any(|read| inside(&read.corners, middle(&corners)))
                    && let Some(payload) = decode(candidate.getBits())
                {
                    found.push(AreaRead { payload, corners });
                }
            }
            if found.len() == before || !everywhere {
                return;
            }
            for read in &found[before..] {
                wipe(image.to_mut(), &read.corners);
            }
        }
    }
}

/// Turns everything inside a symbol to paper.
fn wipe(image: &mut BitMatrix, corners: &[(f32, f32); 4]) {
    let range = |side: fn(&(f32, f32)) -> f32, most: u32| {
        let (lo, hi) =
            corners.iter().map(side).fold((f32::MAX, f32::MIN), |(lo, hi), v| (lo.min(v), hi.max(v)));
        lo.max(0.0) as u32..(hi.max(0.0) as u32 + 2).min(most)
    };
    let (xs, ys) = (range(|c| c.0, image.width()), range(|c| c.1, image.height()));
    for y in ys {
        for x in xs.clone() {
            if inside(corners, (x as f32, y as f32)) {
                image.unset(x, y);
            }
        }
    }
}

fn middle(corners: &[(f32, f32); 4]) -> (f32, f32) {
    ((corners[0].0 + corners[2].0) / 2.0, (corners[0].1 + corners[2].1) / 2.0)
}

/// From modules to payload: codewords, error correction, then the encodation schemes.
fn decode(bits: &BitMatrix) -> Option<Payload> {
    let mut parser = BitMatrixParser::new(bits).ok()?;
    let codewords = parser.readCodewords().ok()?;
    let blocks = DataBlock::getDataBlocks(&codewords, parser.getVersion(), false).ok()?;
    let correct = ReedSolomonDecoder::new(PredefinedGenericGF::DataMatrixField256.into());
    let total = blocks.iter().map(|block| block.getNumDataCodewords() as usize).sum();
    let mut data = vec![0; total];
    for (at, block) in blocks.iter().enumerate() {
        let mut words = block.getCodewords().to_vec();
        let kept = block.getNumDataCodewords() as usize;
        let spare = words.len().checked_sub(kept)?;
        correct.decode(&mut words, spare as i32).ok()?;
        for (k, word) in words.iter().take(kept).enumerate() {
            *data.get_mut(k * blocks.len() + at)? = *word;
        }
    }
    payload(&data)
}

fn corners(points: &[Point]) -> Option<[(f32, f32); 4]> {
    let [a, b, c, d] = points.get(..4)?.try_into().ok()?;
    Some([a, b, c, d].map(|p: Point| (p.x, p.y)))
}
