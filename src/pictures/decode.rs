//! Decodes a file that anybody may have made, within limits.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};

use super::{NotAPicture, webp};

/// The maximum number of pixels on a side.
pub(super) const LONGEST_SIDE: u32 = 4_096;
/// The maximum number of pixels, those of a phone's camera.
const MOST_PIXELS: u64 = 4_096 * 3_072;
/// The maximum size of the decoded pixels, in bytes: four of each, as few pictures have.
const MOST_BYTES: u64 = 4 * MOST_PIXELS;

/// The picture in a file, upright.
///
/// # Errors
/// Why there is none.
pub(super) fn decode(file: &[u8]) -> Result<DynamicImage, NotAPicture> {
    let mut decoder = reader(file)?.into_decoder().map_err(|error| reason(&error))?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(NotAPicture::Damaged);
    }
    let pixels = u64::from(width) * u64::from(height);
    if width.max(height) > LONGEST_SIDE
        || pixels > MOST_PIXELS
        || decoder.total_bytes() > MOST_BYTES
    {
        return Err(NotAPicture::TooLarge);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let decoded = DynamicImage::from_decoder(decoder);
    let mut upright = decoded.map_err(|error| reason(&error))?;
    upright.apply_orientation(orientation);
    Ok(upright)
}

/// A reader for the kind that the first bytes say; what else says which kind it is does not count.
fn reader(file: &[u8]) -> Result<ImageReader<Cursor<&[u8]>>, NotAPicture> {
    let format = image::guess_format(file).map_err(|_| NotAPicture::Unknown)?;
    match format {
        ImageFormat::Png | ImageFormat::Jpeg => {}
        ImageFormat::WebP => webp::check(file)?,
        _ => return Err(NotAPicture::Unknown),
    }
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    // What a decoder itself needs comes on top of the pixels.
    limits.max_alloc = Some(2 * MOST_BYTES);
    reader.limits(limits);
    Ok(reader)
}

fn reason(error: &image::ImageError) -> NotAPicture {
    match error {
        image::ImageError::Limits(_) => NotAPicture::TooLarge,
        _ => NotAPicture::Damaged,
    }
}
