//! What a person may look at beside a room's log: what is pinned to it, and what a message said before.

use std::sync::Arc;

use shared::ids::{RequestId, RoomId, Seq};
use shared::problem::Problem;
use shared::protocol::ServerMessage;

use super::Rooms;
use super::mailbox::Mailbox;
use super::requests::{Answering, answer};

impl Rooms {
    pub(super) fn pins(
        self: &Arc<Self>,
        mailbox: &Mailbox,
        request: RequestId,
        room: RoomId,
    ) -> Answering {
        let (rooms, person) = (Arc::clone(self), mailbox.person);
        answer(request, async move {
            let found = rooms.engine.pins(person, room).await?;
            let found = found.ok_or(Problem::NoSuchRoom)?;
            Ok(ServerMessage::Pins {
                request,
                room,
                head: found.head,
                pins: found.pins,
            })
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
        answer(request, async move {
            let found = rooms.engine.history(person, room, target).await?;
            let found = found.ok_or(Problem::NoSuchRoom)?;
            let found = found.ok_or(Problem::NoSuchMessage)?;
            Ok(ServerMessage::History {
                request,
                room,
                target,
                versions: found.versions,
                more: found.more,
            })
        })
    }
}
