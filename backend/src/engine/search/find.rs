//! Answering a question: the index proposes, the log decides.

use std::collections::BTreeSet;

use rusqlite::{Connection, ToSql, Transaction};
use shared::direct::name_of;
use shared::ids::{PersonId, RoomId, Seq};
use shared::limits;
use shared::protocol::{Content, Hit, Mark, RoomKind};

use super::fold::Folded;
use super::index::{FILE_TOKEN, author_token, place, room_token};
use super::query::Query;
use super::words;
use crate::engine::queries::page;
use crate::engine::{places, rows};

/// Messages that are looked at for one answer; the asker may go on from there.
const LOOKED_AT: usize = 2_000;

/// Rooms or people that the index is asked for by name; with more of them the log is asked alone.
const NAMED: usize = 100;

/// What was found, from the newest to the oldest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// At most as many as one answer holds.
    pub hits: Vec<Hit>,
    /// Where to go on, if not everything was looked at.
    pub older: Option<u64>,
}

/// Messages of rooms that the reader is in. `before`: where an earlier answer ended.
pub(in crate::engine) fn find(
    log: &mut Connection,
    reader: PersonId,
    query: &Query,
    before: Option<u64>,
) -> rusqlite::Result<Found> {
    let log = log.transaction()?;
    let Some(pattern) = pattern(&log, reader, query)? else {
        return Ok(Found::default());
    };
    let until = query.until_ms.map_or(i64::MAX, place);
    let until = before.map_or(until, |before| until.min(rows::signed(before)));
    let from = query.from_ms.map_or(0, place);
    // Membership is asked of the log for each, whatever the index says.
    let mut statement = log.prepare_cached(
        "SELECT messages.place, messages.room, messages.seq
         FROM search.words AS words
         CROSS JOIN search.messages AS messages ON messages.place = words.rowid
         CROSS JOIN members ON members.room = messages.room AND members.person = ?1
         WHERE words MATCH ?2 AND words.rowid < ?3 AND words.rowid >= ?4
         ORDER BY words.rowid DESC LIMIT ?5",
    )?;
    let most = rows::signed(LOOKED_AT as u64);
    let reader = rows::signed(reader.0);
    let asked: [&dyn ToSql; 5] = [&reader, &pattern, &until, &from, &most];
    let mut proposed = statement.query(asked)?;
    let (mut found, mut looked_at, mut last) = (Found::default(), 0, None);
    while let Some(row) = proposed.next()? {
        if found.hits.len() == limits::SEARCH_HITS {
            found.older = last;
            return Ok(found);
        }
        let (room, seq) = (
            rows::room_id(row, 1)?,
            rows::place(row, 2)?.unwrap_or_default(),
        );
        last = Some(rows::unsigned(row.get(0)?));
        looked_at += 1;
        found.hits.extend(hit(&log, room, seq, query)?);
    }
    if looked_at == LOOKED_AT {
        found.older = last;
    }
    Ok(found)
}

/// What the index has to match; none when nothing can be found.
fn pattern(log: &Connection, reader: PersonId, query: &Query) -> rusqlite::Result<Option<String>> {
    let mut all: Vec<String> = query
        .terms
        .iter()
        .filter_map(|term| words::pattern(term))
        .collect();
    if !query.rooms.is_empty() {
        let rooms = rooms_named(log, reader, &query.rooms)?;
        if rooms.is_empty() {
            return Ok(None);
        }
        all.push(any(rooms.into_iter().map(room_token)));
    }
    if !query.authors.is_empty() {
        let people = people_named(log, &query.authors)?;
        if people.is_empty() {
            return Ok(None);
        }
        all.push(any(people.into_iter().map(author_token)));
    }
    if query.has_file {
        all.push(format!("\"{FILE_TOKEN}\""));
    }
    if all.is_empty() {
        return Ok(None);
    }
    Ok(Some(all.join(" AND ")))
}

fn any(tokens: impl Iterator<Item = String>) -> String {
    let tokens: Vec<String> = tokens.map(|token| format!("\"{token}\"")).collect();
    format!("({})", tokens.join(" OR "))
}

/// Of the rooms that the reader is in: those called so, or else those whose names begin so.
fn rooms_named(
    log: &Connection,
    reader: PersonId,
    names: &[String],
) -> rusqlite::Result<BTreeSet<RoomId>> {
    let mut statement = log.prepare_cached(
        "SELECT rooms.id, rooms.name, rooms.kind FROM members JOIN rooms ON rooms.id = members.room
         WHERE members.person = ?1",
    )?;
    let rooms = statement.query_map([rows::signed(reader.0)], |row| {
        let room = rows::room_id(row, 0)?;
        // A direct room is called by the others.
        let called = match rows::room_kind(row, 2)? {
            RoomKind::Direct => name_of(&places::parties(log, room)?, reader),
            _ => None,
        };
        let name = called.map_or_else(|| row.get(1), |name| Ok(name.to_string()))?;
        Ok((room, name))
    })?;
    called(rooms, names)
}

fn people_named(log: &Connection, names: &[String]) -> rusqlite::Result<BTreeSet<PersonId>> {
    let mut statement = log.prepare_cached("SELECT id, name FROM people")?;
    let people = statement.query_map([], |row| {
        Ok((
            PersonId(rows::unsigned(row.get(0)?)),
            row.get::<_, String>(1)?,
        ))
    })?;
    called(people, names)
}

/// At most [`NAMED`] of them: a filter that fits more names too little.
fn called<T: Ord + Copy>(
    all: impl Iterator<Item = rusqlite::Result<(T, String)>>,
    names: &[String],
) -> rusqlite::Result<BTreeSet<T>> {
    let (mut exactly, mut beginning) = (BTreeSet::new(), BTreeSet::new());
    for one in all {
        let (one, name) = one?;
        let name = Folded::new(&name).text;
        if names.contains(&name) && exactly.len() < NAMED {
            exactly.insert(one);
        }
        let begins = |with: &String| !with.is_empty() && name.starts_with(with.as_str());
        if beginning.len() < NAMED && names.iter().any(begins) {
            beginning.insert(one);
        }
    }
    Ok(if exactly.is_empty() {
        beginning
    } else {
        exactly
    })
}

/// The message as it stands, if it holds every term.
fn hit(
    log: &Transaction<'_>,
    room: RoomId,
    seq: Seq,
    query: &Query,
) -> rusqlite::Result<Option<Hit>> {
    let Some(event) = page::event(log, room, seq)? else {
        return Ok(None);
    };
    let Content::Message(message) = &event.content else {
        return Ok(None);
    };
    let lacks_file = query.has_file && message.attachments.is_empty();
    if message.is_deleted() || lacks_file {
        return Ok(None);
    }
    let folded = Folded::new(message.body.as_deref().unwrap_or_default());
    let mut marks = Vec::new();
    for term in &query.terms {
        let places = folded.find(term);
        if places.is_empty() {
            return Ok(None);
        }
        marks.extend(places);
    }
    let marks = joined(marks);
    Ok(Some(Hit { room, event, marks }))
}

/// In order, those that touch made one, and not too many.
fn joined(mut places: Vec<(usize, usize)>) -> Vec<Mark> {
    places.sort_unstable();
    let mut marks: Vec<Mark> = Vec::new();
    for (from, to) in places {
        if let Some(last) = marks.last_mut().filter(|last| from <= last.to) {
            last.to = last.to.max(to);
        } else if marks.len() < limits::SEARCH_MARKS {
            marks.push(Mark { from, to });
        }
    }
    marks
}
