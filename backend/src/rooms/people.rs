//! What the rooms do when something about a person has changed: tell those who know them, close what has ended.

use std::sync::Arc;

use shared::close::CloseCode;
use shared::ids::{PersonId, Timestamp};
use shared::protocol::ServerMessage;

use super::Rooms;
use super::parcel::Parcel;
use crate::clock;
use crate::engine::session::SessionId;

/// Sessions in one operation of the writer.
const AT_ONCE: usize = 512;

/// Milliseconds after which the use of a session is noted at once, and not with all others: many more than between two
/// notes, so that a restart, when everybody comes back, costs no writing.
const RETURN_MS: u64 = 60 * 60 * 1_000;

impl Rooms {
    /// D7: tells everybody who shares a room with a person how things stand with them now. What cannot be read now comes
    /// with everybody's next welcome.
    pub async fn tell_of(&self, person: PersonId) {
        let Ok(Some(known)) = self.engine.known(person).await else {
            return;
        };
        let people = vec![known.profile];
        let notice = Parcel::message(&ServerMessage::People { people });
        self.hub.tell(person, &known.rooms, &notice);
    }

    /// Closes the sockets of sessions that have ended.
    pub fn close_sessions(&self, person: PersonId, ended: &[SessionId]) {
        if !ended.is_empty() {
            self.hub.close(person, ended, CloseCode::SIGN_IN);
        }
    }

    /// The same for somebody who is shut out, and is told so.
    pub fn shut_out(&self, person: PersonId, ended: &[SessionId]) {
        if !ended.is_empty() {
            self.hub.close(person, ended, CloseCode::SHUT_OUT);
        }
    }

    /// The sessions of a person that have a socket.
    #[must_use]
    pub fn live_sessions(&self, person: PersonId) -> Vec<SessionId> {
        self.hub.sessions(person)
    }

    /// Notes that a session is used after a pause.
    pub(super) fn note_return(&self, session: SessionId, used: Timestamp) {
        let now = clock::now();
        if now.0.saturating_sub(used.0) > RETURN_MS {
            self.engine.note_use(session, now);
        }
    }

    /// Notes which sessions are in use, so that their people can see it and guests keep their names.
    pub async fn note_use(self: &Arc<Self>) {
        let sessions: Vec<_> = self.hub.all_sessions().into_iter().collect();
        for some in sessions.chunks(AT_ONCE) {
            self.engine.used(some.to_vec(), clock::now()).await;
        }
    }
}
