//! What a joined connection may ask, and the welcome before it. Each request gets exactly one answer (M9).

use std::collections::{BTreeMap, VecDeque};
use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;

use shared::ids::{ClientId, RequestId, RoomId, Seq};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::{ClientMessage, Hello, Page, Person, Room, ServerMessage, Span, Welcome};
use shared::text::{Body, RoomName};

use super::Rooms;
use super::budget;
use super::mailbox::Mailbox;
use crate::clock;
use crate::engine::committed::Origin;
use crate::engine::{Joined, Log, Receipt};
use crate::random;

/// An answer to come. `None`: delivery gives it, in its place before the room's events.
pub type Answering = Pin<Box<dyn Future<Output = Option<ServerMessage>> + Send>>;

/// What this server calls itself.
const SERVER: &str = concat!("parlance/", env!("CARGO_PKG_VERSION"));

/// A connection whose session was not revoked, ready to be told what it missed.
#[derive(Debug)]
pub struct Welcomed {
    /// The answer to `hello`.
    pub welcome: ServerMessage,
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
    /// Answers `hello`: subscribes the connection, then reads the heads (R9). `None`: the session was revoked.
    pub async fn welcome(
        self: Arc<Self>,
        mailbox: Arc<Mailbox>,
        me: Person,
        hello: Hello,
    ) -> Result<Option<Welcomed>, Problem> {
        let standing = self.engine.standing(mailbox.session, me.id).await?;
        if !standing.valid {
            return Ok(None);
        }
        let ids = standing.rooms.iter().map(|membership| membership.room);
        self.hub.subscribe(&mailbox, ids);
        let rooms = self.engine.heads(standing.rooms).await?;
        let epoch = self.engine.epoch();
        let replays = if hello.epoch == Some(epoch) {
            replays(&hello.cursors, &rooms)
        } else {
            VecDeque::new()
        };
        let welcome = ServerMessage::Welcome(Welcome {
            server: SERVER.into(),
            epoch,
            now: clock::now(),
            me,
            rooms,
        });
        Ok(Some(Welcomed { welcome, replays }))
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

    /// Takes one request of a joined connection. What has to keep its order is queued when this returns.
    pub fn request(
        self: &Arc<Self>,
        me: &Person,
        mailbox: &Mailbox,
        message: ClientMessage,
    ) -> Answering {
        match message {
            ClientMessage::Hello(_) => {
                Box::pin(ready(Some(refused(None, None, Problem::OutOfTurn))))
            }
            ClientMessage::Send {
                room,
                client_id,
                body,
            } => self.send(me, room, client_id, body),
            ClientMessage::Read {
                request,
                room,
                from,
                to,
            } => self.read(mailbox, request, room, Span { from, to }),
            ClientMessage::Create {
                request,
                client_id,
                name,
            } => self.create(me, mailbox, request, client_id, name),
            ClientMessage::Join {
                request,
                client_id,
                room,
            } => self.join(me, mailbox, request, client_id, room),
            ClientMessage::Directory { request } => self.directory(mailbox, request),
            ClientMessage::Ping { n } => {
                let now = clock::now();
                Box::pin(ready(Some(ServerMessage::Pong { n, now })))
            }
        }
    }

    fn send(&self, me: &Person, room: RoomId, client_id: ClientId, body: Body) -> Answering {
        let sent = self
            .not_draining()
            .and_then(|()| self.spend_send(me))
            .and_then(|()| {
                let at = clock::now();
                self.engine.send(me.clone(), room, client_id, body, at)
            });
        Box::pin(async move {
            Some(match wait(sent).await {
                Ok(stored) => ServerMessage::Stored {
                    room,
                    client_id,
                    seq: stored.seq,
                    at: stored.at,
                    repeat: stored.repeat,
                },
                Err(problem) => refused(None, Some(client_id), problem),
            })
        })
    }

    /// S6.
    fn spend_send(&self, me: &Person) -> Result<(), Problem> {
        self.hub
            .spend_send(me.id)
            .map_err(|wait| Problem::RateLimited {
                retry_after_ms: budget::wait_ms(wait),
            })
    }

    /// K3: what comes while the server drains is not begun.
    fn not_draining(&self) -> Result<(), Problem> {
        if self.is_draining() {
            return Err(Problem::Draining);
        }
        Ok(())
    }

    fn read(
        self: &Arc<Self>,
        mailbox: &Mailbox,
        request: RequestId,
        room: RoomId,
        span: Span,
    ) -> Answering {
        let (rooms, person) = (Arc::clone(self), mailbox.person);
        Box::pin(async move {
            let problem = if span.from == Seq::ZERO || span.from > span.to {
                Problem::BadRange {
                    limit: limits::PAGE_EVENTS,
                }
            } else {
                match rooms.engine.read(person, room, span.from, span.to).await {
                    Ok(Some(log)) => return Some(page(Some(request), room, None, span.from, log)),
                    Ok(None) => Problem::NoSuchRoom,
                    Err(problem) => problem,
                }
            };
            Some(refused(Some(request), None, problem))
        })
    }

    fn create(
        &self,
        me: &Person,
        mailbox: &Mailbox,
        request: RequestId,
        client_id: ClientId,
        name: RoomName,
    ) -> Answering {
        let (room, at) = ((random::room_id(), name), clock::now());
        let origin = origin(mailbox, request);
        let receipt = self
            .not_draining()
            .and_then(|()| self.engine.create(me.clone(), client_id, room, at, origin));
        joined(request, receipt)
    }

    fn join(
        &self,
        me: &Person,
        mailbox: &Mailbox,
        request: RequestId,
        client_id: ClientId,
        room: RoomId,
    ) -> Answering {
        let (at, origin) = (clock::now(), origin(mailbox, request));
        let receipt = self
            .not_draining()
            .and_then(|()| self.engine.join(me.clone(), client_id, room, at, origin));
        joined(request, receipt)
    }

    fn directory(self: &Arc<Self>, mailbox: &Mailbox, request: RequestId) -> Answering {
        let (rooms, person) = (Arc::clone(self), mailbox.person);
        Box::pin(async move {
            let most = limits::DIRECTORY_ROOMS;
            Some(match rooms.engine.directory(person, most).await {
                Ok(directory) => ServerMessage::Directory {
                    request,
                    rooms: directory.rooms,
                    more: directory.more,
                },
                Err(problem) => refused(Some(request), None, problem),
            })
        })
    }
}

/// A refusal, naming what it answers.
#[must_use]
pub fn refused(
    request: Option<RequestId>,
    client_id: Option<ClientId>,
    problem: Problem,
) -> ServerMessage {
    ServerMessage::Refused {
        request,
        client_id,
        problem,
    }
}

fn joined(request: RequestId, receipt: Result<Receipt<Joined>, Problem>) -> Answering {
    Box::pin(async move {
        match wait(receipt).await {
            Ok(Joined { entered: true, .. }) => None,
            Ok(Joined { room, .. }) => Some(ServerMessage::Joined {
                request: Some(request),
                room,
            }),
            Err(problem) => Some(refused(Some(request), None, problem)),
        }
    })
}

async fn wait<T>(receipt: Result<Receipt<T>, Problem>) -> Result<T, Problem> {
    receipt?.wait().await
}

fn origin(mailbox: &Mailbox, request: RequestId) -> Origin {
    Origin {
        connection: mailbox.connection.0,
        request: request.0,
    }
}

fn page(
    request: Option<RequestId>,
    room: RoomId,
    gap: Option<Span>,
    from: Seq,
    log: Log,
) -> ServerMessage {
    ServerMessage::Page(Page {
        request,
        room,
        gap,
        from,
        to: log.events.last().map_or(from.back(1), |event| event.seq),
        head: log.head,
        events: log.events,
    })
}

fn replays(cursors: &BTreeMap<RoomId, Seq>, rooms: &[Room]) -> VecDeque<Replay> {
    let heads: BTreeMap<RoomId, &Room> = rooms.iter().map(|room| (room.id, room)).collect();
    cursors
        .iter()
        .take(limits::CURSORS)
        .filter_map(|(room, cursor)| Replay::since(*cursor, heads.get(room)?))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn since(cursor: u64, head: u64) -> Option<Replay> {
        let room = Room {
            id: RoomId(1),
            name: RoomName::parse("tea").unwrap(),
            head: Seq(head),
        };
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
