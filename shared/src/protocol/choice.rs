//! What a person chooses about how they are told of things: theirs alone, and the same on all their devices.

use serde::Serialize;

use super::RoomKind;
use crate::ids::{RoomId, Timestamp};
use crate::json::FromJson;
use crate::limits;

/// Of what is said in a room a person wants to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Of every message.
    Everything,
    /// Of those that name them, or everyone.
    Mentions,
    /// Of none.
    Nothing,
}

impl Level {
    /// Every level, from the most to the least.
    pub const ALL: [Self; 3] = [Self::Everything, Self::Mentions, Self::Nothing];

    /// What holds where nothing was chosen: what is said in a direct room is meant for its people.
    #[must_use]
    pub fn usual(kind: RoomKind) -> Self {
        match kind {
            RoomKind::Direct => Self::Everything,
            RoomKind::Public | RoomKind::Private => Self::Mentions,
        }
    }

    /// Its name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Everything => "everything",
            Self::Mentions => "mentions",
            Self::Nothing => "nothing",
        }
    }
}

/// One choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromJson)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Choice {
    /// Of what to be told in a room that they are in.
    Level { room: RoomId, level: Level },
    /// Until when not to be disturbed; not at all any more without it.
    Quiet {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// Whether others are told how far they have read, and they of others.
    Receipts { on: bool },
}

impl Choice {
    /// Whether it is about the same as another one, and so takes its place.
    #[must_use]
    pub fn replaces(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Level { room, .. }, Self::Level { room: other, .. }) => room == other,
            (Self::Quiet { .. }, Self::Quiet { .. })
            | (Self::Receipts { .. }, Self::Receipts { .. }) => true,
            _ => false,
        }
    }
}

/// The end of a quiet that lasts until it is ended.
pub const FOREVER: Timestamp = Timestamp(limits::SAFE_INTEGER);

/// What was chosen for all rooms together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, FromJson)]
pub struct Choices {
    /// Until when not to be disturbed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet: Option<Timestamp>,
    /// Nobody is told how far they have read, nor they of others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_receipts: bool,
}

impl Choices {
    /// Whether nothing was chosen, which is not written.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}
