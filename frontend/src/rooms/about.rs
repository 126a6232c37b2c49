//! What a room is called and is about, and the ways out of it: archiving it, and leaving.

use shared::problem::Problem;
use shared::protocol::{Action, Pace, RoomKind};
use shared::text::{RoomName, TextProblem, Topic};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::chat::actions::Actions;
use crate::chat::shown::RoomItem;
use crate::first_value::use_first_value;
use crate::locale::use_locale;
use crate::locale::words::Words;
use crate::notices::level::level;
use crate::rooms::pace;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct AboutProps {
    pub item: RoomItem,
    pub actions: Actions,
    pub on_done: Callback<()>,
}

/// The form for name and topic, archiving, and leaving in two steps.
#[component]
pub fn About(props: &AboutProps) -> Html {
    let locale = use_locale();
    let words = locale.words;
    let (name, topic, pace) = (use_node_ref(), use_node_ref(), use_node_ref());
    let problem = use_state(|| None::<Problem>);
    let leaving = use_state(|| false);
    let item = &props.item;
    let old_topic = item.topic.as_ref().map_or(String::new(), Topic::to_string);
    use_first_value(&name, item.name.to_string());
    use_first_value(&topic, old_topic);
    let act = {
        let (room, send, done) = (item.id, props.actions.send.clone(), props.on_done.clone());
        move |actions: Vec<Action>| {
            for action in actions {
                // An outbox that is full is said by the owner of the session.
                let _ = send.emit((room, action));
            }
            done.emit(());
        }
    };
    let onsubmit = {
        let (name, topic, problem, act) =
            (name.clone(), topic.clone(), problem.setter(), act.clone());
        let pace = pace.clone();
        let item = item.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            match changes(&item, &value(&name), &value(&topic)) {
                Ok(mut actions) => {
                    let pace = chosen(&pace).filter(|pace| item.own && *pace != item.pace);
                    actions.extend(pace.map(|pace| Action::Pace { pace }));
                    act(actions);
                }
                Err(wrong) => problem.set(Some(wrong)),
            }
        }
    };
    let archive = {
        let (act, on) = (act.clone(), !item.archived);
        move |_: MouseEvent| act(vec![Action::Archive { on }])
    };
    let set_leaving = |on: bool| {
        let leaving = leaving.setter();
        move |_: MouseEvent| leaving.set(on)
    };
    let explained = match item.kind {
        RoomKind::Private => words.leave_private_explained(&item.name),
        _ => words.leave_explained(&item.name),
    };
    let direct = item.kind == RoomKind::Direct;
    let (name_error, topic_error) = errors(problem.as_ref(), words);
    html! {
        <div class="form">
            { level(item, &props.actions.input, words) }
            <form class="form" {onsubmit} novalidate=true hidden={item.archived || direct}>
                <div class="field" hidden={!item.own}>
                    <label for="room-new-name">{ words.room_name }</label>
                    <input ref={name} id="room-new-name" type="text" class="input" autocomplete="off" enterkeyhint="done"
                        aria-describedby="room-new-name-error" aria-invalid={(!name_error.is_empty()).to_string()} />
                    <p id="room-new-name-error" class="error" role="alert">{ name_error }</p>
                </div>
                <div class="field">
                    <label for="room-topic">{ words.topic }</label>
                    <input ref={topic} id="room-topic" type="text" class="input" autofocus=true autocomplete="off" enterkeyhint="done"
                        aria-describedby="room-topic-hint room-topic-error"
                        aria-invalid={(!topic_error.is_empty()).to_string()} />
                    <p id="room-topic-hint" class="hint">{ words.topic_hint }</p>
                    <p id="room-topic-error" class="error" role="alert">{ topic_error }</p>
                </div>
                <div hidden={!item.own}>{ pace::field(&pace, item.pace, &locale) }</div>
                <button type="submit" class="button primary wide">{ words.save }</button>
            </form>
            <div class="about-leave" hidden={!item.own}>
                <p class="hint">{ if item.archived { words.archived_explained } else { words.archive_explained } }</p>
                <button type="button" class="button wide" onclick={archive}>{ if item.archived { words.take_back } else { words.archive_room } }</button>
            </div>
            <div class="about-leave" hidden={direct}>
                <button type="button" class="button wide" hidden={*leaving} onclick={set_leaving(true)}>{ words.leave_room }</button>
                <p hidden={!*leaving} role="alert">{ if *leaving { explained } else { String::new() } }</p>
                <div class="form-actions" hidden={!*leaving}>
                    <button type="button" class="button" onclick={set_leaving(false)}>{ words.cancel }</button>
                    <button type="button" class="button danger" onclick={move |_| act(vec![Action::Leave])}>{ words.leave }</button>
                </div>
            </div>
        </div>
    }
}

fn value(field: &NodeRef) -> String {
    field
        .cast::<HtmlInputElement>()
        .map_or(String::new(), |field| field.value())
}

fn chosen(field: &NodeRef) -> Option<Pace> {
    let field = field.cast::<HtmlSelectElement>()?;
    Pace::of_seconds(field.value().parse().ok()?)
}

/// What the form asks for, or what is wrong with it.
fn changes(item: &RoomItem, name: &str, topic: &str) -> Result<Vec<Action>, Problem> {
    let mut actions = Vec::new();
    let name = RoomName::parse(name).map_err(|problem| Problem::BadName { problem })?;
    if item.own && name != item.name {
        actions.push(Action::Rename { name });
    }
    let topic = match Topic::parse(topic) {
        Ok(topic) => Some(topic),
        Err(TextProblem::Blank) => None,
        Err(problem) => return Err(Problem::BadTopic { problem }),
    };
    if topic != item.topic {
        actions.push(Action::Topic { topic });
    }
    Ok(actions)
}

/// What is said below the name and below the topic.
fn errors(problem: Option<&Problem>, words: &Words) -> (String, String) {
    match problem {
        Some(problem @ Problem::BadName { .. }) => (words.name_problem(problem), String::new()),
        Some(problem) => (String::new(), words.topic_refused(&words.problem(problem))),
        None => (String::new(), String::new()),
    }
}
