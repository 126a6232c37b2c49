//! A message: what it says, what stands on it, and how it is shown in other places than its own.

use serde::Serialize;

use super::{Attachment, Person};
use crate::ids::{PersonId, RoomId, Seq, Timestamp};
use crate::json::FromJson;
use crate::text::{Body, Emoji, FileName, RoomName};

/// What somebody said, as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, FromJson)]
pub struct Message {
    /// What it says now; none if it only carries files, and since it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
    /// The files that it carries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// The newest event that changed the body: an `edited` or the `deleted`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<Seq>,
    /// Who deleted it, if that was not its author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_by: Option<Person>,
    /// The reactions that stand, by the place of their event.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<Reaction>,
    /// The message of the room that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Seq>,
    /// Who is named in the body, as `@` and this name; [`PersonId::EVERYONE`] among them when the whole room is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Person>,
    /// Where it was said first, if it was brought here from another place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarded: Option<Box<Forwarded>>,
    /// The event that pinned it, while it is pinned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pinned: Option<Seq>,
}

impl Message {
    /// Whether it names somebody, or everyone in the room.
    #[must_use]
    pub fn names(&self, person: PersonId) -> bool {
        names(&self.mentions, person)
    }

    /// Whether nothing of it is left: every other one says or carries something.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.body.is_none() && self.attachments.is_empty()
    }

    /// The name of the first file that it carries.
    #[must_use]
    pub fn file(&self) -> Option<FileName> {
        self.attachments.first().map(|file| file.name.clone())
    }
}

/// Whether somebody is among those who are named, or everyone is.
#[must_use]
pub fn names(mentions: &[Person], person: PersonId) -> bool {
    let is_meant = |named: &Person| named.id == person || named.id == PersonId::EVERYONE;
    mentions.iter().any(is_meant)
}

/// Where the text of a forwarded message was said first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Forwarded {
    /// Who said it.
    pub author: Person,
    /// The room, the name it had then, and the place; none when that room is not for everyone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Origin>,
}

/// A place in a room that everyone may join.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Origin {
    /// The room.
    pub room: RoomId,
    /// What it was called.
    pub name: RoomName,
    /// The place in its log.
    pub seq: Seq,
}

/// A message that another one answers, as far as it is quoted there. It is looked up and never kept in the answer, so
/// that what is edited or deleted is so in the quote as well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Quote {
    /// Its place.
    pub seq: Seq,
    /// Who said it.
    pub author: Person,
    /// The beginning of what it says ([`Body::beginning`]); none if it only carries files, and since it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Body>,
    /// The name of the first file that it carries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileName>,
    /// The newest event that changed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<Seq>,
}

/// A message that is pinned to its room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Pin {
    /// The event that pinned it.
    pub seq: Seq,
    /// Who pinned it.
    pub by: Person,
    /// When the message was said.
    pub at: Timestamp,
    /// The message.
    pub message: Quote,
}

/// What a message said at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Version {
    /// The event that made it say so: the message itself, or an `edited`.
    pub seq: Seq,
    /// When that was.
    pub at: Timestamp,
    /// What it said.
    pub body: Body,
}

/// An emoji that a person has put on a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Reaction {
    /// The event that put it there.
    pub seq: Seq,
    /// Which emoji.
    pub emoji: Emoji,
    /// Who.
    pub by: Person,
}
