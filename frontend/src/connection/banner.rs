//! The line above the timeline, shown only when the person must know or can act.

use shared::ids::ClientId;
use shared::limits;
use shared::session::connection::StopReason;
use shared::session::io::Input;
use yew::prelude::*;

use crate::browser::window;
use crate::chat::actions::{Actions, Notice};
use crate::chat::changes::NotDone;
use crate::chat::shown::{Phase, Status};
use crate::connection::countdown::{Countdown, Phrase};
use crate::locale::Locale;
use crate::locale::words::Words;

/// The banner about the connection. Its place in the page stays, so that it is announced when it gets words.
pub fn banner(status: &Status, actions: &Actions, locale: &Locale) -> Html {
    let words = locale.words;
    let text = match status.phase {
        Phase::Live => "",
        Phase::Stopped(StopReason::Version) => words.banner_outdated,
        Phase::Stopped(StopReason::SignIn) => words.session_over,
        Phase::Stopped(StopReason::ShutOut) => words.order.shut_out_lead,
        _ if !status.online => words.banner_offline,
        Phase::Waiting { .. } if status.been_live => words.banner_lost,
        Phase::Waiting { .. } => words.banner_unreachable,
        Phase::Connecting if status.been_live => words.banner_reconnecting,
        Phase::Connecting => words.banner_connecting,
    };
    let countdown = match status.phase {
        Phase::Waiting { until } => {
            let phrase = if status.been_live {
                Phrase::Reconnecting
            } else {
                Phrase::NextTry
            };
            html! { <Countdown {until} {phrase} /> }
        }
        _ => html! { <span hidden=true /> },
    };
    let waiting = if text.is_empty() || status.waiting == 0 {
        String::new()
    } else {
        let count = locale.format.number(status.waiting as u64);
        words.banner_waiting(&count)
    };
    let try_now = actions.input.reform(|_| Input::ConnectNow);
    let outdated = status.phase == Phase::Stopped(StopReason::Version);
    let reload = |_| {
        // A reload that the browser refuses leaves the banner in place.
        let _ = window().location().reload();
    };
    html! {
        <div class="banner" data-tone={if outdated { "bad" } else { "busy" }} data-shown={(!text.is_empty()).to_string()}>
            <p>
                <span role="status">{ text }</span>
                { " " }{ countdown }{ " " }
                <span class="banner-more">{ waiting }</span>
            </p>
            <button type="button" class="button small" onclick={try_now}
                hidden={!matches!(status.phase, Phase::Waiting { .. })}>{ words.try_now }</button>
            <button type="button" class="button small" onclick={reload} hidden={!outdated}>{ words.reload }</button>
        </div>
    }
}

/// That this browser keeps nothing. It stays for as long as it is so.
pub fn not_kept_line(shown: bool, words: &Words) -> Html {
    let text = if shown { words.not_kept } else { "" };
    html! {
        <div class="banner" data-tone="bad" data-shown={shown.to_string()}>
            <p role="alert">{ text }</p>
        </div>
    }
}

/// Something other than a message that was refused, until the person decides.
pub fn failure_line(failure: Option<&NotDone>, actions: &Actions, words: &Words) -> Html {
    let text = failure.map_or(String::new(), |failure| {
        let why = words.problem(&failure.problem);
        words.change_failed(words.change(&failure.draft.action), &why)
    });
    let client_id = failure.map_or(ClientId(0), |failure| failure.draft.client_id);
    let retry = actions.input.reform(move |_| Input::Retry { client_id });
    let discard = actions.input.reform(move |_| Input::Discard { client_id });
    html! {
        <div class="banner" data-tone="bad" data-shown={failure.is_some().to_string()}>
            <p role="alert">{ text }</p>
            <button type="button" class="button small" onclick={retry}>{ words.retry }</button>
            <button type="button" class="button small" onclick={discard}>{ words.discard }</button>
        </div>
    }
}

/// Something that went wrong once, until it is dismissed.
pub fn notice_line(notice: Option<&Notice>, actions: &Actions, locale: &Locale) -> Html {
    let words = locale.words;
    let text = match notice {
        None => String::new(),
        Some(Notice::Full) => {
            words.changes_full(&locale.format.number(limits::OUTBOX_MESSAGES as u64))
        }
        Some(Notice::SignOut) => words.sign_out_failed.to_owned(),
        Some(Notice::Join(problem)) => words.refused_join(&words.problem(problem)),
        Some(Notice::Direct(problem)) => words.refused_direct(&words.problem(problem)),
        Some(Notice::Read(problem)) => words.refused_read(&words.problem(problem)),
        Some(Notice::List(problem)) => words.refused_list(&words.problem(problem)),
    };
    html! {
        <div class="banner" data-tone="bad" data-shown={notice.is_some().to_string()}>
            <p role="alert">{ text }</p>
            <button type="button" class="button small" onclick={actions.dismiss.reform(|_| ())}>
                { words.dismiss }
            </button>
        </div>
    }
}
