//! What is known about people, for whoever shows one: a copy of what the session knows, made anew when that has changed.

use std::collections::BTreeMap;
use std::rc::Rc;

use shared::ids::PersonId;
use shared::people::{Profile, Role};
use yew::prelude::*;

/// By person; nothing about somebody who came as a guest and changed nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Profiles(pub Rc<BTreeMap<PersonId, Profile>>);

impl Profiles {
    /// What somebody may do.
    #[must_use]
    pub fn role(&self, person: PersonId) -> Role {
        self.0.get(&person).map_or(Role::Guest, |one| one.role)
    }
}

/// The profiles; none before the chat has begun.
#[hook]
pub fn use_profiles() -> Profiles {
    use_context::<Profiles>().unwrap_or_default()
}
