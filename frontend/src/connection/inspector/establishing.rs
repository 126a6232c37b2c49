//! How a connection came about, as a diagram of what went between the browser and the server. Each step explains itself.

use js_sys::Reflect;
use shared::accept::Accept;
use shared::protocol::{Handshake, Header, SWITCHING};
use shared::recording::Connection;
use shared::transport::Transport;
use wasm_bindgen::JsValue;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::browser::window;
use crate::connection::facts::SessionReader;
use crate::connection::inspector::history::{after, end, numbered};
use crate::connection::inspector::steps::{Arrow, Step};
use crate::connection::inspector::words::Words;
use crate::locale::{Locale, use_locale};

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct EstablishingProps {
    pub session: SessionReader,
    pub words: Words,
    /// Grows with the connection's state.
    pub revision: u64,
}

/// The diagram of one connection: the one in use unless another was chosen, and the newest while none is.
#[component]
pub fn Establishing(props: &EstablishingProps) -> Html {
    let locale = use_locale();
    let words = props.words;
    let chosen = use_state(|| None::<u64>);
    let explained = use_state(|| Some(Step::Answer));
    let session = props.session.session();
    let connections: Vec<&Connection> = session
        .recorder()
        .map(|recorder| recorder.connections().collect())
        .unwrap_or_default();
    let of_number = |number| connections.iter().find(|one| one.number == number);
    // A better way that is tried beside it is newer.
    let in_use = |one: &&&Connection| one.steps.opened.is_some() && one.end.is_none();
    let newest = connections.iter().rfind(in_use).or(connections.last());
    let shown = chosen.and_then(of_number).or(newest);
    let Some(&shown) = shown else {
        return html! { <p class="inspector-view hint">{ words.none_yet }</p> };
    };
    let onchange = {
        let chosen = chosen.setter();
        move |event: Event| {
            let select = event.target_dyn_into::<HtmlSelectElement>();
            chosen.set(select.and_then(|select| select.value().parse().ok()));
        }
    };
    let options = connections.iter().rev().map(|one| {
        let name = numbered(one, words, &locale);
        let number = one.number.to_string();
        html! { <option key={number.clone()} value={number} selected={one.number == shown.number}>{ name }</option> }
    });
    let steps = Step::of(shown).map(|step| {
        let open = *explained == Some(step);
        let onclick = {
            let explained = explained.setter();
            move |_| explained.set((!open).then_some(step))
        };
        let (name, explanation) = step.texts(shown.transport, words);
        html! {
            <li key={name} class="step" data-reached={step.after(shown).is_some().to_string()}>
                <button type="button" class="step-line" aria-expanded={open.to_string()} {onclick}>
                    <span class="step-time">{ time(step, shown, words, &locale) }</span>
                    <span class="step-way">
                        <span class="step-name">{ name }</span>
                        { arrow(step.arrow()) }
                    </span>
                </button>
                <div class="step-explained" hidden={!open}>
                    <p>{ explanation }</p>
                    { if open { details(step, shown, after(shown, &connections), words, &locale) } else { html! { <div hidden=true /> } } }
                </div>
            </li>
        }
    });
    html! {
        <div class="inspector-view">
            <p class="hint">{ words.establishing_lead }</p>
            <label class="inspector-choice">
                <span>{ words.which }</span>
                <select class="input" {onchange}>{ for options }</select>
            </label>
            <div class="lanes" aria-hidden="true"><span>{ words.browser }</span><span>{ words.server }</span></div>
            <ol class="steps">{ for steps }</ol>
        </div>
    }
}

fn time(step: Step, connection: &Connection, words: Words, locale: &Locale) -> String {
    match step.after(connection) {
        // It is part of what the next steps took; how much of it, nobody tells.
        _ if step == Step::Lookup => String::new(),
        None => words.not_reached.to_owned(),
        Some(after) => words.ms(&locale.format.number(after)),
    }
}

/// A line from lane to lane, with a head where it arrives.
fn arrow(arrow: Arrow) -> Html {
    let there = matches!(arrow, Arrow::There | Arrow::Both);
    let back = matches!(arrow, Arrow::Back | Arrow::Both);
    html! {
        <svg class="step-arrow" viewBox="0 0 200 12" preserveAspectRatio="none" aria-hidden="true">
            <path d="M0 6H200" />
            <path d={if there { "M194 2l6 4-6 4" } else { "" }} />
            <path d={if back { "M6 2L0 6l6 4" } else { "" }} />
        </svg>
    }
}

fn details(
    step: Step,
    connection: &Connection,
    next: Option<&Connection>,
    words: Words,
    locale: &Locale,
) -> Html {
    let untold =
        connection.transport == Transport::WebSocket && connection.steps.welcomed.is_some();
    let handshake = connection.handshake.as_ref();
    match (step, handshake) {
        (Step::Lookup, _) => html! { <p class="hint">{ lookup(words, locale) }</p> },
        (Step::Request, Some(handshake)) => request(handshake, words, locale),
        (Step::Answer, Some(handshake)) => answer(handshake, words, locale),
        (Step::Request | Step::Answer, None) if untold => {
            html! { <p class="hint">{ words.untold }</p> }
        }
        (Step::End, _) => end(connection, next, words, locale),
        _ => html! { <div hidden=true /> },
    }
}

fn request(handshake: &Handshake, words: Words, locale: &Locale) -> Html {
    html! {
        <>
            <pre class="head" tabindex="0">{ &handshake.request }{ "\n" }{ for lines(&handshake.headers, words, locale) }</pre>
            <p class="hint">{ words.as_seen }</p>
        </>
    }
}

fn answer(handshake: &Handshake, words: Words, locale: &Locale) -> Html {
    html! {
        <>
            <pre class="head" tabindex="0">{ SWITCHING }{ "\n" }{ for lines(&handshake.answer, words, locale) }</pre>
            { computation(handshake, words) }
        </>
    }
}

fn lines(headers: &[Header], words: Words, locale: &Locale) -> Vec<Html> {
    let line = |header: &Header| {
        let hidden = || words.hidden(&locale.format.number(header.bytes as u64));
        let value = header.value.clone().unwrap_or_else(hidden);
        html! { <><b>{ &header.name }</b>{ ": " }<span data-hidden={header.value.is_none().to_string()}>{ value }</span>{ "\n" }</> }
    };
    headers.iter().map(line).collect()
}

/// Worked out here, not copied from the answer: the two are compared.
fn computation(handshake: &Handshake, words: Words) -> Html {
    let (Some(key), Some(answered)) = (
        handshake.asked("sec-websocket-key"),
        handshake.answered("sec-websocket-accept"),
    ) else {
        return html! { <p class="hint">{ words.untold }</p> };
    };
    let accept = Accept::of(key);
    let verdict = match accept.value == answered {
        true => words.compute_same.to_owned(),
        false => words.compute_differs(answered),
    };
    let row = |name: &'static str, id: &'static str, value: &str| {
        html! { <><dt>{ name }</dt><dd data-step={id}>{ value }</dd></> }
    };
    html! {
        <>
            <h3>{ words.compute_title }</h3>
            <dl class="computation">
                { row(words.compute_key, "key", key) }
                { row(words.compute_joined, "joined", &accept.joined) }
                { row(words.compute_hash, "hash", &accept.hash) }
                { row(words.compute_accept, "accept", &accept.value) }
            </dl>
            <p class="computed">{ verdict }</p>
        </>
    }
}

/// What the browser tells of the page's own load, since it tells nothing of a WebSocket's.
fn lookup(words: Words, locale: &Locale) -> String {
    let performance = window().performance();
    let entry = performance.map(|it| it.get_entries_by_type("navigation").get(0));
    let Some(entry) = entry.filter(|entry| entry.is_object()) else {
        return words.lookup_unknown.to_owned();
    };
    let moment = |name: &str| {
        let value = Reflect::get(&entry, &JsValue::from_str(name)).ok();
        value.and_then(|value| value.as_f64()).unwrap_or_default()
    };
    let span = |from: &str, to: &str| {
        let (from, to) = (moment(from), moment(to));
        let length = if from > 0.0 {
            (to - from).max(0.0)
        } else {
            0.0
        };
        locale.format.number(length.round() as u64)
    };
    words.lookup_silent(
        &span("domainLookupStart", "domainLookupEnd"),
        &span("connectStart", "connectEnd"),
        &span("secureConnectionStart", "connectEnd"),
    )
}
