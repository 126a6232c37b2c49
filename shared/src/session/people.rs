//! What is known about people besides what they did. The newest version of each wins, in whatever order they come.

use std::collections::BTreeMap;

use crate::ids::PersonId;
use crate::people::Profile;
use crate::protocol::{Event, Person};
use crate::session::Session;

#[derive(Debug, Clone, Default)]
pub(super) struct People {
    by_id: BTreeMap<PersonId, Profile>,
    /// Everything that was to be known up to here is known.
    version: u64,
}

impl People {
    /// What Hello states.
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    pub(super) fn complete_to(&mut self, version: u64) {
        self.version = version;
    }

    /// Somebody is seen for the first time: what is known about them comes with the next welcome.
    pub(super) fn met_somebody(&mut self) {
        self.version = 0;
    }

    pub(super) fn get(&self, person: PersonId) -> Option<&Profile> {
        self.by_id.get(&person)
    }

    /// The name that somebody has now, where an older page says another.
    pub(super) fn call(&self, person: &mut Person) {
        if let Some(profile) = self.by_id.get(&person.id)
            && profile.name != person.name
        {
            person.name = profile.name.clone();
        }
    }

    /// Gives everybody in an event the name that they have now.
    pub(super) fn name(&self, event: &mut Event) {
        if !self.by_id.is_empty() {
            event.people_mut(|person| self.call(person));
        }
    }
}

impl Session {
    /// What is known about a person; nothing about somebody who came as a guest and changed nothing.
    #[must_use]
    pub fn profile(&self, person: PersonId) -> Option<&Profile> {
        self.people.get(person)
    }

    /// Everybody about whom something is known.
    pub fn profiles(&self) -> impl Iterator<Item = &Profile> {
        self.people.by_id.values()
    }

    /// Takes what is newer than what is known; whoever is called otherwise now is called so in everything that is held.
    pub(super) fn learn(&mut self, people: Vec<Profile>) {
        let mut named = false;
        for profile in people {
            let known = self.people.by_id.get(&profile.id);
            if known.is_some_and(|known| known.version >= profile.version) {
                continue;
            }
            named |= known.is_none_or(|known| known.name != profile.name);
            if let Some(me) = &mut self.me
                && me.id == profile.id
                && me.name != profile.name
            {
                me.name = profile.name.clone();
                self.revisions.connection += 1;
            }
            self.people.by_id.insert(profile.id, profile);
            self.revisions.people += 1;
        }
        if named {
            self.name_everybody();
        }
    }

    fn name_everybody(&mut self) {
        for state in self.rooms.iter_mut() {
            if let Some(timeline) = &mut state.timeline
                && timeline.name(&self.people)
            {
                state.revision += 1;
            }
        }
    }
}
