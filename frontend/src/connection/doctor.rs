//! "Check the connection": what the doctor finds from inside a browser, in words, and where the rest is to be had. When the app
//! has fallen back by itself, it looks without being asked, as soon as somebody wants to know how the connection is.

use std::cell::{Cell, RefCell};

use shared::doctor::diagnosis::{Finding, diagnose};
use shared::session::connection::Why;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::browser::window;
use crate::connection::inspector::words::Words;
use crate::connection::probes::{SILENCE_MS, gather};
use crate::locale::words::doctor::DoctorWords;
use crate::locale::{Locale, use_locale};

/// How far it is.
#[derive(Debug, Clone, PartialEq)]
enum Check {
    /// Nobody has asked for it.
    None,
    /// It is being looked.
    Running,
    /// The server did not answer.
    Failed,
    /// What is to be changed.
    Done(Vec<Finding>),
}

thread_local! {
    /// The last one: it goes on, and is remembered, when another view is looked at.
    static LAST: RefCell<Check> = const { RefCell::new(Check::None) };
    /// Whether it was looked since the app fell back.
    static LOOKED: Cell<bool> = const { Cell::new(false) };
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct DoctorProps {
    pub words: Words,
    /// Why the app has taken a slower way by itself, if it has.
    pub fell_back: Option<Why>,
    /// Grows with every look.
    pub tick: u64,
}

/// The button, and what came of it.
#[component]
pub fn Doctor(props: &DoctorProps) -> Html {
    let locale = use_locale();
    let words = &props.words.0.doctor;
    let update = use_force_update();
    let start = move || {
        if LAST.replace(Check::Running) == Check::Running {
            return;
        }
        update.force_update();
        let update = update.clone();
        spawn_local(async move {
            let facts = gather().await;
            LAST.set(facts.map_or(Check::Failed, |facts| Check::Done(diagnose(&facts))));
            update.force_update();
        });
    };
    use_effect_with(props.fell_back.is_some(), {
        let start = start.clone();
        move |&fell_back| {
            if !LOOKED.replace(fell_back) && fell_back {
                start();
            }
        }
    });
    let lead = match props.fell_back {
        None => "",
        Some(Why::Silent) => words.fell_back_silent,
        Some(_) => words.fell_back_blocked,
    };
    let check = LAST.with_borrow(Check::clone);
    let running = check == Check::Running;
    let findings: &[Finding] = match &check {
        Check::Done(findings) => findings,
        _ => &[],
    };
    let again = match &check {
        Check::Failed | Check::Done(_) => words.check_again,
        Check::None | Check::Running => words.check,
    };
    let origin = window().location().origin().unwrap_or_default();
    html! {
        <section class="doctor" aria-labelledby="doctor" data-fell-back={props.fell_back.is_some().to_string()}>
            <p class="doctor-lead" hidden={lead.is_empty()}>{ lead }</p>
            <p role="status" class="hint">{ said(&check, props.fell_back.is_some(), words, &locale) }</p>
            <ul hidden={findings.is_empty()}>
                { for findings.iter().map(|finding| html! {
                    <li key={finding.name()}>{ explained(finding, words, &locale) }</li>
                }) }
            </ul>
            <p class="hint" hidden={findings.is_empty()}>
                { words.lines }{ " " }<code>{ format!("parlance doctor {origin}") }</code>
            </p>
            <button id="doctor" type="button" class="button wide" aria-disabled={running.to_string()} onclick={move |_| start()}>
                { again }
            </button>
        </section>
    }
}

/// How far it is, in words.
fn said(check: &Check, fell_back: bool, words: &DoctorWords, locale: &Locale) -> String {
    match check {
        Check::None => words.hint.to_owned(),
        Check::Running => words.running(&locale.format.number(SILENCE_MS / 1_000)),
        Check::Failed => words.no_answer.to_owned(),
        Check::Done(findings) if !findings.is_empty() => words.faults.to_owned(),
        Check::Done(_) if fell_back => words.well_again.to_owned(),
        Check::Done(_) => words.well.to_owned(),
    }
}

fn explained(finding: &Finding, words: &DoctorWords, locale: &Locale) -> String {
    let format = &locale.format;
    let seconds = |ms: u64| format.number(ms.div_ceil(1_000));
    match finding {
        Finding::IdleTimeout { after_ms, ping_ms } => {
            words.idle(&seconds(*after_ms), &seconds(*ping_ms))
        }
        Finding::Buffered => words.buffered.to_owned(),
        Finding::BodyTooLarge { bytes, .. } => words.body(&format.bytes(*bytes)),
        Finding::ForwardedFor => words.forwarded.to_owned(),
        Finding::InsecureCookies => words.cookies.to_owned(),
        Finding::Clock { ahead_ms } => words.clock(&seconds(ahead_ms.unsigned_abs())),
        // A script sees no more of the others than that.
        Finding::Http10
        | Finding::ForeignOrigin { .. }
        | Finding::UpgradeHeaders { .. }
        | Finding::UpgradeRefused { .. }
        | Finding::OnlyHttp2
        | Finding::Certificate { .. }
        | Finding::DeadAddress { .. } => words.upgrade.to_owned(),
    }
}
