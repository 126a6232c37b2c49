//! What people say about how far they have read: gathered for a moment, then written together.
//!
//! A reader who scrolls says it again and again, and a commit waits for the disk. So all of it from
//! [`shared::limits::SEEN_GATHER_MS`] is one operation. What a crash loses of that is said again by the clients, which have
//! not heard that it was taken.

use std::collections::HashMap;
use std::future::ready;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use shared::ids::{PersonId, RequestId, RoomId, Seq};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::ServerMessage;
use shared::sorted::Map;

use super::Rooms;
use super::mailbox::Mailbox;
use super::requests::{Answering, answer};
use crate::engine::operations::reading::{Mark, To};

/// Marks of one operation: bounds the pause that it makes for the sends of the same commit.
const MARKS: usize = 1_000;

/// Marks that wait; more are dropped, and their clients say it again.
const WAITING: usize = 20_000;

/// What was said and is not written yet.
#[derive(Debug, Default)]
pub(super) struct Gathered(Mutex<HashMap<(PersonId, RoomId), To>>);

impl Gathered {
    /// Adds a mark, and says whether it is the first one.
    fn add(&self, person: PersonId, room: RoomId, to: To) -> bool {
        let mut waiting = self.lock();
        let is_first = waiting.is_empty();
        if waiting.len() < WAITING {
            waiting
                .entry((person, room))
                .and_modify(|before| *before = before.then(to))
                .or_insert(to);
        }
        is_first
    }

    fn take(&self) -> Vec<Mark> {
        let waiting = std::mem::take(&mut *self.lock());
        waiting
            .into_iter()
            .map(|((person, room), to)| Mark { person, room, to })
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(PersonId, RoomId), To>> {
        self.0.lock().unwrap_or_else(|error| error.into_inner())
    }
}

impl Rooms {
    pub(super) fn seen(self: &Arc<Self>, person: PersonId, rooms: &Map<RoomId, Seq>) -> Answering {
        for (room, seq) in rooms.iter().take(limits::SEEN_ROOMS) {
            self.gather(person, *room, To::AtLeast(*seq));
        }
        Box::pin(ready(None))
    }

    pub(super) fn unread(self: &Arc<Self>, person: PersonId, room: RoomId, from: Seq) -> Answering {
        self.gather(person, room, To::Exactly(from.back(1)));
        Box::pin(ready(None))
    }

    /// How far the others in a room have read.
    pub(super) fn receipts(
        self: &Arc<Self>,
        mailbox: &Mailbox,
        request: RequestId,
        room: RoomId,
    ) -> Answering {
        let (rooms, person) = (Arc::clone(self), mailbox.person);
        answer(request, async move {
            let read = rooms.engine.receipts(person, room).await?;
            Ok(ServerMessage::Receipts {
                request: Some(request),
                room,
                read: read.ok_or(Problem::NoSuchRoom)?,
            })
        })
    }

    fn gather(self: &Arc<Self>, person: PersonId, room: RoomId, to: To) {
        if self.gathered.add(person, room, to) {
            // A server that ends has written them, and is not held up.
            let rooms = Arc::downgrade(self);
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(limits::SEEN_GATHER_MS)).await;
                if let Some(rooms) = rooms.upgrade() {
                    rooms.write_marks();
                }
            });
        }
    }

    /// Hands what was gathered to the engine. What it refuses is said again by the clients.
    pub(super) fn write_marks(&self) {
        for marks in self.gathered.take().chunks(MARKS) {
            // Delivery tells the people, in its place among the events.
            if let Err(problem) = self.engine.mark(marks.to_vec()) {
                tracing::debug!(?problem, marks = marks.len(), "marks were dropped");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_twice_waits_once_and_too_much_is_dropped() {
        let gathered = Gathered::default();
        let (ada, tea) = (PersonId(1), RoomId(1));
        assert!(gathered.add(ada, tea, To::AtLeast(Seq(5))));
        assert!(!gathered.add(ada, tea, To::AtLeast(Seq(3))));
        let marks = gathered.take();
        let to = To::AtLeast(Seq(5));
        let (person, room) = (ada, tea);
        assert_eq!(marks, [Mark { person, room, to }]);
        for room in 0..2 * WAITING as u64 {
            gathered.add(ada, RoomId(room), to);
        }
        assert_eq!(gathered.take().len(), WAITING);
        assert!(
            gathered.add(ada, tea, to),
            "the next one is the first again"
        );
    }
}
