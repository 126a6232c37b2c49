//! The way of one message of one's own, from the composer to those who have seen it.

use shared::ids::{RoomId, Seq, Timestamp};
use shared::session::io::Input;
use shared::session::journey::{Arrived, Journey as Way};
use yew::prelude::*;

use crate::connection::inspector::words::{Words, use_inspector_words};
use crate::locale::format::clock_time;
use crate::locale::{Locale, use_locale};
use crate::ticking::use_interval;

/// How often it is asked where the message has arrived.
const ASK_MS: u32 = 3_000;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct JourneyProps {
    pub room: RoomId,
    pub seq: Seq,
    /// When the server had read it.
    pub at: Timestamp,
    /// What this page saw of it, if it was written here.
    pub way: Option<Way>,
    /// Where it has arrived, as far as that was told.
    pub arrived: Option<Arrived>,
    /// How many others have seen it, as they tell.
    pub seen: usize,
    pub input: Callback<Input>,
}

/// The way, step by step.
#[component]
pub fn Journey(props: &JourneyProps) -> Html {
    let locale = use_locale();
    let of = Some((props.room, props.seq));
    let ask = use_callback((of, props.input.clone()), |(), (of, input)| {
        input.emit(Input::ShowJourney(*of));
    });
    use_interval(Some(ASK_MS), ask);
    let Some(words) = use_inspector_words(locale.language) else {
        return html! { <div aria-busy="true" /> };
    };
    let stored = props.way.as_ref().and_then(|way| way.stored);
    let number = |n: u64| locale.format.number(n);
    let received = stored.map_or(props.at, |stored| stored.received);
    let (committed, name) = match stored.and_then(|stored| stored.committed) {
        Some(at) => (Some(at), words.journey_committed(&number(props.seq.0))),
        None => (None, words.journey_stored(&number(props.seq.0))),
    };
    let seen = match props.seen {
        0 => words.journey_unseen.to_owned(),
        n => words.journey_seen(&number(n as u64)),
    };
    html! {
        <div class="form">
            <p>{ words.journey_lead }</p>
            <ol class="journey">
                { here(props.way.as_ref(), words, &locale) }
                { step("received", words.journey_received.to_owned(), Some(received)) }
                { step("committed", name, committed) }
                { acknowledged(stored.map(|stored| stored.at), words) }
                { kept_late(props.way.as_ref(), words) }
                { arrived(props.arrived, words, &locale) }
                { step("seen", seen, None) }
            </ol>
            <p class="hint">{ words.journey_late }</p>
        </div>
    }
}

/// What only the page knows that wrote it.
fn here(way: Option<&Way>, words: Words, locale: &Locale) -> Html {
    let Some(way) = way else {
        return html! { <li class="journey-step">{ words.journey_elsewhere }</li> };
    };
    let sends = way.sends.iter().map(|sent| {
        let (frame, connection) = (
            locale.format.number(sent.frame),
            locale.format.number(sent.connection),
        );
        (sent.at, "sent", words.journey_sent(&frame, &connection))
    });
    let mut steps: Vec<_> = sends.collect();
    if let Some(at) = way.kept.filter(|_| !is_kept_late(way)) {
        let place = steps.iter().take_while(|(sent, ..)| *sent < at).count();
        steps.insert(place, (at, "kept", words.journey_kept.to_owned()));
    }
    let steps = steps.into_iter();
    let times = match way.sent {
        0 => words.journey_elsewhere.to_owned(),
        1 => words.journey_once.to_owned(),
        n => words.journey_again(&locale.format.number(n)),
    };
    html! {
        <>
            { step("written", words.journey_written.to_owned(), Some(way.written)) }
            { for steps.map(|(at, kind, name)| step(kind, name, Some(at))) }
            <li class="journey-times">{ times }</li>
        </>
    }
}

/// Sending does not wait for the browser's disk, which may even be slower than the server's.
fn is_kept_late(way: &Way) -> bool {
    let acknowledged = way.stored.map(|stored| stored.at);
    way.kept > acknowledged && acknowledged.is_some()
}

fn kept_late(way: Option<&Way>, words: Words) -> Html {
    match way.filter(|way| is_kept_late(way)) {
        Some(way) => step("kept", words.journey_kept.to_owned(), way.kept),
        None => html! { <li hidden=true /> },
    }
}

fn acknowledged(at: Option<Timestamp>, words: Words) -> Html {
    match at {
        Some(at) => step(
            "acknowledged",
            words.journey_acknowledged.to_owned(),
            Some(at),
        ),
        None => html! { <li hidden=true /> },
    }
}

fn arrived(arrived: Option<Arrived>, words: Words, locale: &Locale) -> Html {
    let text = match arrived.and_then(|arrived| arrived.delivered) {
        None => words.journey_asking.to_owned(),
        Some((_, 0)) => words.journey_no_devices.to_owned(),
        Some((n, all)) => {
            words.journey_delivered(&locale.format.number(n), &locale.format.number(all))
        }
    };
    step("delivered", text, None)
}

fn step(kind: &'static str, name: String, at: Option<Timestamp>) -> Html {
    html! {
        <li class="journey-step" data-step={kind}>
            <span>{ name }</span>
            <time>{ at.map(clock_time).unwrap_or_default() }</time>
        </li>
    }
}
