//! The password: a guest sets one and has an account; who has one changes it.

use shared::http::AccountChange;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::value;
use crate::locale::use_locale;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct SecretProps {
    pub has_password: bool,
    pub change: Callback<AccountChange>,
}

/// The form.
#[component]
pub fn Secret(props: &SecretProps) -> Html {
    let words = &use_locale().words.people;
    let (old, new) = (use_node_ref(), use_node_ref());
    let has = props.has_password;
    let onsubmit = {
        let (old, new, change) = (old.clone(), new.clone(), props.change.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            change.emit(AccountChange {
                password: Some(value(&new)),
                old_password: Some(value(&old)).filter(|_| has),
                ..AccountChange::default()
            });
            for field in [&old, &new] {
                if let Some(field) = field.cast::<HtmlInputElement>() {
                    field.set_value("");
                }
            }
        }
    };
    let (title, lead) = if has {
        (words.change_password, words.change_password_lead)
    } else {
        (words.make_account, words.make_account_lead)
    };
    html! {
        <form class="form account-part" {onsubmit} novalidate=true aria-labelledby="account-password-title">
            <h3 id="account-password-title">{ title }</h3>
            <p class="hint">{ lead }</p>
            <div class="field" hidden={!has}>
                <label for="account-old">{ words.old_password }</label>
                <input ref={old} id="account-old" type="password" class="input" autocomplete="current-password" />
            </div>
            <div class="field">
                <label for="account-new">{ if has { words.new_password } else { words.password } }</label>
                <input ref={new} id="account-new" type="password" class="input" autocomplete="new-password"
                    aria-describedby="account-new-hint" />
                <p id="account-new-hint" class="hint">{ words.password_hint }</p>
            </div>
            <button type="submit" class="button">{ title }</button>
        </form>
    }
}
