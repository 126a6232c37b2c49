//! How far people have read.

use serde::Serialize;

use super::Person;
use crate::ids::Seq;
use crate::json::FromJson;

/// How far a person has read a room, and what is behind that. It moves with the person, over all their devices.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, FromJson)]
pub struct Reading {
    /// The last place that was read.
    pub to: Seq,
    /// Messages of others behind it, counted up to [`crate::limits::UNREAD_COUNTED`].
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unread: u64,
    /// Those of them that name the person.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub mentions: u64,
}

/// The same as of a place of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromJson)]
pub struct ReadAsOf {
    /// The newest place of the log when it was counted.
    pub head: Seq,
    /// What was found.
    pub reading: Reading,
}

/// How far somebody has read a room, as the others in it are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Receipt {
    /// Who.
    pub by: Person,
    /// The last place that they have read; it never goes back.
    pub to: Seq,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}
