//! A person's avatar: the initials of the name on a colour that was chosen or follows from the id.

use shared::protocol::Person;
use yew::prelude::*;

use crate::initials::{initials, tone};
use crate::profiles::use_profiles;

/// The avatar. The name stands beside it, so that it says nothing to a screen reader.
pub fn avatar(person: &Person) -> Html {
    html! { <Avatar person={person.clone()} /> }
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct AvatarProps {
    pub person: Person,
}

/// The same as a component: it follows what is known about the person by itself.
#[component]
pub fn Avatar(props: &AvatarProps) -> Html {
    let Person { id, name } = &props.person;
    let profiles = use_profiles();
    let color = profiles.get(*id).and_then(|profile| profile.color);
    let tone = color.map_or_else(|| tone(*id), u64::from);
    html! {
        <span class="avatar" data-tone={tone.to_string()} aria-hidden="true">{ initials(name) }</span>
    }
}
