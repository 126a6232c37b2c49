//! What is known about people besides what they did. The newest version of each wins, in whatever order they come.

use std::rc::Rc;

use crate::ids::PersonId;
use crate::people::Profile;
use crate::protocol::{Event, Person};
use crate::session::Session;

#[derive(Debug, Clone, Default)]
pub(super) struct People {
    /// In the order of the ids: they are few, and a list is less code in the browser than a tree.
    by_id: Rc<Vec<Profile>>,
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

    fn put(&mut self, profile: Profile) {
        let people = Rc::make_mut(&mut self.by_id);
        match people.binary_search_by_key(&profile.id, |one| one.id) {
            Ok(at) => people[at] = profile,
            Err(at) => people.insert(at, profile),
        }
    }

    pub(super) fn get(&self, person: PersonId) -> Option<&Profile> {
        find(&self.by_id, person)
    }

    /// The name that somebody has now, where an older page says another; whether it did.
    pub(super) fn call(&self, person: &mut Person) -> bool {
        let name = self.get(person.id).map(|profile| &profile.name);
        let other = name.filter(|name| **name != person.name);
        if let Some(name) = other {
            person.name = name.clone();
        }
        other.is_some()
    }

    /// Gives everybody in an event the name that they have now.
    pub(super) fn name(&self, event: &mut Event) {
        if !self.by_id.is_empty() {
            event.people_mut(|person| {
                self.call(person);
            });
        }
    }
}

/// The profile of a person in a list by id.
#[must_use]
pub fn find(people: &[Profile], person: PersonId) -> Option<&Profile> {
    let at = people.binary_search_by_key(&person, |one| one.id).ok()?;
    people.get(at)
}

impl Session {
    /// What is known about a person; nothing about somebody who came as a guest and changed nothing.
    #[must_use]
    pub fn profile(&self, person: PersonId) -> Option<&Profile> {
        self.people.get(person)
    }

    /// Everybody about whom something is known, in the order of the ids.
    #[must_use]
    pub fn profiles(&self) -> &Rc<Vec<Profile>> {
        &self.people.by_id
    }

    /// Takes what is newer than what is known; whoever is called otherwise now is called so in everything that is held.
    pub(super) fn learn(&mut self, people: Vec<Profile>) {
        let mut named = false;
        for profile in people {
            let known = self.people.get(profile.id);
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
            self.people.put(profile);
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
            state.receipts.name(&self.people);
            if state.name_people(&self.people, self.me.as_ref()) {
                self.revisions.rooms += 1;
            }
        }
        for person in self.members.iter_mut().flat_map(|list| &mut list.people) {
            self.people.call(person);
        }
        self.revisions.members += 1;
    }
}
