//! The panel that looks for messages: words and filters, what was found, and the way to it.

mod excerpt;

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use shared::protocol::Hit;
use shared::session::io::Input;
use shared::session::search::SearchView;
use shared::text::SearchText;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::avatar::avatar;
use crate::browser::{clock, is_narrow};
use crate::chat::actions::Actions;
use crate::chat::shown::RoomItem;
use crate::first_value::use_first_value;
use crate::icon::{Glyph, icon};
use crate::locale::format::date;
use crate::locale::{Locale, use_locale};
use crate::route::Route;
use crate::search::excerpt::{Part, excerpt};

/// Milliseconds without a further key before what was typed is looked for.
const PAUSE_MS: u32 = 250;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct SearchPanelProps {
    /// What was looked for last.
    pub view: Option<Rc<SearchView>>,
    pub rooms: Rc<Vec<RoomItem>>,
    pub live: bool,
    pub actions: Actions,
    pub on_close: Callback<()>,
}

/// The panel. What was found stays while it is closed, and is there again when it opens.
#[component]
pub fn SearchPanel(props: &SearchPanelProps) -> Html {
    let locale = use_locale();
    let words = locale.words;
    let field = use_node_ref();
    let pause = use_mut_ref(|| None::<Timeout>);
    let typed = props.view.as_ref().map(|view| view.text.to_string());
    use_first_value(&field, typed.unwrap_or_default());
    use_effect_with(field.clone(), |field| {
        if let Some(field) = field.cast::<HtmlInputElement>() {
            let _ = field.focus();
            field.select();
        }
    });
    let ask = {
        let (field, input) = (field.clone(), props.actions.input.clone());
        Callback::from(move |()| {
            let text = field.cast::<HtmlInputElement>().map(|field| field.value());
            input.emit(match SearchText::parse(&text.unwrap_or_default()) {
                Ok(text) => Input::Search {
                    text,
                    offset: minutes_ahead_of_utc(),
                },
                Err(_) => Input::SearchClosed,
            });
        })
    };
    // What an input method is still composing is looked for as well: the last of its events has the whole word.
    let oninput = {
        let (pause, ask) = (pause.clone(), ask.clone());
        move |_: InputEvent| {
            let ask = ask.clone();
            *pause.borrow_mut() = Some(Timeout::new(PAUSE_MS, move || ask.emit(())));
        }
    };
    let onsubmit = move |event: SubmitEvent| {
        event.prevent_default();
        *pause.borrow_mut() = None;
        ask.emit(());
    };
    html! {
        <>
            <form class="search" role="search" {onsubmit}>
                { icon(Glyph::Search) }
                <input ref={field} type="search" class="input" maxlength="200" autocomplete="off" enterkeyhint="search"
                    placeholder={words.search_messages} aria-label={words.search_messages} aria-describedby="search-hint" {oninput} />
            </form>
            <p class="hint" id="search-hint" hidden={props.view.is_some()}>{ words.search_hint }</p>
            { results(props, &locale) }
        </>
    }
}

fn results(props: &SearchPanelProps, locale: &Locale) -> Html {
    let words = locale.words;
    let Some(view) = &props.view else {
        return html! { <div class="found" /> };
    };
    let (n, more) = (view.hits.len() as u64, view.older.is_some());
    let status = match &view.problem {
        Some(problem) => words.problem(problem),
        None if view.waits && !props.live => words.when_connected.to_owned(),
        None if view.waits => words.searching.to_owned(),
        None if n == 0 && !more => words.no_message_found.to_owned(),
        None if more => words.found_more(&locale.format.number(n)),
        None => words.found(&locale.format.number(n)),
    };
    let hits = view.hits.iter().map(|hit| {
        let key = format!("{}/{}", hit.room, hit.event.seq.0);
        html! { <li {key}>{ result(hit, props, locale) }</li> }
    });
    let older = props.actions.input.reform(|_| Input::SearchOlder);
    html! {
        <div class="found">
            <p class="hint" role="status">{ status }</p>
            <ol class="hits">{ for hits }</ol>
            <button type="button" class="button wide" hidden={!more || view.waits} onclick={older}>{ words.search_older }</button>
        </div>
    }
}

/// A message that was found. A real link, so that it can be opened in another tab and its address copied.
fn result(hit: &Hit, props: &SearchPanelProps, locale: &Locale) -> Html {
    let said = hit.event.content.as_message();
    let Some(said) = said.filter(|message| !message.is_deleted()) else {
        return html! { <div hidden=true /> };
    };
    let body = said.body.as_deref().unwrap_or_default();
    let names: Vec<&str> = said.attachments.iter().map(|file| &*file.name).collect();
    let names = names.join(", ");
    let route = Route::At(hit.room, hit.event.seq);
    let (go, close) = (props.actions.go.clone(), props.on_close.clone());
    let onclick = move |event: MouseEvent| {
        if event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
            event.prevent_default();
            // On a phone the panel lies over the room.
            if is_narrow() {
                close.emit(());
            }
            go.emit(route);
        }
    };
    let room = props.rooms.iter().find(|room| room.id == hit.room);
    let room = room.map_or(String::new(), |room| room.name.to_string());
    let parts = excerpt(body, &hit.marks).into_iter().enumerate();
    let parts = parts.map(|(at, part)| match part {
        Part::Plain(text) => html! { <span key={at}>{ text }</span> },
        Part::Marked(text) => html! { <mark key={at}>{ text }</mark> },
        Part::Left => html! { <span key={at}>{ "…" }</span> },
    });
    let author = &hit.event.author;
    html! {
        <a class="hit" href={route.path()} {onclick}>
            { avatar(author) }
            <span class="hit-head">
                <strong dir="auto">{ author.name.to_string() }</strong>
                <span class="hit-place" dir="auto">{ room }</span>
                <time datetime={crate::locale::format::iso(hit.event.at)}>{ locale.format.short(hit.event.at) }</time>
            </span>
            <span class="hit-text" dir="auto">{ for parts }</span>
            <span class="hit-files" dir="auto" hidden={names.is_empty()}>{ icon(Glyph::Clip) }{ names.clone() }</span>
        </a>
    }
}

/// JavaScript counts the other way round.
fn minutes_ahead_of_utc() -> i16 {
    -date(clock::now().clock).get_timezone_offset() as i16
}
