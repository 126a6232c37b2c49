//! Coming in: with a name, which is the first and simplest way; with a password; or with a link that was followed.

mod way;

use gloo_net::http::Method;
use shared::problem::Problem;
use shared::protocol::Person;
use shared::text::PersonName;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use self::way::Way;
use crate::api::{self, Failure, json};
use crate::avatar::avatar;
use crate::link::Link;
use crate::locale::words::Words;
use crate::locale::{Locale, use_locale};
use crate::settings_menu::SettingsMenu;
use crate::wordmark::wordmark;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct SignInProps {
    /// Whether somebody was signed in until now.
    pub over: bool,
    /// Whether they were shut out of the server.
    #[prop_or_default]
    pub shut_out: bool,
    /// Who is signed in in other tabs of this browser.
    #[prop_or_default]
    pub others: Vec<Person>,
    /// The link that was followed here.
    #[prop_or_default]
    pub link: Option<Link>,
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

/// The fields, of which some ways have only one, or none.
#[derive(Debug, Clone, Default, PartialEq)]
struct Fields {
    name: NodeRef,
    password: NodeRef,
}

/// The sign-in view.
#[component]
pub fn SignIn(props: &SignInProps) -> Html {
    let locale = use_locale();
    let words = locale.words;
    let step = use_state(|| Step::Typing);
    let with_password = use_state(|| false);
    let open = use_door();
    let fields = Fields {
        name: use_node_ref(),
        password: use_node_ref(),
    };
    let way = Way::of(props.link.as_ref(), *with_password, open);
    let on_submit = use_submit(&fields, &step, way.clone(), props);
    use_effect_with(fields.name.clone(), focus);
    let error = match &*step {
        Step::Failed(failure) => explain(words, failure, &way),
        Step::Typing | Step::Asking => String::new(),
    };
    let toggle = {
        let (with_password, step, name) =
            (with_password.clone(), step.setter(), fields.name.clone());
        move |_| {
            with_password.set(!*with_password);
            step.set(Step::Typing);
            focus(&name);
        }
    };
    let asking = *step == Step::Asking;
    let lead = if props.shut_out {
        words.order.shut_out_lead
    } else if props.over {
        words.session_over
    } else {
        way.lead(words, open)
    };
    let other_way = if way == Way::Password {
        words.people.with_name
    } else {
        words.people.with_password
    };
    html! {
        <main class="sign-in">
            <div class="sign-in-corner"><SettingsMenu /></div>
            <form class="sign-in-card" onsubmit={on_submit} novalidate=true>
                { wordmark() }
                <h1>{ if props.shut_out { words.order.shut_out_title } else { way.title(words) } }</h1>
                <p class="quiet">{ lead }</p>
                { kept(props, &locale) }
                { name_field(&fields.name, &way, &error, words) }
                { password_field(&fields.password, &way, &error, words) }
                <p id="name-error" class="error" role="alert">{ error }</p>
                <button type="submit" class="button primary wide" aria-disabled={asking.to_string()}>
                    { if asking { words.signing_in } else { way.button(words) } }
                </button>
                <button type="button" class="plain" hidden={!way.is_open() || !open} onclick={toggle}>{ other_way }</button>
                { others(props, words) }
            </form>
        </main>
    }
}

fn name_field(field: &NodeRef, way: &Way, error: &str, words: &Words) -> Html {
    html! {
        <div class="field" hidden={!way.has_name()}>
            <label for="name">{ words.your_name }</label>
            <input ref={field} id="name" name="name" type="text" class="input"
                autocomplete={if *way == Way::Name { "nickname" } else { "username" }}
                autocapitalize="words" spellcheck="false" enterkeyhint="go"
                aria-describedby="name-hint name-error" aria-invalid={(!error.is_empty()).to_string()} />
            <p id="name-hint" class="hint" hidden={*way == Way::Password}>{ words.name_hint }</p>
        </div>
    }
}

fn password_field(field: &NodeRef, way: &Way, error: &str, words: &Words) -> Html {
    let hint = way.password_hint(words);
    html! {
        <div class="field" hidden={!way.has_password()}>
            <label for="password">{ words.people.password }</label>
            <input ref={field} id="password" name="password" type="password" class="input" enterkeyhint="go"
                autocomplete={if *way == Way::Password { "current-password" } else { "new-password" }}
                aria-describedby="password-hint name-error" aria-invalid={(!error.is_empty()).to_string()} />
            <p id="password-hint" class="hint" hidden={hint.is_empty()}>{ hint }</p>
        </div>
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
            <p>{ locale.words.kept_messages(&count) }</p>
            <button type="button" class="button small" onclick={props.on_discard.reform(|_| ())}>
                { locale.words.discard_kept }
            </button>
        </div>
    }
}

/// Whether one may come with a name only; so it is assumed until the server says otherwise.
#[hook]
fn use_door() -> bool {
    let open = use_state(|| true);
    use_effect_with((), {
        let open = open.setter();
        move |()| {
            spawn_local(async move {
                let door = api::ask(Method::GET, "/api/door", None).await;
                if door.is_ok_and(|door| !json::flag(&door, "guests")) {
                    open.set(false);
                }
            });
        }
    });
    *open
}

#[hook]
fn use_submit(
    fields: &Fields,
    step: &UseStateHandle<Step>,
    way: Way,
    props: &SignInProps,
) -> Callback<SubmitEvent> {
    let (fields, setter, on_signed_in) =
        (fields.clone(), step.setter(), props.on_signed_in.clone());
    let others = props.others.clone();
    let asking = **step == Step::Asking;
    Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        let (name, password) = (value(&fields.name), value(&fields.password));
        if asking {
            return;
        }
        if way.has_name()
            && let Err(problem) = PersonName::parse(&name)
        {
            setter.set(Step::Failed(Failure::Refused(Problem::BadName { problem })));
            focus(&fields.name);
            return;
        }
        setter.set(Step::Asking);
        let (setter, on_signed_in) = (setter.clone(), on_signed_in.clone());
        // A guest of this browser who follows a link under the same name is meant, and stays the same person.
        let same = others.iter().find(|person| *person.name == *name.trim());
        let stays = same
            .map(|person| person.id)
            .filter(|_| !password.is_empty());
        let (shown, link) = way.shown(&name, &password);
        let stays = stays.filter(|_| link.is_some());
        spawn_local(async move {
            match api::sign_in(shown, link, stays).await {
                Ok(person) => on_signed_in.emit(person),
                Err(failure) => setter.set(Step::Failed(failure)),
            }
        });
    })
}

fn value(field: &NodeRef) -> String {
    let input = field.cast::<HtmlInputElement>();
    input.map(|input| input.value()).unwrap_or_default()
}

fn focus(field: &NodeRef) {
    if let Some(input) = field.cast::<HtmlInputElement>() {
        let _ = input.focus();
    }
}

fn explain(words: &Words, failure: &Failure, way: &Way) -> String {
    match failure {
        Failure::Unreachable => words.sign_in_unreachable.to_owned(),
        Failure::Refused(problem @ (Problem::BadName { .. } | Problem::NameTaken))
            if way.has_name() =>
        {
            words.name_problem(problem)
        }
        _ => crate::account::explain(words, failure),
    }
}
