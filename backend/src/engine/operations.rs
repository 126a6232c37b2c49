//! What can be written: each operation as it runs inside its savepoint.
//!
//! The unique pair `(author, client_id)` makes every one of them idempotent for ever: it is looked up first, and
//! what it finds is the answer.

use rusqlite::{Connection, OptionalExtension, params};
use shared::ids::{ClientId, PersonId, RoomId, Seq, Timestamp};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::{Content, Event, Person, Room};
use shared::text::{Body, RoomName};

use super::committed::{Committed, Entrance, Origin};
use super::open::LOBBY;
use super::rows;
use super::session::{SessionId, TokenHash};
use super::writer::{Fault, Operation};

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

/// The room that a person is in now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// The room.
    pub room: Room,
    /// Whether this made an event. If so, delivery tells the person; if not, nothing changed.
    pub entered: bool,
}

/// See [`super::Engine::send`].
#[derive(Debug)]
pub(super) struct Send {
    pub(super) author: Person,
    pub(super) room: RoomId,
    pub(super) client_id: ClientId,
    pub(super) body: Body,
    pub(super) at: Timestamp,
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

/// See [`super::Engine::create`].
#[derive(Debug)]
pub(super) struct Create {
    pub(super) author: Person,
    pub(super) client_id: ClientId,
    pub(super) room: RoomId,
    pub(super) name: RoomName,
    pub(super) at: Timestamp,
    pub(super) origin: Origin,
}

impl Operation for Create {
    type Output = Joined;

    fn apply(&self, log: &Connection, committed: &mut Vec<Committed>) -> Result<Joined, Fault> {
        if let Some(earlier) = find(log, self.author.id, self.client_id)? {
            if earlier.kind != "created" || earlier.content != *self.name {
                return Err(Fault::Refused(Problem::ClientIdReused));
            }
            return Ok(unchanged(
                earlier.room,
                self.name.clone(),
                head(log, earlier.room)?,
            ));
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
        entry.enter(
            log,
            content,
            self.name.clone(),
            Some(self.origin),
            committed,
        )
    }
}

/// See [`super::Engine::join`].
#[derive(Debug)]
pub(super) struct Join {
    pub(super) author: Person,
    pub(super) client_id: ClientId,
    pub(super) room: RoomId,
    pub(super) at: Timestamp,
    pub(super) origin: Origin,
}

impl Operation for Join {
    type Output = Joined;

    fn apply(&self, log: &Connection, committed: &mut Vec<Committed>) -> Result<Joined, Fault> {
        if let Some(earlier) = find(log, self.author.id, self.client_id)?
            && (earlier.room != self.room || earlier.kind != "joined")
        {
            return Err(Fault::Refused(Problem::ClientIdReused));
        }
        let name = log
            .prepare_cached("SELECT name FROM rooms WHERE id = ?1")?
            .query_row([rows::signed(self.room.0)], |row| rows::room_name(row, 0))
            .optional()?;
        let Some(name) = name else {
            return Err(Fault::Refused(Problem::NoSuchRoom));
        };
        if is_member(log, self.author.id, self.room)? {
            return Ok(unchanged(self.room, name, head(log, self.room)?));
        }
        check_room_count(log, self.author.id)?;
        let entry = Entry {
            room: self.room,
            author: &self.author,
            client_id: self.client_id,
            at: self.at,
        };
        entry.enter(log, Content::Joined, name, Some(self.origin), committed)
    }
}

/// See [`super::Engine::sign_in`].
#[derive(Debug)]
pub(super) struct SignIn {
    pub(super) person: Person,
    pub(super) token: TokenHash,
    pub(super) joined: ClientId,
    pub(super) at: Timestamp,
}

impl Operation for SignIn {
    type Output = ();

    fn apply(&self, log: &Connection, committed: &mut Vec<Committed>) -> Result<(), Fault> {
        let (person, at) = (rows::signed(self.person.id.0), rows::signed(self.at.0));
        log.prepare_cached("INSERT INTO people (id, name, created_at) VALUES (?1, ?2, ?3)")?
            .execute(params![person, &*self.person.name, at])?;
        log.prepare_cached(
            "INSERT INTO sessions (token_hash, person, created_at) VALUES (?1, ?2, ?3)",
        )?
        .execute(params![self.token.0, person, at])?;
        let (lobby, name) = log
            .prepare_cached("SELECT id, name FROM rooms WHERE key = ?1")?
            .query_row([LOBBY], |row| {
                Ok((rows::room_id(row, 0)?, rows::room_name(row, 1)?))
            })?;
        let entry = Entry {
            room: lobby,
            author: &self.person,
            client_id: self.joined,
            at: self.at,
        };
        entry.enter(log, Content::Joined, name, None, committed)?;
        Ok(())
    }
}

/// See [`super::Engine::revoke`].
#[derive(Debug)]
pub(super) struct Revoke {
    pub(super) token: TokenHash,
    pub(super) at: Timestamp,
}

impl Operation for Revoke {
    type Output = Option<SessionId>;

    fn apply(&self, log: &Connection, _: &mut Vec<Committed>) -> Result<Option<SessionId>, Fault> {
        let session = log
            .prepare_cached(
                "UPDATE sessions SET revoked_at = ?2
                 WHERE token_hash = ?1 AND revoked_at IS NULL RETURNING id",
            )?
            .query_row(params![self.token.0, rows::signed(self.at.0)], |row| {
                row.get(0).map(SessionId)
            })
            .optional()?;
        Ok(session)
    }
}

/// What every event has, before it has its place.
struct Entry<'a> {
    room: RoomId,
    author: &'a Person,
    client_id: ClientId,
    at: Timestamp,
}

impl Entry<'_> {
    /// Puts the author into the room with this event.
    fn enter(
        &self,
        log: &Connection,
        content: Content,
        name: RoomName,
        origin: Option<Origin>,
        committed: &mut Vec<Committed>,
    ) -> Result<Joined, Fault> {
        log.prepare_cached("INSERT INTO members (person, room) VALUES (?1, ?2)")?
            .execute([rows::signed(self.author.id.0), rows::signed(self.room.0)])?;
        let entrance = Entrance {
            name: name.clone(),
            origin,
        };
        let head = self.append(log, content, Some(entrance), committed)?;
        Ok(Joined {
            room: Room {
                id: self.room,
                name,
                head,
            },
            entered: true,
        })
    }

    /// Gives the event the next place in its room's log.
    fn append(
        &self,
        log: &Connection,
        content: Content,
        entrance: Option<Entrance>,
        committed: &mut Vec<Committed>,
    ) -> Result<Seq, Fault> {
        let seq = head(log, self.room)?.next();
        let Some((kind, text)) = rows::columns(&content) else {
            // Contents are made in this file, of the kinds that the table knows.
            return Err(Fault::Storage(rusqlite::Error::InvalidQuery));
        };
        log.prepare_cached(
            "INSERT INTO events (room, seq, author, client_id, at, kind, content)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            rows::signed(self.room.0),
            rows::signed(seq.0),
            rows::signed(self.author.id.0),
            self.client_id.0.to_be_bytes(),
            rows::signed(self.at.0),
            kind,
            text
        ])?;
        committed.push(Committed {
            room: self.room,
            event: Event {
                seq,
                at: self.at,
                author: self.author.clone(),
                client_id: self.client_id,
                content,
            },
            entrance,
        });
        Ok(seq)
    }
}

/// An event that the author has named before.
struct Earlier {
    room: RoomId,
    seq: Seq,
    at: Timestamp,
    kind: String,
    content: String,
}

fn find(
    log: &Connection,
    author: PersonId,
    client_id: ClientId,
) -> rusqlite::Result<Option<Earlier>> {
    log.prepare_cached(
        "SELECT room, seq, at, kind, content FROM events WHERE author = ?1 AND client_id = ?2",
    )?
    .query_row(
        params![rows::signed(author.0), client_id.0.to_be_bytes()],
        |row| {
            Ok(Earlier {
                room: rows::room_id(row, 0)?,
                seq: Seq(rows::unsigned(row.get(1)?)),
                at: Timestamp(rows::unsigned(row.get(2)?)),
                kind: row.get(3)?,
                content: row.get(4)?,
            })
        },
    )
    .optional()
}

fn is_member(log: &Connection, person: PersonId, room: RoomId) -> rusqlite::Result<bool> {
    log.prepare_cached("SELECT 1 FROM members WHERE person = ?1 AND room = ?2")?
        .exists([rows::signed(person.0), rows::signed(room.0)])
}

fn head(log: &Connection, room: RoomId) -> rusqlite::Result<Seq> {
    let newest: Option<i64> = log
        .prepare_cached("SELECT seq FROM events WHERE room = ?1 ORDER BY seq DESC LIMIT 1")?
        .query_row([rows::signed(room.0)], |row| row.get(0))
        .optional()?;
    Ok(Seq(newest.map_or(0, rows::unsigned)))
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

fn unchanged(id: RoomId, name: RoomName, head: Seq) -> Joined {
    Joined {
        room: Room { id, name, head },
        entered: false,
    }
}
