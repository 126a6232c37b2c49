//! How a message stands after its edits, its deletion and its reactions: computed from the log here, and read off the
//! screen of a client there. Only a digest is kept of each.

use std::hash::{DefaultHasher, Hash, Hasher};

use shared::ids::PersonId;

use crate::names::Key;

/// A message as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct State {
    /// Whose text it shows: the message's own or an edit's; none when it is deleted.
    pub(crate) text: Option<Key>,
    /// The newest edit or deletion.
    pub(crate) changed: Option<u64>,
    /// The place of each reaction that stands, who and what, in order.
    pub(crate) reactions: Vec<(u64, PersonId, String)>,
    /// The event that pinned it, while it is pinned.
    pub(crate) pinned: Option<u64>,
}

impl State {
    /// As it was when it was said.
    pub(crate) fn new(key: Key) -> Self {
        Self {
            text: Some(key),
            ..Self::default()
        }
    }

    pub(crate) fn edit(&mut self, seq: u64, by: Key) {
        self.text = Some(by);
        self.changed = Some(seq);
    }

    pub(crate) fn delete(&mut self, seq: u64) {
        *self = Self {
            changed: Some(seq),
            ..Self::default()
        };
    }

    pub(crate) fn pin(&mut self, seq: u64, on: bool) {
        self.pinned = on.then_some(seq);
    }

    /// One for each person and emoji; the newest stands.
    pub(crate) fn react(&mut self, seq: u64, by: PersonId, emoji: &str, on: bool) {
        self.reactions
            .retain(|(_, person, other)| *person != by || other != emoji);
        if on {
            self.reactions.push((seq, by, emoji.to_owned()));
        }
    }

    /// The same for equal states, within one run of the program.
    pub(crate) fn digest(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deletion_leaves_nothing_and_a_second_reaction_takes_the_place_of_the_first() {
        let (ada, key) = (PersonId(1), Key::new(0, 0));
        let mut state = State::new(key);
        let fresh = state.digest();
        state.react(2, ada, "x", true);
        state.react(3, ada, "x", true);
        assert_eq!(state.reactions, [(3, ada, "x".to_owned())]);
        state.react(4, ada, "x", false);
        assert_eq!(state.digest(), fresh);
        state.edit(5, Key::new(0, 1));
        assert_ne!(state.digest(), fresh);
        state.pin(6, true);
        assert_eq!(state.pinned, Some(6));
        state.delete(7);
        assert_eq!((state.text, state.changed), (None, Some(7)));
        assert_eq!(state.pinned, None);
    }
}
