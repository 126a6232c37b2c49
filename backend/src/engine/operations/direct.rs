//! Opening the direct room of some people: the same one for all of them, however often and from wherever it is opened.

use rusqlite::{Connection, OptionalExtension};
use shared::direct::name_of;
use shared::ids::{ClientId, PersonId, RoomId, Timestamp};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::{Content, Person, RoomKind};

use super::rooms::{Joined, check_room_count, make, unchanged};
use super::{Entry, find, is_member};
use crate::engine::committed::{Committed, Origin};
use crate::engine::writer::{Fault, Operation};
use crate::engine::{places, rows};

/// See [`crate::engine::Engine::open_direct`].
#[derive(Debug)]
pub(in crate::engine) struct OpenDirect {
    pub(in crate::engine) author: Person,
    pub(in crate::engine) client_id: ClientId,
    /// Its id, if it is made.
    pub(in crate::engine) room: RoomId,
    pub(in crate::engine) people: Vec<PersonId>,
    pub(in crate::engine) at: Timestamp,
    pub(in crate::engine) origin: Origin,
}

impl Operation for OpenDirect {
    type Output = Joined;

    fn apply(&self, log: &Connection, committed: &mut Vec<Committed>) -> Result<Joined, Fault> {
        let people = self.set()?;
        let key = key(&people);
        let found = find_room(log, &key)?;
        if let Some(earlier) = find(log, self.author.id, self.client_id)?
            && Some(earlier.room) != found
        {
            return Err(Fault::Refused(Problem::ClientIdReused));
        }
        if let Some(room) = found
            && is_member(log, self.author.id, room)?
        {
            return unchanged(log, &self.author, room);
        }
        check_room_count(log, self.author.id)?;
        let (room, content) = match found {
            Some(room) => (room, Content::Joined),
            None => (self.room, self.make(log, &people, &key)?),
        };
        let entry = Entry {
            room,
            author: &self.author,
            client_id: self.client_id,
            at: self.at,
        };
        entry.enter(log, content, self.origin, committed)
    }
}

impl OpenDirect {
    /// Who it is of, each once, in the order of their ids.
    fn set(&self) -> Result<Vec<PersonId>, Fault> {
        let mut people = self.people.clone();
        people.push(self.author.id);
        people.sort_unstable();
        people.dedup();
        let limit = limits::DIRECT_PEOPLE;
        if people.len() > limit {
            return Err(Fault::Refused(Problem::TooManyPeople { limit }));
        }
        Ok(people)
    }

    /// L4: only the author is in it for now.
    fn make(&self, log: &Connection, people: &[PersonId], key: &str) -> Result<Content, Fault> {
        let mut known = Vec::new();
        for id in people {
            let person = places::person(log, *id)?;
            known.push(person.ok_or(Fault::Refused(Problem::NoSuchPerson))?);
        }
        known.sort_by_cached_key(|person| person.name.to_lowercase());
        // In the log it is called by all of them, for no one in particular.
        let nobody = PersonId(u64::MAX);
        let name = name_of(&known, nobody).ok_or(Fault::Refused(Problem::NoSuchPerson))?;
        let kind = RoomKind::Direct;
        make(log, self.room, kind, &name, key, &self.author, self.at)?;
        let mut party = log.prepare_cached("INSERT INTO parties (room, person) VALUES (?1, ?2)")?;
        for person in people {
            party.execute([rows::signed(self.room.0), rows::signed(person.0)])?;
        }
        Ok(Content::Created { name })
    }
}

/// The set of people is the key: no two direct rooms have the same.
fn key(people: &[PersonId]) -> String {
    let ids: Vec<String> = people.iter().map(PersonId::to_string).collect();
    format!("\u{1}{}", ids.join(" "))
}

fn find_room(log: &Connection, key: &str) -> rusqlite::Result<Option<RoomId>> {
    log.prepare_cached("SELECT id FROM rooms WHERE key = ?1")?
        .query_row([key], |row| rows::room_id(row, 0))
        .optional()
}
