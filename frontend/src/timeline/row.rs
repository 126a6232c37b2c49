//! One row of a timeline, with the day above it if it is the first of its day.

use std::rc::Rc;

use shared::ids::{RoomId, Seq, Timestamp};
use shared::limits;
use shared::protocol::{Action, Content, Event, Message as Said, Person, Span};
use shared::session::io::Input;
use shared::session::outbox::{Entry, Progress};
use shared::session::views::Row;
use shared::text::RoomName;
use yew::prelude::*;

use crate::chat::actions::Actions;
use crate::chat::changes::waits;
use crate::conversation::Wish;
use crate::locale::words::Words;
use crate::locale::{Locale, use_locale};
use crate::rooms::pace::every;
use crate::route::Route;
use crate::timeline::files::{Place, files};
use crate::timeline::message::{Message, message, time};
use crate::timeline::quote::{Answered, origin, quote};
use crate::timeline::readers::faces;
use crate::timeline::rows;
use crate::timeline::tools::{self, Target};

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct RowViewProps {
    pub row: Row,
    pub room: RoomId,
    pub name: RoomName,
    /// The room is a direct one.
    pub direct: bool,
    pub me: Person,
    pub starts_group: bool,
    /// What is new begins with it; whether the person has said that it is read.
    pub divider: Option<bool>,
    pub day: Option<AttrValue>,
    pub mine: bool,
    pub live: bool,
    /// It was edited, then if that is known.
    pub edited: Option<Option<Timestamp>>,
    /// What it answers.
    pub quote: Option<Answered>,
    /// Who has read so far, and no further.
    pub readers: Vec<Person>,
    /// One other person is in the room.
    pub alone: bool,
    /// It shows what can be done with it.
    pub pointed: bool,
    /// The reader was brought to it a moment ago.
    pub marked: bool,
    /// It is in the composer.
    pub editing: bool,
    pub actions: Actions,
    pub on_wish: Callback<Wish>,
}

/// The row. It is a component so that it is drawn again only when it has changed; what is in it are functions.
#[component]
pub fn RowView(props: &RowViewProps) -> Html {
    let locale = use_locale();
    let words = locale.words;
    let day = match &props.day {
        Some(day) => {
            html! { <div class="day" role="separator" aria-label={day}><span aria-hidden="true">{ day }</span></div> }
        }
        None => html! { <div hidden=true /> },
    };
    let new = match props.divider {
        Some(read) => html! {
            <div class="new-line" role="separator" data-read={read.to_string()} aria-label={words.new_messages}>
                <span aria-hidden="true">{ words.new_messages }</span>
            </div>
        },
        None => html! { <div hidden=true /> },
    };
    let content = match &props.row {
        Row::Beginning if props.direct => {
            html! { <p class="beginning">{ words.beginning_with(&props.name) }</p> }
        }
        Row::Beginning => html! { <p class="beginning">{ words.beginning(&props.name) }</p> },
        Row::Older(_) => older(props, words),
        Row::Gap { span, loading } => gap(props, *span, *loading, &locale),
        Row::Event(event) => of_event(props, event, &locale),
        Row::Joined(several) => joined(several, &locale),
        Row::Pending(entry) => of_entry(props, entry, &locale),
    };
    let (seq, _) = rows::message(&props.row);
    let seq = seq.map(|seq| seq.to_string());
    html! {
        <div class="row" data-row="" data-seq={seq} data-pointed={props.pointed.then_some("true")}
            data-marked={props.marked.then_some("true")} data-editing={props.editing.then_some("true")} tabindex="-1">
            { new }
            { day }
            { content }
            { faces(&props.readers, props.alone, words) }
        </div>
    }
}

fn of_event(props: &RowViewProps, event: &Event, locale: &Locale) -> Html {
    let words = locale.words;
    let who = &event.author.name;
    let text = match &event.content {
        Content::Message(said) => return of_message(props, event, said, locale),
        Content::Pinned { target, .. } => return pinned(props, event, *target, locale),
        Content::Created { .. } => words.room_created(who),
        Content::Joined => words.person_joined(who),
        Content::Left => words.person_left(who),
        Content::Topic { topic: Some(topic) } => words.topic_set(who, topic),
        Content::Topic { topic: None } => words.topic_removed(who),
        Content::Renamed { name } => words.room_renamed(who, name),
        Content::Archived { on: true } => words.room_archived(who),
        Content::Archived { on: false } => words.room_taken_back(who),
        Content::Added { person } if person.id == props.me.id => words.you_added(who),
        Content::Added { person } => words.person_added(who, &person.name),
        Content::Removed { person } => words.person_removed(who, &person.name),
        Content::Banned { person, on: true } => words.order.person_banned(who, &person.name),
        Content::Banned { person, on: false } => words.order.person_unbanned(who, &person.name),
        Content::Paced { pace } if pace.is_none() => words.order.unpaced(who),
        Content::Paced { pace } => words.order.paced(who, &every(*pace, locale)),
        // They have no row of their own.
        Content::Edited { .. } | Content::Deleted { .. } | Content::Reacted { .. } => String::new(),
        Content::NotUnderstood(_) => words.not_understood(who),
    };
    quiet_line(text, event.at, locale)
}

fn quiet_line(text: String, at: Timestamp, locale: &Locale) -> Html {
    html! { <p class="quiet-line">{ text }{ " " }{ time(at, &locale.format) }</p> }
}

/// Several people joined, one right after the other: two are named, or three, or two and how many more.
fn joined(several: &[Rc<Event>], locale: &Locale) -> Html {
    let words = locale.words;
    let mut names: Vec<&str> = Vec::new();
    for event in several {
        let name = &*event.author.name;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let named = if names.len() > 3 { 2 } else { names.len() };
    let more = (names.len() - named) as u64;
    let text = if more > 0 {
        let listed = words.list(&names[..named]);
        words.people_joined_more(&listed, &locale.format.number(more))
    } else if let [first @ .., last] = names.as_slice()
        && !first.is_empty()
    {
        words.people_joined(&words.list(first), last)
    } else {
        words.person_joined(names.first().copied().unwrap_or_default())
    };
    let at = several.last().map(|event| event.at).unwrap_or_default();
    quiet_line(text, at, locale)
}

/// Somebody has pinned a message, which a click leads to.
fn pinned(props: &RowViewProps, event: &Event, target: Seq, locale: &Locale) -> Html {
    let (words, room) = (locale.words, props.room);
    let jump = props.actions.go.reform(move |_| Route::At(room, target));
    html! {
        <p class="quiet-line">
            { words.person_pinned(&event.author.name) }{ " " }
            <button type="button" class="link" onclick={jump}>{ words.show_message }</button>{ " " }
            { time(event.at, &locale.format) }
        </p>
    }
}

fn of_message(props: &RowViewProps, event: &Event, said: &Said, locale: &Locale) -> Html {
    let hidden = || html! { <div hidden=true /> };
    let body = said.body.as_ref();
    let (tools, chips) = match said.is_deleted() {
        true => (hidden(), hidden()),
        false => {
            let target = Target {
                room: props.room,
                seq: event.seq,
                me: props.me.id,
                mine: props.mine,
                body,
                reactions: &said.reactions,
            };
            let tools = if props.pointed {
                tools::bar(&target, &props.actions, &props.on_wish, locale)
            } else {
                hidden()
            };
            (tools, tools::chips(&target, &props.actions, locale))
        }
    };
    let waits = waits(&event.content);
    let on_view = props.on_wish.reform(Wish::View);
    let shown = Message {
        author: &event.author,
        at: event.at,
        text: (!said.is_deleted()).then(|| body.map_or("", |body| &**body)),
        deleted_by: said.deleted_by.as_ref(),
        files: files(
            &said.attachments,
            &Place::Server(&on_view),
            props.me.id,
            locale,
        ),
        starts_group: props.starts_group,
        mine: props.mine,
        progress: waits.then_some(&Progress::Queued),
        client_id: event.client_id,
        live: props.live,
        edited: props.edited,
        pinned: said.pinned.is_some(),
        quote: quote(props.room, props.quote.as_ref(), &props.actions, locale),
        origin: origin(said.forwarded.as_deref(), &props.actions, locale),
        mentions: &said.mentions,
        me: props.me.id,
        tools,
        chips,
        post: None,
    };
    message(&shown, &props.actions, locale)
}

fn of_entry(props: &RowViewProps, entry: &Entry, locale: &Locale) -> Html {
    let (text, post) = match &entry.draft.action {
        Action::Message(post) => (
            post.body.as_deref().unwrap_or_default(),
            Some((props.room, post)),
        ),
        _ => (locale.words.forwarding, None),
    };
    let shown = Message {
        author: &props.me,
        at: entry.draft.written,
        text: Some(text),
        deleted_by: None,
        files: files(
            entry.draft.action.attachments(),
            &Place::Here(&props.actions.files),
            props.me.id,
            locale,
        ),
        starts_group: props.starts_group,
        mine: true,
        progress: Some(&entry.progress),
        client_id: entry.draft.client_id,
        live: props.live,
        edited: None,
        pinned: false,
        quote: quote(props.room, props.quote.as_ref(), &props.actions, locale),
        origin: html! { <p hidden=true /> },
        mentions: &[],
        me: props.me.id,
        tools: html! { <div hidden=true /> },
        chips: html! { <div hidden=true /> },
        post,
    };
    message(&shown, &props.actions, locale)
}

/// Older messages come by themselves as one scrolls; the button is for whoever does not scroll.
fn older(props: &RowViewProps, words: &Words) -> Html {
    let room = props.room;
    let load = props
        .actions
        .input
        .reform(move |_| Input::LoadOlder { room });
    html! {
        <p class="gap"><button type="button" class="button small" onclick={load}>{ words.load_older }</button></p>
    }
}

fn gap(props: &RowViewProps, span: Span, loading: bool, locale: &Locale) -> Html {
    let (words, room, n) = (locale.words, props.room, span.len());
    // The rest comes as one scrolls.
    let step = Span {
        to: span.to.min(Seq(span.from.0 + limits::PAGE_EVENTS - 1)),
        ..span
    };
    let load = props
        .actions
        .input
        .reform(move |_| Input::LoadGap { room, span: step });
    let text = if loading {
        words.loading_messages.to_owned()
    } else {
        words.gap(&locale.format.number(n))
    };
    html! {
        <p class="gap" data-loading={loading.to_string()}>
            <span>{ text }</span>
            <button type="button" class="button small" hidden={loading} onclick={load}>{ words.load_gap }</button>
        </p>
    }
}
