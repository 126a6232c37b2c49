//! Durations in quantity: percentiles, and how they are told.

use serde::Serialize;

/// Samples in microseconds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Samples(Vec<u32>);

/// What a table shows of samples; in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub(crate) struct Summary {
    /// How many there were.
    pub(crate) count: usize,
    /// Half took at most this.
    pub(crate) p50_ms: f64,
    /// 99 of 100 took at most this.
    pub(crate) p99_ms: f64,
    /// The longest.
    pub(crate) max_ms: f64,
}

impl Samples {
    /// Adds one; longer than an hour counts as an hour.
    pub(crate) fn push(&mut self, microseconds: u64) {
        self.0.push(u32::try_from(microseconds).unwrap_or(u32::MAX));
    }

    pub(crate) fn extend(&mut self, others: &Samples) {
        self.0.extend_from_slice(&others.0);
    }

    /// Nearest rank; all zero when there are none.
    pub(crate) fn summary(&self) -> Summary {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = |percent: usize| {
            let at = (sorted.len() * percent).div_ceil(100).max(1) - 1;
            sorted
                .get(at)
                .map_or(0.0, |&micros| f64::from(micros) / 1e3)
        };
        Summary {
            count: sorted.len(),
            p50_ms: rank(50),
            p99_ms: rank(99),
            max_ms: rank(100),
        }
    }
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "p50 {:.1} ms, p99 {:.1} ms, max {:.1} ms ({} samples)",
            self.p50_ms, self.p99_ms, self.max_ms, self.count
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let mut samples = Samples::default();
        for ms in 1..=200_u64 {
            samples.push(ms * 1_000);
        }
        let summary = samples.summary();
        assert_eq!((summary.p50_ms, summary.p99_ms), (100.0, 198.0));
        assert_eq!((summary.max_ms, summary.count), (200.0, 200));
    }

    #[test]
    fn nothing_measured_is_zero() {
        assert_eq!(Samples::default().summary(), Summary::default());
    }
}
