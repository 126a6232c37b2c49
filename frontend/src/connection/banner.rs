//! The line above the timeline, shown only when the person must know or can act.

use shared::session::connection::StopReason;
use shared::session::io::Input;
use yew::prelude::*;

use crate::browser::window;
use crate::chat::actions::{Actions, Notice};
use crate::chat::shown::{Phase, Status};
use crate::connection::countdown::{Countdown, Phrase};
use crate::locale::use_locale;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct BannerProps {
    pub status: Status,
    pub actions: Actions,
}

/// The banner about the connection. Its place in the page stays, so that it is announced when it gets words.
#[component]
pub fn Banner(props: &BannerProps) -> Html {
    let locale = use_locale();
    let words = locale.words;
    let status = &props.status;
    let text = match status.phase {
        Phase::Live => "",
        Phase::Stopped(StopReason::Version) => words.banner_outdated,
        Phase::Stopped(StopReason::SignIn) => words.session_over,
        _ if !status.online => words.banner_offline,
        Phase::Waiting { .. } if status.been_live => words.banner_lost,
        Phase::Waiting { .. } => words.banner_unreachable,
        Phase::Connecting if status.been_live => words.banner_reconnecting,
        Phase::Connecting => words.banner_connecting,
    };
    let countdown = match status.phase {
        Phase::Waiting { until } => {
            let phrase = Phrase(if status.been_live {
                words.reconnecting_in
            } else {
                words.next_try_in
            });
            html! { <Countdown {until} {phrase} /> }
        }
        _ => html! { <span hidden=true /> },
    };
    let waiting = if text.is_empty() || status.waiting == 0 {
        String::new()
    } else {
        let count = locale.format.number(status.waiting as u64);
        (words.banner_waiting)(status.waiting, &count)
    };
    let try_now = props.actions.input.reform(|_| Input::ConnectNow);
    let outdated = status.phase == Phase::Stopped(StopReason::Version);
    let reload = |_| {
        // A reload that the browser refuses leaves the banner in place.
        let _ = window().location().reload();
    };
    html! {
        <div class="banner" data-tone={if outdated { "bad" } else { "busy" }} data-shown={(!text.is_empty()).to_string()}>
            <p>
                <span role="status">{ text }</span>
                { countdown }
                <span class="banner-more">{ waiting }</span>
            </p>
            <button type="button" class="button small" onclick={try_now}
                hidden={!matches!(status.phase, Phase::Waiting { .. })}>{ words.try_now }</button>
            <button type="button" class="button small" onclick={reload} hidden={!outdated}>{ words.reload }</button>
        </div>
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct NoticeLineProps {
    pub notice: Option<Notice>,
    pub actions: Actions,
}

/// Something that went wrong once, until it is dismissed.
#[component]
pub fn NoticeLine(props: &NoticeLineProps) -> Html {
    let words = use_locale().words;
    let text = match &props.notice {
        None => String::new(),
        Some(Notice::NotKept) => words.not_kept.to_owned(),
        Some(Notice::SignOut) => words.sign_out_failed.to_owned(),
        Some(Notice::Join(problem)) => (words.refused_join)(&(words.problem)(problem)),
        Some(Notice::Read(problem)) => (words.refused_read)(&(words.problem)(problem)),
        Some(Notice::List(problem)) => (words.refused_list)(&(words.problem)(problem)),
    };
    html! {
        <div class="banner" data-tone="bad" data-shown={props.notice.is_some().to_string()}>
            <p role="alert">{ text }</p>
            <button type="button" class="button small" onclick={props.actions.dismiss.reform(|_| ())}>
                { words.dismiss }
            </button>
        </div>
    }
}
