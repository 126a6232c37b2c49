//! How the connections before this one were, and how they ended.

use shared::recording::Connection;
use yew::prelude::*;

use crate::browser::clock;
use crate::connection::facts::SessionReader;
use crate::connection::inspector::words::Words;
use crate::locale::Locale;

/// The list, the newest first.
pub fn history(session: &SessionReader, words: Words, locale: &Locale) -> Html {
    let session = session.session();
    let recorder = session.recorder();
    let connections = recorder.into_iter().flat_map(|it| it.connections().rev());
    let items = connections.map(|one| item(one, words, locale));
    html! {
        <>
            <p class="hint">{ words.history_lead }</p>
            <ol class="history">{ for items }</ol>
        </>
    }
}

fn item(connection: &Connection, words: Words, locale: &Locale) -> Html {
    let format = &locale.format;
    let tone = match (&connection.end, connection.steps.resumed) {
        (None, Some(_)) => "good",
        (None, None) => "busy",
        (Some(_), _) => "over",
    };
    html! {
        <li key={connection.number.to_string()} class="history-item" data-tone={tone}>
            <p class="history-head">
                <b>{ words.numbered(&format.number(connection.number), &format.short(connection.began)) }</b>
            </p>
            { end(connection, words, locale) }
        </li>
    }
}

/// How one ended, or that it goes on.
pub fn end(connection: &Connection, words: Words, locale: &Locale) -> Html {
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
    let next = match end.wait {
        Some(wait) => words.tried_again(&format.number(wait)),
        None => words.not_tried_again.to_owned(),
    };
    html! {
        <ul class="end">
            <li><span class="close-code">{ end.code.0 }</span>{ " " }{ words.close_meaning(end.code.0) }</li>
            <li hidden={end.reason.is_empty()}>{ &end.reason }</li>
            <li>{ words.ended_by(end.by) }</li>
            <li>{ goodbye }</li>
            <li>{ words.lasted(&seconds(end.after)) }</li>
            <li>{ next }</li>
        </ul>
    }
}
