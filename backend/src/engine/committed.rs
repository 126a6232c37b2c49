//! What leaves the engine after a commit, for delivery.

use shared::ids::{PersonId, RoomId};
use shared::protocol::{Choice, Event, Quote, ReadAsOf, Receipt, Room, TakenOut};

/// Who asked, in the caller's own terms. The engine carries it from the request to the commit and never looks inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// Which connection asked.
    pub connection: u64,
    /// Which of its requests it was.
    pub request: u64,
}

/// What one transaction has put on disk.
#[derive(Debug, Default)]
pub struct Batch {
    /// The events, in their order.
    pub events: Vec<Committed>,
    /// How far people have read. What was counted is told before the events of the same batch, so that a reader who hears both in
    /// this order counts on from there.
    pub read: Vec<Read>,
    /// The same as the others in the room are told it, where they are.
    pub receipts: Vec<ReadReceipt>,
    /// What people have chosen, in its order.
    pub chosen: Vec<Chosen>,
}

impl Batch {
    /// Whether nobody has to be told anything. Receipts come only with what was read.
    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty() && self.read.is_empty() && self.chosen.is_empty()
    }
}

/// How far a person has read a room, for those in it who want to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadReceipt {
    /// Which room.
    pub room: RoomId,
    /// Who, and how far.
    pub receipt: Receipt,
    /// Whom it is told: all of them were in the room at that moment.
    pub hearers: Vec<PersonId>,
}

/// What a person has chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// Who.
    pub person: PersonId,
    /// What.
    pub choice: Choice,
}

/// How far a person has read a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Read {
    /// Who.
    pub person: PersonId,
    /// Which room.
    pub room: RoomId,
    /// How far.
    pub read: ReadAsOf,
}

/// One event that is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// The room.
    pub room: RoomId,
    /// The event.
    pub event: Event,
    /// The message that it answers, as of this event.
    pub quote: Option<Quote>,
    /// Who is in the room from this event on and was not before: what their connections need to know. None for the lobby,
    /// which a new guest finds in the first welcome: a connection of theirs comes after the commit.
    pub entrances: Vec<Entrance>,
    /// What the one is told who was taken out of the room by it.
    pub taken_out: Option<TakenOut>,
}

/// Somebody is in the room from this event on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entrance {
    /// Who.
    pub person: PersonId,
    /// The room, as they see it.
    pub room: Room,
    /// Who asked; none when others put them in.
    pub origin: Option<Origin>,
}
