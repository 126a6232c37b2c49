//! Rate limits: so many per second in the long run, so many at once after a pause.

use std::time::Duration;

use tokio::time::Instant;

/// What is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// In the long run.
    pub per_second: u32,
    /// At once, after a pause.
    pub burst: u32,
}

impl Rate {
    fn interval(self) -> Duration {
        Duration::from_secs(1) / self.per_second.max(1)
    }
}

/// What is left of a [`Rate`]: the moment at which everything spent will have been earned again (GCRA).
#[derive(Debug, Clone, Copy, Default)]
pub struct Budget {
    whole_at: Option<Instant>,
}

impl Budget {
    /// Takes one, or says how long until there is one.
    pub fn spend(&mut self, rate: Rate, now: Instant) -> Result<(), Duration> {
        let whole_at = self.whole_at.map_or(now, |at| at.max(now)) + rate.interval();
        let debt = whole_at - now;
        let most = rate.interval() * rate.burst.max(1);
        if debt > most {
            return Err(debt - most);
        }
        self.whole_at = Some(whole_at);
        Ok(())
    }

    /// Whether nothing is spent, so that it can be forgotten.
    #[must_use]
    pub fn is_whole(&self, now: Instant) -> bool {
        self.whole_at.is_none_or(|at| at <= now)
    }
}

/// A wait in milliseconds, rounded up so that who waits that long does pass.
#[must_use]
pub fn wait_ms(wait: Duration) -> u64 {
    u64::try_from(wait.as_micros().div_ceil(1_000)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate {
        per_second: 10,
        burst: 30,
    };

    /// S6: 30 at once, then 10 a second.
    #[test]
    fn a_burst_passes_and_then_one_per_interval() {
        let start = Instant::now();
        let mut budget = Budget::default();
        for _ in 0..30 {
            assert_eq!(budget.spend(RATE, start), Ok(()));
        }
        let wait = budget.spend(RATE, start).unwrap_err();
        assert_eq!(wait, Duration::from_millis(100));
        assert!(budget.spend(RATE, start + wait).is_ok());
        assert!(budget.spend(RATE, start + wait).is_err());
    }

    #[test]
    fn a_refusal_costs_nothing_and_a_pause_restores_the_burst() {
        let start = Instant::now();
        let mut budget = Budget::default();
        for _ in 0..100 {
            let _ = budget.spend(RATE, start);
        }
        let later = start + Duration::from_secs(3);
        assert!(budget.is_whole(later));
        for _ in 0..30 {
            assert_eq!(budget.spend(RATE, later), Ok(()));
        }
    }

    #[test]
    fn the_wait_told_is_long_enough() {
        assert_eq!(wait_ms(Duration::from_micros(1)), 1);
        assert_eq!(wait_ms(Duration::from_millis(100)), 100);
    }
}
