//! What stands in place of a timeline when there is none: no room is chosen, or one is not in it.

use shared::ids::RoomId;
use shared::session::io::Input;
use yew::prelude::*;

use crate::browser::random;
use crate::chat::actions::Actions;
use crate::locale::use_locale;
use crate::shell::Overlay;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct NoRoomProps {
    pub on_overlay: Callback<Overlay>,
}

/// No room is chosen.
#[component]
pub fn NoRoom(props: &NoRoomProps) -> Html {
    let words = use_locale().words;
    html! {
        <div class="nowhere">
            <h1>{ words.choose_room }</h1>
            <p class="quiet">{ words.choose_room_hint }</p>
            <div class="nowhere-actions">
                <button type="button" class="button primary" onclick={props.on_overlay.reform(|_| Overlay::Browse)}>{ words.browse_rooms }</button>
                <button type="button" class="button" onclick={props.on_overlay.reform(|_| Overlay::NewRoom)}>{ words.new_room }</button>
            </div>
        </div>
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct NotInRoomProps {
    pub room: RoomId,
    pub actions: Actions,
}

/// The address names a room that the person is not in.
#[component]
pub fn NotInRoom(props: &NotInRoomProps) -> Html {
    let words = use_locale().words;
    let room = props.room;
    let join = props.actions.input.reform(move |_| Input::Join {
        room,
        client_id: random::client_id(),
    });
    html! {
        <div class="nowhere">
            <h1>{ words.not_in_room }</h1>
            <p class="quiet">{ words.not_in_room_hint }</p>
            <div class="nowhere-actions">
                <button type="button" class="button primary" onclick={join}>{ words.join }</button>
            </div>
        </div>
    }
}
