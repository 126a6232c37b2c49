//! Making a room, and joining one.

use rusqlite::{Connection, OptionalExtension, params};
use shared::ids::{ClientId, PersonId, RoomId, Timestamp};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::{Content, Person, Reading, Room};
use shared::text::{RoomName, Topic};

use super::{Entry, find, head, is_member};
use crate::engine::committed::{Committed, Entrance, Origin};
use crate::engine::queries::reading;
use crate::engine::rows;
use crate::engine::writer::{Fault, Operation};

/// The room that a person is in now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// The room.
    pub room: Room,
    /// Whether this made an event. If so, delivery tells the person; if not, nothing changed.
    pub entered: bool,
}

/// See [`crate::engine::Engine::create`].
#[derive(Debug)]
pub(in crate::engine) struct Create {
    pub(in crate::engine) author: Person,
    pub(in crate::engine) client_id: ClientId,
    pub(in crate::engine) room: RoomId,
    pub(in crate::engine) name: RoomName,
    pub(in crate::engine) at: Timestamp,
    pub(in crate::engine) origin: Origin,
}

impl Operation for Create {
    type Output = Joined;

    fn apply(&self, log: &Connection, committed: &mut Vec<Committed>) -> Result<Joined, Fault> {
        if let Some(earlier) = find(log, self.author.id, self.client_id)? {
            if earlier.kind != "created" || earlier.text != *self.name {
                return Err(Fault::Refused(Problem::ClientIdReused));
            }
            if !is_member(log, self.author.id, earlier.room)? {
                return Err(Fault::Refused(Problem::NoSuchRoom));
            }
            return unchanged(log, self.author.id, earlier.room);
        }
        check_room_count(log, self.author.id)?;
        let added = log
            .prepare_cached(
                "INSERT INTO rooms (id, name, key, created_at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (key) DO NOTHING",
            )?
            .execute(params![
                rows::signed(self.room.0),
                &*self.name,
                key(&self.name),
                rows::signed(self.at.0)
            ])?;
        if added == 0 {
            return Err(Fault::Refused(Problem::NameTaken));
        }
        let content = Content::Created {
            name: self.name.clone(),
        };
        let entry = Entry {
            room: self.room,
            author: &self.author,
            client_id: self.client_id,
            at: self.at,
        };
        let about = About {
            name: self.name.clone(),
            topic: None,
        };
        entry.enter(log, content, about, Some(self.origin), committed)
    }
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
        let Some(about) = About::read(log, self.room)? else {
            return Err(Fault::Refused(Problem::NoSuchRoom));
        };
        if is_member(log, self.author.id, self.room)? {
            return unchanged(log, self.author.id, self.room);
        }
        if earlier.is_some() {
            // It was joined under this id, and left since.
            return Err(Fault::Refused(Problem::NoSuchRoom));
        }
        check_room_count(log, self.author.id)?;
        let entry = Entry {
            room: self.room,
            author: &self.author,
            client_id: self.client_id,
            at: self.at,
        };
        entry.enter(log, Content::Joined, about, Some(self.origin), committed)
    }
}

/// What a room is called, and what it is about.
pub(super) struct About {
    pub(super) name: RoomName,
    pub(super) topic: Option<Topic>,
}

impl About {
    fn read(log: &Connection, room: RoomId) -> rusqlite::Result<Option<Self>> {
        log.prepare_cached("SELECT name, topic FROM rooms WHERE id = ?1")?
            .query_row([rows::signed(room.0)], |row| {
                Ok(Self {
                    name: rows::room_name(row, 0)?,
                    topic: rows::topic(row, 1)?,
                })
            })
            .optional()
    }
}

impl Entry<'_> {
    /// Puts the author into the room with this event.
    pub(super) fn enter(
        &self,
        log: &Connection,
        content: Content,
        about: About,
        origin: Option<Origin>,
        committed: &mut Vec<Committed>,
    ) -> Result<Joined, Fault> {
        log.prepare_cached("INSERT INTO members (person, room) VALUES (?1, ?2)")?
            .execute([rows::signed(self.author.id.0), rows::signed(self.room.0)])?;
        let About { name, topic } = about;
        let entrance = origin.map(|origin| Entrance {
            name: name.clone(),
            topic: topic.clone(),
            origin,
        });
        let head = self.append(log, content, entrance, committed)?;
        // One's own coming is no news.
        log.prepare_cached("UPDATE members SET read = ?3 WHERE person = ?1 AND room = ?2")?
            .execute([self.author.id.0, self.room.0, head.0].map(rows::signed))?;
        Ok(Joined {
            room: Room {
                id: self.room,
                name,
                head,
                topic,
                reading: Reading {
                    to: head,
                    ..Reading::default()
                },
            },
            entered: true,
        })
    }
}

fn check_room_count(log: &Connection, person: PersonId) -> Result<(), Fault> {
    let limit = limits::ROOMS_PER_PERSON;
    let count: i64 = log
        .prepare_cached("SELECT count(*) FROM members WHERE person = ?1")?
        .query_row([rows::signed(person.0)], |row| row.get(0))?;
    if usize::try_from(count).is_ok_and(|count| count < limit) {
        return Ok(());
    }
    Err(Fault::Refused(Problem::TooManyRooms { limit }))
}

/// Two names that differ only in case are one name.
fn key(name: &RoomName) -> String {
    name.to_lowercase()
}

fn unchanged(log: &Connection, person: PersonId, id: RoomId) -> Result<Joined, Fault> {
    let Some(About { name, topic }) = About::read(log, id)? else {
        return Err(Fault::Refused(Problem::NoSuchRoom));
    };
    let (head, _) = head(log, id)?;
    let reading = reading::of(log, person, id)?;
    Ok(Joined {
        room: Room {
            id,
            name,
            head,
            topic,
            reading,
        },
        entered: false,
    })
}
