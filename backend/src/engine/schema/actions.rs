//! Step 2: events that change earlier ones, reactions, topics, and the link of every event.
//!
//! The table is made anew and not altered, so that what a page always needs stands before the long text in the row.

use rusqlite::{Row, Transaction, params};
use shared::ids::{ClientId, Link, RoomId, Seq, Timestamp};
use shared::protocol::{Content, Event};

use crate::engine::rows;

const MAKE: &str = "
    ALTER TABLE rooms ADD COLUMN topic TEXT;
    DROP INDEX events_by_author;
    ALTER TABLE events RENAME TO events_of_version_1;
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
        content TEXT NOT NULL,
        PRIMARY KEY (room, seq)
    ) STRICT, WITHOUT ROWID;
";

const FINISH: &str = "
    DROP TABLE events_of_version_1;
    CREATE UNIQUE INDEX events_by_author ON events (author, client_id);
    CREATE INDEX edits ON events (room, target) WHERE kind = 'edited';
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
    let mut new = log.prepare(
        "INSERT INTO events (room, seq, author, client_id, at, link, kind, content)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
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
        new.execute(params![
            row.get::<_, i64>(0)?,
            row.get::<_, i64>(1)?,
            row.get::<_, i64>(3)?,
            event.client_id.0.to_be_bytes(),
            row.get::<_, i64>(2)?,
            rows::bits(link),
            event.content.kind(),
            row.get_ref(7)?.as_str()?,
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
        content: Content::NotUnderstood(serde_json::json!({ "kind": kind })),
    })
}

#[cfg(test)]
mod tests;
