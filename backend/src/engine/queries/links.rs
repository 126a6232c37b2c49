//! Comparing what clients have applied with the log (R12).

use rusqlite::{Connection, OptionalExtension};
use shared::ids::{Link, PersonId, RoomId, Seq};
use shared::protocol::Cursor;

use crate::engine::rows;

/// A cursor that is not of this log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Divergence {
    /// The room.
    pub room: RoomId,
    /// Where the cursor stands.
    pub seq: Seq,
}

/// Those of the cursors whose link is not the one that the log has there. One without a link says nothing, and neither
/// does one of a room that the person is not in.
pub(in crate::engine) fn diverged(
    log: &Connection,
    person: PersonId,
    cursors: &[(RoomId, Cursor)],
) -> rusqlite::Result<Vec<Divergence>> {
    let mut statement = log.prepare_cached(
        "SELECT events.link
         FROM members LEFT JOIN events ON events.room = members.room AND events.seq = ?3
         WHERE members.person = ?1 AND members.room = ?2",
    )?;
    let mut found = Vec::new();
    for &(room, Cursor { seq, link }) in cursors {
        let Some(stated) = link else { continue };
        let place = [person.0, room.0, seq.0].map(rows::signed);
        let stored = statement
            .query_row(place, |row| rows::link(row, 0))
            .optional()?;
        let Some(stored) = stored else { continue };
        let expected = if seq == Seq::ZERO {
            Some(Link::first(room))
        } else {
            stored
        };
        if expected != Some(stated) {
            found.push(Divergence { room, seq });
        }
    }
    Ok(found)
}
