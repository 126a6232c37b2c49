//! The keys that work everywhere, in one table: what listens reads it, and the sheet that explains them.
//!
//! The keys of a field (Enter in the composer, arrows in a list) belong to the field.

use std::cell::Cell;
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use yew::prelude::*;

use crate::browser::{document, is_apple, window};
use crate::composer::keys::Press;
use crate::locale::words::Words;

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortcut {
    /// Offers where to go.
    Switch,
    /// Looks for messages.
    Search,
    /// Goes to the room above or below in the rail.
    Room { down: bool },
    /// Goes to the next one in which something is unread.
    Unread { down: bool },
    /// What is open closes, or the room is read.
    Close,
    /// All rooms are read.
    ReadAll,
    /// Explains the keys.
    Sheet,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hold {
    Nothing,
    Shift,
    Command,
    CommandShift,
    Alt,
    AltShift,
}

const TABLE: [(Shortcut, Hold, &str); 9] = [
    (Shortcut::Switch, Hold::Command, "k"),
    (Shortcut::Search, Hold::CommandShift, "f"),
    (Shortcut::Room { down: false }, Hold::Alt, "ArrowUp"),
    (Shortcut::Room { down: true }, Hold::Alt, "ArrowDown"),
    (Shortcut::Unread { down: false }, Hold::AltShift, "ArrowUp"),
    (Shortcut::Unread { down: true }, Hold::AltShift, "ArrowDown"),
    (Shortcut::Close, Hold::Nothing, "Escape"),
    (Shortcut::ReadAll, Hold::Shift, "Escape"),
    (Shortcut::Sheet, Hold::Command, "/"),
];

/// What Esc closes, before it says that anything is read.
const OPEN: &str = "dialog[open], :popover-open";

/// Listens for as long as the component lives. What the browser itself would do is then not done, except for Esc.
#[hook]
pub fn use_shortcuts(act: Callback<Shortcut>) {
    // As it was given with the last rendering; listening goes on.
    let latest = use_mut_ref(Callback::noop);
    latest.replace(act);
    use_effect_with((), move |()| {
        // As it is before anybody has acted on the key.
        let free = Rc::new(Cell::new(false));
        let before = {
            let free = Rc::clone(&free);
            let options = EventListenerOptions::run_in_capture_phase();
            EventListener::new_with_options(&window(), "keydown", options, move |_| {
                free.set(matches!(document().query_selector(OPEN), Ok(None)));
            })
        };
        let options = EventListenerOptions::enable_prevent_default();
        let after = EventListener::new_with_options(&window(), "keydown", options, move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
                return;
            };
            let Some(shortcut) = meant(event) else {
                return;
            };
            if matches!(shortcut, Shortcut::Close | Shortcut::ReadAll) {
                if !free.get() || event.default_prevented() {
                    return;
                }
            } else {
                event.prevent_default();
            }
            let act = latest.borrow().clone();
            act.emit(shortcut);
        });
        move || drop((before, after))
    });
}

/// The shortcut of a key press. An input method keeps its keys.
fn meant(event: &KeyboardEvent) -> Option<Shortcut> {
    let key = event.key();
    if Press::of(event).is_composing() {
        return None;
    }
    let command = event.ctrl_key() != event.meta_key();
    let other = event.ctrl_key() && event.meta_key();
    // There are keyboards on which a slash needs Shift.
    let shift = event.shift_key() && key != "/";
    let hold = match (command, event.alt_key(), shift) {
        _ if other => return None,
        (false, false, false) => Hold::Nothing,
        (false, false, true) => Hold::Shift,
        (true, false, false) => Hold::Command,
        (true, false, true) => Hold::CommandShift,
        (false, true, false) => Hold::Alt,
        (false, true, true) => Hold::AltShift,
        (true, true, _) => return None,
    };
    let mut lines = TABLE.iter();
    let line = lines.find(|(_, held, name)| *held == hold && key.eq_ignore_ascii_case(name));
    line.map(|(shortcut, _, _)| *shortcut)
}

/// What the keys do.
pub fn sheet(words: &Words) -> Html {
    let lines = TABLE
        .iter()
        .map(|(shortcut, hold, key)| line(explain(*shortcut, words), *hold, key));
    let fields = [
        (words.key_send, Hold::Nothing, "Enter"),
        (words.key_line, Hold::Shift, "Enter"),
        (words.key_edit, Hold::Nothing, "ArrowUp"),
    ];
    let fields = fields.map(|(text, hold, key)| line(text, hold, key));
    html! { <dl class="keys">{ for lines.chain(fields) }</dl> }
}

fn explain(shortcut: Shortcut, words: &Words) -> &'static str {
    match shortcut {
        Shortcut::Switch => words.key_switch,
        Shortcut::Search => words.search_messages,
        Shortcut::Room { down: false } => words.key_room_above,
        Shortcut::Room { down: true } => words.key_room_below,
        Shortcut::Unread { down: false } => words.key_unread_above,
        Shortcut::Unread { down: true } => words.key_unread_below,
        Shortcut::Close => words.key_close,
        Shortcut::ReadAll => words.key_read_all,
        Shortcut::Sheet => words.keys,
    }
}

fn line(text: &'static str, hold: Hold, key: &str) -> Html {
    let names = if is_apple() {
        ["⌘", "⇧", "⌥"]
    } else {
        ["Ctrl", "Shift", "Alt"]
    };
    let [command, shift, alt] = names;
    let held: &[&str] = match hold {
        Hold::Nothing => &[],
        Hold::Shift => &[shift],
        Hold::Command => &[command],
        Hold::CommandShift => &[command, shift],
        Hold::Alt => &[alt],
        Hold::AltShift => &[alt, shift],
    };
    let key = match key {
        "ArrowUp" => "↑".to_owned(),
        "ArrowDown" => "↓".to_owned(),
        "Escape" => "Esc".to_owned(),
        "Enter" => key.to_owned(),
        letter => letter.to_ascii_uppercase(),
    };
    let keys = held.iter().map(|held| html! { <kbd>{ *held }</kbd> });
    html! { <div class="key"><dt>{ text }</dt><dd>{ for keys }<kbd>{ key }</kbd></dd></div> }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;
    use web_sys::KeyboardEventInit;

    use super::*;

    fn press(key: &str, held: &str) -> Option<Shortcut> {
        let init = KeyboardEventInit::new();
        init.set_key(key);
        init.set_ctrl_key(held.contains('c'));
        init.set_meta_key(held.contains('m'));
        init.set_shift_key(held.contains('s'));
        init.set_alt_key(held.contains('a'));
        init.set_is_composing(held.contains('i'));
        meant(&KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap())
    }

    #[wasm_bindgen_test]
    fn only_what_is_held_exactly_so_is_meant() {
        assert_eq!(press("k", "c"), Some(Shortcut::Switch));
        assert_eq!(press("K", "m"), Some(Shortcut::Switch));
        assert_eq!(press("k", "cm"), None);
        assert_eq!(press("k", "cs"), None);
        assert_eq!(press("k", ""), None);
        assert_eq!(press("/", "c"), Some(Shortcut::Sheet));
        assert_eq!(press("/", "cs"), Some(Shortcut::Sheet));
        assert_eq!(press("/", ""), None);
        assert_eq!(press("ArrowUp", "a"), Some(Shortcut::Room { down: false }));
        assert_eq!(
            press("ArrowUp", "as"),
            Some(Shortcut::Unread { down: false })
        );
        assert_eq!(press("ArrowUp", "ac"), None);
        assert_eq!(press("Escape", "s"), Some(Shortcut::ReadAll));
    }

    #[wasm_bindgen_test]
    fn an_input_method_keeps_its_keys() {
        assert_eq!(press("Escape", "i"), None);
        assert_eq!(press("k", "ci"), None);
    }

    #[wasm_bindgen_test]
    fn no_key_does_two_things() {
        for (at, (_, hold, key)) in TABLE.iter().enumerate() {
            let same = |line: &&(Shortcut, Hold, &str)| line.1 == *hold && line.2 == *key;
            assert_eq!(TABLE.iter().filter(same).count(), 1, "{at}");
        }
    }
}
