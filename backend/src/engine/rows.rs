//! Between the protocol's types and SQLite's columns.

use rusqlite::Row;
use rusqlite::types::Type;
use shared::ids::{ClientId, PersonId, RoomId, Seq, Timestamp};
use shared::protocol::{Content, Event, Person};
use shared::text::{Body, PersonName, RoomName};

/// Ids, sequence numbers and times are below 2^63, so that nothing is cut off. A number from a
/// client that is not becomes the largest there is, which names nothing.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// What [`signed`] made.
pub(super) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// The columns `kind` and `content`. `None` for a kind that only a client could have made up.
pub(super) fn columns(content: &Content) -> Option<(&'static str, &str)> {
    match content {
        Content::Created { name } => Some(("created", name)),
        Content::Joined => Some(("joined", "")),
        Content::Message { body } => Some(("message", body)),
        Content::NotUnderstood(_) => None,
    }
}

/// A row of `seq, at, author, name, client_id, kind, content`.
pub(super) fn event(row: &Row<'_>) -> rusqlite::Result<Event> {
    Ok(Event {
        seq: Seq(unsigned(row.get(0)?)),
        at: Timestamp(unsigned(row.get(1)?)),
        author: person(row, 2, 3)?,
        client_id: ClientId(u128::from_be_bytes(row.get(4)?)),
        content: content(row, 5, 6)?,
    })
}

/// The person in two columns.
pub(super) fn person(row: &Row<'_>, id: usize, name: usize) -> rusqlite::Result<Person> {
    let text = row.get_ref(name)?.as_str()?;
    Ok(Person {
        id: PersonId(unsigned(row.get(id)?)),
        name: PersonName::parse(text).map_err(|problem| unreadable(name, problem))?,
    })
}

/// The room in a column.
pub(super) fn room_id(row: &Row<'_>, column: usize) -> rusqlite::Result<RoomId> {
    Ok(RoomId(unsigned(row.get(column)?)))
}

/// The room's name in a column.
pub(super) fn room_name(row: &Row<'_>, column: usize) -> rusqlite::Result<RoomName> {
    let text = row.get_ref(column)?.as_str()?;
    RoomName::parse(text).map_err(|problem| unreadable(column, problem))
}

fn content(row: &Row<'_>, kind: usize, column: usize) -> rusqlite::Result<Content> {
    let text = row.get_ref(column)?.as_str()?;
    match row.get_ref(kind)?.as_str()? {
        "created" => Ok(Content::Created {
            name: room_name(row, column)?,
        }),
        "joined" => Ok(Content::Joined),
        "message" => Ok(Content::Message {
            body: Body::parse(text).map_err(|problem| unreadable(column, problem))?,
        }),
        other => Err(unreadable(kind, UnknownKind(other.to_owned()))),
    }
}

#[derive(Debug, thiserror::Error)]
#[error("unknown kind of event {0:?}")]
struct UnknownKind(String);

fn unreadable(
    column: usize,
    error: impl std::error::Error + Send + Sync + 'static,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}
