//! Data Matrix ECC 200 (ISO/IEC 16022), found by `rxing`, read here.

use rxing::Point;
use rxing::common::reedsolomon::{PredefinedGenericGF, ReedSolomonDecoder};
use rxing::common::{BitMatrix, DetectorRXingResult};
use rxing::datamatrix::decoder::{BitMatrixParser, DataBlock};
use rxing::datamatrix::detector::zxing_cpp_detector::detect;

use super::{Area, AreaRead, Payload, Symbology};
use payload::payload;

mod payload;

pub(super) struct DataMatrix;

impl Symbology for DataMatrix {
    fn in_area(&self, area: &Area<'_>, found: &mut Vec<AreaRead>) {
        let Ok(candidates) = detect(&area.bits.matrix, area.thorough, true) else { return };
        for candidate in candidates {
            if let Some(payload) = decode(candidate.getBits())
                && let Some(corners) = corners(candidate.getPoints())
            {
                found.push(AreaRead { payload, corners });
            }
        }
    }
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
