//! What can be read. Each function is one read transaction, hence one moment.

pub mod links;
pub(super) mod moment;
pub mod page;
pub mod people;
pub mod quotes;
pub(super) mod reading;

use rusqlite::{Connection, OptionalExtension};
use shared::ids::{PersonId, RoomId, Timestamp};
use shared::protocol::{Cursor, DirectoryRoom, Reading, Room};
use shared::text::RoomName;

use self::links::Divergence;
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

/// The rooms of someone who comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heads {
    /// With their newest places.
    pub rooms: Vec<Room>,
    /// The cursors that are not of this log.
    pub diverged: Vec<Divergence>,
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
        "SELECT sessions.id, people.id, people.name, sessions.used_at
         FROM sessions JOIN people ON people.id = sessions.person
         WHERE token_hash = ?1 AND revoked_at IS NULL",
    )?
    .query_row([token.0], |row| {
        Ok(Identity {
            session: SessionId(row.get(0)?),
            person: rows::person(row, 1, 2)?,
            used: Timestamp(rows::unsigned(row.get(3)?)),
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

pub(super) fn heads(
    log: &mut Connection,
    rooms: Vec<Membership>,
    person: PersonId,
    cursors: &[(RoomId, Cursor)],
) -> rusqlite::Result<Heads> {
    let log = log.transaction()?;
    let diverged = links::diverged(&log, person, cursors)?;
    let mut statement = log.prepare_cached(
        "SELECT topic, (SELECT seq FROM events WHERE room = ?1 ORDER BY seq DESC LIMIT 1),
                (SELECT read FROM members WHERE person = ?2 AND room = ?1)
         FROM rooms WHERE id = ?1",
    )?;
    let mut head = |Membership { room, name }| {
        let mut found =
            statement.query_row([rows::signed(room.0), rows::signed(person.0)], |row| {
                let head = rows::place(row, 1)?.unwrap_or_default();
                let to = rows::place(row, 2)?.unwrap_or(head);
                Ok(Room {
                    id: room,
                    name,
                    head,
                    topic: rows::topic(row, 0)?,
                    reading: Reading {
                        to,
                        ..Reading::default()
                    },
                })
            })?;
        // In most rooms there is nothing to count.
        if found.reading.to < found.head {
            found.reading = reading::count(&log, person, room, found.reading.to)?;
        }
        Ok(found)
    };
    let rooms = rooms
        .into_iter()
        .map(&mut head)
        .collect::<rusqlite::Result<_>>()?;
    Ok(Heads { rooms, diverged })
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
