//! What is known about files.

use rusqlite::{Connection, OptionalExtension, params};
use shared::ids::{FileId, PersonId, Timestamp};
use shared::protocol::Attachment;

use crate::engine::blobs::Hash;
use crate::engine::rows;

/// A file that somebody may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// What it is.
    pub file: Attachment,
    /// Where its bytes are.
    pub hash: Hash,
    /// The media type of an image that can be shown.
    pub kind: Option<String>,
}

/// How much there is of files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amounts {
    /// Bytes that a person has brought since a moment.
    pub of_person: u64,
    /// Bytes of all files.
    pub in_all: u64,
}

/// A file that the reader has brought, or that a message of a room holds which they are in.
pub(in crate::engine) fn see(
    log: &mut Connection,
    reader: PersonId,
    file: FileId,
) -> rusqlite::Result<Option<Seen>> {
    log.prepare_cached(
        "SELECT id, name, size, width, height, hash, kind FROM files
         WHERE id = ?1 AND (person = ?2 OR EXISTS (
            SELECT 1 FROM attached CROSS JOIN members
            ON members.person = ?2 AND members.room = attached.room
            WHERE attached.file = ?1))",
    )?
    .query_row(
        params![rows::file_key(file), rows::signed(reader.0)],
        |row| {
            Ok(Seen {
                file: rows::attachment(row, 0)?,
                hash: Hash(row.get(5)?),
                kind: row.get(6)?,
            })
        },
    )
    .optional()
}

/// The person who has brought a file, and the file.
pub(in crate::engine) fn brought(
    log: &mut Connection,
    file: FileId,
) -> rusqlite::Result<Option<(PersonId, Attachment)>> {
    log.prepare_cached("SELECT id, name, size, width, height, person FROM files WHERE id = ?1")?
        .query_row([rows::file_key(file)], |row| {
            let person = PersonId(rows::unsigned(row.get(5)?));
            Ok((person, rows::attachment(row, 0)?))
        })
        .optional()
}

pub(in crate::engine) fn amounts(
    log: &mut Connection,
    person: PersonId,
    since: Timestamp,
) -> rusqlite::Result<Amounts> {
    let log = log.transaction()?;
    let sum = |sql, person: &[i64]| {
        log.prepare_cached(sql)?
            .query_row(rusqlite::params_from_iter(person), |row| {
                row.get(0).map(rows::unsigned)
            })
    };
    Ok(Amounts {
        of_person: sum(
            "SELECT coalesce(sum(size), 0) FROM files WHERE person = ?1 AND at >= ?2",
            &[rows::signed(person.0), rows::signed(since.0)],
        )?,
        in_all: sum(
            "SELECT coalesce(sum(size), 0) FROM (SELECT max(size) AS size FROM files GROUP BY hash)",
            &[],
        )?,
    })
}

/// Those of the hashes that no file has.
pub(in crate::engine) fn strays(
    log: &mut Connection,
    all: Vec<Hash>,
) -> rusqlite::Result<Vec<Hash>> {
    let mut strays = Vec::new();
    let mut is_used = log.prepare_cached("SELECT 1 FROM files WHERE hash = ?1")?;
    for hash in all {
        if !is_used.exists([hash.0])? {
            strays.push(hash);
        }
    }
    Ok(strays)
}

/// Whether [`crate::engine::Engine::sweep_files`] has something to do.
pub(in crate::engine) fn to_sweep(
    log: &mut Connection,
    before: Timestamp,
) -> rusqlite::Result<bool> {
    log.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM doomed) OR EXISTS (SELECT 1 FROM files
         WHERE at < ?1 AND NOT EXISTS (SELECT 1 FROM attached WHERE file = files.id))",
    )?
    .query_row([rows::signed(before.0)], |row| row.get(0))
}
