//! People get roles, passwords and profiles; sessions say where and when; invitations and one-time links.

use rusqlite::{Transaction, params};

use crate::names::Likeness;

const MAKE: &str = "
    -- What others see: see shared::people::Profile. `version` says when it changed last, counted over everybody.
    ALTER TABLE people ADD COLUMN role TEXT NOT NULL DEFAULT 'guest';
    ALTER TABLE people ADD COLUMN color INTEGER;
    ALTER TABLE people ADD COLUMN status TEXT;
    ALTER TABLE people ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE people ADD COLUMN gone_at INTEGER;
    -- A PHC string; NULL for guests; '' for the server itself, which nobody can sign in as.
    ALTER TABLE people ADD COLUMN password TEXT;
    -- See names::Likeness.
    ALTER TABLE people ADD COLUMN look TEXT NOT NULL DEFAULT '';
    ALTER TABLE people ADD COLUMN fold TEXT NOT NULL DEFAULT '';
    CREATE INDEX people_by_look ON people (look);
    CREATE INDEX people_by_fold ON people (fold);
    CREATE INDEX people_by_version ON people (version);

    ALTER TABLE sessions ADD COLUMN program TEXT NOT NULL DEFAULT '';
    ALTER TABLE sessions ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;
    UPDATE sessions SET used_at = created_at;
    CREATE INDEX sessions_of_person ON sessions (person);

    CREATE TABLE invites (
        id INTEGER PRIMARY KEY,
        code_hash BLOB NOT NULL UNIQUE,
        role TEXT NOT NULL,
        made_by INTEGER NOT NULL REFERENCES people (id),
        expires_at INTEGER NOT NULL,
        uses INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE passes (
        code_hash BLOB PRIMARY KEY,
        person INTEGER NOT NULL UNIQUE REFERENCES people (id),
        expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    -- One row: who may come, the hash of the code that makes the owner, and the newest version of a profile.
    CREATE TABLE door (
        guests INTEGER NOT NULL,
        setup_hash BLOB,
        version INTEGER NOT NULL
    ) STRICT;
    INSERT INTO door (guests, version) VALUES (1, 0);
    UPDATE people SET password = '' WHERE id IN (
        SELECT author FROM events JOIN history ON history.lobby = events.room WHERE seq = 1
    );
";

pub(super) fn migrate(log: &Transaction<'_>) -> rusqlite::Result<()> {
    log.execute_batch(MAKE)?;
    let mut people = log.prepare("SELECT id, name FROM people")?;
    let people = people.query_map([], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
    })?;
    for person in people.collect::<rusqlite::Result<Vec<_>>>()? {
        let Likeness { look, fold } = Likeness::of(&person.1);
        log.execute(
            "UPDATE people SET look = ?2, fold = ?3 WHERE id = ?1",
            params![person.0, look, fold],
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    /// A6: names from before have their likeness too.
    #[test]
    fn people_from_before_keep_their_names() {
        let mut log = Connection::open_in_memory().unwrap();
        let transaction = log.transaction().unwrap();
        transaction.execute_batch(super::super::FIRST).unwrap();
        super::super::actions::migrate(&transaction).unwrap();
        let ada = "INSERT INTO people (id, name, created_at) VALUES (1, 'AIice', 0)";
        transaction.execute(ada, []).unwrap();
        migrate(&transaction).unwrap();
        let seen = "SELECT look, fold, role, password FROM people";
        let seen = transaction.query_row(seen, [], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?,
                row.get::<_, Option<String>>(3)?,
            ))
        });
        let expected = ("alice".into(), "aiice".into(), "guest".into(), None);
        assert_eq!(seen.unwrap(), expected);
    }
}
