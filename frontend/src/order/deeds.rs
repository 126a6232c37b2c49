//! What was done to keep order, for the owner: the newest first, of everybody or of one person.

use shared::ids::{PersonId, Timestamp};
use shared::limits;
use shared::people::Role;
use shared::protocol::Pace;
use wasm_bindgen::JsValue;
use yew::prelude::*;

use crate::api::json;
use crate::locale::Locale;
use crate::locale::words::Words;
use crate::rooms::pace::every;
use crate::timeline::message::time;

/// Whose deeds are shown; nobody's in particular at first.
pub(super) type Whose = Option<(PersonId, String)>;

pub(super) fn deeds(
    deeds: &[JsValue],
    whose: &Whose,
    show: &Callback<Whose>,
    older: Option<Callback<MouseEvent>>,
    locale: &Locale,
) -> Html {
    let words = &locale.words.order;
    let limit = locale.format.number(limits::DEEDS);
    let hint = match whose {
        Some((_, name)) => words.deeds_of(name),
        None => words.deeds_hint(&limit),
    };
    let no_more = older.is_none();
    html! {
        <section class="form account-part" aria-labelledby="order-deeds">
            <h3 id="order-deeds">{ words.deeds }</h3>
            <p class="hint" dir="auto">{ hint }</p>
            <button type="button" class="button small" hidden={whose.is_none()} onclick={show.reform(|_| None)}>{ words.all_deeds }</button>
            <ul class="entries deeds">{ for deeds.iter().map(|one| entry(one, locale)) }</ul>
            <p class="hint" hidden={!deeds.is_empty()}>{ words.no_deeds }</p>
            <button type="button" class="button small" hidden={no_more} onclick={older.unwrap_or_default()}>{ words.earlier_deeds }</button>
        </section>
    }
}

fn entry(deed: &JsValue, locale: &Locale) -> Html {
    let words = locale.words;
    let name = |field: &str| json::text(&json::field(deed, field), "name");
    let (kind, said) = (json::text(deed, "kind"), json::text(deed, "detail"));
    let detail = match kind.as_str() {
        "role" | "invited" => {
            let mut roles = Role::ALL.into_iter();
            let role = roles.find(|role| role.name() == said);
            role.map_or(said, |role| words.people.role(role).to_owned())
        }
        "paced" => {
            let pace = said.parse().ok().and_then(Pace::of_seconds);
            let pace = pace.filter(|pace| !pace.is_none());
            pace.map_or(String::new(), |pace| every(pace, locale))
        }
        _ => said,
    };
    let room = Some(json::text(deed, "room")).filter(|room| !room.is_empty());
    let room = room.unwrap_or_else(|| words.order.some_room.to_owned());
    let text = text(&kind, [&name("by"), &name("person"), &room, &detail], words);
    html! {
        <li key={json::number(deed, "id").to_string()} class="deed">
            <span dir="auto">{ text }</span>
            { " " }{ day(deed, locale) }{ " " }{ time(Timestamp(json::number(deed, "at")), &locale.format) }
        </li>
    }
}

fn text(kind: &str, [by, whom, room, detail]: [&str; 4], words: &Words) -> String {
    let words = &words.order;
    match kind {
        "role" => words.deed_role(by, whom, detail),
        "shut_out" => words.deed_shut_out(by, whom),
        "let_in" => words.deed_let_in(by, whom),
        "erased" => words.deed_erased(by, whom),
        "invited" => words.deed_invited(by, detail),
        "withdrew" => words.deed_withdrew(by),
        "door" if detail == "guests" => words.deed_door_guests(by),
        "door" => words.deed_door_invited(by),
        "taken_out" => words.deed_taken_out(by, whom, room),
        "banned" => words.deed_banned(by, whom, room),
        "unbanned" => words.deed_unbanned(by, whom, room),
        "deleted" => words.deed_deleted(by, whom, room),
        "renamed" if detail.is_empty() => words.deed_renamed(by, room),
        "renamed" => words.deed_renamed_to(by, detail),
        "archived" => words.deed_archived(by, room),
        "unarchived" => words.deed_unarchived(by, room),
        "paced" if detail.is_empty() => words.deed_unpaced(by, room),
        "paced" => words.deed_paced(by, room, detail),
        other => words.deed_other(by, other),
    }
}

fn day(deed: &JsValue, locale: &Locale) -> String {
    let at = Timestamp(json::number(deed, "at"));
    locale.format.day(at, crate::browser::clock::now().clock)
}
