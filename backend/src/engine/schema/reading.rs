//! How far each member has read a room. Whoever comes in has read what was there before, however they came in; so a
//! trigger says it, once for every way into a room.

pub(super) const MAKE: &str = "
    ALTER TABLE members ADD COLUMN read INTEGER NOT NULL DEFAULT 0;
    UPDATE members SET read =
        coalesce((SELECT max(seq) FROM events WHERE events.room = members.room), 0);
    CREATE TRIGGER members_begin_to_read AFTER INSERT ON members BEGIN
        UPDATE members SET read =
            coalesce((SELECT max(seq) FROM events WHERE events.room = new.room), 0)
        WHERE person = new.person AND room = new.room;
    END;
";
