//! The welcome, and what a connection missed (R5 to R9).

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use shared::ids::{RoomId, Seq};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::{Cursor, Handshake, Hello, Person, Room, ServerMessage, Span, Welcome};
use shared::sorted::Map;

use super::Rooms;
use super::mailbox::Mailbox;
use super::proof;
use super::requests::{Answering, page};
use crate::clock;
use crate::engine::queries::Heads;
use crate::engine::queries::links::Divergence;

/// What this server calls itself.
const SERVER: &str = concat!("parlance/", env!("CARGO_PKG_VERSION"));

/// A connection whose session was not revoked, ready to be told what it missed.
#[derive(Debug)]
pub struct Welcomed {
    /// The answer to `hello`.
    pub welcome: Welcome,
    /// What follows it: a `diverged` for each cursor that is not of this log.
    pub diverged: Vec<ServerMessage>,
    /// What it missed, to be read once the welcome is out.
    pub replays: VecDeque<Replay>,
}

/// A run of one room's log that a connection missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replay {
    /// The room.
    pub room: RoomId,
    /// Left out, because it is too long.
    pub gap: Option<Span>,
    /// To be sent, as far as one page holds it.
    pub span: Span,
}

impl Replay {
    /// R5 and R6: what to send to one who has applied up to `cursor`. `None` when nothing was missed.
    fn since(cursor: Seq, room: &Room) -> Option<Self> {
        let missed = room.head.0.checked_sub(cursor.0).filter(|&n| n > 0)?;
        let too_many = missed > limits::REPLAY_EVENTS;
        let from = if too_many {
            room.head.back(limits::REPLAY_TAIL - 1)
        } else {
            cursor.next()
        };
        Some(Self {
            room: room.id,
            gap: too_many.then(|| Span {
                from: cursor.next(),
                to: from.back(1),
            }),
            span: Span {
                from,
                to: room.head,
            },
        })
    }
}

impl Rooms {
    /// Answers `hello`: subscribes the connection, then reads the heads (R9). `None`: the session was revoked. `handshake` is
    /// for who wants to be explained to (H11).
    pub async fn welcome(
        self: Arc<Self>,
        mailbox: Arc<Mailbox>,
        me: Person,
        hello: Hello,
        handshake: Option<Box<Handshake>>,
    ) -> Result<Option<Welcomed>, Problem> {
        mailbox.greet(hello.explain);
        let standing = self.engine.standing(mailbox.session, me.id).await?;
        if !standing.valid {
            return Ok(None);
        }
        self.hub.subscribe(&mailbox, standing.rooms.iter().copied());
        let epoch = self.engine.epoch();
        let cursors = if hello.epoch == Some(epoch) {
            hello.cursors
        } else {
            Map::new()
        };
        self.reached.note(mailbox.session, &cursors);
        let stated = proof::stated(&cursors);
        let since = Some(hello.people).filter(|_| hello.epoch == Some(epoch));
        let news = self.engine.news(me.id, since.unwrap_or(0)).await?;
        let Heads {
            rooms,
            taken_out,
            diverged,
        } = self.engine.heads(standing.rooms, me.id, stated).await?;
        let replays = replays(&cursors, &rooms, &diverged);
        let diverged = self.diverged(me.id, &diverged);
        let welcome = Welcome {
            server: SERVER.into(),
            epoch,
            now: clock::now(),
            me: news.me,
            rooms,
            taken_out,
            people: news.people,
            people_version: news.version,
            choices: news.choices,
            handshake,
        };
        Ok(Some(Welcomed {
            welcome,
            diverged,
            replays,
        }))
    }

    /// Reads one replay.
    pub fn replay(self: &Arc<Self>, mailbox: &Mailbox, replay: Replay) -> Answering {
        let Replay { room, gap, span } = replay;
        let (rooms, person) = (Arc::clone(self), mailbox.person);
        Box::pin(async move {
            match rooms.engine.read(person, room, span.from, span.to).await {
                Ok(Some(log)) => Some(page(None, room, gap, span.from, log)),
                // R7: the client reads on by itself.
                Ok(None) | Err(_) => None,
            }
        })
    }
}

/// R12: a room whose cursor is not of this log is read anew by the client, so that a replay would be of no use.
fn replays(
    cursors: &Map<RoomId, Cursor>,
    rooms: &[Room],
    diverged: &[Divergence],
) -> VecDeque<Replay> {
    let mut heads: BTreeMap<RoomId, &Room> = rooms.iter().map(|room| (room.id, room)).collect();
    for one in diverged {
        heads.remove(&one.room);
    }
    cursors
        .iter()
        .take(limits::CURSORS)
        .filter_map(|(room, cursor)| Replay::since(cursor.seq, heads.get(room)?))
        .collect()
}

#[cfg(test)]
mod tests {
    use shared::text::RoomName;

    use super::*;

    fn since(cursor: u64, head: u64) -> Option<Replay> {
        let room = Room::public(RoomId(1), RoomName::parse("tea").unwrap(), Seq(head));
        Replay::since(Seq(cursor), &room)
    }

    /// R5: up to 500 missed events are replayed whole.
    #[test]
    fn a_few_missed_events_have_no_gap() {
        for (cursor, head) in [(40, 41), (0, 39), (0, 500), (1_000, 1_500)] {
            let replay = since(cursor, head).unwrap();
            assert_eq!(replay.gap, None);
            assert_eq!(replay.span.len(), head - cursor);
        }
    }

    /// R6: beyond that, the newest 100 come after a gap, and the two join without a hole.
    #[test]
    fn many_missed_events_have_a_gap_that_ends_where_the_tail_begins() {
        let replay = since(10, 2_011).unwrap();
        let gap = replay.gap.unwrap();
        assert_eq!((gap.from, gap.to), (Seq(11), Seq(1_911)));
        assert_eq!((replay.span.from, replay.span.to), (Seq(1_912), Seq(2_011)));
    }

    /// R8: a cursor beyond the head means nothing here; neither does one at the head.
    #[test]
    fn nothing_missed_means_no_replay() {
        assert_eq!(since(41, 41), None);
        assert_eq!(since(u64::MAX, 41), None);
    }
}
