//! The index on disk, and the thread that lets it follow the log.
//!
//! It may be thrown away at any time. What a deletion destroys leaves the index as well, in the file too (S11): FTS5 is told to
//! remove terms instead of marking them, what is freed is zeroed, and its write-ahead log is cut.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row, params};
use shared::ids::{Epoch, PersonId, RoomId, Seq};

use super::fold::Folded;
use super::words;
use crate::engine::open::{self, OpenError};
use crate::engine::rows;

/// The index's name in the data directory.
pub(in crate::engine) const FILE_NAME: &str = "search.db";

/// After a commit, until the index follows: many commits are then one step of it.
pub(in crate::engine) const PAUSE: Duration = Duration::from_millis(100);

/// Events of one step, which is one transaction of the index. Their messages are held meanwhile: 16 KiB each at most.
const STEP: u64 = 200;

/// Changed whenever an index made before would not do.
const VERSION: i64 = 2;

/// Places in one millisecond; see [`place`].
const PLACES: i64 = 1_024;

const MAKE: &str = "
    CREATE TABLE origin (epoch INTEGER NOT NULL) STRICT;
    CREATE TABLE progress (
        room INTEGER PRIMARY KEY,
        seq INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE messages (
        place INTEGER PRIMARY KEY,
        room INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        UNIQUE (room, seq)
    ) STRICT;
    CREATE VIRTUAL TABLE words USING fts5 (tokens, tokenize = 'ascii', detail = none, columnsize = 0);
    INSERT INTO words (words, rank) VALUES ('secure-delete', 1);
";

/// The token that says in which room a message is. No word of a text begins like it.
pub(super) fn room_token(room: RoomId) -> String {
    format!("\u{e000}{room}")
}

/// The token that says whose a message is.
pub(super) fn author_token(author: PersonId) -> String {
    format!("\u{e001}{author}")
}

/// The token of messages that carry files.
pub(super) const FILE_TOKEN: &str = "\u{e002}file";

/// Where messages of this time begin in the index, whose order is that of time. Below 2^53, for clients hold it.
pub(super) fn place(at_ms: i64) -> i64 {
    at_ms.clamp(0, (1 << 42) - 1) * PLACES
}

/// The thread, and how to wake and end it.
#[derive(Debug)]
pub(in crate::engine) struct Index {
    news: News,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// How the writer says in which rooms something was committed.
#[derive(Debug, Clone)]
pub(in crate::engine) struct News(Arc<Board>);

#[derive(Debug)]
struct Board {
    rooms: Mutex<Rooms>,
    push: SyncSender<()>,
}

#[derive(Debug, Default)]
struct Rooms {
    changed: BTreeSet<RoomId>,
    closed: bool,
}

impl News {
    /// One that no thread listens to yet.
    pub(in crate::engine) fn new() -> (Self, Receiver<()>) {
        let (push, pushed) = sync_channel(1);
        let rooms = Mutex::default();
        (Self(Arc::new(Board { rooms, push })), pushed)
    }

    /// After a commit.
    pub(in crate::engine) fn committed(&self, rooms: impl Iterator<Item = RoomId>) {
        self.lock().changed.extend(rooms);
        let _ = self.0.push.try_send(());
    }

    fn close(&self) {
        self.lock().closed = true;
        let _ = self.0.push.try_send(());
    }

    fn lock(&self) -> MutexGuard<'_, Rooms> {
        // Nothing panics while it holds the lock.
        self.0
            .rooms
            .lock()
            .unwrap_or_else(|error| error.into_inner())
    }
}

impl Index {
    /// Opens the index of the log in `folder`, or makes it anew, and lets it follow the log.
    pub(in crate::engine) fn start(folder: &Path, epoch: Epoch) -> Result<Self, OpenError> {
        let index = open_or_make(&folder.join(FILE_NAME), epoch)?;
        let log = open::reader(&folder.join(open::FILE_NAME))?;
        let (news, pushed) = News::new();
        let desk = Desk {
            index,
            log,
            news: news.clone(),
        };
        let thread = thread::Builder::new()
            .name("indexer".into())
            .spawn(move || desk.run(&pushed))
            .map_err(OpenError::Thread)?;
        Ok(Self {
            news,
            thread: Mutex::new(Some(thread)),
        })
    }

    /// What the writer tells.
    pub(in crate::engine) fn news(&self) -> News {
        self.news.clone()
    }

    /// Ends the thread after the message it is at. Blocks.
    pub(in crate::engine) fn close(&self) {
        self.news.close();
        let thread = self.thread.lock().ok().and_then(|mut slot| slot.take());
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

/// Lets a connection to the log read the index, too.
pub(in crate::engine) fn attach(log: &Connection, folder: &Path) -> rusqlite::Result<()> {
    let file = folder.join(FILE_NAME);
    log.execute("ATTACH ?1 AS search", [file.to_string_lossy()])
        .map(drop)
}

fn open_or_make(file: &Path, epoch: Epoch) -> Result<Connection, OpenError> {
    if let Ok(index) = connect(file)
        && fits(&index, epoch).unwrap_or(false)
    {
        return Ok(index);
    }
    for file in ["", "-wal", "-shm"].map(|end| PathBuf::from(format!("{}{end}", file.display()))) {
        match fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(OpenError::NotWritable {
                    path: file,
                    source: error,
                });
            }
            _ => {}
        }
    }
    let mut index = connect(file)?;
    let making = index.transaction()?;
    making.execute_batch(MAKE)?;
    making.execute(
        "INSERT INTO origin (epoch) VALUES (?1)",
        [rows::signed(epoch.0)],
    )?;
    making.pragma_update(None, "user_version", VERSION)?;
    making.commit()?;
    Ok(index)
}

/// A power cut may take the last steps, never half of one: they are made again.
fn connect(file: &Path) -> rusqlite::Result<Connection> {
    let index = open::connect(file)?;
    index.pragma_update(None, "journal_mode", "wal")?;
    index.pragma_update(None, "synchronous", "normal")?;
    index.pragma_update(None, "secure_delete", true)?;
    Ok(index)
}

fn fits(index: &Connection, epoch: Epoch) -> rusqlite::Result<bool> {
    let version: i64 = index.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version != VERSION {
        return Ok(false);
    }
    let origin: i64 = index.query_row("SELECT epoch FROM origin", [], |row| row.get(0))?;
    Ok(origin == rows::signed(epoch.0))
}

/// The indexer's thread.
struct Desk {
    index: Connection,
    log: Connection,
    news: News,
}

/// A message as it stands in the log.
struct Message {
    room: RoomId,
    seq: Seq,
    at: i64,
    author: PersonId,
    /// None if it only carries files, and since it was deleted.
    body: Option<String>,
    has_file: bool,
}

impl Message {
    fn is_gone(&self) -> bool {
        self.body.is_none() && !self.has_file
    }
}

impl Desk {
    fn run(mut self, pushed: &Receiver<()>) {
        let mut rooms = self.all_rooms();
        loop {
            if let Err(error) = self.follow(rooms.clone()) {
                tracing::warn!(%error, "the search index stays behind; the next commit lets it go on");
                self.news.lock().changed.append(&mut rooms);
            }
            if self.news.lock().closed || pushed.recv().is_err() {
                return;
            }
            thread::sleep(PAUSE);
            let mut news = self.news.lock();
            if news.closed {
                return;
            }
            rooms = std::mem::take(&mut news.changed);
        }
    }

    fn all_rooms(&self) -> BTreeSet<RoomId> {
        let read = || {
            self.log
                .prepare("SELECT id FROM rooms")?
                .query_map([], |row| rows::room_id(row, 0))?
                .collect::<rusqlite::Result<_>>()
        };
        read().unwrap_or_else(|error| {
            tracing::warn!(%error, "the search index does not know the rooms");
            BTreeSet::new()
        })
    }

    /// Brings rooms up to date, step by step.
    fn follow(&mut self, mut rooms: BTreeSet<RoomId>) -> rusqlite::Result<()> {
        while !rooms.is_empty() && !self.news.lock().closed {
            let step = self.index.transaction()?;
            let mut messages = catch_up(&step, &self.log, &mut rooms)?;
            // In the order of the index, which gathers what ascends and writes it at once.
            messages.sort_by_key(|one| one.at);
            let destroyed = messages.iter().any(Message::is_gone);
            for message in messages {
                // What is not committed is done again after the next start.
                if self.news.lock().closed {
                    return Ok(());
                }
                put(&step, &message)?;
                // Nobody waits for the index; many may wait for the core.
                thread::yield_now();
            }
            step.commit()?;
            if destroyed {
                self.index
                    .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            }
        }
        Ok(())
    }
}

/// The messages of the next step, and notes how far it reaches. A room of which nothing is left is done.
fn catch_up(
    index: &Connection,
    log: &Connection,
    rooms: &mut BTreeSet<RoomId>,
) -> rusqlite::Result<Vec<Message>> {
    let (mut messages, mut left) = (Vec::new(), STEP);
    while left > 0
        && let Some(&room) = rooms.first()
    {
        let done = progress(index, room)?;
        let events = touched(log, room, done, left)?;
        let count = events.count;
        if count < left {
            rooms.pop_first();
        }
        left -= count;
        if count == 0 {
            continue;
        }
        for seq in events.messages {
            messages.extend(message(log, room, seq)?);
        }
        index
            .prepare_cached(
                "INSERT INTO progress (room, seq) VALUES (?1, ?2)
                 ON CONFLICT (room) DO UPDATE SET seq = excluded.seq",
            )?
            .execute([room.0, events.last.0].map(rows::signed))?;
    }
    Ok(messages)
}

fn progress(index: &Connection, room: RoomId) -> rusqlite::Result<Seq> {
    let done = index
        .prepare_cached("SELECT seq FROM progress WHERE room = ?1")?
        .query_row([rows::signed(room.0)], |row| rows::place(row, 0))
        .optional()?;
    Ok(done.flatten().unwrap_or_default())
}

/// Events that the index does not know.
#[derive(Default)]
struct Touched {
    count: u64,
    last: Seq,
    /// What they make or change.
    messages: BTreeSet<Seq>,
}

fn touched(log: &Connection, room: RoomId, done: Seq, most: u64) -> rusqlite::Result<Touched> {
    let mut statement = log.prepare_cached(
        "SELECT seq, kind, target FROM events WHERE room = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
    )?;
    let mut found = statement.query([room.0, done.0, most].map(rows::signed))?;
    let mut touched = Touched::default();
    while let Some(row) = found.next()? {
        touched.count += 1;
        touched.last = rows::place(row, 0)?.unwrap_or_default();
        match row.get_ref(1)?.as_str()? {
            "message" => touched.messages.extend([touched.last]),
            "edited" | "deleted" => touched.messages.extend(rows::place(row, 2)?),
            _ => {}
        }
    }
    Ok(touched)
}

fn message(log: &Connection, room: RoomId, seq: Seq) -> rusqlite::Result<Option<Message>> {
    let read = |row: &Row<'_>| {
        let body: Option<String> = row.get(2)?;
        Ok(Message {
            room,
            seq,
            at: row.get(0)?,
            author: PersonId(rows::unsigned(row.get(1)?)),
            body: body.filter(|body| !rows::is_destroyed(body)),
            has_file: row.get(3)?,
        })
    };
    log.prepare_cached(
        "SELECT events.at, events.author, bodies.text,
            EXISTS (SELECT 1 FROM attached WHERE room = events.room AND seq = events.seq)
         FROM events
         LEFT JOIN events AS newest ON newest.room = events.room AND newest.seq = events.changed
         LEFT JOIN bodies ON bodies.id = coalesce(newest.body, events.body)
         WHERE events.room = ?1 AND events.seq = ?2 AND events.kind = 'message'",
    )?
    .query_row([room.0, seq.0].map(rows::signed), read)
    .optional()
}

/// Puts a message into the index in place of what was there before.
fn put(index: &Connection, message: &Message) -> rusqlite::Result<()> {
    let key = [message.room.0, message.seq.0].map(rows::signed);
    let before: Option<i64> = index
        .prepare_cached("SELECT place FROM messages WHERE room = ?1 AND seq = ?2")?
        .query_row(key, |row| row.get(0))
        .optional()?;
    if let Some(before) = before {
        index
            .prepare_cached("DELETE FROM words WHERE rowid = ?1")?
            .execute([before])?;
    }
    if message.is_gone() {
        index
            .prepare_cached("DELETE FROM messages WHERE room = ?1 AND seq = ?2")?
            .execute(key)?;
        return Ok(());
    }
    let place = match before {
        Some(before) => before,
        None => add(index, key, message.at)?,
    };
    let body = message.body.as_deref().unwrap_or_default();
    let mut tokens = vec![
        words::tokens(&Folded::new(body).text),
        room_token(message.room),
        author_token(message.author),
    ];
    tokens.extend(message.has_file.then(|| FILE_TOKEN.to_owned()));
    index
        .prepare_cached("INSERT INTO words (rowid, tokens) VALUES (?1, ?2)")?
        .execute(params![place, tokens.join(" ")])
        .map(drop)
}

/// Takes the next free place of the message's time. More than a thousand messages in a millisecond reach into the next one.
fn add(index: &Connection, [room, seq]: [i64; 2], at: i64) -> rusqlite::Result<i64> {
    let first = place(at);
    let last: Option<i64> = index
        .prepare_cached("SELECT max(place) FROM messages WHERE place >= ?1 AND place < ?2")?
        .query_row([first, first + PLACES], |row| row.get(0))?;
    let mut free = last.map_or(first, |last| last + 1);
    let mut taken = index.prepare_cached("SELECT 1 FROM messages WHERE place = ?1")?;
    while taken.exists([free])? {
        free += 1;
    }
    index
        .prepare_cached("INSERT INTO messages (place, room, seq) VALUES (?1, ?2, ?3)")?
        .execute([free, room, seq])?;
    Ok(free)
}
