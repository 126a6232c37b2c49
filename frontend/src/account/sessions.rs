//! Where a person is signed in: to sign out there, or to sign in on one more device.

use shared::ids::Timestamp;
use wasm_bindgen::JsValue;
use yew::prelude::*;

use super::Wish;
use super::shown_link::shown_link;
use crate::api::json;
use crate::locale::Locale;

pub(super) fn sessions(
    account: &JsValue,
    link: Option<&JsValue>,
    wish: &Callback<Wish>,
    locale: &Locale,
) -> Html {
    let words = &locale.words.people;
    let sessions = json::list(&json::field(account, "sessions"));
    let others = wish.reform(|_| Wish::End("/account/sessions".to_owned()));
    let on_phone = wish.reform(|_| Wish::Pass);
    html! {
        <section class="form account-part" aria-labelledby="account-sessions">
            <h3 id="account-sessions">{ words.sessions }</h3>
            <ul class="entries">{ for sessions.iter().map(|one| entry(one, wish, locale)) }</ul>
            <div class="form-actions">
                <button type="button" class="button" hidden={sessions.len() < 2} onclick={others}>{ words.sign_out_others }</button>
                <button type="button" class="button" onclick={on_phone}>{ words.on_phone }</button>
            </div>
            { shown_link(link, words.on_phone_lead, words) }
        </section>
    }
}

fn entry(one: &JsValue, wish: &Callback<Wish>, locale: &Locale) -> Html {
    let words = &locale.words.people;
    let (id, this) = (json::number(one, "id"), json::flag(one, "this"));
    let mut program = json::text(one, "program");
    if program.is_empty() {
        program = words.unknown_program.to_owned();
    }
    let when = if this {
        words.this_device.to_owned()
    } else if json::flag(one, "live") {
        words.active_now.to_owned()
    } else {
        let used = Timestamp(json::number(one, "used"));
        words.last_used(&locale.format.short(used))
    };
    let label = words.sign_out_of(&program);
    let onclick = wish.reform(move |_| Wish::End(format!("/account/sessions/{id}")));
    html! {
        <li key={id.to_string()} class="entry">
            <span class="entry-name">{ program }<small>{ when }</small></span>
            <button type="button" class="button small" hidden={this} aria-label={label} {onclick}>{ locale.words.sign_out }</button>
        </li>
    }
}
