//! Asks before signing out, because a guest cannot sign in as the same person again, and what waits is lost.

use shared::people::Role;
use yew::prelude::*;

use crate::locale::Locale;

/// The question; `waiting` messages would be lost.
pub fn sign_out(
    role: Role,
    waiting: usize,
    on_sign_out: &Callback<()>,
    on_cancel: &Callback<()>,
    locale: &Locale,
) -> Html {
    let words = locale.words;
    let count = locale.format.number(waiting as u64);
    let (sign_out, close) = (on_sign_out.clone(), on_cancel.clone());
    let onclick = move |_| {
        close.emit(());
        sign_out.emit(());
    };
    html! {
        <div class="form">
            <p>{ if role == Role::Guest { words.sign_out_guest } else { words.people.sign_out_account } }</p>
            <p class="error" hidden={waiting == 0}>{ words.sign_out_loses(&count) }</p>
            <div class="form-actions">
                <button type="button" class="button" onclick={on_cancel.reform(|_| ())}>{ words.cancel }</button>
                <button type="button" class="button primary" {onclick}>{ words.sign_out }</button>
            </div>
        </div>
    }
}
