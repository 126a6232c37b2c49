//! Who is writing: passed on to those who hear the room, at once, to nobody who has more to take already, and never kept.

use std::future::ready;
use std::sync::Arc;

use shared::ids::RoomId;
use shared::protocol::{Person, ServerMessage};

use super::Rooms;
use super::mailbox::Mailbox;
use super::parcel::Parcel;
use super::requests::Answering;

impl Rooms {
    /// Says to a room that somebody in it types. Of a room that they do not hear, nothing comes of it.
    pub(super) fn typing(&self, me: &Person, mailbox: &Arc<Mailbox>, room: RoomId) -> Answering {
        self.hub.typing(mailbox, room, || {
            let person = me.clone();
            Parcel::event(room, &ServerMessage::Typing { room, person })
        });
        Box::pin(ready(None))
    }
}
