//! Bringing files and getting them, and files worth bringing.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{ImageEncoder, ImageFormat, RgbImage};
use shared::http::Upload;
use shared::ids::FileId;
use shared::protocol::{Action, Attachment, Post};
use shared::text::FileName;

use super::http::{Reply, Request};
use super::{Guest, body, client_id};

/// An id that was not used before.
pub(crate) fn file_id() -> FileId {
    FileId(client_id().0)
}

/// An address to bring a part of a file to.
pub(crate) fn address(id: FileId, name: &str, size: usize, from: usize) -> String {
    let name: String = name.bytes().map(|byte| format!("%{byte:02x}")).collect();
    format!("/api/files/{id}?name={name}&size={size}&from={from}")
}

impl Guest {
    pub(crate) async fn put(&self, path: &str, bytes: &[u8]) -> Reply {
        let request = Request::new("PUT", path).header("Cookie", &self.cookie);
        request.bytes_of(bytes).send(self.address).await
    }

    /// Brings a whole file at once.
    pub(crate) async fn bring(&self, name: &str, bytes: &[u8]) -> Attachment {
        let reply = self
            .put(&address(file_id(), name, bytes.len(), 0), bytes)
            .await;
        assert_eq!(reply.status, 201, "{reply:?}");
        let upload: Upload = serde_json::from_str(&reply.body).unwrap();
        upload.file.unwrap()
    }

    pub(crate) async fn fetch(&self, file: &Attachment) -> Reply {
        self.get_path(&format!("/api/files/{}", file.id)).await
    }

    pub(crate) async fn fetch_small(&self, file: &Attachment) -> Reply {
        self.get_path(&format!("/api/files/{}/small", file.id))
            .await
    }

    pub(crate) async fn get_path(&self, path: &str) -> Reply {
        let request = Request::get(path).header("Cookie", &self.cookie);
        request.send(self.address).await
    }
}

/// A message that carries files, with a text or without.
pub(crate) fn carrying(files: &[&Attachment], text: &str) -> Action {
    Action::Message(Post {
        body: Some(text).filter(|text| !text.is_empty()).map(body),
        attachments: files.iter().map(|file| (*file).clone()).collect(),
        reply_to: None,
        mentions: Vec::new(),
    })
}

/// What a client may claim of a file that the server does not have.
pub(crate) fn claimed(id: FileId) -> Attachment {
    Attachment {
        id,
        name: FileName::of("claimed.png"),
        size: 1,
        image: None,
    }
}

/// An image that is no single colour.
pub(crate) fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        image::Rgb([(x * 7) as u8, (y * 5) as u8, ((x ^ y) * 3) as u8])
    })
}

pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    encoded(width, height, ImageFormat::Png)
}

pub(crate) fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    let image = picture(width, height);
    image
        .write_to(&mut Cursor::new(&mut bytes), format)
        .unwrap();
    bytes
}

/// A photograph that lies on its side, taken at a place that is none of anybody's business.
pub(crate) fn photograph(width: u32, height: u32) -> Vec<u8> {
    let mut tiff = b"MM\x00\x2a\x00\x00\x00\x08\x00\x02".to_vec();
    tiff.extend(b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00");
    tiff.extend(b"\x01\x0e\x00\x02\x00\x00\x00\x18\x00\x00\x00\x26");
    tiff.extend(b"\x00\x00\x00\x00");
    tiff.extend(b"GPS 52.5200 N 13.4050 E\0");
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new(&mut bytes);
    encoder.set_exif_metadata(tiff).unwrap();
    let image = picture(width, height);
    let encoded = encoder.encode_image(&image);
    encoded.unwrap();
    bytes.extend(b"a film behind the end");
    bytes
}

/// The head of a PNG of this size, with next to nothing in it.
pub(crate) fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut head = b"IHDR".to_vec();
    head.extend(width.to_be_bytes());
    head.extend(height.to_be_bytes());
    head.extend([8, 6, 0, 0, 0]);
    for chunk in [head, b"IDATx".to_vec(), b"IEND".to_vec()] {
        bytes.extend(u32::try_from(chunk.len() - 4).unwrap().to_be_bytes());
        bytes.extend(&chunk);
        bytes.extend(crc(&chunk).to_be_bytes());
    }
    bytes
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}
