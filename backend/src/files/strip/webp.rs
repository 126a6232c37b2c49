//! WebP: chunks with name and length, each padded to an even length, in one RIFF.

use image::metadata::Orientation;

/// What the pixels, their colours and an animation need. `VP8X` says what else there is.
const NEEDED: [&[u8; 4]; 7] = [
    b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ICCP", b"ANIM", b"ANMF",
];

/// In the flags of `VP8X`.
const EXIF: u8 = 0x08;
const XMP: u8 = 0x04;

pub(super) fn clean(bytes: &[u8], orientation: Orientation) -> Option<Vec<u8>> {
    let size = u32::from_le_bytes(*bytes.get(4..)?.first_chunk()?);
    let end = usize::try_from(size).ok()?.checked_add(8)?.min(bytes.len());
    let mut rest = bytes.get(12..end)?;
    let held = super::held(orientation);
    let mut kept = bytes.get(..12)?.to_vec();
    while rest.len() >= 8 {
        let length = u32::from_le_bytes(*rest.get(4..)?.first_chunk()?);
        let padded = usize::try_from(length).ok()?.checked_add(1)? & !1;
        let whole = padded.checked_add(8)?.min(rest.len());
        let (chunk, after) = rest.split_at(whole);
        if NEEDED.iter().any(|needed| chunk.starts_with(*needed)) {
            let at = kept.len();
            kept.extend(chunk);
            if chunk.starts_with(b"VP8X") {
                let flags = kept.get_mut(at + 8)?;
                *flags &= !(EXIF | XMP);
                if held.is_some() {
                    *flags |= EXIF;
                }
            }
        }
        rest = after;
    }
    if let Some(tiff) = held {
        kept.extend(b"EXIF");
        kept.extend(u32::try_from(tiff.len()).ok()?.to_le_bytes());
        kept.extend(tiff);
    }
    let size = u32::try_from(kept.len() - 8).ok()?.to_le_bytes();
    kept.get_mut(4..8)?.copy_from_slice(&size);
    Some(kept)
}
