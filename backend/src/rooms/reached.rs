//! Up to where devices have applied rooms, as they said (R12), so that an author can be told where a message has arrived.
//!
//! It is a courtesy: bounded, in memory only, and stated anew by every device with its next hello.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use shared::ids::{RequestId, RoomId, Seq};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::{Cursor, ServerMessage};
use shared::sorted::Map;

use super::Rooms;
use super::mailbox::Mailbox;
use super::requests::{Answering, answer};
use crate::clock;
use crate::engine::session::SessionId;

/// The places, by device and room.
#[derive(Debug, Default)]
pub(super) struct Reached(Mutex<HashMap<(SessionId, RoomId), Seq>>);

impl Reached {
    /// Takes note of what a device says.
    pub(super) fn note(&self, session: SessionId, cursors: &Map<RoomId, Cursor>) {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (room, cursor) in cursors.iter().take(limits::CURSORS) {
            let key = (session, *room);
            if places.len() >= limits::REACHED && !places.contains_key(&key) {
                // Any one: what is forgotten is stated again.
                let old = places.keys().next().copied();
                old.and_then(|old| places.remove(&old));
            }
            let place = places.entry(key).or_default();
            *place = cursor.seq.max(*place);
        }
    }

    /// How many of these devices have applied a place.
    fn count(&self, sessions: &[SessionId], room: RoomId, seq: Seq) -> u64 {
        let places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let has =
            |session: &&SessionId| places.get(&(**session, room)).is_some_and(|at| *at >= seq);
        sessions.iter().filter(has).count() as u64
    }
}

impl Rooms {
    /// Where a message of one's own has arrived (J1).
    pub(super) fn journey(
        self: &Arc<Self>,
        mailbox: &Mailbox,
        request: RequestId,
        room: RoomId,
        seq: Seq,
    ) -> Answering {
        let (rooms, person, session) = (Arc::clone(self), mailbox.person, mailbox.session);
        answer(request, async move {
            let now = clock::now();
            let found = rooms
                .engine
                .devices(person, session, room, seq, now)
                .await?;
            let found = found.ok_or(Problem::NoSuchRoom)?;
            let devices = found.ok_or(Problem::NoSuchMessage)?;
            Ok(ServerMessage::Journey {
                request,
                room,
                seq,
                devices: devices.len() as u64,
                delivered: rooms.reached.count(&devices, room, seq),
            })
        })
    }
}
