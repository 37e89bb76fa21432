//! What strangers hand in as a photo or a PDF.

use super::*;
use image::{DynamicImage, RgbImage};
use pdf_writer::{Finish, Pdf, Rect, Ref};

fn picture(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(vec![]);
    DynamicImage::from(RgbImage::new(4, 3)).write_to(&mut bytes, format).expect("is written");
    bytes.into_inner()
}

/// A page of paper with nothing on it.
fn paper() -> Vec<u8> {
    let mut pdf = Pdf::new();
    let (catalog, pages, page) = (Ref::new(1), Ref::new(2), Ref::new(3));
    pdf.catalog(catalog).pages(pages);
    pdf.pages(pages).kids([page]).count(1);
    pdf.page(page).parent(pages).media_box(Rect::new(0.0, 0.0, 595.0, 842.0)).finish();
    pdf.finish()
}

fn refused(bytes: &[u8], asked: Asked) -> String {
    let refusal = check(bytes, asked).expect_err("is refused");
    assert!(!refusal.said.en.is_empty() && !refusal.said.zh.is_empty());
    refusal.reason
}

#[test]
fn c19_photos_and_pdfs_are_told_by_their_bytes() {
    for asked in [Asked::Photo, Asked::Document] {
        assert_eq!(check(&picture(ImageFormat::Jpeg), asked), Ok("image/jpeg"));
        assert_eq!(check(&picture(ImageFormat::Png), asked), Ok("image/png"));
        assert_eq!(check(&picture(ImageFormat::WebP), asked), Ok("image/webp"));
        assert_eq!(refused(b"", asked), "empty_file");
    }
    assert_eq!(check(&paper(), Asked::Document), Ok(PDF_TYPE));
    assert_eq!(refused(&paper(), Asked::Photo), "not_a_photo");
    for bad in [&b"<svg onload=alert(1)>"[..], b"GIF89a", b"\xFF\xD8", b"PK\x03\x04"] {
        assert_eq!(refused(bad, Asked::Photo), "not_a_photo");
        assert_eq!(refused(bad, Asked::Document), "not_a_document");
    }
}

#[test]
fn c19_a_pdf_that_is_not_one_is_told_what_it_is() {
    let told = |bytes: &[u8]| check(bytes, Asked::Document).expect_err("is refused").said;
    let said = |bytes: &[u8]| told(bytes).en;
    for (bytes, chinese) in [
        (&b"<html><title>Sign in</title>"[..], "该文件实为网页"),
        ("生产记录单".as_bytes(), "该文件实为纯文本"),
        (b"PK\x03\x04\x14\0\0\0", "也不是 PDF"),
        (b"%PDF-1.7 and so on", "PDF 不完整"),
    ] {
        assert!(told(bytes).zh.contains(chinese), "{:?}", told(bytes));
    }
    for page in ["<!DOCTYPE html><title>Sign in</title>", "\u{feff}\n <HTML>", "<?xml version='1.0'?><svg/>"]
    {
        assert!(said(page.as_bytes()).starts_with("This is a web page"), "{page}");
    }
    assert!(said("Run sheet 2026-0412\r\nLine 3, 480 pieces".as_bytes()).starts_with("This is plain text"));
    assert!(said("生产记录单".as_bytes()).starts_with("This is plain text"));
    assert!(said(b"PK\x03\x04\x14\0\0\0").starts_with("This is neither"));
    // A page that speaks of PDF is none.
    assert!(said(b"<html>Save it as %PDF-x").starts_with("This is a web page"));
}

#[test]
fn c19_a_pdf_that_cannot_be_opened_is_refused() {
    let whole = paper();
    let reason = |bytes: &[u8]| refused(bytes, Asked::Document);
    for part in [whole.len() / 2, whole.len() - 7, 9] {
        assert_eq!(reason(&whole[..part]), "pdf_cut_off", "{part} of {}", whole.len());
    }
    let text = String::from_utf8_lossy(&whole).into_owned();
    let end = text.rfind("startxref").expect("has an end");
    for pointer in ["startxref\n0\n%%EOF", "startxref\n999999999999999999999\n%%EOF", "startxref\n%%EOF"] {
        let bad = [&whole[..end], pointer.as_bytes()].concat();
        assert_eq!(reason(&bad), "pdf_damaged", "{pointer}");
    }
    assert_eq!(reason(&[b"startxref 9 %%EOF %PDF-1.7".as_slice()].concat()), "pdf_damaged");
    let replaced = |old: &[u8], new: &[u8]| {
        let at = whole.windows(old.len()).rposition(|some| some == old).expect("is there");
        [&whole[..at], new, &whole[at + old.len()..]].concat()
    };
    assert_eq!(reason(&replaced(b"/Root", b"/Rook")), "pdf_damaged");
    assert_eq!(reason(&replaced(b"/Root", b"/Encrypt 9 0 R/Root")), "pdf_locked");
}

#[test]
fn c19_pdfs_of_other_writers_are_taken() {
    let whole = paper();
    let before = [b"from a mailbox\r\n".as_slice(), &whole].concat();
    assert_eq!(check(&before, Asked::Document), Ok(PDF_TYPE), "offsets that do not count what is before");
    let after = [&whole[..], b"\r\n\r\n-- sent from a phone --"].concat();
    assert_eq!(check(&after, Asked::Document), Ok(PDF_TYPE), "something after the end");
    let stream = b"%PDF-1.5\n1 0 obj\n<</Type/XRef/Root 2 0 R/W[1 1 1]/Size 1>>\nstream\n\0\0\0\nendstream\nendobj\nstartxref\n9\n%%EOF";
    assert_eq!(check(stream, Asked::Document), Ok(PDF_TYPE), "a stream in place of a table");
}

#[test]
fn c19_a_picture_that_would_fill_the_memory_is_refused() {
    let mut bomb = picture(ImageFormat::Png);
    bomb[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
    // The header's own checksum has to be right, or it is merely damaged.
    let sum = crc(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&sum.to_be_bytes());
    let refusal = check(&bomb, Asked::Photo).expect_err("is refused");
    assert_eq!(refusal.reason, "photo_too_many_pixels");
    assert!(refusal.said.zh.contains("60000 × 60000"), "{}", refusal.said.zh);
    assert_eq!(refused(&picture(ImageFormat::Jpeg)[..20], Asked::Photo), "unreadable_photo");
    assert_eq!(refused(b"\xFF\xD8\xFF\xE0 no more than a begin", Asked::Photo), "unreadable_photo");
}

/// The checksum of a PNG's chunk (ISO/IEC 15948, annex D).
fn crc(bytes: &[u8]) -> u32 {
    let step = |sum: u32, _: u32| if sum & 1 == 1 { 0xEDB8_8320 ^ (sum >> 1) } else { sum >> 1 };
    !bytes.iter().fold(!0, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), step))
}

#[test]
fn c19_a_photo_of_an_iphone_is_told_how_to_mend_it() {
    for brand in ["heic", "mif1", "hevc"] {
        let photo = [b"\0\0\0\x18ftyp", brand.as_bytes(), b"\0\0\0\0mif1heic"].concat();
        for asked in [Asked::Photo, Asked::Document] {
            let refusal = check(&photo, asked).expect_err("is refused");
            assert_eq!(refusal.reason, "heic");
            assert!(refusal.said.en.contains("Most Compatible") && refusal.said.zh.contains("兼容性最佳"));
        }
    }
}

#[test]
fn c19_what_is_too_large_is_told_by_what_it_is() {
    let large = |begin: &[u8], most: usize| [begin, &vec![0; most]].concat();
    let photo = large(&picture(ImageFormat::Jpeg), PHOTO);
    assert_eq!(refused(&photo, Asked::Document), "photo_too_large");
    assert_eq!(refused(&large(b"%PDF-1.4\n", PDF), Asked::Document), "pdf_too_large");
    assert_eq!(Asked::Photo.too_large(b"%PDF-1.4").reason, "photo_too_large");
    assert_eq!(Asked::Document.too_large(b"%PDF-1.4").reason, "pdf_too_large");
    assert_eq!(Asked::Document.too_large(&photo).reason, "photo_too_large");
}
