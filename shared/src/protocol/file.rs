//! Files that messages carry. Their bytes go over HTTP.

use serde::Serialize;

use crate::ids::FileId;
use crate::json::FromJson;
use crate::text::FileName;

/// A file that a message carries. In an action it is as its author knows it; in the log, as the server found it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Attachment {
    /// Which file.
    pub id: FileId,
    /// What it is called.
    pub name: FileName,
    /// Bytes.
    pub size: u64,
    /// Only of an image that can be shown: how large it is, held as it is to be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<Extent>,
}

/// Width and height in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromJson)]
pub struct Extent {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}
