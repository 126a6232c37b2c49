//! What a search finds.

use serde::Serialize;

use super::Event;
use crate::ids::RoomId;
use crate::json::FromJson;

/// A message that holds what was looked for, as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Hit {
    /// The room that it is in.
    pub room: RoomId,
    /// The message.
    pub event: Event,
    /// Where in its body, in order and apart from each other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
}

/// Part of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromJson)]
pub struct Mark {
    /// Its first byte, in UTF-8.
    pub from: usize,
    /// The byte after its last one.
    pub to: usize,
}
