//! The log as it is on disk when everything is over, read with SQLite and without the server.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use rusqlite::{Connection, OpenFlags, Row};
use serde::Deserialize;
use serde::de::IgnoredAny;
use sha2::{Digest, Sha256};
use shared::ids::{ClientId, PersonId, RoomId};

use crate::names::{self, Key};
use crate::speech::{self, EMOJI, Said};

/// The database's name in the server's folder.
pub(crate) const FILE_NAME: &str = "parlance.db";

const ROWS: &str = "
    SELECT seq, author, client_id, at, link, kind, target, content, bodies.text
    FROM events LEFT JOIN bodies ON bodies.id = body WHERE room = ?1 ORDER BY seq";

/// One row of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) seq: u64,
    pub(crate) key: Key,
    /// Whose text it has: its own, or that of the message that was forwarded.
    pub(crate) says: Key,
    pub(crate) author: PersonId,
    pub(crate) link: u64,
    /// The link is the one that the row before it asks for (R10).
    pub(crate) is_linked: bool,
    /// What a person said; none of an event that came with making or joining a room.
    pub(crate) said: Option<Said>,
    pub(crate) text: Text,
}

/// How the text of a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Text {
    /// As its author wrote it; or there is none to be written.
    Intact,
    /// Destroyed, as by a deletion.
    Destroyed,
    /// Anything else.
    Altered,
}

/// Per room (in the order asked for) its rows by place. Only reads; the file must not be in use.
///
/// # Errors
/// When SQLite cannot read it, or finds it damaged.
pub(crate) fn read(
    folder: &Path,
    rooms: &[RoomId],
    seed: u64,
    extra: usize,
) -> Result<Vec<Vec<Stored>>> {
    let log = open(folder)?;
    let verdict: String = log.query_row("PRAGMA quick_check", [], |row| row.get(0))?;
    ensure!(verdict == "ok", "the database is damaged: {verdict}");
    let mut select = log.prepare(ROWS)?;
    let mut all = Vec::new();
    for room in rooms {
        let mut before = format!("{room}");
        let found = select.query_map([room.0.cast_signed()], |row| {
            let stored = stored(row, &before, seed, extra)?;
            before = format!("{:016x}", stored.link);
            Ok(stored)
        })?;
        all.push(found.collect::<rusqlite::Result<Vec<Stored>>>()?);
    }
    Ok(all)
}

/// The room that everyone is in from the start. May be asked while the server runs.
///
/// # Errors
/// When SQLite cannot read it.
pub(crate) fn lobby(folder: &Path) -> Result<RoomId> {
    let id: i64 = open(folder)?.query_row("SELECT lobby FROM history", [], |row| row.get(0))?;
    Ok(RoomId(id.cast_unsigned()))
}

fn open(folder: &Path) -> Result<Connection> {
    let file = folder.join(FILE_NAME);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(&file, flags)
        .with_context(|| format!("cannot open {}", file.display()))
}

fn stored(row: &Row<'_>, before: &str, seed: u64, extra: usize) -> rusqlite::Result<Stored> {
    let number = |at| row.get::<_, i64>(at).map(i64::cast_unsigned);
    let client_id = ClientId(u128::from_be_bytes(row.get(2)?));
    let (seq, author, at, link) = (number(0)?, PersonId(number(1)?), number(3)?, number(4)?);
    let target = row.get::<_, Option<i64>>(6)?.map(i64::cast_unsigned);
    let (kind, content) = (row.get_ref(5)?.as_str()?, row.get_ref(7)?.as_str()?);
    let body = row.get_ref(8)?.as_str_or_null()?;
    let key = Key::of(client_id, seed);
    // R10, in its own words.
    let leaf = format!(
        "{before} {seq} {at} {author} {client_id} {kind} {}",
        target.unwrap_or(0)
    );
    let due = Sha256::digest(leaf)
        .first_chunk()
        .copied()
        .map(u64::from_be_bytes);
    Ok(Stored {
        seq,
        key,
        says: says(key, kind, content, body, seed, extra),
        author,
        link,
        is_linked: due == Some(link),
        said: said(kind, target, content),
        text: text(key, client_id, kind, content, body, (seed, extra)),
    })
}

fn said(kind: &str, target: Option<u64>, content: &str) -> Option<Said> {
    let emoji = || {
        let name = content.strip_prefix(['+', '-'])?;
        EMOJI.iter().position(|emoji| *emoji == name)
    };
    Some(match (kind, target) {
        ("message", None) => message(content),
        ("edited", Some(target)) => Said::Edit { target },
        ("deleted", Some(target)) => Said::Delete { target },
        ("reacted", Some(target)) => Said::React {
            target,
            // One that nobody used is no client's reaction.
            emoji: emoji().unwrap_or(usize::MAX),
            on: content.starts_with('+'),
        },
        ("topic", None) => Said::Topic,
        ("pinned", Some(target)) => {
            let on = content == "+";
            Said::Pin { target, on }
        }
        ("renamed", None) => Said::Rename,
        ("paced", None) => Said::Pace { on: content != "0" },
        _ => return None,
    })
}

/// What a message has besides its text; nothing, most often.
#[derive(Debug, Default, Deserialize)]
struct Besides {
    reply_to: Option<u64>,
    forwarded: Option<IgnoredAny>,
}

fn besides(content: &str) -> Besides {
    serde_json::from_str(content).unwrap_or_default()
}

fn message(content: &str) -> Said {
    let Besides {
        reply_to,
        forwarded,
    } = besides(content);
    match (reply_to, forwarded) {
        (Some(target), _) => Said::Answer { target },
        // Where it was said first, which need not be where it was brought from.
        (None, Some(_)) => Said::Forward { target: 0 },
        (None, None) => Said::Message,
    }
}

fn says(key: Key, kind: &str, content: &str, body: Option<&str>, seed: u64, extra: usize) -> Key {
    let brought = kind == "message" && besides(content).forwarded.is_some();
    let maker = body.filter(|_| brought);
    let maker = maker.and_then(|body| names::maker_of(body, seed, extra));
    maker.unwrap_or(key)
}

fn text(
    key: Key,
    client_id: ClientId,
    kind: &str,
    content: &str,
    body: Option<&str>,
    (seed, extra): (u64, usize),
) -> Text {
    let due = match kind {
        _ if key.action().is_none() => return Text::Intact,
        "message" | "edited" => names::body(client_id, extra),
        "topic" => speech::topic(client_id),
        "renamed" => speech::name(client_id),
        _ => return Text::Intact,
    };
    match body.unwrap_or(content) {
        text if text == due => Text::Intact,
        text if body.is_some() && text.trim().is_empty() => Text::Destroyed,
        // What was forwarded says, letter by letter, what somebody wrote.
        text if besides(content).forwarded.is_some()
            && names::maker_of(text, seed, extra).is_some() =>
        {
            Text::Intact
        }
        _ => Text::Altered,
    }
}
