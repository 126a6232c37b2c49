//! How the connections before this one were, and how they ended.

use shared::recording::Connection;
use yew::prelude::*;

use crate::browser::clock;
use crate::connection::facts::SessionReader;
use crate::connection::inspector::words::Words;
use crate::connection::transport::name;
use crate::locale::Locale;

/// The list, the newest first.
pub fn history(session: &SessionReader, words: Words, locale: &Locale) -> Html {
    let session = session.session();
    let recorder = session.recorder();
    let connections = recorder.map_or_else(Vec::new, |it| it.connections().collect());
    let items = connections.iter().rev();
    let items = items.map(|one| item(one, after(one, &connections), words, locale));
    html! {
        <>
            <p class="hint">{ words.history_lead }</p>
            <ol class="history">{ for items }</ol>
        </>
    }
}

/// What was tried next.
pub fn after<'a>(connection: &Connection, all: &[&'a Connection]) -> Option<&'a Connection> {
    let mut later = all.iter().filter(|one| one.number > connection.number);
    later.next().copied()
}

fn item(connection: &Connection, next: Option<&Connection>, words: Words, locale: &Locale) -> Html {
    let tone = match (&connection.end, connection.steps.resumed) {
        (None, Some(_)) => "good",
        (None, None) => "busy",
        (Some(_), _) => "over",
    };
    html! {
        <li key={connection.number.to_string()} class="history-item" data-tone={tone}>
            <p class="history-head">
                <b>{ numbered(connection, words, locale) }</b>
            </p>
            { end(connection, next, words, locale) }
        </li>
    }
}

/// Its number, when it began, and by which way.
pub fn numbered(connection: &Connection, words: Words, locale: &Locale) -> String {
    words.numbered(
        &locale.format.number(connection.number),
        &locale.format.short(connection.began),
        name(connection.transport, locale.words),
    )
}

/// How one ended, or that it goes on; and what came next.
pub fn end(
    connection: &Connection,
    next: Option<&Connection>,
    words: Words,
    locale: &Locale,
) -> Html {
    let format = &locale.format;
    let seconds = |milliseconds: u64| format.number(milliseconds / 1_000);
    let Some(end) = &connection.end else {
        let so_far = clock::now().clock.0.saturating_sub(connection.began.0);
        return html! { <p class="hint">{ words.still_on(&seconds(so_far)) }</p> };
    };
    let goodbye = match end.clean {
        true => words.said_goodbye,
        false => words.no_goodbye,
    };
    let wait = match (end.wait, next) {
        (Some(wait), _) => words.tried_again(&format.number(wait)),
        (None, None) => words.not_tried_again.to_owned(),
        (None, Some(_)) => String::new(),
    };
    let next = next.map(|next| {
        let way = name(next.transport, locale.words);
        words.tried_next(&format.number(next.number), way)
    });
    html! {
        <ul class="end">
            <li><span class="close-code">{ end.code.0 }</span>{ " " }{ words.close_meaning(end.code.0) }</li>
            <li hidden={end.reason.is_empty()}>{ &end.reason }</li>
            <li>{ words.ended_by(end.by) }</li>
            <li>{ goodbye }</li>
            <li>{ words.lasted(&seconds(end.after)) }</li>
            <li>{ wait }</li>
            <li>{ next }</li>
        </ul>
    }
}
