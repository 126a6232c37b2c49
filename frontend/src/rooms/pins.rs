//! What is pinned to a room, what was pinned last first. Each leads to its message.

use shared::ids::RoomId;
use shared::protocol::{Action, Pin};
use yew::prelude::*;

use crate::avatar::avatar;
use crate::chat::actions::Actions;
use crate::chat::shown::Beside;
use crate::icon::{Glyph, icon};
use crate::locale::Locale;
use crate::route::Route;
use crate::timeline::message::time;
use crate::timeline::quote::said;

/// The list, or that it is not known yet.
pub fn pins(
    room: RoomId,
    beside: &Beside,
    actions: &Actions,
    on_done: &Callback<()>,
    locale: &Locale,
) -> Html {
    let words = locale.words;
    let pins = beside.pins.as_ref();
    let pins = pins.and_then(|view| view.pins.as_deref());
    let status = match pins {
        None => words.loading_messages,
        Some([]) => words.no_pins,
        Some(_) => "",
    };
    let entries = pins.unwrap_or_default().iter().map(|pin| {
        html! { <li key={pin.message.seq.0} class="pin">{ entry(room, pin, actions, on_done, locale) }</li> }
    });
    html! {
        <div class="pins">
            <ul class="pin-list">{ for entries }</ul>
            <p class="hint" role="status">{ status }</p>
        </div>
    }
}

fn entry(
    room: RoomId,
    pin: &Pin,
    actions: &Actions,
    on_done: &Callback<()>,
    locale: &Locale,
) -> Html {
    let words = locale.words;
    let seq = pin.message.seq;
    let jump = {
        let (go, done) = (actions.go.clone(), on_done.clone());
        move |_| {
            done.emit(());
            go.emit(Route::At(room, seq));
        }
    };
    let unpin = {
        let send = actions.send.clone();
        move |_| {
            let (target, on) = (seq, false);
            // An outbox that is full is said by the owner of the session.
            let _ = send.emit((room, Action::Pin { target, on }));
        }
    };
    let text = said(Some(&pin.message), locale);
    html! {
        <>
            { avatar(&pin.message.author) }
            <button type="button" class="pin-main" onclick={jump}>
                <span class="pin-head">
                    <strong dir="auto">{ pin.message.author.name.to_string() }</strong>
                    { " " }
                    { time(pin.at, &locale.format) }
                </span>
                <span class="pin-text" dir="auto">{ text }</span>
                <small>{ words.pinned_by(&pin.by.name) }</small>
            </button>
            <button type="button" class="icon-button" aria-label={words.unpin} title={words.unpin} onclick={unpin}>
                { icon(Glyph::Close) }
            </button>
        </>
    }
}
