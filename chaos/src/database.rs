//! The log as it is on disk when everything is over, read with SQLite and without the server.

use std::path::Path;

use anyhow::{Context, Result};
use rusqlite::{Connection, OpenFlags};
use shared::ids::{ClientId, PersonId, RoomId};

use crate::names::{self, Key};

/// The database's name in the server's folder.
pub(crate) const FILE_NAME: &str = "parlance.db";

/// One row of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) seq: u64,
    pub(crate) key: Key,
    pub(crate) author: PersonId,
    /// Something that a person said (and not an event that came with joining or making a room).
    pub(crate) said: bool,
    /// The text is the one that belongs to the client id.
    pub(crate) intact: bool,
}

/// Per room (in the order asked for) its rows by place. Only reads; the file must not be in use.
///
/// # Errors
/// When SQLite cannot read it, or finds it damaged.
pub(crate) fn read(
    folder: &Path,
    rooms: &[RoomId],
    seed: u64,
    extra: usize,
) -> Result<Vec<Vec<Stored>>> {
    let file = folder.join(FILE_NAME);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let log = Connection::open_with_flags(&file, flags)
        .with_context(|| format!("cannot open {}", file.display()))?;
    let verdict: String = log.query_row("PRAGMA quick_check", [], |row| row.get(0))?;
    anyhow::ensure!(verdict == "ok", "the database is damaged: {verdict}");
    let mut rows = log.prepare(sql(&log)?)?;
    rooms
        .iter()
        .map(|room| {
            let found = rows.query_map([room.0.cast_signed()], |row| stored(row, seed, extra))?;
            Ok(found.collect::<rusqlite::Result<Vec<Stored>>>()?)
        })
        .collect()
}

/// Texts have a table of their own in newer databases.
fn sql(log: &Connection) -> rusqlite::Result<&'static str> {
    let columns = "SELECT 1 FROM pragma_table_info('events') WHERE name = 'body'";
    Ok(if log.prepare(columns)?.exists([])? {
        "SELECT seq, author, client_id, kind, coalesce(bodies.text, content)
         FROM events LEFT JOIN bodies ON bodies.id = body WHERE room = ?1 ORDER BY seq"
    } else {
        "SELECT seq, author, client_id, kind, content FROM events WHERE room = ?1 ORDER BY seq"
    })
}

/// The room that everyone is in from the start. May be asked while the server runs.
///
/// # Errors
/// When SQLite cannot read it.
pub(crate) fn lobby(folder: &Path) -> Result<RoomId> {
    let log = Connection::open_with_flags(
        folder.join(FILE_NAME),
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    let id: i64 = log.query_row("SELECT lobby FROM history", [], |row| row.get(0))?;
    Ok(RoomId(id.cast_unsigned()))
}

fn stored(row: &rusqlite::Row<'_>, seed: u64, extra: usize) -> rusqlite::Result<Stored> {
    let client_id = ClientId(u128::from_be_bytes(row.get(2)?));
    let (kind, content) = (row.get_ref(3)?.as_str()?, row.get_ref(4)?.as_str()?);
    let said = kind == "message";
    let key = Key::of(client_id, seed);
    Ok(Stored {
        seq: row.get::<_, i64>(0)?.cast_unsigned(),
        author: PersonId(row.get::<_, i64>(1)?.cast_unsigned()),
        key,
        said,
        intact: !said || key.parts().is_none() || content == names::body(client_id, extra),
    })
}
