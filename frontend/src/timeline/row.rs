//! One row of a timeline, with the day above it if it is the first of its day.

use shared::ids::RoomId;
use shared::protocol::{Content, Event, Person, Span};
use shared::session::io::Input;
use shared::session::views::Row;
use shared::text::RoomName;
use yew::prelude::*;

use crate::chat::actions::Actions;
use crate::locale::use_locale;
use crate::timeline::message::{Message, Time};

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

/// The row.
#[component]
pub fn RowView(props: &RowViewProps) -> Html {
    let day = match &props.day {
        Some(day) => {
            html! { <div class="day" role="separator" aria-label={day}><span aria-hidden="true">{ day }</span></div> }
        }
        None => html! { <div hidden=true /> },
    };
    let content = match &props.row {
        Row::Beginning => html! { <Beginning name={props.name.clone()} /> },
        Row::Older => older(props),
        Row::Gap { span, loading } => gap(props, *span, *loading),
        Row::Event(event) => of_event(props, event),
        Row::Pending(entry) => html! {
            <Message author={props.me.clone()} at={entry.draft.written} text={entry.draft.body.to_string()}
                starts_group={props.starts_group} mine=true progress={entry.progress.clone()}
                client_id={entry.draft.client_id} live={props.live} actions={props.actions.clone()} />
        },
    };
    html! {
        <div class="row" data-row="" tabindex="-1">
            { day }
            { content }
        </div>
    }
}

fn of_event(props: &RowViewProps, event: &Event) -> Html {
    match &event.content {
        Content::Message { body } => html! {
            <Message author={event.author.clone()} at={event.at} text={body.to_string()}
                starts_group={props.starts_group} mine={props.mine} progress={None}
                client_id={event.client_id} live={props.live} actions={props.actions.clone()} />
        },
        _ => html! { <Quiet event={event.clone()} /> },
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
struct QuietProps {
    event: Event,
}

/// What happened without a word.
#[component]
fn Quiet(props: &QuietProps) -> Html {
    let words = use_locale().words;
    let who = &props.event.author.name;
    let text = match props.event.content {
        Content::Created { .. } => (words.room_created)(who),
        Content::Joined => (words.person_joined)(who),
        Content::Message { .. } | Content::NotUnderstood(_) => (words.not_understood)(who),
    };
    html! { <p class="quiet-line">{ text }{ " " }<Time at={props.event.at} /></p> }
}

#[derive(Debug, Clone, PartialEq, Properties)]
struct BeginningProps {
    name: RoomName,
}

#[component]
fn Beginning(props: &BeginningProps) -> Html {
    let words = use_locale().words;
    html! { <p class="beginning">{ (words.beginning)(&props.name) }</p> }
}

fn older(props: &RowViewProps) -> Html {
    let room = props.room;
    let load = props
        .actions
        .input
        .reform(move |()| Input::LoadOlder { room });
    html! { <LoadOlder {load} /> }
}

#[derive(Debug, Clone, PartialEq, Properties)]
struct LoadOlderProps {
    load: Callback<()>,
}

/// Older messages come by themselves as one scrolls; the button is for whoever does not scroll.
#[component]
fn LoadOlder(props: &LoadOlderProps) -> Html {
    let words = use_locale().words;
    html! {
        <p class="gap">
            <button type="button" class="button small" onclick={props.load.reform(|_| ())}>{ words.load_older }</button>
        </p>
    }
}

fn gap(props: &RowViewProps, span: Span, loading: bool) -> Html {
    let room = props.room;
    let load = props
        .actions
        .input
        .reform(move |()| Input::LoadGap { room, span });
    html! { <Gap {span} {loading} {load} /> }
}

#[derive(Debug, Clone, PartialEq, Properties)]
struct GapProps {
    span: Span,
    loading: bool,
    load: Callback<()>,
}

#[component]
fn Gap(props: &GapProps) -> Html {
    let locale = use_locale();
    let (words, n) = (locale.words, props.span.len());
    html! {
        <p class="gap" data-loading={props.loading.to_string()}>
            <span>{ if props.loading { words.loading_messages.to_owned() } else { (words.gap)(n, &locale.format.number(n)) } }</span>
            <button type="button" class="button small" hidden={props.loading} onclick={props.load.reform(|_| ())}>{ words.load_gap }</button>
        </p>
    }
}
