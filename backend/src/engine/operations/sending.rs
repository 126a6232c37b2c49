//! Adding to a room what a person may add to it: a message, or a change.

use rusqlite::{Connection, params};
use shared::ids::{ClientId, RoomId, Seq, Timestamp};
use shared::problem::Problem;
use shared::protocol::{Action, Attachment, Person};

use super::{Earlier, Entry, changes, deeds, find, order, places, saying};
use crate::engine::committed::Committed;
use crate::engine::places::place;
use crate::engine::queries::quotes;
use crate::engine::rows::{self, Besides};
use crate::engine::writer::{Fault, Operation};

/// Where an event is in its room's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// Its place.
    pub seq: Seq,
    /// When it was stored first.
    pub at: Timestamp,
    /// Whether it was there before.
    pub repeat: bool,
}

/// See [`crate::engine::Engine::send`].
#[derive(Debug)]
pub(in crate::engine) struct Send {
    pub(in crate::engine) author: Person,
    pub(in crate::engine) room: RoomId,
    pub(in crate::engine) client_id: ClientId,
    pub(in crate::engine) after: Option<ClientId>,
    pub(in crate::engine) action: Action,
    pub(in crate::engine) at: Timestamp,
}

impl Operation for Send {
    type Output = Stored;

    fn apply(&self, log: &Connection, committed: &mut Vec<Committed>) -> Result<Stored, Fault> {
        if let Some(earlier) = find(log, self.author.id, self.client_id)? {
            return self.repeat(&earlier);
        }
        let Some(place) = place(log, self.author.id, self.room)? else {
            return Err(Fault::Refused(Problem::NoSuchRoom));
        };
        if !self.is_in_order(log)? {
            return Err(Fault::Refused(Problem::NotInOrder));
        }
        places::check(place, &self.action)?;
        changes::check(log, self.room, place, &self.author, &self.action)?;
        if self.action.says_something() {
            order::keep_pace(log, place, self.author.id, self.room, self.at)?;
        }
        let mut content = saying::content(log, self.room, &self.author, &self.action)?;
        places::name_people(log, self.room, place, &self.author, &mut content)?;
        let quote = match content.answers() {
            Some(seq) => Some(
                quotes::quote(log, self.room, seq)?
                    .ok_or(Fault::Refused(Problem::NoSuchMessage))?,
            ),
            None => None,
        };
        let entry = Entry {
            room: self.room,
            author: &self.author,
            client_id: self.client_id,
            at: self.at,
        };
        let seq = entry.append(log, content.clone(), committed)?;
        if let Some(added) = committed.last_mut() {
            added.quote = quote;
        }
        deeds::note_event(log, self.room, &self.author, &content, self.at)?;
        changes::carry_out(log, self.room, &self.author, &content, seq)?;
        places::carry_out(log, self.room, place, &self.action, committed)?;
        Ok(Stored {
            seq,
            at: self.at,
            repeat: false,
        })
    }
}

impl Send {
    /// S2 and S3: the same again has the same answer; anything else under this id is refused. Whom a message names and
    /// what a forwarded one says depends on the moment, so that it is not compared.
    fn repeat(&self, earlier: &Earlier) -> Result<Stored, Fault> {
        let content = self.action.content();
        let same = rows::columns(&content).is_some_and(|new| {
            let says = new.body.is_some() || self.action.says_something();
            // What a deletion has destroyed can be compared with nothing; what only carries files has its content.
            let destroyed = rows::is_destroyed(&earlier.text) && earlier.content.is_empty();
            let same_text = if says && destroyed {
                true
            } else if says {
                self.says_as(new.body, earlier) && self.refers_as(earlier)
            } else {
                earlier.text == new.content
            };
            earlier.room == self.room
                && earlier.kind == new.kind
                && earlier.target == new.target
                && earlier.person == new.person
                && same_text
        });
        if !same {
            return Err(Fault::Refused(Problem::ClientIdReused));
        }
        Ok(Stored {
            seq: earlier.seq,
            at: earlier.at,
            repeat: true,
        })
    }

    /// Whether the text is the same; what a forwarded message says is not compared.
    fn says_as(&self, body: Option<&str>, earlier: &Earlier) -> bool {
        let forwards = matches!(self.action, Action::Forward { .. });
        forwards || body.is_none_or(|body| earlier.text == body)
    }

    /// Whether it answers the same message as the one before, carries the same files, and is forwarded if that was.
    fn refers_as(&self, earlier: &Earlier) -> bool {
        let forwards = matches!(self.action, Action::Forward { .. });
        let ids = |files: &[Attachment]| files.iter().map(|file| file.id).collect::<Vec<_>>();
        Besides::parse(&earlier.content).is_ok_and(|before| {
            before.forwarded.is_some() == forwards
                && before.reply_to == self.action.content().answers()
                && (forwards || ids(&before.attachments) == ids(self.action.attachments()))
        })
    }

    /// S9: whether the one that this is to come after is stored.
    fn is_in_order(&self, log: &Connection) -> rusqlite::Result<bool> {
        let Some(after) = self.after else {
            return Ok(true);
        };
        log.prepare_cached(
            "SELECT 1 FROM events WHERE author = ?1 AND client_id = ?2 AND room = ?3",
        )?
        .exists(params![
            rows::signed(self.author.id.0),
            after.0.to_be_bytes(),
            rows::signed(self.room.0)
        ])
    }
}
