//! On which devices a message may have arrived: what the author of one may know of the others in its room.

use rusqlite::{Connection, OptionalExtension, params};
use shared::ids::{PersonId, RoomId, Seq, Timestamp};
use shared::limits;

use crate::engine::rows;
use crate::engine::session::SessionId;

/// The sessions of the people in a room that were used of late, but for the one that asks. Others than the author's own are
/// among them when neither side hides how far it has read. `None` when the reader is not in the room, the inner one when
/// there is no such message of theirs.
pub(in crate::engine) fn devices(
    log: &mut Connection,
    reader: PersonId,
    asking: SessionId,
    room: RoomId,
    seq: Seq,
    now: Timestamp,
) -> rusqlite::Result<Option<Option<Vec<SessionId>>>> {
    let log = log.transaction()?;
    let ids = [reader.0, room.0].map(rows::signed);
    if !crate::engine::operations::is_member(&log, reader, room)? {
        return Ok(None);
    }
    let author: Option<i64> = log
        .prepare_cached(
            "SELECT author FROM events WHERE room = ?1 AND seq = ?2 AND kind = 'message'",
        )?
        .query_row([ids[1], rows::signed(seq.0)], |row| row.get(0))
        .optional()?;
    if author != Some(ids[0]) {
        return Ok(Some(None));
    }
    let since = now.0.saturating_sub(limits::DEVICE_MS);
    log.prepare_cached(
        "SELECT sessions.id FROM members
         CROSS JOIN people ON people.id = members.person
         CROSS JOIN sessions ON sessions.person = people.id
         WHERE members.room = ?2 AND sessions.revoked_at IS NULL AND sessions.used_at >= ?3 AND sessions.id <> ?4
         AND (people.id = ?1 OR (people.no_receipts = 0
              AND EXISTS (SELECT 1 FROM people WHERE id = ?1 AND no_receipts = 0)))
         LIMIT ?5",
    )?
    .query_map(
        params![ids[0], ids[1], rows::signed(since), asking.0, rows::signed(limits::DEVICES_COUNTED)],
        |row| Ok(SessionId(row.get(0)?)),
    )?
    .collect::<rusqlite::Result<_>>()
    .map(|found| Some(Some(found)))
}
