//! Between the protocol's types and SQLite's columns.

use std::borrow::Cow;

use rusqlite::Row;
use rusqlite::types::Type;
use serde::{Deserialize, Serialize};
use shared::ids::{ClientId, FileId, Link, PersonId, RoomId, Seq, Timestamp};
use shared::order::DeedKind;
use shared::people::Role;
use shared::protocol::{
    Attachment, Content, Event, Extent, Forwarded, Level, Message, Pace, Person, RoomKind,
};
use shared::text::{Body, Emoji, FileName, PersonName, RoomName, Status, TextProblem, Topic};
use shared::wire;

/// Ids, sequence numbers and times are below 2^63, so that nothing is cut off. A number from a
/// client that is not becomes the largest there is, which names nothing.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// What [`signed`] made.
pub(super) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// A content as it is stored.
pub(super) struct Columns<'a> {
    pub(super) kind: &'static str,
    pub(super) target: Option<i64>,
    /// What can be destroyed: it has a table of its own.
    pub(super) body: Option<&'a str>,
    /// Who was added, removed or banned.
    pub(super) person: Option<i64>,
    /// Empty where there is nothing. What a message has [`Besides`]. An emoji and a pin have `+` before it, or `-` when it is taken back.
    pub(super) content: Cow<'a, str>,
}

/// A content as it is stored. `None` for a kind that only a client could have made up.
pub(super) fn columns(content: &Content) -> Option<Columns<'_>> {
    let (kind, body, text): (_, _, Option<&str>) = match content {
        Content::Created { name } => ("created", None, Some(name)),
        Content::Joined => ("joined", None, None),
        Content::Left => ("left", None, None),
        // One that only carries files has an empty body: that the column is set tells messages from other events.
        Content::Message(Message { body, .. }) => {
            ("message", Some(body.as_deref().unwrap_or_default()), None)
        }
        Content::Pinned { .. } => ("pinned", None, None),
        Content::Edited { body, .. } => ("edited", body.as_deref(), None),
        Content::Deleted { .. } => ("deleted", None, None),
        Content::Reacted { emoji, .. } => ("reacted", None, Some(emoji)),
        Content::Topic { topic } => ("topic", None, topic.as_deref()),
        Content::Renamed { name } => ("renamed", None, Some(name)),
        Content::Archived { .. } => ("archived", None, None),
        Content::Added { .. } => ("added", None, None),
        Content::Removed { .. } => ("removed", None, None),
        Content::Banned { .. } => ("banned", None, None),
        Content::Paced { .. } => ("paced", None, None),
        Content::NotUnderstood(_) => return None,
    };
    let text = text.unwrap_or_default();
    Some(Columns {
        kind,
        target: content.target().map(|target| signed(target.0)),
        body,
        person: match content {
            Content::Added { person }
            | Content::Removed { person }
            | Content::Banned { person, .. } => Some(signed(person.id.0)),
            _ => None,
        },
        content: match content {
            Content::Archived { on } | Content::Banned { on, .. } => {
                Cow::Borrowed(if *on { "+" } else { "-" })
            }
            Content::Paced { pace } => Cow::Owned(pace.seconds().to_string()),
            Content::Reacted { on: true, .. } => Cow::Owned(format!("+{text}")),
            Content::Reacted { on: false, .. } => Cow::Owned(format!("-{text}")),
            Content::Pinned { on, .. } => Cow::Borrowed(if *on { "+" } else { "-" }),
            Content::Message(message) => Cow::Owned(Besides::of(message).text()),
            Content::Edited { mentions, .. } => {
                let mentions = mentions.clone();
                Cow::Owned(
                    Besides {
                        mentions,
                        ..Besides::default()
                    }
                    .text(),
                )
            }
            _ => Cow::Borrowed(text),
        },
    })
}

/// Whether a body was destroyed: nothing but spaces is left, which no one can have said.
pub(super) fn is_destroyed(body: &str) -> bool {
    body.bytes().all(|byte| byte == b' ')
}

/// A row of `seq, at, author, name, client_id, link, kind, target, changed`, the body or else the content, the content, that of the
/// newest change, the event that pinned it, the person that it is about and the one who deleted it if that was not the author,
/// each with their name; without reactions.
pub(super) fn event(row: &Row<'_>) -> rusqlite::Result<Event> {
    Ok(Event {
        seq: Seq(unsigned(row.get(0)?)),
        at: Timestamp(unsigned(row.get(1)?)),
        author: person(row, 2, 3)?,
        client_id: ClientId(u128::from_be_bytes(row.get(4)?)),
        link: Link(row.get::<_, i64>(5)?.cast_unsigned()),
        content: content(row)?,
    })
}

/// A link as it is stored. It is any number of 64 bits, so that its bits are kept and not its value.
pub(super) fn bits(link: Link) -> i64 {
    link.0.cast_signed()
}

/// The link in a column that may be NULL.
pub(super) fn link(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Link>> {
    let bits: Option<i64> = row.get(column)?;
    Ok(bits.map(|bits| Link(bits.cast_unsigned())))
}

/// The person in two columns.
pub(super) fn person(row: &Row<'_>, id: usize, name: usize) -> rusqlite::Result<Person> {
    Ok(Person {
        id: PersonId(unsigned(row.get(id)?)),
        name: parsed(row, name, PersonName::parse)?,
    })
}

/// The role in a column.
pub(super) fn role(row: &Row<'_>, column: usize) -> rusqlite::Result<Role> {
    let name = row.get_ref(column)?.as_str()?;
    let role = Role::ALL.into_iter().find(|role| role.name() == name);
    role.ok_or_else(|| unreadable(column, UnknownKind(name.to_owned())))
}

/// Of what in a room somebody wants to be told, in a column that may be NULL.
pub(super) fn level(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Level>> {
    let Some(name) = row.get_ref(column)?.as_str_or_null()? else {
        return Ok(None);
    };
    let level = Level::ALL.into_iter().find(|level| level.name() == name);
    let level = level.ok_or_else(|| unreadable(column, UnknownKind(name.to_owned())));
    level.map(Some)
}

/// What was done to keep order, in a column.
pub(super) fn deed_kind(row: &Row<'_>, column: usize) -> rusqlite::Result<DeedKind> {
    let name = row.get_ref(column)?.as_str()?;
    let mut all = DeedKind::ALL.iter();
    let kind = all.find(|kind| kind.name() == name);
    kind.copied()
        .ok_or_else(|| unreadable(column, UnknownKind(name.to_owned())))
}

/// What a person says about themselves, in a column that may be NULL.
pub(super) fn status(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Status>> {
    optional(row, column, Status::parse)
}

/// The room in a column.
pub(super) fn room_id(row: &Row<'_>, column: usize) -> rusqlite::Result<RoomId> {
    Ok(RoomId(unsigned(row.get(column)?)))
}

/// The room's name in a column.
pub(super) fn room_name(row: &Row<'_>, column: usize) -> rusqlite::Result<RoomName> {
    parsed(row, column, RoomName::parse)
}

/// What kind of place a room is, in a column.
pub(super) fn room_kind(row: &Row<'_>, column: usize) -> rusqlite::Result<RoomKind> {
    match row.get_ref(column)?.as_str()? {
        "public" => Ok(RoomKind::Public),
        "private" => Ok(RoomKind::Private),
        "direct" => Ok(RoomKind::Direct),
        other => Err(unreadable(column, UnknownKind(other.to_owned()))),
    }
}

/// The same as it is stored.
pub(super) fn kind_text(kind: RoomKind) -> &'static str {
    match kind {
        RoomKind::Public => "public",
        RoomKind::Private => "private",
        RoomKind::Direct => "direct",
    }
}

/// How fast one may speak, in a column.
pub(super) fn pace(row: &Row<'_>, column: usize) -> rusqlite::Result<Pace> {
    Ok(Pace::of_seconds(row.get(column)?).unwrap_or_default())
}

/// What a room is about, in a column that may be NULL or empty.
pub(super) fn topic(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Topic>> {
    optional(row, column, Topic::parse)
}

/// The emoji in a column.
pub(super) fn emoji(row: &Row<'_>, column: usize) -> rusqlite::Result<Emoji> {
    parsed(row, column, Emoji::parse)
}

/// The body in a column; none when it was destroyed.
pub(super) fn body(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Body>> {
    optional(row, column, Body::parse)
}

/// A file's id as it is stored.
pub(super) fn file_key(file: FileId) -> [u8; 16] {
    file.0.to_be_bytes()
}

/// A file in five columns: `id, name, size, width, height`.
pub(super) fn attachment(row: &Row<'_>, first: usize) -> rusqlite::Result<Attachment> {
    let (width, height): (Option<u32>, Option<u32>) = (row.get(first + 3)?, row.get(first + 4)?);
    let image = width.zip(height);
    Ok(Attachment {
        id: FileId(u128::from_be_bytes(row.get(first)?)),
        name: parsed(row, first + 1, FileName::parse)?,
        size: unsigned(row.get(first + 2)?),
        image: image.map(|(width, height)| Extent { width, height }),
    })
}

/// The place in a column that may be NULL.
pub(super) fn place(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Seq>> {
    let place: Option<i64> = row.get(column)?;
    Ok(place.map(|place| Seq(unsigned(place))))
}

/// What a message has besides its body, as it is stored: nothing at all when it has none of it.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Besides {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reply_to: Option<Seq>,
    /// With the names that stand in the body, whatever these people are called later.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) mentions: Vec<Person>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) forwarded: Option<Box<Forwarded>>,
    /// An edit leaves them as they are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) attachments: Vec<Attachment>,
}

impl Besides {
    fn of(message: &Message) -> Self {
        Self {
            reply_to: message.reply_to,
            mentions: message.mentions.clone(),
            forwarded: message.forwarded.clone(),
            attachments: message.attachments.clone(),
        }
    }

    fn text(&self) -> String {
        if *self == Self::default() {
            return String::new();
        }
        wire::encode(self)
    }

    /// What [`Self::text`] made.
    pub(super) fn parse(text: &str) -> serde_json::Result<Self> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        serde_json::from_str(text)
    }

    pub(super) fn read(row: &Row<'_>, column: usize) -> rusqlite::Result<Self> {
        let text = row.get_ref(column)?.as_str_or_null()?.unwrap_or_default();
        Self::parse(text).map_err(|error| unreadable(column, error))
    }
}

fn content(row: &Row<'_>) -> rusqlite::Result<Content> {
    const KIND: usize = 6;
    const TARGET: usize = 7;
    const CHANGED: usize = 8;
    const TEXT: usize = 9;
    const CONTENT: usize = 10;
    const NEWEST: usize = 11;
    const PINNED: usize = 12;
    const PERSON: usize = 13;
    const DELETER: usize = 15;
    let target = || row.get(TARGET).map(|place: i64| Seq(unsigned(place)));
    match row.get_ref(KIND)?.as_str()? {
        "created" => Ok(Content::Created {
            name: room_name(row, TEXT)?,
        }),
        "joined" => Ok(Content::Joined),
        "left" => Ok(Content::Left),
        "message" => {
            let besides = Besides::read(row, CONTENT)?;
            let changed = place(row, CHANGED)?;
            let mentions = match changed {
                Some(_) => Besides::read(row, NEWEST)?.mentions,
                None => besides.mentions,
            };
            Ok(Content::Message(Message {
                body: self::body(row, TEXT)?,
                attachments: besides.attachments,
                changed,
                deleted_by: match row.get::<_, Option<i64>>(DELETER)? {
                    Some(_) => Some(person(row, DELETER, DELETER + 1)?),
                    None => None,
                },
                reactions: Vec::new(),
                reply_to: besides.reply_to,
                mentions,
                forwarded: besides.forwarded,
                pinned: place(row, PINNED)?,
            }))
        }
        "edited" => Ok(Content::Edited {
            target: target()?,
            body: self::body(row, TEXT)?,
            mentions: Besides::read(row, CONTENT)?.mentions,
        }),
        "pinned" => Ok(Content::Pinned {
            target: target()?,
            on: row.get_ref(TEXT)?.as_str()? == "+",
        }),
        "deleted" => Ok(Content::Deleted { target: target()? }),
        "reacted" => {
            let text = row.get_ref(TEXT)?.as_str()?;
            let on = text.starts_with('+');
            let emoji = text.strip_prefix(['+', '-']).unwrap_or_default();
            Ok(Content::Reacted {
                target: target()?,
                emoji: Emoji::parse(emoji).map_err(|problem| unreadable(TEXT, problem))?,
                on,
            })
        }
        "topic" => Ok(Content::Topic {
            topic: topic(row, TEXT)?,
        }),
        "renamed" => Ok(Content::Renamed {
            name: room_name(row, TEXT)?,
        }),
        "archived" => Ok(Content::Archived {
            on: row.get_ref(TEXT)?.as_str()? == "+",
        }),
        "added" => Ok(Content::Added {
            person: person(row, PERSON, PERSON + 1)?,
        }),
        "removed" => Ok(Content::Removed {
            person: person(row, PERSON, PERSON + 1)?,
        }),
        "banned" => Ok(Content::Banned {
            person: person(row, PERSON, PERSON + 1)?,
            on: row.get_ref(TEXT)?.as_str()? == "+",
        }),
        "paced" => {
            let seconds = row.get_ref(TEXT)?.as_str()?.parse().unwrap_or_default();
            let pace = Pace::of_seconds(seconds).unwrap_or_default();
            Ok(Content::Paced { pace })
        }
        other => Err(unreadable(KIND, UnknownKind(other.to_owned()))),
    }
}

fn parsed<T>(
    row: &Row<'_>,
    column: usize,
    parse: impl FnOnce(&str) -> Result<T, TextProblem>,
) -> rusqlite::Result<T> {
    parse(row.get_ref(column)?.as_str()?).map_err(|problem| unreadable(column, problem))
}

/// None where there is no text: NULL, empty or destroyed, which no parsed text is.
fn optional<T>(
    row: &Row<'_>,
    column: usize,
    parse: impl FnOnce(&str) -> Result<T, TextProblem>,
) -> rusqlite::Result<Option<T>> {
    let text = row.get_ref(column)?.as_str_or_null()?;
    text.filter(|text| !is_destroyed(text))
        .map(parse)
        .transpose()
        .map_err(|problem| unreadable(column, problem))
}

#[derive(Debug, thiserror::Error)]
#[error("unknown kind {0:?}")]
struct UnknownKind(String);

fn unreadable(
    column: usize,
    error: impl std::error::Error + Send + Sync + 'static,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}
