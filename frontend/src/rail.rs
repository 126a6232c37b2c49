//! The rail: the rooms, what can be done about them, and at its foot who one is and how the connection is.

use std::rc::Rc;

use shared::ids::RoomId;
use shared::protocol::{Choices, Level, Person, RoomKind, TakenOut};
use shared::session::io::Input;
use yew::prelude::*;

use crate::avatar::avatar;
use crate::browser::{is_apple, is_narrow};
use crate::chat::actions::Actions;
use crate::chat::shown::{RoomItem, Status};
use crate::connection::status_dot::status_dot;
use crate::icon::{Glyph, icon};
use crate::locale::{Locale, use_locale};
use crate::notices::here::here;
use crate::panel::Panel;
use crate::profiles::use_profiles;
use crate::rooms::sign::room_sign;
use crate::rooms::taken_out::taken_out;
use crate::route::Route;
use crate::settings_menu::SettingsMenu;
use crate::shell::Overlay;
use crate::wordmark::wordmark;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct RailProps {
    pub me: Person,
    pub rooms: Rc<Vec<RoomItem>>,
    /// What others took the person out of.
    pub taken_out: Rc<Vec<TakenOut>>,
    pub room: Option<RoomId>,
    pub status: Status,
    pub panel: Panel,
    pub choices: Choices,
    pub on_input: Callback<Input>,
    pub on_go: Callback<Route>,
    pub on_overlay: Callback<Overlay>,
    pub on_panel: Callback<Panel>,
    pub on_leave: Callback<()>,
    pub actions: Actions,
}

/// The rail.
#[component]
pub fn Rail(props: &RailProps) -> Html {
    let locale = use_locale();
    let words = locale.words;
    let overlay = |overlay: Overlay| props.on_overlay.reform(move |_| overlay);
    let list = |direct: bool| {
        let shown =
            move |item: &&RoomItem| (item.kind == RoomKind::Direct) == direct && !item.archived;
        let links = props.rooms.iter().filter(shown).map(|item| {
            let current = props.room == Some(item.id);
            html! { <li key={item.id.to_string()}>{ room_link(item, current, &props.on_go, &locale) }</li> }
        });
        links.collect::<Vec<Html>>()
    };
    let (rooms, directs) = (list(false), list(true));
    let empty = |list: &[Html], text| {
        let is_empty = list.is_empty() && props.status.is_live();
        html! { <p class="rail-empty late" hidden={!is_empty}>{ text }</p> }
    };
    let orders = use_profiles().role(props.me.id).may_invite().is_some();
    let on_order = orders.then(|| props.on_overlay.reform(|()| Overlay::Order));
    // On a phone without a room the rail is the page.
    let is_page = props.room.is_none() && is_narrow();
    html! {
        <div class="rail" role={if is_page { "main" } else { "navigation" }} aria-label={words.rooms}>
            <div class="rail-head">
                <h1>{ wordmark() }</h1>
                <SettingsMenu on_leave={props.on_leave.clone()} on_sign_out={props.on_overlay.reform(|()| Overlay::SignOut)} on_keys={props.on_overlay.reform(|()| Overlay::Keys)}
                    on_account={props.on_overlay.reform(|()| Overlay::Account)} {on_order}
                    notices={(props.choices, props.on_input.clone())} />
            </div>
            <button type="button" class="rail-find" aria-keyshortcuts="Control+K" onclick={overlay(Overlay::Switch)}>
                { icon(Glyph::Search) }
                <span>{ words.go_to }</span>
                <kbd aria-hidden="true">{ if is_apple() { "⌘K" } else { "Ctrl K" } }</kbd>
            </button>
            <div class="rail-places">
                { taken_out(&props.taken_out, &props.actions, words) }
                <div class="rail-title">
                    <h2>{ words.rooms }</h2>
                    <button type="button" class="icon-button" aria-label={words.browse_rooms} title={words.browse_rooms}
                        onclick={overlay(Overlay::Browse)}>{ icon(Glyph::Compass) }</button>
                    <button type="button" class="icon-button" aria-label={words.new_room} title={words.new_room}
                        onclick={overlay(Overlay::NewRoom)}>{ icon(Glyph::Plus) }</button>
                </div>
                { empty(&rooms, words.no_rooms) }
                <ul class="rooms">{ for rooms }</ul>
                <div class="rail-title">
                    <h2>{ words.directs }</h2>
                    <button type="button" class="icon-button" aria-label={words.new_direct} title={words.new_direct}
                        onclick={overlay(Overlay::NewDirect)}>{ icon(Glyph::Plus) }</button>
                </div>
                { empty(&directs, words.no_directs) }
                <ul class="rooms">{ for directs }</ul>
            </div>
            <div class="rail-foot">
                <div class="rail-me">{ avatar(&props.me) }<span dir="auto">{ props.me.name.to_string() }</span>
                    <span class="rail-quiet" title={words.notices.quiet} hidden={props.choices.quiet.is_none()}>
                        { icon(Glyph::Moon) }<span class="unseen">{ words.notices.quiet }</span>
                    </span>
                </div>
                { status_dot(&props.status, props.panel, &props.on_panel, &locale) }
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
    let muted = item.level == Level::Nothing;
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
            <a class="room" href={route.path()} aria-current={current.then_some("page")} data-unread={item.stands_out().to_string()} data-muted={muted.to_string()} {onclick}>
                { room_sign(item) }
                { here(item.presence, &locale.words.notices) }
                <span class="room-name" dir="auto">{ item.name.to_string() }</span>
                <span class="muted" title={locale.words.notices.muted} hidden={!muted}>
                    { icon(Glyph::BellOff) }<span class="unseen">{ locale.words.notices.muted }</span>
                </span>
                <span class="badge" data-mention={(mentions > 0).to_string()} hidden={!item.stands_out()}>
                    <span aria-hidden="true">{ badge }</span>
                    <span class="unseen">{ locale.words.unread(&count) }{ named }</span>
                </span>
            </a>
    }
}
