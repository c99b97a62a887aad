//! What is checked of a WebP file before it is decoded: chunks in a RIFF file, each with its name and
//! length (RFC 9649).
//!
//! A file may state its size twice, for all of it and in the coded pixels, and the decoder makes room
//! for the second before it compares them: two thousand bytes would take 400 MB.

use super::NotAPicture;

const IS_ANIMATED: u8 = 0x02;

/// Whether all sizes in it agree and nothing in it moves.
///
/// # Errors
/// Why not.
pub(super) fn check(file: &[u8]) -> Result<(), NotAPicture> {
    let mut rest = file.get(12..).ok_or(NotAPicture::Damaged)?;
    let mut stated: Option<(u32, u32)> = None;
    while !rest.is_empty() {
        let name = slice(rest, 0, 4)?;
        let length = usize::try_from(number(slice(rest, 4, 4)?)).unwrap_or(usize::MAX);
        // The last chunk may be cut off, which the decoder notices.
        let data = rest.get(8..8_usize.saturating_add(length)).unwrap_or(&rest[8..]);
        let size = match name {
            b"VP8X" if data.first().is_some_and(|flags| flags & IS_ANIMATED != 0) => {
                return Err(NotAPicture::Animated);
            }
            b"ANIM" | b"ANMF" => return Err(NotAPicture::Animated),
            b"VP8X" => Some((number(slice(data, 4, 3)?) + 1, number(slice(data, 7, 3)?) + 1)),
            b"VP8 " => {
                let side = |from| Ok(number(slice(data, from, 2)?) & 0x3fff);
                Some((side(6)?, side(8)?))
            }
            b"VP8L" => {
                let bits = number(slice(data, 1, 4)?);
                Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
            }
            _ => None,
        };
        if size.is_some_and(|size| *stated.get_or_insert(size) != size) {
            return Err(NotAPicture::Damaged);
        }
        let padded = length.saturating_add(length % 2);
        rest = rest.get(8_usize.saturating_add(padded)..).unwrap_or_default();
    }
    stated.map(drop).ok_or(NotAPicture::Damaged)
}

fn slice(bytes: &[u8], from: usize, length: usize) -> Result<&[u8], NotAPicture> {
    bytes.get(from..from + length).ok_or(NotAPicture::Damaged)
}

/// Little-endian, of up to four bytes.
fn number(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte))
}
