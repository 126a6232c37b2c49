//! A room's log: its events, what a person may add to it, and the pages it is read in.

use serde::{Deserialize, Serialize};

use super::Person;
use crate::ids::{ClientId, Link, RequestId, RoomId, Seq, Timestamp};
use crate::text::{Body, Emoji, RoomName, Topic};

/// Part of a room's log, dense and in order: `events` are exactly `from..=to`.
///
/// Each message in it is as it stands at `head`: with its newest body, or none if it was deleted, and with its reactions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The `read` that this answers; none when it is a replay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestId>,
    /// The room.
    pub room: RoomId,
    /// In a replay of more than [`crate::limits::REPLAY_EVENTS`]: the events left out, just before `from`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<Span>,
    /// Place of the first event.
    pub from: Seq,
    /// Place of the last event; less than asked for when the page was full, `from - 1` when it is empty.
    pub to: Seq,
    /// Newest place of the room's log.
    pub head: Seq,
    /// What the room is about, as of `head`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Topic>,
    /// The events.
    pub events: Vec<Event>,
}

/// A run of places, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First place.
    pub from: Seq,
    /// Last place.
    pub to: Seq,
}

impl Span {
    /// How many places it holds.
    #[must_use]
    pub fn len(self) -> u64 {
        (self.to.0 + 1).saturating_sub(self.from.0)
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Whether `seq` is one of them.
    #[must_use]
    pub fn holds(self, seq: Seq) -> bool {
        (self.from..=self.to).contains(&seq)
    }
}

/// The last event of a room that a client has applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Its place.
    pub seq: Seq,
    /// Its link; none when the client holds no event there (it skipped a gap).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
}

/// One entry of a room's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its place in the room's log.
    pub seq: Seq,
    /// When it was committed, by the server's clock.
    pub at: Timestamp,
    /// Who did it.
    pub author: Person,
    /// The author's own name for it.
    pub client_id: ClientId,
    /// Ties it to all events before it.
    pub link: Link,
    /// What was done.
    pub content: Content,
}

/// What was done in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    /// The room was made. Always event 1.
    Created { name: RoomName },
    /// The author joined.
    Joined,
    /// The author left.
    Left,
    /// The author said something.
    Message {
        /// What it says now; none since it was deleted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<Body>,
        /// The newest event that changed the body: an `edited` or the `deleted`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        changed: Option<Seq>,
        /// The reactions that stand, by the place of their event.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        reactions: Vec<Reaction>,
    },
    /// The author gave a message of theirs another body; none since the message was deleted.
    Edited {
        target: Seq,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<Body>,
    },
    /// The author deleted a message of theirs: all its bodies are destroyed.
    Deleted { target: Seq },
    /// The author put an emoji on a message, or took it back.
    Reacted { target: Seq, emoji: Emoji, on: bool },
    /// The author said what the room is about, or took that back.
    Topic {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        topic: Option<Topic>,
    },
    /// A kind that this version does not know, kept as it came. It has its place in the log all the same.
    #[serde(untagged)]
    NotUnderstood(serde_json::Value),
}

impl Content {
    /// A message as it is when it was just said.
    #[must_use]
    pub fn message(body: Body) -> Self {
        Self::Message {
            body: Some(body),
            changed: None,
            reactions: Vec::new(),
        }
    }

    /// Its `kind` on the wire.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::Created { .. } => "created",
            Self::Joined => "joined",
            Self::Left => "left",
            Self::Message { .. } => "message",
            Self::Edited { .. } => "edited",
            Self::Deleted { .. } => "deleted",
            Self::Reacted { .. } => "reacted",
            Self::Topic { .. } => "topic",
            Self::NotUnderstood(value) => value["kind"].as_str().unwrap_or_default(),
        }
    }

    /// The message that it changes, if it changes one.
    #[must_use]
    pub fn target(&self) -> Option<Seq> {
        match self {
            Self::Edited { target, .. }
            | Self::Deleted { target }
            | Self::Reacted { target, .. } => Some(*target),
            Self::NotUnderstood(value) => value["target"].as_u64().map(Seq),
            _ => None,
        }
    }
}

/// An emoji that a person has put on a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// The event that put it there.
    pub seq: Seq,
    /// Which emoji.
    pub emoji: Emoji,
    /// Who.
    pub by: Person,
}

/// What a person can add to the log of a room that they are in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Action {
    /// Says something: `message`.
    Message { body: Body },
    /// Gives an own message another body: `edited`.
    Edit { target: Seq, body: Body },
    /// Deletes an own message: `deleted`.
    Delete { target: Seq },
    /// Puts an emoji on a message, or takes it back: `reacted`.
    React { target: Seq, emoji: Emoji, on: bool },
    /// Says what the room is about, or takes that back: `topic`.
    Topic {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        topic: Option<Topic>,
    },
    /// Leaves the room: `left`.
    Leave,
}

impl Action {
    /// What stands in the log once it is stored.
    #[must_use]
    pub fn content(&self) -> Content {
        match self.clone() {
            Self::Message { body } => Content::message(body),
            Self::Edit { target, body } => Content::Edited {
                target,
                body: Some(body),
            },
            Self::Delete { target } => Content::Deleted { target },
            Self::React { target, emoji, on } => Content::Reacted { target, emoji, on },
            Self::Topic { topic } => Content::Topic { topic },
            Self::Leave => Content::Left,
        }
    }
}
