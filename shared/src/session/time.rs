//! Time as an argument: the session never reads a clock.

use std::ops::{Add, Sub};

use crate::ids::Timestamp;

/// Milliseconds on a clock that never goes back (`performance.now()` in a browser), from any start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticks(pub u64);

impl Add<u64> for Ticks {
    type Output = Ticks;

    fn add(self, milliseconds: u64) -> Ticks {
        Ticks(self.0.saturating_add(milliseconds))
    }
}

impl Sub for Ticks {
    type Output = u64;

    /// Milliseconds from `earlier` to here, zero if it is later.
    fn sub(self, earlier: Ticks) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// One reading of both clocks: waits are measured in ticks, people are shown the clock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moment {
    /// The clock that never goes back.
    pub ticks: Ticks,
    /// The wall clock, which may jump.
    pub clock: Timestamp,
}
