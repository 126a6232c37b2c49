//! A room's timeline with its composer, and what goes on between the two: a message that is edited or to be deleted.

use std::rc::Rc;

use shared::ids::{RoomId, Seq};
use shared::protocol::{Action, Person};
use shared::session::views::Row;
use shared::text::{Body, Emoji, RoomName};
use yew::prelude::*;

use crate::chat::actions::Actions;
use crate::chat::shown::Beside;
use crate::composer::{Composer, focus_composer, insert_emoji};
use crate::dialog::Dialog;
use crate::emoji::picker::Picker;
use crate::locale::use_locale;
use crate::timeline::Timeline;
use crate::timeline::rows::last_own;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct ConversationProps {
    pub room: RoomId,
    pub name: RoomName,
    pub me: Person,
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
    /// To change it.
    Edit(Editing),
    /// To delete it.
    Delete(Seq),
    /// To react with an emoji from the picker.
    React(Seq),
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
    let words = use_locale().words;
    let wish = use_state(|| None::<Wish>);
    let picking = use_state(|| None::<Picking>);
    let on_wish = use_callback((), {
        let (setter, picking) = (wish.setter(), picking.setter());
        move |wish: Wish, ()| match wish {
            // What is in the composer stays there.
            Wish::React(seq) => picking.set(Some(Picking::Reaction(seq))),
            wish => setter.set(Some(wish)),
        }
    });
    let on_emoji = use_callback((), {
        let picking = picking.setter();
        move |(), ()| picking.set(Some(Picking::Text))
    });
    let pick = {
        let (for_what, done) = (*picking, picking.setter());
        let (room, send) = (props.room, props.actions.send.clone());
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
    };
    let close_picker = {
        let done = picking.setter();
        move |()| done.set(None)
    };
    let no_wish = use_callback((), {
        let setter = wish.setter();
        move |(), ()| setter.set(None)
    });
    let edit_last = use_callback((Rc::clone(&props.rows), props.me.id), {
        let setter = wish.setter();
        move |(), (rows, me)| setter.set(last_own(rows, *me).map(Wish::Edit))
    });
    let editing = match &*wish {
        Some(Wish::Edit(editing)) => Some(editing.clone()),
        _ => None,
    };
    let delete = {
        let (room, send, done) = (props.room, props.actions.send.clone(), no_wish.clone());
        let target = match *wish {
            Some(Wish::Delete(target)) => Some(target),
            _ => None,
        };
        move |_: MouseEvent| {
            if let Some(target) = target {
                // An outbox that is full is said by the owner of the session.
                let _ = send.emit((room, Action::Delete { target }));
            }
            done.emit(());
            // The button that led here goes with the message.
            focus_composer();
        }
    };
    html! {
        <div class="conversation">
            <Timeline room={props.room} name={props.name.clone()} me={props.me.clone()} rows={Rc::clone(&props.rows)}
                beside={Rc::clone(&props.beside)} live={props.live} editing={editing.as_ref().map(|it| it.target)}
                actions={props.actions.clone()} {on_wish} />
            <Composer room={props.room} name={props.name.clone()} {editing} on_edit_last={edit_last}
                on_edit_end={no_wish.clone()} {on_emoji} actions={props.actions.clone()} />
            <Dialog id="emoji" title={words.pick_emoji} open={picking.is_some()} on_close={close_picker}>
                <Picker on_pick={pick} />
            </Dialog>
            <Dialog id="delete" title={words.delete_title} open={matches!(*wish, Some(Wish::Delete(_)))} on_close={no_wish.clone()}>
                <div class="form">
                    <p>{ words.delete_explained }</p>
                    <div class="form-actions">
                        <button type="button" class="button" onclick={no_wish.reform(|_| ())}>{ words.cancel }</button>
                        <button type="button" class="button danger" autofocus=true onclick={delete}>{ words.delete }</button>
                    </div>
                </div>
            </Dialog>
        </div>
    }
}
