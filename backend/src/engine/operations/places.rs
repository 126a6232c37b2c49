//! What changes a room itself or who is in it (L3 to L8), as part of a send.

use rusqlite::{Connection, params};
use shared::ids::RoomId;
use shared::problem::Problem;
use shared::protocol::{Action, Content, Person, RoomKind};
use shared::text::RoomName;

use super::rooms::{check_room_count, key, tell};
use super::{erasing, is_member, order};
use crate::engine::committed::Committed;
use crate::engine::places::{Place, parties, person};
use crate::engine::rows;
use crate::engine::writer::Fault;

/// Whether the room takes this, and from this person.
pub(super) fn check(place: Place, action: &Action) -> Result<(), Fault> {
    let fixed = matches!(
        action,
        Action::Leave
            | Action::Topic { .. }
            | Action::Rename { .. }
            | Action::Archive { .. }
            | Action::Add { .. }
            | Action::Remove { .. }
            | Action::Ban { .. }
            | Action::Pace { .. }
    );
    if place.kind == RoomKind::Direct && fixed {
        return Err(Fault::Refused(Problem::DirectRoom));
    }
    let governing = matches!(
        action,
        Action::Rename { .. }
            | Action::Archive { .. }
            | Action::Remove { .. }
            | Action::Ban { .. }
            | Action::Pace { .. }
    );
    if governing && !place.governed {
        return Err(Fault::Refused(Problem::NotAllowed));
    }
    let ends = matches!(
        action,
        Action::Leave
            | Action::Archive { .. }
            | Action::Remove { .. }
            | Action::Ban { .. }
            | Action::Delete { .. }
    );
    if place.archived && !ends {
        return Err(Fault::Refused(Problem::Archived));
    }
    Ok(())
}

/// Who is added, removed or banned is called as they are called here, whatever the author calls them.
pub(super) fn name_people(
    log: &Connection,
    room: RoomId,
    place: Place,
    author: &Person,
    content: &mut Content,
) -> Result<(), Fault> {
    match content {
        Content::Added { person } => {
            *person = known(log, person)?;
            if is_member(log, person.id, room)? {
                return Err(Fault::Refused(Problem::AlreadyIn));
            }
            if order::is_banned(log, person.id, room)? {
                return Err(Fault::Refused(Problem::Banned));
            }
        }
        Content::Removed { person } => {
            *person = known(log, person)?;
            if !is_member(log, person.id, room)? {
                return Err(Fault::Refused(Problem::NoSuchPerson));
            }
            order::check_against(log, place, author, person.id)?;
        }
        Content::Banned { person, on } => {
            *person = known(log, person)?;
            order::check_against(log, place, author, person.id)?;
            match (order::is_banned(log, person.id, room)?, *on) {
                (true, true) => return Err(Fault::Refused(Problem::Banned)),
                (false, false) => return Err(Fault::Refused(Problem::NoSuchPerson)),
                _ => {}
            }
        }
        _ => {}
    }
    Ok(())
}

fn known(log: &Connection, stated: &Person) -> Result<Person, Fault> {
    person(log, stated.id)?.ok_or(Fault::Refused(Problem::NoSuchPerson))
}

/// Changes the room, or who is in it. The event is the last one that was committed.
pub(super) fn carry_out(
    log: &Connection,
    room: RoomId,
    place: Place,
    action: &Action,
    committed: &mut [Committed],
) -> Result<(), Fault> {
    match action {
        Action::Rename { name } => rename(log, room, place.kind, name),
        Action::Archive { on } => {
            log.prepare_cached("UPDATE rooms SET archived = ?2 WHERE id = ?1")?
                .execute(params![rows::signed(room.0), on])?;
            Ok(())
        }
        Action::Add { person } => put_in(log, room, person, committed),
        Action::Remove { person } => Ok(order::take_out(log, person.id, room, false, committed)?),
        Action::Ban { person, on, erase } => {
            order::ban(log, person.id, room, *on)?;
            if !on {
                return Ok(());
            }
            order::take_out(log, person.id, room, true, committed)?;
            let Some(last) = committed.last().filter(|_| *erase) else {
                return Ok(());
            };
            let (by, at) = (last.event.author.id, last.event.at);
            Ok(erasing::begin(log, by, person.id, Some(room), at)?)
        }
        Action::Pace { pace } => Ok(order::set_pace(log, room, *pace)?),
        Action::Message { .. } | Action::Forward { .. } if place.kind == RoomKind::Direct => {
            show_to_everyone(log, room, committed)
        }
        _ => Ok(()),
    }
}

/// L7: a public room has its name for itself. A private one has not, or being refused a name would tell of it.
fn rename(log: &Connection, room: RoomId, kind: RoomKind, name: &RoomName) -> Result<(), Fault> {
    let new = key(kind, room, name);
    let taken = log
        .prepare_cached("SELECT 1 FROM rooms WHERE key = ?1 AND id <> ?2")?
        .exists(params![new, rows::signed(room.0)])?;
    if taken {
        return Err(Fault::Refused(Problem::NameTaken));
    }
    log.prepare_cached("UPDATE rooms SET name = ?2, key = ?3 WHERE id = ?1")?
        .execute(params![rows::signed(room.0), &**name, new])?;
    Ok(())
}

/// L5: with the first message everyone whose room it is has it.
fn show_to_everyone(
    log: &Connection,
    room: RoomId,
    committed: &mut [Committed],
) -> Result<(), Fault> {
    for person in parties(log, room)? {
        if !is_member(log, person.id, room)? {
            put_in(log, room, &person, committed)?;
        }
    }
    Ok(())
}

fn put_in(
    log: &Connection,
    room: RoomId,
    person: &Person,
    committed: &mut [Committed],
) -> Result<(), Fault> {
    check_room_count(log, person.id)?;
    log.prepare_cached("INSERT INTO members (person, room) VALUES (?1, ?2)")?
        .execute([rows::signed(person.id.0), rows::signed(room.0)])?;
    // What they are put in with is news to them.
    log.prepare_cached("UPDATE members SET read = read - 1 WHERE person = ?1 AND room = ?2")?
        .execute([person.id.0, room.0].map(rows::signed))?;
    tell(log, person.id, room, None, committed)?;
    Ok(())
}
