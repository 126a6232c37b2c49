//! How far people have read.

use rusqlite::{Connection, OptionalExtension, params};
use shared::ids::{PersonId, RoomId, Seq};
use shared::protocol::ReadAsOf;

use super::head;
use crate::engine::committed::{Batch, Committed, Read, ReadReceipt};
use crate::engine::queries::reading::count;
use crate::engine::queries::receipts;
use crate::engine::rows;
use crate::engine::writer::{Fault, Operation};

/// What a person said about how far they have read a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Who.
    pub person: PersonId,
    /// Which room; one that they are not in is passed over.
    pub room: RoomId,
    /// Where.
    pub to: To,
}

/// Where a reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// At least there.
    AtLeast(Seq),
    /// There, whatever was before.
    Exactly(Seq),
}

impl To {
    /// The same as both, one after the other.
    #[must_use]
    pub fn then(self, later: Self) -> Self {
        match (self, later) {
            (Self::AtLeast(one), Self::AtLeast(other)) => Self::AtLeast(one.max(other)),
            (Self::Exactly(one), Self::AtLeast(other)) => Self::Exactly(one.max(other)),
            (_, exactly @ Self::Exactly(_)) => exactly,
        }
    }
}

/// See [`crate::engine::Engine::mark`].
#[derive(Debug)]
pub(in crate::engine) struct Marks(pub(in crate::engine) Vec<Mark>);

/// What became of marks.
#[derive(Debug, Default)]
pub struct Marked {
    read: Vec<Read>,
    receipts: Vec<ReadReceipt>,
}

impl Operation for Marks {
    type Output = Marked;

    fn apply(&self, log: &Connection, _: &mut Vec<Committed>) -> Result<Marked, Fault> {
        let mut marked = Marked::default();
        for mark in &self.0 {
            let Some(read) = mark.apply(log)? else {
                continue;
            };
            marked.read.push(read);
            marked.receipts.extend(receipts::give(log, &read)?);
        }
        Ok(marked)
    }

    fn tell(marked: &Marked, batch: &mut Batch) {
        batch.read.extend(&marked.read);
        batch.receipts.extend_from_slice(&marked.receipts);
    }
}

impl Mark {
    /// Where the reader is then. None when they are not in the room.
    fn apply(&self, log: &Connection) -> rusqlite::Result<Option<Read>> {
        let Self { person, room, to } = *self;
        let (head, _) = head(log, room)?;
        let (least, most) = match to {
            To::AtLeast(seq) => (seq, Seq::MAX),
            To::Exactly(seq) => (seq, seq),
        };
        let read = log
            .prepare_cached(
                "UPDATE members SET read = min(max(read, ?3), ?4, ?5)
                 WHERE person = ?1 AND room = ?2 RETURNING read",
            )?
            .query_row(
                params![
                    rows::signed(person.0),
                    rows::signed(room.0),
                    rows::signed(least.0),
                    rows::signed(most.0),
                    rows::signed(head.0),
                ],
                |row| rows::place(row, 0),
            )
            .optional()?
            .flatten();
        let Some(read) = read else { return Ok(None) };
        let reading = count(log, person, room, read)?;
        Ok(Some(Read {
            person,
            room,
            read: ReadAsOf { head, reading },
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::To::{AtLeast, Exactly};
    use super::*;

    #[test]
    fn two_marks_are_one_that_does_the_same() {
        let places = [1, 3, 5].map(Seq);
        let all = || places.into_iter().flat_map(|at| [AtLeast(at), Exactly(at)]);
        let read = |before: Seq, to| match to {
            AtLeast(seq) => before.max(seq),
            Exactly(seq) => seq,
        };
        for (one, other) in all().flat_map(|one| all().map(move |other| (one, other))) {
            for before in [0, 2, 4, 6].map(Seq) {
                let both = read(read(before, one), other);
                assert_eq!(
                    read(before, one.then(other)),
                    both,
                    "{one:?} then {other:?}"
                );
            }
        }
    }
}
