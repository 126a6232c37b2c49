//! "Check the connection": what the doctor finds from inside a browser, in words, and where the rest is to be had.

use shared::doctor::diagnosis::{Finding, diagnose};
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

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct DoctorProps {
    pub words: Words,
}

/// The button, and what came of it.
#[component]
pub fn Doctor(props: &DoctorProps) -> Html {
    let locale = use_locale();
    let words = &props.words.0.doctor;
    let check = use_state_eq(|| Check::None);
    let running = *check == Check::Running;
    let start = {
        let set = check.setter();
        Callback::from(move |_| {
            if running {
                return;
            }
            set.set(Check::Running);
            let set = set.clone();
            spawn_local(async move {
                let facts = gather().await;
                set.set(facts.map_or(Check::Failed, |facts| Check::Done(diagnose(&facts))));
            });
        })
    };
    let status = match &*check {
        Check::None => words.hint.to_owned(),
        Check::Running => words.running(&locale.format.number(SILENCE_MS / 1_000)),
        Check::Failed => words.no_answer.to_owned(),
        Check::Done(findings) if findings.is_empty() => words.well.to_owned(),
        Check::Done(_) => words.faults.to_owned(),
    };
    let findings: &[Finding] = match &*check {
        Check::Done(findings) => findings,
        _ => &[],
    };
    let origin = window().location().origin().unwrap_or_default();
    html! {
        <section class="doctor" aria-labelledby="doctor">
            <button id="doctor" type="button" class="button wide" aria-disabled={running.to_string()} onclick={start}>
                { words.check }
            </button>
            <p role="status" class="hint">{ status }</p>
            <ul hidden={findings.is_empty()}>
                { for findings.iter().map(|finding| html! {
                    <li key={finding.name()}>{ explained(finding, words, &locale) }</li>
                }) }
            </ul>
            <p class="hint" hidden={findings.is_empty()}>
                { words.lines }{ " " }<code>{ format!("parlance doctor {origin}") }</code>
            </p>
        </section>
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
