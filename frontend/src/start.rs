//! What is shown until the server has said who this is.

use yew::prelude::*;

use crate::locale::words::Words;
use crate::wordmark::wordmark;

/// The first view. It shows nothing for a moment, since the answer is mostly there at once.
pub fn start(unreachable: bool, on_retry: &Callback<()>, words: &Words) -> Html {
    let text = if unreachable {
        words.server_unreachable
    } else {
        words.starting
    };
    html! {
        <main class="start" data-quiet={(!unreachable).to_string()}>
            { wordmark() }
            <p role="status">{ text }</p>
            <button type="button" class="button" onclick={on_retry.reform(|_| ())} hidden={!unreachable}>{ words.retry }</button>
        </main>
    }
}
