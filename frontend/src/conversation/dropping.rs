//! Files that are dragged over the conversation, and dropped there.

use shared::ids::RoomId;
use wasm_bindgen::JsCast;
use web_sys::Node;
use yew::prelude::*;

use crate::chat::actions::Actions;
use crate::composer::files::{drags_files, take};
use crate::composer::focus_composer;

/// Files can be dropped anywhere in the conversation.
pub(super) fn handlers(
    room: RoomId,
    archived: bool,
    actions: &Actions,
    dropping: &UseStateSetter<bool>,
) -> (
    Callback<DragEvent>,
    Callback<DragEvent>,
    Callback<DragEvent>,
) {
    let over = {
        let dropping = dropping.clone();
        Callback::from(move |event: DragEvent| {
            if !archived && drags_files(&event) {
                event.prevent_default();
                dropping.set(true);
            }
        })
    };
    let leave = {
        let dropping = dropping.clone();
        Callback::from(move |event: DragEvent| {
            let inside = |root: &Node| {
                let to = event.related_target();
                to.is_some_and(|to| root.contains(to.dyn_ref()))
            };
            let root = event.current_target();
            let root = root.and_then(|root| root.dyn_into::<Node>().ok());
            if !root.is_some_and(|root| inside(&root)) {
                dropping.set(false);
            }
        })
    };
    let drop = {
        let (dropping, actions) = (dropping.clone(), actions.clone());
        Callback::from(move |event: DragEvent| {
            dropping.set(false);
            let files = event.data_transfer().and_then(|data| data.files());
            if !archived && let Some(files) = files.filter(|files| files.length() > 0) {
                event.prevent_default();
                take(&files, room, &actions);
                focus_composer();
            }
        })
    };
    (over, leave, drop)
}
