//! How far an own message has come: quiet when all is well, plain words when not.

use shared::ids::ClientId;
use shared::session::io::Input;
use shared::session::outbox::Progress;
use yew::prelude::*;

use crate::chat::actions::Actions;
use crate::connection::countdown::{Countdown, Phrase};
use crate::icon::{Glyph, Icon};
use crate::locale::use_locale;
use crate::locale::words::Words;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct TickProps {
    /// How far it has come; none when its event is in the log.
    pub progress: Option<Progress>,
    pub live: bool,
}

/// The mark beside an own message.
#[component]
pub fn Tick(props: &TickProps) -> Html {
    let words = use_locale().words;
    let (state, glyph, text) = describe(props.progress.as_ref(), props.live, words);
    html! {
        <span class="tick" data-state={state} title={text} role="img" aria-label={text}>
            <Icon {glyph} />
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

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct TroubleProps {
    pub client_id: ClientId,
    pub progress: Progress,
    pub actions: Actions,
}

/// Why a message does not go out, and what can be done about it.
#[component]
pub fn Trouble(props: &TroubleProps) -> Html {
    let words = use_locale().words;
    let client_id = props.client_id;
    let retry = props
        .actions
        .input
        .reform(move |_| Input::Retry { client_id });
    let discard = props
        .actions
        .input
        .reform(move |_| Input::Discard { client_id });
    let (state, text, countdown) = match &props.progress {
        Progress::Failed { problem } => {
            let why = (words.problem)(problem);
            (
                "failed",
                (words.failed)(&why),
                html! { <span hidden=true /> },
            )
        }
        Progress::Waiting { until, problem } => {
            let why = (words.problem)(problem);
            (
                "waiting",
                (words.waiting)(&why),
                html! { <Countdown until={*until} phrase={Phrase(words.next_try_in)} /> },
            )
        }
        _ => return html! { <div hidden=true /> },
    };
    html! {
        <div class="trouble" data-state={state} role="group" aria-label={words.message_actions}>
            <p><Icon glyph={Glyph::Alert} />{ text }{ " " }{ countdown }</p>
            <button type="button" class="button small" onclick={retry}><Icon glyph={Glyph::Retry} />{ words.retry }</button>
            <button type="button" class="button small" onclick={discard}><Icon glyph={Glyph::Trash} />{ words.discard }</button>
        </div>
    }
}
