//! The middle column: the head of a room, its timeline, its composer; or why there is none.

use std::rc::Rc;

use shared::ids::RoomId;
use shared::protocol::{Pace, Person, RoomKind, TakenOut};
use shared::session::io::Input;
use shared::session::views::Row;
use shared::text::{RoomName, Topic};
use yew::prelude::*;

use crate::chat::actions::{Actions, Notice};
use crate::chat::changes::NotDone;
use crate::chat::shown::{Beside, RoomItem, Status};
use crate::connection::banner::{banner, failure_line, not_kept_line, notice_line};
use crate::connection::status_dot::status_dot;
use crate::connection::weather::weather_line;
use crate::conversation::Conversation;
use crate::dialog::Dialog;
use crate::icon::{Glyph, icon};
use crate::locale::words::Words;
use crate::locale::{Locale, use_locale};
use crate::panel::Panel;
use crate::parts::{LINE, PLACES};
use crate::renewal::{renewal_line, use_renewal};
use crate::rooms::about::AboutProps;
use crate::rooms::nowhere::{no_room, not_in_room};
use crate::route::Route;
use crate::shell::Overlay;
use crate::theatre::TheatreProps;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct RoomViewProps {
    pub me: Person,
    pub room: Option<RoomId>,
    /// The transports side by side are to be seen, and no room.
    pub theatre: bool,
    /// The rooms that the person is in.
    pub all_rooms: Rc<Vec<RoomItem>>,
    /// The room, if the person is in it as far as is known.
    pub item: Option<RoomItem>,
    /// Whether the list of rooms is known to be complete.
    pub rooms_known: bool,
    /// What others took the person out of.
    pub taken_out: Rc<Vec<TakenOut>>,
    pub rows: Rc<Vec<Row>>,
    pub beside: Rc<Beside>,
    pub status: Status,
    pub notice: Option<Notice>,
    /// What waits would be lost with the tab.
    pub not_kept: bool,
    /// Something that was refused and stands in no row.
    pub failure: Option<NotDone>,
    pub panel: Panel,
    pub actions: Actions,
    pub on_overlay: Callback<Overlay>,
    pub on_panel: Callback<Panel>,
}

/// The middle column.
#[component]
pub fn RoomView(props: &RoomViewProps) -> Html {
    let locale = use_locale();
    let words = locale.words;
    let new = use_renewal();
    let back = props.actions.go.reform(|_| Route::Home);
    let item = props.item.as_ref();
    let title = item.map_or(String::new(), |item| item.name.to_string());
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
    let topic = item.and_then(|item| item.topic.as_ref());
    let topic = topic.map_or(String::new(), Topic::to_string);
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
                <button type="button" class="icon-button" aria-controls="search" aria-expanded={(props.panel == Panel::Search).to_string()}
                    aria-label={words.search} title={words.search} hidden={item.is_none()}
                    onclick={props.on_panel.reform(|_| Panel::Search)}>
                    { icon(Glyph::Search) }
                </button>
                <button type="button" class="icon-button" aria-haspopup="dialog" aria-label={words.pins} title={words.pins}
                    hidden={item.is_none()} onclick={open_pins}>
                    { icon(Glyph::Pin) }
                </button>
                <button type="button" class="icon-button" aria-controls="members" aria-expanded={(props.panel == Panel::Members).to_string()}
                    aria-label={words.people_here} title={words.people_here} hidden={item.is_none()}
                    onclick={props.on_panel.reform(|_| Panel::Members)}>
                    { icon(Glyph::People) }
                </button>
                <button type="button" class="icon-button about" aria-haspopup="dialog" aria-label={words.about_room}
                    title={words.about_room} hidden={item.is_none()} onclick={open_about}>
                    { icon(Glyph::Info) }
                </button>
                { status_dot(&props.status, props.panel, &props.on_panel, &locale) }
            </header>
            <div class="banners">
                { banner(&props.status, &props.actions, &locale) }
                { weather_line(props.status.weather, &props.actions, words) }
                { renewal_line(new, words) }
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
    let (beside, actions) = (Rc::clone(&props.beside), props.actions.clone());
    PLACES.show(
        |places| places.pins,
        (room, beside, actions, on_done.clone(), locale.clone()),
    )
}

fn about_room(props: &RoomViewProps, on_done: &Callback<()>) -> Html {
    let Some(item) = props.item.clone() else {
        return html! { <div hidden=true /> };
    };
    let key = item.id.to_string();
    html! {
        <div {key} class="part">{ PLACES.show(|places| places.about, AboutProps { item, actions: props.actions.clone(), on_done: on_done.clone() }) }</div>
    }
}

fn content(props: &RoomViewProps, words: &Words) -> Html {
    if props.theatre {
        return html! { <div class="theatre-page" key="theatre">{ LINE.show(|line| line.theatre, TheatreProps { me: props.me.id }) }</div> };
    }
    let Some(room) = props.room else {
        return html! { <div class="nowhere" key="none">{ no_room(&props.on_overlay, words) }</div> };
    };
    let item = props.item.as_ref();
    if item.is_none() && props.rooms_known {
        return html! { <div class="nowhere" key="out">{ not_in_room(room, props.taken_out.iter().find(|it| it.room == room), &props.actions, words) }</div> };
    }
    // Until the rooms are known, the composer of the address in the bar is there already: it takes text at once.
    let name = item.map_or_else(unnamed, |item| item.name.clone());
    let direct = item.is_some_and(|item| item.kind == RoomKind::Direct);
    let alone = direct && item.is_some_and(|item| item.people.len() == 1);
    let archived = item.is_some_and(|item| item.archived);
    let own = item.is_some_and(|item| item.own);
    let pace = item
        .filter(|item| !item.own)
        .map_or(Pace::NONE, |item| item.pace);
    html! {
        <Conversation key={room.to_string()} {room} {name} rooms={Rc::clone(&props.all_rooms)} {direct} {alone} {archived} {own} {pace} me={props.me.clone()} rows={Rc::clone(&props.rows)}
            beside={Rc::clone(&props.beside)} live={props.status.is_live()} actions={props.actions.clone()} />
    }
}

fn unnamed() -> RoomName {
    RoomName::parse("…").expect("an ellipsis is a visible character")
}
