//! Images: whether a file is one that every browser shows, how large it is, its small form, and the same without what it
//! tells about whoever made it.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageError, ImageFormat, ImageReader};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::Extent;

use super::strip::without_metadata;

/// Bytes that are needed to know what a file is.
pub(super) const START: usize = 16;

/// Bytes that a decoded image may take: what makes a small file a bomb is refused before anything is decoded.
const DECODED_BYTES: u64 = 256 * 1024 * 1024;

/// Bytes of an image that is shown as it is, if it is not larger than a small form would be.
const SMALL_BYTES: usize = 256 * 1024;

/// Bytes of a colour profile that the small form keeps: phones' have some hundred.
const PROFILE_BYTES: usize = 8 * 1024;

/// Of JPEG: at this size nobody sees the difference.
const QUALITY: u8 = 80;

/// An image as it is kept.
#[derive(Debug)]
pub(super) struct Image {
    /// Its media type.
    pub(super) kind: &'static str,
    /// As it is seen.
    pub(super) extent: Extent,
    pub(super) bytes: Vec<u8>,
    /// None where the image itself is small enough.
    pub(super) small: Option<Vec<u8>>,
}

/// What a file is by its first bytes, if it is an image of a kind that browsers show.
pub(super) fn sniff(start: &[u8]) -> Option<ImageFormat> {
    if start.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(ImageFormat::Png)
    } else if start.starts_with(b"\xff\xd8\xff") {
        Some(ImageFormat::Jpeg)
    } else if start.starts_with(b"GIF87a") || start.starts_with(b"GIF89a") {
        Some(ImageFormat::Gif)
    } else if start.starts_with(b"RIFF") && start.get(8..12) == Some(b"WEBP") {
        Some(ImageFormat::WebP)
    } else {
        None
    }
}

/// Looks at an image. None if it cannot be decoded: then it is a file like any other.
pub(super) fn look(bytes: &[u8]) -> Result<Option<Image>, Problem> {
    let Some(format) = sniff(bytes) else {
        return Ok(None);
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut bounds = image::Limits::default();
    bounds.max_alloc = Some(DECODED_BYTES);
    reader.limits(bounds);
    let mut decoder = match reader.into_decoder() {
        Ok(decoder) => decoder,
        Err(error) => return no_image(&error),
    };
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > limits::IMAGE_PIXELS
        || decoder.total_bytes() > DECODED_BYTES
    {
        return Err(too_large());
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten();
    let decoded = match DynamicImage::from_decoder(decoder) {
        Ok(decoded) => decoded,
        Err(error) => return no_image(&error),
    };
    let Some(clean) = without_metadata(format, bytes, orientation) else {
        return Ok(None);
    };
    let is_small = width.max(height) <= limits::SMALL_IMAGE_SIDE && clean.len() <= SMALL_BYTES;
    let small = if is_small {
        None
    } else {
        smaller(&decoded, orientation, profile)
    };
    let turned = matches!(orientation.to_exif(), 5..=8);
    Ok(Some(Image {
        kind: format.to_mime_type(),
        extent: if turned {
            Extent {
                width: height,
                height: width,
            }
        } else {
            Extent { width, height }
        },
        bytes: clean,
        small,
    }))
}

fn no_image<T>(error: &ImageError) -> Result<Option<T>, Problem> {
    match error {
        ImageError::Limits(_) => Err(too_large()),
        _ => Ok(None),
    }
}

fn too_large() -> Problem {
    let limit = limits::IMAGE_PIXELS;
    Problem::ImageTooLarge { limit }
}

/// As JPEG, or as PNG where something shines through.
fn smaller(
    image: &DynamicImage,
    orientation: Orientation,
    profile: Option<Vec<u8>>,
) -> Option<Vec<u8>> {
    let side = limits::SMALL_IMAGE_SIDE.min(image.width().max(image.height()));
    let mut small = image.thumbnail(side, side);
    small.apply_orientation(orientation);
    let profile = profile.filter(|profile| profile.len() <= PROFILE_BYTES);
    let mut bytes = Vec::new();
    let encoded = if image.color().has_alpha() {
        let mut encoder = PngEncoder::new(&mut bytes);
        if let Some(profile) = profile {
            // Without, the colours are a little off.
            let _ = encoder.set_icc_profile(profile);
        }
        DynamicImage::from(small.to_rgba8()).write_with_encoder(encoder)
    } else {
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
        if let Some(profile) = profile {
            let _ = encoder.set_icc_profile(profile);
        }
        DynamicImage::from(small.to_rgb8()).write_with_encoder(encoder)
    };
    encoded.ok().map(|()| bytes)
}
