//! Where a message is written. It takes text whatever the connection does, and gives none away that was not taken.

mod answering;
pub mod completion;
pub mod files;
pub mod insert;
pub mod keys;
mod naming;
pub mod unsent;

use std::rc::Rc;

use gloo_events::EventListener;
use shared::ids::{PersonId, RoomId, Seq};
use shared::limits;
use shared::protocol::{Action, Attachment, Pace, Person, Post};
use shared::session::io::Input;
use shared::session::time::Ticks;
use shared::text::{Body, RoomName, TextProblem};
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, FileList, HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::browser::{document, has_touch_keyboard};
use crate::chat::actions::Actions;
use crate::composer::answering::answering;
use crate::composer::completion::{Completion, use_completion};
use crate::composer::keys::Press;
use crate::conversation::Editing;
use crate::emoji;
use crate::icon::{Glyph, icon};
use crate::kept::Unsent;
use crate::locale::{Locale, use_locale};
use crate::rooms::pace::PaceHint;
use crate::timeline::quote::Answered;

/// From this share of the limit on, the length is shown.
const SHOW_LENGTH_FROM: usize = limits::BODY_BYTES / 10 * 9;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct ComposerProps {
    pub room: RoomId,
    pub name: RoomName,
    /// A message that is changed in the place of a new one.
    pub editing: Option<Editing>,
    /// The message that the new one answers.
    pub answered: Option<Answered>,
    /// It answers another one now, or none.
    pub on_reply: Callback<Option<Seq>>,
    /// The reader.
    pub me: PersonId,
    /// Who can be named.
    pub people: Rc<Vec<Person>>,
    /// How long the person waits between two messages, and until when now.
    pub pace: Pace,
    pub paced_until: Option<Ticks>,
    /// The person wants to change the last message.
    pub on_edit_last: Callback<()>,
    /// The change is sent or given up.
    pub on_edit_end: Callback<()>,
    /// The person wants an emoji from the picker.
    pub on_emoji: Callback<()>,
    pub actions: Actions,
}

/// Why the text is still in the composer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    TooLong { over: usize },
    Forbidden,
    OutboxFull,
    FilesLeftOut(usize),
}

/// The composer of one room. Its text is the element's own, never set while somebody types, for the sake of
/// input methods.
#[component]
pub fn Composer(props: &ComposerProps) -> Html {
    let locale = use_locale();
    let words = locale.words;
    let area = use_node_ref();
    let length = use_state(|| 0_usize);
    let kept = use_state(|| None::<Kept>);
    let attached = use_state(Vec::<Attachment>::new);
    use_text(&area, props, &length, &kept, &attached.setter());
    let edits = props.editing.is_some();
    let on_files = {
        let (room, actions, kept) = (props.room, props.actions.clone(), kept.setter());
        Callback::from(move |files: FileList| {
            let left = files::take(&files, room, &actions);
            kept.set(Some(Kept::FilesLeftOut(left)).filter(|_| left > 0));
        })
    };
    let onpaste = {
        let on_files = on_files.clone();
        move |event: Event| {
            let event: ClipboardEvent = event.unchecked_into();
            if !edits && let Some(files) = files::pasted(event.clipboard_data()) {
                event.prevent_default();
                on_files.emit(files);
            }
        }
    };
    let room = props.room;
    let on_remove = props.actions.detach.reform(move |file| (room, file));
    let offer = use_callback((Rc::clone(&props.people), props.me), {
        let hint = words.everyone;
        move |before: String, (people, me)| {
            naming::offer(&before, people, *me, hint).or_else(|| emoji::offer(&before))
        }
    });
    let completion = use_completion(&area, offer);
    let asked = use_mut_ref(|| false);
    let oninput = {
        let (area, length, kept) = (area.clone(), length.setter(), kept.setter());
        let look = completion.look.clone();
        let (asked, input) = (asked.clone(), props.actions.input.clone());
        let (room, wrote, edits) = (
            props.room,
            props.actions.wrote.clone(),
            props.editing.is_some(),
        );
        Callback::from(move |_: InputEvent| {
            let Some(area) = area.cast::<HtmlTextAreaElement>() else {
                return;
            };
            let text = area.value();
            length.set(text.len());
            kept.set(None);
            grow(&area);
            // Whoever names somebody may mean one who has said nothing yet.
            if text.contains('@') && !asked.replace(true) {
                input.emit(Input::ListMembers { room });
            }
            if !edits {
                wrote.emit((room, text));
            }
            look.emit(());
        })
    };
    let send = use_send(&area, props, &length, &kept, &attached.setter());
    let onkeydown = use_keys(&area, props, &send, &completion);
    let onsubmit = send.reform(|event: SubmitEvent| event.prevent_default());
    let note = kept.map_or(String::new(), |kept| explain(kept, &locale));
    let number = |n: usize| locale.format.number(n as u64);
    let used = (*length >= SHOW_LENGTH_FROM)
        .then(|| words.bytes_used(&number(*length), &number(limits::BODY_BYTES)));
    html! {
        <form class="composer" data-editing={props.editing.is_some().to_string()} {onsubmit}>
            <div class="composer-editing" hidden={props.editing.is_none()}>
                { icon(Glyph::Pencil) }
                <span role="status">{ if props.editing.is_some() { words.editing } else { "" } }</span>
                <span class="keys">{ words.editing_keys }</span>
                <button type="button" class="button small" onclick={props.on_edit_end.reform(|_| ())}>{ words.cancel }</button>
            </div>
            { answering(props.answered.as_ref().filter(|_| props.editing.is_none()), &drop_reply(props), &locale) }
            { completion.list }
            { files::chips(if edits { &[] } else { &attached }, &props.actions.files, &on_remove, &locale) }
            <div class="composer-box" data-over={(*length > limits::BODY_BYTES).to_string()}>
                <textarea ref={area} id="composer" class="composer-text" rows="1" enterkeyhint="send" dir="auto"
                    placeholder={words.write_to(&props.name)} aria-label={words.write_to(&props.name)}
                    aria-describedby="composer-note composer-hint" aria-autocomplete="list" aria-controls="completion"
                    aria-activedescendant={completion.active} {oninput} {onkeydown} onblur={completion.hide.reform(|_| ())} {onpaste} />
                <span class="composer-tools" hidden={edits}>{ files::button(on_files, &locale) }</span>
                <button type="button" class="composer-emoji" aria-haspopup="dialog" aria-label={words.pick_emoji}
                    title={words.pick_emoji} onclick={props.on_emoji.reform(|_| ())}>{ icon(Glyph::Smile) }</button>
                <button type="submit" class="composer-send" aria-label={words.send} title={words.send}
                    data-ready={(*length > 0 || !edits && !attached.is_empty()).to_string()}>
                    { icon(Glyph::ArrowUp) }
                </button>
            </div>
            <div class="composer-foot">
                <p id="composer-note" class="error" role="alert">{ note }</p>
                <p id="composer-hint" class="hint" hidden={!props.pace.is_none()}>{ words.composer_hint }</p>
                <PaceHint pace={props.pace} until={props.paced_until} />
                <p class="composer-length" hidden={used.is_none()}>{ used.unwrap_or_default() }</p>
            </div>
        </form>
    }
}

/// Shows what was written here before, what is written in another tab, or the message that is changed; and takes the
/// focus where that raises no keyboard.
#[hook]
fn use_text(
    area: &NodeRef,
    props: &ComposerProps,
    length: &UseStateHandle<usize>,
    kept: &UseStateHandle<Option<Kept>>,
    attached: &UseStateSetter<Vec<Attachment>>,
) {
    let texts = props.actions.texts.clone();
    let put = {
        let (area, length, reply) = (area.clone(), length.setter(), props.on_reply.clone());
        let (attached, texts, room) = (attached.clone(), texts.clone(), props.room);
        Callback::from(move |(text, reply_to): (String, Option<Seq>)| {
            reply.emit(reply_to);
            attached.set(texts.files(room));
            let Some(area) = area.cast::<HtmlTextAreaElement>() else {
                return;
            };
            if area.value() != text {
                area.set_value(&text);
                length.set(text.len());
                grow(&area);
            }
        })
    };
    let deps = (props.room, props.editing.clone());
    let (area, kept, first) = (area.clone(), kept.setter(), use_mut_ref(|| true));
    use_effect_with(deps, move |(room, editing)| {
        let first = first.replace(false);
        kept.set(None);
        match editing {
            // Meanwhile the text of another tab waits.
            Some(editing) => {
                texts.listen(*room, Callback::noop());
                put.emit((editing.body.to_string(), texts.reply_to(*room)));
            }
            None => {
                put.emit((texts.get(*room), texts.reply_to(*room)));
                texts.listen(*room, put.reform(|it: Unsent| (it.text, it.reply_to)));
            }
        }
        // Who was brought to a message has the focus there.
        let elsewhere = first && matches!(document().query_selector(".row:focus"), Ok(Some(_)));
        if let Some(area) = area.cast::<HtmlTextAreaElement>()
            && (!first || !has_touch_keyboard())
            && !elsewhere
        {
            focus_after_dialogs(area);
        }
    });
}

#[hook]
fn use_keys(
    area: &NodeRef,
    props: &ComposerProps,
    send: &Callback<()>,
    completion: &Completion,
) -> Callback<KeyboardEvent> {
    let (area, send, offered) = (area.clone(), send.clone(), completion.press.clone());
    let drop_reply = props.answered.is_some().then(|| drop_reply(props));
    let (last, end) = (props.on_edit_last.clone(), props.on_edit_end.clone());
    let edits = props.editing.is_some();
    Callback::from(move |event: KeyboardEvent| {
        let press = Press::of(&event);
        if offered.emit(event.clone()) {
            // It chose something.
        } else if press.sends() {
            event.prevent_default();
            send.emit(());
        } else if edits && press.is_plain(&event, "Escape") {
            // Whatever else the key closes stays open.
            event.stop_propagation();
            end.emit(());
        } else if let Some(drop_reply) = &drop_reply
            && press.is_plain(&event, "Escape")
        {
            event.stop_propagation();
            drop_reply.emit(());
        } else if !edits && press.is_plain(&event, "ArrowUp") {
            let area = area.cast::<HtmlTextAreaElement>();
            if area.is_some_and(|area| area.value().is_empty()) {
                event.prevent_default();
                last.emit(());
            }
        }
    })
}

/// Puts an emoji where one writes, once the dialog that it was chosen in has closed.
pub fn insert_emoji(emoji: &str) {
    let composer = document().get_element_by_id("composer");
    if let Some(area) = composer.and_then(|area| area.dyn_into().ok()) {
        let emoji = emoji.to_owned();
        after_dialogs(move || insert::at_caret(&area, &emoji));
    }
}

/// The new message is to answer nothing.
fn drop_reply(props: &ComposerProps) -> Callback<()> {
    let room = props.room;
    props.actions.answer.reform(move |()| (room, None))
}

/// Gives the focus to the composer where that raises no keyboard.
pub fn focus_composer() {
    let composer = document().get_element_by_id("composer");
    if let Some(area) = composer.and_then(|area| area.dyn_into().ok())
        && !has_touch_keyboard()
    {
        focus_after_dialogs(area);
    }
}

/// A dialog that led here is still modal, and gives the focus back to its button as it closes: only then can we have it.
fn focus_after_dialogs(area: HtmlTextAreaElement) {
    after_dialogs(move || {
        let _ = area.focus();
    });
}

fn after_dialogs(act: impl FnOnce() + 'static) {
    match document().query_selector("dialog[open]").ok().flatten() {
        Some(dialog) => EventListener::once(&dialog, "close", move |_| act()).forget(),
        None => act(),
    }
}

#[hook]
fn use_send(
    area: &NodeRef,
    props: &ComposerProps,
    length: &UseStateHandle<usize>,
    kept: &UseStateHandle<Option<Kept>>,
    attached: &UseStateSetter<Vec<Attachment>>,
) -> Callback<()> {
    let (area, length, kept) = (area.clone(), length.setter(), kept.setter());
    let (room, send) = (props.room, props.actions.send.clone());
    let (texts, attached) = (props.actions.texts.clone(), attached.clone());
    let (editing, edit_end) = (props.editing.clone(), props.on_edit_end.clone());
    let reply_to = props.answered.as_ref().map(|(seq, _)| *seq);
    let (people, on_reply) = (Rc::clone(&props.people), props.on_reply.clone());
    Callback::from(move |()| {
        let Some(area) = area.cast::<HtmlTextAreaElement>() else {
            return;
        };
        let text = area.value();
        let take = |action| {
            send.emit((room, action))
                .map_err(|_| Some(Kept::OutboxFull))
        };
        let attachments = texts.files(room);
        let parsed = Body::parse(&text).map_err(|problem| why_kept(problem, text.len()));
        let taken = parsed.and_then(|body| match &editing {
            None => take(Action::Message(Post {
                mentions: naming::named(&body, &people),
                reply_to,
                attachments: attachments.clone(),
                body: Some(body),
            })),
            Some(editing) if editing.body == body => Ok(()),
            Some(editing) => take(Action::Edit {
                target: editing.target,
                mentions: naming::named(&body, &people),
                body,
            }),
        });
        let taken = match taken {
            // Files need no words.
            Err(None) if editing.is_none() && !attachments.is_empty() => {
                take(Action::Message(Post {
                    mentions: Vec::new(),
                    reply_to,
                    attachments,
                    body: None,
                }))
            }
            taken => taken,
        };
        match (taken, &editing) {
            (Ok(()), Some(_)) => edit_end.emit(()),
            (Ok(()), None) => {
                area.set_value("");
                attached.set(Vec::new());
                on_reply.emit(None);
                length.set(0);
                kept.set(None);
                grow(&area);
            }
            (Err(why), _) => kept.set(why),
        }
        let _ = area.focus();
    })
}

/// Nothing is wrong with an empty composer, there is just nothing to send.
fn why_kept(problem: TextProblem, bytes: usize) -> Option<Kept> {
    match problem {
        TextProblem::Blank => None,
        TextProblem::TooLong { .. } => Some(Kept::TooLong {
            over: bytes.saturating_sub(limits::BODY_BYTES),
        }),
        TextProblem::Forbidden => Some(Kept::Forbidden),
    }
}

fn explain(kept: Kept, locale: &Locale) -> String {
    let words = locale.words;
    let number = |n: usize| locale.format.number(n as u64);
    match kept {
        Kept::TooLong { over } => words.body_too_long(&number(over)),
        Kept::Forbidden => words.body_forbidden.to_owned(),
        Kept::FilesLeftOut(n) => {
            let limit = number(limits::FILES_PER_MESSAGE);
            words.files_left_out(&number(n), &limit)
        }
        Kept::OutboxFull => words.outbox_full(&number(limits::OUTBOX_MESSAGES)),
    }
}

/// As high as its text; the style sheet says how high at most. Where the browser does that by itself (it then knows
/// `field-sizing`), it does it without laying out the page once more for every key.
fn grow(area: &HtmlTextAreaElement) {
    let style = AsRef::<HtmlElement>::as_ref(area).style();
    let _ = style.set_property("field-sizing", "content");
    let known = style.get_property_value("field-sizing");
    if known.is_ok_and(|value| !value.is_empty()) {
        return;
    }
    let _ = style.set_property("height", "auto");
    let _ = style.set_property("height", &format!("{}px", area.scroll_height()));
}
