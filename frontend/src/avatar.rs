//! A person's avatar: a colour from the id and the initials of the name.

use shared::protocol::Person;
use yew::prelude::*;

use crate::initials::{initials, tone};

/// The avatar. The name stands beside it, so that it says nothing to a screen reader.
pub fn avatar(person: &Person) -> Html {
    html! {
        <span class="avatar" data-tone={tone(person.id).to_string()} aria-hidden="true">{ initials(&person.name) }</span>
    }
}
