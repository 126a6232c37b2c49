//! What the person chooses about how they are told of things. It is shown at once, asked of the server until that has
//! answered, and heard from the person's other devices.

use crate::protocol::{Choice, Choices, Level};
use crate::session::Session;
use crate::session::requests::Asked;
use crate::session::rooms::RoomState;
use crate::session::time::Ticks;

/// Milliseconds after which the end of a long quiet is looked for anew: the clock may be set meanwhile.
const LOOK_AGAIN_MS: u64 = 60 * 60 * 1_000;

impl RoomState {
    /// Of what the person wants to be told.
    pub(super) fn level(&self) -> Level {
        self.room
            .level
            .unwrap_or_else(|| Level::usual(self.room.kind))
    }
}

impl Session {
    /// What the person has chosen for all rooms together.
    #[must_use]
    pub fn choices(&self) -> Choices {
        self.choices
    }

    /// Whether the person does not want to be disturbed now.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        let until = self.choices.quiet;
        until.is_some_and(|until| until > self.now.clock)
    }

    pub(super) fn choose(&mut self, choice: Choice) {
        self.take_choice(choice);
        self.requests.ask(Asked::Choose(choice));
    }

    /// The server says what was chosen. What was chosen here since then stays.
    pub(super) fn chosen(&mut self, choice: Choice) {
        if !self.requests.is_choosing(&choice) {
            self.take_choice(choice);
        }
    }

    /// What a welcome does not know yet.
    pub(super) fn choose_again(&mut self) {
        self.revisions.choices += 1;
        for choice in self.requests.choices() {
            self.take_choice(choice);
        }
    }

    fn take_choice(&mut self, choice: Choice) {
        match choice {
            Choice::Level { room, level } => {
                if let Some(state) = self.rooms.get_mut(room) {
                    state.room.level = Some(level);
                    self.revisions.rooms += 1;
                    self.mind_as_it_is(room);
                }
            }
            Choice::Quiet { until } => self.choices.quiet = until,
            Choice::Receipts { on } => {
                self.choices.no_receipts = !on;
                self.ask_receipts(self.rooms.shown());
                if let Some(state) = self.rooms.shown_mut() {
                    state.revision += 1;
                }
            }
        }
        self.revisions.choices += 1;
    }

    /// When the quiet ends, or may have.
    pub(super) fn quiet_ends(&self) -> Option<Ticks> {
        let left = self.choices.quiet?.0.saturating_sub(self.now.clock.0);
        Some(self.now.ticks + left.min(LOOK_AGAIN_MS))
    }

    pub(super) fn expire_quiet(&mut self) {
        if self.choices.quiet.is_some() && !self.is_quiet() {
            self.choices.quiet = None;
            self.revisions.choices += 1;
        }
    }
}
