//! What a person may look at beside a room's log: what is pinned to it, and what a message said before.

use std::sync::Arc;

use shared::ids::{RequestId, RoomId, Seq};
use shared::problem::Problem;
use shared::protocol::ServerMessage;

use super::Rooms;
use super::mailbox::Mailbox;
use super::requests::{Answering, refused};

impl Rooms {
    pub(super) fn pins(
        self: &Arc<Self>,
        mailbox: &Mailbox,
        request: RequestId,
        room: RoomId,
    ) -> Answering {
        let (rooms, person) = (Arc::clone(self), mailbox.person);
        Box::pin(async move {
            let problem = match rooms.engine.pins(person, room).await {
                Ok(Some(found)) => {
                    return Some(ServerMessage::Pins {
                        request,
                        room,
                        head: found.head,
                        pins: found.pins,
                    });
                }
                Ok(None) => Problem::NoSuchRoom,
                Err(problem) => problem,
            };
            Some(refused(Some(request), None, problem))
        })
    }

    pub(super) fn history(
        self: &Arc<Self>,
        mailbox: &Mailbox,
        request: RequestId,
        room: RoomId,
        target: Seq,
    ) -> Answering {
        let (rooms, person) = (Arc::clone(self), mailbox.person);
        Box::pin(async move {
            let problem = match rooms.engine.history(person, room, target).await {
                Ok(Some(Some(found))) => {
                    return Some(ServerMessage::History {
                        request,
                        room,
                        target,
                        versions: found.versions,
                        more: found.more,
                    });
                }
                Ok(Some(None)) => Problem::NoSuchMessage,
                Ok(None) => Problem::NoSuchRoom,
                Err(problem) => problem,
            };
            Some(refused(Some(request), None, problem))
        })
    }
}
