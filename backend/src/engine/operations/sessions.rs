//! Signing in again, and out; and the password that it takes.

use rusqlite::{Connection, OptionalExtension, params};
use shared::ids::{PersonId, Timestamp};
use shared::limits;
use shared::problem::Problem;

use crate::engine::committed::Committed;
use crate::engine::rows;
use crate::engine::session::{SessionId, TokenHash};
use crate::engine::writer::{Fault, Operation};

/// Milliseconds by which `used_at` may be late: it is written that seldom.
const USED_MS: u64 = 5 * 60 * 1_000;

/// Sessions that are no more; their sockets are to be closed.
pub type Ended = Vec<SessionId>;

/// A session to be opened.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The hash of its token.
    pub token: TokenHash,
    /// The program that will use it, as it calls itself.
    pub program: String,
}

impl Opening {
    pub(super) fn insert(
        &self,
        log: &Connection,
        person: PersonId,
        at: Timestamp,
    ) -> rusqlite::Result<()> {
        log.prepare_cached(
            "INSERT INTO sessions (token_hash, person, program, created_at, used_at)
             VALUES (?1, ?2, ?3, ?4, ?4)",
        )?
        .execute(params![
            self.token.0,
            rows::signed(person.0),
            self.program,
            rows::signed(at.0)
        ])?;
        Ok(())
    }

    /// Opens one more session of somebody who was here before; the one that was not used for longest makes room.
    pub(super) fn open(
        &self,
        log: &Connection,
        person: PersonId,
        at: Timestamp,
    ) -> rusqlite::Result<Ended> {
        let kept = i64::try_from(limits::SESSIONS_PER_PERSON - 1).unwrap_or(i64::MAX);
        let mut statement = log.prepare_cached(
            "UPDATE sessions SET revoked_at = ?2 WHERE id IN (
                SELECT id FROM sessions WHERE person = ?1 AND revoked_at IS NULL
                ORDER BY used_at DESC, id DESC LIMIT -1 OFFSET ?3
             ) RETURNING id",
        )?;
        let person_id = rows::signed(person.0);
        let ended = statement
            .query_map(params![person_id, rows::signed(at.0), kept], |row| {
                row.get(0).map(SessionId)
            })?
            .collect::<rusqlite::Result<_>>()?;
        self.insert(log, person, at)?;
        Ok(ended)
    }
}

/// Which sessions of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Every one.
    All,
    /// This one.
    One(SessionId),
    /// Every other one.
    Others(SessionId),
}

/// Ends sessions, and with others than one's own also the pass that was made to open another.
pub(super) fn end(
    log: &Connection,
    person: PersonId,
    which: Which,
    at: Timestamp,
) -> rusqlite::Result<Ended> {
    let (one, but) = match which {
        Which::All => (None, None),
        Which::One(session) => (Some(session.0), None),
        Which::Others(session) => (None, Some(session.0)),
    };
    let person = rows::signed(person.0);
    if one.is_none() {
        log.prepare_cached("DELETE FROM passes WHERE person = ?1")?
            .execute([person])?;
    }
    let mut statement = log.prepare_cached(
        "UPDATE sessions SET revoked_at = ?2
         WHERE person = ?1 AND revoked_at IS NULL
         AND id = coalesce(?3, id) AND id IS NOT ?4 RETURNING id",
    )?;
    statement
        .query_map(params![person, rows::signed(at.0), one, but], |row| {
            row.get(0).map(SessionId)
        })?
        .collect()
}

/// See [`crate::engine::Engine::end_sessions`].
#[derive(Debug)]
pub(in crate::engine) struct EndSessions {
    pub(in crate::engine) person: PersonId,
    pub(in crate::engine) which: Which,
    pub(in crate::engine) at: Timestamp,
}

impl Operation for EndSessions {
    type Output = Ended;

    fn apply(&self, log: &Connection, _: &mut Vec<Committed>) -> Result<Ended, Fault> {
        Ok(end(log, self.person, self.which, self.at)?)
    }
}

/// See [`crate::engine::Engine::sign_in_again`].
#[derive(Debug)]
pub(in crate::engine) struct SignInAgain {
    pub(in crate::engine) person: PersonId,
    /// The hash of the password that was proved: it may have been changed meanwhile.
    pub(in crate::engine) password: String,
    pub(in crate::engine) session: Opening,
    pub(in crate::engine) at: Timestamp,
}

impl Operation for SignInAgain {
    type Output = Ended;

    fn apply(&self, log: &Connection, _: &mut Vec<Committed>) -> Result<Ended, Fault> {
        still_the_password(log, self.person, &self.password)?;
        Ok(self.session.open(log, self.person, self.at)?)
    }
}

/// See [`crate::engine::Engine::change_password`].
#[derive(Debug)]
pub(in crate::engine) struct ChangePassword {
    pub(in crate::engine) person: PersonId,
    /// The hash of the one that was proved.
    pub(in crate::engine) old: String,
    pub(in crate::engine) new: String,
    /// The session that goes on.
    pub(in crate::engine) keep: SessionId,
    pub(in crate::engine) at: Timestamp,
}

impl Operation for ChangePassword {
    type Output = Ended;

    fn apply(&self, log: &Connection, _: &mut Vec<Committed>) -> Result<Ended, Fault> {
        still_the_password(log, self.person, &self.old)?;
        log.prepare_cached("UPDATE people SET password = ?2 WHERE id = ?1")?
            .execute(params![rows::signed(self.person.0), self.new])?;
        Ok(end(log, self.person, Which::Others(self.keep), self.at)?)
    }
}

fn still_the_password(log: &Connection, person: PersonId, hash: &str) -> Result<(), Fault> {
    let same = log
        .prepare_cached("SELECT 1 FROM people WHERE id = ?1 AND password = ?2 AND gone_at IS NULL")?
        .exists(params![rows::signed(person.0), hash])?;
    match same {
        true => Ok(()),
        false => Err(Fault::Refused(Problem::WrongPassword)),
    }
}

/// See [`crate::engine::Engine::revoke`].
#[derive(Debug)]
pub(in crate::engine) struct Revoke {
    pub(in crate::engine) token: TokenHash,
    pub(in crate::engine) at: Timestamp,
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

/// See [`crate::engine::Engine::used`].
#[derive(Debug)]
pub(in crate::engine) struct Used {
    pub(in crate::engine) sessions: Vec<SessionId>,
    pub(in crate::engine) at: Timestamp,
}

impl Operation for Used {
    type Output = ();

    fn apply(&self, log: &Connection, _: &mut Vec<Committed>) -> Result<(), Fault> {
        let mut statement =
            log.prepare_cached("UPDATE sessions SET used_at = ?2 WHERE id = ?1 AND used_at < ?3")?;
        let before = self.at.0.saturating_sub(USED_MS);
        for session in &self.sessions {
            statement.execute(params![
                session.0,
                rows::signed(self.at.0),
                rows::signed(before)
            ])?;
        }
        Ok(())
    }
}
