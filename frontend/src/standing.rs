//! What stands beside a person's name: that they look after the server, and what they say about themselves.

use shared::ids::PersonId;
use shared::people::Role;
use yew::prelude::*;

use crate::locale::use_locale;
use crate::profiles::use_profiles;

/// The role, if it is one that others should know, and the status.
pub fn standing(person: PersonId) -> Html {
    html! { <Standing {person} /> }
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct StandingProps {
    pub person: PersonId,
}

/// The same as a component: it follows what is known about the person by itself.
#[component]
pub fn Standing(props: &StandingProps) -> Html {
    let words = &use_locale().words.people;
    let profiles = use_profiles();
    let profile = profiles.get(props.person);
    let role = profiles.role(props.person);
    let status = profile.and_then(|profile| profile.status.as_deref());
    html! {
        <span class="standing" hidden={role < Role::Moderator && status.is_none()}>
            <span class="standing-role" hidden={role < Role::Moderator}>{ words.role(role) }</span>
            <span class="standing-status" dir="auto">{ status.unwrap_or_default().to_owned() }</span>
        </span>
    }
}
