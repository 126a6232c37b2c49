//! Percentiles of what was seen and medians of what was measured.

use std::time::Duration;

/// Waits that were seen, in any order.
#[derive(Debug, Clone, Default)]
pub struct Waits(Vec<Duration>);

impl Waits {
    /// Adds one.
    pub fn push(&mut self, wait: Duration) {
        self.0.push(wait);
    }

    /// Whether none was seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many were seen.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The smallest wait that at least `permille` of a thousand do not exceed, in milliseconds (nearest rank).
    /// With fewer than 1,000 waits the 99.9th percentile is the longest of them. Zero if there are none.
    #[must_use]
    pub fn permille_ms(&self, permille: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * permille).div_ceil(1_000).max(1);
        let wait = sorted.get(rank - 1).copied().unwrap_or_default();
        wait.as_secs_f64() * 1e3
    }
}

impl FromIterator<Duration> for Waits {
    fn from_iter<T: IntoIterator<Item = Duration>>(waits: T) -> Self {
        Self(waits.into_iter().collect())
    }
}

/// The middle one, or the mean of the two in the middle. None of nothing.
#[must_use]
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        n if n % 2 == 1 => Some(sorted[middle]),
        _ => Some(f64::midpoint(sorted[middle - 1], sorted[middle])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(milliseconds: impl IntoIterator<Item = u64>) -> Waits {
        milliseconds
            .into_iter()
            .map(Duration::from_millis)
            .collect()
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn percentiles_are_nearest_ranks_of_the_sorted_waits() {
        let thousand = waits((1..=1_000).rev());
        for (permille, expected) in [(500, 500.0), (990, 990.0), (999, 999.0), (1_000, 1_000.0)] {
            assert!(
                close(thousand.permille_ms(permille), expected),
                "{permille}"
            );
        }
        let ten = waits([10, 1, 9, 2, 8, 3, 7, 4, 6, 5]);
        assert!(close(ten.permille_ms(500), 5.0));
        assert!(close(ten.permille_ms(901), 10.0));
        assert!(close(ten.permille_ms(999), 10.0));
        assert!(close(ten.permille_ms(0), 1.0));
    }

    #[test]
    fn one_wait_is_every_percentile_and_none_is_zero() {
        for permille in [1, 500, 999] {
            assert!(close(waits([7]).permille_ms(permille), 7.0));
            assert!(close(Waits::default().permille_ms(permille), 0.0));
        }
    }

    #[test]
    fn the_median_is_in_the_middle_whatever_the_order() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[4.0]), Some(4.0));
        assert_eq!(median(&[9.0, 1.0, 5.0]), Some(5.0));
        assert_eq!(median(&[1.0, 100.0, 3.0, 2.0]), Some(2.5));
    }
}
