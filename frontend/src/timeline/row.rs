//! One row of a timeline, with the day above it if it is the first of its day.

use shared::ids::RoomId;
use shared::protocol::{Action, Content, Event, Person, Span};
use shared::session::io::Input;
use shared::session::outbox::Entry;
use shared::session::views::Row;
use shared::text::RoomName;
use yew::prelude::*;

use crate::chat::actions::Actions;
use crate::locale::words::Words;
use crate::locale::{Locale, use_locale};
use crate::timeline::message::{Message, message, time};

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct RowViewProps {
    pub row: Row,
    pub room: RoomId,
    pub name: RoomName,
    pub me: Person,
    pub starts_group: bool,
    pub day: Option<AttrValue>,
    pub mine: bool,
    pub live: bool,
    pub actions: Actions,
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
    let content = match &props.row {
        Row::Beginning => html! { <p class="beginning">{ (words.beginning)(&props.name) }</p> },
        Row::Older => older(props, words),
        Row::Gap { span, loading } => gap(props, *span, *loading, &locale),
        Row::Event(event) => of_event(props, event, &locale),
        Row::Pending(entry) => of_entry(props, entry, &locale),
    };
    html! {
        <div class="row" data-row="" tabindex="-1">
            { day }
            { content }
        </div>
    }
}

fn of_event(props: &RowViewProps, event: &Event, locale: &Locale) -> Html {
    let words = locale.words;
    let who = &event.author.name;
    let text = match &event.content {
        Content::Message { body: None, .. } => words.message_deleted.to_owned(),
        Content::Message {
            body: Some(body), ..
        } => {
            let shown = Message {
                author: &event.author,
                at: event.at,
                text: body,
                starts_group: props.starts_group,
                mine: props.mine,
                progress: None,
                client_id: event.client_id,
                live: props.live,
            };
            return message(&shown, &props.actions, locale);
        }
        Content::Created { .. } => (words.room_created)(who),
        Content::Joined => (words.person_joined)(who),
        Content::Left => (words.person_left)(who),
        Content::Topic { topic: Some(topic) } => (words.topic_set)(who, topic),
        Content::Topic { topic: None } => (words.topic_removed)(who),
        Content::Edited { .. } | Content::Deleted { .. } | Content::Reacted { .. } => String::new(),
        Content::NotUnderstood(_) => (words.not_understood)(who),
    };
    html! { <p class="quiet-line">{ text }{ " " }{ time(event.at, &locale.format) }</p> }
}

fn of_entry(props: &RowViewProps, entry: &Entry, locale: &Locale) -> Html {
    let Action::Message { body } = &entry.draft.action else {
        return html! { <div hidden=true /> };
    };
    let shown = Message {
        author: &props.me,
        at: entry.draft.written,
        text: body,
        starts_group: props.starts_group,
        mine: true,
        progress: Some(&entry.progress),
        client_id: entry.draft.client_id,
        live: props.live,
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
    let load = props
        .actions
        .input
        .reform(move |_| Input::LoadGap { room, span });
    let text = if loading {
        words.loading_messages.to_owned()
    } else {
        (words.gap)(n, &locale.format.number(n))
    };
    html! {
        <p class="gap" data-loading={loading.to_string()}>
            <span>{ text }</span>
            <button type="button" class="button small" hidden={loading} onclick={load}>{ words.load_gap }</button>
        </p>
    }
}
