//! What else can be done with a message: a menu beside it, on a phone a sheet from below. It is a native modal dialog, which
//! holds the focus, closes on Esc and gives the focus back.

use shared::ids::{PersonId, RoomId, Seq};
use shared::protocol::{Action, Event, Message};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlDialogElement, HtmlElement};
use yew::prelude::*;

use crate::browser::{clipboard, window};
use crate::chat::actions::Actions;
use crate::composer::focus_composer;
use crate::conversation::{Editing, Wish};
use crate::icon::{Glyph, icon};
use crate::locale::use_locale;
use crate::locale::words::Words;
use crate::route::Route;

/// Where on the screen the menu opens, in pixels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    x: i32,
    y: i32,
}

impl Place {
    /// Below the button that was clicked.
    #[must_use]
    pub fn below(event: &MouseEvent) -> Self {
        let button = event.target_dyn_into::<Element>();
        let button = button.and_then(|target| target.closest("button").ok().flatten());
        let place = button.map(|button| button.get_bounding_client_rect());
        place.map_or(Self::default(), |place| Self {
            x: place.left() as i32,
            y: place.bottom() as i32,
        })
    }

    /// Where a menu was asked for by a key or a finger.
    #[must_use]
    pub fn of(event: &MouseEvent) -> Self {
        Self {
            x: event.client_x(),
            y: event.client_y(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct MenuProps {
    pub room: RoomId,
    pub me: PersonId,
    /// The reader keeps order in the room.
    pub own: bool,
    /// The message; none while the menu is closed.
    pub event: Option<std::rc::Rc<Event>>,
    pub place: Place,
    pub actions: Actions,
    pub on_wish: Callback<Wish>,
    pub on_close: Callback<()>,
}

/// The menu.
#[component]
pub fn MessageMenu(props: &MenuProps) -> Html {
    let words = use_locale().words;
    let node = use_node_ref();
    let open = props.event.is_some();
    use_effect_with((open, props.place, node.clone()), |(open, place, node)| {
        let Some(menu) = node.cast::<HtmlDialogElement>() else {
            return;
        };
        if *open && !menu.open() {
            // The policy for contents forbids styles in the markup, not those set here.
            let style = AsRef::<HtmlElement>::as_ref(&menu).style();
            let _ = style.set_property("--x", &format!("{}px", place.x));
            let _ = style.set_property("--y", &format!("{}px", place.y));
            let _ = menu.show_modal();
        } else if !open && menu.open() {
            menu.close();
        }
    });
    let close = {
        let node = node.clone();
        Callback::from(move |()| {
            if let Some(menu) = node.cast::<HtmlDialogElement>() {
                menu.close();
            }
        })
    };
    let on_backdrop = {
        let (node, close) = (node.clone(), close.clone());
        move |event: MouseEvent| {
            let target = event.target_dyn_into::<HtmlDialogElement>();
            if target.is_some() && target == node.cast() {
                close.emit(());
            }
        }
    };
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
    html! {
        <dialog ref={node} id="message-menu" class="message-menu" aria-label={words.message_actions}
            onclose={props.on_close.reform(|_| ())} onmousedown={on_backdrop} onkeydown={step}>
            <div role="menu" aria-label={words.message_actions}>{ for items }</div>
        </dialog>
    }
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

/// Up and down go from one entry to the next, round and round.
fn step(event: KeyboardEvent) {
    let at = event.target_dyn_into::<Element>();
    let Some(menu) = at.as_ref().and_then(|at| at.parent_element()) else {
        return;
    };
    let at = at.as_ref();
    let next = match event.key().as_str() {
        "ArrowDown" => at
            .and_then(Element::next_element_sibling)
            .or_else(|| menu.first_element_child()),
        "ArrowUp" => at
            .and_then(Element::previous_element_sibling)
            .or_else(|| menu.last_element_child()),
        "Home" => menu.first_element_child(),
        "End" => menu.last_element_child(),
        _ => return,
    };
    event.prevent_default();
    if let Some(next) = next.and_then(|next| next.dyn_into::<HtmlElement>().ok()) {
        let _ = next.focus();
    }
}
