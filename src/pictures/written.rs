//! A picture as the hub writes it, for others to see.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, GenericImageView as _, ImageError, RgbaImage};

use super::NotAPicture;

/// The quality of a JPEG: beyond it, files grow faster than one sees a difference.
const QUALITY: u8 = 85;

/// The sizes in which there is a picture, each a square.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// For a person's page: at most 512 pixels wide and high.
    Large,
    /// For lists and beside messages: at most 128 pixels.
    Small,
}

impl Size {
    fn side(self) -> u32 {
        match self {
            Self::Large => 512,
            Self::Small => 128,
        }
    }
}

/// The formats in which the hub writes pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Where something is transparent.
    Png,
    /// Everything else.
    Jpeg,
}

impl Format {
    /// The file name extension.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
        }
    }

    /// The media type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// The format of a file that the hub has written.
    pub fn of(file: &[u8]) -> Self {
        if file.starts_with(b"\x89PNG") { Self::Png } else { Self::Jpeg }
    }
}

/// A picture that can be shown to others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The format of both files.
    pub format: Format,
    /// The file of [`Size::Large`].
    pub large: Vec<u8>,
    /// The file of [`Size::Small`].
    pub small: Vec<u8>,
}

/// Writes the middle of this picture.
pub(super) fn write(pixels: &DynamicImage) -> Result<Picture, NotAPicture> {
    let large = square(pixels, Size::Large);
    let small =
        DynamicImage::ImageRgba8(square(&DynamicImage::ImageRgba8(large.clone()), Size::Small));
    let opaque = large.pixels().all(|pixel| pixel.0[3] == u8::MAX);
    let format = if opaque { Format::Jpeg } else { Format::Png };
    let encode = |pixels| encode(pixels, format).map_err(|_| NotAPicture::Damaged);
    Ok(Picture { format, large: encode(&DynamicImage::ImageRgba8(large))?, small: encode(&small)? })
}

/// The largest square in the middle, scaled down to this size; a small picture is not enlarged.
fn square(pixels: &DynamicImage, size: Size) -> RgbaImage {
    let (width, height) = pixels.dimensions();
    let side = width.min(height);
    let middle = pixels.crop_imm((width - side) / 2, (height - side) / 2, side, side);
    let target = side.min(size.side());
    middle.resize_exact(target, target, FilterType::Lanczos3).into_rgba8()
}

fn encode(pixels: &DynamicImage, format: Format) -> Result<Vec<u8>, ImageError> {
    let mut file = Vec::new();
    match format {
        Format::Png => pixels.write_with_encoder(PngEncoder::new(&mut file))?,
        Format::Jpeg => {
            let encoder = JpegEncoder::new_with_quality(&mut file, QUALITY);
            pixels.to_rgb8().write_with_encoder(encoder)?;
        }
    }
    Ok(file)
}
