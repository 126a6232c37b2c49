//! Where a person is signed in: to sign out there, or to sign in on one more device.

use shared::http::{Link, SignedInWhere};
use shared::ids::PersonId;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::shown_link::shown_link;
use crate::api::{self, Failure, address};
use crate::locale::{Locale, use_locale};

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct SessionsProps {
    pub me: PersonId,
    pub sessions: Vec<SignedInWhere>,
    /// They are others now.
    pub changed: Callback<()>,
    pub failed: Callback<Failure>,
}

/// The list, with what can be done about it.
#[component]
pub fn Sessions(props: &SessionsProps) -> Html {
    let locale = use_locale();
    let words = &locale.words.people;
    let link = use_state(|| None::<Link>);
    let me = props.me;
    let end = {
        let (changed, failed) = (props.changed.clone(), props.failed.clone());
        Callback::from(move |path: String| {
            let (changed, failed) = (changed.clone(), failed.clone());
            spawn_local(async move {
                match api::delete(&address(&path, me)).await {
                    Ok(()) => changed.emit(()),
                    Err(failure) => failed.emit(failure),
                }
            });
        })
    };
    let on_phone = {
        let (link, failed) = (link.setter(), props.failed.clone());
        move |_| {
            let (link, failed) = (link.clone(), failed.clone());
            spawn_local(async move {
                match api::post(&address("/account/pass", me), &()).await {
                    Ok(made) => link.set(Some(made)),
                    Err(failure) => failed.emit(failure),
                }
            });
        }
    };
    let others = end.reform(|_| "/account/sessions".to_owned());
    let shown = match &*link {
        Some(link) => shown_link(link, words.on_phone_lead, locale.words),
        None => html! { <div hidden=true /> },
    };
    html! {
        <section class="form account-part" aria-labelledby="account-sessions">
            <h3 id="account-sessions">{ words.sessions }</h3>
            <ul class="entries">{ for props.sessions.iter().map(|one| entry(one, &end, &locale)) }</ul>
            <div class="form-actions">
                <button type="button" class="button" hidden={props.sessions.len() < 2} onclick={others}>{ words.sign_out_others }</button>
                <button type="button" class="button" onclick={on_phone}>{ words.on_phone }</button>
            </div>
            { shown }
        </section>
    }
}

fn entry(one: &SignedInWhere, end: &Callback<String>, locale: &Locale) -> Html {
    let words = &locale.words.people;
    let program = if one.program.is_empty() {
        words.unknown_program
    } else {
        &one.program
    };
    let when = match one {
        _ if one.this => words.this_device.to_owned(),
        _ if one.live => words.active_now.to_owned(),
        _ => (words.last_used)(&locale.format.short(one.used)),
    };
    let path = format!("/account/sessions/{}", one.id);
    html! {
        <li key={one.id.to_string()} class="entry">
            <span class="entry-name">{ program.to_owned() }<small>{ when }</small></span>
            <button type="button" class="button small" hidden={one.this} aria-label={(words.sign_out_of)(program)}
                onclick={end.reform(move |_| path.clone())}>{ locale.words.sign_out }</button>
        </li>
    }
}
