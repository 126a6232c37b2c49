//! Kinds of rooms, who made them, and the people of direct rooms.

/// `parties` are the people whose direct room it is, whether they see it already or not: they are in `members` from the
/// first message on. `events.person` is who was added or removed.
pub(super) const STEP: &str = "
    ALTER TABLE rooms ADD COLUMN kind TEXT NOT NULL DEFAULT 'public';
    ALTER TABLE rooms ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE rooms ADD COLUMN maker INTEGER REFERENCES people (id);
    UPDATE rooms SET maker = (SELECT author FROM events WHERE room = rooms.id AND seq = 1);
    ALTER TABLE events ADD COLUMN person INTEGER REFERENCES people (id);
    CREATE TABLE parties (
        room INTEGER NOT NULL REFERENCES rooms (id),
        person INTEGER NOT NULL REFERENCES people (id),
        PRIMARY KEY (room, person)
    ) STRICT, WITHOUT ROWID;
";
