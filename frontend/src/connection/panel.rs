//! The panel behind the status dot: what is known about the connection, in words and figures.

use shared::session::connection::{Close, Connection, Ender, State, StopReason};
use shared::session::io::Input;
use shared::session::proof::Proof;
use yew::prelude::*;

use crate::browser::clock;
use crate::connection::countdown::{Countdown, Phrase};
use crate::connection::doctor::Doctor;
use crate::connection::facts::{Facts, SessionReader};
use crate::connection::transport::transport_fact;
use crate::locale::words::Words;
use crate::locale::{Locale, use_locale};
use crate::ticking::use_ticking;

const TICK_MS: u32 = 1_000;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct PanelProps {
    pub session: SessionReader,
    /// Grows with the connection's state, which is shown at once; the figures follow every second.
    pub connection_revision: u64,
    /// What waits would be lost with the tab.
    pub not_kept: bool,
    pub inputs: Callback<Input>,
    pub on_theatre: Callback<()>,
}

/// The panel.
#[component]
pub fn ConnectionPanel(props: &PanelProps) -> Html {
    use_ticking(Some(TICK_MS));
    let locale = use_locale();
    let words = locale.words;
    let facts = props.session.facts();
    html! {
        <>
            <p class="panel-lead">{ explain_state(&facts.connection, words) }</p>
            <dl class="facts">
                { state_facts(&facts.connection, &locale) }
                { transport_fact(&facts.connection, words, &props.inputs, &props.on_theatre) }
                { figures(&facts, &locale) }
                { proof_fact(&facts.proof, &locale) }
                { close_fact(facts.connection.last_close.as_ref(), &locale) }
            </dl>
            <p class="hint">{ words.promise }{ " " }{ if props.not_kept { words.not_kept } else { words.promise_kept } }</p>
            <Doctor />
        </>
    }
}

fn fact(name: &str, value: impl Into<Html>) -> Html {
    html! { <div class="fact"><dt>{ name }</dt><dd>{ value.into() }</dd></div> }
}

fn explain_state(connection: &Connection, words: &Words) -> &'static str {
    let states = &words.states;
    match connection.state {
        State::Idle => states.idle,
        State::Connecting { .. } => states.connecting,
        State::Joining { .. } => states.joining,
        State::Live { .. } if connection.probing => states.probing,
        State::Live { .. } => states.live,
        State::Backoff { .. } => states.backoff,
        State::Stopped {
            reason: StopReason::SignIn,
        } => states.sign_in,
        State::Stopped {
            reason: StopReason::ShutOut,
        } => states.shut_out,
        State::Stopped {
            reason: StopReason::Version,
        } => states.version,
    }
}

fn state_facts(connection: &Connection, locale: &Locale) -> Html {
    let (words, format) = (locale.words, &locale.format);
    let network = if connection.online {
        words.network_up
    } else {
        words.network_down
    };
    let next = connection
        .next_try_at()
        .map(|until| html! { <Countdown {until} phrase={Phrase::In} /> });
    let attempt = (connection.attempt > 0 && !connection.is_live())
        .then(|| format.number(u64::from(connection.attempt)));
    html! {
        <>
            { fact(words.since, format.short(connection.since.clock)) }
            { optional(words.attempt, attempt.map(Html::from)) }
            { optional(words.next_try, next) }
            { fact(words.network, network) }
        </>
    }
}

/// A fact that is there only at times keeps its place, so that the others are not made anew.
fn optional(name: &str, value: Option<Html>) -> Html {
    match value {
        Some(value) => fact(name, value),
        None => html! { <div class="fact" hidden=true /> },
    }
}

fn figures(facts: &Facts, locale: &Locale) -> Html {
    let (words, format) = (locale.words, &locale.format);
    let connection = &facts.connection;
    let traffic = connection.traffic;
    let heard = connection.last_heard.map(|heard| {
        let seconds = (clock::ticks() - heard.ticks) / 1_000;
        Html::from(match seconds {
            0 => words.just_now.to_owned(),
            seconds => words.ago(&format.number(seconds)),
        })
    });
    let trips = &connection.round_trips;
    let trip = trips.last().map(|last| {
        let at = |percent| format.number(trips.percentile(percent).unwrap_or(last));
        Html::from(words.round_trip_value(&format.number(last), &at(50), &at(95)))
    });
    let moved =
        |frames: u64, bytes: u64| words.traffic(&format.number(frames), &format.bytes(bytes));
    let waiting = facts.outbox as u64;
    let messages = |n: u64, none: &'static str| match n {
        0 => none.to_owned(),
        n => words.messages(&format.number(n)),
    };
    html! {
        <>
            { fact(words.outbox, messages(waiting, words.outbox_empty)) }
            { fact(words.behind, messages(facts.behind, words.behind_nothing)) }
            { optional(words.round_trip, trip) }
            { optional(words.last_heard, heard) }
            { fact(words.received, moved(traffic.frames_in, traffic.bytes_in)) }
            { fact(words.sent, moved(traffic.frames_out, traffic.bytes_out)) }
        </>
    }
}

/// What arrived on this device, in honest words: what went wrong on the way was noticed and mended.
fn proof_fact(proof: &Proof, locale: &Locale) -> Html {
    let (words, format) = (locale.words, &locale.format);
    let line = |n: u64, phrase: fn(&Words, &str) -> String| {
        let text = (n > 0).then(|| phrase(words, &format.number(n)));
        html! { <small>{ text.unwrap_or_default() }</small> }
    };
    let value = html! {
        <>
            <span class="proof">{ words.proof_value(&format.number(proof.applied)) }</span>
            { line(proof.repeated, Words::proof_repeated) }
            { line(proof.early, Words::proof_early) }
            { line(proof.diverged, Words::proof_diverged) }
            <details>
                <summary>{ words.proof_checked }</summary>
                <p>{ words.proof_explained }</p>
            </details>
        </>
    };
    fact(words.proof, value)
}

fn close_fact(close: Option<&Close>, locale: &Locale) -> Html {
    let (words, format) = (locale.words, &locale.format);
    let Some(close) = close else {
        return fact(words.last_close, words.none_yet);
    };
    let ender = match close.by {
        Ender::Remote => words.ended_by_remote,
        Ender::Watchdog => words.ended_by_watchdog,
        Ender::Person => words.ended_by_person,
    };
    let value = html! {
        <>
            <span class="close-code">{ close.code.0 }</span>{ " " }{ words.close_meaning(close.code.0) }
            <small>{ &close.reason }</small>
            <small>{ ender }</small>
            <small>{ format.short(close.at) }</small>
        </>
    };
    fact(words.last_close, value)
}
