//! Everybody, with their roles, for the owner.

use shared::ids::PersonId;
use shared::people::Role;
use shared::protocol::Person;
use wasm_bindgen::JsValue;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::{Wish, post};
use crate::api::json;
use crate::avatar::avatar;
use crate::locale::words::people::PeopleWords;

pub(super) fn people(
    find: NodeRef,
    me: PersonId,
    people: &[JsValue],
    more: bool,
    wish: &Callback<Wish>,
    words: &PeopleWords,
) -> Html {
    let entries = people.iter().filter_map(|one| {
        let person = json::person(one)?;
        Some(entry(&person, one, me, wish, words))
    });
    html! {
        <section class="form account-part" aria-labelledby="order-people">
            <h3 id="order-people">{ words.people }</h3>
            <input ref={find} type="search" class="input" aria-label={words.find_person}
                placeholder={words.find_person} oninput={wish.reform(|_| None)} />
            <ul class="entries">{ for entries }</ul>
            <p class="hint" hidden={!more}>{ words.more_people }</p>
        </section>
    }
}

fn entry(
    person: &Person,
    one: &JsValue,
    me: PersonId,
    wish: &Callback<Wish>,
    words: &PeopleWords,
) -> Html {
    let (id, name) = (person.id, &person.name);
    let (now, gone) = (json::role(one), json::flag(one, "gone"));
    let change =
        move |field: &str, value: JsValue| post(format!("/people/{id}"), &[(field, value)]);
    let onchange = wish.reform(move |event: Event| {
        let field = event.target_dyn_into::<HtmlSelectElement>();
        let at = field.map_or(0, |field| field.selected_index().clamp(0, 2) as usize);
        change("role", Role::ALL[at + 1].name().into())
    });
    let turn = wish.reform(move |_| change("gone", (!gone).into()));
    let option = |role: &Role| html! { <option key={role.name()} selected={now == *role}>{ words.role(*role) }</option> };
    let (action, label) = if gone {
        (words.let_in, words.let_in_person(name))
    } else {
        (words.shut_out, words.shut_out_person(name))
    };
    let guest = now == Role::Guest;
    let note = match now {
        _ if gone => words.gone,
        Role::Guest => words.role(Role::Guest),
        _ => "",
    };
    html! {
        <li key={id.to_string()} class="entry">
            { avatar(person) }
            <span class="entry-name"><span dir="auto">{ name.to_string() }</span><small>{ note }</small></span>
            <select class="input entry-role" hidden={guest} aria-label={words.role_of(name)} {onchange}>
                { for Role::ALL[1..].iter().map(option) }
            </select>
            <button type="button" class="button small" hidden={id == me} aria-label={label} onclick={turn}>{ action }</button>
        </li>
    }
}
