//! That others have taken this person out of rooms: said in the rail until it is read, and in place of the room.

use shared::protocol::TakenOut;
use shared::session::io::Input;
use yew::prelude::*;

use crate::chat::actions::Actions;
use crate::locale::words::Words;

/// A note for each room. Its place in the page stays, so that it is announced when there is one.
pub fn taken_out(list: &[TakenOut], actions: &Actions, words: &Words) -> Html {
    let note = |one: &TakenOut| {
        let room = one.room;
        let said = match one.banned {
            true => words.order.banned(&one.by.name, &one.name),
            false => words.order.taken_out(&one.by.name, &one.name),
        };
        let noted = actions.input.reform(move |_| Input::Noted { room });
        html! {
            <div key={room.to_string()} class="taken-out">
                <p dir="auto">{ said }</p>
                <button type="button" class="button small" onclick={noted}>{ words.dismiss }</button>
            </div>
        }
    };
    html! { <div class="taken-out-list" role="status">{ for list.iter().map(note) }</div> }
}
