//! What an action asks of the log before it is stored, and what it does to the log besides its own event.
//!
//! [`Content::change`](shared::protocol::Content::change) is the same for a reader, one event at a time. The tables
//! here hold its result, so that a page need not read the changes.

use rusqlite::{Connection, OptionalExtension, params};
use shared::ids::{PersonId, RoomId, Seq};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::{Action, Content, Message, Person};
use shared::text::Emoji;

use super::files;
use super::order;
use super::saying::set_mentions;
use crate::engine::places::Place;
use crate::engine::rows;
use crate::engine::writer::Fault;

/// S10: whether the author, who is in the room, may do this.
pub(super) fn check(
    log: &Connection,
    room: RoomId,
    place: Place,
    author: &Person,
    action: &Action,
) -> Result<(), Fault> {
    match action {
        Action::Message(_)
        | Action::Forward { .. }
        | Action::Topic { .. }
        | Action::Leave
        | Action::Rename { .. }
        | Action::Archive { .. }
        | Action::Add { .. }
        | Action::Remove { .. }
        | Action::Ban { .. }
        | Action::Pace { .. } => Ok(()),
        Action::Edit { target, .. } | Action::Delete { target } => {
            let said_by = author_of(log, room, *target)?;
            if said_by == author.id {
                return Ok(());
            }
            // O4: an order is kept by deleting, never by putting words into somebody's mouth.
            if place.governed && matches!(action, Action::Delete { .. }) {
                return order::check_against(log, place, author, said_by);
            }
            Err(Fault::Refused(Problem::NotYours))
        }
        Action::Pin { target, on } => {
            author_of(log, room, *target)?;
            if *on && !is_pinned(log, room, *target)? {
                check_pins(log, room)?;
            }
            Ok(())
        }
        Action::React { target, emoji, on } => {
            author_of(log, room, *target)?;
            if *on && !stands(log, room, *target, author, emoji)? {
                check_count(log, room, *target)?;
            }
            Ok(())
        }
    }
}

/// Changes what the event is about. `seq` is its place.
pub(super) fn carry_out(
    log: &Connection,
    room: RoomId,
    author: &Person,
    content: &Content,
    seq: Seq,
) -> rusqlite::Result<()> {
    match content {
        Content::Message(Message {
            mentions,
            attachments,
            ..
        }) => {
            if !attachments.is_empty() {
                files::attach(log, room, seq, attachments)?;
            }
            if mentions.is_empty() {
                return Ok(());
            }
            set_mentions(log, room, seq, author.id, mentions)
        }
        Content::Edited {
            target, mentions, ..
        } => {
            set_changed(log, room, *target, seq)?;
            set_mentions(log, room, *target, author.id, mentions)?;
            log.prepare_cached("INSERT INTO edits (room, target, seq) VALUES (?1, ?2, ?3)")?
                .execute([room.0, target.0, seq.0].map(rows::signed))
                .map(drop)
        }
        Content::Deleted { target } => destroy(log, room, *target, seq),
        Content::Pinned { target, on: true } => log
            .prepare_cached(
                "INSERT INTO pins (room, target, seq) VALUES (?1, ?2, ?3)
                 ON CONFLICT (room, target) DO UPDATE SET seq = excluded.seq",
            )?
            .execute([room.0, target.0, seq.0].map(rows::signed))
            .map(drop),
        Content::Pinned { target, on: false } => unpin(log, room, *target),
        Content::Reacted {
            target,
            emoji,
            on: true,
        } => log
            .prepare_cached(
                "INSERT INTO reactions (room, target, person, emoji, seq)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (room, target, person, emoji) DO UPDATE SET seq = excluded.seq",
            )?
            .execute(params![
                rows::signed(room.0),
                rows::signed(target.0),
                rows::signed(author.id.0),
                &**emoji,
                rows::signed(seq.0)
            ])
            .map(drop),
        Content::Reacted {
            target,
            emoji,
            on: false,
        } => log
            .prepare_cached(
                "DELETE FROM reactions
                 WHERE room = ?1 AND target = ?2 AND person = ?3 AND emoji = ?4",
            )?
            .execute(params![
                rows::signed(room.0),
                rows::signed(target.0),
                rows::signed(author.id.0),
                &**emoji
            ])
            .map(drop),
        Content::Topic { topic } => log
            .prepare_cached("UPDATE rooms SET topic = ?2 WHERE id = ?1")?
            .execute(params![rows::signed(room.0), topic.as_deref()])
            .map(drop),
        Content::Left => log
            .prepare_cached("DELETE FROM members WHERE person = ?1 AND room = ?2")?
            .execute([rows::signed(author.id.0), rows::signed(room.0)])
            .map(drop),
        // No action makes one of these.
        Content::Created { .. }
        | Content::Joined
        | Content::Renamed { .. }
        | Content::Archived { .. }
        | Content::Added { .. }
        | Content::Removed { .. }
        | Content::Banned { .. }
        | Content::Paced { .. }
        | Content::NotUnderstood(_) => Ok(()),
    }
}

/// S11: nothing stays of what was said, in the message nor in its edits; their places and links stay. Each text is
/// overwritten where it is, by as many bytes: see the schema.
fn destroy(log: &Connection, room: RoomId, target: Seq, seq: Seq) -> rusqlite::Result<()> {
    let place = [rows::signed(room.0), rows::signed(target.0)];
    log.prepare_cached(
        "UPDATE bodies SET text = printf('%*s', octet_length(text), '') WHERE id IN (
            SELECT body FROM events WHERE room = ?1 AND seq = ?2
            UNION ALL
            SELECT events.body FROM edits
            JOIN events ON events.room = edits.room AND events.seq = edits.seq
            WHERE edits.room = ?1 AND edits.target = ?2)",
    )?
    .execute(place)?;
    log.prepare_cached(
        "UPDATE events SET content = '' WHERE room = ?1 AND content != '' AND (seq = ?2
            OR seq IN (SELECT seq FROM edits WHERE room = ?1 AND target = ?2))",
    )?
    .execute(place)?;
    set_changed(log, room, target, seq)?;
    log.prepare_cached("DELETE FROM mentions WHERE room = ?1 AND seq = ?2")?
        .execute(place)?;
    unpin(log, room, target)?;
    files::detach(log, room, target)?;
    log.prepare_cached("DELETE FROM reactions WHERE room = ?1 AND target = ?2")?
        .execute(place)
        .map(drop)
}

fn unpin(log: &Connection, room: RoomId, target: Seq) -> rusqlite::Result<()> {
    log.prepare_cached("DELETE FROM pins WHERE room = ?1 AND target = ?2")?
        .execute([room.0, target.0].map(rows::signed))
        .map(drop)
}

fn is_pinned(log: &Connection, room: RoomId, target: Seq) -> rusqlite::Result<bool> {
    log.prepare_cached("SELECT 1 FROM pins WHERE room = ?1 AND target = ?2")?
        .exists([room.0, target.0].map(rows::signed))
}

fn check_pins(log: &Connection, room: RoomId) -> Result<(), Fault> {
    let limit = limits::PINS_PER_ROOM;
    let count: i64 = log
        .prepare_cached("SELECT count(*) FROM pins WHERE room = ?1")?
        .query_row([rows::signed(room.0)], |row| row.get(0))?;
    if usize::try_from(count).is_ok_and(|count| count < limit) {
        return Ok(());
    }
    Err(Fault::Refused(Problem::TooManyPins { limit }))
}

fn set_changed(log: &Connection, room: RoomId, target: Seq, seq: Seq) -> rusqlite::Result<()> {
    log.prepare_cached("UPDATE events SET changed = ?3 WHERE room = ?1 AND seq = ?2")?
        .execute([room.0, target.0, seq.0].map(rows::signed))
        .map(drop)
}

/// Whose message it is; refused when there is none, or none any more.
fn author_of(log: &Connection, room: RoomId, target: Seq) -> Result<PersonId, Fault> {
    log.prepare_cached(
        "SELECT message.author FROM events AS message
         LEFT JOIN events AS newest ON newest.room = ?1 AND newest.seq = message.changed
         WHERE message.room = ?1 AND message.seq = ?2 AND message.kind = 'message'
         AND newest.kind IS NOT 'deleted'",
    )?
    .query_row([rows::signed(room.0), rows::signed(target.0)], |row| {
        row.get(0).map(|id| PersonId(rows::unsigned(id)))
    })
    .optional()?
    .ok_or(Fault::Refused(Problem::NoSuchMessage))
}

fn stands(
    log: &Connection,
    room: RoomId,
    target: Seq,
    person: &Person,
    emoji: &Emoji,
) -> rusqlite::Result<bool> {
    log.prepare_cached(
        "SELECT 1 FROM reactions WHERE room = ?1 AND target = ?2 AND person = ?3 AND emoji = ?4",
    )?
    .exists(params![
        rows::signed(room.0),
        rows::signed(target.0),
        rows::signed(person.id.0),
        &**emoji
    ])
}

fn check_count(log: &Connection, room: RoomId, target: Seq) -> Result<(), Fault> {
    let limit = limits::REACTIONS_PER_MESSAGE;
    let count: i64 = log
        .prepare_cached("SELECT count(*) FROM reactions WHERE room = ?1 AND target = ?2")?
        .query_row([rows::signed(room.0), rows::signed(target.0)], |row| {
            row.get(0)
        })?;
    if usize::try_from(count).is_ok_and(|count| count < limit) {
        return Ok(());
    }
    Err(Fault::Refused(Problem::TooManyReactions { limit }))
}
