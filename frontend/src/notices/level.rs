//! Of what in a room one wants to be told.

use shared::protocol::{Choice, Level};
use shared::session::io::Input;
use yew::prelude::*;

use crate::chat::shown::RoomItem;
use crate::locale::words::Words;
use crate::segments::{Segment, segments};

/// The choices for a room.
pub fn level(item: &RoomItem, input: &Callback<Input>, words: &Words) -> Html {
    let words = &words.notices;
    let room = item.id;
    let segment = |level: Level| Segment {
        name: match level {
            Level::Everything => words.everything,
            Level::Mentions => words.mentions,
            Level::Nothing => words.nothing,
        }
        .into(),
        chosen: item.level == level,
        choose: input.reform(move |()| Input::Choose(Choice::Level { room, level })),
    };
    html! {
        <div class="level">
            { segments("level", words.level, Level::ALL.map(segment).into()) }
            <p class="hint">{ words.level_hint }</p>
        </div>
    }
}
