//! Deleting what somebody has said, a little at a time (O5): a step looks at a few of their events, in the order of the
//! client ids, which is the one index there is of them. Where it got to is on disk, so that a restart goes on from there.

use rusqlite::{Connection, OptionalExtension, params};
use shared::ids::{ClientId, PersonId, RoomId, Seq, Timestamp};
use shared::limits;
use shared::protocol::{Content, Person};

use super::{Entry, changes};
use crate::engine::committed::Committed;
use crate::engine::rows;
use crate::engine::writer::{Fault, Operation};

/// Begins to delete what a person has said up to now, in a room or everywhere.
pub(super) fn begin(
    log: &Connection,
    by: PersonId,
    person: PersonId,
    room: Option<RoomId>,
    at: Timestamp,
) -> rusqlite::Result<()> {
    log.prepare_cached("INSERT INTO erasures (person, by, room, at) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![
            rows::signed(person.0),
            rows::signed(by.0),
            room.map(|room| rows::signed(room.0)),
            rows::signed(at.0)
        ])
        .map(drop)
}

/// See [`crate::engine::Engine::erase`].
#[derive(Debug)]
pub(in crate::engine) struct Erase {
    /// The name of the first deletion; the others are called by the numbers after it.
    pub(in crate::engine) client_id: ClientId,
    pub(in crate::engine) at: Timestamp,
}

/// What is left of one.
struct Erasure {
    id: i64,
    person: i64,
    by: Person,
    room: Option<i64>,
    at: i64,
    done: Vec<u8>,
}

/// An event of the person, and whether it is a message that says something still.
struct Looked {
    client_id: Vec<u8>,
    room: RoomId,
    seq: Seq,
    says: bool,
}

impl Operation for Erase {
    type Output = bool;

    fn apply(&self, log: &Connection, committed: &mut Vec<Committed>) -> Result<bool, Fault> {
        let Some(erasure) = next(log)? else {
            return Ok(false);
        };
        let events = look(log, &erasure)?;
        match events.last() {
            Some(last) => log
                .prepare_cached("UPDATE erasures SET done = ?2 WHERE id = ?1")?
                .execute(params![erasure.id, last.client_id])?,
            None => log
                .prepare_cached("DELETE FROM erasures WHERE id = ?1")?
                .execute([erasure.id])?,
        };
        let said = events.iter().filter(|event| event.says);
        for (n, message) in (0..).zip(said) {
            let entry = Entry {
                room: message.room,
                author: &erasure.by,
                client_id: ClientId(self.client_id.0.wrapping_add(n)),
                at: self.at,
            };
            let content = Content::Deleted {
                target: message.seq,
            };
            // Also when who began it is not there any more.
            let by = erasure.by.clone();
            let seq = entry.append_as(by, log, content.clone(), committed)?;
            changes::carry_out(log, message.room, &erasure.by, &content, seq)?;
        }
        Ok(true)
    }
}

fn next(log: &Connection) -> rusqlite::Result<Option<Erasure>> {
    log.prepare_cached(
        "SELECT erasures.id, person, people.id, people.name, room, at, done
         FROM erasures JOIN people ON people.id = erasures.by ORDER BY erasures.id LIMIT 1",
    )?
    .query_row([], |row| {
        Ok(Erasure {
            id: row.get(0)?,
            person: row.get(1)?,
            by: rows::person(row, 2, 3)?,
            room: row.get(4)?,
            at: row.get(5)?,
            done: row.get(6)?,
        })
    })
    .optional()
}

fn look(log: &Connection, erasure: &Erasure) -> rusqlite::Result<Vec<Looked>> {
    let mut statement = log.prepare_cached(
        "SELECT events.client_id, events.room, events.seq,
                events.kind = 'message' AND events.at <= ?3 AND events.room = coalesce(?4, events.room)
                AND newest.kind IS NOT 'deleted'
         FROM events
         LEFT JOIN events AS newest ON newest.room = events.room AND newest.seq = events.changed
         WHERE events.author = ?1 AND events.client_id > ?2
         ORDER BY events.client_id LIMIT ?5",
    )?;
    statement
        .query_map(
            params![
                erasure.person,
                erasure.done,
                erasure.at,
                erasure.room,
                rows::signed(limits::ERASE_STEP)
            ],
            |row| {
                Ok(Looked {
                    client_id: row.get(0)?,
                    room: rows::room_id(row, 1)?,
                    seq: rows::place(row, 2)?.unwrap_or_default(),
                    says: row.get(3)?,
                })
            },
        )?
        .collect()
}
