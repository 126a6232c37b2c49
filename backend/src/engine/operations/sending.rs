//! Storing a message.

use rusqlite::Connection;
use shared::ids::{ClientId, RoomId, Seq, Timestamp};
use shared::problem::Problem;
use shared::protocol::{Content, Person};
use shared::text::Body;

use super::{Entry, find, is_member};
use crate::engine::committed::Committed;
use crate::engine::writer::{Fault, Operation};

/// Where a message is in its room's log.
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
    pub(in crate::engine) body: Body,
    pub(in crate::engine) at: Timestamp,
}

impl Operation for Send {
    type Output = Stored;

    fn apply(&self, log: &Connection, committed: &mut Vec<Committed>) -> Result<Stored, Fault> {
        if let Some(earlier) = find(log, self.author.id, self.client_id)? {
            let same = earlier.room == self.room
                && earlier.kind == "message"
                && earlier.content == *self.body;
            return if same {
                Ok(Stored {
                    seq: earlier.seq,
                    at: earlier.at,
                    repeat: true,
                })
            } else {
                Err(Fault::Refused(Problem::ClientIdReused))
            };
        }
        if !is_member(log, self.author.id, self.room)? {
            return Err(Fault::Refused(Problem::NoSuchRoom));
        }
        let content = Content::Message {
            body: self.body.clone(),
        };
        let entry = Entry {
            room: self.room,
            author: &self.author,
            client_id: self.client_id,
            at: self.at,
        };
        let seq = entry.append(log, content, None, committed)?;
        Ok(Stored {
            seq,
            at: self.at,
            repeat: false,
        })
    }
}
