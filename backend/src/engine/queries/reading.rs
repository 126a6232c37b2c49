//! What people have not read yet.

use rusqlite::Connection;
use shared::ids::{PersonId, RoomId, Seq};
use shared::limits;
use shared::protocol::Reading;

use crate::engine::rows;

/// What is behind a place. The work is bounded: a room that somebody has not opened for a year costs no more than one with
/// a hundred unread messages.
pub(in crate::engine) fn count(
    log: &Connection,
    person: PersonId,
    room: RoomId,
    to: Seq,
) -> rusqlite::Result<Reading> {
    let unread = log
        .prepare_cached(
            "SELECT count(*) FROM (
                SELECT 1 FROM (
                    SELECT kind, author FROM events WHERE room = ?1 AND seq > ?2
                    ORDER BY seq LIMIT ?5
                ) WHERE kind = 'message' AND author <> ?3 LIMIT ?4
             )",
        )?
        .query_row(
            [
                rows::signed(room.0),
                rows::signed(to.0),
                rows::signed(person.0),
                rows::signed(limits::UNREAD_COUNTED),
                rows::signed(limits::UNREAD_SCANNED),
            ],
            |row| row.get(0).map(rows::unsigned),
        )?;
    let mentions = log
        .prepare_cached(
            "SELECT count(*) FROM (
                SELECT seq FROM (
                    SELECT seq FROM mentions
                    WHERE person = ?1 AND room = ?2 AND seq > ?3 ORDER BY seq LIMIT ?4
                ) UNION SELECT seq FROM (
                    SELECT mentions.seq FROM mentions CROSS JOIN events
                    ON events.room = mentions.room AND events.seq = mentions.seq
                    WHERE mentions.person = ?5 AND mentions.room = ?2 AND mentions.seq > ?3
                    AND events.author <> ?1 ORDER BY mentions.seq LIMIT ?4
                ) LIMIT ?4
             )",
        )?
        .query_row(
            [
                rows::signed(person.0),
                rows::signed(room.0),
                rows::signed(to.0),
                rows::signed(limits::UNREAD_COUNTED),
                rows::signed(PersonId::EVERYONE.0),
            ],
            |row| row.get(0).map(rows::unsigned),
        )?;
    Ok(Reading {
        to,
        unread,
        mentions,
    })
}
