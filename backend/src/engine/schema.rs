//! The schema, as the steps that lead to it. A step that was released is never changed: a new one follows.

mod actions;
mod choices;
mod files;
mod order;
mod people;
mod places;
mod reading;

use rusqlite::{Connection, Transaction};

use super::open::OpenError;

/// How a database comes from one version to the next.
#[derive(Clone, Copy)]
enum Step {
    Sql(&'static str),
    /// What SQL alone cannot compute.
    Code(fn(&Transaction<'_>) -> rusqlite::Result<()>),
}

/// Step n brings a database from version n to n + 1 (SQLite's `user_version`).
const STEPS: &[Step] = &[
    Step::Sql(FIRST),
    Step::Code(actions::migrate),
    Step::Code(people::migrate),
    Step::Sql(MENTIONS_AND_PINS),
    Step::Sql(reading::MAKE),
    Step::Sql(places::STEP),
    Step::Sql(choices::STEP),
    Step::Sql(files::MAKE),
    Step::Sql(order::STEP),
    Step::Sql(choices::RECEIPTS),
];

const FIRST: &str = "
    CREATE TABLE history (
        epoch INTEGER NOT NULL,
        lobby INTEGER NOT NULL REFERENCES rooms (id)
    ) STRICT;
    CREATE TABLE people (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        created_at INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE sessions (
        id INTEGER PRIMARY KEY,
        token_hash BLOB NOT NULL UNIQUE,
        person INTEGER NOT NULL REFERENCES people (id),
        created_at INTEGER NOT NULL,
        revoked_at INTEGER
    ) STRICT;
    CREATE TABLE rooms (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        key TEXT NOT NULL UNIQUE,
        created_at INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE members (
        person INTEGER NOT NULL REFERENCES people (id),
        room INTEGER NOT NULL REFERENCES rooms (id),
        PRIMARY KEY (person, room)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX members_of_room ON members (room);
    CREATE TABLE events (
        room INTEGER NOT NULL REFERENCES rooms (id),
        seq INTEGER NOT NULL,
        author INTEGER NOT NULL REFERENCES people (id),
        client_id BLOB NOT NULL,
        at INTEGER NOT NULL,
        kind TEXT NOT NULL,
        content TEXT NOT NULL,
        PRIMARY KEY (room, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX events_by_author ON events (author, client_id);
";

/// Who is named where, as the messages stand (person 0: everyone in the room), and what is pinned by which event. What a
/// message answers, names and where it is from is in its `content`; an edit has the names of its own.
const MENTIONS_AND_PINS: &str = "
    CREATE TABLE mentions (
        person INTEGER NOT NULL,
        room INTEGER NOT NULL REFERENCES rooms (id),
        seq INTEGER NOT NULL,
        PRIMARY KEY (person, room, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX mentions_of_message ON mentions (room, seq);
    CREATE TABLE pins (
        room INTEGER NOT NULL,
        target INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (room, target),
        FOREIGN KEY (room, target) REFERENCES events (room, seq)
    ) STRICT, WITHOUT ROWID;
";

/// Applies the steps that are missing, each in a transaction of its own. Refuses what a newer version wrote.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > known {
        return Err(OpenError::FromTheFuture { found, known });
    }
    for (version, step) in (1_i64..).zip(STEPS) {
        if version > found {
            let transaction = connection.transaction()?;
            match step {
                Step::Sql(sql) => transaction.execute_batch(sql)?,
                Step::Code(run) => run(&transaction)?,
            }
            transaction.pragma_update(None, "user_version", version)?;
            transaction.commit()?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrating_twice_changes_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        migrate(&mut connection).unwrap();
        let version: i64 = connection
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .unwrap();
        assert_eq!(version, i64::try_from(STEPS.len()).unwrap());
    }

    #[test]
    fn a_database_from_the_future_is_refused_with_both_versions() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        let error = migrate(&mut connection).unwrap_err();
        assert!(error.to_string().contains("version 99"), "{error}");
    }
}
