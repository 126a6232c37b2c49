//! What a room is about, and the way out of it.

use shared::ids::RoomId;
use shared::problem::Problem;
use shared::protocol::Action;
use shared::text::{RoomName, TextProblem, Topic};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::chat::actions::Actions;
use crate::locale::use_locale;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct AboutProps {
    pub room: RoomId,
    pub name: RoomName,
    pub topic: Option<Topic>,
    pub actions: Actions,
    pub on_done: Callback<()>,
}

/// The form for the topic, and leaving in two steps.
#[component]
pub fn About(props: &AboutProps) -> Html {
    let words = use_locale().words;
    let field = use_node_ref();
    let problem = use_state(|| None::<TextProblem>);
    let leaving = use_state(|| false);
    let act = {
        let (room, send, done) = (
            props.room,
            props.actions.send.clone(),
            props.on_done.clone(),
        );
        move |action: Action| {
            // An outbox that is full is said by the owner of the session.
            let _ = send.emit((room, action));
            done.emit(());
        }
    };
    let onsubmit = {
        let (field, problem, act) = (field.clone(), problem.setter(), act.clone());
        let (before, done) = (props.topic.clone(), props.on_done.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let Some(field) = field.cast::<HtmlInputElement>() else {
                return;
            };
            let topic = match Topic::parse(&field.value()) {
                Ok(topic) => Some(topic),
                Err(TextProblem::Blank) => None,
                Err(wrong) => return problem.set(Some(wrong)),
            };
            if topic == before {
                done.emit(());
            } else {
                act(Action::Topic { topic });
            }
        }
    };
    let error = problem.map_or(String::new(), |problem| {
        (words.topic_refused)(&(words.problem)(&Problem::BadTopic { problem }))
    });
    let ask = {
        let leaving = leaving.setter();
        move |_| leaving.set(true)
    };
    let stay = {
        let leaving = leaving.setter();
        move |_| leaving.set(false)
    };
    let value = props.topic.as_ref().map(Topic::to_string);
    html! {
        <div class="form">
            <form class="form" {onsubmit} novalidate=true>
                <div class="field">
                    <label for="room-topic">{ words.topic }</label>
                    <input ref={field} id="room-topic" type="text" class="input" autofocus=true autocomplete="off" enterkeyhint="done"
                        value={value.unwrap_or_default()} aria-describedby="room-topic-hint room-topic-error"
                        aria-invalid={(!error.is_empty()).to_string()} />
                    <p id="room-topic-hint" class="hint">{ words.topic_hint }</p>
                    <p id="room-topic-error" class="error" role="alert">{ error }</p>
                </div>
                <button type="submit" class="button primary wide">{ words.save }</button>
            </form>
            <div class="about-leave">
                <button type="button" class="button wide" hidden={*leaving} onclick={ask}>{ words.leave_room }</button>
                <p hidden={!*leaving} role="alert">{ if *leaving { (words.leave_explained)(&props.name) } else { String::new() } }</p>
                <div class="form-actions" hidden={!*leaving}>
                    <button type="button" class="button" onclick={stay}>{ words.cancel }</button>
                    <button type="button" class="button danger" onclick={move |_| act(Action::Leave)}>{ words.leave }</button>
                </div>
            </div>
        </div>
    }
}
