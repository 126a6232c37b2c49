//! Ties the views' wishes and the browser's events to the owner of the session.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use shared::ids::{FileId, RoomId};
use shared::protocol::{Action, Attachment};
use shared::session::Session;
use shared::session::io::Input;
use shared::session::outbox::{Draft, OutboxFull};
use wasm_bindgen::JsCast;
use web_sys::{Blob, Event, PageTransitionEvent};
use yew::Callback;
use yew::html::Scope;

use crate::browser::{clock, document, is_visible, is_watched, random, window};
use crate::chat::actions::{Actions, Wishes};
use crate::chat::{Chat, Msg};
use crate::composer::unsent::Texts;
use crate::files::Files;

/// The callbacks that the views get. Sending goes into the outbox at once, because the composer must know whether
/// its text was taken; all else is queued.
pub(super) fn actions(link: &Scope<Chat>, session: &Rc<RefCell<Session>>) -> Actions {
    let texts = Texts::default();
    let send = {
        let (link, session) = (link.clone(), Rc::clone(session));
        let texts = texts.clone();
        Callback::from(move |(room, action)| {
            let now = clock::now();
            let client_id = match action {
                Action::Message(_) => texts.name(room),
                _ => random::client_id(),
            };
            let draft = Draft {
                room,
                client_id,
                action,
                written: now.clock,
            };
            let is_message = matches!(draft.action, Action::Message { .. });
            let taken = session.borrow_mut().send(draft, now);
            match taken {
                Ok(()) => link.send_message(Msg::Sent),
                // The composer says it of a message.
                Err(OutboxFull) if is_message => {}
                Err(OutboxFull) => link.send_message(Msg::Full),
            }
            taken
        })
    };
    let wrote = {
        let (link, texts) = (link.clone(), texts.clone());
        Callback::from(move |(room, text): (RoomId, String)| {
            let unsent = texts.wrote(room, &text, clock::now().clock);
            link.send_message(Msg::Wrote(unsent));
        })
    };
    let answer = {
        let (link, texts) = (link.clone(), texts.clone());
        Callback::from(move |(room, reply_to)| {
            let unsent = texts.answers(room, reply_to, clock::now().clock);
            link.send_message(Msg::Wrote(unsent));
        })
    };
    let take_back = {
        let (link, texts) = (link.clone(), texts.clone());
        Callback::from(move |(client_id, room, post)| {
            let unsent = texts.taken_back(room, &post, clock::now().clock);
            link.send_message(Msg::Wrote(unsent));
            link.send_message(Msg::Input(Input::Discard { client_id }));
        })
    };
    let files = Files::default();
    let attach = {
        let (link, texts, files) = (link.clone(), texts.clone(), files.clone());
        Callback::from(move |(room, file, blob): (RoomId, Attachment, Blob)| {
            let id = file.id;
            files.put(id, blob);
            let mut all = texts.files(room);
            all.push(file);
            let unsent = texts.carries(room, all, clock::now().clock);
            link.send_message(Msg::Attached(unsent, id));
        })
    };
    let detach = {
        let (link, texts) = (link.clone(), texts.clone());
        Callback::from(move |(room, id): (RoomId, FileId)| {
            let mut rest = texts.files(room);
            rest.retain(|file| file.id != id);
            let unsent = texts.carries(room, rest, clock::now().clock);
            link.send_message(Msg::Wrote(unsent));
        })
    };
    Actions::from(Wishes {
        attach,
        detach,
        files,
        input: link.callback(Msg::Input),
        send,
        wrote,
        answer,
        take_back,
        texts,
        go: link.callback(Msg::Go),
        create: link.callback(Msg::Create),
        sign_out: link.callback(|()| Msg::SignOut),
        leave: link.callback(|()| Msg::Leave),
        signed_in: link.callback(Msg::SignedIn),
        discard_all: link.callback(|()| Msg::DiscardAll),
        dismiss: link.callback(|()| Msg::Dismiss),
        weather: link.callback(Msg::Weather),
        cut: link.callback(|()| Msg::Cut),
    })
}

/// The events of the window that the session has to know.
pub(super) fn listen(link: &Scope<Chat>) -> [EventListener; 9] {
    let on = |target: &web_sys::EventTarget, name: &'static str, msg: fn(&Event) -> Option<Msg>| {
        let link = link.clone();
        EventListener::new(target, name, move |event| {
            if let Some(msg) = msg(event) {
                link.send_message(msg);
            }
        })
    };
    let (window, document) = (window(), document());
    let watched = |_: &Event| Some(Msg::Input(Input::Watched(is_watched())));
    [
        on(&window, "online", |_| Some(Msg::Input(Input::Online(true)))),
        on(&window, "offline", |_| {
            Some(Msg::Input(Input::Online(false)))
        }),
        on(&window, "pageshow", |event| {
            let event = event.dyn_ref::<PageTransitionEvent>();
            let cached = event.is_some_and(PageTransitionEvent::persisted);
            Some(if cached {
                Msg::Returned
            } else {
                Msg::Input(Input::Wake)
            })
        }),
        on(&window, "pagehide", |_| Some(Msg::Hidden)),
        on(&window, "popstate", |_| Some(Msg::Moved)),
        on(&window, "focus", watched),
        on(&window, "blur", watched),
        on(&document, "visibilitychange", watched),
        on(&document, "visibilitychange", |_| {
            Some(Msg::Input(if is_visible() {
                Input::Wake
            } else {
                Input::Hidden
            }))
        }),
    ]
}
