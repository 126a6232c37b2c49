//! What a person chooses about how they are told of things.

use shared::ids::{PersonId, RequestId};
use shared::protocol::{Choice, ServerMessage};

use super::Rooms;
use super::requests::{Answering, answer, wait};
use crate::engine::committed::Chosen;

impl Rooms {
    /// N2: delivery tells all connections of the person; the answer only says that it is done.
    pub(super) fn choose(&self, person: PersonId, request: RequestId, choice: Choice) -> Answering {
        let chosen = Chosen { person, choice };
        let receipt = self
            .not_draining()
            .and_then(|()| self.engine.choose(chosen));
        answer(request, async move {
            wait(receipt).await?;
            Ok(ServerMessage::Done { request })
        })
    }
}
