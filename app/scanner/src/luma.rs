//! Brightness: the frame as the caller holds it, and the grey copies that the finders work on.

use std::fmt;

use wide::{i16x8, u8x16};

use crate::lanes;

/// The longest side of a frame that is looked at, in pixels; beyond it a frame is refused.
pub const LONGEST_SIDE: usize = 65_500;

/// A borrowed frame of 8-bit brightness, 0 black to 255 white, rows `stride` bytes apart.
#[derive(Clone, Copy, Debug)]
pub struct Luma<'a> {
    width: usize,
    height: usize,
    stride: usize,
    pixels: &'a [u8],
}

/// The order of the four bytes of a pixel; the last says how much it covers and is not looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Channels {
    /// Red, green, blue.
    Rgba,
    /// Blue, green, red.
    Bgra,
}

/// Appends the brightness of coloured pixels to `grey`, as television weighs it (ITU-R BT.601, 2.5.1). Bytes
/// behind the last whole pixel are left out.
pub fn brightness(pixels: &[u8], channels: Channels, grey: &mut Vec<u8>) {
    const RED: i16 = 77;
    const GREEN: i16 = 150;
    const BLUE: i16 = 29;
    let [first, third] = match channels {
        Channels::Rgba => [RED, BLUE],
        Channels::Bgra => [BLUE, RED],
    };
    let (sixteens, rest) = pixels.as_chunks::<64>();
    grey.reserve(pixels.len() / 4);
    for sixteen in sixteens {
        let [a, b, c, d] =
            [0, 16, 32, 48].map(|at| lanes::weighed(lanes::load(sixteen, at), first, GREEN, third));
        grey.extend_from_slice(lanes::bytes([a, b, c, d]).as_array());
    }
    let weights = [first, GREEN, third].map(i32::from);
    grey.extend(rest.as_chunks::<4>().0.iter().map(|pixel| {
        let sum: i32 = pixel.iter().zip(weights).map(|(&byte, weight)| i32::from(byte) * weight).sum();
        (sum >> 8) as u8
    }));
}

/// Why bytes are no frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LumaError {
    /// Width or height is zero or above [`LONGEST_SIDE`].
    Size {
        /// The width that was given, in pixels.
        width: usize,
        /// The height that was given, in pixels.
        height: usize,
    },
    /// The stride is shorter than a row.
    Stride {
        /// The stride that was given, in bytes.
        stride: usize,
        /// The width that was given, in pixels.
        width: usize,
    },
    /// There are fewer bytes than the rows need.
    Short {
        /// Bytes that the size asks for.
        needed: usize,
        /// Bytes that were given.
        given: usize,
    },
}

impl fmt::Display for LumaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LumaError::Size { width, height } => write!(f, "a frame of {width} x {height} pixels"),
            LumaError::Stride { stride, width } => {
                write!(f, "a stride of {stride} bytes for {width} pixels")
            }
            LumaError::Short { needed, given } => write!(f, "{given} bytes where {needed} are needed"),
        }
    }
}

impl std::error::Error for LumaError {}

impl<'a> Luma<'a> {
    /// A frame over `pixels`.
    ///
    /// # Errors
    /// When the size is empty or absurd, the stride shorter than a row, or the buffer too short.
    pub fn new(width: usize, height: usize, stride: usize, pixels: &'a [u8]) -> Result<Luma<'a>, LumaError> {
        if width == 0 || height == 0 || width > LONGEST_SIDE || height > LONGEST_SIDE {
            return Err(LumaError::Size { width, height });
        }
        if stride < width {
            return Err(LumaError::Stride { stride, width });
        }
        let needed = stride.checked_mul(height - 1).and_then(|n| n.checked_add(width)).unwrap_or(usize::MAX);
        if pixels.len() < needed {
            return Err(LumaError::Short { needed, given: pixels.len() });
        }
        Ok(Luma { width, height, stride, pixels })
    }

    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The row `y`, without what the stride adds; empty beyond the frame.
    pub fn row(&self, y: usize) -> &'a [u8] {
        let start = y.saturating_mul(self.stride);
        self.pixels.get(start..start.saturating_add(self.width)).unwrap_or(&[])
    }
}

/// An owned grey picture: the frame, shrunk or grown, with the way back to frame pixels.
#[derive(Clone, Debug, Default)]
pub(crate) struct Grey {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) pixels: Vec<u8>,
    /// Frame pixels a pixel of this picture is wide.
    pub(crate) scale: f32,
}

impl Grey {
    /// Becomes the frame, averaged down by a whole factor until its longer side is at most `longest`
    /// pixels.
    pub(crate) fn fill(&mut self, frame: &Luma<'_>, longest: usize) {
        let factor = frame.width().max(frame.height()).div_ceil(longest.max(1)).max(1);
        self.width = (frame.width() / factor).max(1);
        self.height = (frame.height() / factor).max(1);
        self.scale = factor as f32;
        self.pixels.clear();
        if factor == 1 {
            for y in 0..frame.height() {
                self.pixels.extend_from_slice(frame.row(y));
            }
            return;
        }
        for y in 0..self.height {
            let rows = y * factor..((y + 1) * factor).min(frame.height());
            for x in 0..self.width {
                let columns = x * factor..((x + 1) * factor).min(frame.width());
                let count = (rows.len() * columns.len()).max(1) as u32;
                let part = |y: usize| {
                    let row = frame.row(y).get(columns.clone()).unwrap_or(&[]);
                    row.iter().map(|&p| u32::from(p)).sum::<u32>()
                };
                self.pixels.push((rows.clone().map(part).sum::<u32>() / count) as u8);
            }
        }
    }

    /// Makes `half` half as wide and high, each pixel the mean of four.
    pub(crate) fn halve_into(&self, half: &mut Grey) {
        (half.width, half.height) = (self.width / 2, self.height / 2);
        half.scale = self.scale * 2.0;
        half.pixels.clear();
        for y in 0..half.height {
            let (above, below) = (self.row(2 * y), self.row(2 * y + 1));
            let (above, below) = (&above[..2 * half.width], &below[..2 * half.width]);
            for x in (0..half.width).step_by(lanes::WIDTH) {
                let mean = |x: usize| {
                    let pairs = |row: &[u8]| lanes::pairs(lanes::load(row, x));
                    (pairs(above) + pairs(below) + i16x8::splat(2)) >> 2
                };
                let means = u8x16::narrow_i16x8(mean(2 * x), mean(2 * x + lanes::WIDTH));
                half.pixels.extend_from_slice(&means.as_array()[..lanes::WIDTH.min(half.width - x)]);
            }
        }
    }

    /// Makes `double` twice as wide and high, pixels in between interpolated: finders want more than a pixel a module.
    /// Every new pixel lies a quarter of a pixel from an old one: three parts of it, one of the next.
    pub(crate) fn double_into(&self, double: &mut Grey) {
        (double.width, double.height) = (self.width * 2, self.height * 2);
        double.scale = self.scale / 2.0;
        double.pixels.clear();
        for y in 0..double.height {
            let (near, far) = (y / 2, if y % 2 == 0 { (y / 2).saturating_sub(1) } else { y / 2 + 1 });
            let (near, far) = (self.row(near), self.row(far.min(self.height - 1)));
            let mixed = |x: usize| {
                let x = x.min(self.width - 1);
                3 * u16::from(near[x]) + u16::from(far[x])
            };
            for x in 0..self.width {
                let (before, here, after) = (mixed(x.saturating_sub(1)), mixed(x), mixed(x + 1));
                double.pixels.push(((3 * here + before + 8) / 16) as u8);
                double.pixels.push(((3 * here + after + 8) / 16) as u8);
            }
        }
    }

    /// Makes `inverted` the same with light and dark swapped.
    pub(crate) fn invert_into(&self, inverted: &mut Grey) {
        (inverted.width, inverted.height, inverted.scale) = (self.width, self.height, self.scale);
        inverted.pixels.clear();
        inverted.pixels.extend(self.pixels.iter().map(|p| 255 - p));
    }

    /// One row; empty beyond the picture.
    pub(crate) fn row(&self, y: usize) -> &[u8] {
        let start = y.saturating_mul(self.width);
        self.pixels.get(start..start + self.width).unwrap_or(&[])
    }

    /// The brightness between pixels, the border repeated outside; pixel centres are whole numbers.
    pub(crate) fn sample(&self, x: f32, y: f32) -> f32 {
        let x = x.clamp(0.0, (self.width - 1) as f32);
        let y = y.clamp(0.0, (self.height - 1) as f32);
        let (x0, y0) = (x as usize, y as usize);
        let (fx, fy) = (x - x0 as f32, y - y0 as f32);
        let right = usize::from(x0 + 1 < self.width);
        let below = if y0 + 1 < self.height { self.width } else { 0 };
        let at = y0 * self.width + x0;
        let pixel = |at: usize| f32::from(self.pixels[at]);
        let above = pixel(at) * (1.0 - fx) + pixel(at + right) * fx;
        let under = pixel(at + below) * (1.0 - fx) + pixel(at + below + right) * fx;
        above * (1.0 - fy) + under * fy
    }

    /// Adds the brightness at a point and every `step` from it on to `sums`, the border repeated outside.
    /// In fixed point, 16 bits behind the point for places and 7 for weights. Pictures need three rows
    /// and columns.
    pub(crate) fn add_along(&self, from: (f32, f32), step: (f32, f32), sums: &mut [f32]) {
        const ONE: f32 = 65_536.0;
        let most = |side: usize| ((side as i32 - 1) << 16) - 1;
        let (right, bottom) = (most(self.width), most(self.height));
        let (mut x, mut y) = ((from.0 * ONE) as i32, (from.1 * ONE) as i32);
        let (dx, dy) = ((step.0 * ONE) as i32, (step.1 * ONE) as i32);
        for sum in sums {
            let (cx, cy) = (x.clamp(0, right), y.clamp(0, bottom));
            let at = (cy >> 16) as usize * self.width + (cx >> 16) as usize;
            let (fx, fy) = ((cx >> 9) & 127, (cy >> 9) & 127);
            if let (Some(&[a, b]), Some(&[c, d])) =
                (self.pixels[at..].first_chunk::<2>(), self.pixels[at + self.width..].first_chunk::<2>())
            {
                let above = i32::from(a) * (128 - fx) + i32::from(b) * fx;
                let under = i32::from(c) * (128 - fx) + i32::from(d) * fx;
                *sum += (above * (128 - fy) + under * fy) as f32 * (1.0 / 16_384.0);
            }
            x += dx;
            y += dy;
        }
    }

    /// A point of this picture in frame pixels.
    pub(crate) fn in_frame(&self, (x, y): (f32, f32)) -> (f32, f32) {
        let centre = |v: f32| (v + 0.5) * self.scale - 0.5;
        (centre(x), centre(y))
    }

    /// A point of the frame in pixels of this picture.
    pub(crate) fn of_frame(&self, (x, y): (f32, f32)) -> (f32, f32) {
        let centre = |v: f32| (v + 0.5) / self.scale - 0.5;
        (centre(x), centre(y))
    }
}

#[cfg(test)]
mod tests {
    use super::{Channels, Grey, Luma, brightness};

    #[test]
    fn colours_are_weighed_alike_one_by_one_and_sixteen_at_a_time() {
        let pixels: Vec<u8> = (0..4 * 45u32).map(|at| (at * 89 % 251) as u8).collect();
        for (channels, [red, blue]) in [(Channels::Rgba, [0, 2]), (Channels::Bgra, [2, 0])] {
            let mut grey = vec![7];
            brightness(&pixels, channels, &mut grey);
            let wanted = pixels.chunks_exact(4).map(|pixel| {
                let [red, green, blue] = [pixel[red], pixel[1], pixel[blue]].map(u32::from);
                ((77 * red + 150 * green + 29 * blue) >> 8) as u8
            });
            assert_eq!(grey, [vec![7], wanted.collect()].concat());
        }
    }

    #[test]
    fn a_half_is_the_mean_of_four_at_any_width() {
        for (width, height) in [(2, 2), (31, 9), (32, 8), (67, 5), (130, 4)] {
            let pixels: Vec<u8> = (0..width * height).map(|at| (at * 37 % 256) as u8).collect();
            let mut grey = Grey::default();
            let frame = Luma::new(width, height, width, &pixels).expect("a frame");
            grey.fill(&frame, 2000);
            let mut half = Grey::default();
            grey.halve_into(&mut half);
            assert_eq!((half.width, half.height), (width / 2, height / 2));
            for (at, &mean) in half.pixels.iter().enumerate() {
                let (x, y) = (at % half.width * 2, at / half.width * 2);
                let four = [(0, 0), (1, 0), (0, 1), (1, 1)];
                let sum: u32 =
                    four.iter().map(|&(dx, dy)| u32::from(pixels[(y + dy) * width + x + dx])).sum();
                assert_eq!(u32::from(mean), (sum + 2) / 4, "{width}x{height} at {x}, {y}");
            }
        }
    }
}
