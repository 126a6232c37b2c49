//! What others see of a person: name, colour, status. A colour is chosen at once, the texts with the button.

use shared::limits;
use shared::protocol::Person;
use yew::prelude::*;

use super::{Wish, change, value};
use crate::initials::{initials, tone};
use crate::locale::Locale;

pub(super) fn looks(
    (name, status): (NodeRef, NodeRef),
    me: &Person,
    color: (Option<u8>, &Callback<u8>),
    wish: &Callback<Wish>,
    locale: &Locale,
) -> Html {
    let words = locale.words;
    let onsubmit = {
        let (name, status, wish) = (name.clone(), status.clone(), wish.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let (name, status) = (value(&name), value(&status));
            wish.emit(change(&[("name", name.into()), ("status", status.into())]));
        }
    };
    html! {
        <form class="form" {onsubmit} novalidate=true aria-labelledby="account-profile">
            <h3 id="account-profile">{ words.people.profile }</h3>
            { colors(me, color, locale) }
            <div class="field">
                <label for="account-name">{ words.your_name }</label>
                <input ref={name} id="account-name" type="text" class="input" autocomplete="nickname" spellcheck="false" />
            </div>
            <div class="field">
                <label for="account-status">{ words.people.status }</label>
                <input ref={status} id="account-status" type="text" class="input" autocomplete="off"
                    maxlength={limits::STATUS_CHARS.to_string()} aria-describedby="account-status-hint" />
                <p id="account-status-hint" class="hint">{ words.people.status_hint }</p>
            </div>
            <button type="submit" class="button primary">{ words.save }</button>
        </form>
    }
}

fn colors(me: &Person, (color, choose): (Option<u8>, &Callback<u8>), locale: &Locale) -> Html {
    let words = locale.words;
    let now = color.map_or(tone(me.id), u64::from);
    let letters = initials(&me.name);
    let choice = |color: u8| {
        let onchange = choose.reform(move |_| color);
        let name = words
            .people
            .color_number(&locale.format.number(u64::from(color) + 1));
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
