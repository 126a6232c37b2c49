//! The rooms there are, for the owner: who is in them, and archiving them. Those that the owner may not know of are not listed.

use shared::ids::RoomId;
use wasm_bindgen::JsValue;
use yew::prelude::*;

use super::{Wish, post};
use crate::api::json;
use crate::locale::Locale;

/// Who is in one of them, once that was asked for.
pub(super) type Inside = Option<(RoomId, Vec<String>)>;

pub(super) fn rooms(
    rooms: &[JsValue],
    inside: &Inside,
    look: &Callback<RoomId>,
    wish: &Callback<Wish>,
    locale: &Locale,
) -> Html {
    let entries = rooms.iter().filter_map(|one| {
        let id = json::text(one, "id").parse().ok()?;
        Some(entry(id, one, inside, look, wish, locale))
    });
    html! {
        <section class="form account-part" aria-labelledby="order-rooms">
            <h3 id="order-rooms">{ locale.words.rooms }</h3>
            <ul class="entries">{ for entries }</ul>
        </section>
    }
}

fn entry(
    id: RoomId,
    one: &JsValue,
    inside: &Inside,
    look: &Callback<RoomId>,
    wish: &Callback<Wish>,
    locale: &Locale,
) -> Html {
    let words = locale.words;
    let (name, archived) = (json::text(one, "name"), json::flag(one, "archived"));
    let members = words.members(&locale.format.number(json::number(one, "members")));
    let note = if archived { words.is_archived } else { "" };
    let change = ("archived", (!archived).into());
    let turn = wish.reform(move |_| post(format!("/rooms/{id}"), std::slice::from_ref(&change)));
    let (action, label) = match archived {
        true => (words.take_back, words.order.unarchive_named(&name)),
        false => (words.order.archive, words.order.archive_named(&name)),
    };
    let people = inside.as_ref().filter(|(room, _)| *room == id);
    let people = people.map_or(String::new(), |(_, names)| {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        words.list(&names)
    });
    html! {
        <li key={id.to_string()} class="entry">
            <span class="entry-name"><span dir="auto">{ name }</span><small>{ note }</small></span>
            <button type="button" class="button small" aria-expanded={(!people.is_empty()).to_string()} onclick={look.reform(move |_| id)}>{ members }</button>
            <button type="button" class="button small" aria-label={label} onclick={turn}>{ action }</button>
            <p class="entry-more hint" dir="auto" hidden={people.is_empty()}>{ people }</p>
        </li>
    }
}
