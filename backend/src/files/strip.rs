//! Images without what they tell about where, when, by whom and with what they were made.
//!
//! The pixels are not touched. Of each format only those parts are copied that are known to be needed for showing it; whatever
//! comes behind its end is left out too. What stays is how the image is held, and its colour profile.

mod gif;
mod jpeg;
mod png;
mod webp;

use image::ImageFormat;
use image::metadata::Orientation;

/// The clean image; none if it is not built as its format says.
pub(super) fn without_metadata(
    format: ImageFormat,
    bytes: &[u8],
    orientation: Orientation,
) -> Option<Vec<u8>> {
    match format {
        ImageFormat::Jpeg => jpeg::clean(bytes, orientation),
        ImageFormat::Png => png::clean(bytes),
        ImageFormat::Gif => gif::clean(bytes),
        ImageFormat::WebP => webp::clean(bytes, orientation),
        _ => None,
    }
}

/// Exif that says how an image is held and nothing else: a TIFF header and a table of one entry. None where that is
/// as it comes.
fn held(orientation: Orientation) -> Option<Vec<u8>> {
    if orientation == Orientation::NoTransforms {
        return None;
    }
    let mut tiff =
        b"MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00".to_vec();
    tiff.extend([orientation.to_exif(), 0, 0, 0, 0, 0, 0]);
    Some(tiff)
}

#[cfg(test)]
mod tests;
