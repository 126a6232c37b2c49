//! What is known about people, for whoever shows one: a copy of what the session knows, made anew when that has changed.

use std::rc::Rc;

use shared::ids::PersonId;
use shared::people::{Profile, Role};
use shared::session::people::find;
use yew::prelude::*;

/// By id; nothing about somebody who came as a guest and changed nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Profiles(pub Rc<Vec<Profile>>);

impl Profiles {
    /// What is known about somebody.
    #[must_use]
    pub fn get(&self, person: PersonId) -> Option<&Profile> {
        find(&self.0, person)
    }

    /// What somebody may do.
    #[must_use]
    pub fn role(&self, person: PersonId) -> Role {
        self.get(person).map_or(Role::Guest, |one| one.role)
    }
}

/// The profiles; none before the chat has begun.
#[hook]
pub fn use_profiles() -> Profiles {
    use_context::<Profiles>().unwrap_or_default()
}
