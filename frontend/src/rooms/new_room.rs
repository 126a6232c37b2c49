//! The form that makes a room.

use shared::problem::Problem;
use shared::text::RoomName;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::chat::actions::{Actions, Creating, NewRoom as Wanted};
use crate::locale::use_locale;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct NewRoomProps {
    pub creating: Creating,
    pub live: bool,
    pub actions: Actions,
}

/// The form.
#[component]
pub fn NewRoom(props: &NewRoomProps) -> Html {
    let words = use_locale().words;
    let field = use_node_ref();
    let name = use_state(String::new);
    let private = use_state(|| false);
    let tried = use_state(|| false);
    let parsed = RoomName::parse(&name);
    let problem = match (&parsed, &props.creating) {
        (Err(problem), _) => (*tried).then_some(Problem::BadName { problem: *problem }),
        (Ok(name), Creating::Refused(refused, problem)) if refused == name => Some(problem.clone()),
        _ => None,
    };
    let error = problem.map_or(String::new(), |problem| words.name_problem(&problem));
    let asked = props.creating == Creating::Asked;
    let oninput = {
        let (name, field) = (name.setter(), field.clone());
        move |_: InputEvent| {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                name.set(field.value());
            }
        }
    };
    let set_private = |on: bool| {
        let private = private.setter();
        move |_: Event| private.set(on)
    };
    let onsubmit = {
        let private = *private;
        let (create, tried) = (props.actions.create.clone(), tried.setter());
        move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            if let (Ok(name), false) = (&parsed, asked) {
                let name = name.clone();
                create.emit(Wanted { name, private });
            }
        }
    };
    html! {
        <form class="form" {onsubmit} novalidate=true>
            <div class="field">
                <label for="room-name">{ words.room_name }</label>
                <input ref={field} id="room-name" type="text" class="input" autofocus=true autocomplete="off" enterkeyhint="done"
                    aria-describedby="room-name-hint room-name-error" aria-invalid={(!error.is_empty()).to_string()} {oninput} />
                <p id="room-name-error" class="error" role="alert">{ error }</p>
            </div>
            <fieldset class="choices">
                <legend>{ words.who_finds_it }</legend>
                <div class="segments">
                    <label class="choice"><input type="radio" name="private" checked={!*private} onchange={set_private(false)} /><span>{ words.found_by_all }</span></label>
                    <label class="choice"><input type="radio" name="private" checked={*private} onchange={set_private(true)} /><span>{ words.only_members }</span></label>
                </div>
                <p id="room-name-hint" class="hint">{ if *private { words.private_hint } else { words.room_name_hint } }</p>
            </fieldset>
            <p class="hint" role="status">{ if asked && !props.live { words.when_connected } else { "" } }</p>
            <button type="submit" class="button primary wide" aria-disabled={asked.to_string()}>
                { if asked { words.creating } else { words.create } }
            </button>
        </form>
    }
}
