//! A room's log: its events, what a person may add to it, and the pages it is read in.

use serde::Serialize;

use super::{Attachment, Message, Pace, Person, Quote};
use crate::ids::{ClientId, Link, PersonId, RequestId, RoomId, Seq, Timestamp};
use crate::json::{FromJson, Json};
use crate::text::{Body, Emoji, RoomName, Topic};

/// Part of a room's log, dense and in order: `events` are exactly `from..=to`.
///
/// Each message in it is as it stands at `head`: with its newest body, or none if it was deleted, and with its reactions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
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
    /// What the room is called, as of `head`; none of a direct room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<RoomName>,
    /// Whether nothing more is said in the room, as of `head`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
    /// How long one waits between two messages in the room, as of `head`.
    #[serde(default, skip_serializing_if = "Pace::is_none")]
    pub pace: Pace,
    /// The events.
    pub events: Vec<Event>,
    /// The messages that are answered by messages among the events, each once, as they stand at `head`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quotes: Vec<Quote>,
}

/// A run of places, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromJson)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromJson)]
pub struct Cursor {
    /// Its place.
    pub seq: Seq,
    /// Its link; none when the client holds no event there (it skipped a gap).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
}

/// One entry of a room's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    /// The room was made. Always event 1.
    Created { name: RoomName },
    /// The author joined.
    Joined,
    /// The author left.
    Left,
    /// The author said something.
    Message(Message),
    /// The author gave a message of theirs another body; none since the message was deleted.
    Edited {
        target: Seq,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<Body>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        mentions: Vec<Person>,
    },
    /// The author deleted a message, their own or one of somebody whom they keep in order: all its bodies are destroyed.
    Deleted { target: Seq },
    /// The author put an emoji on a message, or took it back.
    Reacted { target: Seq, emoji: Emoji, on: bool },
    /// The author pinned a message to the room, or took it off.
    Pinned { target: Seq, on: bool },
    /// The author said what the room is about, or took that back.
    Topic {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        topic: Option<Topic>,
    },
    /// The author gave the room another name.
    Renamed { name: RoomName },
    /// The author archived the room, or took that back.
    Archived { on: bool },
    /// The author put somebody into the room.
    Added { person: Person },
    /// The author took somebody out of the room.
    Removed { person: Person },
    /// The author banned somebody from the room, who is in it no more and cannot come back; or took that back.
    Banned { person: Person, on: bool },
    /// The author said how long one waits between two messages.
    Paced {
        #[serde(default, skip_serializing_if = "Pace::is_none")]
        pace: Pace,
    },
    /// A kind that this version does not know, kept as it came. It has its place in the log all the same.
    #[serde(untagged)]
    NotUnderstood(Json<'static>),
}

impl Content {
    /// A message as it is when it was just said.
    #[must_use]
    pub fn message(body: Body) -> Self {
        Self::Message(Message {
            body: Some(body),
            ..Message::default()
        })
    }

    /// The message that it is, if it is one.
    #[must_use]
    pub fn as_message(&self) -> Option<&Message> {
        match self {
            Self::Message(message) => Some(message),
            _ => None,
        }
    }

    /// An event of which only the kind is known.
    #[must_use]
    pub fn of_kind(kind: &str) -> Self {
        let kind = Json::Text(kind.to_owned().into());
        Self::NotUnderstood(Json::Object(vec![("kind".into(), kind)]))
    }

    /// The message that it answers, if it answers one.
    #[must_use]
    pub fn answers(&self) -> Option<Seq> {
        self.as_message()?.reply_to
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
            Self::Pinned { .. } => "pinned",
            Self::Topic { .. } => "topic",
            Self::Renamed { .. } => "renamed",
            Self::Archived { .. } => "archived",
            Self::Added { .. } => "added",
            Self::Removed { .. } => "removed",
            Self::Banned { .. } => "banned",
            Self::Paced { .. } => "paced",
            Self::NotUnderstood(value) => value.text_field("kind").unwrap_or_default(),
        }
    }

    /// The message that it is about, if it is about another one.
    #[must_use]
    pub fn target(&self) -> Option<Seq> {
        match self {
            Self::Edited { target, .. }
            | Self::Deleted { target }
            | Self::Reacted { target, .. }
            | Self::Pinned { target, .. } => Some(*target),
            Self::NotUnderstood(value) => value.field("target").ok().map(Seq),
            _ => None,
        }
    }
}

/// What a person can add to the log of a room that they are in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Action {
    /// Says something: `message`.
    Message(Post),
    /// Gives an own message another body: `edited`.
    Edit {
        target: Seq,
        body: Body,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        mentions: Vec<PersonId>,
    },
    /// Deletes a message, an own one or one of somebody whom the author keeps in order: `deleted`.
    Delete { target: Seq },
    /// Puts an emoji on a message, or takes it back: `reacted`.
    React { target: Seq, emoji: Emoji, on: bool },
    /// Pins a message to the room, or takes it off: `pinned`.
    Pin { target: Seq, on: bool },
    /// Brings a message of a room that the author is in here, as it stands: `message`.
    Forward { from: RoomId, target: Seq },
    /// Says what the room is about, or takes that back: `topic`.
    Topic {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        topic: Option<Topic>,
    },
    /// Leaves the room: `left`.
    Leave,
    /// Gives the room another name: `renamed`.
    Rename { name: RoomName },
    /// Archives the room, or takes that back: `archived`.
    Archive { on: bool },
    /// Puts somebody into the room: `added`. The name is what the author knows them by; the event has their own.
    Add { person: Person },
    /// Takes somebody out of the room: `removed`. The name is as in `add`.
    Remove { person: Person },
    /// Bans somebody from the room, or takes that back: `banned`. The name is as in `add`.
    Ban {
        person: Person,
        on: bool,
        /// Whether everything that they said in the room is deleted as well, little by little.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        erase: bool,
    },
    /// Says how long one waits between two messages: `paced`.
    Pace {
        #[serde(default, skip_serializing_if = "Pace::is_none")]
        pace: Pace,
    },
}

/// Something to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Post {
    /// What it says; none if it only carries files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
    /// Files of the author that the server has. All but their ids is what the author knows of them; the event has what the
    /// server found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// The message of the room that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Seq>,
    /// Who is named in it; [`PersonId::EVERYONE`] for the whole room.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<PersonId>,
}

impl From<Body> for Post {
    fn from(body: Body) -> Self {
        Self {
            body: Some(body),
            attachments: Vec::new(),
            reply_to: None,
            mentions: Vec::new(),
        }
    }
}

impl Action {
    /// Says something, and nothing besides.
    #[must_use]
    pub fn message(body: Body) -> Self {
        Self::Message(body.into())
    }

    /// Gives an own message another body that names nobody.
    #[must_use]
    pub fn edit(target: Seq, body: Body) -> Self {
        Self::Edit {
            target,
            body,
            mentions: Vec::new(),
        }
    }

    /// The files that have to be at the server first.
    #[must_use]
    pub fn attachments(&self) -> &[Attachment] {
        match self {
            Self::Message(post) => &post.attachments,
            _ => &[],
        }
    }

    /// Whether it becomes a message.
    #[must_use]
    pub fn says_something(&self) -> bool {
        matches!(self, Self::Message(_) | Self::Forward { .. })
    }

    /// What stands in the log once it is stored, but for what only the server can tell: the names of those who are
    /// mentioned, and what a forwarded message says.
    #[must_use]
    pub fn content(&self) -> Content {
        match self.clone() {
            Self::Message(Post {
                body,
                attachments,
                reply_to,
                ..
            }) => Content::Message(Message {
                body,
                attachments,
                reply_to,
                ..Message::default()
            }),
            Self::Forward { .. } => Content::Message(Message::default()),
            Self::Edit { target, body, .. } => Content::Edited {
                target,
                body: Some(body),
                mentions: Vec::new(),
            },
            Self::Pin { target, on } => Content::Pinned { target, on },
            Self::Delete { target } => Content::Deleted { target },
            Self::React { target, emoji, on } => Content::Reacted { target, emoji, on },
            Self::Topic { topic } => Content::Topic { topic },
            Self::Leave => Content::Left,
            Self::Rename { name } => Content::Renamed { name },
            Self::Archive { on } => Content::Archived { on },
            Self::Add { person } => Content::Added { person },
            Self::Remove { person } => Content::Removed { person },
            Self::Ban { person, on, .. } => Content::Banned { person, on },
            Self::Pace { pace } => Content::Paced { pace },
        }
    }
}
