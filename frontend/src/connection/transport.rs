//! On which way messages travel and why, and the choice of another. The choice is kept in the browser; that WebSockets do not
//! get through, in the tab.

use shared::session::connection::{Connection, Why};
use shared::session::io::Input;
use shared::transport::Transport;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::browser::storage::Store;
use crate::chat::actions::Actions;
use crate::locale::words::Words;
use crate::locale::words::inspector::InspectorWords;
use crate::route::Route;

const CHOSEN_KEY: &str = "parlance.transport";
const BLOCKED_KEY: &str = "parlance.blocked";

/// What the session is told when it begins, and after each choice.
#[must_use]
pub fn wish() -> Input {
    Input::Transport {
        chosen: chosen(),
        blocked: Store::Tab.get(BLOCKED_KEY).is_some(),
    }
}

/// Remembers for a reload of the tab whether WebSockets get through. Not being kept costs two tries.
pub fn note(connection: &Connection) {
    match (connection.transport, connection.why) {
        (Transport::WebSocket, _) => Store::Tab.remove(BLOCKED_KEY),
        (_, Why::Blocked | Why::Silent) => {
            let _ = Store::Tab.set(BLOCKED_KEY, "yes");
        }
        (_, Why::Best | Why::Chosen) => {}
    }
}

/// What a way is called.
#[must_use]
pub fn name(transport: Transport, words: &Words) -> &'static str {
    match transport {
        Transport::WebSocket => "WebSocket",
        Transport::Events => words.transport_events,
        Transport::LongPoll => words.transport_long_poll,
        Transport::Poll => words.transport_poll,
    }
}

/// The fact and the choice, for the panel about the connection.
pub fn transport_fact(
    connection: &Connection,
    words: &InspectorWords,
    all: &Words,
    actions: &Actions,
) -> Html {
    let why = match connection.why {
        Why::Best => words.transport_best,
        Why::Chosen => words.transport_chosen,
        Why::Blocked => words.transport_blocked,
        Why::Silent => words.transport_silent,
    };
    let to_theatre = actions.go.reform(|event: MouseEvent| {
        event.prevent_default();
        Route::Theatre
    });
    let onchange = actions.input.reform(|event: Event| {
        let select = event.target_unchecked_into::<HtmlSelectElement>();
        let place = select.selected_index().unsigned_abs() as usize;
        let chosen = place.checked_sub(1).and_then(|at| Transport::ALL.get(at));
        match chosen {
            // What is not kept holds until the page is loaded again.
            Some(way) => _ = Store::Browser.set(CHOSEN_KEY, way.name()),
            None => Store::Browser.remove(CHOSEN_KEY),
        }
        Input::Transport {
            chosen: chosen.copied(),
            blocked: false,
        }
    });
    let chosen = chosen();
    let option = |way: Option<Transport>| {
        let name = way.map_or(words.transport_auto, |way| name(way, all));
        html! { <option key={name} selected={way == chosen}>{ name }</option> }
    };
    let ways = Transport::ALL.map(Some);
    html! {
        <div class="fact">
            <dt><label for="transport">{ words.transport }</label></dt>
            <dd>
                <span data-transport={connection.transport.name()}>{ name(connection.transport, all) }</span>
                <small>{ why }</small>
                <select id="transport" class="input" {onchange}>
                    { option(None) }
                    { for ways.into_iter().map(option) }
                </select>
                <a class="button small" href={Route::Theatre.path()} onclick={to_theatre}>{ words.theatre.compare }</a>
            </dd>
        </div>
    }
}

fn chosen() -> Option<Transport> {
    Transport::named(&Store::Browser.get(CHOSEN_KEY)?)
}
