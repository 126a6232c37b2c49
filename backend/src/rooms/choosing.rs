//! What a person chooses about how they are told of things.

use shared::ids::{PersonId, RequestId};
use shared::protocol::{Choice, ServerMessage};

use super::Rooms;
use super::requests::{Answering, refused, wait};
use crate::engine::committed::Chosen;

impl Rooms {
    /// N2: delivery tells all connections of the person; the answer only says that it is done.
    pub(super) fn choose(&self, person: PersonId, request: RequestId, choice: Choice) -> Answering {
        let chosen = Chosen { person, choice };
        let receipt = self
            .not_draining()
            .and_then(|()| self.engine.choose(chosen));
        Box::pin(async move {
            Some(match wait(receipt).await {
                Ok(_) => ServerMessage::Done { request },
                Err(problem) => refused(Some(request), None, problem),
            })
        })
    }
}
