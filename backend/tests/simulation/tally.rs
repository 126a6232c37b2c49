//! What happened in the worlds: laws that nothing was tried on are not kept.

use std::ops::AddAssign;

/// What happened, over all worlds.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) worlds: u64,
    pub(crate) steps: u64,
    pub(crate) typed: u64,
    pub(crate) events: u64,
    pub(crate) refused: u64,
    pub(crate) rearranged: u64,
    pub(crate) order_kept: u64,
    pub(crate) directs: u64,
    pub(crate) cuts: u64,
    pub(crate) restarts: u64,
    pub(crate) reloads: u64,
    pub(crate) behind: u64,
    pub(crate) gaps: u64,
    pub(crate) virtual_seconds: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.worlds += other.worlds;
        self.steps += other.steps;
        self.typed += other.typed;
        self.events += other.events;
        self.refused += other.refused;
        self.rearranged += other.rearranged;
        self.order_kept += other.order_kept;
        self.directs += other.directs;
        self.cuts += other.cuts;
        self.restarts += other.restarts;
        self.reloads += other.reloads;
        self.behind += other.behind;
        self.gaps += other.gaps;
        self.virtual_seconds += other.virtual_seconds;
    }
}

impl Tally {
    /// Laws that nothing was tried on are not kept.
    pub(crate) fn check_that_things_happened(&self, worlds: u64) {
        assert_eq!(self.worlds, worlds);
        assert!(self.typed > worlds * 50, "{self:?}");
        assert!(self.events > self.typed / 2, "{self:?}");
        assert!(self.cuts > worlds * 10, "{self:?}");
        for seldom in [self.refused, self.rearranged, self.restarts, self.reloads] {
            assert!(seldom > worlds, "{self:?}");
        }
        assert!(self.order_kept > worlds / 2, "{self:?}");
        // A direct room is opened once by most.
        assert!(self.directs > worlds / 4, "{self:?}");
        // In flooded worlds only.
        assert!(self.behind > worlds / 100, "{self:?}");
        assert!(self.gaps > worlds / 100, "{self:?}");
    }
}
