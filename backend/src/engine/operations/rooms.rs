//! Making a room, and joining one.

use rusqlite::{Connection, params};
use shared::ids::{ClientId, PersonId, RoomId, Timestamp};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::{Content, Person, Room, RoomKind};
use shared::text::RoomName;

use super::{Entry, find, is_member, order};
use crate::engine::committed::{Committed, Entrance, Origin};
use crate::engine::writer::{Fault, Operation};
use crate::engine::{places, rows};

/// The room that a person is in now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// The room.
    pub room: Room,
    /// Whether this made an event. If so, delivery tells the person; if not, nothing changed.
    pub entered: bool,
}

/// A room to be made.
#[derive(Debug, Clone)]
pub struct NewRoom {
    /// Its id, if it is made.
    pub id: RoomId,
    /// Its name.
    pub name: RoomName,
    /// Whether only those know of it who are in it.
    pub private: bool,
}

impl NewRoom {
    fn kind(&self) -> RoomKind {
        if self.private {
            RoomKind::Private
        } else {
            RoomKind::Public
        }
    }
}

/// See [`crate::engine::Engine::create`].
#[derive(Debug)]
pub(in crate::engine) struct Create {
    pub(in crate::engine) author: Person,
    pub(in crate::engine) client_id: ClientId,
    pub(in crate::engine) room: NewRoom,
    pub(in crate::engine) at: Timestamp,
    pub(in crate::engine) origin: Origin,
}

impl Operation for Create {
    type Output = Joined;

    fn apply(&self, log: &Connection, committed: &mut Vec<Committed>) -> Result<Joined, Fault> {
        let NewRoom { id, name, .. } = &self.room;
        let kind = self.room.kind();
        if let Some(earlier) = find(log, self.author.id, self.client_id)? {
            let same = earlier.kind == "created" && earlier.text == **name;
            if !same || kind_of(log, earlier.room)? != Some(kind) {
                return Err(Fault::Refused(Problem::ClientIdReused));
            }
            if !is_member(log, self.author.id, earlier.room)? {
                return Err(Fault::Refused(Problem::NoSuchRoom));
            }
            return unchanged(log, &self.author, earlier.room);
        }
        check_room_count(log, self.author.id)?;
        let key = key(kind, *id, name);
        if !make(log, *id, kind, name, &key, &self.author, self.at)? {
            return Err(Fault::Refused(Problem::NameTaken));
        }
        let entry = Entry {
            room: *id,
            author: &self.author,
            client_id: self.client_id,
            at: self.at,
        };
        let content = Content::Created { name: name.clone() };
        entry.enter(log, content, self.origin, committed)
    }
}

/// Adds a room, and says whether its key was free.
pub(super) fn make(
    log: &Connection,
    room: RoomId,
    kind: RoomKind,
    name: &RoomName,
    key: &str,
    maker: &Person,
    at: Timestamp,
) -> rusqlite::Result<bool> {
    let added = log
        .prepare_cached(
            "INSERT INTO rooms (id, name, key, created_at, kind, maker)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (key) DO NOTHING",
        )?
        .execute(params![
            rows::signed(room.0),
            &**name,
            key,
            rows::signed(at.0),
            rows::kind_text(kind),
            rows::signed(maker.id.0),
        ])?;
    Ok(added > 0)
}

/// See [`crate::engine::Engine::join`].
#[derive(Debug)]
pub(in crate::engine) struct Join {
    pub(in crate::engine) author: Person,
    pub(in crate::engine) client_id: ClientId,
    pub(in crate::engine) room: RoomId,
    pub(in crate::engine) at: Timestamp,
    pub(in crate::engine) origin: Origin,
}

impl Operation for Join {
    type Output = Joined;

    fn apply(&self, log: &Connection, committed: &mut Vec<Committed>) -> Result<Joined, Fault> {
        let earlier = find(log, self.author.id, self.client_id)?;
        if let Some(earlier) = &earlier
            && (earlier.room != self.room || earlier.kind != "joined")
        {
            return Err(Fault::Refused(Problem::ClientIdReused));
        }
        if is_member(log, self.author.id, self.room)? {
            return unchanged(log, &self.author, self.room);
        }
        // L2: what one is not in and may not join does not exist. Or it was joined under this id, and left since (R4).
        let may = kind_of(log, self.room)? == Some(RoomKind::Public)
            && !order::is_banned(log, self.author.id, self.room)?;
        if !may || earlier.is_some() {
            return Err(Fault::Refused(Problem::NoSuchRoom));
        }
        check_room_count(log, self.author.id)?;
        let entry = Entry {
            room: self.room,
            author: &self.author,
            client_id: self.client_id,
            at: self.at,
        };
        entry.enter(log, Content::Joined, self.origin, committed)
    }
}

impl Entry<'_> {
    /// Puts the author into the room with this event.
    pub(super) fn enter(
        &self,
        log: &Connection,
        content: Content,
        origin: Origin,
        committed: &mut Vec<Committed>,
    ) -> Result<Joined, Fault> {
        self.enter_unheard(log, content, committed)?;
        let room = tell(log, self.author.id, self.room, Some(origin), committed)?;
        Ok(Joined {
            room,
            entered: true,
        })
    }

    /// The same for an author of whom there is no connection yet.
    pub(super) fn enter_unheard(
        &self,
        log: &Connection,
        content: Content,
        committed: &mut Vec<Committed>,
    ) -> Result<(), Fault> {
        log.prepare_cached("INSERT INTO members (person, room) VALUES (?1, ?2)")?
            .execute([rows::signed(self.author.id.0), rows::signed(self.room.0)])?;
        let head = self.append(log, content, committed)?;
        // One's own coming is no news.
        log.prepare_cached("UPDATE members SET read = ?3 WHERE person = ?1 AND room = ?2")?
            .execute([self.author.id.0, self.room.0, head.0].map(rows::signed))?;
        Ok(())
    }
}

/// Lets delivery tell a person, with the last event that was committed, that they are in the room from it on.
pub(super) fn tell(
    log: &Connection,
    person: PersonId,
    room: RoomId,
    origin: Option<Origin>,
    committed: &mut [Committed],
) -> Result<Room, Fault> {
    let room = places::room(log, person, room)?.ok_or(Fault::Refused(Problem::NoSuchRoom))?;
    if let Some(last) = committed.last_mut() {
        last.entrances.push(Entrance {
            person,
            room: room.clone(),
            origin,
        });
    }
    Ok(room)
}

fn kind_of(log: &Connection, room: RoomId) -> rusqlite::Result<Option<RoomKind>> {
    use rusqlite::OptionalExtension;
    log.prepare_cached("SELECT kind FROM rooms WHERE id = ?1")?
        .query_row([rows::signed(room.0)], |row| rows::room_kind(row, 0))
        .optional()
}

pub(super) fn check_room_count(log: &Connection, person: PersonId) -> Result<(), Fault> {
    let limit = limits::ROOMS_PER_PERSON;
    let count: i64 = log
        .prepare_cached("SELECT count(*) FROM members WHERE person = ?1")?
        .query_row([rows::signed(person.0)], |row| row.get(0))?;
    if usize::try_from(count).is_ok_and(|count| count < limit) {
        return Ok(());
    }
    Err(Fault::Refused(Problem::TooManyRooms { limit }))
}

/// What no other room may share with it. Two names that differ only in case are one name; a private room shares its name
/// with whoever likes. No name has a control character, so that kinds never meet.
pub(super) fn key(kind: RoomKind, room: RoomId, name: &RoomName) -> String {
    match kind {
        RoomKind::Public => name.to_lowercase(),
        RoomKind::Private | RoomKind::Direct => format!("\u{2}{room}"),
    }
}

pub(super) fn unchanged(log: &Connection, person: &Person, room: RoomId) -> Result<Joined, Fault> {
    let room = places::room(log, person.id, room)?.ok_or(Fault::Refused(Problem::NoSuchRoom))?;
    Ok(Joined {
        room,
        entered: false,
    })
}
