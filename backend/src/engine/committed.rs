//! What leaves the engine after a commit, for delivery.

use shared::ids::RoomId;
use shared::protocol::{Event, Quote};
use shared::text::{RoomName, Topic};

/// Who asked, in the caller's own terms. The engine carries it from the request to the commit and never looks inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// Which connection asked.
    pub connection: u64,
    /// Which of its requests it was.
    pub request: u64,
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
    /// With an event that puts its author into the room: what others of the author's connections need to know. None for
    /// the lobby, which a new guest finds in the first welcome: a connection of theirs comes after the commit.
    pub entrance: Option<Entrance>,
}

/// The author is in the room from this event on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entrance {
    /// The room's name.
    pub name: RoomName,
    /// What it is about.
    pub topic: Option<Topic>,
    /// Who asked.
    pub origin: Origin,
}
