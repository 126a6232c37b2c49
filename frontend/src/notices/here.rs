//! The dot that says whether somebody is here.

use shared::protocol::Presence;
use yew::prelude::*;

use crate::locale::words::notices::NoticeWords;

/// The dot, at the corner of the face before it; none where it is not known.
pub fn here(presence: Option<Presence>, words: &NoticeWords) -> Html {
    let (name, word) = match presence {
        None => ("", ""),
        Some(Presence::Online) => ("online", words.online),
        Some(Presence::Away) => ("away", words.away),
        Some(Presence::Offline) => ("offline", words.offline),
    };
    html! {
        <span class="here" data-here={name} title={word} hidden={presence.is_none()}>
            <span class="unseen">{ word }</span>
        </span>
    }
}
