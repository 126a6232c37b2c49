//! The connections that hear one room.

use std::sync::{Arc, Mutex, MutexGuard};

use shared::ids::Seq;

use crate::rooms::mailbox::Mailbox;
use crate::rooms::parcel::Parcel;

/// The connections that hear a room.
#[derive(Debug, Default)]
pub(super) struct Listeners {
    state: Mutex<Listening>,
}

#[derive(Debug, Default)]
struct Listening {
    mailboxes: Vec<Arc<Mailbox>>,
    /// Newest event that was delivered.
    head: Seq,
}

impl Listeners {
    /// Adds a connection and says whether it is new; not one that has left meanwhile, for it would never be removed.
    pub(super) fn add(&self, mailbox: &Arc<Mailbox>) -> bool {
        let mailboxes = &mut self.lock().mailboxes;
        let is_new = !mailbox.is_gone() && !mailboxes.iter().any(|one| Arc::ptr_eq(one, mailbox));
        if is_new {
            mailboxes.push(Arc::clone(mailbox));
        }
        is_new
    }

    pub(super) fn remove(&self, mailbox: &Arc<Mailbox>) {
        let mailboxes = &mut self.lock().mailboxes;
        if let Some(place) = mailboxes.iter().position(|one| Arc::ptr_eq(one, mailbox)) {
            mailboxes.swap_remove(place);
        }
    }

    /// Puts a live event into every mailbox.
    pub(super) fn deliver(&self, seq: Seq, parcel: &Arc<Parcel>) {
        let mut listening = self.lock();
        listening.head = seq;
        for mailbox in &listening.mailboxes {
            mailbox.deliver(parcel);
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
