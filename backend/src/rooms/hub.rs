//! Who is connected and who hears which room.
//!
//! Two kinds of short locks: one over the tables, one per room over its listeners. They are
//! never held together, and neither across an await.

mod board;
mod listeners;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use shared::close::CloseCode;
use shared::ids::{PersonId, RoomId, Seq};
use shared::protocol::{Here, ServerMessage, TakenOut};
use tokio::task::JoinSet;
use tokio::time::Instant;

use self::board::Board;
use self::listeners::Listeners;
use super::Limits;
use super::budget::Budget;
use super::mailbox::{self, Bounds, ConnectionId, Mailbox, Order};
use super::parcel::Parcel;
use crate::engine::session::{Identity, SessionId};

/// People who left and are still remembered, beyond those who are here, before it is worth looking.
const SLACK: usize = 1_024;

/// To how many a task delivers before others have their turn.
const HEARERS_AT_ONCE: usize = 512;

/// Why a connection is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The person has as many as are allowed.
    TooManySockets,
    /// The server goes away.
    Draining,
}

/// The tables.
#[derive(Debug)]
pub(super) struct Hub {
    limits: Limits,
    draining: AtomicBool,
    tables: Mutex<Tables>,
}

#[derive(Debug, Default)]
struct Tables {
    people: HashMap<PersonId, Presence>,
    /// Never shrinks: a room that was heard once is likely to be heard again, and there are not more than on disk.
    rooms: HashMap<RoomId, Arc<Listeners>>,
    /// Who looks at whom.
    board: Board,
    connections: usize,
    last: u64,
}

/// What is shared by the connections of one person.
#[derive(Debug, Default)]
struct Presence {
    connections: Vec<Arc<Mailbox>>,
    /// The rooms that those connections hear.
    rooms: BTreeSet<RoomId>,
    sends: Budget,
}

impl Presence {
    /// The connections that have said hello.
    fn greeted(&self) -> impl Iterator<Item = &Arc<Mailbox>> {
        self.connections.iter().filter(|one| one.is_greeted())
    }
}

/// A connection's place in the hub; it leaves when this is dropped, or before.
#[derive(Debug)]
pub struct Registration {
    hub: Arc<Hub>,
    mailbox: Arc<Mailbox>,
}

impl Registration {
    /// What waits for the connection.
    #[must_use]
    pub fn mailbox(&self) -> &Arc<Mailbox> {
        &self.mailbox
    }

    /// Leaves now.
    pub fn leave(&self) {
        self.hub.leave(&self.mailbox);
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.leave();
    }
}

impl Hub {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            draining: AtomicBool::new(false),
            tables: Mutex::default(),
        }
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(super) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }

    pub(super) fn connections(&self) -> usize {
        self.lock().connections
    }

    pub(super) fn register(self: &Arc<Self>, identity: &Identity) -> Result<Registration, Refusal> {
        let mut tables = self.lock();
        // Checked under the lock that `drain` takes after raising the flag: no one slips in between.
        if self.is_draining() {
            return Err(Refusal::Draining);
        }
        tables.last += 1;
        let connection = ConnectionId(tables.last);
        let presence = tables.people.entry(identity.person.id).or_default();
        if presence.connections.len() >= self.limits.sockets_per_person {
            return Err(Refusal::TooManySockets);
        }
        let bounds = Bounds {
            frames: self.limits.queue_frames,
            bytes: self.limits.queue_bytes,
        };
        let (person, session) = (identity.person.id, identity.session);
        let mailbox = Arc::new(Mailbox::new(connection, person, session, bounds));
        presence.connections.push(Arc::clone(&mailbox));
        tables.connections += 1;
        Ok(Registration {
            hub: Arc::clone(self),
            mailbox,
        })
    }

    /// From now on the connection hears these rooms, which its person is in.
    pub(super) fn subscribe(
        self: &Arc<Self>,
        mailbox: &Arc<Mailbox>,
        rooms: impl Iterator<Item = RoomId>,
    ) {
        let listeners: Vec<_> = {
            let mut tables = self.lock();
            rooms
                .map(|room| (room, tables.listen(mailbox.person, room)))
                .collect()
        };
        for (room, listeners) in listeners {
            listeners.subscribe(room, mailbox);
        }
        mailbox.subscribed();
        self.note_presence(mailbox.person);
    }

    /// Hands live events of a room, of which `head` is the last, to everyone who hears it. In turn; where they are many, all
    /// cores take part. No lock is held over the writes.
    pub(super) async fn deliver(&self, room: RoomId, head: Seq, parcels: Vec<Arc<Parcel>>) {
        let listeners = self.lock().rooms.get(&room).map(Arc::clone);
        let hearers = listeners.map_or_else(Arc::default, |listeners| listeners.hearers(head));
        if hearers.len() <= HEARERS_AT_ONCE {
            return mailbox::deliver(&hearers, &parcels);
        }
        let parcels: Arc<[_]> = parcels.into();
        let mut parts = JoinSet::new();
        for from in (0..hearers.len()).step_by(HEARERS_AT_ONCE) {
            let (hearers, parcels) = (Arc::clone(&hearers), Arc::clone(&parcels));
            parts.spawn(async move {
                let part = from..hearers.len().min(from + HEARERS_AT_ONCE);
                mailbox::deliver(&hearers[part], &parcels);
            });
        }
        parts.join_all().await;
    }

    /// Tells every connection of a person that has said hello.
    pub(super) fn tell_person(&self, person: PersonId, message: &ServerMessage) {
        self.tell_people(&[person], message);
    }

    /// Tells every connection of some people that has said hello.
    pub(super) fn tell_people(&self, people: &[PersonId], message: &ServerMessage) {
        let connections: Vec<_> = {
            let tables = self.lock();
            let presences = people.iter().filter_map(|person| tables.people.get(person));
            presences
                .flat_map(|presence| presence.greeted().map(Arc::clone))
                .collect()
        };
        if connections.is_empty() {
            return;
        }
        let notice = Parcel::message(message);
        for mailbox in connections {
            mailbox.notify(Arc::clone(&notice));
        }
    }

    /// Says to a room that somebody types, if they hear it and it was not said a moment ago.
    pub(super) fn typing(
        &self,
        mailbox: &Arc<Mailbox>,
        room: RoomId,
        parcel: impl FnOnce() -> Arc<Parcel>,
    ) {
        let listeners = self.lock().rooms.get(&room).map(Arc::clone);
        if let Some(listeners) = listeners {
            listeners.typing(mailbox, Instant::now(), parcel);
        }
    }

    /// Lets the connections of a person hear a room from now on; `tell` is called for each that did not yet.
    pub(super) fn enter(&self, person: PersonId, room: RoomId, tell: impl Fn(&Mailbox)) {
        let (connections, listeners) = self.present(person, room);
        for mailbox in connections {
            // Told before the room's events come, so that no one hears of a room that they do not know.
            if listeners.enter(room, &mailbox) {
                tell(&mailbox);
            }
        }
    }

    /// D5: no connection of a person hears a room any more, and each that has said hello is told.
    pub(super) fn exit(&self, person: PersonId, room: RoomId, taken_out: Option<TakenOut>) {
        let taken_out = taken_out.map(Box::new);
        let notice = Parcel::message(&ServerMessage::Left { room, taken_out });
        let (connections, listeners) = self.present(person, room);
        for mailbox in connections {
            listeners.exit(room, &mailbox, Arc::clone(&notice));
        }
        // Who is in no room with somebody is told of them no more.
        if let Some(presence) = self.lock().people.get_mut(&person) {
            presence.rooms.remove(&room);
        }
    }

    /// The connections of a person that have said hello, and who hears the room.
    fn present(&self, person: PersonId, room: RoomId) -> (Vec<Arc<Mailbox>>, Arc<Listeners>) {
        let mut tables = self.lock();
        let connections: Vec<_> = match tables.people.get(&person) {
            Some(presence) => presence.greeted().map(Arc::clone).collect(),
            None => Vec::new(),
        };
        if connections.is_empty() {
            return Default::default();
        }
        (connections, tables.listen(person, room))
    }

    /// D3: what to read up to. `None` when nothing was missed.
    pub(super) fn heads_missed(&self, mailbox: &Mailbox) -> Option<Arc<Parcel>> {
        // Taken first: what comes after is queued again, so that the heads cover all that was dropped.
        let missed = mailbox.take_missed();
        if missed.is_empty() {
            return None;
        }
        let listeners: Vec<_> = {
            let tables = self.lock();
            let known = |room: RoomId| Some((room, Arc::clone(tables.rooms.get(&room)?)));
            missed.into_iter().filter_map(known).collect()
        };
        let heads = listeners
            .into_iter()
            .map(|(room, listeners)| (room, listeners.head()))
            .collect();
        Some(Parcel::message(&ServerMessage::Behind { heads }))
    }

    /// Takes one send from the person's budget, or says how long to wait.
    pub(super) fn spend_send(&self, person: PersonId) -> Result<(), Duration> {
        let mut tables = self.lock();
        let presence = tables.people.entry(person).or_default();
        presence.sends.spend(self.limits.sends, Instant::now())
    }

    /// Puts a notice into the mailbox of everyone who hears one of these rooms, once, and of the person that it is about.
    pub(super) fn tell(&self, person: PersonId, rooms: &[RoomId], notice: &Arc<Parcel>) {
        let (own, rooms) = {
            let tables = self.lock();
            let own = tables.people.get(&person);
            let own: Vec<_> = own
                .into_iter()
                .flat_map(Presence::greeted)
                .cloned()
                .collect();
            let known = rooms.iter().filter_map(|room| tables.rooms.get(room));
            (own, known.map(Arc::clone).collect::<Vec<_>>())
        };
        let mut told = HashSet::new();
        let mut tell = |mailbox: &Arc<Mailbox>| {
            if told.insert(mailbox.connection) {
                mailbox.notify(Arc::clone(notice));
            }
        };
        own.iter().for_each(&mut tell);
        for listeners in rooms {
            listeners.each(&mut tell);
        }
    }

    /// The sessions of a person that have a connection.
    pub(super) fn sessions(&self, person: PersonId) -> Vec<SessionId> {
        let tables = self.lock();
        let presence = tables.people.get(&person).into_iter();
        let connections = presence.flat_map(|presence| &presence.connections);
        connections.map(|mailbox| mailbox.session).collect()
    }

    /// Every session that has a connection.
    pub(super) fn all_sessions(&self) -> HashSet<SessionId> {
        let tables = self.lock();
        let connections = tables.people.values().flat_map(|p| &p.connections);
        connections.map(|mailbox| mailbox.session).collect()
    }

    /// Closes the sockets of a person's sessions that are no more.
    pub(super) fn close(&self, person: PersonId, ended: &[SessionId], code: CloseCode) {
        let tables = self.lock();
        let presence = tables.people.get(&person).into_iter();
        let connections = presence.flat_map(|presence| &presence.connections);
        for mailbox in connections.filter(|mailbox| ended.contains(&mailbox.session)) {
            mailbox.order(Order::Close(code));
        }
    }

    /// Closes the sockets of a session that is no more.
    pub(super) fn revoke(&self, session: SessionId) {
        let tables = self.lock();
        let all = tables.people.values().flat_map(|p| &p.connections);
        for mailbox in all.filter(|mailbox| mailbox.session == session) {
            mailbox.order(Order::Close(CloseCode::SIGN_IN));
        }
    }

    pub(super) fn drain(&self) {
        self.draining.store(true, Ordering::Release);
        let tables = self.lock();
        for mailbox in tables.people.values().flat_map(|p| &p.connections) {
            mailbox.order(Order::Drain);
        }
    }

    /// Lets a connection know of people whether they are here.
    pub(super) fn watch(
        &self,
        mailbox: &Arc<Mailbox>,
        people: Vec<PersonId>,
        answer: impl FnOnce(Vec<Here>) -> ServerMessage,
    ) {
        self.lock().watch(mailbox, people, answer);
    }

    /// Somebody has come, or looks at a page or not any more.
    pub(super) fn note_presence(self: &Arc<Self>, person: PersonId) {
        if self.lock().note_presence(person) {
            self.tell_presence_soon();
        }
    }

    /// One task tells for as long as there is something to tell. Where there is no runtime, nobody is left to be told.
    fn tell_presence_soon(self: &Arc<Self>) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        let (hub, gather) = (Arc::downgrade(self), self.limits.presence_gather);
        runtime.spawn(async move {
            loop {
                tokio::time::sleep(gather).await;
                let Some(hub) = hub.upgrade() else { return };
                if !hub.lock().tell_presence(Instant::now()) {
                    return;
                }
            }
        });
    }

    fn leave(self: &Arc<Self>, mailbox: &Arc<Mailbox>) {
        if !mailbox.leave() {
            return;
        }
        let tells;
        let listeners: Vec<_> = {
            let mut tables = self.lock();
            tables.connections -= 1;
            let Some(presence) = tables.people.get_mut(&mailbox.person) else {
                return;
            };
            presence
                .connections
                .retain(|one| !Arc::ptr_eq(one, mailbox));
            let is_last = presence.connections.is_empty();
            let rooms = if is_last {
                std::mem::take(&mut presence.rooms)
            } else {
                presence.rooms.clone()
            };
            let until = Instant::now() + self.limits.presence_grace;
            let left = is_last.then(|| rooms.clone());
            tells = tables.note_leaving(mailbox, left, until);
            tables.forget_idle();
            let known = |room| tables.rooms.get(room).map(Arc::clone);
            rooms.iter().filter_map(known).collect()
        };
        for room in listeners {
            room.remove(mailbox);
        }
        if tells {
            self.tell_presence_soon();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Tables> {
        // Nothing in this file panics while it holds the lock.
        self.tables
            .lock()
            .unwrap_or_else(|error| error.into_inner())
    }
}

impl Tables {
    /// The listeners of a room that this person hears.
    fn listen(&mut self, person: PersonId, room: RoomId) -> Arc<Listeners> {
        let presence = self.people.entry(person).or_default();
        presence.rooms.insert(room);
        Arc::clone(self.rooms.entry(room).or_default())
    }

    /// Forgets people who left, once their send budget is whole again: leaving must not restore it (S6).
    fn forget_idle(&mut self) {
        if self.people.len() > self.connections + SLACK {
            let now = Instant::now();
            self.people
                .retain(|_, one| !one.connections.is_empty() || !one.sends.is_whole(now));
        }
    }
}

#[cfg(test)]
mod tests;
