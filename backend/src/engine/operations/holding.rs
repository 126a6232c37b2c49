//! Who holds a name (A6): an account for ever, and so does a guest who is shut out; a guest for as long as they have a
//! session that was used lately.
//!
//! So no two people that are here have names that look alike. A guest who was away for longer keeps the name until somebody
//! takes it; then their sessions end, because the name would be there twice when they come back.

use rusqlite::{Connection, params};
use shared::ids::{PersonId, Timestamp};
use shared::limits;
use shared::problem::Problem;

use crate::engine::rows;
use crate::engine::writer::Fault;
use crate::names::Likeness;

/// Takes the name for a person, or refuses it. Called before it is written.
pub(super) fn take(
    log: &Connection,
    person: PersonId,
    like: &Likeness,
    at: Timestamp,
) -> Result<(), Fault> {
    let person = rows::signed(person.0);
    let lately = rows::signed(at.0.saturating_sub(limits::GUEST_NAME_MS));
    let held = log
        .prepare_cached(
            "SELECT 1 FROM people WHERE (look = ?1 OR fold = ?2) AND id <> ?3
             AND (password IS NOT NULL OR gone_at IS NOT NULL OR EXISTS (
                SELECT 1 FROM sessions
                WHERE person = people.id AND revoked_at IS NULL AND used_at > ?4
             ))",
        )?
        .exists(params![like.look, like.fold, person, lately])?;
    if held {
        return Err(Fault::Refused(Problem::NameTaken));
    }
    log.prepare_cached(
        "UPDATE sessions SET revoked_at = ?4 WHERE revoked_at IS NULL AND person IN (
            SELECT id FROM people WHERE (look = ?1 OR fold = ?2) AND id <> ?3
        )",
    )?
    .execute(params![like.look, like.fold, person, rows::signed(at.0)])?;
    Ok(())
}
