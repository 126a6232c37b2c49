//! The panel that says who is in a room, puts others in and takes them out.

use std::rc::Rc;

use shared::ids::PersonId;
use shared::protocol::{Action, Person, Presence, RoomKind};
use shared::session::io::Input;
use shared::session::members::{Found, Members};
use yew::prelude::*;

use crate::avatar::avatar;
use crate::browser::random;
use crate::chat::actions::Actions;
use crate::chat::shown::RoomItem;
use crate::dialog::Dialog;
use crate::find_people::FindPeople;
use crate::icon::{Glyph, icon};
use crate::locale::use_locale;
use crate::locale::words::Words;
use crate::notices::here::here;
use crate::profiles::{Profiles, use_profiles};
use crate::rooms::remove::Remove;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct MembersPanelProps {
    pub me: PersonId,
    pub item: RoomItem,
    /// Of whichever room was asked for last.
    pub members: Option<Rc<Members>>,
    /// Whether those are here.
    pub here: Rc<Vec<(PersonId, Presence)>>,
    pub found: Option<Rc<Found>>,
    pub live: bool,
    pub actions: Actions,
}

/// The panel. The list is asked for when another room is shown; the session keeps it up to date.
#[component]
pub fn MembersPanel(props: &MembersPanelProps) -> Html {
    let locale = use_locale();
    let words = locale.words;
    let item = &props.item;
    let adding = use_state(|| false);
    let removing = use_state(|| None::<Person>);
    let profiles = use_profiles();
    use_effect_with((item.id, props.actions.input.clone()), {
        let adding = adding.setter();
        move |(room, input)| {
            adding.set(false);
            input.emit(Input::ListMembers { room: *room });
        }
    });
    let known = props.members.as_ref().filter(|list| list.room == item.id);
    let people = known.map_or(&[][..], |list| &list.people);
    let status = match known {
        None if props.live => words.loading_members.to_owned(),
        None => words.when_connected.to_owned(),
        Some(list) => {
            let n = list.people.len() as u64;
            let text = locale.format.number(n);
            if list.more {
                words.members_first(&text)
            } else {
                words.members(&text)
            }
        }
    };
    let add = {
        let (room, send) = (item.id, props.actions.send.clone());
        Callback::from(move |person: Person| {
            // An outbox that is full is said by the owner of the session.
            let _ = send.emit((room, Action::Add { person }));
        })
    };
    let toggle = {
        let adding = adding.clone();
        move |_: MouseEvent| adding.set(!*adding)
    };
    let finder = if *adding {
        let without = people.iter().map(|person| person.id).collect::<Vec<_>>();
        html! {
            <div class="panel-add">
                <p class="hint">{ words.add_explained }</p>
                <FindPeople found={props.found.clone()} {without} live={props.live} pick={words.add} input={props.actions.input.clone()} on_pick={add} />
            </div>
        }
    } else {
        html! { <div hidden=true /> }
    };
    let fixed = item.kind == RoomKind::Direct || item.archived;
    html! {
        <>
            <button type="button" class="button wide" aria-expanded={adding.to_string()} hidden={fixed} onclick={toggle}>{ words.add_people }</button>
            { finder }
            <p class="hint" role="status">{ status }</p>
            <ul class="people">{ for people.iter().map(|person| member(person, props, &profiles, &removing.setter(), words)) }</ul>
            { banned(known.map_or(&[][..], |list| &list.banned), props, words) }
            { remove(&removing, props, words) }
        </>
    }
}

/// Who cannot come in, for those who may take that back.
fn banned(people: &[Person], props: &MembersPanelProps, words: &Words) -> Html {
    let entry = |person: &Person| {
        let (room, send, unbanned) = (props.item.id, props.actions.send.clone(), person.clone());
        let unban = move |_: MouseEvent| {
            let (person, on, erase) = (unbanned.clone(), false, false);
            // An outbox that is full is said by the owner of the session.
            let _ = send.emit((room, Action::Ban { person, on, erase }));
        };
        html! {
            <li key={person.id.to_string()} class="person">
                { avatar(person) }
                <span class="person-name" dir="auto">{ person.name.to_string() }</span>
                <button type="button" class="button small" aria-label={words.order.unban_person(&person.name)} onclick={unban}>{ words.order.unban }</button>
            </li>
        }
    };
    html! {
        <section class="people-banned" aria-labelledby="banned-title" hidden={people.is_empty()}>
            <h3 id="banned-title">{ words.order.banned_people }</h3>
            <ul class="people">{ for people.iter().map(entry) }</ul>
        </section>
    }
}

fn remove(
    person: &UseStateHandle<Option<Person>>,
    props: &MembersPanelProps,
    words: &Words,
) -> Html {
    let close = {
        let setter = person.setter();
        Callback::from(move |()| setter.set(None))
    };
    let title = person.as_ref().map_or(String::new(), |person| {
        words.order.take_out_title(&person.name)
    });
    let form = match &**person {
        Some(person) => html! {
            <Remove key={person.id.to_string()} room={props.item.id} kind={props.item.kind} person={person.clone()}
                actions={props.actions.clone()} on_done={close.clone()} />
        },
        None => html! { <div hidden=true /> },
    };
    html! { <Dialog id="take-out" {title} open={person.is_some()} on_close={close}>{ form }</Dialog> }
}

fn member(
    person: &Person,
    props: &MembersPanelProps,
    profiles: &Profiles,
    removing: &UseStateSetter<Option<Person>>,
    words: &Words,
) -> Html {
    let (id, item) = (person.id, &props.item);
    let is_me = id == props.me;
    let mut known = props.here.iter();
    let presence = known.find(|one| one.0 == id && !is_me).map(|one| one.1);
    let write = props.actions.input.reform(move |_| Input::OpenDirect {
        people: vec![id],
        client_id: random::client_id(),
    });
    let remove = {
        let (removing, person) = (removing.clone(), person.clone());
        move |_: MouseEvent| removing.set(Some(person.clone()))
    };
    let may = item.own && profiles.role(props.me).may_act_against(profiles.role(id));
    let write_to = words.write_to(&person.name);
    let take_out = words.take_out(&person.name);
    let alone = item.kind == RoomKind::Direct && item.people.len() == 1;
    html! {
        <li key={id.to_string()} class="person">
            { avatar(person) }
            { here(presence, &words.notices) }
            <span class="person-name" dir="auto">{ person.name.to_string() }</span>
            <small hidden={!is_me}>{ words.you }</small>
            <button type="button" class="icon-button" aria-label={write_to.clone()} title={write_to} hidden={is_me || alone} onclick={write}>
                { icon(Glyph::Speech) }
            </button>
            <button type="button" class="icon-button" aria-label={take_out.clone()} title={take_out} aria-haspopup="dialog" hidden={is_me || !may} onclick={remove}>
                { icon(Glyph::Close) }
            </button>
        </li>
    }
}
