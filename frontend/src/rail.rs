//! The rail: the rooms, what can be done about them, and at its foot who one is and how the connection is.

use std::rc::Rc;

use shared::ids::RoomId;
use shared::protocol::Person;
use yew::prelude::*;

use crate::avatar::avatar;
use crate::browser::is_narrow;
use crate::chat::shown::{RoomItem, Status};
use crate::connection::status_dot::status_dot;
use crate::icon::{Glyph, icon};
use crate::locale::{Locale, use_locale};
use crate::profiles::use_profiles;
use crate::route::Route;
use crate::settings_menu::SettingsMenu;
use crate::shell::Overlay;
use crate::wordmark::wordmark;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct RailProps {
    pub me: Person,
    pub rooms: Rc<Vec<RoomItem>>,
    pub room: Option<RoomId>,
    pub status: Status,
    pub panel_open: bool,
    pub on_go: Callback<Route>,
    pub on_overlay: Callback<Overlay>,
    pub on_status: Callback<()>,
    pub on_leave: Callback<()>,
}

/// The rail.
#[component]
pub fn Rail(props: &RailProps) -> Html {
    let locale = use_locale();
    let words = locale.words;
    let overlay = |overlay: Overlay| props.on_overlay.reform(move |_| overlay);
    let items = props.rooms.iter().map(|item| {
        let current = props.room == Some(item.id);
        html! { <li key={item.id.to_string()}>{ room_link(item, current, &props.on_go, &locale) }</li> }
    });
    let orders = use_profiles().role(props.me.id).may_invite().is_some();
    let on_order = orders.then(|| props.on_overlay.reform(|()| Overlay::Order));
    // On a phone without a room the rail is the page.
    let is_page = props.room.is_none() && is_narrow();
    html! {
        <div class="rail" role={if is_page { "main" } else { "navigation" }} aria-label={words.rooms}>
            <div class="rail-head">
                <h1>{ wordmark() }</h1>
                <SettingsMenu on_leave={props.on_leave.clone()} on_sign_out={props.on_overlay.reform(|()| Overlay::SignOut)}
                    on_account={props.on_overlay.reform(|()| Overlay::Account)} {on_order} />
            </div>
            <div class="rail-title">
                <h2>{ words.rooms }</h2>
                <button type="button" class="icon-button" aria-label={words.browse_rooms} title={words.browse_rooms}
                    onclick={overlay(Overlay::Browse)}>{ icon(Glyph::Compass) }</button>
                <button type="button" class="icon-button" aria-label={words.new_room} title={words.new_room}
                    onclick={overlay(Overlay::NewRoom)}>{ icon(Glyph::Plus) }</button>
            </div>
            <p class="rail-empty late" hidden={!props.rooms.is_empty() || !props.status.is_live()}>{ words.no_rooms }</p>
            <ul class="rooms">{ for items }</ul>
            <div class="rail-foot">
                <div class="rail-me">{ avatar(&props.me) }<span dir="auto">{ props.me.name.to_string() }</span></div>
                { status_dot(&props.status, props.panel_open, &props.on_status, &locale) }
            </div>
        </div>
    }
}

/// A room. A real link, so that it can be opened in another tab and its address copied.
fn room_link(item: &RoomItem, current: bool, on_go: &Callback<Route>, locale: &Locale) -> Html {
    let route = Route::Room(item.id);
    let on_go = on_go.clone();
    let onclick = move |event: MouseEvent| {
        if event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
            event.prevent_default();
            on_go.emit(route);
        }
    };
    let (unread, mentions) = (item.unread, item.mentions);
    let count = locale.format.at_most_99(unread);
    // Who was named wants to know that, rather than how much else there is.
    let badge = if mentions > 0 {
        format!("@{}", locale.format.at_most_99(mentions))
    } else {
        count.clone()
    };
    let named = if mentions > 0 {
        locale.words.names_you
    } else {
        ""
    };
    html! {
            <a class="room" href={route.path()} aria-current={current.then_some("page")} data-unread={(unread > 0).to_string()} {onclick}>
                { icon(Glyph::Hash) }
                <span class="room-name" dir="auto">{ item.name.to_string() }</span>
                <span class="badge" data-mention={(mentions > 0).to_string()} hidden={unread == 0}>
                    <span aria-hidden="true">{ badge }</span>
                    <span class="unseen">{ (locale.words.unread)(unread, &count) }{ named }</span>
                </span>
            </a>
    }
}
