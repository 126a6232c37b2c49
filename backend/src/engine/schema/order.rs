//! Keeping order: who is banned from a room, who was taken out of one, how fast one may speak, whose messages are being
//! deleted, and what was done by those who keep order.

/// `taken_out` is told to a person until they note it or are in the room again, however they come in. `paced` is when who
/// has to wait said something last; it outlives a membership, so that leaving and coming back is no way around the wait.
/// `erasures` are worked off in the order of the client ids of their events, `done` being the last one that was looked at.
/// `deeds` are only ever added, and the oldest go: see [`super::super::operations::deeds`].
pub(super) const STEP: &str = "
    ALTER TABLE rooms ADD COLUMN pace INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE bans (
        room INTEGER NOT NULL REFERENCES rooms (id),
        person INTEGER NOT NULL REFERENCES people (id),
        PRIMARY KEY (room, person)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE taken_out (
        person INTEGER NOT NULL REFERENCES people (id),
        room INTEGER NOT NULL REFERENCES rooms (id),
        name TEXT NOT NULL,
        by INTEGER NOT NULL REFERENCES people (id),
        at INTEGER NOT NULL,
        banned INTEGER NOT NULL,
        PRIMARY KEY (person, room)
    ) STRICT, WITHOUT ROWID;
    CREATE TRIGGER members_are_back AFTER INSERT ON members BEGIN
        DELETE FROM taken_out WHERE person = new.person AND room = new.room;
    END;
    CREATE TABLE paced (
        room INTEGER NOT NULL REFERENCES rooms (id),
        person INTEGER NOT NULL REFERENCES people (id),
        at INTEGER NOT NULL,
        PRIMARY KEY (room, person)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE erasures (
        id INTEGER PRIMARY KEY,
        person INTEGER NOT NULL REFERENCES people (id),
        by INTEGER NOT NULL REFERENCES people (id),
        room INTEGER REFERENCES rooms (id),
        at INTEGER NOT NULL,
        done BLOB NOT NULL DEFAULT x''
    ) STRICT;
    CREATE TABLE deeds (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        by INTEGER NOT NULL REFERENCES people (id),
        kind TEXT NOT NULL,
        person INTEGER REFERENCES people (id),
        room INTEGER REFERENCES rooms (id),
        detail TEXT NOT NULL
    ) STRICT;
    CREATE INDEX deeds_by ON deeds (by, id);
    CREATE INDEX deeds_against ON deeds (person, id);
    CREATE TRIGGER deeds_stay AFTER UPDATE ON deeds BEGIN
        SELECT raise(ABORT, 'what was done stays as it was done');
    END;
";
