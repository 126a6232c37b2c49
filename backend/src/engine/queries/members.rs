//! Who there is.

use rusqlite::Connection;
use shared::ids::{PersonId, RoomId, Seq};
use shared::limits;
use shared::protocol::Person;
use unicode_normalization::UnicodeNormalization;

use super::order::banned;
use crate::engine::operations::head;
use crate::engine::places::place;
use crate::engine::rows;

/// Who is in a room, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Members {
    /// The newest place of its log.
    pub head: Seq,
    /// As many as were asked for at most.
    pub people: Vec<Person>,
    /// Whether there are more.
    pub more: bool,
    /// Who is banned from it, if the reader may take that back.
    pub banned: Vec<Person>,
}

/// Who is in a room that the reader is in; `None` when they are not. Of a room with more people than that it looks at
/// no more of them, so that the work has a bound.
pub(in crate::engine) fn members(
    log: &mut Connection,
    reader: PersonId,
    room: RoomId,
    most: usize,
) -> rusqlite::Result<Option<Members>> {
    let log = log.transaction()?;
    let Some(place) = place(&log, reader, room)? else {
        return Ok(None);
    };
    let (people, more) = inside(&log, room, most)?;
    let (head, _) = head(&log, room)?;
    let banned = match place.governed {
        true => banned(&log, room)?,
        false => Vec::new(),
    };
    Ok(Some(Members {
        head,
        people,
        more,
        banned,
    }))
}

/// Who is in a room, by name, and whether there are more.
pub(super) fn inside(
    log: &Connection,
    room: RoomId,
    most: usize,
) -> rusqlite::Result<(Vec<Person>, bool)> {
    let mut people: Vec<Person> = log
        .prepare_cached(
            "SELECT people.id, people.name
             FROM (SELECT person FROM members WHERE room = ?1 LIMIT ?2) AS inside
             CROSS JOIN people ON people.id = inside.person",
        )?
        .query_map(
            [rows::signed(room.0), rows::signed(most as u64 + 1)],
            |row| rows::person(row, 0, 1),
        )?
        .collect::<rusqlite::Result<_>>()?;
    let more = people.len() > most;
    people.truncate(most);
    people.sort_by_cached_key(|person| (person.name.to_lowercase(), person.id));
    Ok((people, more))
}

/// People that were looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeopleFound {
    /// As many as were asked for at most, those first whose name begins so.
    pub people: Vec<Person>,
    /// Whether there are more.
    pub more: bool,
}

/// L9: those whose name has the text in it, whatever the case and accents. Everyone on a server may be found by everyone on it; the
/// server itself is nobody to talk with.
pub(in crate::engine) fn find(
    log: &mut Connection,
    text: &str,
    most: usize,
) -> rusqlite::Result<PeopleFound> {
    let wanted: String = text.chars().take(limits::PERSON_NAME_CHARS).collect();
    let wanted = plain(wanted.trim());
    let mut statement = log.prepare_cached(
        "SELECT id, name FROM people
         WHERE gone_at IS NULL AND id <> (SELECT maker FROM rooms JOIN history ON rooms.id = history.lobby) LIMIT ?1",
    )?;
    let searched = rows::signed(limits::PEOPLE_SEARCHED as u64);
    let mut everyone = statement.query([searched])?;
    let mut found = Vec::new();
    while let Some(row) = everyone.next()? {
        let name = plain(row.get_ref(1)?.as_str()?);
        if let Some(at) = name.find(&wanted) {
            found.push((
                at > 0,
                name,
                row.get::<_, i64>(0)?,
                rows::person(row, 0, 1)?,
            ));
        }
    }
    found.sort_unstable_by(|a, b| (a.0, &a.1, a.2).cmp(&(b.0, &b.1, b.2)));
    let more = found.len() > most;
    found.truncate(most);
    let people = found.into_iter().map(|(_, _, _, person)| person).collect();
    Ok(PeopleFound { people, more })
}

/// A name as it is compared: without accents, in small letters.
fn plain(name: &str) -> String {
    let letters = name.nfkd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}'));
    letters.flat_map(char::to_lowercase).collect()
}
