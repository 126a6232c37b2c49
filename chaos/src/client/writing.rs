//! When a client writes, and where.

use std::time::Duration;

use shared::ids::RoomId;
use tokio::time::Instant;

use crate::random::Random;

/// How long a full outbox holds writing up.
const FULL: Duration = Duration::from_millis(100);

/// So many messages at random moments, each into one of some rooms.
#[derive(Debug, Clone)]
pub(crate) struct Writing {
    random: Random,
    rooms: Vec<RoomId>,
    every_us: u64,
    left: u64,
    next_at: Instant,
    varied: bool,
}

impl Writing {
    /// `left` messages from `start` on, `every_us` apart on average: the waits are uniform between nothing and twice that.
    pub(crate) fn new(
        seed: u64,
        client: usize,
        rooms: Vec<RoomId>,
        left: u64,
        every_us: u64,
        start: Instant,
    ) -> Self {
        let mut random = Random::stream(seed, "writing", client as u64);
        let first = Duration::from_micros(random.below(2 * every_us));
        Self {
            random,
            rooms,
            every_us,
            left,
            next_at: start + first,
            varied: false,
        }
    }

    /// With answers, forwards, edits, deletions, reactions, pins and topics among the messages, and what the makers of rooms do.
    pub(crate) fn varied(self) -> Self {
        Self {
            varied: true,
            ..self
        }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.left == 0
    }

    pub(super) fn next_at(&self) -> Instant {
        if self.is_done() {
            return Instant::now() + super::IDLE;
        }
        self.next_at
    }

    /// The room to write into now, if it is time.
    pub(super) fn due(&mut self, now: Instant) -> Option<RoomId> {
        if self.is_done() || now < self.next_at {
            return None;
        }
        self.left -= 1;
        self.next_at += Duration::from_micros(self.random.below(2 * self.every_us) + 1);
        Some(*self.random.pick(&self.rooms))
    }

    /// What decides about what is said.
    pub(super) fn random(&mut self) -> &mut Random {
        &mut self.random
    }

    /// Only messages, or everything that a person can do.
    pub(super) fn is_varied(&self) -> bool {
        self.varied
    }

    /// The last one was not taken: again a little later.
    pub(super) fn postpone(&mut self) {
        self.left += 1;
        self.next_at = Instant::now() + FULL;
    }
}
