//! What else can be done with a message: a menu beside it, on a phone a sheet from below. It is a native modal dialog, which
//! holds the focus, closes on Esc and gives the focus back.

pub mod entries;

use shared::ids::{PersonId, RoomId};
use shared::protocol::Event;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, HtmlElement};
use yew::prelude::*;

use crate::chat::actions::Actions;
use crate::conversation::Wish;
use crate::dialog::is_open;
use crate::locale::use_locale;
use crate::parts::TALK;

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
    let on_close = {
        let (node, on_close) = (node.clone(), props.on_close.clone());
        // It may have been opened for another message since.
        move |_| {
            if !is_open(&node) {
                on_close.emit(());
            }
        }
    };
    let items = match open {
        true => TALK.show(|talk| talk.menu, (props.clone(), close, words)),
        false => html! { <div hidden=true /> },
    };
    html! {
        <dialog ref={node} id="message-menu" class="message-menu" aria-label={words.message_actions}
            onclose={on_close} onmousedown={on_backdrop} onkeydown={step}>{ items }</dialog>
    }
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
