//! What stands above the body of a message: what it answers, and where it was said first.

use shared::ids::{RoomId, Seq};
use shared::protocol::{Forwarded, Quote};
use yew::prelude::*;

use crate::chat::actions::Actions;
use crate::icon::{Glyph, icon};
use crate::locale::Locale;
use crate::route::Route;

/// A message that is answered: its place, and the message if that is known.
pub type Answered = (Seq, Option<Quote>);

/// What a message answers. A click leads there.
pub(super) fn quote(
    room: RoomId,
    answered: Option<&Answered>,
    actions: &Actions,
    locale: &Locale,
) -> Html {
    let Some((seq, quote)) = answered else {
        return html! { <div hidden=true /> };
    };
    let (words, seq) = (locale.words, *seq);
    let onclick = actions.go.reform(move |_: MouseEvent| Route::At(room, seq));
    let who = quote.as_ref().map(|quote| quote.author.name.to_string());
    let text = said(quote.as_ref(), locale);
    let label = words.answers(who.as_deref().unwrap_or_default(), &text);
    html! {
        <button type="button" class="quote" aria-label={label} {onclick}>
            { icon(Glyph::Reply) }
            <strong dir="auto">{ who.unwrap_or_default() }</strong>
            { " " }
            <span class="quote-text" dir="auto">{ text }</span>
        </button>
    }
}

/// What a quote says, in words for when there is nothing.
pub fn said(quote: Option<&Quote>, locale: &Locale) -> String {
    let Some(quote) = quote else {
        return locale.words.earlier_message.to_owned();
    };
    match (&quote.text, &quote.file) {
        (Some(text), Some(file)) => format!("{text} · {file}"),
        (Some(text), None) => text.to_string(),
        (None, Some(file)) => file.to_string(),
        (None, None) => locale.words.message_deleted.to_owned(),
    }
}

/// Where a message was said first.
pub(super) fn origin(forwarded: Option<&Forwarded>, actions: &Actions, locale: &Locale) -> Html {
    let Some(Forwarded { author, from }) = forwarded else {
        return html! { <div hidden=true /> };
    };
    let place = match from {
        Some(from) => {
            let route = Route::At(from.room, from.seq);
            let go = actions.go.clone();
            let onclick = move |event: MouseEvent| {
                event.prevent_default();
                go.emit(route);
            };
            html! { <a href={route.path()} {onclick} dir="auto">{ from.name.to_string() }</a> }
        }
        None => html! { <span hidden=true /> },
    };
    html! {
        <p class="origin">
            { icon(Glyph::Forward) }
            <span>{ locale.words.forwarded_from(&author.name) }</span>
            { " " }
            { place }
        </p>
    }
}
