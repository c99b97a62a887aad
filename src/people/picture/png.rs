//! PNG: chunks, each with its length, name and checksum (RFC 2083).

use super::{Cleaned, NotAPicture, slice};

/// What is needed to show the picture as it is meant.
const KEPT: [&[u8]; 11] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT",
    b"pHYs",
];

pub(super) fn clean(file: &[u8]) -> Result<Cleaned, NotAPicture> {
    let (signature, mut rest) = file.split_at_checked(8).ok_or(NotAPicture::Damaged)?;
    let header = slice(rest, 0, 16)?;
    if &header[4..8] != b"IHDR" {
        return Err(NotAPicture::Damaged);
    }
    let (width, height) = (number(&header[8..12]), number(&header[12..16]));
    let mut bytes = signature.to_vec();
    loop {
        let length = number(slice(rest, 0, 4)?);
        let length = usize::try_from(length).map_err(|_| NotAPicture::Damaged)?;
        let chunk = slice(rest, 0, length.saturating_add(12))?;
        let name = &chunk[4..8];
        if KEPT.contains(&name) {
            bytes.extend_from_slice(chunk);
        }
        if name == b"IEND" {
            return Ok(Cleaned { bytes, width, height });
        }
        rest = &rest[chunk.len()..];
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let length = u32::try_from(data.len()).unwrap().to_be_bytes();
        [&length[..], name, data, &[1, 2, 3, 4]].concat()
    }

    fn file(width: u32, chunks: &[Vec<u8>]) -> Vec<u8> {
        let size = [width.to_be_bytes(), 7_u32.to_be_bytes()].concat();
        let head = [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &size)].concat();
        [head, chunks.concat(), chunk(b"IEND", b"")].concat()
    }

    #[test]
    fn what_is_nobodys_business_is_left_out() {
        let data = chunk(b"IDAT", b"pixels");
        let told = [chunk(b"eXIf", b"GPS"), chunk(b"tEXt", b"Author"), data.clone()];
        let cleaned = clean(&[file(9, &told), b"hidden behind the end".to_vec()].concat()).unwrap();
        assert_eq!(cleaned.bytes, file(9, &[data]));
        assert_eq!((cleaned.width, cleaned.height), (9, 7));
    }

    #[test]
    fn a_chunk_beyond_the_end_is_damage() {
        let whole = file(9, &[chunk(b"IDAT", b"pixels")]);
        for end in 8..whole.len() {
            assert!(clean(&whole[..end]).is_err(), "{end}");
        }
    }
}
