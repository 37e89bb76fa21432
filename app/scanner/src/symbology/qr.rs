//! QR Code (ISO/IEC 18004): found by `rqrr` and by a second finder, read here, because what says that a
//! symbol is GS1's must not be lost on the way.

use rqrr::BitGrid;
use rxing::Point;
use rxing::common::reedsolomon::{PredefinedGenericGF, ReedSolomonDecoder};
use rxing::common::{BitMatrix, DetectorRXingResult};
use rxing::qrcode::cpp_port::detector::{FindFinderPatterns, GenerateFinderPatternSets, SampleQR};
use rxing::qrcode::decoder::{BitMatrixParser, DataBlock};

use super::{Area, AreaRead, Payload, Symbology, inside};
use payload::payload;

mod payload;

pub(super) struct Qr;

/// Sets of three finder patterns that are tried in one picture.
const SETS: usize = 60;

impl Symbology for Qr {
    fn in_area(&self, area: &Area<'_>, found: &mut Vec<AreaRead>) {
        let image = &area.bits.matrix;
        let mut patterns = FindFinderPatterns(image, area.thorough, 0);
        let before = found.len();
        let hopeful = patterns.len() >= 2;
        for set in GenerateFinderPatternSets(&mut patterns).iter().take(SETS) {
            let middle = (set.tr.p + set.bl.p) / 2.0;
            if found[before..].iter().any(|read| inside(&read.corners, (middle.x, middle.y))) {
                continue;
            }
            if let Ok(sampled) = SampleQR(image, set)
                && let Some(payload) = decode(sampled.getBits())
                && let Some(corners) = corners(sampled.getPoints())
            {
                found.push(AreaRead { payload, corners });
            }
        }
        if found.len() == before && (hopeful || area.thorough) {
            second_look(area, found);
        }
    }
}

/// What `rqrr` finds, with its own threshold.
fn second_look(area: &Area<'_>, found: &mut Vec<AreaRead>) {
    let grey = area.grey;
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(grey.width, grey.height, |x, y| {
        grey.pixels[y * grey.width + x]
    });
    for grid in prepared.detect_grids() {
        let size = grid.grid.size() as u32;
        let Ok(mut bits) = BitMatrix::with_single_dimension(size) else { continue };
        for y in 0..size {
            for x in 0..size {
                if grid.grid.bit(y as usize, x as usize) {
                    bits.set(x, y);
                }
            }
        }
        if let Some(payload) = decode(&bits) {
            found.push(AreaRead { payload, corners: grid.bounds.map(|p| (p.x as f32, p.y as f32)) });
        }
    }
}

/// From modules to payload: version and format, error correction, then the bit stream.
fn decode(bits: &BitMatrix) -> Option<Payload> {
    read(BitMatrixParser::new(bits.clone()).ok()?).or_else(|| {
        // Seen from behind, through glass or foil.
        let mut mirrored = BitMatrixParser::new(bits.clone()).ok()?;
        mirrored.mirror();
        read(mirrored)
    })
}

fn read(mut parser: BitMatrixParser) -> Option<Payload> {
    let version = parser.readVersion().ok()?;
    let level = parser.readFormatInformation().ok()?.getErrorCorrectionLevel();
    let codewords = parser.readCodewords().ok()?;
    let correct = ReedSolomonDecoder::new(PredefinedGenericGF::QrCodeField256.into());
    let mut data = Vec::new();
    for block in DataBlock::getDataBlocks(&codewords, version, level).ok()? {
        let mut words = block.getCodewords().to_vec();
        let kept = block.getNumDataCodewords() as usize;
        let spare = words.len().checked_sub(kept)?;
        correct.decode(&mut words, spare as i32).ok()?;
        data.extend_from_slice(words.get(..kept)?);
    }
    payload(&data, version.getVersionNumber())
}

fn corners(points: &[Point]) -> Option<[(f32, f32); 4]> {
    let [a, b, c, d] = points.get(..4)?.try_into().ok()?;
    Some([a, b, c, d].map(|p: Point| (p.x, p.y)))
}
