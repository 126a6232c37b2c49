//! Who is in a room, who there is, and talking with some of them.

use std::sync::Arc;

use shared::ids::{ClientId, PersonId, RequestId, RoomId};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::{Person, ServerMessage};

use super::Rooms;
use super::mailbox::Mailbox;
use super::requests::{Answering, answer, joined, origin};
use crate::clock;
use crate::engine::queries::members::{Members, PeopleFound};
use crate::random;

impl Rooms {
    pub(super) fn open_direct(
        &self,
        me: &Person,
        mailbox: &Mailbox,
        request: RequestId,
        client_id: ClientId,
        people: Vec<PersonId>,
    ) -> Answering {
        let (room, at) = (random::room_id(), clock::now());
        let origin = origin(mailbox, request);
        let receipt = self.not_draining().and_then(|()| {
            self.engine
                .open_direct(me.clone(), client_id, room, people, at, origin)
        });
        joined(request, receipt)
    }

    pub(super) fn members(
        self: &Arc<Self>,
        mailbox: &Mailbox,
        request: RequestId,
        room: RoomId,
    ) -> Answering {
        let (rooms, person) = (Arc::clone(self), mailbox.person);
        answer(request, async move {
            let most = limits::MEMBERS_LISTED;
            let found = rooms.engine.members(person, room, most).await?;
            let Members {
                head,
                people,
                more,
                banned,
            } = found.ok_or(Problem::NoSuchRoom)?;
            Ok(ServerMessage::Members {
                request,
                room,
                head,
                people,
                more,
                banned,
            })
        })
    }

    pub(super) fn find_people(self: &Arc<Self>, request: RequestId, text: String) -> Answering {
        let rooms = Arc::clone(self);
        answer(request, async move {
            let most = limits::PEOPLE_FOUND;
            let PeopleFound { people, more } = rooms.engine.find_people(text, most).await?;
            Ok(ServerMessage::PeopleFound {
                request,
                people,
                more,
            })
        })
    }
}
