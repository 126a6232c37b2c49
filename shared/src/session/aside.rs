//! What is looked at beside a timeline: what is pinned to a room, and what a message said before. One of each at most,
//! asked for when it is opened and kept true for as long as it is looked at.

use super::Session;
use super::requests::Asked;
use crate::ids::{RoomId, Seq};
use crate::protocol::{Content, Event, Pin, Version};

/// What is pinned to a room, what was pinned last first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinsView {
    /// The room.
    pub room: RoomId,
    /// None until the server has told it.
    pub pins: Option<Vec<Pin>>,
    /// The place as of which they were told.
    as_of: Seq,
}

/// What a message said before, the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryView {
    /// The room.
    pub room: RoomId,
    /// The message.
    pub target: Seq,
    /// None until the server has told it; empty since the message was deleted.
    pub versions: Option<Vec<Version>>,
    /// Whether it has said more than that.
    pub more: bool,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Aside {
    pub(super) pins: Option<PinsView>,
    pub(super) history: Option<HistoryView>,
}

impl Aside {
    /// An answer to a question that is not asked any more is passed over.
    pub(super) fn take_pins(&mut self, room: RoomId, head: Seq, pins: Vec<Pin>) {
        let view = self.pins.as_mut();
        if let Some(view) = view.filter(|view| view.room == room && view.as_of <= head) {
            view.pins = Some(pins);
            view.as_of = head;
        }
    }

    pub(super) fn take_history(
        &mut self,
        room: RoomId,
        target: Seq,
        versions: Vec<Version>,
        more: bool,
    ) {
        let view = self.history.as_mut();
        if let Some(view) = view.filter(|view| (view.room, view.target) == (room, target)) {
            view.versions = Some(versions);
            view.more = more;
        }
    }

    /// Whether an event changes what is looked at.
    pub(super) fn is_about(&self, room: RoomId, event: &Event) -> bool {
        let Some(target) = event.content.target() else {
            return false;
        };
        let pins = self.pins.as_ref();
        let history = self.history.as_ref();
        pins.is_some_and(|view| view.room == room && view.as_of < event.seq)
            || history.is_some_and(|view| (view.room, view.target) == (room, target))
    }
}

impl Session {
    pub(super) fn show_pins(&mut self, room: Option<RoomId>) {
        self.aside.pins = room.map(|room| PinsView {
            room,
            pins: None,
            as_of: Seq::ZERO,
        });
        self.revisions.aside += 1;
        self.ask_pins();
    }

    pub(super) fn show_history(&mut self, of: Option<(RoomId, Seq)>) {
        self.aside.history = of.map(|(room, target)| HistoryView {
            room,
            target,
            versions: None,
            more: false,
        });
        self.revisions.aside += 1;
        self.ask_history();
    }

    pub(super) fn ask_aside(&mut self) {
        self.ask_pins();
        self.ask_history();
    }

    fn ask_pins(&mut self) {
        if let Some(view) = &self.aside.pins {
            self.requests.ask(Asked::Pins { room: view.room });
        }
    }

    fn ask_history(&mut self) {
        if let Some(HistoryView { room, target, .. }) = self.aside.history {
            self.requests.ask(Asked::History { room, target });
        }
    }

    /// Takes in an event that [`Aside::is_about`] what is looked at. What a deletion destroys goes at once; what was added
    /// is asked for.
    pub(super) fn change_aside(&mut self, event: &Event) {
        let target = event.content.target();
        let is_deletion = matches!(event.content, Content::Deleted { .. });
        if let Some(pins) = self.aside.pins.as_mut().and_then(|view| view.pins.as_mut()) {
            let gone = is_deletion || matches!(event.content, Content::Pinned { on: false, .. });
            pins.retain(|pin| !gone || Some(pin.message.seq) != target);
            let pin = pins.iter_mut().find(|pin| Some(pin.message.seq) == target);
            if let Some(pin) = pin {
                pin.message.change(event);
            }
        }
        if matches!(event.content, Content::Pinned { on: true, .. }) {
            self.ask_pins();
        }
        let history = self.aside.history.as_mut();
        if let Some(view) = history.filter(|view| Some(view.target) == target) {
            if is_deletion {
                view.versions = Some(Vec::new());
                view.more = false;
            } else if matches!(event.content, Content::Edited { .. }) {
                self.ask_history();
            }
        }
        self.revisions.aside += 1;
    }
}
