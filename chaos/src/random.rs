//! Chance from a seed: each actor draws from a stream of its own, so that what one draws never shifts another's.

/// `SplitMix64` (Steele, Lea, Flood 2014).
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// The stream `name` (with a number, such as a client's) of a seed.
    pub(crate) fn stream(seed: u64, name: &str, number: u64) -> Self {
        let named = name
            .bytes()
            .fold(seed, |sum, byte| mix(sum ^ u64::from(byte)));
        Self(mix(named ^ mix(number)))
    }

    /// Any number.
    pub(crate) fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// Uniform in `0..bound`; 0 when there is nothing to choose from.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.any() % bound.max(1)
    }

    /// Uniform in `from..=to`.
    pub(crate) fn between(&mut self, from: u64, to: u64) -> u64 {
        from + self.below(to.saturating_sub(from) + 1)
    }

    /// True in `percent` of 100 cases.
    pub(crate) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of several.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u64) as usize]
    }
}

/// A number that looks nothing like the one it is made of.
pub(crate) fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_a_function_of_seed_name_and_number() {
        let draw = |seed, name, number| {
            let mut random = Random::stream(seed, name, number);
            [random.any(), random.any(), random.any()]
        };
        assert_eq!(draw(1, "faults", 0), draw(1, "faults", 0));
        for other in [
            draw(2, "faults", 0),
            draw(1, "client", 0),
            draw(1, "faults", 1),
        ] {
            assert_ne!(draw(1, "faults", 0), other);
        }
    }

    #[test]
    fn bounds_hold() {
        let mut random = Random::stream(7, "bounds", 0);
        for _ in 0..1_000 {
            assert!(random.below(3) < 3);
            assert!((5..=9).contains(&random.between(5, 9)));
        }
        assert_eq!(random.below(0), 0);
    }
}
