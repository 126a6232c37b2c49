//! What stands in place of a timeline when there is none: no room is chosen, or one is not in it.

use shared::ids::RoomId;
use shared::protocol::TakenOut;
use shared::session::io::Input;
use yew::prelude::*;

use crate::browser::random;
use crate::chat::actions::Actions;
use crate::locale::words::Words;
use crate::shell::Overlay;

/// No room is chosen.
pub fn no_room(on_overlay: &Callback<Overlay>, words: &Words) -> Html {
    html! {
        <>
            <h1>{ words.choose_room }</h1>
            <p class="quiet">{ words.choose_room_hint }</p>
            <div class="nowhere-actions">
                <button type="button" class="button primary" onclick={on_overlay.reform(|_| Overlay::Browse)}>{ words.browse_rooms }</button>
                <button type="button" class="button" onclick={on_overlay.reform(|_| Overlay::NewRoom)}>{ words.new_room }</button>
            </div>
        </>
    }
}

/// The address names a room that the person is not in.
pub fn not_in_room(
    room: RoomId,
    taken_out: Option<&TakenOut>,
    actions: &Actions,
    words: &Words,
) -> Html {
    let why = taken_out.map(|it| match it.banned {
        true => words.order.banned_here(&it.by.name),
        false => words.order.taken_out_here(&it.by.name),
    });
    let banned = taken_out.is_some_and(|it| it.banned);
    let join = actions.input.reform(move |_| Input::Join {
        room,
        client_id: random::client_id(),
    });
    html! {
        <>
            <h1>{ words.not_in_room }</h1>
            <p class="quiet" dir="auto">{ why.unwrap_or_else(|| words.not_in_room_hint.to_owned()) }</p>
            <div class="nowhere-actions" hidden={banned}>
                <button type="button" class="button primary" onclick={join}>{ words.join }</button>
            </div>
        </>
    }
}
