//! Pictures of people: which files are accepted, and which parts of them are kept.
//!
//! A picture's kind is determined by its first bytes, never by its declared type, and it is parsed
//! just far enough to get its size and to remove metadata about when, where and with what it was
//! taken.

mod jpeg;
mod keeping;
mod png;
mod store;
mod webp;

pub use keeping::{Pictures, adopt_all, forget_taken_away, replace, show, sweep};

/// The largest file, in bytes.
pub const LARGEST_FILE: usize = 2 * 1024 * 1024;
/// The maximum number of pixels on a side: viewers hold every pixel in memory.
const LONGEST_SIDE: u32 = 4_096;

/// The accepted kinds of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    Webp,
}

impl Kind {
    /// The file name extension.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
        }
    }

    /// The media type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
        }
    }
}

/// A picture that can be shown to others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Its kind.
    pub kind: Kind,
    /// The file, without private metadata.
    pub bytes: Vec<u8>,
}

/// Why a file is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAPicture {
    /// It is something else.
    #[error("Choose a picture in PNG, JPEG or WebP format.")]
    Unknown,
    /// It is truncated or malformed.
    #[error("The picture is damaged. Save it again, or choose another one.")]
    Damaged,
    /// It has too many pixels.
    #[error("The picture is too large. It may be {LONGEST_SIDE} pixels wide and high.")]
    TooLarge,
    /// It is animated.
    #[error("The picture moves. Choose one that stands still.")]
    Animated,
}

/// The kept part of a file, and its width and height.
struct Cleaned {
    bytes: Vec<u8>,
    width: u32,
    height: u32,
}

/// Reads a file as a picture.
///
/// # Errors
/// Why it is refused.
pub fn read(file: &[u8]) -> Result<Picture, NotAPicture> {
    let kind = match file {
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Kind::Png,
        [0xff, 0xd8, 0xff, ..] => Kind::Jpeg,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Kind::Webp,
        _ => return Err(NotAPicture::Unknown),
    };
    let cleaned = match kind {
        Kind::Png => png::clean(file),
        Kind::Jpeg => jpeg::clean(file),
        Kind::Webp => webp::clean(file),
    }?;
    let sides = [cleaned.width, cleaned.height];
    if sides.contains(&0) {
        return Err(NotAPicture::Damaged);
    }
    if sides.iter().any(|side| *side > LONGEST_SIDE) {
        return Err(NotAPicture::TooLarge);
    }
    Ok(Picture { kind, bytes: cleaned.bytes })
}

/// The kind of a stored picture by its name; `None` for invalid names, which could lead out of the
/// folder.
pub fn kind_of_name(name: &str) -> Option<Kind> {
    let (secret, extension) = name.split_once('.')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if secret.len() != 43 || !secret.chars().all(plain) {
        return None;
    }
    [Kind::Png, Kind::Jpeg, Kind::Webp].into_iter().find(|kind| kind.extension() == extension)
}

/// This many bytes from there, if they exist.
fn slice(bytes: &[u8], from: usize, length: usize) -> Result<&[u8], NotAPicture> {
    let end = from.checked_add(length).ok_or(NotAPicture::Damaged)?;
    bytes.get(from..end).ok_or(NotAPicture::Damaged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn what_is_no_picture_is_refused() {
        for file in [&b""[..], b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", b"GIF89a", b"BM"] {
            assert_eq!(read(file), Err(NotAPicture::Unknown));
        }
        assert_eq!(read(b"\x89PNG\r\n\x1a\n"), Err(NotAPicture::Damaged));
        assert_eq!(read(b"\xff\xd8\xff"), Err(NotAPicture::Damaged));
        assert_eq!(read(b"RIFF\0\0\0\0WEBP"), Err(NotAPicture::Damaged));
    }

    #[test]
    fn names_do_not_lead_out_of_the_folder() {
        let name = format!("{}.png", Random::seeded(1).secret());
        assert_eq!(kind_of_name(&name), Some(Kind::Png));
        for name in ["../plenary.sqlite", "a.png", &name.replace(".png", ".svg"), &name[1..]] {
            assert_eq!(kind_of_name(name), None, "{name}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_stumble(
            head in proptest::sample::select(vec![
                b"\x89PNG\r\n\x1a\n".to_vec(), b"\xff\xd8\xff".to_vec(),
                b"RIFF\x40\0\0\0WEBPVP8X".to_vec(),
            ]),
            tail in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200),
        ) {
            let _ = read(&[head, tail].concat());
        }
    }
}
