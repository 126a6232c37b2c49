//! The rail: the rooms, what can be done about them, and at its foot who one is and how the connection is.

use std::rc::Rc;

use shared::ids::RoomId;
use shared::protocol::Person;
use yew::prelude::*;

use crate::avatar::Avatar;
use crate::browser::is_narrow;
use crate::chat::shown::{RoomItem, Status};
use crate::connection::status_dot::StatusDot;
use crate::icon::{Glyph, Icon};
use crate::locale::use_locale;
use crate::route::Route;
use crate::settings_menu::SettingsMenu;
use crate::shell::Overlay;
use crate::wordmark::Wordmark;

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
    let words = use_locale().words;
    let overlay = |overlay: Overlay| props.on_overlay.reform(move |_| overlay);
    let items = props.rooms.iter().map(|item| {
        html! {
            <RoomLink key={item.id.to_string()} item={item.clone()} current={props.room == Some(item.id)}
                on_go={props.on_go.clone()} />
        }
    });
    // On a phone without a room the rail is the page.
    let is_page = props.room.is_none() && is_narrow();
    html! {
        <div class="rail" role={if is_page { "main" } else { "navigation" }} aria-label={words.rooms}>
            <header class="rail-head">
                <h1><Wordmark /></h1>
                <SettingsMenu on_leave={props.on_leave.clone()} on_sign_out={props.on_overlay.reform(|()| Overlay::SignOut)} />
            </header>
            <div class="rail-title">
                <h2>{ words.rooms }</h2>
                <button type="button" class="icon-button" aria-label={words.browse_rooms} title={words.browse_rooms}
                    onclick={overlay(Overlay::Browse)}><Icon glyph={Glyph::Compass} /></button>
                <button type="button" class="icon-button" aria-label={words.new_room} title={words.new_room}
                    onclick={overlay(Overlay::NewRoom)}><Icon glyph={Glyph::Plus} /></button>
            </div>
            <p class="rail-empty late" hidden={!props.rooms.is_empty() || !props.status.is_live()}>{ words.no_rooms }</p>
            <ul class="rooms">{ for items }</ul>
            <footer class="rail-foot">
                <div class="rail-me"><Avatar person={props.me.clone()} /><span dir="auto">{ props.me.name.to_string() }</span></div>
                <StatusDot status={props.status} expanded={props.panel_open} onclick={props.on_status.clone()} />
            </footer>
        </div>
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
struct RoomLinkProps {
    item: RoomItem,
    current: bool,
    on_go: Callback<Route>,
}

/// A room. A real link, so that it can be opened in another tab and its address copied.
#[component]
fn RoomLink(props: &RoomLinkProps) -> Html {
    let locale = use_locale();
    let route = Route::Room(props.item.id);
    let on_go = props.on_go.clone();
    let onclick = move |event: MouseEvent| {
        if event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
            event.prevent_default();
            on_go.emit(route);
        }
    };
    let unread = props.item.unread;
    let count = locale.format.number(unread);
    let badge = if unread > 99 {
        "99+".to_owned()
    } else {
        count.clone()
    };
    html! {
        <li>
            <a class="room" href={route.path()} aria-current={props.current.then_some("page")} data-unread={(unread > 0).to_string()} {onclick}>
                <Icon glyph={Glyph::Hash} />
                <span class="room-name" dir="auto">{ props.item.name.to_string() }</span>
                <span class="badge" hidden={unread == 0}>
                    <span aria-hidden="true">{ badge }</span>
                    <span class="unseen">{ (locale.words.unread)(unread, &count) }</span>
                </span>
            </a>
        </li>
    }
}
