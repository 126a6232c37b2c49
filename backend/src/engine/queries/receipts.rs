//! How far the people in a small room have read, for each other.
//!
//! It is told by those, and to those, who have not chosen otherwise; of a room with more people than
//! [`shared::limits::RECEIPTS_PEOPLE`] nothing is.

use rusqlite::{Connection, params};
use shared::ids::{PersonId, RoomId};
use shared::limits;
use shared::protocol::Receipt;

use crate::engine::committed::{Read, ReadReceipt};
use crate::engine::operations::is_member;
use crate::engine::rows;

/// Whether the person ?1 tells and is told in the room ?2, which has at most ?3 people.
const TAKES_PART: &str = "EXISTS (SELECT 1 FROM people WHERE id = ?1 AND no_receipts = 0)
    AND (SELECT count(*) FROM (SELECT 1 FROM members WHERE room = ?2 LIMIT ?3 + 1)) <= ?3";

/// Notes that the others are told how far somebody has read, if they are and were not. Part of an operation.
pub(in crate::engine) fn give(
    log: &Connection,
    read: &Read,
) -> rusqlite::Result<Option<ReadReceipt>> {
    let (room, to) = (read.room, read.read.reading.to);
    let ids = [read.person.0, room.0].map(rows::signed);
    let told = log
        .prepare_cached(
            &format!("UPDATE members SET told = ?4 WHERE person = ?1 AND room = ?2 AND told < ?4 AND {TAKES_PART}"),
        )?
        .execute(params![ids[0], ids[1], most(), rows::signed(to.0)])?;
    if told == 0 {
        return Ok(None);
    }
    let by = log
        .prepare_cached("SELECT id, name FROM people WHERE id = ?1")?
        .query_row([ids[0]], |row| rows::person(row, 0, 1))?;
    let hearers = log
        .prepare_cached(
            "SELECT people.id FROM members CROSS JOIN people ON people.id = members.person
             WHERE members.room = ?2 AND people.no_receipts = 0 AND people.id <> ?1",
        )?
        .query_map(ids, |row| Ok(PersonId(rows::unsigned(row.get(0)?))))?
        .collect::<rusqlite::Result<_>>()?;
    let receipt = Receipt { by, to };
    Ok(Some(ReadReceipt {
        room,
        receipt,
        hearers,
    }))
}

/// How far the others have read, as they were told to have; `None` when the reader is not in the room.
pub(in crate::engine) fn receipts(
    log: &mut Connection,
    reader: PersonId,
    room: RoomId,
) -> rusqlite::Result<Option<Vec<Receipt>>> {
    let log = log.transaction()?;
    if !is_member(&log, reader, room)? {
        return Ok(None);
    }
    let takes_part: bool = log
        .prepare_cached(&format!("SELECT {TAKES_PART}"))?
        .query_row(
            params![rows::signed(reader.0), rows::signed(room.0), most()],
            |row| row.get(0),
        )?;
    if !takes_part {
        return Ok(Some(Vec::new()));
    }
    log.prepare_cached(
        "SELECT people.id, people.name, members.told
         FROM members CROSS JOIN people ON people.id = members.person
         WHERE members.room = ?2 AND members.told > 0 AND people.no_receipts = 0 AND people.id <> ?1",
    )?
    .query_map([reader.0, room.0].map(rows::signed), |row| {
        let by = rows::person(row, 0, 1)?;
        let to = rows::place(row, 2)?.unwrap_or_default();
        Ok(Receipt { by, to })
    })?
    .collect::<rusqlite::Result<_>>()
    .map(Some)
}

fn most() -> i64 {
    rows::signed(limits::RECEIPTS_PEOPLE as u64)
}
