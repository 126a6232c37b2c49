//! A reader of the session for the one view that shows what changes all the time (traffic, round trips): it looks
//! when it wants to, instead of everything being drawn again with every frame.

use std::cell::{Ref, RefCell};
use std::rc::Rc;

use shared::session::Session;
use shared::session::connection::Connection;
use shared::session::proof::Proof;

use crate::chat::totals::Counting;

/// Reads the session and never changes it.
#[derive(Debug, Clone)]
pub struct SessionReader(Rc<RefCell<Session>>, Counting);

impl PartialEq for SessionReader {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The facts about the connection at one moment.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The record of the connection.
    pub connection: Connection,
    /// Messages that are not on the server's disk.
    pub outbox: usize,
    /// Events that exist and are not shown yet.
    pub behind: u64,
    /// What this device has applied in all, and how it stood.
    pub proof: Proof,
}

impl SessionReader {
    /// A reader of a session.
    #[must_use]
    pub fn new(session: &Rc<RefCell<Session>>, counts: &Counting) -> Self {
        Self(Rc::clone(session), Rc::clone(counts))
    }

    /// The session, for as long as something is drawn from it.
    #[must_use]
    pub fn session(&self) -> Ref<'_, Session> {
        self.0.borrow()
    }

    /// The facts now.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let session = self.0.borrow();
        Facts {
            connection: session.connection().clone(),
            outbox: session.outbox_len(),
            behind: session.behind(),
            proof: self.1.get().with(&session.proof()),
        }
    }
}
