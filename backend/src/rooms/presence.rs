//! Who is here: told to those who ask to know it, what has changed gathered for a moment.

use std::future::ready;
use std::sync::Arc;

use shared::ids::{PersonId, RequestId};
use shared::limits;
use shared::protocol::ServerMessage;

use super::Rooms;
use super::mailbox::Mailbox;
use super::requests::Answering;

impl Rooms {
    /// P1. The answer takes its place among what is told of presence otherwise.
    pub(super) fn watch(
        &self,
        mailbox: &Arc<Mailbox>,
        request: RequestId,
        mut people: Vec<PersonId>,
    ) -> Answering {
        people.truncate(limits::WATCHED);
        people.sort_unstable();
        people.dedup();
        let request = Some(request);
        self.hub
            .watch(mailbox, people, |people| ServerMessage::Presence {
                request,
                people,
            });
        Box::pin(ready(None))
    }

    /// P3.
    pub(super) fn away(&self, mailbox: &Mailbox, on: bool) -> Answering {
        mailbox.set_away(on);
        self.hub.note_presence(mailbox.person);
        Box::pin(ready(None))
    }
}
