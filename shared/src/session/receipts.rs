//! How far the others in a small room have read: asked for when the room is shown, and heard from then on.

use crate::ids::{PersonId, RoomId, Seq};
use crate::protocol::{Event, Receipt};
use crate::session::Session;
use crate::session::people::People;
use crate::session::requests::Asked;

/// What is known of one room.
#[derive(Debug, Clone, Default)]
pub(super) struct Receipts(Vec<Known>);

#[derive(Debug, Clone)]
struct Known {
    receipt: Receipt,
    /// It was heard since the server was asked last, so that the answer may not have it.
    news: bool,
}

impl Receipts {
    /// The server is about to be asked.
    fn asked(&mut self) {
        self.0.iter_mut().for_each(|known| known.news = false);
    }

    /// Takes an answer: who is not in it is told of no more.
    fn take_all(&mut self, read: Vec<Receipt>) {
        let answered = |by: PersonId| read.iter().any(|one| one.by.id == by);
        self.0
            .retain(|known| known.news || answered(known.receipt.by.id));
        read.into_iter().for_each(|one| self.take(one, false));
    }

    /// Takes one; of two about a person the farther one counts, in whatever order they come.
    fn take(&mut self, receipt: Receipt, news: bool) {
        let mut known = self.0.iter_mut();
        match known.find(|known| known.receipt.by.id == receipt.by.id) {
            Some(known) => {
                known.news |= news;
                if known.receipt.to <= receipt.to {
                    known.receipt = receipt;
                }
            }
            None => self.0.push(Known { receipt, news }),
        }
    }

    fn forget(&mut self, person: PersonId) {
        self.0.retain(|known| known.receipt.by.id != person);
    }

    pub(super) fn name(&mut self, people: &People) {
        for known in &mut self.0 {
            people.call(&mut known.receipt.by);
        }
    }
}

impl Session {
    /// How far the others in a room have read, as far as they and this person want that to be told.
    pub fn receipts(&self, room: RoomId) -> impl Iterator<Item = &Receipt> {
        let state = self.rooms.get(room).filter(|_| !self.choices.no_receipts);
        let known = state.into_iter().flat_map(|state| &state.receipts.0);
        known.map(|known| &known.receipt)
    }

    /// The view shows a room, or what was heard of one that it shows may have been missed.
    pub(super) fn ask_receipts(&mut self, room: Option<RoomId>) {
        let Some(room) = room.filter(|_| !self.choices.no_receipts) else {
            return;
        };
        if let Some(state) = self.rooms.get_mut(room) {
            state.receipts.asked();
            self.requests.ask(Asked::Receipts { room });
        }
    }

    pub(super) fn take_receipts(&mut self, room: RoomId, read: Vec<Receipt>, is_answer: bool) {
        let me = self.me.as_ref().map(|me| me.id);
        let mut read = read;
        read.retain(|receipt| Some(receipt.by.id) != me);
        read.iter_mut().for_each(|receipt| {
            self.people.call(&mut receipt.by);
        });
        if let Some(state) = self.rooms.get_mut(room) {
            state.revision += 1;
            if is_answer {
                state.receipts.take_all(read);
            } else {
                read.into_iter()
                    .for_each(|receipt| state.receipts.take(receipt, true));
            }
        }
    }

    /// Who is in the room no more reads there no more.
    pub(super) fn forget_reader(&mut self, room: RoomId, event: &Event) {
        if let Some(gone) = event.gone()
            && let Some(state) = self.rooms.get_mut(room)
        {
            state.receipts.forget(gone);
        }
    }
}

/// The message of the rows under which it stands that somebody has read so far: the last one that they have read, unless
/// they said it themselves. `messages` are the places with their authors, from the newest.
#[must_use]
pub fn stands_under(
    receipt: &Receipt,
    mut messages: impl Iterator<Item = (Seq, PersonId)>,
) -> Option<Seq> {
    let (seq, author) = messages.find(|(seq, _)| *seq <= receipt.to)?;
    (author != receipt.by.id).then_some(seq)
}
