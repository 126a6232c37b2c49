//! What waits for one connection: filled by delivery and the hub, emptied by the connection's task. While nothing waits and the
//! task does nothing, whoever has something for it writes past it: see [`super::line`].
//!
//! It is bounded. Live events that do not fit are dropped, because the log still has them; the rooms
//! concerned are remembered, so that the connection can be told to read (D3). Notices are never dropped; a connection
//! that takes none of very many is closed instead.

mod waiting;

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll};

use shared::close::CloseCode;
use shared::ids::{PersonId, RoomId};
use shared::limits;

use self::waiting::{GATHERED, Waiting};
use super::line::Line;
use super::parcel::Parcel;
use crate::engine::session::SessionId;

/// Which connection it is, unique while the process lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ConnectionId(pub u64);

/// The mailbox of one connection.
#[derive(Debug)]
pub struct Mailbox {
    /// The connection.
    pub connection: ConnectionId,
    /// Whose it is.
    pub person: PersonId,
    /// By which session.
    pub session: SessionId,
    bounds: Bounds,
    greeted: AtomicBool,
    explained: AtomicBool,
    gone: AtomicBool,
    away: AtomicBool,
    waiting: Mutex<Waiting>,
}

/// How many live events may wait.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Counted in frames.
    pub frames: usize,
    /// Counted in bytes.
    pub bytes: usize,
}

/// An order to the connection that is not a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Close with this code.
    Close(CloseCode),
    /// The server goes away: finish and close.
    Drain,
}

/// The task that takes, as it is now.
#[derive(Debug, Clone, Copy)]
pub struct Taker {
    /// `resumed` is out; before, only orders are handed over (R9).
    pub is_joined: bool,
    /// Its own queue is not full.
    pub has_room: bool,
    /// Its own queue is empty: the other side has taken everything.
    pub is_idle: bool,
}

/// Whether the task takes another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appetite {
    /// It does.
    More,
    /// Its own queue is full.
    Enough,
}

/// What the connection's task finds.
#[derive(Debug, PartialEq, Eq)]
pub enum Mail {
    /// Something was moved to the task's own queue.
    Taken,
    /// Live events were dropped and everything else is out: ask for the heads.
    Missed,
    /// See [`Order`].
    Order(Order),
}

/// How many connections are fetched into the processor's cache at a time.
const AHEAD: usize = 32;

/// Delivers to each. Of many connections none is in the processor's cache, and it does not look past the call into the kernel that a
/// write is: what they consist of is looked at together before, and so comes from memory together.
pub(super) fn deliver(mailboxes: &[Arc<Mailbox>], parcels: &[Arc<Parcel>]) {
    for some in mailboxes.chunks(AHEAD) {
        for mailbox in some {
            // Stands in one line with the lock.
            black_box(mailbox.waiting.is_poisoned());
        }
        for mailbox in some {
            mailbox.fetch_line();
        }
        for mailbox in some {
            mailbox.deliver(parcels);
        }
    }
}

impl Mailbox {
    /// An empty one.
    #[must_use]
    pub fn new(
        connection: ConnectionId,
        person: PersonId,
        session: SessionId,
        bounds: Bounds,
    ) -> Self {
        Self {
            connection,
            person,
            session,
            bounds,
            greeted: AtomicBool::new(false),
            explained: AtomicBool::new(false),
            gone: AtomicBool::new(false),
            away: AtomicBool::new(false),
            waiting: Mutex::new(Waiting::new()),
        }
    }

    /// Marks that the rooms of its person are about to be read for it: from now on it must hear of new ones.
    /// With `explained` its client wants to know how things come about.
    pub fn greet(&self, explained: bool) {
        self.explained.store(explained, Ordering::Relaxed);
        self.greeted.store(true, Ordering::Release);
    }

    /// Whether its client wants to know how things come about.
    #[must_use]
    pub fn is_explained(&self) -> bool {
        self.explained.load(Ordering::Relaxed)
    }

    /// Whether `hello` has come. Before, a new room is found in the welcome.
    #[must_use]
    pub fn is_greeted(&self) -> bool {
        self.greeted.load(Ordering::Acquire)
    }

    /// Marks that the connection has left, so that no one adds it to a room any more.
    /// Says whether it had not left before.
    pub fn leave(&self) -> bool {
        // Who still holds the mailbox must not keep the socket open.
        self.lock().line = None;
        !self.gone.swap(true, Ordering::AcqRel)
    }

    /// The way to the socket past the task.
    pub fn attach(&self, line: Arc<dyn Line>) {
        self.lock().line = Some(line);
    }

    /// The task does nothing and has nothing left to write: if nothing waits either, others may write to the socket.
    pub fn release(&self) {
        self.lock().release();
    }

    /// The task may write from now on, and nobody else does. What somebody has begun, it must go on with first.
    pub fn hold(&self) -> Option<(Arc<Parcel>, usize)> {
        self.lock().hold()
    }

    /// Whether the connection has left.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.gone.load(Ordering::Acquire)
    }

    /// Notes whether the person looks at this connection's page.
    pub fn set_away(&self, away: bool) {
        self.away.store(away, Ordering::Relaxed);
    }

    /// Whether they do not.
    #[must_use]
    pub fn is_away(&self) -> bool {
        self.away.load(Ordering::Relaxed)
    }

    fn fetch_line(&self) {
        if let Some(line) = &self.lock().line {
            line.fetch();
        }
    }

    /// Adds live events of a room, or remembers that they were missed. Allocates nothing once the queue has grown.
    pub fn deliver(&self, parcels: &[Arc<Parcel>]) {
        self.change(|waiting| {
            for gathered in parcels.chunks(GATHERED) {
                for parcel in waiting.write(gathered) {
                    waiting.kept().keep(parcel, self.bounds);
                }
            }
        });
    }

    /// Adds a live frame that is worth little: only if hardly anything waits, and nobody hears if it is left out.
    pub fn mention(&self, parcel: &Arc<Parcel>) {
        self.change(|waiting| {
            for parcel in waiting.write(std::slice::from_ref(parcel)) {
                let kept = waiting.kept();
                if kept.missed.is_empty() && kept.live.len() < limits::TYPING_BACKLOG {
                    kept.live_bytes += parcel.bytes().len();
                    kept.live.push_back(Arc::clone(parcel));
                }
            }
        });
    }

    /// Adds a message that must arrive.
    pub fn notify(&self, parcel: Arc<Parcel>) {
        self.change(|waiting| waiting.notify(&parcel));
    }

    /// The person has left the room: nothing that waits of it is of use any more. Delivery calls this.
    pub(super) fn exit(&self, room: RoomId, notice: Arc<Parcel>) {
        self.change(|waiting| {
            if let Some(kept) = waiting.peek() {
                kept.exit(room);
            }
            waiting.notify(&notice);
        });
    }

    /// The person is in the room again. Delivery calls this.
    pub(super) fn enter(&self, room: RoomId) {
        let mut waiting = self.lock();
        if let Some(left) = waiting.peek().and_then(|kept| kept.left.as_mut()) {
            left.retain(|one| *one != room);
        }
    }

    /// Whether the person has left the room since `hello`, which what was read of their rooms may not know.
    pub(super) fn has_left(&self, room: RoomId) -> bool {
        let mut waiting = self.lock();
        let left = waiting.peek().and_then(|kept| kept.left.as_ref());
        left.is_some_and(|left| left.contains(&room))
    }

    /// The connection hears its rooms.
    pub(super) fn subscribed(&self) {
        if let Some(kept) = self.lock().peek() {
            kept.left = None;
        }
    }

    /// Gives an order. The first close stands; draining does not replace it.
    pub fn order(&self, order: Order) {
        self.change(|waiting| waiting.kept().order(order));
    }

    /// The rooms of which live events were dropped; from now on they are queued again.
    pub fn take_missed(&self) -> Vec<RoomId> {
        let mut waiting = self.lock();
        let missed = waiting.peek().map(|kept| std::mem::take(&mut kept.missed));
        missed.unwrap_or_default()
    }

    /// Hands what waits to `take`, notices first, until it says that it has enough.
    pub fn poll_take(
        &self,
        context: &mut Context<'_>,
        taker: Taker,
        take: impl FnMut(Arc<Parcel>) -> Appetite,
    ) -> Poll<Mail> {
        let mut waiting = self.lock();
        if let Some(mail) = waiting.peek().and_then(|kept| kept.take(taker, take)) {
            return Poll::Ready(mail);
        }
        match &mut waiting.reader {
            Some(waker) => waker.clone_from(context.waker()),
            none => *none = Some(context.waker().clone()),
        }
        Poll::Pending
    }

    /// Changes what waits, then wakes the task if anything does: once, however much is added before it looks.
    fn change(&self, change: impl FnOnce(&mut Waiting)) {
        let waker = {
            let mut waiting = self.lock();
            change(&mut waiting);
            match waiting.is_empty() {
                true => None,
                false => waiting.reader.take(),
            }
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Nothing in this file panics while it holds the lock.
        self.waiting
            .lock()
            .unwrap_or_else(|error| error.into_inner())
    }
}

#[cfg(test)]
mod tests;
