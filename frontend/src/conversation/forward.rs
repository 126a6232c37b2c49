//! Where a message shall be forwarded to.

use crate::matching::small;
use std::rc::Rc;

use shared::ids::{RoomId, Seq};
use shared::protocol::Action;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::browser::has_touch_keyboard;
use crate::chat::actions::Actions;
use crate::chat::shown::RoomItem;
use crate::icon::{Glyph, icon};
use crate::locale::use_locale;
use crate::route::Route;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct ForwardProps {
    pub from: RoomId,
    pub target: Seq,
    pub rooms: Rc<Vec<RoomItem>>,
    pub actions: Actions,
    pub on_done: Callback<()>,
}

/// The rooms that the person is in but this one. The one that is chosen gets the message and is shown.
#[component]
pub fn Forward(props: &ForwardProps) -> Html {
    let words = use_locale().words;
    let wanted = use_state(String::new);
    let oninput = {
        let wanted = wanted.setter();
        move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                wanted.set(small(field.value().trim()));
            }
        }
    };
    let rooms = props.rooms.iter().filter(|item| item.id != props.from);
    let found: Vec<Html> = rooms
        .filter(|item| small(&item.name).contains(wanted.as_str()))
        .map(|item| entry(props, item))
        .collect();
    let status = match (found.is_empty(), props.rooms.len()) {
        (true, 0 | 1) => words.nowhere_to_forward,
        (true, _) => words.no_room_found,
        _ => "",
    };
    html! {
        <div class="browse">
            <div class="search">
                { icon(Glyph::Search) }
                <input type="search" class="input" autofocus={!has_touch_keyboard()} placeholder={words.find_room}
                    aria-label={words.find_room} {oninput} />
            </div>
            <ul class="browse-list">{ for found }</ul>
            <p class="hint" role="status">{ status }</p>
        </div>
    }
}

fn entry(props: &ForwardProps, item: &RoomItem) -> Html {
    let (from, target, room) = (props.from, props.target, item.id);
    let (actions, done) = (props.actions.clone(), props.on_done.clone());
    let onclick = move |_| {
        done.emit(());
        // An outbox that is full is said by the owner of the session.
        if actions
            .send
            .emit((room, Action::Forward { from, target }))
            .is_ok()
        {
            actions.go.emit(Route::Room(room));
        }
    };
    html! {
        <li key={room.to_string()}>
            <button type="button" class="menu-item" {onclick}>
                { icon(Glyph::Hash) }<span dir="auto">{ item.name.to_string() }</span>
            </button>
        </li>
    }
}
