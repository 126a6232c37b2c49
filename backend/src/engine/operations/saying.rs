//! What the log adds to what a person says: who is named by it (Q3), and what a forwarded message says (Q4).

use rusqlite::{Connection, OptionalExtension, params};
use shared::ids::{PersonId, RoomId, Seq};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::{Action, Content, Forwarded, Message, Origin, Person, Post};
use shared::text::{PersonName, TextProblem};

use super::{files, is_member};
use crate::engine::rows::{self, Besides};
use crate::engine::writer::Fault;

/// What the whole room is called after an `@`.
const EVERYONE: &str = "room";

/// What an action puts into the log.
pub(super) fn content(
    log: &Connection,
    room: RoomId,
    author: &Person,
    action: &Action,
) -> Result<Content, Fault> {
    let mut content = action.content();
    match (action, &mut content) {
        (
            Action::Message(Post {
                mentions,
                attachments,
                ..
            }),
            Content::Message(message),
        ) => {
            if message.is_deleted() {
                let problem = TextProblem::Blank;
                return Err(Fault::Refused(Problem::BadBody { problem }));
            }
            message.mentions = named(log, room, mentions)?;
            message.attachments = files::brought(log, author.id, attachments)?;
        }
        (Action::Edit { mentions: ids, .. }, Content::Edited { mentions, .. }) => {
            *mentions = named(log, room, ids)?;
        }
        (Action::Forward { from, target }, Content::Message(message)) => {
            *message = brought(log, author.id, *from, *target)?;
        }
        _ => {}
    }
    Ok(content)
}

/// Those of the people who are in the room, each once. Who has left meanwhile is not named, and that is no fault.
fn named(log: &Connection, room: RoomId, ids: &[PersonId]) -> Result<Vec<Person>, Fault> {
    let limit = limits::MENTIONS_PER_MESSAGE;
    if ids.len() > limit {
        return Err(Fault::Refused(Problem::TooManyMentions { limit }));
    }
    let mut statement = log.prepare_cached(
        "SELECT people.id, people.name FROM members JOIN people ON people.id = members.person
         WHERE members.person = ?1 AND members.room = ?2",
    )?;
    let mut people: Vec<Person> = Vec::new();
    for &id in ids {
        if people.iter().any(|person| person.id == id) {
            continue;
        }
        if id == PersonId::EVERYONE {
            let name = PersonName::parse(EVERYONE).expect("a word is a name");
            people.push(Person { id, name });
            continue;
        }
        let found = statement
            .query_row([id.0, room.0].map(rows::signed), |row| {
                rows::person(row, 0, 1)
            })
            .optional()?;
        people.extend(found);
    }
    Ok(people)
}

/// A message of a room that the reader is in, as it stands, to be said elsewhere. What was forwarded before keeps its
/// first author and place.
fn brought(log: &Connection, reader: PersonId, from: RoomId, seq: Seq) -> Result<Message, Fault> {
    if !is_member(log, reader, from)? {
        return Err(Fault::Refused(Problem::NoSuchRoom));
    }
    let found = log
        .prepare_cached(
            "SELECT bodies.text, message.content, message.author, people.name, rooms.name,
                    rooms.kind
             FROM events AS message JOIN people ON people.id = message.author
             JOIN rooms ON rooms.id = message.room
             LEFT JOIN events AS newest ON newest.room = ?1 AND newest.seq = message.changed
             JOIN bodies ON bodies.id = coalesce(newest.body, message.body)
             WHERE message.room = ?1 AND message.seq = ?2 AND message.kind = 'message'",
        )?
        .query_row([from.0, seq.0].map(rows::signed), |row| {
            Ok((
                rows::body(row, 0)?,
                row.get::<_, String>(1)?,
                rows::person(row, 2, 3)?,
                rows::room_name(row, 4)?,
                rows::room_kind(row, 5)?,
            ))
        })
        .optional()?;
    let Some((body, besides, author, name, kind)) = found else {
        return Err(Fault::Refused(Problem::NoSuchMessage));
    };
    let Besides {
        forwarded: before,
        attachments,
        ..
    } = Besides::parse(&besides).unwrap_or_default();
    if body.is_none() && attachments.is_empty() {
        return Err(Fault::Refused(Problem::NoSuchMessage));
    }
    let room = from;
    let forwarded = before.unwrap_or_else(|| {
        // L2: a room that not everyone may know of is not told of where the message goes.
        let from = kind.is_public().then_some(Origin { room, name, seq });
        Box::new(Forwarded { author, from })
    });
    Ok(Message {
        body,
        attachments,
        forwarded: Some(forwarded),
        ..Message::default()
    })
}

/// Notes whom a message names, in place of whom it named before. Nobody names themselves.
pub(super) fn set_mentions(
    log: &Connection,
    room: RoomId,
    seq: Seq,
    author: PersonId,
    people: &[Person],
) -> rusqlite::Result<()> {
    log.prepare_cached("DELETE FROM mentions WHERE room = ?1 AND seq = ?2")?
        .execute([room.0, seq.0].map(rows::signed))?;
    let mut statement =
        log.prepare_cached("INSERT INTO mentions (person, room, seq) VALUES (?1, ?2, ?3)")?;
    for person in people.iter().filter(|person| person.id != author) {
        statement.execute(params![
            rows::signed(person.id.0),
            rows::signed(room.0),
            rows::signed(seq.0)
        ])?;
    }
    Ok(())
}
