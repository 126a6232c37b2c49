//! Keeping order in a room: bans, what those are told who were taken out, and how fast one may speak (section 10).

use rusqlite::{Connection, OptionalExtension, params};
use shared::ids::{ClientId, PersonId, RoomId, Timestamp};
use shared::limits;
use shared::people::Role;
use shared::problem::Problem;
use shared::protocol::{Content, Pace, Person, TakenOut};

use super::profiles::demand;
use super::{Entry, deeds, is_member};
use crate::engine::committed::Committed;
use crate::engine::places::{Place, person};
use crate::engine::queries::order::may_know;
use crate::engine::rows;
use crate::engine::writer::{Fault, Operation};

/// O1: nobody acts against themselves, nor against those above them.
pub(super) fn check_against(
    log: &Connection,
    place: Place,
    author: &Person,
    against: PersonId,
) -> Result<(), Fault> {
    if author.id != against && place.role.may_act_against(role(log, against)?) {
        return Ok(());
    }
    Err(Fault::Refused(Problem::NotAllowed))
}

fn role(log: &Connection, person: PersonId) -> rusqlite::Result<Role> {
    log.prepare_cached("SELECT role FROM people WHERE id = ?1")?
        .query_row([rows::signed(person.0)], |row| rows::role(row, 0))
}

pub(super) fn is_banned(
    log: &Connection,
    person: PersonId,
    room: RoomId,
) -> rusqlite::Result<bool> {
    log.prepare_cached("SELECT 1 FROM bans WHERE room = ?1 AND person = ?2")?
        .exists([room.0, person.0].map(rows::signed))
}

/// O3: they cannot come back until it is taken back.
pub(super) fn ban(
    log: &Connection,
    person: PersonId,
    room: RoomId,
    on: bool,
) -> rusqlite::Result<()> {
    let sql = match on {
        true => "INSERT INTO bans (room, person) VALUES (?1, ?2)",
        false => "DELETE FROM bans WHERE room = ?1 AND person = ?2",
    };
    log.prepare_cached(sql)?
        .execute([room.0, person.0].map(rows::signed))
        .map(drop)
}

/// O2: takes somebody out of a room, if they are in it. They are told by whom: now, or when they come back.
pub(super) fn take_out(
    log: &Connection,
    person: PersonId,
    room: RoomId,
    banned: bool,
    committed: &mut [Committed],
) -> rusqlite::Result<()> {
    if !is_member(log, person, room)? {
        return Ok(());
    }
    let key = [person.0, room.0].map(rows::signed);
    log.prepare_cached("DELETE FROM members WHERE person = ?1 AND room = ?2")?
        .execute(key)?;
    let name = log
        .prepare_cached("SELECT name FROM rooms WHERE id = ?1")?
        .query_row([key[1]], |row| rows::room_name(row, 0))?;
    let Some(last) = committed.last_mut() else {
        return Ok(());
    };
    let (by, at) = (last.event.author.clone(), last.event.at);
    log.prepare_cached(
        "INSERT INTO taken_out (person, room, name, by, at, banned) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (person, room) DO UPDATE
         SET name = excluded.name, by = excluded.by, at = excluded.at, banned = excluded.banned",
    )?
    .execute(params![
        key[0],
        key[1],
        &*name,
        rows::signed(by.id.0),
        rows::signed(at.0),
        banned
    ])?;
    log.prepare_cached(
        "DELETE FROM taken_out WHERE person = ?1 AND room NOT IN (
            SELECT room FROM taken_out WHERE person = ?1 ORDER BY at DESC, room LIMIT ?2)",
    )?
    .execute([key[0], rows::signed(limits::TAKEN_OUT as u64)])?;
    last.taken_out = Some(TakenOut {
        room,
        name,
        by,
        at,
        banned,
    });
    Ok(())
}

/// See [`crate::engine::Engine::note`].
#[derive(Debug)]
pub(in crate::engine) struct Note {
    pub(in crate::engine) person: PersonId,
    pub(in crate::engine) room: RoomId,
}

impl Operation for Note {
    type Output = ();

    fn apply(&self, log: &Connection, _: &mut Vec<Committed>) -> Result<(), Fault> {
        log.prepare_cached("DELETE FROM taken_out WHERE person = ?1 AND room = ?2")?
            .execute([self.person.0, self.room.0].map(rows::signed))?;
        Ok(())
    }
}

/// O6: says how fast one may speak. Who waits now waits no more if nobody has to.
pub(super) fn set_pace(log: &Connection, room: RoomId, pace: Pace) -> rusqlite::Result<()> {
    log.prepare_cached("UPDATE rooms SET pace = ?2 WHERE id = ?1")?
        .execute(params![rows::signed(room.0), pace.seconds()])?;
    if pace.is_none() {
        log.prepare_cached("DELETE FROM paced WHERE room = ?1")?
            .execute([rows::signed(room.0)])?;
    }
    Ok(())
}

/// O6: whether the author has waited long enough for another message; if so it is noted as said.
pub(super) fn keep_pace(
    log: &Connection,
    place: Place,
    author: PersonId,
    room: RoomId,
    at: Timestamp,
) -> Result<(), Fault> {
    if place.pace.is_none() || place.governed {
        return Ok(());
    }
    let key = [room.0, author.0].map(rows::signed);
    let last = log
        .prepare_cached("SELECT at FROM paced WHERE room = ?1 AND person = ?2")?
        .query_row(key, |row| row.get(0).map(rows::unsigned))
        .optional()?;
    // A clock that was set back makes nobody wait for longer than the pace.
    let waited = last.map_or(u64::MAX, |last| at.0.saturating_sub(last));
    if waited < place.pace.ms() {
        return Err(Fault::Refused(Problem::TooSoon {
            retry_after_ms: place.pace.ms() - waited,
        }));
    }
    log.prepare_cached(
        "INSERT INTO paced (room, person, at) VALUES (?1, ?2, ?3)
         ON CONFLICT (room, person) DO UPDATE SET at = excluded.at",
    )?
    .execute([key[0], key[1], rows::signed(at.0)])?;
    Ok(())
}

/// See [`crate::engine::Engine::arrange`].
#[derive(Debug)]
pub(in crate::engine) struct Arrange {
    pub(in crate::engine) by: PersonId,
    pub(in crate::engine) client_id: ClientId,
    pub(in crate::engine) room: RoomId,
    pub(in crate::engine) archived: bool,
    pub(in crate::engine) at: Timestamp,
}

impl Operation for Arrange {
    type Output = ();

    fn apply(&self, log: &Connection, committed: &mut Vec<Committed>) -> Result<(), Fault> {
        demand(log, self.by, Role::Owner)?;
        let author = person(log, self.by)?.ok_or(Fault::Refused(Problem::NotAllowed))?;
        if !may_know(log, self.by, self.room)? {
            return Err(Fault::Refused(Problem::NoSuchRoom));
        }
        let changed = log
            .prepare_cached("UPDATE rooms SET archived = ?2 WHERE id = ?1 AND archived <> ?2")?
            .execute(params![rows::signed(self.room.0), self.archived])?;
        if changed == 0 {
            return Ok(());
        }
        let entry = Entry {
            room: self.room,
            author: &author,
            client_id: self.client_id,
            at: self.at,
        };
        let content = Content::Archived { on: self.archived };
        deeds::note_event(log, self.room, &author, &content, self.at)?;
        entry.append(log, content, committed)?;
        Ok(())
    }
}
