//! Opening the files: the lock, the connections with their settings, and the first contents of a new log.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use shared::ids::{ClientId, Epoch, Link, RoomId, Seq, Timestamp};
use shared::protocol::{Content, Event, Person};
use shared::text::RoomName;

use super::operations;
use super::rows;
use super::schema;
use crate::names::Likeness;

/// The database's name in its folder.
pub const FILE_NAME: &str = "parlance.db";

/// The lock's name in the folder.
const LOCK_NAME: &str = "parlance.lock";

/// The room that everyone is in from the start.
pub const LOBBY: &str = "lobby";

/// How long one connection waits for another's lock: the writer for a checkpoint that restarts the log.
const BUSY_WAIT: Duration = Duration::from_secs(5);

/// Statements that a connection keeps prepared: more than there are.
const STATEMENTS: usize = 128;

/// What a new log starts with. Drawn by the caller, used only when there is no log yet.
#[derive(Debug, Clone)]
pub struct Birth {
    /// The history's name.
    pub epoch: Epoch,
    /// The lobby.
    pub lobby: RoomId,
    /// Who made the lobby: the server itself, as a person.
    pub host: Person,
    /// The name of the event that made the lobby.
    pub created: ClientId,
    /// When.
    pub at: Timestamp,
}

/// Why the log cannot be opened. Each is one line for the person who started the server.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder or a file in it cannot be made or written.
    #[error("cannot write to the data directory {}: {source}", path.display())]
    NotWritable { path: PathBuf, source: io::Error },
    /// Another server has it open.
    #[error("the data directory {} is in use by another parlance", path.display())]
    InUse { path: PathBuf },
    /// A newer Parlance wrote it.
    #[error(
        "the database has version {found}, but this parlance knows versions up to {known}: use a newer one"
    )]
    FromTheFuture { found: i64, known: i64 },
    /// SQLite does not open it.
    #[error("cannot open the database: {0}")]
    Database(#[from] rusqlite::Error),
    /// The operating system gives no thread.
    #[error("cannot start a thread: {0}")]
    Thread(io::Error),
}

/// Makes the folder if need be and takes its lock. The lock goes with the process, also by kill -9.
pub(super) fn lock(folder: &Path) -> Result<File, OpenError> {
    let not_writable = |source| OpenError::NotWritable {
        path: folder.to_owned(),
        source,
    };
    fs::create_dir_all(folder).map_err(not_writable)?;
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join(LOCK_NAME))
        .map_err(not_writable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse {
            path: folder.to_owned(),
        }),
        Err(TryLockError::Error(source)) => Err(not_writable(source)),
    }
}

/// The connection that writes. Its commits are on disk when they return (`synchronous = FULL`), and
/// it never checkpoints: that would put the slowest disk work into someone's send.
pub(super) fn writer(file: &Path) -> rusqlite::Result<Connection> {
    let connection = connect(file)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    // What is overwritten or deleted is zeroed, so that it cannot be found in the file (S11).
    connection.pragma_update(None, "secure_delete", true)?;
    Ok(connection)
}

/// A connection that only reads.
pub(super) fn reader(file: &Path) -> rusqlite::Result<Connection> {
    let connection = connect(file)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// The connection that moves the write-ahead log into the database file.
pub(super) fn checkpointer(file: &Path) -> rusqlite::Result<Connection> {
    let connection = connect(file)?;
    connection.pragma_update(None, "synchronous", "full")?;
    Ok(connection)
}

pub(super) fn connect(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(BUSY_WAIT)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // A statement is planned once. Otherwise SQLite looks at the parameters of one with a join while it plans, and plans
    // it anew for the next ones: a send cost twice as much.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(connection)
}

/// Brings the schema up to date and makes sure that there is an epoch and a lobby.
pub(super) fn prepare(connection: &mut Connection, birth: &Birth) -> Result<Epoch, OpenError> {
    schema::migrate(connection)?;
    let transaction = connection.transaction()?;
    let epoch: Option<i64> = transaction
        .query_row("SELECT epoch FROM history", [], |row| row.get(0))
        .optional()?;
    let epoch = match epoch {
        Some(epoch) => Epoch(rows::unsigned(epoch)),
        None => {
            give_birth(&transaction, birth)?;
            birth.epoch
        }
    };
    transaction.commit()?;
    Ok(epoch)
}

fn give_birth(transaction: &Connection, birth: &Birth) -> rusqlite::Result<()> {
    let (host, lobby) = (rows::signed(birth.host.id.0), rows::signed(birth.lobby.0));
    let at = rows::signed(birth.at.0);
    // A name that is held like that of an account, and no password that opens it.
    let like = Likeness::of(&birth.host.name);
    transaction.execute(
        "INSERT INTO people (id, name, look, fold, password, created_at)
         VALUES (?1, ?2, ?3, ?4, '', ?5)",
        params![host, &*birth.host.name, like.look, like.fold, at],
    )?;
    transaction.execute(
        "INSERT INTO rooms (id, name, key, created_at, maker) VALUES (?1, ?2, ?2, ?3, ?4)",
        params![lobby, LOBBY, at, host],
    )?;
    let mut created = Event {
        seq: Seq(1),
        at: birth.at,
        author: birth.host.clone(),
        client_id: birth.created,
        link: Link(0),
        content: Content::Created {
            name: RoomName::parse(LOBBY).expect("a plain word is a name"),
        },
    };
    created.link = Link::first(birth.lobby).next(&created);
    operations::insert(transaction, birth.lobby, &created)?;
    transaction.execute(
        "INSERT INTO history (epoch, lobby) VALUES (?1, ?2)",
        params![rows::signed(birth.epoch.0), lobby],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;
    use shared::ids::PersonId;
    use tempfile::TempDir;

    use super::*;

    /// S1: kill -9 would not show it, a power cut would: a commit waits for the disk.
    #[test]
    fn the_writers_commits_wait_for_the_disk_and_never_for_a_checkpoint() {
        let folder = TempDir::new().unwrap();
        let connection = writer(&folder.path().join(FILE_NAME)).unwrap();
        let setting = |name: &str| -> String {
            let read = |row: &rusqlite::Row<'_>| match row.get_ref(0)? {
                rusqlite::types::ValueRef::Integer(number) => Ok(number.to_string()),
                other => Ok(other.as_str()?.to_owned()),
            };
            connection
                .query_row(&format!("PRAGMA {name}"), [], read)
                .unwrap()
        };
        assert_eq!(setting("journal_mode"), "wal");
        assert_eq!(setting("synchronous"), "2", "FULL");
        assert_eq!(setting("wal_autocheckpoint"), "0");
        assert_eq!(setting("foreign_keys"), "1");
        assert_eq!(setting("secure_delete"), "1");
    }

    /// Planning takes longer than what is planned.
    #[test]
    fn a_statement_is_planned_once() {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join(FILE_NAME);
        let mut writing = writer(&file).unwrap();
        schema::migrate(&mut writing).unwrap();
        for log in [writing, reader(&file).unwrap()] {
            for number in 0..10 {
                operations::find(&log, PersonId(number), ClientId(number.into())).unwrap();
            }
            let statement = log.prepare_cached(operations::FIND).unwrap();
            let status = |status| statement.get_status(status);
            assert_eq!(status(StatementStatus::Run), 10);
            assert_eq!(status(StatementStatus::RePrepare), 0);
        }
    }
}
