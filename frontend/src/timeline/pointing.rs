//! Which message is pointed at, by a pointer, a finger or the focus: that one shows what can be done with it.

use shared::ids::Seq;
use web_sys::Element;
use yew::prelude::*;

use crate::browser::document;
use crate::timeline::Msg;

/// The message at an element, if it is one that something can be done with.
fn message_at(element: Option<Element>) -> Option<Seq> {
    let row = element?.closest("[data-seq]").ok().flatten()?;
    row.get_attribute("data-seq")?.parse().ok().map(Seq)
}

/// A pointer came over something. The focus of the keyboard in a bar keeps the bar.
pub(super) fn over(event: PointerEvent) -> Option<Msg> {
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

/// The focus came to a row or into it.
pub(super) fn focused(event: FocusEvent) -> Option<Msg> {
    let seq = message_at(event.target_dyn_into());
    seq.is_some().then_some(Msg::Point(seq))
}

/// The focus went; to another row is for [`focused`].
pub(super) fn blurred(event: FocusEvent) -> Option<Msg> {
    use wasm_bindgen::JsCast;
    let to = event.related_target();
    let to = to.and_then(|to| to.dyn_into::<Element>().ok());
    let inside = to.is_some_and(|to| matches!(to.closest(".rows"), Ok(Some(_))));
    // Without a successor the focus went with its element, or to another window.
    (!inside && event.related_target().is_some()).then_some(Msg::Point(None))
}
