//! What comes of keeping order besides events: somebody notes that they were taken out, and what somebody said is deleted
//! little by little.

use std::sync::{Arc, Weak};
use std::time::Duration;

use shared::ids::{PersonId, RequestId, RoomId};
use shared::limits;
use shared::protocol::ServerMessage;
use tokio::sync::Notify;

use super::Rooms;
use super::requests::{Answering, answer, wait};
use crate::{clock, random};

/// How long until a step is tried again that the disk did not take.
const AGAIN: Duration = Duration::from_secs(5);

impl Rooms {
    /// Notes it, and tells every connection of the person.
    pub(super) fn note(
        self: &Arc<Self>,
        person: PersonId,
        request: RequestId,
        room: RoomId,
    ) -> Answering {
        let rooms = Arc::clone(self);
        let noted = rooms.engine.note(person, room);
        answer(request, async move {
            wait(noted).await?;
            let told = ServerMessage::Noted {
                request: None,
                room,
            };
            rooms.hub.tell_person(person, &told);
            let request = Some(request);
            Ok(ServerMessage::Noted { request, room })
        })
    }

    /// There is something to delete, or may be.
    pub fn go_on_erasing(&self) {
        self.erasing.notify_one();
    }
}

/// Deletes what is to be deleted, also what a server before this one had begun with. It ends with the rooms.
pub(super) async fn erase(rooms: Weak<Rooms>, more: Arc<Notify>) {
    loop {
        let Some(here) = rooms.upgrade() else { return };
        let step = here.engine.erase(random::client_id(), clock::now());
        // The rooms must be able to end meanwhile.
        drop(here);
        match wait(step).await {
            Ok(true) => tokio::time::sleep(Duration::from_millis(limits::ERASE_PAUSE_MS)).await,
            Ok(false) => more.notified().await,
            Err(problem) => {
                tracing::debug!(%problem, "a step of deleting waits");
                tokio::time::sleep(AGAIN).await;
            }
        }
    }
}
