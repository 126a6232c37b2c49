//! What stands before the name of a room: its kind, or the face of whom one talks with.

use shared::protocol::RoomKind;
use yew::prelude::*;

use crate::avatar::avatar;
use crate::chat::shown::RoomItem;
use crate::icon::{Glyph, icon};

/// The sign of a room.
pub fn room_sign(item: &RoomItem) -> Html {
    match (item.kind, item.people.as_slice()) {
        _ if item.archived => icon(Glyph::Archive),
        (RoomKind::Public, _) => icon(Glyph::Hash),
        (RoomKind::Private, _) => icon(Glyph::Lock),
        (RoomKind::Direct, [one]) => avatar(one),
        (RoomKind::Direct, _) => icon(Glyph::People),
    }
}
