//! The log on disk: SQLite, one writer thread with group commit, a few reader threads, one checkpointer.
//!
//! All SQL of Parlance is below this module. It answers only after the commit has returned, so that
//! what it calls stored is on disk. It must never know of sockets, connections, HTTP or the wall clock:
//! times and random ids are arguments, and what was committed leaves over the [`Commits`] channel.

pub mod committed;
pub mod open;
pub mod session;

pub mod operations;
pub mod queries;
pub mod search;
pub mod writer;

pub mod blobs;

mod accounts;
mod checkpointer;
mod files;
mod gate;
mod order;
mod places;
mod readers;
mod rows;
mod schema;

use std::path::Path;

use shared::ids::{ClientId, Epoch, PersonId, RoomId, Seq, Timestamp};
use shared::problem::Problem;
use shared::protocol::{Action, Cursor, Person};
use tokio::sync::mpsc;

use self::blobs::Blobs;
use self::committed::{Batch, Chosen, Origin};
use self::open::{Birth, OpenError};
use self::operations::choosing::Choose;
use self::operations::direct::OpenDirect;
use self::operations::reading::{Mark, Marked, Marks};
use self::operations::rooms::{Create, Join, Joined, NewRoom};
use self::operations::sending::{Send, Stored};
use self::queries::links::{self, Divergence};
use self::queries::members::{self, Members, PeopleFound};
use self::queries::page::{self, Log};
use self::queries::quotes::{self, History, Pins};
use self::queries::{Directory, Heads, Standing};
use self::readers::Readers;
use self::search::find::{self, Found};
use self::search::index::{self, Index};
use self::search::query::Query;
use self::session::{Identity, SessionId, TokenHash};
use self::writer::{Receipt, Writer};

/// What was committed, in the order of the commits; one item is what one transaction held.
pub type Commits = mpsc::Receiver<Batch>;

/// Milliseconds after which a request that met a full queue may come again: a few commits later.
const OVERLOADED_RETRY_MS: u64 = 200;

/// Milliseconds after which a request that met a broken disk may come again: a person has to act.
pub(crate) const STORAGE_RETRY_MS: u64 = 1_000;

/// The log. Cheap to ask from many tasks at once; every queue in it is bounded.
#[derive(Debug)]
pub struct Engine {
    epoch: Epoch,
    writer: Writer,
    readers: Readers,
    checkpointer: checkpointer::Checkpointer,
    index: Index,
    blobs: Blobs,
    /// Held so that no second server opens the same folder.
    _lock: std::fs::File,
}

impl Engine {
    /// Opens the log in `folder`, or makes one from `birth` when there is none.
    pub fn open(folder: &Path, birth: &Birth) -> Result<(Self, Commits), OpenError> {
        let lock = open::lock(folder)?;
        let file = folder.join(open::FILE_NAME);
        let mut connection = open::writer(&file)?;
        let epoch = open::prepare(&mut connection, birth)?;
        let index = Index::start(folder, epoch)?;
        let readers = Readers::start(&file, |log| index::attach(log, folder))?;
        let checkpointer = checkpointer::Checkpointer::start(&file)?;
        let (commits, committed) = mpsc::channel(writer::COMMITS_WAITING);
        let writer = Writer::start(
            connection,
            commits,
            checkpointer.gate(),
            checkpointer.nudge(),
            index.news(),
        )?;
        let engine = Self {
            epoch,
            writer,
            readers,
            checkpointer,
            index,
            blobs: Blobs::new(folder),
            _lock: lock,
        };
        Ok((engine, committed))
    }

    /// This history.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// Adds an event to a room's log, if `after` is stored there. It is in the queue when this returns, so that two sends of one caller keep their order.
    pub fn send(
        &self,
        author: Person,
        room: RoomId,
        client_id: ClientId,
        after: Option<ClientId>,
        action: Action,
        at: Timestamp,
    ) -> Result<Receipt<Stored>, Problem> {
        self.writer.submit(Send {
            author,
            room,
            client_id,
            after,
            action,
            at,
        })
    }

    /// Makes a room and puts its maker into it.
    pub fn create(
        &self,
        author: Person,
        client_id: ClientId,
        room: NewRoom,
        at: Timestamp,
        origin: Origin,
    ) -> Result<Receipt<Joined>, Problem> {
        self.writer.submit(Create {
            author,
            client_id,
            room,
            at,
            origin,
        })
    }

    /// Opens the direct room of some people and the author. `room` is its id if it is made.
    pub fn open_direct(
        &self,
        author: Person,
        client_id: ClientId,
        room: RoomId,
        people: Vec<PersonId>,
        at: Timestamp,
        origin: Origin,
    ) -> Result<Receipt<Joined>, Problem> {
        self.writer.submit(OpenDirect {
            author,
            client_id,
            room,
            people,
            at,
            origin,
        })
    }

    /// Puts a person into a public room.
    pub fn join(
        &self,
        author: Person,
        client_id: ClientId,
        room: RoomId,
        at: Timestamp,
        origin: Origin,
    ) -> Result<Receipt<Joined>, Problem> {
        self.writer.submit(Join {
            author,
            client_id,
            room,
            at,
            origin,
        })
    }

    /// Notes how far people have read. The answer, which also goes to delivery, is as of one moment.
    pub fn mark(&self, marks: Vec<Mark>) -> Result<Receipt<Marked>, Problem> {
        self.writer.submit(Marks(marks))
    }

    /// Notes what a person chooses. It also goes to delivery, in the order of the commits.
    pub fn choose(&self, chosen: Chosen) -> Result<Receipt<Chosen>, Problem> {
        self.writer.submit(Choose(chosen))
    }

    /// Whose session a token opens, unless it was revoked.
    pub async fn identify(&self, token: TokenHash) -> Result<Option<Identity>, Problem> {
        self.readers
            .ask(move |log| queries::identify(log, &token))
            .await
    }

    /// Whether a session still stands, and the rooms its person is in.
    pub async fn standing(
        &self,
        session: SessionId,
        person: PersonId,
    ) -> Result<Standing, Problem> {
        self.readers
            .ask(move |log| queries::standing(log, session, person))
            .await
    }

    /// The rooms with their heads, and which of the cursors are not of this log, all as of one moment.
    pub async fn heads(
        &self,
        rooms: Vec<RoomId>,
        person: PersonId,
        cursors: Vec<(RoomId, Cursor)>,
    ) -> Result<Heads, Problem> {
        self.readers
            .ask(move |log| queries::heads(log, rooms, person, &cursors))
            .await
    }

    /// Which of a person's cursors are not of this log.
    pub async fn diverged(
        &self,
        person: PersonId,
        cursors: Vec<(RoomId, Cursor)>,
    ) -> Result<Vec<Divergence>, Problem> {
        self.readers
            .ask(move |log| {
                let log = log.transaction()?;
                links::diverged(&log, person, &cursors)
            })
            .await
    }

    /// Events `from..=to` of a room that the reader is in, as far as one page holds them; `None` when they are not.
    pub async fn read(
        &self,
        reader: PersonId,
        room: RoomId,
        from: Seq,
        to: Seq,
    ) -> Result<Option<Log>, Problem> {
        self.readers
            .ask(move |log| page::read(log, reader, room, from, to))
            .await
    }

    /// What is pinned to a room that the reader is in; `None` when they are not.
    pub async fn pins(&self, reader: PersonId, room: RoomId) -> Result<Option<Pins>, Problem> {
        self.readers
            .ask(move |log| quotes::pins(log, reader, room))
            .await
    }

    /// What a message has said; `None` in the first place when the reader is not in the room, in the second when there is
    /// no such message.
    pub async fn history(
        &self,
        reader: PersonId,
        room: RoomId,
        target: Seq,
    ) -> Result<Option<Option<History>>, Problem> {
        self.readers
            .ask(move |log| quotes::history(log, reader, room, target))
            .await
    }

    /// The first event of a room at or after a moment, or the last one; `None` when the reader is not in it.
    pub async fn place_at(
        &self,
        reader: PersonId,
        room: RoomId,
        at: Timestamp,
    ) -> Result<Option<Seq>, Problem> {
        self.readers
            .ask(move |log| queries::moment::place_at(log, reader, room, at))
            .await
    }

    /// The devices on which a message of one's own may have arrived: see [`queries::devices::devices`].
    pub async fn devices(
        &self,
        reader: PersonId,
        asking: SessionId,
        room: RoomId,
        seq: Seq,
        now: Timestamp,
    ) -> Result<Option<Option<Vec<SessionId>>>, Problem> {
        self.readers
            .ask(move |log| queries::devices::devices(log, reader, asking, room, seq, now))
            .await
    }

    /// The rooms there are.
    pub async fn directory(&self, reader: PersonId, most: usize) -> Result<Directory, Problem> {
        self.readers
            .ask(move |log| queries::directory(log, reader, most))
            .await
    }

    /// Messages that hold what is asked for, in rooms that the reader is in; from the newest on, or from where an earlier answer ended.
    pub async fn search(
        &self,
        reader: PersonId,
        query: Query,
        older: Option<u64>,
    ) -> Result<Found, Problem> {
        self.readers
            .ask(move |log| find::find(log, reader, &query, older))
            .await
    }

    /// How far the others in a room have read; `None` when the reader is not in it.
    pub async fn receipts(
        &self,
        reader: PersonId,
        room: RoomId,
    ) -> Result<Option<Vec<shared::protocol::Receipt>>, Problem> {
        self.readers
            .ask(move |log| queries::receipts::receipts(log, reader, room))
            .await
    }

    /// Who is in a room that the reader is in; `None` when they are not.
    pub async fn members(
        &self,
        reader: PersonId,
        room: RoomId,
        most: usize,
    ) -> Result<Option<Members>, Problem> {
        self.readers
            .ask(move |log| members::members(log, reader, room, most))
            .await
    }

    /// People with something in their names.
    pub async fn find_people(&self, text: String, most: usize) -> Result<PeopleFound, Problem> {
        self.readers
            .ask(move |log| members::find(log, &text, most))
            .await
    }

    /// Finishes what is queued, refuses what comes later and ends the threads. Blocks: call it off the runtime's threads.
    pub fn close(&self) {
        self.writer.close();
        self.index.close();
        self.checkpointer.close();
    }
}
