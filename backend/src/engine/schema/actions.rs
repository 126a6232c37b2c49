//! Step 2: events that change earlier ones, reactions, topics, and the link of every event.
//!
//! The texts move to a table of their own, where a deletion can destroy them (S11): its rows are only ever added at the
//! end, or overwritten by as many bytes, so that none of them is moved within the file. A row between others is moved
//! whenever a page is full, and SQLite leaves a copy behind in the part of the page that is unused then; `secure_delete`
//! does not reach it.
//!
//! Which events edit a message is a table too, because an index of events would cost every event something.

use rusqlite::{Row, Transaction, params};
use shared::ids::{ClientId, Link, RoomId, Seq, Timestamp};
use shared::protocol::{Content, Event};

use crate::engine::rows;

const MAKE: &str = "
    ALTER TABLE rooms ADD COLUMN topic TEXT;
    DROP INDEX events_by_author;
    ALTER TABLE events RENAME TO events_of_version_1;
    CREATE TABLE bodies (
        id INTEGER PRIMARY KEY,
        text TEXT NOT NULL
    ) STRICT;
    CREATE TABLE events (
        room INTEGER NOT NULL REFERENCES rooms (id),
        seq INTEGER NOT NULL,
        author INTEGER NOT NULL REFERENCES people (id),
        client_id BLOB NOT NULL,
        at INTEGER NOT NULL,
        link INTEGER NOT NULL,
        kind TEXT NOT NULL,
        target INTEGER,
        changed INTEGER,
        body INTEGER REFERENCES bodies (id),
        content TEXT NOT NULL,
        PRIMARY KEY (room, seq)
    ) STRICT, WITHOUT ROWID;
";

const FINISH: &str = "
    DROP TABLE events_of_version_1;
    CREATE UNIQUE INDEX events_by_author ON events (author, client_id);
    CREATE TABLE edits (
        room INTEGER NOT NULL,
        target INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (room, target, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE reactions (
        room INTEGER NOT NULL,
        target INTEGER NOT NULL,
        person INTEGER NOT NULL REFERENCES people (id),
        emoji TEXT NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (room, target, person, emoji),
        FOREIGN KEY (room, target) REFERENCES events (room, seq)
    ) STRICT, WITHOUT ROWID;
";

pub(super) fn migrate(log: &Transaction<'_>) -> rusqlite::Result<()> {
    log.execute_batch(MAKE)?;
    link_events(log)?;
    log.execute_batch(FINISH)
}

/// Copies the events one by one, each with its link.
fn link_events(log: &Transaction<'_>) -> rusqlite::Result<()> {
    let mut old = log.prepare(
        "SELECT room, seq, at, author, people.name, client_id, kind, content
         FROM events_of_version_1 AS old JOIN people ON people.id = old.author
         ORDER BY room, seq",
    )?;
    let mut new_body = log.prepare("INSERT INTO bodies (text) VALUES (?1)")?;
    let mut new = log.prepare(
        "INSERT INTO events (room, seq, author, client_id, at, link, kind, body, content)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    let mut last: Option<(RoomId, Link)> = None;
    let mut found = old.query([])?;
    while let Some(row) = found.next()? {
        let room = rows::room_id(row, 0)?;
        let before = match last {
            Some((same, link)) if same == room => link,
            _ => Link::first(room),
        };
        let event = unlinked(row)?;
        let link = before.next(&event);
        let text = row.get_ref(7)?.as_str()?;
        let (body, content) = match event.content.kind() {
            "message" => (Some(new_body.insert([text])?), ""),
            _ => (None, text),
        };
        new.execute(params![
            row.get::<_, i64>(0)?,
            row.get::<_, i64>(1)?,
            row.get::<_, i64>(3)?,
            event.client_id.0.to_be_bytes(),
            row.get::<_, i64>(2)?,
            rows::bits(link),
            event.content.kind(),
            body,
            content,
        ])?;
        last = Some((room, link));
    }
    Ok(())
}

/// What the link covers; the text is not among it.
fn unlinked(row: &Row<'_>) -> rusqlite::Result<Event> {
    let kind = row.get_ref(6)?.as_str()?;
    Ok(Event {
        seq: Seq(rows::unsigned(row.get(1)?)),
        at: Timestamp(rows::unsigned(row.get(2)?)),
        author: rows::person(row, 3, 4)?,
        client_id: ClientId(u128::from_be_bytes(row.get(5)?)),
        link: Link(0),
        content: Content::of_kind(kind),
    })
}

#[cfg(test)]
mod tests;
