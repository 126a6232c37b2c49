//! JPEG: markers with segments, and behind some of them the data of a scan.

use image::metadata::Orientation;

const START: [u8; 2] = [0xff, 0xd8];
const END: [u8; 2] = [0xff, 0xd9];
const SCAN: u8 = 0xda;

pub(super) fn clean(bytes: &[u8], orientation: Orientation) -> Option<Vec<u8>> {
    let mut rest = bytes.strip_prefix(&START)?;
    let mut kept = Vec::with_capacity(bytes.len());
    kept.extend(START);
    if let Some(tiff) = super::held(orientation) {
        let length = u16::try_from(2 + 6 + tiff.len()).ok()?;
        kept.extend([0xff, 0xe1]);
        kept.extend(length.to_be_bytes());
        kept.extend(b"Exif\0\0");
        kept.extend(tiff);
    }
    loop {
        let (&[first, marker], _) = rest.split_first_chunk()?;
        match marker {
            _ if first != 0xff => return None,
            // Any number of these may stand before a marker.
            0xff => rest = &rest[1..],
            0xd9 => break,
            0x01 | 0xd0..=0xd7 => rest = &rest[2..],
            _ => {
                let length = u16::from_be_bytes(*rest.get(2..)?.first_chunk()?);
                let (segment, after) = rest.split_at_checked(2 + usize::from(length))?;
                if is_needed(marker, segment.get(4..)?) {
                    kept.extend(segment);
                }
                rest = after;
                if marker == SCAN {
                    let (scan, after) = rest.split_at(scan_end(rest));
                    kept.extend(scan);
                    rest = after;
                    // Cut off, as some cameras leave them; browsers show what there is.
                    if rest.len() < 2 {
                        break;
                    }
                }
            }
        }
    }
    kept.extend(END);
    Some(kept)
}

/// Tables, frames and scans; of what programs add, the density, the colour profile and how colours are coded. JFIF may hold
/// a preview behind its fourteen bytes.
fn is_needed(marker: u8, content: &[u8]) -> bool {
    match marker {
        0xc0..=0xcf | SCAN..=0xdf => true,
        0xe0 => content.starts_with(b"JFIF\0") && content.len() == 14,
        0xe2 => content.starts_with(b"ICC_PROFILE\0"),
        0xee => content.starts_with(b"Adobe"),
        _ => false,
    }
}

/// Where the data of a scan ends: at a marker that is no restart.
fn scan_end(data: &[u8]) -> usize {
    let is_marker = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0 | 0xd0..=0xd7);
    data.windows(2).position(is_marker).unwrap_or(data.len())
}
