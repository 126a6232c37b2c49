//! The password: a guest sets one and has an account; who has one changes it.

use wasm_bindgen::JsValue;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{Wish, change, value};
use crate::locale::words::people::PeopleWords;

pub(super) fn secret(
    (old, new): (NodeRef, NodeRef),
    has_password: bool,
    wish: &Callback<Wish>,
    words: &PeopleWords,
) -> Html {
    let onsubmit = {
        let (old, new, wish) = (old.clone(), new.clone(), wish.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let before = has_password.then(|| value(&old));
            let before = before.map_or(JsValue::UNDEFINED, JsValue::from);
            wish.emit(change(&[
                ("password", value(&new).into()),
                ("old_password", before),
            ]));
            for field in [&old, &new] {
                if let Some(field) = field.cast::<HtmlInputElement>() {
                    field.set_value("");
                }
            }
        }
    };
    let (title, lead, label) = if has_password {
        (
            words.change_password,
            words.change_password_lead,
            words.new_password,
        )
    } else {
        (words.make_account, words.make_account_lead, words.password)
    };
    html! {
        <form class="form account-part" {onsubmit} novalidate=true aria-labelledby="account-password-title">
            <h3 id="account-password-title">{ title }</h3>
            <p class="hint">{ lead }</p>
            <div class="field" hidden={!has_password}>
                <label for="account-old">{ words.old_password }</label>
                <input ref={old} id="account-old" type="password" class="input" autocomplete="current-password" />
            </div>
            <div class="field">
                <label for="account-new">{ label }</label>
                <input ref={new} id="account-new" type="password" class="input" autocomplete="new-password"
                    aria-describedby="account-new-hint" />
                <p id="account-new-hint" class="hint">{ words.password_hint }</p>
            </div>
            <button type="submit" class="button">{ title }</button>
        </form>
    }
}
