//! Compression at build time, so that the server only picks a file.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use flate2::{Compression, write::GzEncoder};

/// Kinds of files that are text, or like text, inside.
const COMPRESSIBLE: [&str; 10] = [
    "css",
    "html",
    "ico",
    "js",
    "json",
    "svg",
    "txt",
    "wasm",
    "webmanifest",
    "xml",
];

/// The compressed forms of a file with their extra extensions; none for a kind that is compressed already,
/// and none that would be larger than the file.
///
/// # Errors
/// Never in practice: both encoders write to memory.
pub(crate) fn variants(name: &str, bytes: &[u8]) -> Result<Vec<(&'static str, Vec<u8>)>> {
    let kind = Path::new(name).extension().and_then(|kind| kind.to_str());
    if !kind.is_some_and(|kind| COMPRESSIBLE.contains(&kind)) {
        return Ok(Vec::new());
    }
    let mut all = vec![("br", brotli(bytes)?), ("gz", gzip(bytes)?)];
    all.retain(|(_, small)| small.len() < bytes.len());
    Ok(all)
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let (quality, window) = (11, 24);
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), 1 << 16, quality, window);
    encoder.write_all(bytes)?;
    Ok(encoder.into_inner())
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn both_forms_unpack_to_the_file() {
        let text = "the same words again and again; ".repeat(100);
        let forms = variants("app.js", text.as_bytes()).unwrap();
        assert_eq!(forms.len(), 2);
        for (kind, small) in forms {
            let mut back = String::new();
            match kind {
                "br" => brotli::Decompressor::new(&small[..], 4096).read_to_string(&mut back),
                _ => flate2::read::GzDecoder::new(&small[..]).read_to_string(&mut back),
            }
            .unwrap();
            assert_eq!(back, text);
        }
    }

    #[test]
    fn a_picture_and_a_tiny_file_stay_as_they_are() {
        assert!(variants("icon.png", &[0; 1000]).unwrap().is_empty());
        assert!(variants("robots.txt", b"a").unwrap().is_empty());
    }
}
