//! What a room is and who may do what in it.

use rusqlite::{Connection, OptionalExtension};
use shared::direct::name_of;
use shared::ids::{PersonId, RoomId, Timestamp};
use shared::people::Role;
use shared::protocol::{Pace, Person, Reading, Room, RoomKind};

use super::queries::reading;
use super::rows;

/// A room, in the eyes of somebody who is in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) kind: RoomKind,
    pub(super) archived: bool,
    /// They keep order in it: rename it, archive it, take people out of it, delete what others said.
    pub(super) governed: bool,
    /// What they are on the server.
    pub(super) role: Role,
    /// How fast one may speak.
    pub(super) pace: Pace,
}

/// The room that a person is in; `None` when they are not, whether it exists or not (S5, L2).
pub(super) fn place(
    log: &Connection,
    person: PersonId,
    room: RoomId,
) -> rusqlite::Result<Option<Place>> {
    log.prepare_cached(
        "SELECT rooms.kind, rooms.archived, rooms.maker, people.role, rooms.pace
         FROM members CROSS JOIN rooms ON rooms.id = members.room
         CROSS JOIN people ON people.id = members.person
         WHERE members.person = ?1 AND members.room = ?2",
    )?
    .query_row([rows::signed(person.0), rows::signed(room.0)], |row| {
        let (kind, role) = (rows::room_kind(row, 0)?, rows::role(row, 3)?);
        Ok(Place {
            kind,
            archived: row.get(1)?,
            governed: governs(kind, maker(row, 2)? == Some(person), role),
            role,
            pace: rows::pace(row, 4)?,
        })
    })
    .optional()
}

/// L6: who keeps order in a room: who made it, and who does so on the server and is in it. A direct room is nobody's.
fn governs(kind: RoomKind, is_maker: bool, role: Role) -> bool {
    kind != RoomKind::Direct && (is_maker || role >= Role::Moderator)
}

fn maker(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Option<PersonId>> {
    let id: Option<i64> = row.get(column)?;
    Ok(id.map(|id| PersonId(rows::unsigned(id))))
}

/// The room as one of the people in it sees it. That they are in it is for the caller to know.
pub(super) fn room(
    log: &Connection,
    reader: PersonId,
    id: RoomId,
) -> rusqlite::Result<Option<Room>> {
    let found = log
        .prepare_cached(
            "SELECT name, kind, topic, archived, maker,
                    (SELECT seq FROM events WHERE room = ?1 ORDER BY seq DESC LIMIT 1),
                    CASE kind WHEN 'direct'
                        THEN (SELECT at FROM events WHERE room = ?1 ORDER BY seq DESC LIMIT 1) END,
                    (SELECT role FROM people WHERE id = ?2), members.read, members.level, pace
             FROM rooms LEFT JOIN members ON members.person = ?2 AND members.room = ?1
             WHERE rooms.id = ?1",
        )?
        .query_row([id.0, reader.0].map(rows::signed), |row| {
            let kind = rows::room_kind(row, 1)?;
            let active: Option<i64> = row.get(6)?;
            let head = rows::place(row, 5)?.unwrap_or_default();
            Ok(Room {
                id,
                kind,
                name: rows::room_name(row, 0)?,
                head,
                topic: rows::topic(row, 2)?,
                archived: row.get(3)?,
                pace: rows::pace(row, 10)?,
                own: governs(kind, maker(row, 4)? == Some(reader), rows::role(row, 7)?),
                people: Vec::new(),
                active: active.map(|at| Timestamp(rows::unsigned(at))),
                reading: Reading {
                    to: rows::place(row, 8)?.unwrap_or(head),
                    ..Reading::default()
                },
                level: rows::level(row, 9)?,
            })
        })
        .optional()?;
    let Some(mut room) = found else {
        return Ok(None);
    };
    // In most rooms there is nothing to count.
    if room.reading.to < room.head {
        room.reading = reading::count(log, reader, id, room.reading.to)?;
    }
    if room.kind == RoomKind::Direct {
        room.people = parties(log, id)?;
        room.name = name_of(&room.people, reader).unwrap_or(room.name);
    }
    Ok(Some(room))
}

/// The people whose direct room it is, by name.
pub(super) fn parties(log: &Connection, room: RoomId) -> rusqlite::Result<Vec<Person>> {
    let mut people: Vec<Person> = log
        .prepare_cached(
            "SELECT people.id, people.name
             FROM parties CROSS JOIN people ON people.id = parties.person
             WHERE parties.room = ?1",
        )?
        .query_map([rows::signed(room.0)], |row| rows::person(row, 0, 1))?
        .collect::<rusqlite::Result<_>>()?;
    people.sort_by_cached_key(|person| (person.name.to_lowercase(), person.id));
    Ok(people)
}

/// Somebody as others see them; nobody who was shut out.
pub(super) fn person(log: &Connection, id: PersonId) -> rusqlite::Result<Option<Person>> {
    log.prepare_cached("SELECT id, name FROM people WHERE id = ?1 AND gone_at IS NULL")?
        .query_row([rows::signed(id.0)], |row| rows::person(row, 0, 1))
        .optional()
}
