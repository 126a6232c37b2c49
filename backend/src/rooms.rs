//! Who is connected, who hears what, and the requests that people make of the rooms.
//!
//! The hub knows the connections by their mailboxes; delivery puts what was committed into them. This layer asks
//! the engine and fills mailboxes. It must never write to a socket, know of HTTP, or contain SQL, and
//! no lock of it is held across an await.

pub mod requests;
pub mod resume;

mod choosing;
mod looking;
mod members;
mod order;
mod presence;
mod proof;
mod reached;
mod reading;
mod typing;

pub mod hub;
pub mod line;
pub mod mailbox;
pub mod parcel;

pub mod budget;

mod delivery;
mod people;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use shared::problem::Problem;
use tokio::sync::Notify;

use crate::clock;
use crate::engine::session::{Identity, TokenHash};
use crate::engine::{Commits, Engine};

use self::budget::{Rate, Spent};
use self::hub::{Hub, Refusal, Registration};
use self::mailbox::Mailbox;
use self::reached::Reached;
use self::reading::Gathered;

/// What the rooms allow; the defaults are the limits of the protocol.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Sends of one person.
    pub sends: Rate,
    /// Rooms that one person makes.
    pub creates: Rate,
    /// Searches of one person.
    pub searches: Rate,
    /// Sockets of one person.
    pub sockets_per_person: usize,
    /// Live frames waiting for one connection.
    pub queue_frames: usize,
    /// Bytes of live frames waiting for one connection.
    pub queue_bytes: usize,
    /// For how long changes of who is here are gathered.
    pub presence_gather: Duration,
    /// For how long somebody is still here whose last connection has ended.
    pub presence_grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        use shared::limits;
        Self {
            sends: Rate::secondly(limits::SENDS_PER_SECOND, limits::SEND_BURST),
            creates: Rate::hourly(limits::ROOMS_PER_HOUR, limits::ROOM_BURST),
            searches: Rate::secondly(limits::SEARCHES_PER_SECOND, limits::SEARCH_BURST),
            sockets_per_person: limits::SOCKETS_PER_PERSON,
            queue_frames: limits::QUEUE_FRAMES,
            queue_bytes: limits::QUEUE_BYTES,
            presence_gather: Duration::from_millis(limits::PRESENCE_GATHER_MS),
            presence_grace: Duration::from_millis(limits::PRESENCE_GRACE_MS),
        }
    }
}

/// The rooms, as the web layer sees them.
#[derive(Debug)]
pub struct Rooms {
    engine: Engine,
    hub: Arc<Hub>,
    gathered: Gathered,
    divergences: AtomicU64,
    reached: Reached,
    erasing: Arc<Notify>,
    creates: Spent,
    searches: Spent,
}

impl Rooms {
    /// Takes over the engine and starts delivering what it commits. Needs a tokio runtime.
    #[must_use]
    pub fn start(engine: Engine, commits: Commits, limits: Limits) -> Arc<Self> {
        let (creates, searches) = (Spent::of(limits.creates), Spent::of(limits.searches));
        let hub = Arc::new(Hub::new(limits));
        tokio::spawn(delivery::run(commits, Arc::clone(&hub)));
        let rooms = Arc::new(Self {
            engine,
            hub,
            gathered: Gathered::default(),
            divergences: AtomicU64::new(0),
            reached: Reached::default(),
            erasing: Arc::default(),
            creates,
            searches,
        });
        let more = Arc::clone(&rooms.erasing);
        tokio::spawn(order::erase(Arc::downgrade(&rooms), more));
        rooms
    }

    /// What they allow.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        self.hub.limits()
    }

    /// The log.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Whose session a token opens.
    pub async fn identify(&self, token: TokenHash) -> Result<Option<Identity>, Problem> {
        let identity = self.engine.identify(token).await?;
        if let Some(identity) = &identity {
            self.note_return(identity.session, identity.used);
        }
        Ok(identity)
    }

    /// Ends a session and closes its sockets.
    pub async fn sign_out(&self, token: TokenHash) -> Result<(), Problem> {
        if let Some(session) = self.engine.revoke(token, clock::now()).await? {
            self.hub.revoke(session);
        }
        Ok(())
    }

    /// Registers a connection, so that it is known before anything is read for it (R9).
    pub fn register(self: &Arc<Self>, identity: &Identity) -> Result<Registration, Refusal> {
        self.hub.register(identity)
    }

    /// Whether the server is on its way out.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.hub.is_draining()
    }

    /// Tells every connection to finish and refuses new ones (K3).
    pub fn drain(&self) {
        self.hub.drain();
    }

    /// How many connections there are.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.hub.connections()
    }

    /// How often a client has stated a cursor that is not of this log (R12), since the start.
    #[must_use]
    pub fn divergences(&self) -> u64 {
        self.divergences.load(Ordering::Relaxed)
    }

    /// Finishes what is queued for the disk. Blocks.
    pub fn close(&self) {
        self.write_marks();
        self.engine.close();
    }

    /// The heads of the rooms that a connection missed live events of.
    #[must_use]
    pub fn heads_missed(&self, mailbox: &Mailbox) -> Option<Arc<parcel::Parcel>> {
        self.hub.heads_missed(mailbox)
    }
}
