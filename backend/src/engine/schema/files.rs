//! Files: what people have brought, which messages hold it, and what is to be removed from the disk.

/// The bytes are in the folder of [`crate::engine::blobs`], by `hash`; several files may have the same. `kind` is the media type
/// of an image that can be shown. A file is its bringer's alone until a message holds it, and goes with the last message
/// that does. `doomed` has the hashes whose bytes may be of no use any more: they are looked at after the commit.
pub(super) const MAKE: &str = "
    CREATE TABLE files (
        id BLOB PRIMARY KEY,
        person INTEGER NOT NULL REFERENCES people (id),
        hash BLOB NOT NULL,
        name TEXT NOT NULL,
        size INTEGER NOT NULL,
        kind TEXT,
        width INTEGER,
        height INTEGER,
        at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX files_by_hash ON files (hash);
    CREATE INDEX files_by_person ON files (person, at);
    CREATE TABLE attached (
        room INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        place INTEGER NOT NULL,
        file BLOB NOT NULL REFERENCES files (id),
        PRIMARY KEY (room, seq, place),
        FOREIGN KEY (room, seq) REFERENCES events (room, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX attached_by_file ON attached (file);
    CREATE TABLE doomed (
        hash BLOB PRIMARY KEY
    ) STRICT, WITHOUT ROWID;
";
