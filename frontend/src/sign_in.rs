//! Signing in as a guest: a name, and one is in.

use shared::problem::Problem;
use shared::protocol::Person;
use shared::text::PersonName;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::api::{self, Failure};
use crate::avatar::avatar;
use crate::locale::words::Words;
use crate::locale::{Locale, use_locale};
use crate::settings_menu::SettingsMenu;
use crate::wordmark::wordmark;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct SignInProps {
    /// Whether somebody was signed in until now.
    pub over: bool,
    /// Who is signed in in other tabs of this browser.
    #[prop_or_default]
    pub others: Vec<Person>,
    /// Messages that wait for somebody to send them as.
    pub kept: usize,
    pub on_signed_in: Callback<Person>,
    /// Gives those messages up.
    #[prop_or_default]
    pub on_discard: Callback<()>,
}

#[derive(Debug, Clone, PartialEq)]
enum Step {
    Typing,
    Asking,
    Failed(Failure),
}

/// The sign-in view.
#[component]
pub fn SignIn(props: &SignInProps) -> Html {
    let locale = use_locale();
    let words = locale.words;
    let step = use_state(|| Step::Typing);
    let field = use_node_ref();
    let on_submit = use_submit(&field, &step, &props.on_signed_in);
    use_effect_with(field.clone(), focus);
    let error = match &*step {
        Step::Failed(failure) => explain(words, failure),
        Step::Typing | Step::Asking => String::new(),
    };
    let asking = *step == Step::Asking;
    html! {
        <main class="sign-in">
            <div class="sign-in-corner"><SettingsMenu /></div>
            <form class="sign-in-card" onsubmit={on_submit} novalidate=true>
                { wordmark() }
                <h1>{ words.sign_in_title }</h1>
                <p class="quiet">{ if props.over { words.session_over } else { words.sign_in_lead } }</p>
                { kept(props, &locale) }
                <div class="field">
                    <label for="name">{ words.your_name }</label>
                    <input ref={field} id="name" name="name" type="text" class="input" autocomplete="nickname"
                        autocapitalize="words" spellcheck="false" enterkeyhint="go"
                        aria-describedby="name-hint name-error" aria-invalid={(!error.is_empty()).to_string()} />
                    <p id="name-hint" class="hint">{ words.name_hint }</p>
                    <p id="name-error" class="error" role="alert">{ error }</p>
                </div>
                <button type="submit" class="button primary wide" aria-disabled={asking.to_string()}>
                    { if asking { words.signing_in } else { words.sign_in } }
                </button>
                { others(props, words) }
            </form>
        </main>
    }
}

/// Offers to go on as somebody who is signed in in this browser already.
fn others(props: &SignInProps, words: &Words) -> Html {
    let button = |person: &Person| {
        let chosen = person.clone();
        let onclick = props.on_signed_in.reform(move |_| chosen.clone());
        html! {
            <li key={person.id.to_string()}>
                <button type="button" class="button wide person" {onclick}>
                    { avatar(person) }<span dir="auto">{ person.name.to_string() }</span>
                </button>
            </li>
        }
    };
    html! {
        <div class="others" hidden={props.others.is_empty()}>
            <p class="quiet">{ words.continue_as }</p>
            <ul>{ for props.others.iter().map(button) }</ul>
        </div>
    }
}

/// Says what waits, before it goes out under another name.
fn kept(props: &SignInProps, locale: &Locale) -> Html {
    let count = locale.format.number(props.kept as u64);
    html! {
        <div class="note" hidden={props.kept == 0}>
            <p>{ (locale.words.kept_messages)(props.kept, &count) }</p>
            <button type="button" class="button small" onclick={props.on_discard.reform(|_| ())}>
                { locale.words.discard_kept }
            </button>
        </div>
    }
}

#[hook]
fn use_submit(
    field: &NodeRef,
    step: &UseStateHandle<Step>,
    on_signed_in: &Callback<Person>,
) -> Callback<SubmitEvent> {
    let (field, setter, on_signed_in) = (field.clone(), step.setter(), on_signed_in.clone());
    let asking = **step == Step::Asking;
    Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        let input = field.cast::<HtmlInputElement>();
        let name = input.map(|input| input.value()).unwrap_or_default();
        if asking {
            return;
        }
        if let Err(problem) = PersonName::parse(&name) {
            setter.set(Step::Failed(Failure::Refused(Problem::BadName { problem })));
            focus(&field);
            return;
        }
        setter.set(Step::Asking);
        let (setter, on_signed_in) = (setter.clone(), on_signed_in.clone());
        spawn_local(async move {
            match api::sign_in(name).await {
                Ok(person) => on_signed_in.emit(person),
                Err(failure) => setter.set(Step::Failed(failure)),
            }
        });
    })
}

fn focus(field: &NodeRef) {
    if let Some(input) = field.cast::<HtmlInputElement>() {
        let _ = input.focus();
    }
}

fn explain(words: &Words, failure: &Failure) -> String {
    match failure {
        Failure::Unreachable => words.sign_in_unreachable.to_owned(),
        Failure::Refused(problem) => words.name_problem(problem),
    }
}
