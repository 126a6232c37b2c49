//! The way of one's own messages, as this client saw it. It is kept for the newest only, and only by a session that records.

use std::collections::VecDeque;

use crate::ids::{ClientId, RoomId, Seq, Timestamp};
use crate::limits;
use crate::session::Session;
use crate::session::connection::Generation;
use crate::session::outbox::Draft;
use crate::session::requests::Asked;
use crate::session::time::Moment;

/// The way of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journey {
    /// Which message.
    pub client_id: ClientId,
    /// When it was written.
    pub written: Timestamp,
    /// When the browser had it where a reload finds it.
    pub kept: Option<Timestamp>,
    /// When it was sent, the newest last; at most [`limits::JOURNEY_SENDS`].
    pub sends: Vec<Sent>,
    /// How often it was sent in all.
    pub sent: u64,
    /// What the server said of it, first.
    pub stored: Option<Stored>,
    /// How often the server said that it had it already.
    pub repeats: u64,
}

/// A message went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// When.
    pub at: Timestamp,
    /// The number of the connection.
    pub connection: u64,
    /// The number of the frame among those sent on it.
    pub frame: u64,
}

/// The answer to a send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// When it came.
    pub at: Timestamp,
    /// The place in the log.
    pub seq: Seq,
    /// When the server had read the message, by its clock.
    pub received: Timestamp,
    /// When it was on disk, by the same clock.
    pub committed: Option<Timestamp>,
}

/// Where a message has arrived, as the server knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrived {
    /// The room.
    pub room: RoomId,
    /// The message.
    pub seq: Seq,
    /// Devices that have it, of so many; none until the server has told it.
    pub delivered: Option<(u64, u64)>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Journeys {
    all: VecDeque<Journey>,
    pub(super) looked_at: Option<Arrived>,
}

impl Journeys {
    pub(super) fn of(&self, client_id: ClientId) -> Option<&Journey> {
        self.all.iter().rev().find(|one| one.client_id == client_id)
    }

    fn of_mut(&mut self, client_id: ClientId) -> Option<&mut Journey> {
        let mut all = self.all.iter_mut().rev();
        all.find(|one| one.client_id == client_id)
    }

    fn begin(&mut self, draft: &Draft) {
        if self.of(draft.client_id).is_some() {
            return;
        }
        if self.all.len() == limits::JOURNEYS {
            self.all.pop_front();
        }
        self.all.push_back(Journey {
            client_id: draft.client_id,
            written: draft.written,
            kept: None,
            sends: Vec::new(),
            sent: 0,
            stored: None,
            repeats: 0,
        });
    }
}

impl Session {
    /// The way of a message of one's own, if it was written on this page of late.
    #[must_use]
    pub fn journey(&self, client_id: ClientId) -> Option<&Journey> {
        self.journeys.of(client_id)
    }

    /// Where the message has arrived that [`super::io::Input::ShowJourney`] named.
    #[must_use]
    pub fn arrived(&self) -> Option<Arrived> {
        self.journeys.looked_at
    }

    /// The browser has a message where a reload finds it.
    pub fn kept(&mut self, client_id: ClientId, now: Moment) {
        if let Some(journey) = self.journeys.of_mut(client_id) {
            journey.kept.get_or_insert(now.clock);
        }
    }

    pub(super) fn journey_begins(&mut self, draft: &Draft) {
        if self.link.recorder.is_some() {
            self.journeys.begin(draft);
        }
    }

    pub(super) fn journey_goes(&mut self, client_id: ClientId, generation: Generation) {
        let Some(recorder) = &self.link.recorder else {
            return;
        };
        let sent = Sent {
            at: self.now.clock,
            connection: generation.0,
            frame: recorder.sent_on(generation),
        };
        if let Some(journey) = self.journeys.of_mut(client_id) {
            journey.sent += 1;
            if journey.sends.len() == limits::JOURNEY_SENDS {
                journey.sends.remove(0);
            }
            journey.sends.push(sent);
        }
    }

    pub(super) fn journey_stored(&mut self, client_id: ClientId, stored: Stored, repeat: bool) {
        if let Some(journey) = self.journeys.of_mut(client_id) {
            journey.stored.get_or_insert(stored);
            journey.repeats += u64::from(repeat);
        }
    }

    /// Asks where a message has arrived; what is known already of the same one stays.
    pub(super) fn show_journey(&mut self, of: Option<(RoomId, Seq)>) {
        let before = self.journeys.looked_at;
        self.journeys.looked_at = of.map(|(room, seq)| {
            let same = before.filter(|it| (it.room, it.seq) == (room, seq));
            self.requests.ask(Asked::Journey { room, seq });
            Arrived {
                room,
                seq,
                delivered: same.and_then(|it| it.delivered),
            }
        });
        self.revisions.aside += 1;
    }

    pub(super) fn take_journey(&mut self, room: RoomId, seq: Seq, delivered: (u64, u64)) {
        let looked_at = self.journeys.looked_at.as_mut();
        if let Some(it) = looked_at.filter(|it| (it.room, it.seq) == (room, seq)) {
            it.delivered = Some(delivered);
            self.revisions.aside += 1;
        }
    }
}
