//! Who is writing: said now and then while somebody types, forgotten after a moment, never in the log.

use crate::ids::{PersonId, RoomId};
use crate::limits;
use crate::protocol::{ClientMessage, Person};
use crate::session::Session;
use crate::session::time::Ticks;

/// Who is writing in a room, and until when that is believed.
#[derive(Debug, Clone, Default)]
pub(super) struct Writers(Vec<(Person, Ticks)>);

impl Writers {
    fn heard(&mut self, person: Person, until: Ticks) {
        self.0.retain(|(known, _)| known.id != person.id);
        if self.0.len() < limits::TYPISTS {
            self.0.push((person, until));
        }
    }

    /// Somebody has said something, or left. Says whether they were writing.
    pub(super) fn forget(&mut self, person: PersonId) -> bool {
        let before = self.0.len();
        self.0.retain(|(known, _)| known.id != person);
        self.0.len() < before
    }

    fn expire(&mut self, now: Ticks) -> bool {
        let before = self.0.len();
        self.0.retain(|(_, until)| *until > now);
        self.0.len() < before
    }

    pub(super) fn people(&self) -> impl Iterator<Item = &Person> {
        self.0.iter().map(|(person, _)| person)
    }

    pub(super) fn expires_at(&self) -> Option<Ticks> {
        self.0.iter().map(|(_, until)| *until).min()
    }
}

impl Session {
    /// The person types. The others hear it at once and then every few seconds.
    pub(super) fn typing(&mut self, room: RoomId) {
        let now = self.now.ticks;
        let Some(state) = self.rooms.get_mut(room) else {
            return;
        };
        let again = |told: Ticks| told + limits::TYPING_AGAIN_MS;
        if self.link.record.is_live() && state.typed_at.is_none_or(|told| again(told) <= now) {
            state.typed_at = Some(now);
            self.transmit(&ClientMessage::Typing { room });
        }
    }

    /// Somebody types elsewhere.
    pub(super) fn heard_typing(&mut self, room: RoomId, person: Person) {
        let mine = self.me.as_ref().is_some_and(|me| me.id == person.id);
        if let Some(state) = self.rooms.get_mut(room)
            && !mine
        {
            let until = self.now.ticks + limits::TYPING_SHOWN_MS;
            state.writers.heard(person, until);
            state.revision += 1;
        }
    }

    /// Nobody is believed to write for ever.
    pub(super) fn expire_typing(&mut self) {
        let now = self.now.ticks;
        for state in self.rooms.iter_mut() {
            if state.writers.expire(now) {
                state.revision += 1;
            }
        }
    }

    /// Without a connection nothing is known of it.
    pub(super) fn forget_typing(&mut self) {
        for state in self.rooms.iter_mut() {
            state.typed_at = None;
            if state.writers.expires_at().is_some() {
                state.writers = Writers::default();
                state.revision += 1;
            }
        }
    }
}
