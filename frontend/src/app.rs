//! The root: finds out who is here, and shows the sign-in or the chat.

use shared::problem::Problem;
use shared::protocol::Person;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api::{self, Failure};
use crate::browser::{clock, languages};
use crate::chat::Chat;
use crate::link::Link;
use crate::locale::{Locale, texts, use_locale};
use crate::settings::{Settings, SettingsHandle};
use crate::sign_in::SignIn;
use crate::start::start;
use crate::tab;
use crate::ticking::use_interval;

/// Milliseconds until an unreachable server is asked again.
const ASK_AGAIN_MS: u32 = 4_000;

#[derive(Debug, Clone, PartialEq)]
enum Who {
    Asking,
    Unreachable,
    /// Nobody in this tab; these are signed in in others.
    Nobody(Vec<Person>),
    /// Nobody, because those who keep order have shut them out.
    ShutOut,
    Somebody(Person),
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct AppProps {
    pub locale: Locale,
}

/// The language that the app begins with. Until it can be had the page shows what it has of its own.
pub async fn first_locale() -> Locale {
    let language = Settings::load().language();
    loop {
        if let Some(words) = texts::fetch(language).await {
            return Locale::new(language, words, &languages());
        }
        clock::pause(ASK_AGAIN_MS).await;
    }
}

/// The app.
#[component]
pub fn App(props: &AppProps) -> Html {
    let settings = use_settings();
    let locale = use_state_eq(|| props.locale.clone());
    let wanted = use_mut_ref(|| props.locale.language);
    use_effect_with(settings.settings.language(), {
        let setter = locale.setter();
        move |&language| {
            *wanted.borrow_mut() = language;
            spawn_local(async move {
                // What cannot be fetched now is there the next time; until then the language stays as it is.
                if let Some(words) = texts::fetch(language).await
                    && *wanted.borrow() == language
                {
                    setter.set(Locale::new(language, words, &languages()));
                }
            });
        }
    });
    use_effect_with(
        (settings.settings, (*locale).clone()),
        |(settings, locale)| settings.show(locale),
    );
    html! {
        <ContextProvider<Locale> context={(*locale).clone()}>
            <ContextProvider<SettingsHandle> context={settings}>
                <Main />
            </ContextProvider<SettingsHandle>>
        </ContextProvider<Locale>>
    }
}

#[hook]
fn use_settings() -> SettingsHandle {
    let state = use_state(|| (Settings::load(), false));
    let set = use_callback((), {
        let setter = state.setter();
        move |settings: Settings, ()| setter.set((settings, settings.save().is_err()))
    });
    SettingsHandle {
        settings: state.0,
        not_kept: state.1,
        set,
    }
}

#[component]
fn Main() -> Html {
    let words = use_locale().words;
    let who = use_state(|| Who::Asking);
    let link = use_state(Link::take);
    let ask = use_callback(link.is_some(), {
        let setter = who.setter();
        move |(), followed: &bool| {
            let followed = *followed;
            let setter = setter.clone();
            spawn_local(async move {
                setter.set(match api::who().await {
                    Ok(people) => match tab::person_of(&people) {
                        Some(person) if !followed => {
                            tab::keep(person);
                            Who::Somebody(person.clone())
                        }
                        _ => {
                            if people.is_empty() {
                                tab::forget();
                            }
                            Who::Nobody(people)
                        }
                    },
                    Err(Failure::Refused(Problem::ShutOut)) => Who::ShutOut,
                    Err(Failure::Refused(_)) => Who::Nobody(Vec::new()),
                    Err(Failure::Unreachable) => match tab::kept_person() {
                        Some(person) if !followed => Who::Somebody(person),
                        _ => Who::Unreachable,
                    },
                });
            });
        }
    });
    let on_signed_in = use_callback((), {
        let (setter, link) = (who.setter(), link.setter());
        move |person, ()| {
            link.set(None);
            tab::keep(&person);
            setter.set(Who::Somebody(person));
        }
    });
    use_effect_with((), {
        let ask = ask.clone();
        move |()| ask.emit(())
    });
    use_interval(
        (*who == Who::Unreachable).then_some(ASK_AGAIN_MS),
        ask.clone(),
    );
    match &*who {
        Who::Asking => start(false, &ask, words),
        Who::Unreachable => start(true, &ask, words),
        Who::Nobody(others) => {
            html! { <SignIn over=false kept=0 others={others.clone()} link={(*link).clone()} {on_signed_in} /> }
        }
        Who::ShutOut => {
            html! { <SignIn over=false shut_out=true kept=0 link={(*link).clone()} {on_signed_in} /> }
        }
        Who::Somebody(me) => {
            html! { <Chat key={me.id.to_string()} me={me.clone()} on_left={ask} /> }
        }
    }
}
