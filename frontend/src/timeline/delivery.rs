//! How far an own message has come: quiet when all is well, plain words when not.

use shared::problem::Problem;
use shared::session::io::Input;
use shared::session::outbox::Progress;
use yew::prelude::*;

use crate::chat::actions::Actions;
use crate::connection::countdown::{Countdown, Phrase};
use crate::icon::{Glyph, icon};
use crate::locale::words::Words;
use crate::timeline::message::Message;

/// The mark beside an own message; `progress` is none when its event is in the log.
pub(super) fn tick(
    mine: bool,
    progress: Option<&Progress>,
    live: bool,
    words: &'static Words,
) -> Html {
    if !mine {
        return html! { <span hidden=true /> };
    }
    let (state, glyph, text) = describe(progress, live, words);
    html! {
        <span class="tick" data-state={state} title={text} role="img" aria-label={text}>
            { icon(glyph) }
            <span class="tick-text" aria-hidden="true">{ text }</span>
        </span>
    }
}

fn describe(
    progress: Option<&Progress>,
    live: bool,
    words: &'static Words,
) -> (&'static str, Glyph, &'static str) {
    match progress {
        None | Some(Progress::Stored { .. }) => ("stored", Glyph::Check, words.stored),
        Some(Progress::Sending { .. }) => ("sending", Glyph::Sending, words.sending),
        Some(Progress::Queued) if live => ("queued", Glyph::Clock, words.queued),
        Some(Progress::Queued) => ("queued", Glyph::Clock, words.queued_offline),
        Some(Progress::Waiting { .. }) => ("waiting", Glyph::Clock, words.queued),
        Some(Progress::Failed { .. }) => ("failed", Glyph::Alert, words.not_sent),
    }
}

/// Why a message does not go out, and what can be done about it.
pub(super) fn trouble(message: &Message<'_>, actions: &Actions, words: &'static Words) -> Html {
    let client_id = message.client_id;
    let (state, text, countdown) = match message.progress {
        Some(Progress::Failed { problem }) => {
            let why = words.problem(problem);
            ("failed", words.failed(&why), html! { <span hidden=true /> })
        }
        Some(Progress::Waiting { until, problem }) => {
            let why = words.problem(problem);
            let phrase = Phrase::NextTry;
            (
                "waiting",
                words.waiting(&why),
                html! { <Countdown until={*until} {phrase} /> },
            )
        }
        _ => return html! { <div hidden=true /> },
    };
    // It goes by itself when the wait is over, and before that in vain.
    let paced = matches!(
        message.progress,
        Some(Progress::Waiting {
            problem: Problem::TooSoon { .. },
            ..
        })
    );
    let retry = actions.input.reform(move |_| Input::Retry { client_id });
    let discard = actions.input.reform(move |_| Input::Discard { client_id });
    let post = message.post.map(|(room, post)| (room, post.clone()));
    let is_post = post.is_some();
    let take_back = {
        let take_back = actions.take_back.clone();
        move |_| {
            if let Some((room, post)) = post.clone() {
                take_back.emit((client_id, room, post));
            }
        }
    };
    html! {
        <div class="trouble" data-state={state} role="group" aria-label={words.message_actions}>
            <p>{ icon(Glyph::Alert) }{ text }{ " " }{ countdown }</p>
            <button type="button" class="button small" hidden={paced} onclick={retry}>{ icon(Glyph::Retry) }{ words.retry }</button>
            <button type="button" class="button small" hidden={!is_post} onclick={take_back}>{ icon(Glyph::Pencil) }{ words.edit }</button>
            <button type="button" class="button small" onclick={discard}>{ icon(Glyph::Trash) }{ words.discard }</button>
        </div>
    }
}
