//! What can be read. Each function is one read transaction, hence one moment.

use rusqlite::{Connection, OptionalExtension, Transaction};
use shared::ids::{PersonId, RoomId, Seq};
use shared::limits;
use shared::protocol::{Content, DirectoryRoom, Event, Room};
use shared::text::RoomName;

use super::rows;
use super::session::{Identity, SessionId, TokenHash};

/// A room that a person is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The room.
    pub room: RoomId,
    /// Its name.
    pub name: RoomName,
}

/// How things stand with a person who comes with a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Whether the session was not revoked.
    pub valid: bool,
    /// The rooms the person is in.
    pub rooms: Vec<Membership>,
}

/// A run of a room's log, from `from` on, without holes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// The newest place.
    pub head: Seq,
    /// The events.
    pub events: Vec<Event>,
}

/// The rooms there are, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    /// As many as were asked for at most.
    pub rooms: Vec<DirectoryRoom>,
    /// Whether there are more.
    pub more: bool,
}

pub(super) fn identify(
    log: &mut Connection,
    token: &TokenHash,
) -> rusqlite::Result<Option<Identity>> {
    log.prepare_cached(
        "SELECT sessions.id, people.id, people.name
         FROM sessions JOIN people ON people.id = sessions.person
         WHERE token_hash = ?1 AND revoked_at IS NULL",
    )?
    .query_row([token.0], |row| {
        Ok(Identity {
            session: SessionId(row.get(0)?),
            person: rows::person(row, 1, 2)?,
        })
    })
    .optional()
}

pub(super) fn standing(
    log: &mut Connection,
    session: SessionId,
    person: PersonId,
) -> rusqlite::Result<Standing> {
    let log = log.transaction()?;
    let valid = log
        .prepare_cached("SELECT 1 FROM sessions WHERE id = ?1 AND revoked_at IS NULL")?
        .exists([session.0])?;
    let rooms = log
        .prepare_cached(
            "SELECT rooms.id, rooms.name
             FROM members JOIN rooms ON rooms.id = members.room
             WHERE members.person = ?1 ORDER BY rooms.key",
        )?
        .query_map([rows::signed(person.0)], |row| {
            Ok(Membership {
                room: rows::room_id(row, 0)?,
                name: rows::room_name(row, 1)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(Standing { valid, rooms })
}

pub(super) fn heads(log: &mut Connection, rooms: Vec<Membership>) -> rusqlite::Result<Vec<Room>> {
    let log = log.transaction()?;
    rooms
        .into_iter()
        .map(|Membership { room, name }| {
            Ok(Room {
                id: room,
                name,
                head: head(&log, room)?,
            })
        })
        .collect()
}

pub(super) fn read(
    log: &mut Connection,
    reader: PersonId,
    room: RoomId,
    from: Seq,
    to: Seq,
) -> rusqlite::Result<Option<Log>> {
    let log = log.transaction()?;
    let member = log
        .prepare_cached("SELECT 1 FROM members WHERE person = ?1 AND room = ?2")?
        .exists([rows::signed(reader.0), rows::signed(room.0)])?;
    if !member {
        return Ok(None);
    }
    Ok(Some(Log {
        head: head(&log, room)?,
        events: page(&log, room, from, to)?,
    }))
}

fn page(log: &Transaction<'_>, room: RoomId, from: Seq, to: Seq) -> rusqlite::Result<Vec<Event>> {
    let mut statement = log.prepare_cached(
        "SELECT seq, at, author, people.name, client_id, kind, content
         FROM events JOIN people ON people.id = events.author
         WHERE room = ?1 AND seq BETWEEN ?2 AND ?3 ORDER BY seq LIMIT ?4",
    )?;
    let mut found = statement.query([
        rows::signed(room.0),
        rows::signed(from.0),
        rows::signed(to.0),
        rows::signed(limits::PAGE_EVENTS),
    ])?;
    let (mut events, mut bytes) = (Vec::new(), 0);
    while let Some(row) = found.next()? {
        let event = rows::event(row)?;
        bytes += encoded_bytes(&event);
        // One event always fits, or a reader would never get past it.
        if bytes > limits::PAGE_BYTES && !events.is_empty() {
            break;
        }
        events.push(event);
    }
    Ok(events)
}

/// Bytes of an event as JSON, at most a few too many. Counted, because encoding it twice costs more.
fn encoded_bytes(event: &Event) -> usize {
    /// Everything but the three texts, with numbers at their longest.
    const ENVELOPE: usize = 200;
    let text: &str = match &event.content {
        Content::Created { name } => name,
        Content::Message { body } => body,
        Content::Joined | Content::NotUnderstood(_) => "",
    };
    // The texts hold no control characters but line ends and tabs, which take two bytes like these.
    let escapes = |text: &str| {
        let doubled = |b: &u8| matches!(b, b'"' | b'\\' | b'\n' | b'\t');
        text.len() + text.as_bytes().iter().filter(|b| doubled(b)).count()
    };
    ENVELOPE + escapes(text) + escapes(&event.author.name)
}

pub(super) fn directory(
    log: &mut Connection,
    reader: PersonId,
    most: usize,
) -> rusqlite::Result<Directory> {
    let log = log.transaction()?;
    let mut rooms: Vec<DirectoryRoom> = log
        .prepare_cached(
            "SELECT id, name,
                    (SELECT count(*) FROM members WHERE room = rooms.id),
                    EXISTS (SELECT 1 FROM members WHERE room = rooms.id AND person = ?1)
             FROM rooms ORDER BY key LIMIT ?2",
        )?
        .query_map(
            [rows::signed(reader.0), rows::signed(most as u64 + 1)],
            |row| {
                Ok(DirectoryRoom {
                    id: rows::room_id(row, 0)?,
                    name: rows::room_name(row, 1)?,
                    members: rows::unsigned(row.get(2)?),
                    joined: row.get(3)?,
                })
            },
        )?
        .collect::<rusqlite::Result<_>>()?;
    let more = rooms.len() > most;
    rooms.truncate(most);
    Ok(Directory { rooms, more })
}

fn head(log: &Transaction<'_>, room: RoomId) -> rusqlite::Result<Seq> {
    let newest: Option<i64> = log
        .prepare_cached("SELECT seq FROM events WHERE room = ?1 ORDER BY seq DESC LIMIT 1")?
        .query_row([rows::signed(room.0)], |row| row.get(0))
        .optional()?;
    Ok(Seq(newest.map_or(0, rows::unsigned)))
}

#[cfg(test)]
mod tests {
    use shared::ids::{ClientId, Timestamp};
    use shared::protocol::Person;
    use shared::text::{Body, PersonName};

    use super::*;

    /// R2: the estimate must not be below the truth, or a page could exceed its bound.
    #[test]
    fn the_estimated_size_of_an_event_is_not_below_its_true_size() {
        for body in [
            "hi",
            "\"\"\\\\\n\n\t\t",
            "漢字 and 😀",
            &"\"".repeat(16_000),
        ] {
            let event = Event {
                seq: Seq(limits::SAFE_INTEGER),
                at: Timestamp(limits::SAFE_INTEGER),
                author: Person {
                    id: PersonId(u64::MAX),
                    name: PersonName::parse("Ada \"the first\" \\o/").unwrap(),
                },
                client_id: ClientId(u128::MAX),
                content: Content::Message {
                    body: Body::parse(body).unwrap(),
                },
            };
            let truth = shared::wire::encode(&event).len();
            let estimate = encoded_bytes(&event);
            assert!(
                truth < estimate && estimate < truth + 64,
                "{truth} {estimate}"
            );
        }
    }
}
