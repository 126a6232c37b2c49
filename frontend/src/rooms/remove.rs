//! Taking somebody out of a room: only that, or for good, or with everything that they said.

use shared::ids::RoomId;
use shared::protocol::{Action, Person, RoomKind};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::chat::actions::Actions;
use crate::locale::use_locale;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct RemoveProps {
    pub room: RoomId,
    pub kind: RoomKind,
    pub person: Person,
    pub actions: Actions,
    pub on_done: Callback<()>,
}

/// The form.
#[component]
pub fn Remove(props: &RemoveProps) -> Html {
    let words = use_locale().words;
    let (bans, erases) = (use_state(|| false), use_state(|| false));
    let onsubmit = {
        let (room, person, send) = (props.room, props.person.clone(), props.actions.send.clone());
        let (ban, erase, done) = (*bans, *erases, props.on_done.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let person = person.clone();
            let action = match ban {
                true => Action::Ban {
                    person,
                    on: true,
                    erase,
                },
                false => Action::Remove { person },
            };
            // An outbox that is full is said by the owner of the session.
            let _ = send.emit((room, action));
            done.emit(());
        }
    };
    let set = |state: &UseStateHandle<bool>| {
        let setter = state.setter();
        move |event: Event| {
            let field = event.target_dyn_into::<HtmlInputElement>();
            setter.set(field.is_some_and(|field| field.checked()));
        }
    };
    let explained = match props.kind {
        RoomKind::Private => words.order.take_out_private,
        _ => words.order.take_out_public,
    };
    html! {
        <form class="form" {onsubmit}>
            <p>{ explained }</p>
            <label class="check"><input type="checkbox" onchange={set(&bans)} /><span>{ words.order.ban }</span></label>
            <label class="check" hidden={!*bans}><input type="checkbox" onchange={set(&erases)} /><span>{ words.order.erase_here }</span></label>
            <div class="form-actions">
                <button type="button" class="button" onclick={props.on_done.reform(|_| ())}>{ words.cancel }</button>
                <button type="submit" class="button danger">{ words.order.take_out }</button>
            </div>
        </form>
    }
}
