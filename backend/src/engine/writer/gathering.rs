//! When the next batch is begun.
//!
//! Many who have an answer send again at once: a browser with a full outbox, a program. Whoever commits at once what waits splits
//! them into halves that wait for each other's fsync. Waiting for those who were just answered makes one batch of both.

use std::time::{Duration, Instant};

use super::BATCH;

/// A disk that syncs faster is not worth a wait: there the processor is what takes the time.
const WORTHWHILE: Duration = Duration::from_millis(1);

/// The longest wait, also on a slow disk.
const PATIENCE: Duration = Duration::from_millis(3);

/// Batches until it is tried again whether those come who are waited for.
const RETRY: u32 = 16;

/// What the last batch tells about the next one.
#[derive(Debug)]
pub(super) struct Gathering {
    /// How many the last batch answered.
    answered: usize,
    /// How many were waiting then.
    waiting: usize,
    until: Instant,
    /// Batches begun without a wait since the last one that was for nothing; None while waiting pays.
    given_up: Option<u32>,
}

impl Gathering {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            answered: 0,
            waiting: 0,
            until: now,
            given_up: None,
        }
    }

    /// A batch is answered that the disk took so long to sync, and others wait already.
    pub(super) fn answered(
        &mut self,
        answered: usize,
        waiting: usize,
        synced: Duration,
        now: Instant,
    ) {
        self.answered = answered;
        self.waiting = waiting;
        // In half of it one who must wait for the next sync loses less than one who comes along gains.
        self.until = match synced {
            short if short < WORTHWHILE => now,
            long => now + (long / 2).min(PATIENCE),
        };
    }

    /// Whether to wait for more before a batch of so many is begun.
    pub(super) fn awaits(&self, gathered: usize, now: Instant) -> bool {
        gathered < self.expected()
            && now < self.until
            && self.given_up.is_none_or(|batches| batches >= RETRY)
    }

    /// A batch of so many is begun, after a wait or without one.
    pub(super) fn begun(&mut self, gathered: usize, waited: bool) {
        if waited {
            let came = gathered.saturating_sub(self.waiting);
            self.given_up = (came * 2 < self.answered).then_some(0);
        } else if let Some(batches) = &mut self.given_up {
            *batches = batches.saturating_add(1);
        }
    }

    fn expected(&self) -> usize {
        (self.answered + self.waiting).min(BATCH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SYNC: Duration = Duration::from_millis(4);

    fn after(answered: usize, waiting: usize) -> (Gathering, Instant) {
        let now = Instant::now();
        let mut gathering = Gathering::new(now);
        gathering.answered(answered, waiting, SYNC, now);
        (gathering, now)
    }

    #[test]
    fn who_sends_alone_never_waits() {
        let (gathering, now) = after(1, 0);
        assert!(!gathering.awaits(1, now));
    }

    #[test]
    fn both_halves_are_gathered_for_half_a_sync_at_most() {
        let (gathering, now) = after(32, 32);
        assert!(gathering.awaits(32, now));
        assert!(gathering.awaits(63, now + SYNC / 2 - Duration::from_micros(1)));
        assert!(!gathering.awaits(64, now));
        assert!(!gathering.awaits(32, now + SYNC / 2));
    }

    #[test]
    fn no_wait_is_longer_than_the_bound() {
        let now = Instant::now();
        let mut gathering = Gathering::new(now);
        gathering.answered(32, 0, Duration::from_secs(1), now);
        assert!(!gathering.awaits(1, now + PATIENCE));
    }

    #[test]
    fn nobody_waits_where_the_disk_is_fast() {
        let now = Instant::now();
        let mut gathering = Gathering::new(now);
        gathering.answered(32, 32, Duration::from_micros(999), now);
        assert!(!gathering.awaits(32, now));
    }

    #[test]
    fn a_full_batch_is_not_held_up() {
        let (gathering, now) = after(BATCH, 10);
        assert!(!gathering.awaits(BATCH, now));
    }

    #[test]
    fn a_wait_for_nobody_is_not_repeated_for_some_batches() {
        let (mut gathering, now) = after(8, 2);
        gathering.begun(5, true);
        for _ in 0..RETRY {
            assert!(!gathering.awaits(2, now), "3 of 8 came");
            gathering.begun(2, false);
        }
        assert!(gathering.awaits(2, now), "tried again");
        gathering.begun(6, true);
        assert!(gathering.awaits(2, now), "4 of 8 came");
    }
}
