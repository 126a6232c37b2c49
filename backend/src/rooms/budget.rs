//! Rate limits: so many per second in the long run, so many at once after a pause.

use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::Mutex;
use std::time::Duration;

use shared::problem::Problem;
use tokio::time::Instant;

/// What is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// So many, in the long run,
    pub number: u32,
    /// in such a time.
    pub within: Duration,
    /// At once, after a pause.
    pub burst: u32,
}

impl Rate {
    /// So many in a second.
    #[must_use]
    pub const fn secondly(number: u32, burst: u32) -> Self {
        let within = Duration::from_secs(1);
        Self {
            number,
            within,
            burst,
        }
    }

    /// So many in an hour.
    #[must_use]
    pub const fn hourly(number: u32, burst: u32) -> Self {
        let within = Duration::from_secs(60 * 60);
        Self {
            number,
            within,
            burst,
        }
    }

    fn interval(self) -> Duration {
        self.within / self.number.max(1)
    }

    /// What is owed after one more, or how long until one more is allowed (GCRA). Owed is the time after which everything
    /// spent will have been earned again.
    fn owe_one_more(self, owed: Duration) -> Result<Duration, Duration> {
        let owed = owed + self.interval();
        let most = self.interval() * self.burst.max(1);
        if owed > most {
            return Err(owed - most);
        }
        Ok(owed)
    }
}

/// What is left of a [`Rate`]: the moment at which nothing will be owed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Budget {
    whole_at: Option<Instant>,
}

impl Budget {
    /// Takes one, or says how long until there is one.
    pub fn spend(&mut self, rate: Rate, now: Instant) -> Result<(), Duration> {
        let owed = self.whole_at.unwrap_or(now).saturating_duration_since(now);
        self.whole_at = Some(now + rate.owe_one_more(owed)?);
        Ok(())
    }

    /// Whether nothing is spent, so that it can be forgotten.
    #[must_use]
    pub fn is_whole(&self, now: Instant) -> bool {
        self.whole_at.is_none_or(|at| at <= now)
    }
}

/// Places in a table of [`Spent`]: 64 KiB, of which the system gives only what is touched.
const PLACES: usize = 8 * 1024;

/// What is left of a [`Rate`] for everyone that can be hashed. The table has a fixed size: two who fall into one
/// place share what there is, which can only make it less, and nobody makes room for more by being many.
#[derive(Debug)]
pub struct Spent {
    rate: Rate,
    begun: Instant,
    /// Keyed at random: nobody can aim at another one's place.
    keys: RandomState,
    /// Microseconds after the beginning at which nothing will be owed.
    whole_at: Mutex<Vec<u64>>,
}

impl Spent {
    /// Nothing yet.
    #[must_use]
    pub fn of(rate: Rate) -> Self {
        Self {
            rate,
            begun: Instant::now(),
            keys: RandomState::new(),
            whole_at: Mutex::new(vec![0; PLACES]),
        }
    }

    /// What is allowed.
    #[must_use]
    pub fn rate(&self) -> Rate {
        self.rate
    }

    /// Takes one, or says how long until there is one.
    pub fn spend(&self, who: impl Hash) -> Result<(), Problem> {
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let now = micros(self.begun.elapsed());
        let place = (self.keys.hash_one(who) % PLACES as u64) as usize;
        let mut whole_at = self.whole_at.lock().unwrap_or_else(|e| e.into_inner());
        let owed = Duration::from_micros(whole_at[place].saturating_sub(now));
        let owed = self.rate.owe_one_more(owed).map_err(limited)?;
        whole_at[place] = now.saturating_add(micros(owed));
        Ok(())
    }
}

/// What is said to whoever has spent too much.
#[must_use]
pub fn limited(wait: Duration) -> Problem {
    let retry_after_ms = wait_ms(wait);
    Problem::RateLimited { retry_after_ms }
}

/// A wait in milliseconds, rounded up so that who waits that long does pass.
fn wait_ms(wait: Duration) -> u64 {
    u64::try_from(wait.as_micros().div_ceil(1_000)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate::secondly(10, 30);

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
        let spent = Spent::of(Rate::hourly(60, 3));
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
        assert_eq!(spent.rate(), Rate::hourly(60, 3));
    }

    #[test]
    fn the_wait_told_is_long_enough() {
        assert_eq!(wait_ms(Duration::from_micros(1)), 1);
        assert_eq!(wait_ms(Duration::from_millis(100)), 100);
    }
}
