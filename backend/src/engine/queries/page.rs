//! Part of a room's log, with each message as it stands (R11).

use rusqlite::{Connection, OptionalExtension, Row, Transaction};
use shared::ids::{PersonId, RoomId, Seq};
use shared::limits;
use shared::protocol::{
    Attachment, Content, Event, Message, Pace, Person, Quote, Reaction, RoomKind,
};
use shared::text::{RoomName, Topic};

use super::quotes::quote;
use crate::engine::rows;

/// A run of a room's log, from `from` on, without holes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// The newest place.
    pub head: Seq,
    /// What the room is about.
    pub topic: Option<Topic>,
    /// What it is called; none of a direct room.
    pub name: Option<RoomName>,
    /// Whether nothing more is said in it.
    pub archived: bool,
    /// How fast one may speak.
    pub pace: Pace,
    /// The events.
    pub events: Vec<Event>,
    /// The messages that they answer.
    pub quotes: Vec<Quote>,
}

pub(in crate::engine) fn read(
    log: &mut Connection,
    reader: PersonId,
    room: RoomId,
    from: Seq,
    to: Seq,
) -> rusqlite::Result<Option<Log>> {
    let log = log.transaction()?;
    let about = log
        .prepare_cached(
            "SELECT topic, name, kind, archived, (SELECT seq FROM events WHERE room = ?2 ORDER BY seq DESC LIMIT 1), pace
             FROM members JOIN rooms ON rooms.id = members.room
             WHERE members.person = ?1 AND members.room = ?2",
        )?
        .query_row([rows::signed(reader.0), rows::signed(room.0)], |row| {
            let named = rows::room_kind(row, 2)? != RoomKind::Direct;
            Ok(Log {
                head: rows::place(row, 4)?.unwrap_or_default(),
                topic: rows::topic(row, 0)?,
                name: named.then(|| rows::room_name(row, 1)).transpose()?,
                archived: row.get(3)?,
                pace: rows::pace(row, 5)?,
                events: Vec::new(),
                quotes: Vec::new(),
            })
        })
        .optional()?;
    let Some(about) = about else {
        return Ok(None);
    };
    let (events, quotes) = events(&log, room, from, to)?;
    Ok(Some(Log {
        events,
        quotes,
        ..about
    }))
}

/// One event as it stands.
pub(in crate::engine) fn event(
    log: &Transaction<'_>,
    room: RoomId,
    seq: Seq,
) -> rusqlite::Result<Option<Event>> {
    let (mut events, _) = events(log, room, seq, seq)?;
    Ok(events.pop())
}

/// Both the events and the reactions on them are read in the order of their places, side by side.
fn events(
    log: &Transaction<'_>,
    room: RoomId,
    from: Seq,
    to: Seq,
) -> rusqlite::Result<(Vec<Event>, Vec<Quote>)> {
    let mut statement = log.prepare_cached(
        "SELECT events.seq, events.at, events.author, people.name, events.client_id, events.link,
                events.kind, events.target, events.changed,
                coalesce(bodies.text, events.content), events.content, newest.content, pins.seq,
                other.id, other.name, deleter.id, deleter.name
         FROM events CROSS JOIN people ON people.id = events.author
         LEFT JOIN people AS other ON other.id = events.person
         LEFT JOIN events AS newest ON newest.room = events.room AND newest.seq = events.changed
         LEFT JOIN people AS deleter ON deleter.id = newest.author
            AND newest.kind = 'deleted' AND newest.author <> events.author
         LEFT JOIN bodies ON bodies.id = coalesce(newest.body, events.body)
         LEFT JOIN pins ON pins.room = events.room AND pins.target = events.seq
         WHERE events.room = ?1 AND events.seq BETWEEN ?2 AND ?3
         ORDER BY events.seq LIMIT ?4",
    )?;
    let mut found = statement.query([
        rows::signed(room.0),
        rows::signed(from.0),
        rows::signed(to.0),
        rows::signed(limits::PAGE_EVENTS),
    ])?;
    let last = to.min(Seq(from.0.saturating_add(limits::PAGE_EVENTS - 1)));
    let mut statement = log.prepare_cached(
        "SELECT reactions.target, reactions.seq, reactions.emoji, reactions.person, people.name
         FROM reactions CROSS JOIN people ON people.id = reactions.person
         WHERE reactions.room = ?1 AND reactions.target BETWEEN ?2 AND ?3
         ORDER BY reactions.target, reactions.seq",
    )?;
    let places = [room.0, from.0, last.0].map(rows::signed);
    let mut standing = statement.query_map(places, reaction)?.peekable();
    let (mut events, mut bytes) = (Vec::new(), 0);
    let mut quotes: Vec<Quote> = Vec::new();
    while let Some(row) = found.next()? {
        let mut event = rows::event(row)?;
        if let Content::Message(Message { reactions, .. }) = &mut event.content {
            let later = |target: &Seq| *target > event.seq;
            while let Some(one) =
                standing.next_if(|one| !one.as_ref().is_ok_and(|(target, _)| later(target)))
            {
                reactions.push(one?.1);
            }
        }
        bytes += encoded_bytes(&event);
        let answered = event.content.answers();
        let answered = answered.filter(|seq| quotes.iter().all(|quote| quote.seq != *seq));
        let quote = match answered {
            Some(seq) => quote(log, room, seq)?,
            None => None,
        };
        bytes += quote.as_ref().map_or(0, quote_bytes);
        // One event always fits, or a reader would never get past it.
        if bytes > limits::PAGE_BYTES && !events.is_empty() {
            break;
        }
        events.push(event);
        quotes.extend(quote);
    }
    Ok((events, quotes))
}

fn reaction(row: &Row<'_>) -> rusqlite::Result<(Seq, Reaction)> {
    let reaction = Reaction {
        seq: rows::place(row, 1)?.unwrap_or_default(),
        emoji: rows::emoji(row, 2)?,
        by: rows::person(row, 3, 4)?,
    };
    Ok((rows::place(row, 0)?.unwrap_or_default(), reaction))
}

/// Bytes of an event as JSON, at most a few too many. Counted, because encoding it twice costs more.
fn encoded_bytes(event: &Event) -> usize {
    /// Everything that each event has but the author's name, with numbers at their longest.
    const ENVELOPE: usize = 205;
    let text = |text: Option<&str>| text.map_or(0, escaped);
    let content = match &event.content {
        Content::Created { name } | Content::Renamed { name } => escaped(name),
        Content::Message(message) => message_bytes(message),
        Content::Edited { body, mentions, .. } => {
            FIELD + text(body.as_deref()) + mentions_bytes(mentions)
        }
        Content::Deleted { .. } => FIELD,
        // With `on`.
        Content::Pinned { .. } => 2 * FIELD,
        Content::Reacted { emoji, .. } => 2 * FIELD + escaped(emoji),
        Content::Topic { topic } => text(topic.as_deref()),
        Content::Archived { .. } => FIELD,
        Content::Added { person } | Content::Removed { person } => FIELD + person_bytes(person),
        Content::Banned { person, .. } => 2 * FIELD + person_bytes(person),
        Content::Paced { .. } => FIELD,
        Content::Joined | Content::Left | Content::NotUnderstood(_) => 0,
    };
    ENVELOPE + content + escaped(&event.author.name)
}

/// `changed` or `target`, or the name of a list.
const FIELD: usize = 28;

/// A person without their name.
const PERSON: usize = 37;

fn message_bytes(message: &Message) -> usize {
    /// A reaction without its texts.
    const REACTION: usize = 80;
    /// A file without its name.
    const FILE: usize = 120;
    let file = |file: &Attachment| FILE + escaped(&file.name);
    let one = |one: &Reaction| REACTION + escaped(&one.emoji) + escaped(&one.by.name);
    let forwarded = message.forwarded.as_ref().map_or(0, |it| {
        let from = it.from.as_ref();
        FIELD + person_bytes(&it.author) + from.map_or(0, |from| 72 + escaped(&from.name))
    });
    let deleter = message.deleted_by.as_ref();
    let fields = [
        message.changed.is_some(),
        !message.reactions.is_empty(),
        message.reply_to.is_some(),
        message.pinned.is_some(),
        !message.attachments.is_empty(),
    ];
    message.body.as_deref().map_or(0, escaped)
        + FIELD * fields.into_iter().filter(|there| *there).count()
        + message.reactions.iter().map(one).sum::<usize>()
        + message.attachments.iter().map(file).sum::<usize>()
        + mentions_bytes(&message.mentions)
        + deleter.map_or(0, |person| FIELD + person_bytes(person))
        + forwarded
}

fn mentions_bytes(mentions: &[Person]) -> usize {
    let name = FIELD / 2 * usize::from(!mentions.is_empty());
    name + mentions.iter().map(person_bytes).sum::<usize>()
}

fn person_bytes(person: &Person) -> usize {
    PERSON + escaped(&person.name)
}

fn quote_bytes(quote: &Quote) -> usize {
    let text = quote.text.as_deref().map_or(0, escaped);
    let file = quote.file.as_deref();
    let file = file.map_or(0, |name| FIELD / 2 + escaped(name));
    4 * FIELD + person_bytes(&quote.author) + text + file
}

/// The texts hold no control characters but line ends and tabs, which take two bytes like these.
fn escaped(text: &str) -> usize {
    let doubled = |b: &u8| matches!(b, b'"' | b'\\' | b'\n' | b'\t');
    text.len() + text.as_bytes().iter().filter(|b| doubled(b)).count()
}

#[cfg(test)]
mod tests;
