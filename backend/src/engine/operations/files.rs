//! Files: bringing one in, tying it to messages, and letting go of it.
//!
//! Bytes come into the store and leave it on the writer's thread only, between the rows that speak of them: so no file is
//! removed that has just come again.

use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension, ToSql, params};
use shared::ids::{PersonId, RoomId, Seq, Timestamp};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::Attachment;

use crate::engine::STORAGE_RETRY_MS;
use crate::engine::blobs::{Blobs, Hash};
use crate::engine::committed::Committed;
use crate::engine::rows;
use crate::engine::writer::{Fault, Operation};

/// Hashes that one sweep looks at: keeps the writer for some milliseconds.
const SWEPT: u64 = 100;

/// A file that is whole and written through to the disk, to be moved into the store.
#[derive(Debug)]
pub struct Bring {
    /// Who brings it.
    pub person: PersonId,
    /// What others see of it.
    pub file: Attachment,
    /// Of its bytes.
    pub hash: Hash,
    /// The media type of an image that can be shown.
    pub kind: Option<&'static str>,
    /// Where the bytes are.
    pub bytes: PathBuf,
    /// Where the small form of the image is, if it needs one.
    pub small: Option<PathBuf>,
    /// When.
    pub at: Timestamp,
}

pub(in crate::engine) struct BringTo {
    pub(in crate::engine) bring: Bring,
    pub(in crate::engine) blobs: Blobs,
}

impl Operation for BringTo {
    type Output = Attachment;

    fn apply(&self, log: &Connection, _: &mut Vec<Committed>) -> Result<Attachment, Fault> {
        let Bring {
            person,
            file,
            hash,
            kind,
            bytes,
            small,
            at,
        } = &self.bring;
        let earlier: Option<(i64, Attachment)> = log
            .prepare_cached(
                "SELECT person, id, name, size, width, height FROM files WHERE id = ?1",
            )?
            .query_row([rows::file_key(file.id)], |row| {
                Ok((row.get(0)?, rows::attachment(row, 1)?))
            })
            .optional()?;
        match earlier {
            Some((bringer, file)) if bringer == rows::signed(person.0) => return Ok(file),
            Some(_) => return Err(Fault::Refused(Problem::NoSuchFile)),
            None => {}
        }
        self.blobs
            .take(*hash, bytes, small.as_deref())
            .map_err(|error| {
                tracing::error!(%error, "a file cannot be stored");
                let retry_after_ms = STORAGE_RETRY_MS;
                Fault::Refused(Problem::StorageUnavailable { retry_after_ms })
            })?;
        log.prepare_cached(
            "INSERT INTO files (id, person, hash, name, size, kind, width, height, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            rows::file_key(file.id),
            rows::signed(person.0),
            hash.0,
            &*file.name,
            rows::signed(file.size),
            kind,
            file.image.map(|image| image.width),
            file.image.map(|image| image.height),
            rows::signed(at.0),
        ])?;
        Ok(file.clone())
    }
}

/// Lets go of what no message holds and nobody needs: files that were brought before a moment, and bytes that no file has.
pub(in crate::engine) struct Sweep {
    pub(in crate::engine) blobs: Blobs,
    pub(in crate::engine) before: Timestamp,
}

impl Operation for Sweep {
    /// Whether there is more to do at once.
    type Output = bool;

    fn apply(&self, log: &Connection, _: &mut Vec<Committed>) -> Result<bool, Fault> {
        // First those that earlier commits doomed: what this one dooms may yet be rolled back.
        let doomed: Vec<[u8; 32]> = log
            .prepare_cached("SELECT hash FROM doomed LIMIT ?1")?
            .query_map([rows::signed(SWEPT)], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for hash in &doomed {
            let is_used = log
                .prepare_cached("SELECT 1 FROM files WHERE hash = ?1")?
                .exists([hash])?;
            // Where it cannot be removed, it is tried again.
            if is_used || self.blobs.remove(Hash(*hash)).is_ok() {
                log.prepare_cached("DELETE FROM doomed WHERE hash = ?1")?
                    .execute([hash])?;
            }
        }
        let gone = let_go(log, "at < ?1", rows::signed(self.before.0))?;
        Ok(gone > 0 || doomed.len() as u64 == SWEPT)
    }
}

/// Notes bytes that may be of no use. Whether they are is looked at when they are swept.
pub(in crate::engine) struct Doom(pub(in crate::engine) Vec<Hash>);

impl Operation for Doom {
    type Output = ();

    fn apply(&self, log: &Connection, _: &mut Vec<Committed>) -> Result<(), Fault> {
        let mut doom = log.prepare_cached("INSERT OR IGNORE INTO doomed (hash) VALUES (?1)")?;
        for hash in &self.0 {
            doom.execute([hash.0])?;
        }
        Ok(())
    }
}

/// The files that a message is to carry, as they are; each was brought by its author.
pub(super) fn brought(
    log: &Connection,
    author: PersonId,
    files: &[Attachment],
) -> Result<Vec<Attachment>, Fault> {
    let limit = limits::FILES_PER_MESSAGE;
    if files.len() > limit {
        return Err(Fault::Refused(Problem::TooManyFiles { limit }));
    }
    let mut statement = log.prepare_cached(
        "SELECT id, name, size, width, height FROM files WHERE id = ?1 AND person = ?2",
    )?;
    let found = files.iter().map(|file| {
        let key = params![rows::file_key(file.id), rows::signed(author.0)];
        let found = statement.query_row(key, |row| rows::attachment(row, 0));
        found.optional()?.ok_or(Fault::Refused(Problem::NoSuchFile))
    });
    found.collect()
}

/// Ties files to the message that carries them.
pub(super) fn attach(
    log: &Connection,
    room: RoomId,
    seq: Seq,
    files: &[Attachment],
) -> rusqlite::Result<()> {
    let mut statement = log
        .prepare_cached("INSERT INTO attached (room, seq, place, file) VALUES (?1, ?2, ?3, ?4)")?;
    for (place, file) in (0_i64..).zip(files) {
        let (room, seq) = (rows::signed(room.0), rows::signed(seq.0));
        statement.execute(params![room, seq, place, rows::file_key(file.id)])?;
    }
    Ok(())
}

/// The message is deleted: files that no other one holds go with it.
pub(super) fn detach(log: &Connection, room: RoomId, seq: Seq) -> rusqlite::Result<()> {
    let place = [room.0, seq.0].map(rows::signed);
    let files: Vec<[u8; 16]> = log
        .prepare_cached("DELETE FROM attached WHERE room = ?1 AND seq = ?2 RETURNING file")?
        .query_map(place, |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for file in files {
        let_go(log, "id = ?1", file)?;
    }
    Ok(())
}

/// Lets go of those of these files that no message holds: how many. Their bytes are looked at when they are swept.
fn let_go(log: &Connection, which: &str, key: impl ToSql) -> rusqlite::Result<usize> {
    let unused = format!("{which} AND NOT EXISTS (SELECT 1 FROM attached WHERE file = files.id)");
    log.prepare_cached(&format!(
        "INSERT OR IGNORE INTO doomed SELECT hash FROM files WHERE {unused}"
    ))?
    .execute([&key])?;
    log.prepare_cached(&format!("DELETE FROM files WHERE {unused}"))?
        .execute([&key])
}
