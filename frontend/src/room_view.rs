//! The middle column: the head of a room, its timeline, its composer; or why there is none.

use std::rc::Rc;

use shared::ids::RoomId;
use shared::protocol::Person;
use shared::session::views::Row;
use shared::text::RoomName;
use yew::prelude::*;

use crate::chat::actions::{Actions, Notice};
use crate::chat::shown::Status;
use crate::composer::Composer;
use crate::connection::banner::{banner, notice_line};
use crate::connection::status_dot::status_dot;
use crate::icon::{Glyph, icon};
use crate::locale::use_locale;
use crate::locale::words::Words;
use crate::rooms::nowhere::{no_room, not_in_room};
use crate::route::Route;
use crate::shell::Overlay;
use crate::timeline::Timeline;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct RoomViewProps {
    pub me: Person,
    pub room: Option<RoomId>,
    /// The room's name, if the person is in it as far as is known.
    pub name: Option<RoomName>,
    /// Whether the list of rooms is known to be complete.
    pub rooms_known: bool,
    pub rows: Rc<Vec<Row>>,
    pub status: Status,
    pub notice: Option<Notice>,
    pub panel_open: bool,
    pub actions: Actions,
    pub on_overlay: Callback<Overlay>,
    pub on_status: Callback<()>,
}

/// The middle column.
#[component]
pub fn RoomView(props: &RoomViewProps) -> Html {
    let locale = use_locale();
    let words = locale.words;
    let back = props.actions.go.reform(|_| Route::Home);
    let title = props
        .name
        .as_ref()
        .map_or(String::new(), RoomName::to_string);
    html! {
        <main class="place">
            <header class="place-head">
                <button type="button" class="icon-button back" aria-label={words.back_to_rooms} title={words.back_to_rooms} onclick={back}>
                    { icon(Glyph::ArrowLeft) }
                </button>
                <h1 class="place-title" dir="auto" hidden={title.is_empty()}>{ title }</h1>
                { status_dot(&props.status, props.panel_open, &props.on_status, &locale) }
            </header>
            <div class="banners">
                { banner(&props.status, &props.actions, &locale) }
                { notice_line(props.notice.as_ref(), &props.actions, words) }
            </div>
            <div class="place-body">{ content(props, words) }</div>
        </main>
    }
}

fn content(props: &RoomViewProps, words: &Words) -> Html {
    let Some(room) = props.room else {
        return html! { <div class="nowhere" key="none">{ no_room(&props.on_overlay, words) }</div> };
    };
    if props.name.is_none() && props.rooms_known {
        return html! { <div class="nowhere" key="out">{ not_in_room(room, &props.actions, words) }</div> };
    }
    // Until the rooms are known, the composer of the address in the bar is there already: it takes text at once.
    let name = props.name.clone().unwrap_or_else(unnamed);
    html! {
        <div class="conversation" key={room.to_string()}>
            <Timeline {room} name={name.clone()} me={props.me.clone()} rows={Rc::clone(&props.rows)}
                live={props.status.is_live()} actions={props.actions.clone()} />
            <Composer me={props.me.id} {room} {name} actions={props.actions.clone()} />
        </div>
    }
}

fn unnamed() -> RoomName {
    RoomName::parse("…").expect("an ellipsis is a visible character")
}
