//! Who was taken out of what, who is banned, and what was done to keep order.

use rusqlite::{Connection, Row, params};
use shared::ids::{PersonId, RoomId, Timestamp};
use shared::limits;
use shared::order::{Deed, DeedKind, DeedQuery, Deeds, ListedRoom, RoomList, RoomMembers};
use shared::protocol::{Person, TakenOut};

use crate::engine::rows;
use crate::engine::session::TokenHash;

/// What others took a person out of and is not noted, the newest first.
pub(in crate::engine) fn taken_out(
    log: &Connection,
    person: PersonId,
) -> rusqlite::Result<Vec<TakenOut>> {
    log.prepare_cached(
        "SELECT room, taken_out.name, people.id, people.name, at, banned
         FROM taken_out JOIN people ON people.id = taken_out.by
         WHERE person = ?1 ORDER BY at DESC, room LIMIT ?2",
    )?
    .query_map(
        [person.0, limits::TAKEN_OUT as u64].map(rows::signed),
        |row| {
            Ok(TakenOut {
                room: rows::room_id(row, 0)?,
                name: rows::room_name(row, 1)?,
                by: rows::person(row, 2, 3)?,
                at: Timestamp(rows::unsigned(row.get(4)?)),
                banned: row.get(5)?,
            })
        },
    )?
    .collect()
}

/// Who is banned from a room, by name.
pub(super) fn banned(log: &Connection, room: RoomId) -> rusqlite::Result<Vec<Person>> {
    log.prepare_cached(
        "SELECT people.id, people.name FROM bans JOIN people ON people.id = bans.person
         WHERE bans.room = ?1 ORDER BY people.fold, people.id LIMIT ?2",
    )?
    .query_map(
        [room.0, limits::BANNED_LISTED as u64].map(rows::signed),
        |row| rows::person(row, 0, 1),
    )?
    .collect()
}

/// Whether a session is that of somebody who is shut out.
pub(in crate::engine) fn is_shut_out(
    log: &mut Connection,
    token: &TokenHash,
) -> rusqlite::Result<bool> {
    log.prepare_cached(
        "SELECT 1 FROM sessions JOIN people ON people.id = sessions.person
         WHERE token_hash = ?1 AND gone_at IS NOT NULL",
    )?
    .exists([token.0])
}

/// What was done, the newest first. L2: a room that the reader is not in and may not join has no name here.
pub(in crate::engine) fn deeds(
    log: &mut Connection,
    reader: PersonId,
    query: DeedQuery,
) -> rusqlite::Result<Deeds> {
    let before = query.before.map_or(i64::MAX, rows::signed);
    let most = limits::DEEDS_LISTED as usize;
    let sql = |which: &str| {
        format!(
            "SELECT deeds.id, deeds.at, author.id, author.name, deeds.kind, deeds.detail,
                    other.id, other.name, rooms.name
             FROM deeds JOIN people AS author ON author.id = deeds.by
             LEFT JOIN people AS other ON other.id = deeds.person
             LEFT JOIN rooms ON rooms.id = deeds.room AND (rooms.kind = 'public' OR EXISTS (
                SELECT 1 FROM members WHERE members.person = ?1 AND members.room = rooms.id))
             WHERE {which} ORDER BY deeds.id DESC LIMIT ?3"
        )
    };
    let all = "deeds.id < ?2 AND ?4 IS NULL";
    let of_person = "deeds.id IN (
        SELECT id FROM deeds WHERE by = ?4 AND id < ?2
        UNION SELECT id FROM deeds WHERE person = ?4 AND id < ?2
        ORDER BY id DESC LIMIT ?3)";
    let which = query.person.map_or(all, |_| of_person);
    let mut deeds: Vec<Deed> = log
        .prepare_cached(&sql(which))?
        .query_map(
            params![
                rows::signed(reader.0),
                before,
                rows::signed(most as u64 + 1),
                query.person.map(|person| rows::signed(person.0))
            ],
            deed,
        )?
        .collect::<rusqlite::Result<_>>()?;
    let more = deeds.len() > most;
    deeds.truncate(most);
    let older = deeds.last().map(|deed| deed.id).filter(|_| more);
    Ok(Deeds { deeds, older })
}

fn deed(row: &Row<'_>) -> rusqlite::Result<Deed> {
    let kind = rows::deed_kind(row, 4)?;
    let room = match row.get_ref(8)?.as_str_or_null()? {
        Some(_) => Some(rows::room_name(row, 8)?),
        None => None,
    };
    let hidden = room.is_none() && kind == DeedKind::Renamed;
    Ok(Deed {
        id: rows::unsigned(row.get(0)?),
        at: Timestamp(rows::unsigned(row.get(1)?)),
        by: rows::person(row, 2, 3)?,
        kind,
        person: match row.get::<_, Option<i64>>(6)? {
            Some(_) => Some(rows::person(row, 6, 7)?),
            None => None,
        },
        room,
        // The new name of a room that is not to be known.
        detail: if hidden { String::new() } else { row.get(5)? },
    })
}

/// Rooms that an owner may know of (L2): the public ones, and the private ones that they are in.
const KNOWN: &str = "(kind = 'public' OR kind = 'private' AND EXISTS (
    SELECT 1 FROM members WHERE members.room = rooms.id AND members.person = ?1))";

/// Whether it is one of those.
pub(in crate::engine) fn may_know(
    log: &Connection,
    reader: PersonId,
    room: RoomId,
) -> rusqlite::Result<bool> {
    log.prepare_cached(&format!("SELECT 1 FROM rooms WHERE {KNOWN} AND id = ?2"))?
        .exists([reader.0, room.0].map(rows::signed))
}

pub(in crate::engine) fn rooms_listed(
    log: &mut Connection,
    reader: PersonId,
) -> rusqlite::Result<RoomList> {
    let most = limits::DIRECTORY_ROOMS;
    let mut rooms: Vec<ListedRoom> = log
        .prepare_cached(&format!(
            "SELECT id, kind, name, archived,
                    (SELECT count(*) FROM (SELECT 1 FROM members WHERE room = rooms.id LIMIT ?3)),
                    (SELECT seq FROM events WHERE room = rooms.id ORDER BY seq DESC LIMIT 1)
             FROM rooms WHERE {KNOWN} ORDER BY archived, lower(name), id LIMIT ?2"
        ))?
        .query_map(
            [reader.0, most as u64 + 1, limits::MEMBERS_COUNTED].map(rows::signed),
            |row| {
                Ok(ListedRoom {
                    id: rows::room_id(row, 0)?,
                    kind: rows::room_kind(row, 1)?,
                    name: rows::room_name(row, 2)?,
                    archived: row.get(3)?,
                    members: rows::unsigned(row.get(4)?),
                    events: rows::place(row, 5)?.unwrap_or_default().0,
                })
            },
        )?
        .collect::<rusqlite::Result<_>>()?;
    let more = rooms.len() > most;
    rooms.truncate(most);
    Ok(RoomList { rooms, more })
}

pub(in crate::engine) fn room_members(
    log: &mut Connection,
    reader: PersonId,
    room: RoomId,
) -> rusqlite::Result<Option<RoomMembers>> {
    let log = log.transaction()?;
    if !may_know(&log, reader, room)? {
        return Ok(None);
    }
    let most = limits::MEMBERS_LISTED;
    let (people, more) = super::members::inside(&log, room, most)?;
    Ok(Some(RoomMembers { people, more }))
}
