//! WebP: chunks in a RIFF file, each with its name and length (RFC 9649).

use super::{Cleaned, NotAPicture, slice};

const HAS_METADATA: u8 = 0x08 | 0x04;
const IS_ANIMATED: u8 = 0x02;

pub(super) fn clean(file: &[u8]) -> Result<Cleaned, NotAPicture> {
    let length = usize::try_from(number(slice(file, 4, 4)?)).map_err(|_| NotAPicture::Damaged)?;
    let mut rest = slice(file, 8, length)?.get(4..).ok_or(NotAPicture::Damaged)?;
    let mut chunks = Vec::with_capacity(length);
    let mut size = None;
    while !rest.is_empty() {
        let name = slice(rest, 0, 4)?;
        let length = usize::try_from(number(slice(rest, 4, 4)?)).unwrap_or(usize::MAX);
        let data = slice(rest, 8, length)?;
        match name {
            b"VP8X" => {
                let flags = *data.first().ok_or(NotAPicture::Damaged)?;
                if flags & IS_ANIMATED != 0 {
                    return Err(NotAPicture::Animated);
                }
                let side = |from| Ok(number(slice(data, from, 3)?) + 1);
                size = Some((side(4)?, side(7)?));
                let flags = flags & !HAS_METADATA;
                push(&mut chunks, name, &[&[flags], &data[1..]].concat());
            }
            b"VP8 " => {
                let side = |from| Ok(number(slice(data, from, 2)?) & 0x3fff);
                size = size.or(Some((side(6)?, side(8)?)));
                push(&mut chunks, name, data);
            }
            b"VP8L" => {
                let bits = number(slice(data, 1, 4)?);
                size = size.or(Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1)));
                push(&mut chunks, name, data);
            }
            b"ALPH" | b"ICCP" => push(&mut chunks, name, data),
            // Where and with what it was taken, and what no browser shows.
            _ => {}
        }
        let padded = data.len() + data.len() % 2;
        rest = rest.get(8 + padded..).unwrap_or_default();
    }
    let (width, height) = size.ok_or(NotAPicture::Damaged)?;
    let length = u32::try_from(chunks.len() + 4).map_err(|_| NotAPicture::Damaged)?;
    let bytes = [b"RIFF", &length.to_le_bytes()[..], b"WEBP", &chunks].concat();
    Ok(Cleaned { bytes, width, height })
}

fn push(chunks: &mut Vec<u8>, name: &[u8], data: &[u8]) {
    chunks.extend_from_slice(name);
    // It came out of a file whose lengths are 32 bits.
    chunks.extend_from_slice(&u32::try_from(data.len()).unwrap_or(u32::MAX).to_le_bytes());
    chunks.extend_from_slice(data);
    if data.len() % 2 == 1 {
        chunks.push(0);
    }
}

/// Little-endian, of up to four bytes.
fn number(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut body = Vec::new();
        for (name, data) in chunks {
            push(&mut body, *name, data);
        }
        let length = u32::try_from(body.len() + 4).unwrap().to_le_bytes();
        [b"RIFF", &length[..], b"WEBP", &body].concat()
    }

    const LOSSY: (&[u8; 4], &[u8]) = (b"VP8 ", &[0, 0, 0, 0x9d, 1, 0x2a, 0x20, 3, 0x58, 0x42, 9]);

    #[test]
    fn the_size_is_read_and_metadata_left_out() {
        let extended: [u8; 10] = [0x1c, 0, 0, 0, 0x1f, 3, 0, 0x57, 2, 0];
        let shown: [u8; 10] = [0x10, 0, 0, 0, 0x1f, 3, 0, 0x57, 2, 0];
        let told = file(&[(b"VP8X", &extended), LOSSY, (b"EXIF", b"GPS"), (b"XMP ", b"<x/>")]);
        let cleaned = clean(&told).unwrap();
        assert_eq!(cleaned.bytes, file(&[(b"VP8X", &shown), LOSSY]));
        assert_eq!((cleaned.width, cleaned.height), (800, 600));
        let simple = clean(&file(&[LOSSY])).unwrap();
        assert_eq!((simple.width, simple.height), (800, 0x0258), "the scale bits do not count");
        let lossless = clean(&file(&[(b"VP8L", &[0x2f, 0x1f, 0xc3, 0x95, 0])])).unwrap();
        assert_eq!((lossless.width, lossless.height), (800, 600));
    }

    #[test]
    fn what_moves_is_refused() {
        let moving = file(&[(b"VP8X", &[2, 0, 0, 0, 9, 0, 0, 9, 0, 0]), (b"ANIM", &[0; 6])]);
        assert_eq!(clean(&moving).err(), Some(NotAPicture::Animated));
    }
}
