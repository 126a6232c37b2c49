//! How the connection is at the moment, in words and figures.

use std::collections::VecDeque;

use shared::session::connection::{Close, Connection, State, StopReason, Why};
use shared::session::proof::Proof;
use shared::transport::Transport;
use shared::weather::Weather;
use yew::prelude::*;

use crate::browser::clock;
use crate::chat::actions::Actions;
use crate::connection::countdown::{Countdown, Phrase};
use crate::connection::doctor::Doctor;
use crate::connection::facts::{Facts, SessionReader};
use crate::connection::inspector::words::Words;
use crate::connection::transport::transport_fact;
use crate::locale::words::inspector::InspectorWords;
use crate::locale::{Locale, use_locale};
use crate::socket;

/// Looks that the line of what is buffered goes back.
const LOOKS: usize = 60;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct NowProps {
    pub session: SessionReader,
    pub words: Words,
    pub not_kept: bool,
    pub weather: Weather,
    pub actions: Actions,
    /// Grows with the connection's state.
    pub revision: u64,
    /// Grows with every look.
    pub tick: u64,
}

/// The figures.
#[component]
pub fn Now(props: &NowProps) -> Html {
    let locale = use_locale();
    let words = props.words;
    let facts = props.session.facts();
    let connection = &facts.connection;
    // Of one that was left nobody wants to know.
    let line = socket::newest().filter(|_| connection.transport == Transport::WebSocket);
    // What was spoiled on purpose needs no doctor.
    let fell_back = Some(connection.why)
        .filter(|why| matches!(why, Why::Blocked | Why::Silent) && props.weather == Weather::Fair);
    let doctor = html! { <Doctor {words} {fell_back} tick={props.tick} /> };
    let nothing = html! { <div hidden=true /> };
    let (first, last) = match fell_back {
        Some(_) => (doctor, nothing),
        None => (nothing, doctor),
    };
    let buffered = use_mut_ref(|| VecDeque::from([0_u32; LOOKS]));
    use_memo(props.tick, |_| {
        let mut buffered = buffered.borrow_mut();
        buffered.pop_front();
        buffered.push_back(line.map_or(0, |(_, bytes)| bytes));
    });
    html! {
        <div class="inspector-view">
            <p class="panel-lead">{ explain_state(connection, words) }</p>
            { first }
            <dl class="facts">
                { line_facts(line, &buffered.borrow(), connection, words, &locale) }
                { transport_fact(connection, words.0, locale.words, &props.actions) }
                { state_facts(connection, words, &locale) }
                { figures(&facts, words, &locale) }
                { places(&props.session, words, &locale) }
                { proof_fact(&facts.proof, words, &locale) }
                { close_fact(connection.last_close.as_ref(), words, &locale) }
            </dl>
            <p class="hint">{ words.promise }{ " " }{ if props.not_kept { locale.words.not_kept } else { words.promise_kept } }</p>
            { last }
        </div>
    }
}

fn fact(name: &str, value: impl Into<Html>) -> Html {
    html! { <div class="fact"><dt>{ name }</dt><dd>{ value.into() }</dd></div> }
}

fn explain_state(connection: &Connection, words: Words) -> &'static str {
    match connection.state {
        State::Idle => words.state_idle,
        State::Connecting { .. } => words.state_connecting,
        State::Joining { .. } => words.state_joining,
        State::Live { .. } if connection.probing => words.state_probing,
        State::Live { .. } => words.state_live,
        State::Backoff { .. } => words.state_backoff,
        State::Stopped {
            reason: StopReason::SignIn,
        } => words.state_sign_in,
        State::Stopped {
            reason: StopReason::ShutOut,
        } => words.state_shut_out,
        State::Stopped {
            reason: StopReason::Version,
        } => words.state_version,
    }
}

/// What the browser's own object says, and how messages travel.
fn line_facts(
    line: Option<(u16, u32)>,
    buffered: &VecDeque<u32>,
    connection: &Connection,
    words: Words,
    locale: &Locale,
) -> Html {
    let ready = match line {
        None => words.ready_none,
        Some((0, _)) => words.ready_0,
        Some((1, _)) => words.ready_1,
        Some((2, _)) => words.ready_2,
        Some(_) => words.ready_3,
    };
    let now = u64::from(buffered.back().copied().unwrap_or_default());
    let value = html! {
        <>
            { locale.format.bytes(now) }{ " " }{ sparkline(buffered) }
            <small>{ words.buffered_explained }</small>
        </>
    };
    let offset = match connection.clock_offset {
        None => words.offset_unknown.to_owned(),
        Some(ms @ 0..) => words.offset_ahead(&locale.format.number(ms.unsigned_abs())),
        Some(ms) => words.offset_behind(&locale.format.number(ms.unsigned_abs())),
    };
    html! {
        <>
            { fact(words.ready_state, ready) }
            { fact(words.buffered, value) }
            { fact(words.offset, offset) }
        </>
    }
}

/// The line of the last minute, of which the highest point is at the top.
fn sparkline(values: &VecDeque<u32>) -> Html {
    let most = values.iter().copied().max().unwrap_or_default().max(1);
    let points = values.iter().enumerate().map(|(at, value)| {
        let height = 15 - u64::from(*value) * 14 / u64::from(most);
        format!("{at},{height}")
    });
    let points = points.collect::<Vec<_>>().join(" ");
    html! {
        <svg class="sparkline" viewBox="0 0 59 16" preserveAspectRatio="none" aria-hidden="true"><polyline {points} /></svg>
    }
}

fn state_facts(connection: &Connection, words: Words, locale: &Locale) -> Html {
    let format = &locale.format;
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

fn figures(facts: &Facts, words: Words, locale: &Locale) -> Html {
    let format = &locale.format;
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

/// Up to where each room was read.
fn places(session: &SessionReader, words: Words, locale: &Locale) -> Html {
    let session = session.session();
    let format = &locale.format;
    let rooms = session.rooms().map(|room| {
        let place = match room.behind {
            0 => words.caught_up(&format.number(room.head.0)),
            behind => words.behind_by(&format.number(behind)),
        };
        html! { <li key={room.id.to_string()}>{ room.name.to_string() }{ " · " }{ place }</li> }
    });
    let value = html! { <ul class="places">{ for rooms }</ul> };
    fact(words.rooms_read, value)
}

/// What arrived on this device, in honest words: what went wrong on the way was noticed and mended.
fn proof_fact(proof: &Proof, words: Words, locale: &Locale) -> Html {
    let format = &locale.format;
    let line = |n: u64, phrase: fn(&InspectorWords, &str) -> String| {
        let text = (n > 0).then(|| phrase(words.0, &format.number(n)));
        html! { <small>{ text.unwrap_or_default() }</small> }
    };
    let value = html! {
        <>
            <span class="proof">{ words.proof_value(&format.number(proof.applied)) }</span>
            { line(proof.repeated, InspectorWords::proof_repeated) }
            { line(proof.early, InspectorWords::proof_early) }
            { line(proof.diverged, InspectorWords::proof_diverged) }
            <details>
                <summary>{ words.proof_checked }</summary>
                <p>{ words.proof_explained }</p>
            </details>
        </>
    };
    fact(words.proof, value)
}

fn close_fact(close: Option<&Close>, words: Words, locale: &Locale) -> Html {
    let format = &locale.format;
    let Some(close) = close else {
        return fact(words.last_close, words.no_close_yet);
    };
    let value = html! {
        <>
            <span class="close-code">{ close.code.0 }</span>{ " " }{ words.close_meaning(close.code.0) }
            <small>{ &close.reason }</small>
            <small>{ words.ended_by(close.by) }</small>
            <small>{ format.short(close.at) }</small>
        </>
    };
    fact(words.last_close, value)
}
