//! The rooms there are, to be looked through and joined.

use std::rc::Rc;

use shared::ids::RoomId;
use shared::limits;
use shared::protocol::RoomKind;
use shared::session::DirectoryView;
use shared::session::io::Input;
use shared::text::{RoomName, Topic};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::browser::{has_touch_keyboard, random};
use crate::chat::actions::Actions;
use crate::chat::shown::RoomItem;
use crate::icon::{Glyph, icon};
use crate::locale::{Locale, use_locale};
use crate::matching::{fit, plain};
use crate::route::Route;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct BrowseProps {
    pub directory: Option<Rc<DirectoryView>>,
    /// Those that the person is in: the directory has no private ones, and those that are archived are nowhere else.
    pub rooms: Rc<Vec<RoomItem>>,
    pub live: bool,
    pub actions: Actions,
}

/// The list, asked for anew each time it is shown.
#[component]
pub fn Browse(props: &BrowseProps) -> Html {
    let locale = use_locale();
    let words = locale.words;
    let field = use_node_ref();
    let wanted = use_state(String::new);
    use_effect_with(props.actions.input.clone(), |input| {
        input.emit(Input::ListRooms)
    });
    let oninput = {
        let (wanted, field) = (wanted.setter(), field.clone());
        move |_: InputEvent| {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                wanted.set(plain(field.value().trim()));
            }
        }
    };
    let fits = |line: &&Line<'_>| {
        let topic = line
            .topic
            .is_some_and(|topic| fit(topic, &wanted).is_some());
        topic || fit(line.name, &wanted).is_some()
    };
    let lines = lines(props);
    let list = |archived: bool| {
        let shown = lines.iter().filter(|line| line.archived == archived);
        let shown = shown.filter(fits).map(|line| {
            html! { <li key={line.id.to_string()} class="browse-room">{ entry(line, &props.actions, &locale) }</li> }
        });
        shown.collect::<Vec<Html>>()
    };
    let (open, archived) = (list(false), list(true));
    let nothing = open.is_empty() && archived.is_empty();
    let status = match &props.directory {
        None if props.live => words.loading_rooms,
        None => words.when_connected,
        Some(_) if nothing => words.no_room_found,
        Some(directory) if directory.more => words.more_rooms,
        Some(_) => "",
    };
    html! {
        <div class="browse">
            <div class="search">
                { icon(Glyph::Search) }
                <input ref={field} type="search" class="input" autofocus={!has_touch_keyboard()} placeholder={words.find_room} aria-label={words.find_room} {oninput} />
            </div>
            <ul class="browse-list">{ for open }</ul>
            <h3 class="browse-part" hidden={archived.is_empty()}>{ words.archived_rooms }</h3>
            <ul class="browse-list" hidden={archived.is_empty()}>{ for archived }</ul>
            <p class="hint" role="status">{ status }</p>
        </div>
    }
}

/// A room in the list.
#[derive(Debug)]
struct Line<'a> {
    id: RoomId,
    name: &'a RoomName,
    topic: Option<&'a Topic>,
    kind: RoomKind,
    archived: bool,
    /// How many people are in it, if the directory says so.
    members: Option<u64>,
    joined: bool,
}

/// What the directory has, and archived private rooms of this person.
fn lines(props: &BrowseProps) -> Vec<Line<'_>> {
    let listed = props.directory.iter().flat_map(|list| &list.rooms);
    let listed = listed.map(|room| Line {
        id: room.id,
        name: &room.name,
        topic: room.topic.as_ref(),
        kind: RoomKind::Public,
        archived: room.archived,
        members: Some(room.members),
        joined: room.joined,
    });
    let own = props.rooms.iter();
    let own = own.filter(|room| room.archived && room.kind == RoomKind::Private);
    let own = own.map(|room| Line {
        id: room.id,
        name: &room.name,
        topic: room.topic.as_ref(),
        kind: room.kind,
        archived: true,
        members: None,
        joined: true,
    });
    listed.chain(own).collect()
}

fn entry(line: &Line<'_>, actions: &Actions, locale: &Locale) -> Html {
    let words = locale.words;
    let (room, joined) = (line.id, line.joined);
    let (input, go) = (actions.input.clone(), actions.go.clone());
    let onclick = move |_| {
        if joined {
            go.emit(Route::Room(room));
        } else {
            let client_id = random::client_id();
            input.emit(Input::Join { room, client_id });
        }
    };
    let members = match line.members {
        None => String::new(),
        Some(n) if n >= limits::MEMBERS_COUNTED => {
            words.members(&format!("{}+", locale.format.number(n)))
        }
        Some(n) => words.members(&locale.format.number(n)),
    };
    let sign = match line.kind {
        _ if line.archived => Glyph::Archive,
        RoomKind::Private => Glyph::Lock,
        _ => Glyph::Hash,
    };
    let topic = line.topic.map_or(String::new(), Topic::to_string);
    html! {
        <>
            { icon(sign) }
            <span class="browse-name">
                <span class="room-name" dir="auto">{ line.name.to_string() }</span>
                <small class="browse-topic" dir="auto" hidden={topic.is_empty()}>{ topic.clone() }</small>
                <small>{ members }</small>
            </span>
            <button type="button" class={if joined { "button small" } else { "button small primary" }} {onclick}>
                { if joined { words.open } else { words.join } }
                <span class="unseen">{ " " }{ line.name.to_string() }</span>
            </button>
        </>
    }
}
