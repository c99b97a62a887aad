//! A picture to upload.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

/// A PNG of this width, with a private comment.
pub fn png(width: u32) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    let pixels = RgbImage::from_pixel(width, 40, Rgb([0, 128, 0]));
    pixels.write_to(&mut file, ImageFormat::Png).expect("a picture");
    let file = file.into_inner();
    // Behind the signature and the header.
    let (head, rest) = file.split_at(33);
    [head, &chunk(b"tEXt", b"Comment\0at home"), rest].concat()
}

fn chunk(name: &[u8], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).expect("small").to_be_bytes();
    let mut sum = flate2::Crc::new();
    sum.update(name);
    sum.update(data);
    [&length[..], name, data, &sum.sum().to_be_bytes()].concat()
}
