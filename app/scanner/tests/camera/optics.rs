//! What stands between a symbol and the pixels, in the order in which it does: the hand that moves, the lens,
//! the light, the sensor, the file.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageFormat};

use crate::picture::{Frame, Glare, Noise, View};

impl Frame {
    /// Does to what was drawn all that the view says.
    pub(crate) fn spoil(&mut self, view: View) {
        let (length, direction) = view.motion;
        if length > 0.0 {
            self.smear(length, direction);
        }
        if view.blur > 0.0 {
            self.blur(view.blur, 1, self.width);
            self.blur(view.blur, self.width, self.height);
        }
        let mut noise = Noise(0x2545_F491);
        for at in 0..self.pixels.len() {
            let (x, y) = (at % self.width, at / self.width);
            let shade = 1.0 - x as f32 / self.width as f32 * (1.0 - view.shadow);
            let glare = view.glare.map_or(0.0, |glare| self.glare(glare, x, y));
            let light = (self.pixels[at] * shade + glare).min(255.0);
            self.pixels[at] = light + noise.next() * view.noise;
        }
        if let Some(quality) = view.jpeg {
            self.file(quality);
        }
    }

    /// A Gaussian along one axis: `step` to the neighbour, `length` of the axis.
    fn blur(&mut self, sigma: f32, step: usize, length: usize) {
        let radius = (3.0 * sigma).ceil() as isize;
        let weights: Vec<f32> =
            (-radius..=radius).map(|d| (-(d * d) as f32 / (2.0 * sigma * sigma)).exp()).collect();
        let sum: f32 = weights.iter().sum();
        let old = self.pixels.clone();
        for (at, pixel) in self.pixels.iter_mut().enumerate() {
            let place = if step == 1 { at % length } else { at / step };
            let total: f32 = (-radius..=radius)
                .zip(&weights)
                .map(|(d, weight)| {
                    let near = (place as isize + d).clamp(0, length as isize - 1) - place as isize;
                    weight * old[(at as isize + near * step as isize) as usize]
                })
                .sum();
            *pixel = total / sum;
        }
    }

    /// The mean of what a pixel sees on its way.
    fn smear(&mut self, length: f32, direction: f32) {
        let (sin, cos) = direction.to_radians().sin_cos();
        let steps = (2.0 * length).ceil() as usize + 1;
        let old = self.pixels.clone();
        for (at, pixel) in self.pixels.iter_mut().enumerate() {
            let (x, y) = ((at % self.width) as f32, (at / self.width) as f32);
            let along = |step: usize| {
                let way = length * (step as f32 / (steps - 1) as f32 - 0.5);
                between(&old, self.width, self.height, (x + way * cos, y + way * sin))
            };
            *pixel = (0..steps).map(along).sum::<f32>() / steps as f32;
        }
    }

    /// The light that a reflection adds to a pixel.
    fn glare(&self, Glare { at, reach, light }: Glare, x: usize, y: usize) -> f32 {
        let u = (x as f32 - self.width as f32 / 2.0 - at.0) / reach.0;
        let v = (y as f32 - self.height as f32 / 2.0 - at.1) / reach.1;
        light * (-(u * u + v * v)).exp2()
    }

    /// Writes the frame as a JPEG and reads it again.
    fn file(&mut self, quality: u8) {
        let mut file = Vec::new();
        JpegEncoder::new_with_quality(&mut file, quality)
            .encode(&self.bytes(), self.width as u32, self.height as u32, ExtendedColorType::L8)
            .expect("a JPEG");
        let picture = image::load_from_memory_with_format(&file, ImageFormat::Jpeg).expect("the same JPEG");
        self.pixels = picture.into_luma8().into_raw().into_iter().map(f32::from).collect();
    }
}

/// The brightness between four pixels; beyond the edge it is the edge's.
fn between(pixels: &[f32], width: usize, height: usize, (x, y): (f32, f32)) -> f32 {
    let (x, y) = (x.clamp(0.0, width as f32 - 1.0), y.clamp(0.0, height as f32 - 1.0));
    let (left, top) = (x as usize, y as usize);
    let (right, below) = ((left + 1).min(width - 1), (top + 1).min(height - 1));
    let (part, down) = (x - left as f32, y - top as f32);
    let row = |y: usize| pixels[y * width + left] * (1.0 - part) + pixels[y * width + right] * part;
    row(top) * (1.0 - down) + row(below) * down
}
