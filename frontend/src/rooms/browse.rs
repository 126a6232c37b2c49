//! The rooms there are, to be looked through and joined.

use std::rc::Rc;

use shared::protocol::DirectoryRoom;
use shared::session::DirectoryView;
use shared::session::io::Input;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::browser::{has_touch_keyboard, random};
use crate::chat::actions::Actions;
use crate::icon::{Glyph, icon};
use crate::locale::{Locale, use_locale};
use crate::route::Route;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct BrowseProps {
    pub directory: Option<Rc<DirectoryView>>,
    pub live: bool,
    pub actions: Actions,
}

/// The list, asked for anew each time it is shown.
#[component]
pub fn Browse(props: &BrowseProps) -> Html {
    let locale = use_locale();
    let words = locale.words;
    let field = use_node_ref();
    let wanted = use_state(String::new);
    use_effect_with(props.actions.input.clone(), |input| {
        input.emit(Input::ListRooms)
    });
    let oninput = {
        let (wanted, field) = (wanted.setter(), field.clone());
        move |_: InputEvent| {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                wanted.set(field.value().trim().to_lowercase());
            }
        }
    };
    let all = props
        .directory
        .iter()
        .flat_map(|directory| &directory.rooms);
    let found: Vec<Html> = all
        .filter(|room| room.name.to_lowercase().contains(wanted.as_str()))
        .map(|room| {
            html! { <li key={room.id.to_string()} class="browse-room">{ entry(room, &props.actions, &locale) }</li> }
        })
        .collect();
    let status = match &props.directory {
        None if props.live => words.loading_rooms,
        None => words.when_connected,
        Some(_) if found.is_empty() => words.no_room_found,
        Some(directory) if directory.more => words.more_rooms,
        Some(_) => "",
    };
    html! {
        <div class="browse">
            <div class="search">
                { icon(Glyph::Search) }
                <input ref={field} type="search" class="input" autofocus={!has_touch_keyboard()} placeholder={words.find_room} aria-label={words.find_room} {oninput} />
            </div>
            <ul class="browse-list">{ for found }</ul>
            <p class="hint" role="status">{ status }</p>
        </div>
    }
}

fn entry(entry: &DirectoryRoom, actions: &Actions, locale: &Locale) -> Html {
    let words = locale.words;
    let DirectoryRoom {
        id: room,
        members,
        joined,
        ..
    } = *entry;
    let (input, go) = (actions.input.clone(), actions.go.clone());
    let onclick = move |_| {
        if joined {
            go.emit(Route::Room(room));
        } else {
            let client_id = random::client_id();
            input.emit(Input::Join { room, client_id });
        }
    };
    html! {
        <>
            { icon(Glyph::Hash) }
            <span class="browse-name">
                <span class="room-name" dir="auto">{ entry.name.to_string() }</span>
                <small>{ (words.members)(members, &locale.format.number(members)) }</small>
            </span>
            <button type="button" class={if joined { "button small" } else { "button small primary" }} {onclick}>
                { if joined { words.open } else { words.join } }
                <span class="unseen">{ " " }{ entry.name.to_string() }</span>
            </button>
        </>
    }
}
