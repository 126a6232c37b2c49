//! Asks before signing out, because a guest cannot sign in as the same person again.

use yew::prelude::*;

use crate::locale::use_locale;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct SignOutProps {
    /// Messages that would be lost.
    pub waiting: usize,
    pub on_sign_out: Callback<()>,
    pub on_cancel: Callback<()>,
}

/// The question.
#[component]
pub fn SignOut(props: &SignOutProps) -> Html {
    let locale = use_locale();
    let words = locale.words;
    let count = locale.format.number(props.waiting as u64);
    let (sign_out, close) = (props.on_sign_out.clone(), props.on_cancel.clone());
    let onclick = move |_| {
        close.emit(());
        sign_out.emit(());
    };
    html! {
        <div class="form">
            <p>{ words.sign_out_guest }</p>
            <p class="error" hidden={props.waiting == 0}>{ (words.sign_out_loses)(props.waiting, &count) }</p>
            <div class="form-actions">
                <button type="button" class="button" onclick={props.on_cancel.reform(|_| ())}>{ words.cancel }</button>
                <button type="button" class="button primary" {onclick}>{ words.sign_out }</button>
            </div>
        </div>
    }
}
