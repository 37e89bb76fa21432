//! Brightness: the frame as the caller holds it, and the grey copies that the finders work on.

use std::fmt;

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
