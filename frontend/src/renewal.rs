//! That a new version of the app is there, and the offer to load it. Nothing is reloaded by itself: somebody is writing.

use gloo_events::EventListener;
use yew::prelude::*;

use crate::browser::window;
use crate::locale::words::Words;

/// What the script that begins the program says once another version is kept (`xtask/src/start.js`).
const NEW: &str = "parlance-new";

/// Whether the page is older than what a reload would bring.
#[hook]
pub fn use_renewal() -> bool {
    let new = use_state_eq(|| false);
    use_effect_with((), {
        let setter = new.setter();
        move |()| {
            let listener = EventListener::new(&window(), NEW, move |_| setter.set(true));
            move || drop(listener)
        }
    });
    *new
}

/// The offer.
pub fn renewal_line(new: bool, words: &Words) -> Html {
    let reload = |_: MouseEvent| {
        let _ = window().location().reload();
    };
    html! {
        <div class="banner" data-tone="calm" data-shown={new.to_string()}>
            <p role="status">{ if new { words.new_version } else { "" } }</p>
            <button type="button" class="button small" onclick={reload}>{ words.reload }</button>
        </div>
    }
}
