use image::{DynamicImage, ImageFormat, RgbImage};
use proptest::prelude::*;

use super::*;

fn encoded(format: ImageFormat) -> Vec<u8> {
    let image = RgbImage::from_fn(33, 17, |x, y| image::Rgb([x as u8 * 7, y as u8 * 11, 90]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    DynamicImage::from(image)
        .write_to(&mut bytes, format)
        .unwrap();
    bytes.into_inner()
}

const FORMATS: [ImageFormat; 4] = [
    ImageFormat::Jpeg,
    ImageFormat::Png,
    ImageFormat::Gif,
    ImageFormat::WebP,
];

/// What programs hide in images, put in where a program would.
fn with_secret(format: ImageFormat) -> Vec<u8> {
    let mut bytes = encoded(format);
    match format {
        ImageFormat::Jpeg => {
            let mut segments = Vec::new();
            for (marker, text) in [
                (0xe1, &b"Exif\0\0secret"[..]),
                (0xe1, b"http://ns.adobe.com/xap/1.0/\0secret"),
                (0xed, b"Photoshop 3.0\0secret"),
                (0xe2, b"MPF\0secret"),
                (0xfe, b"secret"),
                (0xe0, b"JFXX\0secret"),
            ] {
                let length = u16::try_from(text.len() + 2).unwrap();
                segments.extend([0xff, marker]);
                segments.extend(length.to_be_bytes());
                segments.extend(text);
            }
            bytes.splice(2..2, segments);
        }
        ImageFormat::Png => {
            let mut chunks = Vec::new();
            for name in [b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"tIME", b"prVt"] {
                chunks.extend(6_u32.to_be_bytes());
                chunks.extend(name);
                chunks.extend(b"secret\0\0\0\0");
            }
            bytes.splice(33..33, chunks);
        }
        ImageFormat::Gif => {
            let end = bytes.len() - 1;
            bytes.splice(
                end..end,
                *b"\x21\xfe\x06secret\x00\x21\xff\x0bXMP DataXMP\x06secret\x00",
            );
        }
        _ => {
            bytes.extend(b"EXIF\x06\0\0\0secretXMP \x06\0\0\0secret");
            let size = u32::try_from(bytes.len() - 8).unwrap();
            bytes[4..8].copy_from_slice(&size.to_le_bytes());
        }
    }
    bytes.extend(b"secret behind the end");
    bytes
}

fn holds_secret(bytes: &[u8]) -> bool {
    bytes.windows(6).any(|window| window == b"secret")
}

/// B4
#[test]
fn what_programs_add_goes_and_the_pixels_stay() {
    for format in FORMATS {
        let dirty = with_secret(format);
        assert!(holds_secret(&dirty));
        let clean = without_metadata(format, &dirty, Orientation::NoTransforms).unwrap();
        assert!(!holds_secret(&clean), "{format:?}");
        let seen = |bytes: &[u8]| image::load_from_memory_with_format(bytes, format).unwrap();
        assert_eq!(seen(&clean), seen(&encoded(format)), "{format:?}");
        assert_eq!(clean, encoded(format), "{format:?}");
    }
}

/// B4: a photograph that lies on its side still says so.
#[test]
fn how_an_image_is_held_stays() {
    use image::{ImageDecoder, ImageReader};
    let bytes = encoded(ImageFormat::Jpeg);
    for exif in 1..=8 {
        let held = Orientation::from_exif(exif).unwrap();
        let clean = without_metadata(ImageFormat::Jpeg, &bytes, held).unwrap();
        let reader = ImageReader::with_format(std::io::Cursor::new(clean), ImageFormat::Jpeg);
        let mut decoder = reader.into_decoder().unwrap();
        assert_eq!(decoder.orientation().unwrap(), held);
    }
}

proptest! {
    /// B4: what is cut or changed anywhere is cleaned or refused; it neither panics nor grows.
    #[test]
    fn nothing_that_is_broken_does_harm(
        which in 0_usize..4,
        cut in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20),
    ) {
        let mut bytes = with_secret(FORMATS[which]);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.index(bytes.len() + 1));
        let clean = without_metadata(FORMATS[which], &bytes, Orientation::Rotate90);
        prop_assert!(clean.is_none_or(|clean| clean.len() <= bytes.len() + 64));
    }
}
