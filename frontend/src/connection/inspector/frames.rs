//! The messages that went over the connections, the newest first. What is in one is decoded when it is opened.

use js_sys::JSON;
use shared::ids::Timestamp;
use shared::limits;
use shared::recording::masking::masked;
use shared::recording::{Frame, Way};
use wasm_bindgen::JsValue;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::connection::facts::SessionReader;
use crate::connection::inspector::saving::saving;
use crate::connection::inspector::words::Words;
use crate::locale::format::clock_time;
use crate::locale::{Locale, use_locale};

/// All of Parlance's messages are of this kind (RFC 6455 section 5.6).
const OPCODE: &str = "text";

/// Rows that are drawn at most.
const ROWS: usize = 100;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct FramesProps {
    pub session: SessionReader,
    pub words: Words,
    /// Grows with the connection's state.
    pub revision: u64,
    /// Grows with every look.
    pub tick: u64,
}

/// A message with the number of its connection and the moment when that began.
#[derive(Debug, Clone)]
struct Passed {
    connection: u64,
    at: Timestamp,
    frame: Frame,
}

/// The list, with what may be left out of it.
#[component]
pub fn Frames(props: &FramesProps) -> Html {
    let locale = use_locale();
    let words = props.words;
    let way = use_state(|| None::<Way>);
    let filter = use_state(String::new);
    let hides = use_state(|| false);
    let paused = use_state(|| None::<Vec<Passed>>);
    let opened = use_state(|| None::<(u64, Way, u64)>);
    let fits = |frame: &Frame| {
        way.is_none_or(|way| way == frame.way) && frame.text.contains(filter.as_str())
    };
    let (shown, more) = match &*paused {
        Some(held) => {
            let mut fitting = held.iter().filter(|passed| fits(&passed.frame));
            let first: Vec<Passed> = fitting.by_ref().take(ROWS).cloned().collect();
            (first, fitting.count())
        }
        None => newest(&props.session, &fits, ROWS),
    };
    let rows = shown.iter().map(|passed| {
        let id = (passed.connection, passed.frame.way, passed.frame.number);
        let open = *opened == Some(id);
        let onclick = {
            let opened = opened.setter();
            Callback::from(move |_: MouseEvent| opened.set((!open).then_some(id)))
        };
        row(passed, open, *hides, onclick, words, &locale)
    });
    let rows = rows.collect::<Vec<_>>();
    let none = rows.is_empty();
    let on_way = {
        let way = way.setter();
        move |event: Event| {
            let value = event
                .target_dyn_into::<HtmlSelectElement>()
                .map(|it| it.value());
            way.set(match value.as_deref() {
                Some("in") => Some(Way::In),
                Some("out") => Some(Way::Out),
                _ => None,
            });
        }
    };
    let on_filter = {
        let filter = filter.setter();
        move |event: InputEvent| {
            let input = event.target_dyn_into::<HtmlInputElement>();
            filter.set(input.map(|it| it.value()).unwrap_or_default());
        }
    };
    let on_hide = {
        let (hides, hidden) = (hides.setter(), *hides);
        move |_: Event| hides.set(!hidden)
    };
    let on_pause = {
        let (setter, session, is_paused) =
            (paused.setter(), props.session.clone(), paused.is_some());
        move |_: MouseEvent| {
            setter.set((!is_paused).then(|| newest(&session, &|_| true, usize::MAX).0))
        }
    };
    let pause = if paused.is_some() {
        words.frames_go_on
    } else {
        words.frames_pause
    };
    html! {
        <div class="inspector-view">
            <p class="hint">{ words.frames_lead(&locale.format.number(limits::RECORDED_FRAMES as u64)) }</p>
            <div class="frames-choice">
                <select class="input" aria-label={words.frames_way} onchange={on_way}>
                    <option value="" selected={way.is_none()}>{ words.frames_both }</option>
                    <option value="in" selected={*way == Some(Way::In)}>{ words.frames_in }</option>
                    <option value="out" selected={*way == Some(Way::Out)}>{ words.frames_out }</option>
                </select>
                <input class="input" type="search" aria-label={words.frames_filter} placeholder={words.frames_filter_hint}
                    value={(*filter).clone()} oninput={on_filter} />
                <button type="button" class="button" aria-pressed={paused.is_some().to_string()} onclick={on_pause}>{ pause }</button>
            </div>
            <label class="check">
                <input type="checkbox" checked={*hides} onchange={on_hide} />
                <span>{ words.frames_mask }</span>
            </label>
            { saving(&props.session, *hides, words) }
            <p class="hint" hidden={!none}>{ words.frames_none }</p>
            <ol class="frames">{ for rows }</ol>
            <p class="hint" hidden={more == 0}>{ words.frames_more(&locale.format.number(more as u64)) }</p>
        </div>
    }
}

/// Copies of so many of those that fit, the newest first, and how many more fit.
fn newest(
    session: &SessionReader,
    fits: &dyn Fn(&Frame) -> bool,
    most: usize,
) -> (Vec<Passed>, usize) {
    let session = session.session();
    let Some(recorder) = session.recorder() else {
        return (Vec::new(), 0);
    };
    let began = |number| {
        let mut all = recorder.connections();
        all.find(|one| one.number == number)
            .map_or(0, |one| one.began.0)
    };
    let mut fitting = recorder.frames().rev().filter(|(_, frame)| fits(frame));
    let first = fitting.by_ref().take(most);
    let first = first.map(|(connection, frame)| Passed {
        connection,
        at: Timestamp(began(connection) + frame.after),
        frame: frame.clone(),
    });
    (first.collect(), fitting.count())
}

fn row(
    passed: &Passed,
    open: bool,
    hides: bool,
    onclick: Callback<MouseEvent>,
    words: Words,
    locale: &Locale,
) -> Html {
    let frame = &passed.frame;
    let (sign, way) = match frame.way {
        Way::In => ("↓", words.frames_in),
        Way::Out => ("↑", words.frames_out),
    };
    let way_name = match frame.way {
        Way::In => "in",
        Way::Out => "out",
    };
    let key = format!("{}-{way_name}-{}", passed.connection, frame.number);
    html! {
        <li {key} class="frame" data-way={way_name}>
            <button type="button" class="frame-line" aria-expanded={open.to_string()} {onclick}>
                <span class="frame-way" role="img" aria-label={way} title={way}>{ sign }</span>
                <span class="frame-kind">{ kind(&frame.text) }</span>
                <span class="frame-size">{ OPCODE }{ " " }{ locale.format.bytes(frame.bytes as u64) }</span>
                <time>{ clock_time(passed.at) }</time>
            </button>
            { if open { decoded(frame, hides, words, locale) } else { html! { <div hidden=true /> } } }
        </li>
    }
}

/// What the message says it is.
fn kind(text: &str) -> &str {
    let after = text
        .split_once("\"type\":\"")
        .map_or("", |(_, after)| after);
    after.split('"').next().unwrap_or_default()
}

fn decoded(frame: &Frame, hides: bool, words: Words, locale: &Locale) -> Html {
    let text = match hides {
        true => masked(&frame.text),
        false => frame.text.clone(),
    };
    let cut = words.frame_cut(&locale.format.bytes(frame.bytes as u64));
    html! {
        <div class="frame-decoded">
            <pre tabindex="0">{ pretty(&text).unwrap_or(text) }</pre>
            <p class="hint" hidden={!frame.is_cut()}>{ cut }</p>
        </div>
    }
}

/// The browser lays JSON out; what is cut stays as it is.
fn pretty(text: &str) -> Option<String> {
    let value = JSON::parse(text).ok()?;
    let laid = JSON::stringify_with_replacer_and_space(&value, &JsValue::NULL, &2.into()).ok()?;
    laid.as_string()
}
