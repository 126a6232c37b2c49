//! Coming for the first time: as a guest, by an invitation, or as the one who sets the server up; and turning from a
//! guest into an account.

use rusqlite::{Connection, OptionalExtension, params};
use shared::ids::{ClientId, PersonId, Timestamp};
use shared::people::Role;
use shared::problem::Problem;
use shared::protocol::{Content, Person};
use shared::text::PersonName;

use super::Entry;
use super::sessions::Opening;
use super::{holding, profiles};
use crate::engine::committed::Committed;
use crate::engine::rows;
use crate::engine::session::TokenHash;
use crate::engine::writer::{Fault, Operation};
use crate::names::Likeness;

/// What lets somebody in. The hash is that of the code in the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ticket {
    /// Nothing: the door has to be open for guests.
    None,
    /// An invitation, of which one use is spent.
    Invite(TokenHash),
    /// The code that was printed when the server started without an owner.
    Setup(TokenHash),
}

impl Ticket {
    /// Spends it, within the savepoint of what it is spent for: of many who use it at once, as many win as it allows.
    fn spend(self, log: &Connection, at: Timestamp) -> Result<Option<Role>, Fault> {
        let role = match self {
            Self::None => return Ok(None),
            Self::Invite(code) => {
                let role = log
                    .prepare_cached(
                        "UPDATE invites SET uses = uses - 1
                         WHERE code_hash = ?1 AND uses > 0 AND expires_at > ?2 RETURNING role",
                    )?
                    .query_row(params![code.0, rows::signed(at.0)], |row| {
                        rows::role(row, 0)
                    })
                    .optional()?;
                log.prepare_cached("DELETE FROM invites WHERE uses = 0")?
                    .execute([])?;
                role
            }
            Self::Setup(code) => {
                let found = log
                    .prepare_cached("UPDATE door SET setup_hash = NULL WHERE setup_hash = ?1")?
                    .execute([code.0])?;
                (found > 0).then_some(Role::Owner)
            }
        };
        match role {
            Some(role) => Ok(Some(role)),
            None => Err(Fault::Refused(Problem::NoSuchLink)),
        }
    }
}

/// See [`crate::engine::Engine::arrive`].
#[derive(Debug)]
pub struct Arrive {
    /// Who they will be.
    pub person: Person,
    /// The hash of their password; without one they are a guest.
    pub password: Option<String>,
    /// What lets them in.
    pub ticket: Ticket,
    /// Their session.
    pub session: Opening,
    /// The name of the event with which they join the lobby.
    pub joined: ClientId,
    /// When.
    pub at: Timestamp,
}

impl Arrive {
    /// Somebody with nothing but a name, whose program says nothing about itself.
    #[must_use]
    pub fn guest(person: Person, token: TokenHash, joined: ClientId, at: Timestamp) -> Self {
        let program = String::new();
        Self {
            person,
            password: None,
            ticket: Ticket::None,
            session: Opening { token, program },
            joined,
            at,
        }
    }
}

impl Operation for Arrive {
    type Output = ();

    fn apply(&self, log: &Connection, committed: &mut Vec<Committed>) -> Result<(), Fault> {
        let role = match self.ticket.spend(log, self.at)? {
            None if !is_open(log)? => return Err(Fault::Refused(Problem::InviteNeeded)),
            role => role.filter(|_| self.password.is_some()),
        };
        let role = role.unwrap_or_default();
        let (person, at) = (rows::signed(self.person.id.0), rows::signed(self.at.0));
        let like = Likeness::of(&self.person.name);
        holding::take(log, self.person.id, &like, self.at)?;
        let version = match role {
            Role::Guest => 0,
            _ => profiles::next_version(log)?,
        };
        log.prepare_cached(
            "INSERT INTO people (id, name, look, fold, role, password, version, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            person,
            &*self.person.name,
            like.look,
            like.fold,
            role.name(),
            self.password,
            version,
            at
        ])?;
        self.session.insert(log, self.person.id, self.at)?;
        let lobby = log
            .prepare_cached("SELECT lobby FROM history")?
            .query_row([], |row| rows::room_id(row, 0))?;
        let entry = Entry {
            room: lobby,
            author: &self.person,
            client_id: self.joined,
            at: self.at,
        };
        entry.enter_unheard(log, Content::Joined, committed)
    }
}

/// See [`crate::engine::Engine::settle`].
#[derive(Debug)]
pub struct Settle {
    /// The guest.
    pub person: PersonId,
    /// What they want to be called from now on, if not as before.
    pub name: Option<PersonName>,
    /// The hash of their password.
    pub password: String,
    /// What makes them more than a member.
    pub ticket: Ticket,
    /// When.
    pub at: Timestamp,
}

impl Operation for Settle {
    type Output = ();

    fn apply(&self, log: &Connection, _: &mut Vec<Committed>) -> Result<(), Fault> {
        let person = rows::signed(self.person.0);
        let guests = "SELECT 1 FROM people WHERE id = ?1 AND password IS NULL AND gone_at IS NULL";
        if !log.prepare_cached(guests)?.exists([person])? {
            return Err(Fault::Refused(Problem::NotAllowed));
        }
        let role = self.ticket.spend(log, self.at)?.unwrap_or(Role::Member);
        profiles::rename(log, self.person, self.name.as_ref(), self.at)?;
        log.prepare_cached(
            "UPDATE people SET role = ?2, password = ?3, version = ?4 WHERE id = ?1",
        )?
        .execute(params![
            person,
            role.max(Role::Member).name(),
            self.password,
            profiles::next_version(log)?
        ])?;
        Ok(())
    }
}

/// See [`crate::engine::Engine::offer_setup`].
#[derive(Debug)]
pub(in crate::engine) struct OfferSetup(pub(in crate::engine) TokenHash);

impl Operation for OfferSetup {
    type Output = bool;

    fn apply(&self, log: &Connection, _: &mut Vec<Committed>) -> Result<bool, Fault> {
        let owned = log
            .prepare_cached("SELECT 1 FROM people WHERE role = 'owner'")?
            .exists([])?;
        let code = (!owned).then_some(self.0.0);
        log.prepare_cached("UPDATE door SET setup_hash = ?1")?
            .execute([code])?;
        Ok(!owned)
    }
}

/// Whether one may come with a name only.
fn is_open(log: &Connection) -> rusqlite::Result<bool> {
    log.prepare_cached("SELECT guests FROM door")?
        .query_row([], |row| row.get(0))
}
