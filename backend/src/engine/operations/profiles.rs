//! What is known about a person changes: by themselves, or by the owner.

use rusqlite::{Connection, OptionalExtension, params};
use shared::ids::{PersonId, Timestamp};
use shared::order::DeedKind;
use shared::people::Role;
use shared::problem::Problem;
use shared::text::{PersonName, Status};

use super::deeds::Deed;
use super::sessions::{Ended, Which, end};
use super::{erasing, holding};
use crate::engine::committed::Committed;
use crate::engine::rows;
use crate::engine::writer::{Fault, Operation};
use crate::names::Likeness;

/// The version of the next change to anyone's profile.
pub(super) fn next_version(log: &Connection) -> rusqlite::Result<i64> {
    log.prepare_cached("UPDATE door SET version = version + 1 RETURNING version")?
        .query_row([], |row| row.get(0))
}

/// Gives a person another name, if it is to be had.
pub(super) fn rename(
    log: &Connection,
    person: PersonId,
    name: Option<&PersonName>,
    at: Timestamp,
) -> Result<(), Fault> {
    let Some(name) = name else { return Ok(()) };
    let like = Likeness::of(name);
    holding::take(log, person, &like, at)?;
    log.prepare_cached("UPDATE people SET name = ?2, look = ?3, fold = ?4 WHERE id = ?1")?
        .execute(params![
            rows::signed(person.0),
            &**name,
            like.look,
            like.fold
        ])?;
    Ok(())
}

/// See [`crate::engine::Engine::change_profile`]. What is `None` stays as it is.
#[derive(Debug)]
pub struct ChangeProfile {
    /// Whose.
    pub person: PersonId,
    /// Another name.
    pub name: Option<PersonName>,
    /// Another colour.
    pub color: Option<u8>,
    /// Another status, or none.
    pub status: Option<Option<Status>>,
    /// When.
    pub at: Timestamp,
}

impl Operation for ChangeProfile {
    type Output = ();

    fn apply(&self, log: &Connection, _: &mut Vec<Committed>) -> Result<(), Fault> {
        rename(log, self.person, self.name.as_ref(), self.at)?;
        let person = rows::signed(self.person.0);
        if let Some(color) = self.color {
            log.prepare_cached("UPDATE people SET color = ?2 WHERE id = ?1")?
                .execute(params![person, color])?;
        }
        if let Some(status) = &self.status {
            log.prepare_cached("UPDATE people SET status = ?2 WHERE id = ?1")?
                .execute(params![person, status.as_deref()])?;
        }
        log.prepare_cached("UPDATE people SET version = ?2 WHERE id = ?1")?
            .execute(params![person, next_version(log)?])?;
        Ok(())
    }
}

/// See [`crate::engine::Engine::change_person`]. What is `None` stays as it is.
#[derive(Debug)]
pub struct ChangePerson {
    /// Who does it: an owner, or, as far as it is about shutting out, a moderator.
    pub by: PersonId,
    /// Whom it is done to.
    pub person: PersonId,
    /// Another role.
    pub role: Option<Role>,
    /// Whether they are shut out.
    pub gone: Option<bool>,
    /// With that: whether everything that they said is deleted.
    pub erase: bool,
    /// When.
    pub at: Timestamp,
}

impl Operation for ChangePerson {
    type Output = Ended;

    fn apply(&self, log: &Connection, _: &mut Vec<Committed>) -> Result<Ended, Fault> {
        let mine = demand(log, self.by, Role::Moderator)?;
        if mine < Role::Owner && self.role.is_some() {
            return Err(Fault::Refused(Problem::NotAllowed));
        }
        let person = rows::signed(self.person.0);
        let found = log
            .prepare_cached(
                "SELECT role, password IS NOT NULL FROM people WHERE id = ?1 AND password IS NOT ''",
            )?
            .query_row([person], |row| {
                Ok((rows::role(row, 0)?, row.get::<_, bool>(1)?))
            })
            .optional()?;
        let Some((before, has_account)) = found else {
            return Err(Fault::Refused(Problem::NoSuchPerson));
        };
        if !mine.may_act_against(before) {
            return Err(Fault::Refused(Problem::NotAllowed));
        }
        let role = self.role.unwrap_or(before);
        // A role is for who can prove that it is theirs.
        if (role == Role::Guest) == has_account {
            return Err(Fault::Refused(Problem::NotAllowed));
        }
        log.prepare_cached("UPDATE people SET role = ?2, version = ?3 WHERE id = ?1")?
            .execute(params![person, role.name(), next_version(log)?])?;
        if let Some(gone) = self.gone {
            let at = gone.then_some(rows::signed(self.at.0));
            log.prepare_cached("UPDATE people SET gone_at = ?2 WHERE id = ?1")?
                .execute(params![person, at])?;
        }
        let owned = "SELECT 1 FROM people WHERE role = 'owner' AND gone_at IS NULL";
        if !log.prepare_cached(owned)?.exists([])? {
            return Err(Fault::Refused(Problem::LastOwner));
        }
        let shut_out = self.gone == Some(true);
        self.note(log, before, role)?;
        if shut_out && self.erase {
            erasing::begin(log, self.by, self.person, None, self.at)?;
        }
        if shut_out || role < before {
            log.prepare_cached("DELETE FROM invites WHERE made_by = ?1")?
                .execute([person])?;
        }
        match shut_out {
            true => Ok(end(log, self.person, Which::All, self.at)?),
            false => Ok(Ended::default()),
        }
    }
}

impl ChangePerson {
    fn note(&self, log: &Connection, before: Role, role: Role) -> rusqlite::Result<()> {
        let gone = self.gone.map(|gone| match gone {
            true => DeedKind::ShutOut,
            false => DeedKind::LetIn,
        });
        let erased = self.erase && self.gone == Some(true);
        let kinds = [
            (role != before).then_some((DeedKind::Role, role.name())),
            gone.map(|kind| (kind, "")),
            erased.then_some((DeedKind::Erased, "")),
        ];
        for (kind, detail) in kinds.into_iter().flatten() {
            let deed = Deed {
                by: self.by,
                kind,
                person: Some(self.person),
                room: None,
                detail,
                at: self.at,
            };
            deed.note(log)?;
        }
        Ok(())
    }
}

/// See [`crate::engine::Engine::open_door`].
#[derive(Debug)]
pub(in crate::engine) struct OpenDoor {
    pub(in crate::engine) by: PersonId,
    pub(in crate::engine) guests: bool,
    pub(in crate::engine) at: Timestamp,
}

impl Operation for OpenDoor {
    type Output = ();

    fn apply(&self, log: &Connection, _: &mut Vec<Committed>) -> Result<(), Fault> {
        demand(log, self.by, Role::Owner)?;
        log.prepare_cached("UPDATE door SET guests = ?1")?
            .execute([self.guests])?;
        let deed = Deed {
            by: self.by,
            kind: DeedKind::Door,
            person: None,
            room: None,
            detail: if self.guests { "guests" } else { "invited" },
            at: self.at,
        };
        Ok(deed.note(log)?)
    }
}

/// Refuses whose role is below what is needed, as of this moment.
pub(super) fn demand(log: &Connection, person: PersonId, least: Role) -> Result<Role, Fault> {
    let role = log
        .prepare_cached("SELECT role FROM people WHERE id = ?1 AND gone_at IS NULL")?
        .query_row([rows::signed(person.0)], |row| rows::role(row, 0))
        .optional()?;
    role.filter(|role| *role >= least)
        .ok_or(Fault::Refused(Problem::NotAllowed))
}
