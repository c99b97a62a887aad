//! What becomes of files that people, cameras and attackers make.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, GenericImageView as _, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use proptest::prelude::any;

use super::{Format, NotAPicture, Picture, decode, written};

fn read(file: &[u8]) -> Result<Picture, NotAPicture> {
    decode::decode(file).and_then(|pixels| written::write(&pixels))
}

/// Red above, blue below.
fn pixels(width: u32, height: u32) -> RgbImage {
    let half = height / 2;
    RgbImage::from_fn(width, height, |_, y| Rgb(if y < half { [255, 0, 0] } else { [0, 0, 255] }))
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    pixels(width, height).write_with_encoder(JpegEncoder::new(&mut file)).expect("a file");
    file
}

fn png(picture: &DynamicImage) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Png).expect("a file");
    file.into_inner()
}

fn webp(width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let pixels = pixels(width, height);
    pixels.write_with_encoder(WebPEncoder::new_lossless(&mut file)).expect("a file");
    file
}

/// Where this begins in a file.
fn place(file: &[u8], of: &[u8]) -> usize {
    file.windows(of.len()).position(|bytes| bytes == of).expect("it is there")
}

/// A RIFF file of these chunks.
fn riff(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (name, data) in chunks {
        body.extend_from_slice(*name);
        body.extend_from_slice(&u32::try_from(data.len()).expect("small").to_le_bytes());
        body.extend_from_slice(data);
        body.resize(body.len().next_multiple_of(2), 0);
    }
    let length = u32::try_from(body.len()).expect("small").to_le_bytes();
    [b"RIFF", &length[..], &body].concat()
}

/// The chunk that states the size of a whole WebP file.
fn extended(width: u32, height: u32, flags: u8) -> Vec<u8> {
    let side = |side: u32| (side - 1).to_le_bytes()[..3].to_vec();
    [vec![flags, 0, 0, 0], side(width), side(height)].concat()
}

/// The sizes of both files.
fn sides(picture: &Picture) -> [(u32, u32); 2] {
    [&picture.large, &picture.small].map(|file| {
        let format = match Format::of(file) {
            Format::Png => ImageFormat::Png,
            Format::Jpeg => ImageFormat::Jpeg,
        };
        image::load_from_memory_with_format(file, format).expect("our own file").dimensions()
    })
}

#[test]
fn every_picture_is_written_anew_as_a_square_of_two_sizes() {
    for file in [jpeg(1_200, 800), webp(1_200, 800), png(&pixels(1_200, 800).into())] {
        let picture = read(&file).expect("a picture");
        assert_eq!((picture.format, sides(&picture)), (Format::Jpeg, [(512, 512), (128, 128)]));
        assert!(picture.large.len() < 100_000 && picture.small.len() < 10_000);
    }
    let picture = read(&jpeg(40, 90)).expect("a picture");
    assert_eq!(sides(&picture), [(40, 40), (40, 40)], "nothing is enlarged");
    let picture = read(&jpeg(1, 4_096)).expect("a picture");
    assert_eq!(sides(&picture), [(1, 1), (1, 1)]);
}

#[test]
fn what_is_transparent_stays_so() {
    let clear = RgbaImage::from_pixel(300, 300, Rgba([0, 128, 0, 100]));
    let picture = read(&png(&clear.into())).expect("a picture");
    assert_eq!((picture.format, sides(&picture)), (Format::Png, [(300, 300), (128, 128)]));
    let solid = RgbaImage::from_pixel(300, 300, Rgba([0, 128, 0, 255]));
    assert_eq!(read(&png(&solid.into())).expect("a picture").format, Format::Jpeg);
}

#[test]
fn a_photo_is_upright_and_tells_nothing_else() {
    // Exif: the left of the file is the top of the picture, and a place.
    let exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0at home";
    let length = u16::try_from(exif.len() + 2).expect("small").to_be_bytes();
    let file = jpeg(600, 600);
    let told = [&file[..2], &[0xff, 0xe1], &length, exif, &file[2..]].concat();
    let picture = read(&told).expect("a picture");
    let shown = image::load_from_memory(&picture.large).expect("our own file");
    let [left, right] = [5, 506].map(|x| shown.get_pixel(x, 256).0);
    // The file's top, red, is the picture's right.
    assert!(right[0] > 200 && left[2] > 200, "{left:?} {right:?}");
    for file in [picture.large, picture.small] {
        assert!(!file.windows(7).any(|bytes| bytes == b"at home"));
    }
}

#[test]
fn a_jpeg_of_two_frame_headers_shows_nobody_the_second() {
    let file = jpeg(64, 64);
    let frame = place(&file, &[0xff, 0xc0]);
    let length = usize::from(u16::from_be_bytes([file[frame + 2], file[frame + 3]])) + 2;
    let mut second = file[frame..frame + length].to_vec();
    second[5..9].copy_from_slice(&[0xff, 0xdc, 0xff, 0xdc]);
    let scan = place(&file, &[0xff, 0xda]);
    let end = file.len() - 2;
    for (at, what) in [(frame, "before"), (frame + length, "behind"), (scan, "scan"), (end, "end")]
    {
        let hostile = [&file[..at], &second, &file[at..]].concat();
        match read(&hostile) {
            Ok(picture) => {
                assert_eq!(sides(&picture), [(64, 64), (64, 64)], "{what}");
                let frames =
                    |file: &[u8]| file.windows(2).filter(|two| *two == [0xff, 0xc0]).count();
                assert_eq!(frames(&picture.large), 1, "{what}");
            }
            Err(error) => {
                assert!(matches!(error, NotAPicture::Damaged | NotAPicture::TooLarge), "{what}");
            }
        }
    }
}

#[test]
fn a_webp_of_two_sizes_is_refused_before_it_takes_memory() {
    // Key frame, its sizes 16,383 pixels.
    let lossy = [&[0x10, 0, 0, 0x9d, 1, 0x2a, 0xff, 0x3f, 0xff, 0x3f][..], &[0; 2_000]].concat();
    let lossless = [&[0x2f, 0xff, 0xff, 0xff, 0x0f][..], &[0; 2_000]].concat();
    let small = webp(64, 64);
    let good = &small[20..];
    for (what, file) in [
        ("lossy", riff(&[(b"VP8X", &extended(64, 64, 0)), (b"VP8 ", &lossy)])),
        ("lossless", riff(&[(b"VP8X", &extended(64, 64, 0)), (b"VP8L", &lossless)])),
        ("second", riff(&[(b"VP8L", good), (b"VP8 ", &lossy)])),
        ("second header", riff(&[(b"VP8L", good), (b"VP8X", &extended(9_000, 9_000, 0))])),
    ] {
        assert_eq!(read(&file).err(), Some(NotAPicture::Damaged), "{what}");
    }
    for (what, file) in [
        ("lossy", riff(&[(b"VP8 ", &lossy)])),
        ("lossless", riff(&[(b"VP8L", &lossless)])),
        ("canvas", riff(&[(b"VP8X", &extended(16_384, 16_384, 0))])),
    ] {
        let refused = read(&file).expect_err(what);
        assert!(matches!(refused, NotAPicture::TooLarge | NotAPicture::Damaged), "{what}");
    }
    let moving = riff(&[(b"VP8X", &extended(64, 64, 0x02)), (b"ANIM", &[0; 6])]);
    assert_eq!(read(&moving).err(), Some(NotAPicture::Animated));
}

#[test]
fn too_many_pixels_are_refused_by_the_header() {
    let mut file = jpeg(64, 64);
    let frame = place(&file, &[0xff, 0xc0]);
    for sides in [[0xff, 0xdc, 0xff, 0xdc], [0x10, 0, 0x10, 0], [0x20, 0, 0, 1]] {
        file[frame + 5..frame + 9].copy_from_slice(&sides);
        assert_eq!(read(&file).err(), Some(NotAPicture::TooLarge), "{sides:?}");
    }
    assert_eq!(read(&png(&pixels(5_000, 2).into())).err(), Some(NotAPicture::TooLarge));
}

#[test]
fn what_is_no_picture_is_refused() {
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
    for file in [&b""[..], svg, b"GIF89a\x01\x01", b"BM", b"\x00\x00\x00\x1cftypavif"] {
        assert_eq!(read(file).err(), Some(NotAPicture::Unknown));
    }
    for file in [&b"\x89PNG\r\n\x1a\n"[..], b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP"] {
        assert_eq!(read(file).err(), Some(NotAPicture::Damaged));
    }
    for file in [jpeg(64, 64), webp(64, 64), png(&pixels(64, 64).into())] {
        assert_eq!(read(&file[..40]).err(), Some(NotAPicture::Damaged));
    }
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_stumble(
        head in proptest::sample::select(vec![
            jpeg(16, 16), webp(16, 16), png(&pixels(16, 16).into()),
            riff(&[(b"VP8X", &extended(16, 16, 0))]),
        ]),
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..20),
        tail in proptest::collection::vec(any::<u8>(), 0..100),
    ) {
        let mut file = [head, tail].concat();
        for (at, byte) in changes {
            let at = at.index(file.len());
            file[at] = byte;
        }
        if let Ok(picture) = read(&file) {
            for (width, height) in sides(&picture) {
                proptest::prop_assert!(width == height && width <= 512);
            }
        }
    }
}
