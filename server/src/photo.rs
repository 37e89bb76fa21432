//! Photos: told by their first bytes, whatever a file is called.

use domain::{
    refusal::Refusal,
    text::{Text, text},
};

/// The most bytes of one photo.
pub const LARGEST: usize = 8 * 1024 * 1024;

const NOT_A_PHOTO: Text = text(
    "This is not a photo in JPEG, PNG or WebP. Take it again, or convert it.",
    "该文件不是 JPEG、PNG 或 WebP 照片，请重新拍摄或转换格式。",
);
const TOO_LARGE: Text = text(
    "The photo has {size} MB; up to {most} MB are taken. Take it at a lower resolution.",
    "照片大小为 {size} MB，上限为 {most} MB，请降低分辨率后重试。",
);

/// The media type of a photo.
///
/// # Errors
/// When it is too large, or none.
pub fn check(bytes: &[u8]) -> Result<&'static str, Refusal> {
    if bytes.len() > LARGEST {
        let mb = |bytes: usize| bytes.div_ceil(1024 * 1024).to_string();
        let said = TOO_LARGE.with(&[("size", &mb(bytes.len())), ("most", &mb(LARGEST))]);
        return Err(Refusal::said("photo_too_large", said));
    }
    media_type(bytes).ok_or_else(|| Refusal::new("not_a_photo", NOT_A_PHOTO))
}

/// What the first bytes say: JPEG (ISO/IEC 10918-1), PNG (ISO/IEC 15948) or WebP (RFC 9649).
pub fn media_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some("image/png"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_is_told_by_its_first_bytes() {
        assert_eq!(check(b"\xFF\xD8\xFF\xE0rest"), Ok("image/jpeg"));
        assert_eq!(check(b"\x89PNG\r\n\x1a\nrest"), Ok("image/png"));
        assert_eq!(check(b"RIFF\0\0\0\0WEBPVP8 "), Ok("image/webp"));
        for bad in [&b"<svg onload=alert(1)>"[..], b"", b"GIF89a", b"\xFF\xD8"] {
            assert_eq!(check(bad).expect_err("is refused").reason, "not_a_photo");
        }
        assert_eq!(check(&vec![0xFF; LARGEST + 1]).expect_err("is refused").reason, "photo_too_large");
    }
}
