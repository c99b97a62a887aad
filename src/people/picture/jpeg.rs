//! JPEG: segments, each with its marker and length, and the coded pixels between them (ITU T.81).

use super::{Cleaned, NotAPicture, slice};

const START_OF_IMAGE: u8 = 0xd8;
const END_OF_IMAGE: u8 = 0xd9;
const START_OF_SCAN: u8 = 0xda;
/// Markers that stand alone, without a length.
const ALONE: [u8; 9] = [0x01, 0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7];

pub(super) fn clean(file: &[u8]) -> Result<Cleaned, NotAPicture> {
    let mut bytes = vec![0xff, START_OF_IMAGE];
    let mut at = 2;
    let mut size = None;
    loop {
        if slice(file, at, 1)? != [0xff] {
            return Err(NotAPicture::Damaged);
        }
        // Any number of fill bytes may precede a marker.
        while slice(file, at + 1, 1)? == [0xff] {
            at += 1;
        }
        let marker = slice(file, at + 1, 1)?[0];
        at += 2;
        if marker == END_OF_IMAGE {
            bytes.extend_from_slice(&[0xff, END_OF_IMAGE]);
            // Cameras append further pictures, with all their metadata, after the end.
            let (width, height) = size.ok_or(NotAPicture::Damaged)?;
            return Ok(Cleaned { bytes, width, height });
        }
        if ALONE.contains(&marker) {
            bytes.extend_from_slice(&[0xff, marker]);
            continue;
        }
        let length = slice(file, at, 2)?;
        let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
        let segment = slice(file, at, length)?;
        let data = segment.get(2..).ok_or(NotAPicture::Damaged)?;
        at += length;
        if is_frame(marker) {
            let side = |from| slice(data, from, 2).map(|two| u16::from_be_bytes([two[0], two[1]]));
            size = Some((u32::from(side(3)?), u32::from(side(1)?)));
        }
        if let Some(upright) = orientation(marker, data) {
            bytes.extend_from_slice(&upright);
        } else if is_kept(marker, data) {
            bytes.extend_from_slice(&[0xff, marker]);
            bytes.extend_from_slice(segment);
        }
        if marker == START_OF_SCAN {
            let pixels = coded(&file[at..]);
            bytes.extend_from_slice(pixels);
            at += pixels.len();
        }
    }
}

/// Whether the segment contains the size of the picture.
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
}

/// Whether to keep an application segment: only if it affects the look of the picture.
fn is_kept(marker: u8, data: &[u8]) -> bool {
    match marker {
        0xe0 => data.starts_with(b"JFIF\0"),
        0xe2 => data.starts_with(b"ICC_PROFILE\0"),
        0xee => data.starts_with(b"Adobe"),
        0xe1..=0xef | 0xfe => false,
        _ => true,
    }
}

/// The coded pixels up to the next marker.
fn coded(rest: &[u8]) -> &[u8] {
    let is_marker = |two: &[u8]| two[0] == 0xff && !matches!(two[1], 0x00 | 0xff | 0xd0..=0xd7);
    let end = rest.windows(2).position(is_marker).unwrap_or(rest.len());
    &rest[..end]
}

/// From a camera's metadata (Exif), a segment with only the orientation; `None` if the segment is
/// something else or has none.
fn orientation(marker: u8, data: &[u8]) -> Option<Vec<u8>> {
    let tiff = data.strip_prefix(b"Exif\0\0").filter(|_| marker == 0xe1)?;
    let little = tiff.starts_with(b"II");
    let number = |at: usize, length: usize| {
        let bytes = tiff.get(at..at.checked_add(length)?)?;
        let add = |number: usize, byte: &u8| number << 8 | usize::from(*byte);
        Some(if little { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) })
    };
    let directory = number(4, 4)?;
    let entries = number(directory, 2)?;
    let mut entry = (0..entries).map(|index| directory.saturating_add(2 + 12 * index));
    let value = entry.find(|at| number(*at, 2) == Some(0x0112)).and_then(|at| number(at + 8, 2))?;
    let value = u8::try_from(value).ok().filter(|value| (2..=8).contains(value))?;
    let mut segment = vec![0xff, 0xe1, 0, 34];
    segment.extend_from_slice(b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0");
    segment.extend_from_slice(&[value, 0, 0, 0, 0, 0, 0]);
    Some(segment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker], &length[..], data].concat()
    }

    fn file(extra: &[Vec<u8>]) -> Vec<u8> {
        let frame = segment(0xc0, &[8, 2, 88, 3, 32, 1, 1, 0x11, 0]);
        let scan = segment(START_OF_SCAN, &[1, 1, 0, 0, 63, 0]);
        let pixels = vec![1, 2, 0xff, 0x00, 3, 0xff, 0xd0, 4];
        [vec![0xff, 0xd8], extra.concat(), frame, scan, pixels, vec![0xff, 0xd9]].concat()
    }

    #[test]
    fn what_is_nobodys_business_is_left_out() {
        let shown = segment(0xe0, b"JFIF\0 and so on");
        let told = [
            shown.clone(),
            segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0<xmp/>"),
            segment(0xe1, b"Exif\0\0II\x2a\0\x08\0\0\0\0\0GPS"),
            segment(0xfe, b"taken at home"),
        ];
        let hidden = [file(&told), b"a second picture".to_vec()].concat();
        let cleaned = clean(&hidden).unwrap();
        assert_eq!(cleaned.bytes, file(&[shown]));
        assert_eq!((cleaned.width, cleaned.height), (800, 600));
    }

    #[test]
    fn which_side_is_up_is_kept() {
        let exif = b"Exif\0\0II\x2a\0\x08\0\0\0\x02\0\
            \x0f\x01\x02\0\x04\0\0\0ABC\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        let cleaned = clean(&file(&[segment(0xe1, exif)])).unwrap();
        let kept = &cleaned.bytes[2..38];
        assert_eq!(&kept[..4], [0xff, 0xe1, 0, 34]);
        assert_eq!(orientation(0xe1, &kept[4..]), Some(kept.to_vec()), "and can be read again");
        assert!(!cleaned.bytes.windows(3).any(|bytes| bytes == b"ABC"));
    }

    #[test]
    fn what_is_cut_off_is_damage() {
        let whole = file(&[]);
        for end in 0..whole.len() {
            assert!(clean(&whole[..end]).is_err(), "{end}");
        }
    }
}
