//! Whether a person is told of something, and how. Nothing else decides that.

use crate::protocol::Level;

/// How a person is told, from the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Attention {
    /// Not beyond what the page shows.
    None,
    /// By a sound: they look at the page, but not at this.
    Sound,
    /// By a notification of the desktop, and the sound: they look elsewhere.
    Notification,
}

/// What there is to know about a message when it comes, or about several that were missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// The reader wrote it.
    pub mine: bool,
    /// It names the reader, or everyone in the room.
    pub named: bool,
    /// It came as it was said; else the reader was away then, and is told once of all that was missed.
    pub live: bool,
    /// Of what in the room the reader wants to be told.
    pub level: Level,
    /// The reader does not want to be disturbed.
    pub quiet: bool,
    /// The page is in front of the reader.
    pub watched: bool,
    /// The page shows the room.
    pub shown: bool,
}

impl Arrival {
    /// How the reader is told.
    #[must_use]
    pub fn attention(self) -> Attention {
        let wanted = match self.level {
            Level::Everything => true,
            Level::Mentions => self.named,
            Level::Nothing => false,
        };
        if self.mine || self.quiet || !wanted {
            return Attention::None;
        }
        match (self.watched, self.shown || !self.live) {
            (true, true) => Attention::None,
            (true, false) => Attention::Sound,
            (false, _) => Attention::Notification,
        }
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    const PLAIN: Arrival = Arrival {
        mine: false,
        named: false,
        live: true,
        level: Level::Everything,
        quiet: false,
        watched: false,
        shown: false,
    };

    fn all() -> impl Iterator<Item = Arrival> {
        let levels = Level::ALL.into_iter();
        levels.flat_map(|level| {
            (0..64).map(move |bits| {
                let bit = |n: u32| bits >> n & 1 == 1;
                Arrival {
                    mine: bit(0),
                    named: bit(1),
                    live: bit(2),
                    level,
                    quiet: bit(3),
                    watched: bit(4),
                    shown: bit(5),
                }
            })
        })
    }

    /// N4
    #[test]
    fn nothing_disturbs_who_wrote_it_wants_quiet_or_does_not_want_to_know() {
        for arrival in all() {
            let wanted = match arrival.level {
                Level::Everything => true,
                Level::Mentions => arrival.named,
                Level::Nothing => false,
            };
            if arrival.mine || arrival.quiet || !wanted {
                assert_eq!(arrival.attention(), Attention::None, "{arrival:?}");
            }
        }
    }

    /// N4: where the reader looks decides how.
    #[test]
    fn who_looks_at_the_room_needs_nothing_and_who_looks_elsewhere_is_called() {
        let at = |watched, shown| Arrival {
            watched,
            shown,
            ..PLAIN
        };
        assert_eq!(at(true, true).attention(), Attention::None);
        assert_eq!(at(true, false).attention(), Attention::Sound);
        assert_eq!(at(false, true).attention(), Attention::Notification);
        assert_eq!(at(false, false).attention(), Attention::Notification);
    }

    /// N4: whoever reconnects in front of the page sees what was missed; no sound for something old.
    #[test]
    fn what_was_missed_makes_no_sound() {
        for arrival in all().filter(|arrival| !arrival.live) {
            assert_ne!(arrival.attention(), Attention::Sound, "{arrival:?}");
        }
        let live = false;
        assert_eq!(
            Arrival { live, ..PLAIN }.attention(),
            Attention::Notification
        );
    }

    /// N1
    #[test]
    fn a_mention_is_heard_where_only_mentions_are() {
        let level = Level::Mentions;
        let named = Arrival {
            named: true,
            level,
            ..PLAIN
        };
        assert_eq!(named.attention(), Attention::Notification);
        assert_eq!(Arrival { level, ..PLAIN }.attention(), Attention::None);
    }
}
