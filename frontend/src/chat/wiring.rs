//! Ties the views' wishes and the browser's events to the owner of the session.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use shared::protocol::Action;
use shared::session::Session;
use shared::session::io::Input;
use shared::session::outbox::Draft;
use yew::Callback;
use yew::html::Scope;

use crate::browser::{clock, document, is_visible, random, window};
use crate::chat::actions::Actions;
use crate::chat::{Chat, Msg};

/// The callbacks that the views get. Sending goes into the outbox at once, because the composer must know whether
/// its text was taken; all else is queued.
pub(super) fn actions(link: &Scope<Chat>, session: &Rc<RefCell<Session>>) -> Actions {
    let send = {
        let (link, session) = (link.clone(), Rc::clone(session));
        Callback::from(move |(room, body)| {
            let now = clock::now();
            let draft = Draft {
                room,
                client_id: random::client_id(),
                action: Action::Message { body },
                written: now.clock,
            };
            session.borrow_mut().send(draft, now)?;
            link.send_message(Msg::Sent);
            Ok(())
        })
    };
    Actions {
        input: link.callback(Msg::Input),
        send,
        go: link.callback(Msg::Go),
        create: link.callback(Msg::Create),
        sign_out: link.callback(|()| Msg::SignOut),
        leave: link.callback(|()| Msg::Leave),
        signed_in: link.callback(Msg::SignedIn),
        discard_all: link.callback(|()| Msg::DiscardAll),
        dismiss: link.callback(|()| Msg::Dismiss),
    }
}

/// The events of the window that the session has to know.
pub(super) fn listen(link: &Scope<Chat>) -> [EventListener; 5] {
    let on = |target: &web_sys::EventTarget, name: &'static str, input: fn() -> Option<Msg>| {
        let link = link.clone();
        EventListener::new(target, name, move |_| {
            if let Some(msg) = input() {
                link.send_message(msg);
            }
        })
    };
    let (window, document) = (window(), document());
    [
        on(&window, "online", || Some(Msg::Input(Input::Online(true)))),
        on(&window, "offline", || {
            Some(Msg::Input(Input::Online(false)))
        }),
        on(&window, "pageshow", || Some(Msg::Input(Input::Wake))),
        on(&window, "popstate", || Some(Msg::Moved)),
        on(&document, "visibilitychange", || {
            is_visible().then_some(Msg::Input(Input::Wake))
        }),
    ]
}
