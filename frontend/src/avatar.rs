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
    let profile = profiles.0.get(id);
    let color = profile.and_then(|profile| profile.color).map(u64::from);
    let status = profile.and_then(|profile| profile.status.as_deref());
    html! {
        <span class="avatar" data-tone={color.unwrap_or_else(|| tone(*id)).to_string()} aria-hidden="true"
            title={status.map(str::to_owned)}>{ initials(name) }</span>
    }
}
