//! Rate limits: so many per second in the long run, so many at once after a pause.

use std::time::Duration;

use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::Mutex;

use shared::problem::Problem;
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

/// What is allowed of something that is done seldom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// After so long there is one more.
    pub every: Duration,
    /// At once, after a pause.
    pub burst: u32,
}

impl Allowance {
    /// So many in an hour.
    #[must_use]
    pub fn hourly(number: u32, burst: u32) -> Self {
        let every = Duration::from_secs(60 * 60) / number.max(1);
        Self { every, burst }
    }

    /// So many in a second.
    #[must_use]
    pub fn secondly(number: u32, burst: u32) -> Self {
        let every = Duration::from_secs(1) / number.max(1);
        Self { every, burst }
    }

    /// How many there are in a time, in the long run.
    #[must_use]
    pub fn within(self, time: Duration) -> u32 {
        let number = time.as_micros() / self.every.as_micros().max(1);
        u32::try_from(number).unwrap_or(u32::MAX)
    }
}

/// Places in a table of [`Spent`]: 64 KiB, of which the system gives only what is touched.
const PLACES: usize = 8 * 1024;

/// What is left of an [`Allowance`] for everyone that can be hashed. The table has a fixed size: two who fall into one
/// place share what there is, which can only make it less, and nobody makes room for more by being many.
#[derive(Debug)]
pub struct Spent {
    allowance: Allowance,
    begun: Instant,
    /// Keyed at random: nobody can aim at another one's place.
    keys: RandomState,
    /// Microseconds after which everything spent will have been earned again.
    whole_at: Mutex<Vec<u64>>,
}

impl Spent {
    /// Nothing yet.
    #[must_use]
    pub fn of(allowance: Allowance) -> Self {
        Self {
            allowance,
            begun: Instant::now(),
            keys: RandomState::new(),
            whole_at: Mutex::new(vec![0; PLACES]),
        }
    }

    /// What is allowed.
    #[must_use]
    pub fn allowance(&self) -> Allowance {
        self.allowance
    }

    /// Takes one, or says how long until there is one.
    pub fn spend(&self, who: impl Hash) -> Result<(), Problem> {
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let (now, every) = (micros(self.begun.elapsed()), micros(self.allowance.every));
        let most = every.saturating_mul(self.allowance.burst.max(1).into());
        let place = (self.keys.hash_one(who) % PLACES as u64) as usize;
        let mut whole_at = self.whole_at.lock().unwrap_or_else(|e| e.into_inner());
        let next = whole_at[place].max(now).saturating_add(every);
        if next - now > most {
            return Err(Problem::RateLimited {
                retry_after_ms: (next - now - most).div_ceil(1_000),
            });
        }
        whole_at[place] = next;
        Ok(())
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

    /// O9
    #[tokio::test(start_paused = true)]
    async fn what_is_done_seldom_has_a_burst_and_an_interval_for_each() {
        let spent = Spent::of(Allowance::hourly(60, 3));
        for _ in 0..3 {
            assert_eq!(spent.spend("ada"), Ok(()));
        }
        let retry_after_ms = 60_000;
        let refused = Err(Problem::RateLimited { retry_after_ms });
        assert_eq!(spent.spend("ada"), refused);
        assert_eq!(spent.spend("ada"), refused, "a refusal costs nothing");
        assert_eq!(spent.spend("bob"), Ok(()));
        tokio::time::advance(Duration::from_millis(retry_after_ms)).await;
        assert_eq!(spent.spend("ada"), Ok(()));
        assert!(spent.spend("ada").is_err());
        assert_eq!(spent.allowance().within(Duration::from_secs(3_600)), 60);
    }

    #[test]
    fn the_wait_told_is_long_enough() {
        assert_eq!(wait_ms(Duration::from_micros(1)), 1);
        assert_eq!(wait_ms(Duration::from_millis(100)), 100);
    }
}
