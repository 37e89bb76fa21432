//! Papers: pictures and PDFs as small as they come, each with something of its own in it.

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use pdf_writer::{Finish, Pdf, Rect, Ref};
use std::io::Cursor;

/// A picture of one colour.
pub(crate) fn picture(format: ImageFormat, red: u8) -> Vec<u8> {
    let mut bytes = Cursor::new(vec![]);
    let picture = RgbImage::from_pixel(16, 12, Rgb([red, 90, 40]));
    DynamicImage::from(picture).write_to(&mut bytes, format).expect("is written");
    bytes.into_inner()
}

/// A photo.
pub(crate) fn jpeg() -> Vec<u8> {
    picture(ImageFormat::Jpeg, 200)
}

/// A page with nothing on it.
pub(crate) fn pdf() -> Vec<u8> {
    let mut pdf = Pdf::new();
    let (catalog, pages, page) = (Ref::new(1), Ref::new(2), Ref::new(3));
    pdf.catalog(catalog).pages(pages);
    pdf.pages(pages).kids([page]).count(1);
    pdf.page(page).parent(pages).media_box(Rect::new(0.0, 0.0, 595.0, 842.0)).finish();
    pdf.finish()
}
