//! The middle column: the head of a room, its timeline, its composer; or why there is none.

use std::rc::Rc;

use shared::ids::RoomId;
use shared::protocol::Person;
use shared::session::io::Input;
use shared::session::views::Row;
use shared::text::{RoomName, Topic};
use yew::prelude::*;

use crate::chat::actions::{Actions, Notice};
use crate::chat::changes::NotDone;
use crate::chat::shown::{Beside, RoomItem, Status};
use crate::connection::banner::{banner, failure_line, not_kept_line, notice_line};
use crate::connection::status_dot::status_dot;
use crate::conversation::Conversation;
use crate::dialog::Dialog;
use crate::icon::{Glyph, icon};
use crate::locale::words::Words;
use crate::locale::{Locale, use_locale};
use crate::rooms::about::About;
use crate::rooms::nowhere::{no_room, not_in_room};
use crate::rooms::pins;
use crate::route::Route;
use crate::shell::Overlay;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct RoomViewProps {
    pub me: Person,
    pub room: Option<RoomId>,
    /// The rooms that the person is in.
    pub all_rooms: Rc<Vec<RoomItem>>,
    /// The room's name, if the person is in it as far as is known.
    pub name: Option<RoomName>,
    /// Whether the list of rooms is known to be complete.
    pub rooms_known: bool,
    /// What the room is about.
    pub topic: Option<Topic>,
    pub rows: Rc<Vec<Row>>,
    pub beside: Rc<Beside>,
    pub status: Status,
    pub notice: Option<Notice>,
    /// What waits would be lost with the tab.
    pub not_kept: bool,
    /// Something that was refused and stands in no row.
    pub failure: Option<NotDone>,
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
    let about = use_state(|| false);
    let close_about = {
        let about = about.setter();
        Callback::from(move |()| about.set(false))
    };
    let open_about = {
        let about = about.setter();
        move |_: MouseEvent| about.set(true)
    };
    let pins = use_state(|| false);
    let show_pins = {
        let (pins, input, room) = (pins.setter(), props.actions.input.clone(), props.room);
        Callback::from(move |open: bool| {
            pins.set(open);
            input.emit(Input::ShowPins(room.filter(|_| open)));
        })
    };
    let close_pins = show_pins.reform(|()| false);
    let open_pins = show_pins.reform(|_: MouseEvent| true);
    let topic = props.topic.as_ref().map(Topic::to_string);
    let topic = topic.unwrap_or_default();
    html! {
        <main class="place">
            <header class="place-head">
                <button type="button" class="icon-button back" aria-label={words.back_to_rooms} title={words.back_to_rooms} onclick={back}>
                    { icon(Glyph::ArrowLeft) }
                </button>
                <div class="place-names" hidden={title.is_empty()}>
                    <h1 class="place-title" dir="auto">{ title }</h1>
                    <p class="place-topic" dir="auto" title={topic.clone()} hidden={topic.is_empty()}>{ topic.clone() }</p>
                </div>
                <button type="button" class="icon-button" aria-haspopup="dialog" aria-label={words.pins} title={words.pins}
                    hidden={props.name.is_none()} onclick={open_pins}>
                    { icon(Glyph::Pin) }
                </button>
                <button type="button" class="icon-button about" aria-haspopup="dialog" aria-label={words.about_room}
                    title={words.about_room} hidden={props.name.is_none()} onclick={open_about}>
                    { icon(Glyph::Info) }
                </button>
                { status_dot(&props.status, props.panel_open, &props.on_status, &locale) }
            </header>
            <div class="banners">
                { banner(&props.status, &props.actions, &locale) }
                { not_kept_line(props.not_kept, words) }
                { failure_line(props.failure.as_ref(), &props.actions, words) }
                { notice_line(props.notice.as_ref(), &props.actions, &locale) }
            </div>
            <div class="place-body">{ content(props, words) }</div>
            <Dialog id="pins" title={words.pins} open={*pins} on_close={close_pins.clone()}>
                { pin_list(props, &close_pins, &locale) }
            </Dialog>
            <Dialog id="about" title={words.about_room} open={*about} on_close={close_about.clone()}>
                { about_room(props, &close_about) }
            </Dialog>
        </main>
    }
}

fn pin_list(props: &RoomViewProps, on_done: &Callback<()>, locale: &Locale) -> Html {
    let Some(room) = props.room else {
        return html! { <div hidden=true /> };
    };
    let pinned = props.beside.pins.as_ref();
    let pinned = pinned.and_then(|view| view.pins.as_deref());
    pins::list(room, pinned, &props.actions, on_done, locale)
}

fn about_room(props: &RoomViewProps, on_done: &Callback<()>) -> Html {
    let (Some(room), Some(name)) = (props.room, props.name.clone()) else {
        return html! { <div hidden=true /> };
    };
    html! {
        <About key={room.to_string()} {room} {name} topic={props.topic.clone()} actions={props.actions.clone()} on_done={on_done.clone()} />
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
        <Conversation key={room.to_string()} {room} {name} rooms={Rc::clone(&props.all_rooms)} me={props.me.clone()} rows={Rc::clone(&props.rows)}
            beside={Rc::clone(&props.beside)} live={props.status.is_live()} actions={props.actions.clone()} />
    }
}

fn unnamed() -> RoomName {
    RoomName::parse("…").expect("an ellipsis is a visible character")
}
