//! What stands around the rows of a timeline: the word while it is empty, the way back to the newest, the voice.

use shared::text::PersonName;
use yew::prelude::*;

use crate::icon::{Glyph, icon};
use crate::locale::Locale;
use crate::locale::words::Words;

/// What is said while there is nothing to show.
pub(super) fn empty(shown: bool, live: bool, words: &Words) -> Html {
    let text = if live {
        words.loading_messages
    } else {
        words.messages_when_connected
    };
    html! { <p class="timeline-empty late" hidden={!shown}>{ text }</p> }
}

/// The way back to the newest message; `news` came while the reader was elsewhere.
pub(super) fn to_present(
    shown: bool,
    news: u64,
    onclick: Callback<MouseEvent>,
    locale: &Locale,
) -> Html {
    let words = locale.words;
    let text = match news {
        0 => words.to_present.to_owned(),
        n => words.to_present_new(&locale.format.at_most_99(n)),
    };
    html! {
        <button type="button" class="to-present" data-news={(news > 0).to_string()} hidden={!shown} {onclick}>
            { icon(Glyph::ArrowDown) }
            { text }
        </button>
    }
}

/// Who is writing. It stands over the space below the last message, so that nothing moves for it.
pub(super) fn typing(writers: &[PersonName], words: &Words) -> Html {
    let text = match writers {
        [] => String::new(),
        [one] => words.one_types(one),
        [one, other] => words.two_type(one, other),
        _ => words.several_type.to_owned(),
    };
    html! { <p class="typing" hidden={text.is_empty()}>{ text }</p> }
}

/// Says new messages to a screen reader, politely. The log itself is silent, because old messages that are loaded
/// would be read out as well.
pub(super) fn announcer(text: &str) -> Html {
    html! { <div class="unseen" aria-live="polite">{ text }</div> }
}
