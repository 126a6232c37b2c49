//! Signing in and out.

use rusqlite::{Connection, OptionalExtension, params};
use shared::ids::{ClientId, Timestamp};
use shared::protocol::{Content, Person};

use super::Entry;
use super::rooms::About;
use crate::engine::committed::Committed;
use crate::engine::open::LOBBY;
use crate::engine::rows;
use crate::engine::session::{SessionId, TokenHash};
use crate::engine::writer::{Fault, Operation};

/// See [`crate::engine::Engine::sign_in`].
#[derive(Debug)]
pub(in crate::engine) struct SignIn {
    pub(in crate::engine) person: Person,
    pub(in crate::engine) token: TokenHash,
    pub(in crate::engine) joined: ClientId,
    pub(in crate::engine) at: Timestamp,
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
        let (lobby, about) = log
            .prepare_cached("SELECT id, name, topic FROM rooms WHERE key = ?1")?
            .query_row([LOBBY], |row| {
                let (name, topic) = (rows::room_name(row, 1)?, rows::topic(row, 2)?);
                Ok((rows::room_id(row, 0)?, About { name, topic }))
            })?;
        let entry = Entry {
            room: lobby,
            author: &self.person,
            client_id: self.joined,
            at: self.at,
        };
        entry.enter(log, Content::Joined, about, None, committed)?;
        Ok(())
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
