//! The dot and the word that say how the connection is; it opens the panel that explains it.

use shared::session::connection::StopReason;
use shared::transport::Transport;
use yew::prelude::*;

use crate::chat::shown::{Phase, Status};
use crate::connection::countdown::{Countdown, Phrase};
use crate::connection::transport;
use crate::locale::Locale;
use crate::panel::Panel;

/// The status button.
pub fn status_dot(
    status: &Status,
    panel: Panel,
    on_panel: &Callback<Panel>,
    locale: &Locale,
) -> Html {
    let (tone, text) = describe(status, locale);
    // The seconds are not read aloud, the state is.
    let (text_class, countdown) = match status.phase {
        Phase::Waiting { until } if status.online => {
            let phrase = if status.been_live {
                Phrase::Reconnecting
            } else {
                Phrase::NextTry
            };
            ("unseen", html! { <Countdown {until} {phrase} /> })
        }
        _ => ("", html! { <span hidden=true /> }),
    };
    html! {
        <button type="button" class="status" data-tone={tone} aria-expanded={(panel == Panel::Connection).to_string()}
            aria-controls="connection" title={locale.words.connection} onclick={on_panel.reform(|_| Panel::Connection)}>
            <span class="status-dot" aria-hidden="true" />
            <span class="status-text"><span class={text_class}>{ text }</span>{ countdown }</span>
        </button>
    }
}

/// The colour and the words.
fn describe(status: &Status, locale: &Locale) -> (&'static str, String) {
    let words = locale.words;
    let number = |n: u64| locale.format.number(n);
    match status.phase {
        Phase::Live if status.behind > 0 => ("busy", words.catching_up(&number(status.behind))),
        Phase::Live if status.transport != Transport::WebSocket => (
            "good",
            words.live_by(transport::name(status.transport, words)),
        ),
        Phase::Live => ("good", words.live.to_owned()),
        Phase::Stopped(StopReason::SignIn | StopReason::ShutOut) => {
            ("bad", words.signed_out.to_owned())
        }
        Phase::Stopped(StopReason::Version) => ("bad", words.outdated.to_owned()),
        _ if !status.online && status.waiting > 0 => {
            let count = number(status.waiting as u64);
            ("bad", words.offline_waiting(&count))
        }
        _ if !status.online => ("bad", words.offline.to_owned()),
        _ if status.been_live => ("busy", words.reconnecting.to_owned()),
        _ => ("busy", words.connecting.to_owned()),
    }
}
