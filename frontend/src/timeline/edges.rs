//! What stands around the rows of a timeline: the word while it is empty, the way back to the newest, the voice.

use yew::prelude::*;

use crate::icon::{Glyph, Icon};
use crate::locale::use_locale;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct EmptyProps {
    pub shown: bool,
    pub live: bool,
}

/// What is said while there is nothing to show.
#[component]
pub fn Empty(props: &EmptyProps) -> Html {
    let words = use_locale().words;
    let text = if props.live {
        words.loading_messages
    } else {
        words.messages_when_connected
    };
    html! { <p class="timeline-empty late" hidden={!props.shown}>{ text }</p> }
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct ToPresentProps {
    pub shown: bool,
    /// Messages that came while the reader was elsewhere.
    pub news: u64,
    pub onclick: Callback<()>,
}

/// The way back to the newest message.
#[component]
pub fn ToPresent(props: &ToPresentProps) -> Html {
    let locale = use_locale();
    let words = locale.words;
    let text = match props.news {
        0 => words.to_present.to_owned(),
        n => (words.to_present_new)(n, &locale.format.number(n)),
    };
    html! {
        <button type="button" class="to-present" data-news={(props.news > 0).to_string()} hidden={!props.shown}
            onclick={props.onclick.reform(|_| ())}>
            <Icon glyph={Glyph::ArrowDown} />
            { text }
        </button>
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct AnnouncerProps {
    pub text: String,
}

/// Says new messages to a screen reader, politely. The log itself is silent, because old messages that are loaded
/// would be read out as well.
#[component]
pub fn Announcer(props: &AnnouncerProps) -> Html {
    html! { <div class="unseen" aria-live="polite">{ &props.text }</div> }
}
