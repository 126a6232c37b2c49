//! Looking for people by name, to pick one.

use std::rc::Rc;

use shared::ids::PersonId;
use shared::protocol::Person;
use shared::session::io::Input;
use shared::session::members::Found;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::avatar::avatar;
use crate::icon::{Glyph, icon};
use crate::locale::use_locale;
use crate::matching::{fit, plain};

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct FindPeopleProps {
    /// Who was found, for whatever was looked for last.
    pub found: Option<Rc<Found>>,
    /// Who is not offered.
    pub without: Vec<PersonId>,
    pub live: bool,
    /// What picking does, on the button of each.
    pub pick: &'static str,
    pub input: Callback<Input>,
    pub on_pick: Callback<Person>,
}

/// The field and who fits.
#[component]
pub fn FindPeople(props: &FindPeopleProps) -> Html {
    let words = use_locale().words;
    let field = use_node_ref();
    let wanted = use_state(String::new);
    use_effect_with((), {
        let (field, input) = (field.clone(), props.input.clone());
        move |()| {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                let _ = field.focus();
            }
            input.emit(Input::FindPeople {
                text: String::new(),
            });
        }
    });
    let oninput = {
        let (wanted, field, input) = (wanted.setter(), field.clone(), props.input.clone());
        move |_: InputEvent| {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                let text = field.value().trim().to_owned();
                wanted.set(plain(&text));
                input.emit(Input::FindPeople { text });
            }
        }
    };
    let people = props.found.iter().flat_map(|found| &found.people);
    let fitting = people.filter(|person| fit(&person.name, &wanted).is_some());
    // Who is not offered because they were picked already is somebody all the same.
    let nobody = fitting.clone().next().is_none();
    let offered: Vec<Html> = fitting
        .filter(|person| !props.without.contains(&person.id))
        .map(|person| {
            let picked = person.clone();
            let onclick = props.on_pick.reform(move |_| picked.clone());
            html! {
                <li key={person.id.to_string()} class="person">
                    { avatar(person) }
                    <span class="person-name" dir="auto">{ person.name.to_string() }</span>
                    <button type="button" class="button small" {onclick}>
                        { props.pick }<span class="unseen">{ " " }{ person.name.to_string() }</span>
                    </button>
                </li>
            }
        })
        .collect();
    let status = match &props.found {
        None if !props.live => words.when_connected,
        None => "",
        Some(found) if found.more => words.more_people,
        Some(_) if nobody => words.nobody_found,
        Some(_) => "",
    };
    html! {
        <div class="browse">
            <div class="search">
                { icon(Glyph::Search) }
                <input ref={field} type="search" class="input" placeholder={words.find_people} aria-label={words.find_people} {oninput} />
            </div>
            <ul class="people">{ for offered }</ul>
            <p class="hint" role="status">{ status }</p>
        </div>
    }
}
