//! Messages as they are shown in other places than their own: quoted by an answer (Q2), pinned to a room (Q6), and as they
//! were before they were edited (Q7).

use rusqlite::{Connection, OptionalExtension, Row};
use shared::ids::{PersonId, RoomId, Seq, Timestamp};
use shared::limits;
use shared::protocol::{Pin, Quote, Version};
use shared::text::Body;

use crate::engine::rows::{self, Besides};

/// What is pinned to a room, what was pinned last first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pins {
    /// The newest place of the room's log.
    pub head: Seq,
    /// As many as may be pinned at most.
    pub pins: Vec<Pin>,
}

/// What a message has said, the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// None since it was deleted.
    pub versions: Vec<Version>,
    /// Whether there are more.
    pub more: bool,
}

/// A message of a room, as it stands; none when there is none at that place.
pub(in crate::engine) fn quote(
    log: &Connection,
    room: RoomId,
    seq: Seq,
) -> rusqlite::Result<Option<Quote>> {
    log.prepare_cached(
        "SELECT message.seq, message.author, people.name, message.changed, bodies.text,
                message.content
         FROM events AS message CROSS JOIN people ON people.id = message.author
         LEFT JOIN events AS newest ON newest.room = ?1 AND newest.seq = message.changed
         LEFT JOIN bodies ON bodies.id = coalesce(newest.body, message.body)
         WHERE message.room = ?1 AND message.seq = ?2 AND message.kind = 'message'",
    )?
    .query_row([room.0, seq.0].map(rows::signed), quoted)
    .optional()
}

/// A row of `seq, author, name, changed, text, content`.
fn quoted(row: &Row<'_>) -> rusqlite::Result<Quote> {
    let body = rows::body(row, 4)?;
    let files = Besides::read(row, 5)?.attachments;
    Ok(Quote {
        seq: rows::place(row, 0)?.unwrap_or_default(),
        author: rows::person(row, 1, 2)?,
        text: body.as_ref().map(Body::beginning),
        file: files.into_iter().next().map(|file| file.name),
        changed: rows::place(row, 3)?,
    })
}

/// `None` when the reader is not in the room.
pub(in crate::engine) fn pins(
    log: &mut Connection,
    reader: PersonId,
    room: RoomId,
) -> rusqlite::Result<Option<Pins>> {
    let log = log.transaction()?;
    let Some(head) = head(&log, reader, room)? else {
        return Ok(None);
    };
    let pins = log
        .prepare_cached(
            "SELECT message.seq, message.author, people.name, message.changed, bodies.text,
                    message.content, message.at, pins.seq, pinned.author, pinner.name
             FROM pins
             CROSS JOIN events AS message ON message.room = pins.room AND message.seq = pins.target
             CROSS JOIN people ON people.id = message.author
             CROSS JOIN events AS pinned ON pinned.room = pins.room AND pinned.seq = pins.seq
             CROSS JOIN people AS pinner ON pinner.id = pinned.author
             LEFT JOIN events AS newest
                ON newest.room = message.room AND newest.seq = message.changed
             LEFT JOIN bodies ON bodies.id = coalesce(newest.body, message.body)
             WHERE pins.room = ?1 ORDER BY pins.seq DESC",
        )?
        .query_map([rows::signed(room.0)], |row| {
            Ok(Pin {
                seq: rows::place(row, 7)?.unwrap_or_default(),
                by: rows::person(row, 8, 9)?,
                at: Timestamp(rows::unsigned(row.get(6)?)),
                message: quoted(row)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(Some(Pins { head, pins }))
}

/// `None` in the first place when the reader is not in the room, in the second when there is no such message.
pub(in crate::engine) fn history(
    log: &mut Connection,
    reader: PersonId,
    room: RoomId,
    target: Seq,
) -> rusqlite::Result<Option<Option<History>>> {
    let log = log.transaction()?;
    if head(&log, reader, room)?.is_none() {
        return Ok(None);
    }
    let place = [room.0, target.0].map(rows::signed);
    let exists = log
        .prepare_cached("SELECT 1 FROM events WHERE room = ?1 AND seq = ?2 AND kind = 'message'")?
        .exists(place)?;
    if !exists {
        return Ok(Some(None));
    }
    let mut statement = log.prepare_cached(
        "SELECT events.seq, events.at, bodies.text
         FROM (SELECT seq FROM edits WHERE room = ?1 AND target = ?2 UNION ALL SELECT ?2) AS place
         CROSS JOIN events ON events.room = ?1 AND events.seq = place.seq
         CROSS JOIN bodies ON bodies.id = events.body
         ORDER BY events.seq DESC",
    )?;
    let mut found = statement.query(place)?;
    let (mut versions, mut more, mut bytes) = (Vec::new(), false, 0);
    while let Some(row) = found.next()? {
        let Some(body) = rows::body(row, 2)? else {
            break;
        };
        bytes += body.len();
        more = versions.len() == limits::VERSIONS || bytes > limits::PAGE_BYTES;
        if more {
            break;
        }
        versions.push(Version {
            seq: rows::place(row, 0)?.unwrap_or_default(),
            at: Timestamp(rows::unsigned(row.get(1)?)),
            body,
        });
    }
    Ok(Some(Some(History { versions, more })))
}

/// The newest place of a room that the reader is in.
fn head(log: &Connection, reader: PersonId, room: RoomId) -> rusqlite::Result<Option<Seq>> {
    log.prepare_cached(
        "SELECT (SELECT seq FROM events WHERE room = ?2 ORDER BY seq DESC LIMIT 1)
         FROM members WHERE person = ?1 AND room = ?2",
    )?
    .query_row([reader.0, room.0].map(rows::signed), |row| {
        rows::place(row, 0).map(Option::unwrap_or_default)
    })
    .optional()
}
