//! Choosing whom to write to.

use std::rc::Rc;

use shared::limits;
use shared::protocol::Person;
use shared::session::io::Input;
use shared::session::members::Found;
use yew::prelude::*;

use crate::browser::random;
use crate::chat::actions::Actions;
use crate::find_people::FindPeople;
use crate::icon::{Glyph, icon};
use crate::locale::use_locale;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct NewDirectProps {
    pub found: Option<Rc<Found>>,
    pub live: bool,
    pub actions: Actions,
    pub on_done: Callback<()>,
}

/// The form: who was chosen, and who else there is.
#[component]
pub fn NewDirect(props: &NewDirectProps) -> Html {
    let locale = use_locale();
    let words = locale.words;
    let chosen = use_state(Vec::<Person>::new);
    let is_full = chosen.len() + 1 >= limits::DIRECT_PEOPLE;
    let on_pick = {
        let chosen = chosen.clone();
        Callback::from(move |person: Person| {
            let mut people = (*chosen).clone();
            people.push(person);
            chosen.set(people);
        })
    };
    let chips = chosen.iter().map(|person| {
        let (id, chosen) = (person.id, chosen.clone());
        let drop = move |_: MouseEvent| {
            let others = chosen.iter().filter(|one| one.id != id);
            chosen.set(others.cloned().collect());
        };
        html! {
            <li key={id.to_string()}>
                <button type="button" class="button small" aria-label={words.take_off(&person.name)} onclick={drop}>
                    <span dir="auto">{ person.name.to_string() }</span>{ icon(Glyph::Close) }
                </button>
            </li>
        }
    });
    let start = {
        let (input, done, chosen) = (
            props.actions.input.clone(),
            props.on_done.clone(),
            chosen.clone(),
        );
        move |_: MouseEvent| {
            if chosen.is_empty() {
                return;
            }
            input.emit(Input::OpenDirect {
                people: chosen.iter().map(|person| person.id).collect(),
                client_id: random::client_id(),
            });
            done.emit(());
        }
    };
    let limit = locale.format.number(limits::DIRECT_PEOPLE as u64);
    html! {
        <div class="form">
            <ul class="chosen" hidden={chosen.is_empty()}>{ for chips }</ul>
            <p class="hint" role="status">{ if is_full { words.direct_full(&limit) } else { words.direct_hint.to_owned() } }</p>
            <div hidden={is_full}>
                <FindPeople found={props.found.clone()} without={chosen.iter().map(|one| one.id).collect::<Vec<_>>()} live={props.live}
                    pick={words.choose} input={props.actions.input.clone()} {on_pick} />
            </div>
            <button type="button" class="button primary wide" aria-disabled={chosen.is_empty().to_string()} onclick={start}>{ words.start_direct }</button>
        </div>
    }
}
