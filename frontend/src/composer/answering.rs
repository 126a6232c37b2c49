//! What the message in the composer answers, with a way to let it answer nothing.

use yew::prelude::*;

use crate::icon::{Glyph, icon};
use crate::locale::Locale;
use crate::timeline::quote::{Answered, said};

/// The line above the text.
pub(super) fn answering(
    answered: Option<&Answered>,
    on_drop: &Callback<()>,
    locale: &Locale,
) -> Html {
    let words = locale.words;
    let Some((_, quote)) = answered else {
        return html! { <div class="composer-answer" hidden=true /> };
    };
    let who = quote.as_ref().map(|quote| quote.author.name.to_string());
    html! {
        <div class="composer-answer">
            { icon(Glyph::Reply) }
            <p role="status">
                <span>{ words.answering(who.as_deref().unwrap_or_default()) }</span>
                { " " }
                <span class="quote-text" dir="auto">{ said(quote.as_ref(), locale) }</span>
            </p>
            <button type="button" class="icon-button" aria-label={words.answer_nothing} title={words.answer_nothing}
                onclick={on_drop.reform(|_| ())}>
                { icon(Glyph::Close) }
            </button>
        </div>
    }
}
