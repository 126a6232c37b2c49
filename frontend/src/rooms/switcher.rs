//! Going somewhere by typing a few letters: to a room, or to a person.

use shared::sorted::by_key;
use std::rc::Rc;

use shared::ids::PersonId;
use shared::protocol::{Person, RoomKind};
use shared::session::io::Input;
use shared::session::members::Found;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::avatar::avatar;
use crate::browser::random;
use crate::chat::actions::Actions;
use crate::chat::shown::RoomItem;
use crate::composer::keys::Press;
use crate::icon::{Glyph, icon};
use crate::locale::use_locale;
use crate::locale::words::Words;
use crate::matching::{fit, plain};
use crate::rooms::sign::room_sign;
use crate::route::Route;

/// Lines that are shown: no one reads more, the next letter narrows them.
const MOST: usize = 12;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct SwitcherProps {
    pub me: PersonId,
    pub rooms: Rc<Vec<RoomItem>>,
    pub found: Option<Rc<Found>>,
    pub live: bool,
    pub actions: Actions,
    pub on_done: Callback<()>,
}

/// Where one can go.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Goal<'a> {
    Room(&'a RoomItem),
    /// Somebody with whom there is no direct room yet.
    Person(&'a Person),
}

/// The field and the goals that fit: a combobox, whose focus stays in the field.
#[component]
pub fn Switcher(props: &SwitcherProps) -> Html {
    let words = use_locale().words;
    let field = use_node_ref();
    // What was typed, and which line is chosen.
    let state = use_state(|| (String::new(), 0_usize));
    let goals = goals(props, &state.0);
    let at = state.1.min(goals.len().saturating_sub(1));
    let oninput = {
        let (state, field, input) = (state.setter(), field.clone(), props.actions.input.clone());
        move |_: InputEvent| {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                let text = field.value().trim().to_owned();
                state.set((plain(&text), 0));
                if !text.is_empty() {
                    input.emit(Input::FindPeople { text });
                }
            }
        }
    };
    let picks: Vec<Callback<()>> = goals.iter().map(|goal| pick(*goal, props)).collect();
    let onkeydown = {
        let (state, picks) = (state.clone(), picks.clone());
        move |event: KeyboardEvent| {
            let press = Press::of(&event);
            let count = picks.len().max(1);
            if press.is_plain(&event, "Enter") {
                event.prevent_default();
                if let Some(pick) = picks.get(at) {
                    pick.emit(());
                }
            } else if press.is_plain(&event, "ArrowDown") {
                event.prevent_default();
                state.set((state.0.clone(), (at + 1) % count));
            } else if press.is_plain(&event, "ArrowUp") {
                event.prevent_default();
                state.set((state.0.clone(), (at + count - 1) % count));
            }
        }
    };
    let lines = goals.iter().zip(picks).enumerate().map(|(n, (goal, pick))| {
        html! {
            <li key={key(*goal)} id={format!("goal-{n}")} class="goal" role="option" aria-selected={(n == at).to_string()}
                onclick={pick.reform(|_| ())}>{ line(*goal, words) }</li>
        }
    });
    let status = if !goals.is_empty() {
        ""
    } else if props.live {
        words.nothing_found
    } else {
        words.rooms_only_offline
    };
    let active = (!goals.is_empty()).then(|| format!("goal-{at}"));
    html! {
        <div class="browse">
            <div class="search">
                { icon(Glyph::Search) }
                <input ref={field} type="text" class="input" role="combobox" autofocus=true autocomplete="off" enterkeyhint="go"
                    aria-expanded="true" aria-controls="goals" aria-autocomplete="list" aria-activedescendant={active}
                    placeholder={words.go_to_hint} aria-label={words.go_to_hint} {oninput} {onkeydown} />
            </div>
            <ul id="goals" class="goals" role="listbox" aria-label={words.go_to} hidden={goals.is_empty()}>{ for lines }</ul>
            <p class="hint" role="status">{ status }</p>
        </div>
    }
}

/// What fits, best first; with nothing typed, what is unread and then the rooms as in the rail.
fn goals<'a>(props: &'a SwitcherProps, wanted: &str) -> Vec<Goal<'a>> {
    let mut goals: Vec<(u8, bool, Goal<'a>)> = Vec::new();
    for item in props.rooms.iter() {
        if wanted.is_empty() && item.archived {
            continue;
        }
        if let Some(fit) = fit(&item.name, wanted) {
            let quiet = item.archived || (wanted.is_empty() && item.unread == 0);
            goals.push((fit, quiet, Goal::Room(item)));
        }
    }
    let found = props.found.iter().flat_map(|found| &found.people);
    for person in found.filter(|person| !wanted.is_empty() && !talks_with(props, person.id)) {
        if let Some(fit) = fit(&person.name, wanted) {
            goals.push((fit, true, Goal::Person(person)));
        }
    }
    let mut goals = by_key(goals, |(fit, quiet, _)| (*fit, *quiet));
    goals.truncate(MOST);
    goals.into_iter().map(|(_, _, goal)| goal).collect()
}

/// Whether there is a direct room with this person and no one else.
fn talks_with(props: &SwitcherProps, person: PersonId) -> bool {
    let mut rooms = props.rooms.iter();
    rooms.any(|room| {
        room.kind == RoomKind::Direct && matches!(room.people.as_slice(), [one] if one.id == person)
    })
}

fn pick(goal: Goal<'_>, props: &SwitcherProps) -> Callback<()> {
    let (actions, done) = (props.actions.clone(), props.on_done.clone());
    match goal {
        Goal::Room(item) => {
            let room = item.id;
            Callback::from(move |()| {
                done.emit(());
                actions.go.emit(Route::Room(room));
            })
        }
        Goal::Person(person) => {
            let people = vec![person.id];
            Callback::from(move |()| {
                done.emit(());
                actions.input.emit(Input::OpenDirect {
                    people: people.clone(),
                    client_id: random::client_id(),
                });
            })
        }
    }
}

fn key(goal: Goal<'_>) -> String {
    match goal {
        Goal::Room(item) => item.id.to_string(),
        Goal::Person(person) => format!("p{}", person.id),
    }
}

fn line(goal: Goal<'_>, words: &Words) -> Html {
    let (sign, name, more) = match goal {
        Goal::Room(item) if item.archived => {
            (room_sign(item), item.name.to_string(), words.is_archived)
        }
        Goal::Room(item) => (room_sign(item), item.name.to_string(), ""),
        Goal::Person(person) => (avatar(person), person.name.to_string(), words.write_first),
    };
    html! { <>{ sign }<span class="room-name" dir="auto">{ name }</span><small>{ more }</small></> }
}
