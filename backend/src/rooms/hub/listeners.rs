//! The connections that hear one room.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use shared::ids::{PersonId, RoomId, Seq};
use shared::limits;
use tokio::time::Instant;

use crate::rooms::mailbox::Mailbox;
use crate::rooms::parcel::Parcel;

/// The connections that hear a room.
#[derive(Debug, Default)]
pub(super) struct Listeners {
    state: Mutex<Listening>,
}

#[derive(Debug, Default)]
struct Listening {
    /// Shared with a delivery that is under way; who comes or goes meanwhile has a list of its own.
    mailboxes: Arc<Vec<Arc<Mailbox>>>,
    /// Newest event that was delivered.
    head: Seq,
    /// Who was said to be typing, and from when on it may be said again.
    typists: Vec<(PersonId, Instant)>,
}

impl Listeners {
    /// Adds a connection whose person is in the room, as was read when it said hello; not if they have left meanwhile.
    pub(super) fn subscribe(&self, room: RoomId, mailbox: &Arc<Mailbox>) {
        let mut listening = self.lock();
        // Under the lock, so that leaving comes before this look or finds the connection in the list.
        if !mailbox.has_left(room) {
            listening.add(mailbox);
        }
    }

    /// Adds a connection whose person enters the room now, and says whether it is new.
    pub(super) fn enter(&self, room: RoomId, mailbox: &Arc<Mailbox>) -> bool {
        let mut listening = self.lock();
        mailbox.enter(room);
        listening.add(mailbox)
    }

    /// Removes a connection whose person leaves the room now, and tells it.
    pub(super) fn exit(&self, room: RoomId, mailbox: &Arc<Mailbox>, notice: Arc<Parcel>) {
        let mut listening = self.lock();
        listening.remove(mailbox);
        mailbox.exit(room, notice);
    }

    /// Removes a connection that has left.
    pub(super) fn remove(&self, mailbox: &Arc<Mailbox>) {
        self.lock().remove(mailbox);
    }

    /// Everyone who hears what comes up to this event.
    pub(super) fn hearers(&self, head: Seq) -> Arc<Vec<Arc<Mailbox>>> {
        let mut listening = self.lock();
        listening.head = head;
        Arc::clone(&listening.mailboxes)
    }

    /// Calls for every mailbox.
    pub(super) fn each(&self, call: impl FnMut(&Arc<Mailbox>)) {
        self.lock().mailboxes.iter().for_each(call);
    }

    /// Puts into the mailboxes of others that a person types. So little of it that a room full of people who type costs no
    /// more than a few of them.
    pub(super) fn typing(
        &self,
        typist: &Arc<Mailbox>,
        now: Instant,
        parcel: impl FnOnce() -> Arc<Parcel>,
    ) {
        let mut listening = self.lock();
        listening.typists.retain(|(_, again)| *again > now);
        let said = |(person, _): &(PersonId, Instant)| *person == typist.person;
        if listening.typists.len() >= limits::TYPISTS
            || listening.typists.iter().any(said)
            || listening.place(typist).is_none()
        {
            return;
        }
        let again = now + Duration::from_millis(limits::TYPING_EVERY_MS);
        listening.typists.push((typist.person, again));
        let parcel = parcel();
        let others = listening.mailboxes.iter();
        for mailbox in others.filter(|mailbox| mailbox.person != typist.person) {
            mailbox.mention(&parcel);
        }
    }

    /// Newest event that was delivered.
    pub(super) fn head(&self) -> Seq {
        self.lock().head
    }

    fn lock(&self) -> MutexGuard<'_, Listening> {
        self.state.lock().unwrap_or_else(|error| error.into_inner())
    }
}

impl Listening {
    /// Says whether it is new; not one that has left meanwhile, for it would never be removed.
    fn add(&mut self, mailbox: &Arc<Mailbox>) -> bool {
        let is_new = !mailbox.is_gone() && self.place(mailbox).is_none();
        if is_new {
            Arc::make_mut(&mut self.mailboxes).push(Arc::clone(mailbox));
        }
        is_new
    }

    fn remove(&mut self, mailbox: &Arc<Mailbox>) {
        if let Some(place) = self.place(mailbox) {
            Arc::make_mut(&mut self.mailboxes).swap_remove(place);
        }
    }

    fn place(&self, mailbox: &Arc<Mailbox>) -> Option<usize> {
        let same = |one: &Arc<Mailbox>| Arc::ptr_eq(one, mailbox);
        self.mailboxes.iter().position(same)
    }
}
