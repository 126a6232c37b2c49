//! A person's avatar: a colour from the id and the initials of the name.

use shared::protocol::Person;
use yew::prelude::*;

use crate::initials::{initials, tone};

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct AvatarProps {
    pub person: Person,
}

/// The avatar. The name stands beside it, so that it says nothing to a screen reader.
#[component]
pub fn Avatar(props: &AvatarProps) -> Html {
    html! {
        <span class="avatar" data-tone={tone(props.person.id).to_string()} aria-hidden="true">
            { initials(&props.person.name) }
        </span>
    }
}
