//! Forced repeats: the same bytes a second time, at once, a little later, or on a later connection.

use std::time::Duration;

use tokio::time::Instant;

use crate::names::Key;
use crate::random::Random;

/// Longest wait of a repeat that comes later, in milliseconds.
const LATER_MS: u64 = 3_000;

/// When a message is repeated: a function of the seed and the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeat {
    Never,
    AtOnce,
    After(Duration),
    OnLaterConnection,
}

pub(super) fn of(key: Key, seed: u64, percent: u64) -> Repeat {
    let Some((client, n)) = key.action() else {
        return Repeat::Never;
    };
    let mut random = Random::stream(seed, "repeats", (client as u64) << 32 | n as u64);
    if !random.percent(percent) {
        return Repeat::Never;
    }
    match random.below(3) {
        0 => Repeat::AtOnce,
        1 => Repeat::After(Duration::from_millis(random.below(LATER_MS))),
        _ => Repeat::OnLaterConnection,
    }
}

/// Texts that are still to be repeated.
#[derive(Debug, Default)]
pub(super) struct Repeats {
    /// With the connection on which it was sent first.
    later: Vec<(When, String)>,
}

#[derive(Debug, Clone, Copy)]
enum When {
    At(Instant),
    NotOn { connection: u64 },
}

impl Repeats {
    pub(super) fn push(&mut self, repeat: Repeat, connection: u64, text: &str) {
        let when = match repeat {
            Repeat::After(wait) => When::At(Instant::now() + wait),
            Repeat::OnLaterConnection => When::NotOn { connection },
            Repeat::Never | Repeat::AtOnce => return,
        };
        self.later.push((when, text.to_owned()));
    }

    /// What is due on this connection, which must be live.
    pub(super) fn due(&mut self, connection: u64) -> Vec<String> {
        let now = Instant::now();
        let due = self.later.extract_if(.., |(when, _)| match when {
            When::At(at) => *at <= now,
            When::NotOn { connection: first } => *first != connection,
        });
        due.map(|(_, text)| text).collect()
    }

    /// When the next one is due whatever happens.
    pub(super) fn next_at(&self) -> Option<Instant> {
        let at = |(when, _): &(When, String)| match when {
            When::At(at) => Some(*at),
            When::NotOn { .. } => None,
        };
        self.later.iter().filter_map(at).min()
    }

    /// There will be no later connection: what waits for one is due now.
    pub(super) fn settle(&mut self) {
        for (when, _) in &mut self.later {
            *when = When::At(Instant::now());
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.later.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_of_ten_messages_are_repeated_and_always_the_same_ones() {
        let repeats =
            |seed| -> Vec<Repeat> { (0..10_000).map(|n| of(Key::new(1, n), seed, 30)).collect() };
        let count = |kind: fn(&Repeat) -> bool| repeats(1).iter().filter(|r| kind(r)).count();
        let never = count(|repeat| *repeat == Repeat::Never);
        assert!(
            (6_800..=7_200).contains(&never),
            "{never} of 10,000 are not"
        );
        assert!(count(|repeat| matches!(repeat, Repeat::After(_))) > 500);
        assert!(count(|repeat| *repeat == Repeat::OnLaterConnection) > 500);
        assert_eq!(repeats(1), repeats(1));
        assert_ne!(repeats(1), repeats(2));
    }

    #[test]
    fn a_repeat_for_a_later_connection_waits_for_it() {
        let mut repeats = Repeats::default();
        repeats.push(Repeat::OnLaterConnection, 4, "text");
        assert!(repeats.due(4).is_empty());
        assert_eq!(repeats.due(5), ["text"]);
        assert!(repeats.is_empty());
    }
}
