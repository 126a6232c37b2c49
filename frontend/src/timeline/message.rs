//! A message: of somebody, or an own one that waits.

use shared::ids::{ClientId, PersonId, RoomId, Timestamp};
use shared::protocol::{Person, Post, names};
use shared::session::outbox::Progress;
use yew::prelude::*;

use crate::avatar::avatar;
use crate::chat::actions::Actions;
use crate::icon::{Glyph, icon};
use crate::locale::Locale;
use crate::locale::format::{Format, iso};
use crate::locale::words::Words;
use crate::standing::standing;
use crate::timeline::body::body;
use crate::timeline::delivery::{tick, trouble};

/// What a message needs to be shown.
#[derive(Debug)]
pub(super) struct Message<'a> {
    pub(super) author: &'a Person,
    pub(super) at: Timestamp,
    /// What it says, nothing if it only carries files; none since it was deleted.
    pub(super) text: Option<&'a str>,
    /// Who deleted it, if that was not its author.
    pub(super) deleted_by: Option<&'a Person>,
    /// The files that it carries.
    pub(super) files: Html,
    pub(super) starts_group: bool,
    pub(super) mine: bool,
    /// How far it has come, if its event is not in the log yet.
    pub(super) progress: Option<&'a Progress>,
    pub(super) client_id: ClientId,
    pub(super) live: bool,
    /// It was edited, then if that is known.
    pub(super) edited: Option<Option<Timestamp>>,
    /// It is pinned to the room.
    pub(super) pinned: bool,
    /// What it answers.
    pub(super) quote: Html,
    /// Where it was said first.
    pub(super) origin: Html,
    /// Who is named in it.
    pub(super) mentions: &'a [Person],
    /// The reader.
    pub(super) me: PersonId,
    /// What can be done with it, while that is shown.
    pub(super) tools: Html,
    /// The reactions.
    pub(super) chips: Html,
    /// It can be written anew, in this room.
    pub(super) post: Option<(RoomId, &'a Post)>,
}

/// The message. Every part keeps its place in the page through all states, though most have nothing to say: those are one
/// element without anything in it, since there are hundreds of messages in the page.
pub(super) fn message(message: &Message<'_>, actions: &Actions, locale: &Locale) -> Html {
    let (words, format) = (locale.words, &locale.format);
    let first = message.starts_group;
    html! {
        <div class="message" data-first={first.to_string()} data-named={names(message.mentions, message.me).to_string()}>
            <div class="message-gutter">
                { if first { avatar(message.author) } else { time(message.at, format) } }
            </div>
            <div class="message-main">
                { if first { head(message, format) } else { html! { <p hidden=true /> } } }
                { message.quote.clone() }
                { message.origin.clone() }
                <div class="message-line">
                    { match message.text {
                        Some("") => html! { <div class="message-body" /> },
                        Some(text) => body(text, message.mentions, message.me, words),
                        None => html! { <div class="message-gone" dir="auto">{ gone(message.deleted_by, words) }</div> },
                    } }
                    { edited(message, locale) }
                    { if message.pinned { pinned(words) } else { html! { <span hidden=true /> } } }
                    { tick(message.mine && (message.text.is_some() || message.progress.is_some()), message.progress, message.live, words) }
                </div>
                { message.files.clone() }
                { message.chips.clone() }
                { trouble(message, actions, words) }
            </div>
            { message.tools.clone() }
        </div>
    }
}

fn head(message: &Message<'_>, format: &Format) -> Html {
    html! {
        <p class="message-head">
            <span class="message-author" dir="auto">{ message.author.name.to_string() }</span>
            { standing(message.author.id) }
            { " " }
            { time(message.at, format) }
        </p>
    }
}

fn pinned(words: &Words) -> Html {
    html! {
        <span class="pinned" title={words.pinned}>
            { icon(Glyph::Pin) }
            <span class="unseen">{ words.pinned }</span>
        </span>
    }
}

fn gone(deleted_by: Option<&Person>, words: &Words) -> String {
    let by = deleted_by.map(|person| words.order.deleted_by(&person.name));
    by.unwrap_or_else(|| words.message_deleted.to_owned())
}

fn edited(message: &Message<'_>, locale: &Locale) -> Html {
    let Some(when) = message.edited.filter(|_| message.text.is_some()) else {
        return html! { <span hidden=true /> };
    };
    let title = when.map(|at| locale.words.edited_at(&locale.format.exact(at)));
    html! { <span class="edited" {title}>{ locale.words.edited }</span> }
}

/// A time, short on the screen, exact on hover and when read out.
pub fn time(at: Timestamp, format: &Format) -> Html {
    let exact = format.exact(at);
    html! {
        <time class="time" datetime={iso(at)} title={exact.clone()}>
            <span aria-hidden="true">{ format.time(at) }</span>
            <span class="unseen">{ exact }</span>
        </time>
    }
}
