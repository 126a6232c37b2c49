//! What others see of a person: name, colour, status.

use shared::http::AccountChange;
use shared::limits;
use shared::people::Profile;
use yew::prelude::*;

use super::value;
use crate::initials::{initials, tone};
use crate::locale::{Locale, use_locale};

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct LooksProps {
    pub profile: Profile,
    pub change: Callback<AccountChange>,
}

/// The form. A colour is chosen at once, the texts with the button.
#[component]
pub fn Looks(props: &LooksProps) -> Html {
    let locale = use_locale();
    let words = locale.words;
    let (name, status) = (use_node_ref(), use_node_ref());
    let profile = &props.profile;
    let onsubmit = {
        let (name, status, change, before) = (
            name.clone(),
            status.clone(),
            props.change.clone(),
            profile.clone(),
        );
        move |event: SubmitEvent| {
            event.prevent_default();
            let name = Some(value(&name)).filter(|name| *name != *before.name);
            let status = value(&status);
            let same = before.status.as_deref().unwrap_or_default() == status;
            change.emit(AccountChange {
                name,
                status: Some(status).filter(|_| !same),
                ..AccountChange::default()
            });
        }
    };
    let status_now = profile.status.as_deref().unwrap_or_default().to_owned();
    html! {
        <form class="form" {onsubmit} novalidate=true aria-labelledby="account-profile">
            <h3 id="account-profile">{ words.people.profile }</h3>
            { colors(profile, &props.change, &locale) }
            <div class="field">
                <label for="account-name">{ words.your_name }</label>
                <input ref={name} id="account-name" type="text" class="input" autocomplete="nickname" spellcheck="false"
                    value={profile.name.to_string()} />
            </div>
            <div class="field">
                <label for="account-status">{ words.people.status }</label>
                <input ref={status} id="account-status" type="text" class="input" autocomplete="off"
                    maxlength={limits::STATUS_CHARS.to_string()} value={status_now} aria-describedby="account-status-hint" />
                <p id="account-status-hint" class="hint">{ words.people.status_hint }</p>
            </div>
            <button type="submit" class="button primary">{ words.save }</button>
        </form>
    }
}

fn colors(profile: &Profile, change: &Callback<AccountChange>, locale: &Locale) -> Html {
    let words = locale.words;
    let now = profile.color.map_or(tone(profile.id), u64::from);
    let letters = initials(&profile.name);
    let choice = |color: u8| {
        let onchange = change.reform(move |_| AccountChange {
            color: Some(color),
            ..AccountChange::default()
        });
        let name = (words.people.color_number)(&locale.format.number(u64::from(color) + 1));
        html! {
            <label key={color} title={name.clone()}>
                <input type="radio" name="color" aria-label={name} checked={now == u64::from(color)} {onchange} />
                <span class="avatar" data-tone={color.to_string()} aria-hidden="true">{ letters.clone() }</span>
            </label>
        }
    };
    html! {
        <fieldset class="colors">
            <legend>{ words.people.color }</legend>
            <div>{ for (0..limits::COLORS).map(choice) }</div>
        </fieldset>
    }
}
