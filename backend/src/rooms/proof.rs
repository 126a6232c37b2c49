//! Comparing what clients say they have applied with the log (R12).

use std::sync::Arc;
use std::sync::atomic::Ordering;

use shared::ids::{PersonId, RoomId};
use shared::limits;
use shared::protocol::{Cursor, ServerMessage};
use shared::sorted::Map;

use super::Rooms;
use super::mailbox::Mailbox;
use super::parcel::Parcel;
use super::requests::Answering;
use crate::engine::queries::links::Divergence;

impl Rooms {
    /// Compares, and answers only where the logs differ. A reader that is overloaded compares nothing: the client states
    /// its cursors again.
    pub(super) fn applied(
        self: &Arc<Self>,
        mailbox: &Arc<Mailbox>,
        cursors: &Map<RoomId, Cursor>,
    ) -> Answering {
        self.reached.note(mailbox.session, cursors);
        let (rooms, mailbox, stated) = (Arc::clone(self), Arc::clone(mailbox), stated(cursors));
        Box::pin(async move {
            let person = mailbox.person;
            if let Ok(found) = rooms.engine.diverged(person, stated).await {
                for message in rooms.diverged(person, &found) {
                    mailbox.notify(Parcel::message(&message));
                }
            }
            None
        })
    }

    /// Counts and logs what was found, and says it to the client.
    pub(super) fn diverged(&self, person: PersonId, found: &[Divergence]) -> Vec<ServerMessage> {
        self.divergences
            .fetch_add(found.len() as u64, Ordering::Relaxed);
        let tell = |&Divergence { room, seq }: &Divergence| {
            tracing::warn!(%person, %room, %seq, "a client has applied another log than this");
            ServerMessage::Diverged { room, seq }
        };
        found.iter().map(tell).collect()
    }
}

/// The cursors that can be compared, as many as may be stated.
pub(super) fn stated(cursors: &Map<RoomId, Cursor>) -> Vec<(RoomId, Cursor)> {
    cursors
        .iter()
        .take(limits::CURSORS)
        .filter(|(_, cursor)| cursor.link.is_some())
        .map(|(room, cursor)| (*room, *cursor))
        .collect()
}
