//! Where a message is written. It takes text whatever the connection does, and gives none away that was not taken.

pub mod keys;
pub mod unsent;

use gloo_events::EventListener;
use shared::ids::{PersonId, RoomId};
use shared::limits;
use shared::text::{Body, RoomName, TextProblem};
use web_sys::{HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::browser::{document, has_touch_keyboard};
use crate::chat::actions::Actions;
use crate::composer::keys::Press;
use crate::icon::{Glyph, icon};
use crate::locale::{Locale, use_locale};

/// From this share of the limit on, the length is shown.
const SHOW_LENGTH_FROM: usize = limits::BODY_BYTES / 10 * 9;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct ComposerProps {
    pub me: PersonId,
    pub room: RoomId,
    pub name: RoomName,
    pub actions: Actions,
}

/// Why the text is still in the composer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    TooLong { over: usize },
    Forbidden,
    OutboxFull,
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
    use_restored_text(&area, props, &length);
    let oninput = {
        let (area, length, kept) = (area.clone(), length.setter(), kept.setter());
        let (me, room) = (props.me, props.room);
        Callback::from(move |_: InputEvent| {
            let Some(area) = area.cast::<HtmlTextAreaElement>() else {
                return;
            };
            let text = area.value();
            unsent::save(me, room, &text);
            length.set(text.len());
            kept.set(None);
            grow(&area);
        })
    };
    let send = use_send(&area, props, &length, &kept);
    let onkeydown = {
        let send = send.clone();
        Callback::from(move |event: KeyboardEvent| {
            if Press::of(&event).sends() {
                event.prevent_default();
                send.emit(());
            }
        })
    };
    let onsubmit = send.reform(|event: SubmitEvent| event.prevent_default());
    let note = kept.map_or(String::new(), |kept| explain(kept, &locale));
    let number = |n: usize| locale.format.number(n as u64);
    let used = (*length >= SHOW_LENGTH_FROM)
        .then(|| (words.bytes_used)(&number(*length), &number(limits::BODY_BYTES)));
    html! {
        <form class="composer" {onsubmit}>
            <div class="composer-box" data-over={(*length > limits::BODY_BYTES).to_string()}>
                <textarea ref={area} id="composer" class="composer-text" rows="1" enterkeyhint="send" dir="auto"
                    placeholder={(words.write_to)(&props.name)} aria-label={(words.write_to)(&props.name)}
                    aria-describedby="composer-note composer-hint" {oninput} {onkeydown} />
                <button type="submit" class="composer-send" aria-label={words.send} title={words.send}
                    data-ready={(*length > 0).to_string()}>
                    { icon(Glyph::ArrowUp) }
                </button>
            </div>
            <div class="composer-foot">
                <p id="composer-note" class="error" role="alert">{ note }</p>
                <p id="composer-hint" class="hint">{ words.composer_hint }</p>
                <p class="composer-length" hidden={used.is_none()}>{ used.unwrap_or_default() }</p>
            </div>
        </form>
    }
}

/// Brings back what was written here before, and takes the focus where that raises no keyboard.
#[hook]
fn use_restored_text(area: &NodeRef, props: &ComposerProps, length: &UseStateHandle<usize>) {
    let (area, length) = (area.clone(), length.setter());
    use_effect_with((props.me, props.room), move |&(me, room)| {
        let Some(area) = area.cast::<HtmlTextAreaElement>() else {
            return;
        };
        let text = unsent::load(me, room);
        area.set_value(&text);
        length.set(text.len());
        grow(&area);
        if !has_touch_keyboard() {
            focus_after_dialogs(area);
        }
    });
}

/// A dialog that led here is still modal, and gives the focus back to its button as it closes: only then can we have it.
fn focus_after_dialogs(area: HtmlTextAreaElement) {
    match document().query_selector("dialog[open]").ok().flatten() {
        Some(dialog) => EventListener::once(&dialog, "close", move |_| {
            let _ = area.focus();
        })
        .forget(),
        None => {
            let _ = area.focus();
        }
    }
}

#[hook]
fn use_send(
    area: &NodeRef,
    props: &ComposerProps,
    length: &UseStateHandle<usize>,
    kept: &UseStateHandle<Option<Kept>>,
) -> Callback<()> {
    let (area, length, kept) = (area.clone(), length.setter(), kept.setter());
    let (me, room, send) = (props.me, props.room, props.actions.send.clone());
    Callback::from(move |()| {
        let Some(area) = area.cast::<HtmlTextAreaElement>() else {
            return;
        };
        let text = area.value();
        let taken = Body::parse(&text)
            .map_err(|problem| why_kept(problem, text.len()))
            .and_then(|body| send.emit((room, body)).map_err(|_| Some(Kept::OutboxFull)));
        match taken {
            Ok(()) => {
                area.set_value("");
                unsent::save(me, room, "");
                length.set(0);
                kept.set(None);
                grow(&area);
            }
            Err(why) => kept.set(why),
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
        Kept::TooLong { over } => (words.body_too_long)(&number(over)),
        Kept::Forbidden => words.body_forbidden.to_owned(),
        Kept::OutboxFull => (words.outbox_full)(&number(limits::OUTBOX_MESSAGES)),
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
