//! What is looked up about a message: what it said before, and who reacted to it.

use shared::sorted::Map;

use shared::protocol::{Reaction, Version};
use shared::session::aside::HistoryView;
use shared::text::Emoji;
use yew::prelude::*;

use crate::avatar::avatar;
use crate::locale::Locale;
use crate::timeline::message::time;

/// What a message has said, the newest first.
pub(super) fn history(view: Option<&HistoryView>, locale: &Locale) -> Html {
    let words = locale.words;
    let versions = view.and_then(|view| view.versions.as_deref());
    let status = match versions {
        None => words.loading_messages,
        Some([]) => words.message_deleted,
        Some(_) if view.is_some_and(|view| view.more) => words.older_versions,
        Some(_) => "",
    };
    let entry = |version: &Version| {
        html! {
            <li key={version.seq.0} class="version">
                { time(version.at, &locale.format) }
                <div class="message-body" dir="auto">{ version.body.to_string() }</div>
            </li>
        }
    };
    html! {
        <div class="versions">
            <ol class="version-list">{ for versions.unwrap_or_default().iter().map(entry) }</ol>
            <p class="hint" role="status">{ status }</p>
        </div>
    }
}

/// Who put which emoji on a message.
pub(super) fn reactions(reactions: &[Reaction]) -> Html {
    let mut people: Map<&Emoji, Vec<&Reaction>> = Map::new();
    for reaction in reactions {
        people.or_default(&reaction.emoji).push(reaction);
    }
    let person = |one: &&Reaction| {
        html! {
            <li key={one.seq.0} class="reacted-person">{ avatar(&one.by) }<span dir="auto">{ one.by.name.to_string() }</span></li>
        }
    };
    let entries = people.iter().map(|(emoji, by)| {
        html! {
            <section key={emoji.to_string()} class="reacted" aria-label={emoji.to_string()}>
                <p class="reacted-emoji">{ emoji.to_string() }</p>
                <ul>{ for by.iter().map(person) }</ul>
            </section>
        }
    });
    html! { <div class="reacted-list">{ for entries }</div> }
}
