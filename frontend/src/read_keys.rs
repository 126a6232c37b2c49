//! Esc says that the open room is read, Shift+Esc that all are. Whatever is open closes first, and an input method keeps
//! its keys.

use std::cell::Cell;
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use shared::ids::RoomId;
use shared::session::io::Input;
use wasm_bindgen::JsCast;
use yew::prelude::*;

use crate::browser::{document, window};
use crate::composer::keys::Press;

/// What Esc closes.
const OPEN: &str = "dialog[open], :popover-open, .shell[data-panel='true']";

/// Listens for as long as the component lives.
#[hook]
pub fn use_read_keys(room: Option<RoomId>, input: &Callback<Input>) {
    use_effect_with((room, input.clone()), |(room, input)| {
        let (room, input) = (*room, input.clone());
        // As it is before anybody has acted on the key.
        let free = Rc::new(Cell::new(false));
        let before = {
            let free = Rc::clone(&free);
            let options = EventListenerOptions::run_in_capture_phase();
            EventListener::new_with_options(&window(), "keydown", options, move |_| {
                let open = document().query_selector(OPEN);
                free.set(matches!(open, Ok(None)));
            })
        };
        let after = EventListener::new(&window(), "keydown", move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
                return;
            };
            if !free.get() || event.default_prevented() || !Press::of(event).is_escape(event) {
                return;
            }
            let read = if event.shift_key() { None } else { room };
            if event.shift_key() || room.is_some() {
                input.emit(Input::MarkRead { room: read });
            }
        });
        move || drop((before, after))
    });
}
