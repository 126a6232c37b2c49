//! Links that let somebody in: invitations for others, and passes for one's own other device.

use rusqlite::{Connection, OptionalExtension, params};
use shared::ids::{PersonId, Timestamp};
use shared::limits;
use shared::order::DeedKind;
use shared::people::Role;
use shared::problem::Problem;
use shared::protocol::Person;

use super::deeds::Deed;
use super::profiles::demand;
use super::sessions::{Ended, Opening};
use crate::engine::committed::Committed;
use crate::engine::rows;
use crate::engine::session::TokenHash;
use crate::engine::writer::{Fault, Operation};

/// See [`crate::engine::Engine::invite`].
#[derive(Debug)]
pub struct MakeInvite {
    /// Who invites.
    pub by: PersonId,
    /// The hash of the code in the link.
    pub code: TokenHash,
    /// What it makes of people.
    pub role: Role,
    /// How many it lets in.
    pub uses: u32,
    /// Until when.
    pub until: Timestamp,
    /// When it is made.
    pub at: Timestamp,
}

impl Operation for MakeInvite {
    type Output = ();

    fn apply(&self, log: &Connection, _: &mut Vec<Committed>) -> Result<(), Fault> {
        let role = demand(log, self.by, Role::Moderator)?;
        if role.may_invite().is_none_or(|most| self.role > most) {
            return Err(Fault::Refused(Problem::NotAllowed));
        }
        log.prepare_cached("DELETE FROM invites WHERE expires_at <= ?1")?
            .execute([rows::signed(self.at.0)])?;
        let limit = limits::INVITES;
        let count: i64 = log
            .prepare_cached("SELECT count(*) FROM invites")?
            .query_row([], |row| row.get(0))?;
        if usize::try_from(count).is_ok_and(|count| count >= limit) {
            return Err(Fault::Refused(Problem::TooManyInvites { limit }));
        }
        log.prepare_cached(
            "INSERT INTO invites (code_hash, role, made_by, expires_at, uses)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            self.code.0,
            self.role.name(),
            rows::signed(self.by.0),
            rows::signed(self.until.0),
            self.uses
        ])?;
        let deed = Deed {
            by: self.by,
            kind: DeedKind::Invited,
            person: None,
            room: None,
            detail: self.role.name(),
            at: self.at,
        };
        Ok(deed.note(log)?)
    }
}

/// See [`crate::engine::Engine::withdraw`].
#[derive(Debug)]
pub(in crate::engine) struct Withdraw {
    pub(in crate::engine) by: PersonId,
    pub(in crate::engine) invite: u64,
    pub(in crate::engine) at: Timestamp,
}

impl Operation for Withdraw {
    type Output = ();

    fn apply(&self, log: &Connection, _: &mut Vec<Committed>) -> Result<(), Fault> {
        let role = demand(log, self.by, Role::Moderator)?;
        let found = log
            .prepare_cached("DELETE FROM invites WHERE id = ?1 AND (made_by = ?2 OR ?3)")?
            .execute(params![
                rows::signed(self.invite),
                rows::signed(self.by.0),
                role == Role::Owner
            ])?;
        if found == 0 {
            return Err(Fault::Refused(Problem::NoSuchLink));
        }
        let deed = Deed {
            by: self.by,
            kind: DeedKind::Withdrew,
            person: None,
            room: None,
            detail: "",
            at: self.at,
        };
        Ok(deed.note(log)?)
    }
}

/// See [`crate::engine::Engine::make_pass`]. A person has one pass at a time.
#[derive(Debug)]
pub(in crate::engine) struct MakePass {
    pub(in crate::engine) person: PersonId,
    pub(in crate::engine) code: TokenHash,
    pub(in crate::engine) at: Timestamp,
}

impl Operation for MakePass {
    type Output = ();

    fn apply(&self, log: &Connection, _: &mut Vec<Committed>) -> Result<(), Fault> {
        log.prepare_cached(
            "INSERT INTO passes (code_hash, person, expires_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (person) DO UPDATE
             SET code_hash = excluded.code_hash, expires_at = excluded.expires_at",
        )?
        .execute(params![
            self.code.0,
            rows::signed(self.person.0),
            rows::signed(self.at.0 + limits::PASS_MS)
        ])?;
        Ok(())
    }
}

/// See [`crate::engine::Engine::use_pass`].
#[derive(Debug)]
pub(in crate::engine) struct UsePass {
    pub(in crate::engine) code: TokenHash,
    pub(in crate::engine) session: Opening,
    pub(in crate::engine) at: Timestamp,
}

impl Operation for UsePass {
    type Output = (Person, Ended);

    fn apply(&self, log: &Connection, _: &mut Vec<Committed>) -> Result<Self::Output, Fault> {
        let person = log
            .prepare_cached(
                "DELETE FROM passes WHERE code_hash = ?1 AND expires_at > ?2 RETURNING person",
            )?
            .query_row(params![self.code.0, rows::signed(self.at.0)], |row| {
                row.get::<_, i64>(0)
            })
            .optional()?;
        let Some(person) = person else {
            return Err(Fault::Refused(Problem::NoSuchLink));
        };
        let person = log
            .prepare_cached("SELECT id, name FROM people WHERE id = ?1")?
            .query_row([person], |row| rows::person(row, 0, 1))?;
        let ended = self.session.open(log, person.id, self.at)?;
        Ok((person, ended))
    }
}
