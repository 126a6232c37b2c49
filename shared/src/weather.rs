//! Bad weather on purpose: what becomes of what goes over one's own connection, so that one can watch it being mended.
//!
//! It is a layer between the session and its socket. The order is kept; what a network never does (losing a part of a
//! stream) ends with a new connection, as it would there.

use std::collections::VecDeque;

use crate::limits;
use crate::session::time::Ticks;

/// Milliseconds that a delayed thing takes longer, there or back.
pub const DELAY_MS: u64 = 1_500;

/// Of a hundred things so many are lost where some are.
pub const LOST_PERCENT: u64 = 20;

/// The weather of a connection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Weather {
    /// Everything passes.
    #[default]
    Fair,
    /// Nothing passes, and nothing opens.
    Offline,
    /// Everything is late.
    Slow,
    /// Some things are lost.
    Lossy,
    /// Nothing passes, and all of it comes later.
    Frozen,
    /// This connection is dead and does not say so; the next one is sound.
    HalfOpen,
    /// No WebSocket opens.
    Blocked,
}

impl Weather {
    /// All there is but the fair one.
    pub const BAD: [Self; 6] = [
        Self::Offline,
        Self::Slow,
        Self::Lossy,
        Self::Frozen,
        Self::HalfOpen,
        Self::Blocked,
    ];
}

/// Holds up, loses and delays, in the order in which things come.
#[derive(Debug, Clone)]
pub struct Sky<T> {
    weather: Weather,
    held: VecDeque<(Option<Ticks>, T)>,
    lost: bool,
}

impl<T> Default for Sky<T> {
    fn default() -> Self {
        Self {
            weather: Weather::Fair,
            held: VecDeque::new(),
            lost: false,
        }
    }
}

impl<T> Sky<T> {
    /// The weather.
    #[must_use]
    pub fn weather(&self) -> Weather {
        self.weather
    }

    /// Changes it. What was held up passes now ([`Sky::due`]). Returns whether something was lost since it was fair, so
    /// that the connection has to be made anew.
    pub fn change(&mut self, weather: Weather) -> bool {
        self.weather = weather;
        for (due, _) in &mut self.held {
            *due = Some(Ticks(0));
        }
        weather == Weather::Fair && std::mem::take(&mut self.lost)
    }

    /// Takes a thing that wants to pass, and gives it back if it may at once. `chance` is below 100.
    pub fn take(&mut self, thing: T, chance: u64, now: Ticks) -> Option<T> {
        let due = match self.weather {
            Weather::Fair | Weather::Blocked if self.held.is_empty() => return Some(thing),
            Weather::Fair | Weather::Blocked => Some(Ticks(0)),
            Weather::Lossy if chance >= LOST_PERCENT => return Some(thing),
            Weather::Lossy | Weather::Offline | Weather::HalfOpen => {
                self.lost = true;
                return None;
            }
            Weather::Slow => Some(now + DELAY_MS),
            Weather::Frozen => None,
        };
        if self.held.len() == limits::WEATHER_HELD {
            self.lost = true;
            return None;
        }
        self.held.push_back((due, thing));
        None
    }

    /// The next thing that was held up and may pass by now.
    pub fn due(&mut self, now: Ticks) -> Option<T> {
        let is_due = matches!(self.held.front(), Some((Some(due), _)) if *due <= now);
        is_due
            .then(|| self.held.pop_front())
            .flatten()
            .map(|(_, thing)| thing)
    }

    /// When the next one may.
    #[must_use]
    pub fn next_due(&self) -> Option<Ticks> {
        self.held.front().and_then(|(due, _)| *due)
    }
}
