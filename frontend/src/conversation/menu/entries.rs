//! What is in the menu of a message.

use shared::ids::{RoomId, Seq};
use shared::protocol::{Action, Event, Message};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::browser::{clipboard, window};
use crate::composer::focus_composer;
use crate::conversation::menu::MenuProps;
use crate::conversation::{Editing, Wish};
use crate::icon::{Glyph, icon};
use crate::locale::words::Words;
use crate::route::Route;

/// What can be done with the message; each closes the menu first.
pub fn entries(props: &MenuProps, close: &Callback<()>, words: &'static Words) -> Html {
    let items = props.event.as_ref();
    let items = items.and_then(|event| Some((event, event.content.as_message()?)));
    let items = items.map_or_else(Vec::new, |(event, message)| {
        items_of(props, event, message, words)
    });
    let items = items.into_iter().map(|(glyph, name, act)| {
        let onclick = {
            let close = close.clone();
            move |_| {
                close.emit(());
                act.emit(());
            }
        };
        let danger = (glyph == Glyph::Trash).to_string();
        html! {
            <button key={name} type="button" role="menuitem" class="menu-item" data-danger={danger} {onclick}>
                { icon(glyph) }<span>{ name }</span>
            </button>
        }
    });
    html! { <div role="menu" aria-label={words.message_actions}>{ for items }</div> }
}

type Item = (Glyph, &'static str, Callback<()>);

fn items_of(
    props: &MenuProps,
    event: &Event,
    message: &Message,
    words: &'static Words,
) -> Vec<Item> {
    let (room, seq) = (props.room, event.seq);
    if message.is_deleted() {
        return Vec::new();
    }
    let text = message.body.as_ref();
    let wish = |wish: Wish| {
        let on_wish = props.on_wish.clone();
        Callback::from(move |()| on_wish.emit(wish.clone()))
    };
    let reply = {
        let answer = props.actions.answer.clone();
        Callback::from(move |()| {
            answer.emit((room, Some(seq)));
            focus_composer();
        })
    };
    let pin = {
        let (send, on) = (props.actions.send.clone(), message.pinned.is_none());
        Callback::from(move |()| {
            let target = seq;
            // An outbox that is full is said by the owner of the session.
            let _ = send.emit((room, Action::Pin { target, on }));
        })
    };
    let pin_name = match message.pinned {
        None => words.pin,
        Some(_) => words.unpin,
    };
    let mut items = vec![
        (Glyph::Reply, words.reply, reply),
        (Glyph::Link, words.copy_link, copy(link(room, seq))),
        (Glyph::Forward, words.forward, wish(Wish::Forward(seq))),
        (Glyph::Pin, pin_name, pin),
    ];
    if let Some(text) = text {
        items.insert(1, (Glyph::Copy, words.copy_text, copy(text.to_string())));
    }
    if !message.reactions.is_empty() {
        items.push((Glyph::Smile, words.who_reacted, wish(Wish::Reactions(seq))));
    }
    if message.changed.is_some() {
        items.push((Glyph::Clock, words.edit_history, wish(Wish::History(seq))));
    }
    if event.author.id == props.me {
        items.push((Glyph::Sending, words.journey, wish(Wish::Journey(seq))));
        let edit = text.map(|body| {
            let body = body.clone();
            (
                Glyph::Pencil,
                words.edit,
                Wish::Edit(Editing { target: seq, body }),
            )
        });
        let delete = (Glyph::Trash, words.delete, Wish::Delete(seq));
        let own = edit.into_iter().chain([delete]);
        items.extend(own.map(|(glyph, name, it)| (glyph, name, wish(it))));
    } else if props.own {
        items.push((Glyph::Trash, words.delete, wish(Wish::Delete(seq))));
    }
    items
}

fn copy(text: String) -> Callback<()> {
    Callback::from(move |()| {
        let text = text.clone();
        // There is nothing to say when the browser refuses: what was not copied is seen when it is pasted.
        spawn_local(async move {
            let _ = clipboard::copy(text).await;
        });
    })
}

/// The whole address of a message.
fn link(room: RoomId, seq: Seq) -> String {
    let origin = window().location().origin().unwrap_or_default();
    format!("{origin}{}", Route::At(room, seq).path())
}
