//! What is shown until the server has said who this is.

use yew::prelude::*;

use crate::locale::use_locale;
use crate::wordmark::Wordmark;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct StartProps {
    /// Whether the server could not be reached.
    pub unreachable: bool,
    pub on_retry: Callback<()>,
}

/// The first view. It shows nothing for a moment, since the answer is mostly there at once.
#[component]
pub fn Start(props: &StartProps) -> Html {
    let words = use_locale().words;
    let text = if props.unreachable {
        words.server_unreachable
    } else {
        words.starting
    };
    let retry = props.on_retry.reform(|_| ());
    html! {
        <main class="start" data-quiet={(!props.unreachable).to_string()}>
            <Wordmark />
            <p role="status">{ text }</p>
            <button type="button" class="button" onclick={retry} hidden={!props.unreachable}>{ words.retry }</button>
        </main>
    }
}
