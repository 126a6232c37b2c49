//! What can be done with a message: the bar that shows on the one that is pointed at or has the focus, and the
//! reactions below it.

use shared::sorted::Map;

use shared::ids::{PersonId, RoomId, Seq};
use shared::protocol::{Action, Reaction};
use shared::session::io::Input;
use shared::text::{Body, Emoji};
use yew::prelude::*;

use crate::chat::actions::Actions;
use crate::composer::focus_composer;
use crate::conversation::menu::Place;
use crate::conversation::{Editing, Wish};
use crate::icon::{Glyph, icon};
use crate::locale::Locale;

/// The reactions that are one click away.
const QUICK: [&str; 5] = ["👍", "❤️", "😂", "🎉", "👀"];

/// A message with something to do about it.
#[derive(Debug)]
pub(super) struct Target<'a> {
    pub(super) room: RoomId,
    pub(super) seq: Seq,
    pub(super) me: PersonId,
    pub(super) mine: bool,
    /// None if it only carries files.
    pub(super) body: Option<&'a Body>,
    pub(super) reactions: &'a [Reaction],
}

/// The bar. It is in the page only while it shows.
pub(super) fn bar(
    target: &Target<'_>,
    actions: &Actions,
    on_wish: &Callback<Wish>,
    locale: &Locale,
) -> Html {
    let words = locale.words;
    let quick = QUICK.iter().filter_map(|text| Emoji::parse(text).ok());
    let quick = quick.map(|emoji| {
        let on = !has_reacted(target, &emoji);
        let name = words.react_with(&emoji);
        html! {
            <button key={emoji.to_string()} type="button" class="tool" aria-label={name.clone()} title={name}
                onclick={react(target, &emoji, on, actions)}>{ emoji.to_string() }</button>
        }
    });
    let seq = target.seq;
    let any = html! {
        <button key="any" type="button" class="tool" aria-haspopup="dialog" aria-label={words.react_with_any}
            title={words.react_with_any} onclick={on_wish.reform(move |_| Wish::React(seq))}>{ icon(Glyph::Smile) }</button>
    };
    let reply = (Glyph::Reply, words.reply, reply(target, actions));
    let edit = target.body.filter(|_| target.mine).map(|body| {
        let editing = Editing {
            target: seq,
            body: body.clone(),
        };
        let edit = on_wish.reform(move |_: MouseEvent| Wish::Edit(editing.clone()));
        (Glyph::Pencil, words.edit, edit)
    });
    let more = on_wish.reform(move |event: MouseEvent| Wish::Menu(seq, Place::below(&event)));
    let more = (Glyph::More, words.more_actions, more);
    let room = target.room;
    let unread = actions
        .input
        .reform(move |_| Input::MarkUnread { room, from: seq });
    let unread = (Glyph::Envelope, words.mark_unread, unread);
    let tools = [Some(reply), edit, Some(unread), Some(more)]
        .into_iter()
        .flatten();
    let tools = tools.map(|(glyph, name, onclick)| {
        let popup = (glyph == Glyph::More).then_some("menu");
        html! {
            <button key={name} type="button" class="tool" aria-label={name} title={name} aria-haspopup={popup} {onclick}>{ icon(glyph) }</button>
        }
    });
    html! {
        <div class="tools" role="toolbar" aria-label={words.message_tools}>{ for quick.chain([any]).chain(tools) }</div>
    }
}

/// Answers the message in the composer.
fn reply(target: &Target<'_>, actions: &Actions) -> Callback<MouseEvent> {
    let (room, seq, answer) = (target.room, target.seq, actions.answer.clone());
    Callback::from(move |_| {
        answer.emit((room, Some(seq)));
        focus_composer();
    })
}

/// The reactions that stand, in the order in which each emoji came first; a click puts an own one there or takes it back.
pub(super) fn chips(target: &Target<'_>, actions: &Actions, locale: &Locale) -> Html {
    if target.reactions.is_empty() {
        return html! { <div hidden=true /> };
    }
    let mut order: Vec<&Emoji> = Vec::new();
    let mut people: Map<&Emoji, Vec<&Reaction>> = Map::new();
    for reaction in target.reactions {
        let same = people.or_default(&reaction.emoji);
        if same.is_empty() {
            order.push(&reaction.emoji);
        }
        same.push(reaction);
    }
    let chips = order.into_iter().map(|emoji| {
        let by = &people[&emoji];
        let mine = by.iter().any(|reaction| reaction.by.id == target.me);
        let names: Vec<&str> = by.iter().map(|reaction| &*reaction.by.name).collect();
        let names = locale.words.list(&names);
        let label = locale.words.reacted(emoji, &names);
        html! {
            <button key={emoji.to_string()} type="button" class="chip" aria-pressed={mine.to_string()}
                aria-description={label} onclick={react(target, emoji, !mine, actions)}>
                <span>{ emoji.to_string() }</span>
                <span class="chip-count">{ locale.format.number(by.len() as u64) }</span>
                <span class="chip-names" aria-hidden="true">{ names }</span>
            </button>
        }
    });
    html! { <div class="chips">{ for chips }</div> }
}

fn has_reacted(target: &Target<'_>, emoji: &Emoji) -> bool {
    let mut reactions = target.reactions.iter();
    reactions.any(|reaction| reaction.by.id == target.me && reaction.emoji == *emoji)
}

fn react(target: &Target<'_>, emoji: &Emoji, on: bool, actions: &Actions) -> Callback<MouseEvent> {
    let (room, seq, emoji, send) = (target.room, target.seq, emoji.clone(), actions.send.clone());
    Callback::from(move |_| {
        let (target, emoji) = (seq, emoji.clone());
        // An outbox that is full is said by the owner of the session.
        let _ = send.emit((room, Action::React { target, emoji, on }));
    })
}
