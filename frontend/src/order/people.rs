//! Everybody, with their roles, for the owner; and for moderators, who may shut people out.

use shared::ids::PersonId;
use shared::people::Role;
use shared::protocol::Person;
use wasm_bindgen::JsValue;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::deeds::Whose;
use super::{Asked, Wish, post};
use crate::api::json;
use crate::avatar::avatar;
use crate::icon::{Glyph, icon};
use crate::locale::words::Words;

/// The people, and what is asked about one of them.
pub(super) struct People<'a> {
    pub(super) me: PersonId,
    pub(super) owner: bool,
    pub(super) people: &'a [JsValue],
    pub(super) more: bool,
    pub(super) asked: Option<Asked>,
    pub(super) ask: Callback<Asked>,
    /// Who is to be shut out, if that is confirmed, and whether what they wrote is deleted.
    pub(super) shutting: Option<(PersonId, bool)>,
    pub(super) set_shutting: UseStateSetter<Option<(PersonId, bool)>>,
    /// Shows what one of them did.
    pub(super) show: Callback<Whose>,
}

pub(super) fn people(
    find: NodeRef,
    list: &People<'_>,
    wish: &Callback<Wish>,
    words: &Words,
) -> Html {
    let entries = list.people.iter().filter_map(|one| {
        let person = json::person(one)?;
        Some(entry(&person, one, list, wish, words))
    });
    html! {
        <section class="form account-part" aria-labelledby="order-people">
            <h3 id="order-people">{ words.people.people }</h3>
            <input ref={find} type="search" class="input" aria-label={words.people.find_person}
                placeholder={words.people.find_person} oninput={wish.reform(|_| None)} />
            <ul class="entries">{ for entries }</ul>
            <p class="hint" hidden={!list.more}>{ words.people.more_people }</p>
        </section>
    }
}

fn entry(
    person: &Person,
    one: &JsValue,
    list: &People<'_>,
    wish: &Callback<Wish>,
    words: &Words,
) -> Html {
    let (id, name) = (person.id, &person.name);
    let (now, gone) = (json::role(one), json::flag(one, "gone"));
    let shown = match list.asked {
        Some(Asked::Role(person, role)) if person == id => role,
        _ => now,
    };
    let onchange = list.ask.reform(move |event: Event| {
        let field = event.target_dyn_into::<HtmlSelectElement>();
        let at = field.map_or(0, |field| field.selected_index().clamp(0, 2) as usize);
        Asked::Role(id, Role::ALL[at + 1])
    });
    let turn = {
        let (wish, shutting) = (wish.clone(), list.set_shutting.clone());
        move |_: MouseEvent| match gone {
            true => wish.emit(post(format!("/people/{id}"), &[("gone", false.into())])),
            false => shutting.set(Some((id, false))),
        }
    };
    let option = |role: &Role| {
        let name = role.name();
        html! { <option key={name} value={name} selected={now == *role}>{ words.people.role(*role) }</option> }
    };
    let (action, label) = if gone {
        (words.people.let_in, words.people.let_in_person(name))
    } else {
        (words.people.shut_out, words.people.shut_out_person(name))
    };
    let may = list.owner || now < Role::Moderator;
    let has_role = list.owner && now != Role::Guest;
    let note = match now {
        _ if gone => words.people.gone,
        _ if has_role => "",
        role => words.people.role(role),
    };
    let whose = Some((id, name.to_string()));
    let of_them = words.order.deeds_of(name);
    html! {
        <li key={id.to_string()} class="entry">
            { avatar(person) }
            <span class="entry-name"><span dir="auto">{ name.to_string() }</span><small>{ note }</small></span>
            // The value as well: what is selected says nothing any more once somebody has chosen.
            <select class="input entry-role" hidden={!has_role} aria-label={words.people.role_of(name)} ~value={shown.name()} {onchange}>
                { for Role::ALL[1..].iter().map(option) }
            </select>
            <button type="button" class="icon-button" hidden={!list.owner} aria-label={of_them.clone()} title={of_them}
                onclick={list.show.reform(move |_| whose.clone())}>{ icon(Glyph::Clock) }</button>
            <button type="button" class="button small" hidden={id == list.me || !may} aria-label={label} onclick={turn}>{ action }</button>
            { confirm(id, list, wish, words) }
        </li>
    }
}

/// Asks once more, and whether what they wrote goes as well.
fn confirm(id: PersonId, list: &People<'_>, wish: &Callback<Wish>, words: &Words) -> Html {
    let Some((_, erase)) = list.shutting.filter(|(person, _)| *person == id) else {
        return html! { <div hidden=true /> };
    };
    let set = |setter: &UseStateSetter<_>, to| {
        let setter = setter.clone();
        move |_: MouseEvent| setter.set(to)
    };
    let onchange = {
        let setter = list.set_shutting.clone();
        move |event: Event| {
            let field = event.target_dyn_into::<HtmlInputElement>();
            let erase = field.is_some_and(|field| field.checked());
            setter.set(Some((id, erase)));
        }
    };
    let shut_out = {
        let (setter, wish) = (list.set_shutting.clone(), wish.clone());
        move |_: MouseEvent| {
            setter.set(None);
            let change = [("gone", true.into()), ("erase", erase.into())];
            wish.emit(post(format!("/people/{id}"), &change));
        }
    };
    html! {
        <div class="entry-more form" role="group" aria-label={words.people.shut_out}>
            <p class="hint">{ words.order.shut_out_explained }</p>
            <label class="check"><input type="checkbox" checked={erase} {onchange} /><span>{ words.order.erase_everywhere }</span></label>
            <div class="form-actions">
                <button type="button" class="button" onclick={set(&list.set_shutting, None)}>{ words.cancel }</button>
                <button type="button" class="button danger" onclick={shut_out}>{ words.people.shut_out }</button>
            </div>
        </div>
    }
}
