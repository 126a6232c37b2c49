//! What can be written: each operation as it runs inside its savepoint.
//!
//! The unique pair `(author, client_id)` makes every one of them idempotent for ever: it is looked up first, and
//! what it finds is the answer.

pub mod choosing;
pub mod deeds;
pub mod direct;
pub mod erasing;
pub mod order;
pub mod reading;
pub mod rooms;
pub mod sending;

pub mod arriving;
pub mod invites;
pub mod profiles;
pub mod sessions;

pub mod files;

mod changes;
mod holding;
mod places;
mod saying;

use rusqlite::{Connection, OptionalExtension, params};
use shared::ids::{ClientId, Link, PersonId, RoomId, Seq, Timestamp};
use shared::problem::Problem;
use shared::protocol::{Content, Event, Person};

use super::committed::Committed;
use super::rows;
use super::writer::Fault;

/// What every event has, before it has its place.
pub(super) struct Entry<'a> {
    pub(super) room: RoomId,
    pub(super) author: &'a Person,
    pub(super) client_id: ClientId,
    pub(super) at: Timestamp,
}

impl Entry<'_> {
    /// Gives the event the next place in its room's log.
    pub(super) fn append(
        &self,
        log: &Connection,
        content: Content,
        committed: &mut Vec<Committed>,
    ) -> Result<Seq, Fault> {
        self.append_as(called(log, self.author.id)?, log, content, committed)
    }

    /// The same by an author who may not be there any more.
    pub(super) fn append_as(
        &self,
        author: Person,
        log: &Connection,
        content: Content,
        committed: &mut Vec<Committed>,
    ) -> Result<Seq, Fault> {
        let (head, link) = head(log, self.room)?;
        let mut event = Event {
            seq: head.next(),
            at: self.at,
            author,
            client_id: self.client_id,
            link: Link(0),
            content,
        };
        event.link = link.next(&event);
        insert(log, self.room, &event)?;
        let seq = event.seq;
        committed.push(Committed {
            room: self.room,
            event,
            quote: None,
            entrances: Vec::new(),
            taken_out: None,
        });
        Ok(seq)
    }
}

/// The author under the name that they have now, which their connection may not have heard of yet. Nobody who is shut out
/// writes.
fn called(log: &Connection, author: PersonId) -> Result<Person, Fault> {
    log.prepare_cached("SELECT id, name FROM people WHERE id = ?1 AND gone_at IS NULL")?
        .query_row([rows::signed(author.0)], |row| rows::person(row, 0, 1))
        .optional()?
        .ok_or(Fault::Refused(Problem::Unauthenticated))
}

/// Writes an event as it is.
pub(super) fn insert(log: &Connection, room: RoomId, event: &Event) -> rusqlite::Result<()> {
    let Some(columns) = rows::columns(&event.content) else {
        // Contents are made in this module, of the kinds that the table knows.
        return Err(rusqlite::Error::InvalidQuery);
    };
    let body = match columns.body {
        Some(text) => Some(
            log.prepare_cached("INSERT INTO bodies (text) VALUES (?1)")?
                .insert([text])?,
        ),
        None => None,
    };
    log.prepare_cached(
        "INSERT INTO events (room, seq, author, client_id, at, link, kind, target, body, content, person)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?
    .execute(params![
        rows::signed(room.0),
        rows::signed(event.seq.0),
        rows::signed(event.author.id.0),
        event.client_id.0.to_be_bytes(),
        rows::signed(event.at.0),
        rows::bits(event.link),
        columns.kind,
        columns.target,
        body,
        columns.content,
        columns.person,
    ])?;
    Ok(())
}

/// An event that the author has named before.
pub(super) struct Earlier {
    pub(super) room: RoomId,
    pub(super) seq: Seq,
    pub(super) at: Timestamp,
    pub(super) kind: String,
    pub(super) target: Option<i64>,
    pub(super) person: Option<i64>,
    /// Its body, or what it has instead.
    pub(super) text: String,
    /// What it has besides.
    pub(super) content: String,
}

pub(super) const FIND: &str =
    "SELECT room, seq, at, kind, target, person, coalesce(bodies.text, content), content
    FROM events LEFT JOIN bodies ON bodies.id = events.body
    WHERE author = ?1 AND client_id = ?2";

pub(super) fn find(
    log: &Connection,
    author: PersonId,
    client_id: ClientId,
) -> rusqlite::Result<Option<Earlier>> {
    log.prepare_cached(FIND)?
        .query_row(
            params![rows::signed(author.0), client_id.0.to_be_bytes()],
            |row| {
                Ok(Earlier {
                    room: rows::room_id(row, 0)?,
                    seq: Seq(rows::unsigned(row.get(1)?)),
                    at: Timestamp(rows::unsigned(row.get(2)?)),
                    kind: row.get(3)?,
                    target: row.get(4)?,
                    person: row.get(5)?,
                    text: row.get(6)?,
                    content: row.get(7)?,
                })
            },
        )
        .optional()
}

pub(super) fn is_member(
    log: &Connection,
    person: PersonId,
    room: RoomId,
) -> rusqlite::Result<bool> {
    log.prepare_cached("SELECT 1 FROM members WHERE person = ?1 AND room = ?2")?
        .exists([rows::signed(person.0), rows::signed(room.0)])
}

/// The newest place of a room, and its link.
pub(super) fn head(log: &Connection, room: RoomId) -> rusqlite::Result<(Seq, Link)> {
    let newest = log
        .prepare_cached("SELECT seq, link FROM events WHERE room = ?1 ORDER BY seq DESC LIMIT 1")?
        .query_row([rows::signed(room.0)], |row| {
            Ok((rows::place(row, 0)?, rows::link(row, 1)?))
        })
        .optional()?;
    Ok(match newest {
        Some((Some(seq), Some(link))) => (seq, link),
        _ => (Seq::ZERO, Link::first(room)),
    })
}
