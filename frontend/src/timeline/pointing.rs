//! Which message is pointed at, by a pointer, a finger or the focus: that one shows what can be done with it.

use shared::ids::Seq;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use crate::browser::document;
use crate::conversation::Wish;
use crate::conversation::menu::Place;
use crate::timeline::Msg;

/// The message at an element, if it is one that something can be done with.
fn message_at(element: Option<Element>) -> Option<Seq> {
    let row = element?.closest("[data-seq]").ok().flatten()?;
    row.get_attribute("data-seq")?.parse().ok().map(Seq)
}

/// A finger came over something.
pub(super) fn over(event: PointerEvent) -> Option<Msg> {
    (event.pointer_type() != "mouse").then(|| point(event))?
}

/// A mouse was moved. Rows that scroll past below it are not pointed at: each would draw the timeline anew meanwhile.
pub(super) fn moved(event: PointerEvent) -> Option<Msg> {
    (event.pointer_type() == "mouse").then(|| point(event))?
}

/// The focus of the keyboard in a bar keeps the bar.
fn point(event: PointerEvent) -> Option<Msg> {
    let held = document().query_selector(".tools :focus-visible");
    if matches!(held, Ok(Some(_))) {
        return None;
    }
    Some(Msg::Point(message_at(event.target_dyn_into())))
}

/// A pointer left the rows. A finger that was lifted did not.
pub(super) fn left(event: PointerEvent) -> Option<Msg> {
    (event.pointer_type() == "mouse").then_some(Msg::Point(None))
}

/// A menu was asked for by a key or a long press. A mouse gets the browser's own.
pub(super) fn menu(on_wish: &Callback<Wish>) -> Callback<MouseEvent> {
    let on_wish = on_wish.clone();
    Callback::from(move |event: MouseEvent| {
        let pointer = event
            .dyn_ref::<PointerEvent>()
            .map(PointerEvent::pointer_type);
        let by_mouse = event.button() == 2 && pointer.is_none_or(|it| it == "mouse");
        if let Some(seq) = message_at(event.target_dyn_into()).filter(|_| !by_mouse) {
            event.prevent_default();
            on_wish.emit(Wish::Menu(seq, Place::of(&event)));
        }
    })
}

/// The focus came to a row or into it.
pub(super) fn focused(event: FocusEvent) -> Option<Msg> {
    let seq = message_at(event.target_dyn_into());
    seq.is_some().then_some(Msg::Point(seq))
}

/// The focus went; to another row is for [`focused`].
pub(super) fn blurred(event: FocusEvent) -> Option<Msg> {
    // Without a successor the focus went with its element, or to another window.
    let to = event.related_target()?.dyn_into::<Element>().ok()?;
    // A dialog gives it back to the button in the bar.
    let stays = matches!(to.closest(".rows, dialog"), Ok(Some(_)));
    (!stays).then_some(Msg::Point(None))
}
