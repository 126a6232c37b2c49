//! Where in a log a moment is.

use rusqlite::{Connection, OptionalExtension};
use shared::ids::{PersonId, RoomId, Seq, Timestamp};

use crate::engine::rows;

/// The first event of a room at or after a moment; the last one, if all are earlier. `None` when the reader is not in the room.
///
/// Times are not ordered for certain, since a clock may be set back; halving finds a place where the log crosses the
/// moment, with twenty looks in a log of a million.
pub(in crate::engine) fn place_at(
    log: &mut Connection,
    reader: PersonId,
    room: RoomId,
    at: Timestamp,
) -> rusqlite::Result<Option<Seq>> {
    let log = log.transaction()?;
    let head = log
        .prepare_cached(
            "SELECT (SELECT seq FROM events WHERE room = ?2 ORDER BY seq DESC LIMIT 1)
             FROM members WHERE person = ?1 AND room = ?2",
        )?
        .query_row([rows::signed(reader.0), rows::signed(room.0)], |row| {
            rows::place(row, 0)
        })
        .optional()?;
    let Some(head) = head else { return Ok(None) };
    let mut moment = log.prepare_cached("SELECT at FROM events WHERE room = ?1 AND seq = ?2")?;
    let (mut low, mut high) = (1, head.unwrap_or_default().0);
    while low < high {
        let middle = low.midpoint(high);
        let then: i64 = moment.query_row([rows::signed(room.0), rows::signed(middle)], |row| {
            row.get(0)
        })?;
        if rows::unsigned(then) < at.0 {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(Some(Seq(low)))
}
