//! Everybody, with their roles, for the owner.

use shared::http::{PeopleList, PersonChange};
use shared::ids::PersonId;
use shared::people::{Profile, Role};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::api::{self, Failure, address};
use crate::avatar::avatar;
use crate::locale::use_locale;
use crate::locale::words::Words;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct PeopleProps {
    pub me: PersonId,
    pub failed: Callback<Option<Failure>>,
}

/// The list, which can be narrowed.
#[component]
pub fn PeopleOfServer(props: &PeopleProps) -> Html {
    let words = use_locale().words;
    let list = use_state(|| None::<PeopleList>);
    let field = use_node_ref();
    let me = props.me;
    let ask = use_callback((), {
        let (list, failed, field) = (list.setter(), props.failed.clone(), field.clone());
        move |(), ()| {
            let (list, failed) = (list.clone(), failed.clone());
            let text = field.cast::<HtmlInputElement>().map(|field| field.value());
            let text = js_sys::encode_uri_component(&text.unwrap_or_default());
            let path = address(&format!("/people?text={text}"), me);
            spawn_local(async move {
                match api::get(&path).await {
                    Ok(found) => list.set(Some(found)),
                    Err(failure) => failed.emit(Some(failure)),
                }
            });
        }
    });
    use_effect_with((), {
        let ask = ask.clone();
        move |()| ask.emit(())
    });
    let change = {
        let (ask, failed) = (ask.clone(), props.failed.clone());
        Callback::from(move |(person, change): (PersonId, PersonChange)| {
            let (ask, failed) = (ask.clone(), failed.clone());
            spawn_local(async move {
                let path = address(&format!("/people/{person}"), me);
                failed.emit(api::tell(&path, &change).await.err());
                // Also when it was refused: what is shown is to be what is.
                ask.emit(());
            });
        })
    };
    let more = list.as_ref().is_some_and(|list| list.more);
    let people = list.iter().flat_map(|list| &list.people);
    html! {
        <section class="form account-part" aria-labelledby="order-people">
            <h3 id="order-people">{ words.people.people }</h3>
            <input ref={field} type="search" class="input" aria-label={words.people.find_person}
                placeholder={words.people.find_person} oninput={ask.reform(|_| ())} />
            <ul class="entries">{ for people.map(|one| entry(one, me, &change, words)) }</ul>
            <p class="hint" hidden={!more}>{ words.people.more_people }</p>
        </section>
    }
}

fn entry(
    one: &Profile,
    me: PersonId,
    change: &Callback<(PersonId, PersonChange)>,
    words: &Words,
) -> Html {
    let (id, words) = (one.id, &words.people);
    let onchange = change.reform(move |event: Event| {
        let field = event.target_dyn_into::<HtmlSelectElement>();
        let at = field.and_then(|field| usize::try_from(field.selected_index()).ok());
        let role = at.and_then(|at| Role::ALL.get(at + 1)).copied();
        (id, PersonChange { role, gone: None })
    });
    let gone = !one.gone;
    let turn = change.reform(move |_| {
        let gone = Some(gone);
        (id, PersonChange { role: None, gone })
    });
    let option = |role: &Role| html! { <option key={role.name()} selected={one.role == *role}>{ (words.role)(*role) }</option> };
    let (action, label) = if one.gone {
        (words.let_in, (words.let_in_person)(&one.name))
    } else {
        (words.shut_out, (words.shut_out_person)(&one.name))
    };
    let guest = one.role == Role::Guest;
    let note = match one {
        _ if one.gone => words.gone,
        _ if guest => (words.role)(Role::Guest),
        _ => "",
    };
    html! {
        <li key={id.to_string()} class="entry">
            { avatar(&one.person()) }
            <span class="entry-name"><span dir="auto">{ one.name.to_string() }</span><small>{ note }</small></span>
            <select class="input entry-role" hidden={guest} aria-label={(words.role_of)(&one.name)} {onchange}>
                { for Role::ALL[1..].iter().map(option) }
            </select>
            <button type="button" class="button small" hidden={id == me} aria-label={label} onclick={turn}>{ action }</button>
        </li>
    }
}
