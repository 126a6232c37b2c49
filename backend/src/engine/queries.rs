//! What can be read. Each function is one read transaction, hence one moment.

pub(super) mod devices;
pub mod files;
pub mod links;
pub mod members;
pub(super) mod moment;
pub(super) mod order;
pub mod page;
pub mod people;
pub mod quotes;
pub(super) mod reading;
pub(super) mod receipts;

use rusqlite::{Connection, OptionalExtension};
use shared::ids::{PersonId, RoomId, Timestamp};
use shared::limits;
use shared::protocol::{Cursor, DirectoryRoom, Room, TakenOut};

use self::links::Divergence;
use super::operations::is_member;
use super::places;
use super::rows;
use super::session::{Identity, SessionId, TokenHash};

/// How things stand with a person who comes with a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Whether the session was not revoked.
    pub valid: bool,
    /// The rooms the person is in.
    pub rooms: Vec<RoomId>,
}

/// The rooms of someone who comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heads {
    /// With their newest places.
    pub rooms: Vec<Room>,
    /// What others took them out of.
    pub taken_out: Vec<TakenOut>,
    /// The cursors that are not of this log.
    pub diverged: Vec<Divergence>,
}

/// The public rooms there are, by name.
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
            "SELECT rooms.id FROM members JOIN rooms ON rooms.id = members.room
             WHERE members.person = ?1 ORDER BY rooms.key",
        )?
        .query_map([rows::signed(person.0)], |row| rows::room_id(row, 0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(Standing { valid, rooms })
}

pub(super) fn heads(
    log: &mut Connection,
    rooms: Vec<RoomId>,
    person: PersonId,
    cursors: &[(RoomId, Cursor)],
) -> rusqlite::Result<Heads> {
    let log = log.transaction()?;
    let diverged = links::diverged(&log, person, cursors)?;
    let mut found = Vec::with_capacity(rooms.len());
    for room in rooms {
        // They may have left it since the rooms were listed.
        if is_member(&log, person, room)? {
            found.extend(places::room(&log, person, room)?);
        }
    }
    let rooms = found;
    let taken_out = order::taken_out(&log, person)?;
    Ok(Heads {
        rooms,
        taken_out,
        diverged,
    })
}

pub(super) fn directory(
    log: &mut Connection,
    reader: PersonId,
    most: usize,
) -> rusqlite::Result<Directory> {
    let log = log.transaction()?;
    // Keys of rooms that are not public begin with a control character, before all that are.
    let mut rooms: Vec<DirectoryRoom> = log
        .prepare_cached(
            "SELECT id, name, topic, archived,
                    (SELECT count(*) FROM (SELECT 1 FROM members WHERE room = rooms.id LIMIT ?3)),
                    EXISTS (SELECT 1 FROM members WHERE room = rooms.id AND person = ?1)
             FROM rooms WHERE kind = 'public' AND key > ' '
             AND NOT EXISTS (SELECT 1 FROM bans WHERE room = rooms.id AND person = ?1)
             ORDER BY key LIMIT ?2",
        )?
        .query_map(
            [reader.0, most as u64 + 1, limits::MEMBERS_COUNTED].map(rows::signed),
            |row| {
                Ok(DirectoryRoom {
                    id: rows::room_id(row, 0)?,
                    name: rows::room_name(row, 1)?,
                    topic: rows::topic(row, 2)?,
                    archived: row.get(3)?,
                    members: rows::unsigned(row.get(4)?),
                    joined: row.get(5)?,
                })
            },
        )?
        .collect::<rusqlite::Result<_>>()?;
    let more = rooms.len() > most;
    rooms.truncate(most);
    Ok(Directory { rooms, more })
}
