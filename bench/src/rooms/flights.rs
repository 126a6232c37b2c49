//! The messages of one room that are on their way.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// They have dense places in the room's log, in the order in which they were sent.
#[derive(Debug)]
pub(super) struct Flights {
    /// Place of the first of `under_way`.
    first: u64,
    under_way: VecDeque<Flight>,
}

#[derive(Debug)]
struct Flight {
    sent: Instant,
    /// Readers that do not have it.
    readers_left: usize,
    /// Whether it is acknowledged as on disk, or nobody does that.
    is_stored: bool,
    lane: usize,
}

/// What an arrival means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrival {
    /// Not much.
    Partly,
    /// It was acknowledged after this wait.
    OnDisk(Duration),
    /// The last reader has it, after this wait.
    Everywhere(Duration),
}

impl Flights {
    /// Of a room whose log ends here.
    pub(super) fn after(head: u64) -> Self {
        Self {
            first: head + 1,
            under_way: VecDeque::new(),
        }
    }

    pub(super) fn sent(&mut self, sent: Instant, readers: usize, acknowledged: bool, lane: usize) {
        self.under_way.push_back(Flight {
            sent,
            readers_left: readers,
            is_stored: !acknowledged,
            lane,
        });
    }

    /// One more reader has the event at this place.
    ///
    /// # Errors
    /// When nothing of ours is there.
    pub(super) fn received(&mut self, seq: u64) -> Result<Arrival> {
        let flight = self.find(seq)?;
        flight.readers_left = flight
            .readers_left
            .checked_sub(1)
            .with_context(|| format!("event {seq} came to more readers than there are"))?;
        Ok(match flight.readers_left {
            0 => Arrival::Everywhere(flight.sent.elapsed()),
            _ => Arrival::Partly,
        })
    }

    /// The event at this place is on disk.
    ///
    /// # Errors
    /// When nothing of ours is there.
    pub(super) fn stored(&mut self, seq: u64) -> Result<Arrival> {
        let flight = self.find(seq)?;
        flight.is_stored = true;
        Ok(Arrival::OnDisk(flight.sent.elapsed()))
    }

    /// The lane of the oldest message, if nothing more is to come for it.
    pub(super) fn take_done(&mut self) -> Option<usize> {
        let done = |flight: &mut Flight| flight.readers_left == 0 && flight.is_stored;
        let flight = self.under_way.pop_front_if(done)?;
        self.first += 1;
        Some(flight.lane)
    }

    fn find(&mut self, seq: u64) -> Result<&mut Flight> {
        let first = self.first;
        let index = seq.checked_sub(first);
        let index = index.and_then(|index| usize::try_from(index).ok());
        index
            .and_then(|index| self.under_way.get_mut(index))
            .with_context(|| format!("an event {seq} that nobody sent; the oldest is {first}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two messages for two readers, behind event 10.
    fn two() -> Flights {
        let mut flights = Flights::after(10);
        flights.sent(Instant::now(), 2, true, 7);
        flights.sent(Instant::now(), 2, true, 8);
        flights
    }

    #[test]
    fn a_message_is_done_when_all_have_it_and_the_disk_has_it() {
        let mut flights = two();
        assert_eq!(flights.received(11).unwrap(), Arrival::Partly);
        let everywhere = flights.received(11).unwrap();
        assert!(matches!(everywhere, Arrival::Everywhere(_)));
        assert_eq!(flights.take_done(), None, "not on disk");
        assert!(matches!(flights.stored(11).unwrap(), Arrival::OnDisk(_)));
        assert_eq!(flights.take_done(), Some(7));
        assert_eq!(flights.take_done(), None);
        for _ in 0..2 {
            flights.received(12).unwrap();
        }
        flights.stored(12).unwrap();
        assert_eq!(flights.take_done(), Some(8));
    }

    #[test]
    fn where_nobody_acknowledges_the_last_reader_is_enough() {
        let mut flights = Flights::after(0);
        flights.sent(Instant::now(), 1, false, 0);
        flights.received(1).unwrap();
        assert_eq!(flights.take_done(), Some(0));
    }

    #[test]
    fn one_too_many_and_one_from_nowhere_are_errors() {
        let mut flights = two();
        flights.received(11).unwrap();
        flights.received(11).unwrap();
        assert!(flights.received(11).is_err());
        assert!(flights.received(10).is_err());
        assert!(flights.received(13).is_err());
    }
}
