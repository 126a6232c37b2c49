//! What those who keep order have done, written down in the transaction in which they do it. Rows are only ever added; the
//! oldest go when there are more than [`limits::DEEDS`]. What is in a room's log anyway is here again because an owner need
//! not be in that room, and because a log has no list of what was done to one person.

use rusqlite::{Connection, params};
use shared::ids::{PersonId, RoomId, Timestamp};
use shared::limits;
use shared::order::DeedKind;
use shared::protocol::{Content, Person};

use crate::engine::rows;

/// Something that was done.
#[derive(Debug)]
pub(super) struct Deed<'a> {
    pub(super) by: PersonId,
    pub(super) kind: DeedKind,
    /// To whom.
    pub(super) person: Option<PersonId>,
    pub(super) room: Option<RoomId>,
    /// What else there is to say: a role, a name, seconds; nothing that anybody wrote to others.
    pub(super) detail: &'a str,
    pub(super) at: Timestamp,
}

impl Deed<'_> {
    pub(super) fn note(&self, log: &Connection) -> rusqlite::Result<()> {
        let id = log
            .prepare_cached(
                "INSERT INTO deeds (at, by, kind, person, room, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .insert(params![
                rows::signed(self.at.0),
                rows::signed(self.by.0),
                self.kind.name(),
                self.person.map(|person| rows::signed(person.0)),
                self.room.map(|room| rows::signed(room.0)),
                self.detail
            ])?;
        log.prepare_cached("DELETE FROM deeds WHERE id <= ?1")?
            .execute([id - rows::signed(limits::DEEDS)])
            .map(drop)
    }
}

/// Notes what an event of a room does, if that is keeping order.
pub(super) fn note_event(
    log: &Connection,
    room: RoomId,
    author: &Person,
    content: &Content,
    at: Timestamp,
) -> rusqlite::Result<()> {
    let mut detail = String::new();
    let (kind, person) = match content {
        Content::Removed { person } => (DeedKind::TakenOut, Some(person.id)),
        Content::Banned { person, on: true } => (DeedKind::Banned, Some(person.id)),
        Content::Banned { person, on: false } => (DeedKind::Unbanned, Some(person.id)),
        Content::Renamed { name } => {
            detail = name.to_string();
            (DeedKind::Renamed, None)
        }
        Content::Archived { on: true } => (DeedKind::Archived, None),
        Content::Archived { on: false } => (DeedKind::Unarchived, None),
        Content::Paced { pace } => {
            detail = pace.seconds().to_string();
            (DeedKind::Paced, None)
        }
        Content::Deleted { target } => {
            let said_by = log
                .prepare_cached("SELECT author FROM events WHERE room = ?1 AND seq = ?2")?
                .query_row([room.0, target.0].map(rows::signed), |row| row.get(0))?;
            let said_by = PersonId(rows::unsigned(said_by));
            if said_by == author.id {
                return Ok(());
            }
            (DeedKind::Deleted, Some(said_by))
        }
        _ => return Ok(()),
    };
    let (by, room, detail) = (author.id, Some(room), &*detail);
    let deed = Deed {
        by,
        kind,
        person,
        room,
        detail,
        at,
    };
    deed.note(log)
}
