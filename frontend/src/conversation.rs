//! A room's timeline with its composer, and what goes on between the two: a message that is answered, edited or to be
//! deleted, and what is looked up about one.

mod dropping;
mod forward;
mod looking;
pub mod menu;
pub mod viewer;

use std::rc::Rc;

use shared::ids::{FileId, RoomId, Seq, Timestamp};
use shared::protocol::{Action, Event, Pace, Person, Quote};
use shared::session::io::Input;
use shared::session::views::Row;
use shared::text::{Body, Emoji, RoomName};
use yew::prelude::*;

use crate::chat::actions::Actions;
use crate::chat::shown::{Beside, RoomItem};
use crate::composer::{Composer, focus_composer, insert_emoji};
use crate::connection::inspector::journey::JourneyProps;
use crate::conversation::forward::Forward;
use crate::conversation::menu::{MessageMenu, Place};
use crate::dialog::Dialog;
use crate::emoji::picker::PickerProps;
use crate::locale::words::Words;
use crate::locale::{Locale, use_locale};
use crate::parts::{LINE, TALK};
use crate::timeline::Timeline;
use crate::timeline::rows::last_own;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct ConversationProps {
    pub room: RoomId,
    pub name: RoomName,
    /// The room is a direct one.
    pub direct: bool,
    /// The reader and one other person are in it.
    pub alone: bool,
    /// Nothing more is said in the room.
    pub archived: bool,
    /// The person keeps order here: takes that back, deletes what others said.
    pub own: bool,
    /// How long the person waits between two messages.
    pub pace: Pace,
    pub me: Person,
    /// The rooms that the person is in.
    pub rooms: Rc<Vec<RoomItem>>,
    pub rows: Rc<Vec<Row>>,
    pub beside: Rc<Beside>,
    /// Whether messages go out at once.
    pub live: bool,
    pub actions: Actions,
}

/// A message that is in the composer to be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Editing {
    /// Which message.
    pub target: Seq,
    /// What it says.
    pub body: Body,
}

/// What is wanted for a message that needs more than a click.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// To see what can be done with it, in a menu there.
    Menu(Seq, Place),
    /// To change it.
    Edit(Editing),
    /// To delete it.
    Delete(Seq),
    /// To bring it to another room.
    Forward(Seq),
    /// To see what it said before.
    History(Seq),
    /// To see the way that it took.
    Journey(Seq),
    /// To see who reacted to it.
    Reactions(Seq),
    /// To react with an emoji from the picker.
    React(Seq),
    /// To see an image as it is.
    View(FileId),
}

/// What an emoji is picked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Picking {
    Text,
    Reaction(Seq),
}

/// The conversation of one room.
#[component]
pub fn Conversation(props: &ConversationProps) -> Html {
    let locale = use_locale();
    let words = locale.words;
    let wish = use_state(|| None::<Wish>);
    let menu = use_state(|| None::<(Seq, Place)>);
    let picking = use_state(|| None::<Picking>);
    let viewing = use_state(|| None::<FileId>);
    let dropping = use_state(|| false);
    let reply = use_state(|| props.actions.texts.reply_to(props.room));
    let on_wish = use_callback((props.room, props.actions.input.clone()), {
        let (wish, menu, picking) = (wish.setter(), menu.setter(), picking.setter());
        let viewing = viewing.setter();
        move |wanted: Wish, (room, input)| match wanted {
            Wish::View(file) => viewing.set(Some(file)),
            Wish::Menu(seq, place) => menu.set(Some((seq, place))),
            // What is in the composer stays there.
            Wish::React(seq) => picking.set(Some(Picking::Reaction(seq))),
            Wish::History(seq) => {
                input.emit(Input::ShowHistory(Some((*room, seq))));
                wish.set(Some(Wish::History(seq)));
            }
            Wish::Journey(seq) => {
                input.emit(Input::ShowJourney(Some((*room, seq))));
                wish.set(Some(Wish::Journey(seq)));
            }
            other => wish.set(Some(other)),
        }
    });
    let no_wish = use_callback(props.actions.input.clone(), {
        let setter = wish.setter();
        move |(), input| {
            setter.set(None);
            input.emit(Input::ShowHistory(None));
            input.emit(Input::ShowJourney(None));
        }
    });
    let on_emoji = use_callback((), {
        let picking = picking.setter();
        move |(), ()| picking.set(Some(Picking::Text))
    });
    let pick = pick(props, *picking, &picking.setter());
    let close_picker = {
        let done = picking.setter();
        move |()| done.set(None)
    };
    let no_menu = use_callback((), {
        let setter = menu.setter();
        move |(), ()| setter.set(None)
    });
    let on_reply = use_callback((), {
        let setter = reply.setter();
        move |reply_to: Option<Seq>, ()| setter.set(reply_to)
    });
    let edit_last = use_callback((Rc::clone(&props.rows), props.me.id), {
        let setter = wish.setter();
        move |(), (rows, me)| setter.set(last_own(rows, *me).map(Wish::Edit))
    });
    let editing = match &*wish {
        Some(Wish::Edit(editing)) => Some(editing.clone()),
        _ => None,
    };
    let answered = reply.map(|seq| (seq, quote(props, seq)));
    let event = menu.and_then(|(seq, _)| message_at(&props.rows, seq));
    let place = menu.map_or_else(Place::default, |(_, place)| place);
    let edited = editing.as_ref().map(|it| it.target);
    let composer = if props.archived {
        archived(props, words)
    } else {
        html! {
            <Composer key="composer" pace={props.pace} paced_until={props.beside.paced_until} room={props.room} name={props.name.clone()} {editing} {answered} {on_reply} me={props.me.id}
                people={Rc::clone(&props.beside.people)} on_edit_last={edit_last} on_edit_end={no_wish.clone()} {on_emoji} actions={props.actions.clone()} />
        }
    };
    let images = viewing.map_or_else(Rc::default, |_| viewer::images(&props.rows));
    let image = images.iter().find(|file| Some(file.id) == *viewing);
    let show = {
        let viewing = viewing.setter();
        Callback::from(move |file: FileId| viewing.set(Some(file)))
    };
    let on_key = viewer::keys(&images, *viewing, &show);
    let viewed = match image {
        Some(file) => TALK.show(
            |talk| talk.viewer,
            (
                Rc::clone(&images),
                file.id,
                show,
                props.me.id,
                locale.clone(),
            ),
        ),
        None => html! { <div hidden=true /> },
    };
    let close_viewer = {
        let done = viewing.setter();
        move |()| done.set(None)
    };
    let name = image.map_or(String::new(), |file| file.name.to_string());
    let (ondragover, ondragleave, ondrop) = dropping::handlers(
        props.room,
        props.archived,
        &props.actions,
        &dropping.setter(),
    );
    html! {
        <div class="conversation" data-drop={dropping.to_string()} data-drop-here={words.drop_here(&props.name)}
            {ondragover} {ondragleave} {ondrop}>
            <Timeline room={props.room} name={props.name.clone()} direct={props.direct} alone={props.alone} me={props.me.clone()} rows={Rc::clone(&props.rows)}
                beside={Rc::clone(&props.beside)} live={props.live} editing={edited}
                actions={props.actions.clone()} on_wish={on_wish.clone()} />
            { composer }
            <MessageMenu room={props.room} me={props.me.id} own={props.own} {event} {place} actions={props.actions.clone()} {on_wish} on_close={no_menu} />
            <Dialog id="emoji" title={words.pick_emoji} open={picking.is_some()} on_close={close_picker}>
                { TALK.show(|talk| talk.picker, PickerProps { on_pick: pick }) }
            </Dialog>
            <Dialog id="viewer" title={name} open={image.is_some()} on_close={close_viewer} {on_key}>{ viewed }</Dialog>
            <Dialog id="message-dialog" title={title(wish.as_ref(), words)} open={is_dialog(wish.as_ref())} on_close={no_wish.clone()}>
                { TALK.show(|talk| talk.dialog, (props.clone(), (*wish).clone(), no_wish, locale)) }
            </Dialog>
        </div>
    }
}

/// What becomes of the emoji that is chosen.
fn pick(
    props: &ConversationProps,
    for_what: Option<Picking>,
    done: &UseStateSetter<Option<Picking>>,
) -> Callback<Emoji> {
    let (room, send, done) = (props.room, props.actions.send.clone(), done.clone());
    Callback::from(move |emoji: Emoji| {
        match for_what {
            Some(Picking::Text) => insert_emoji(&emoji),
            Some(Picking::Reaction(target)) => {
                let on = true;
                // An outbox that is full is said by the owner of the session.
                let _ = send.emit((room, Action::React { target, emoji, on }));
            }
            None => {}
        }
        done.set(None);
    })
}

fn is_dialog(wish: Option<&Wish>) -> bool {
    !matches!(
        wish,
        None | Some(Wish::Edit(_) | Wish::Menu(..) | Wish::React(_) | Wish::View(_))
    )
}

fn title(wish: Option<&Wish>, words: &Words) -> &'static str {
    match wish {
        Some(Wish::Forward(_)) => words.forward_title,
        Some(Wish::History(_)) => words.edit_history,
        Some(Wish::Journey(_)) => words.journey,
        Some(Wish::Reactions(_)) => words.who_reacted,
        _ => words.delete_title,
    }
}

/// What is in the dialog for a message.
pub fn dialog(
    props: &ConversationProps,
    wish: Option<&Wish>,
    done: &Callback<()>,
    locale: &Locale,
) -> Html {
    match wish {
        Some(Wish::Delete(target)) => delete(props, *target, done, locale.words),
        Some(Wish::Forward(target)) => html! {
            <Forward from={props.room} target={*target} rooms={Rc::clone(&props.rooms)} actions={props.actions.clone()} on_done={done.clone()} />
        },
        Some(Wish::History(_)) => looking::history(props.beside.history.as_ref(), locale),
        Some(Wish::Journey(seq)) => journey(props, *seq),
        Some(Wish::Reactions(seq)) => {
            let event = message_at(&props.rows, *seq);
            let message = event.as_ref().and_then(|event| event.content.as_message());
            looking::reactions(message.map_or(&[], |message| &message.reactions))
        }
        _ => html! { <div hidden=true /> },
    }
}

fn journey(props: &ConversationProps, seq: Seq) -> Html {
    let (arrived, way) = props.beside.journey.clone().unzip();
    let event = message_at(&props.rows, seq);
    let receipts = props.beside.receipts.iter();
    let props = JourneyProps {
        room: props.room,
        seq,
        at: event.map_or(Timestamp(0), |event| event.at),
        way: way.flatten(),
        arrived,
        seen: receipts.filter(|receipt| receipt.to >= seq).count(),
        input: props.actions.input.clone(),
    };
    LINE.show(|line| line.journey, props)
}

fn delete(props: &ConversationProps, target: Seq, done: &Callback<()>, words: &Words) -> Html {
    let event = message_at(&props.rows, target);
    let explained = match event.is_some_and(|event| event.author.id != props.me.id) {
        true => words.order.delete_explained,
        false => words.delete_explained,
    };
    let delete = {
        let (room, send, done) = (props.room, props.actions.send.clone(), done.clone());
        move |_: MouseEvent| {
            // An outbox that is full is said by the owner of the session.
            let _ = send.emit((room, Action::Delete { target }));
            done.emit(());
            // The button that led here goes with the message.
            focus_composer();
        }
    };
    html! {
        <div class="form">
            <p>{ explained }</p>
            <div class="form-actions">
                <button type="button" class="button" onclick={done.reform(|_| ())}>{ words.cancel }</button>
                <button type="button" class="button danger" autofocus=true onclick={delete}>{ words.delete }</button>
            </div>
        </div>
    }
}

/// What is said at a place that is held, or was told of as a quote.
fn quote(props: &ConversationProps, seq: Seq) -> Option<Quote> {
    let held = message_at(&props.rows, seq).and_then(|event| Quote::of(&event));
    held.or_else(|| props.beside.quotes.get(&seq).cloned())
}

fn message_at(rows: &[Row], seq: Seq) -> Option<Rc<Event>> {
    let mut rows = rows.iter().rev();
    rows.find_map(|row| match row {
        Row::Event(event) if event.seq == seq => Some(Rc::clone(event)),
        _ => None,
    })
}

/// In place of the composer. What was written and not sent is kept, for when the room is taken back.
fn archived(props: &ConversationProps, words: &Words) -> Html {
    let send = props.actions.send.clone();
    let (room, action) = (props.room, Action::Archive { on: false });
    let take_back = move |_: MouseEvent| {
        // An outbox that is full is said by the owner of the session.
        let _ = send.emit((room, action.clone()));
    };
    html! {
        <div class="archived" key="archived">
            <p>{ words.archived_explained }</p>
            <button type="button" class="button small" hidden={!props.own} onclick={take_back}>{ words.take_back }</button>
        </div>
    }
}
