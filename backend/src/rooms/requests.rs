//! What a joined connection may ask. Each request gets exactly one answer (M9).

use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;

use shared::ids::{ClientId, RequestId, RoomId, Seq, Timestamp};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::{Action, ClientMessage, Page, Person, ServerMessage, Span};

use super::Rooms;
use super::budget;
use super::mailbox::Mailbox;
use crate::clock;
use crate::engine::committed::Origin;
use crate::engine::operations::rooms::{Joined, NewRoom};
use crate::engine::queries::page::Log;
use crate::engine::search::find::Found;
use crate::engine::search::query::Query;
use crate::engine::writer::Receipt;
use crate::random;

/// An answer to come. `None`: delivery gives it, in its place before the room's events.
pub type Answering = Pin<Box<dyn Future<Output = Option<ServerMessage>> + Send>>;

impl Rooms {
    /// Takes one request of a joined connection. What has to keep its order is queued when this returns.
    pub fn request(
        self: &Arc<Self>,
        me: &Person,
        mailbox: &Arc<Mailbox>,
        message: ClientMessage,
    ) -> Answering {
        match message {
            ClientMessage::Hello(_) => {
                Box::pin(ready(Some(refused(None, None, Problem::OutOfTurn))))
            }
            ClientMessage::Send {
                room,
                client_id,
                after,
                action,
            } => self.send(mailbox, me, room, client_id, after, action),
            ClientMessage::Read {
                request,
                room,
                from,
                to,
            } => self.read(mailbox, request, room, Span { from, to }),
            ClientMessage::PlaceAt { request, room, at } => {
                self.place_at(mailbox, request, room, at)
            }
            ClientMessage::Create {
                request,
                client_id,
                name,
                private,
            } => {
                let id = random::room_id();
                let room = NewRoom { id, name, private };
                self.create(me, mailbox, request, client_id, room)
            }
            ClientMessage::OpenDirect {
                request,
                client_id,
                people,
            } => self.open_direct(me, mailbox, request, client_id, people),
            ClientMessage::Join {
                request,
                client_id,
                room,
            } => self.join(me, mailbox, request, client_id, room),
            ClientMessage::Directory { request } => self.directory(mailbox, request),
            ClientMessage::Search {
                request,
                text,
                offset,
                older,
            } => self.search(mailbox, request, Query::parse(&text, offset), older),
            ClientMessage::Pins { request, room } => self.pins(mailbox, request, room),
            ClientMessage::HistoryOf {
                request,
                room,
                target,
            } => self.history(mailbox, request, room, target),
            ClientMessage::Journey { request, room, seq } => {
                self.journey(mailbox, request, room, seq)
            }
            ClientMessage::Receipts { request, room } => self.receipts(mailbox, request, room),
            ClientMessage::Members { request, room } => self.members(mailbox, request, room),
            ClientMessage::Noted { request, room } => self.note(me.id, request, room),
            ClientMessage::FindPeople { request, text } => self.find_people(request, text),
            ClientMessage::Watch { request, people } => self.watch(mailbox, request, people),
            ClientMessage::Away { on } => self.away(mailbox, on),
            ClientMessage::Choose { request, choice } => self.choose(me.id, request, choice),
            ClientMessage::Applied { cursors } => self.applied(mailbox, &cursors),
            ClientMessage::Typing { room } => self.typing(me, mailbox, room),
            ClientMessage::Seen { rooms } => self.seen(me.id, &rooms),
            ClientMessage::Unread { room, from } => self.unread(me.id, room, from),
            ClientMessage::Ping { n } => {
                let now = clock::now();
                Box::pin(ready(Some(ServerMessage::Pong { n, now })))
            }
        }
    }

    fn send(
        &self,
        mailbox: &Mailbox,
        me: &Person,
        room: RoomId,
        client_id: ClientId,
        after: Option<ClientId>,
        action: Action,
    ) -> Answering {
        let erases = matches!(action, Action::Ban { erase: true, .. });
        let erasing = erases.then(|| Arc::clone(&self.erasing));
        let explained = mailbox.is_explained();
        let sent = self
            .not_draining()
            .and_then(|()| self.hub.spend_send(me.id).map_err(budget::limited))
            .and_then(|()| {
                let at = clock::now();
                self.engine
                    .send(me.clone(), room, client_id, after, action, at)
            });
        Box::pin(async move {
            Some(match wait(sent).await {
                Ok(stored) => {
                    if let Some(erasing) = erasing {
                        erasing.notify_one();
                    }
                    ServerMessage::Stored {
                        room,
                        client_id,
                        seq: stored.seq,
                        at: stored.at,
                        repeat: stored.repeat,
                        committed: (explained && !stored.repeat).then(clock::now),
                    }
                }
                Err(problem) => refused(None, Some(client_id), problem),
            })
        })
    }

    /// K3: what comes while the server drains is not begun.
    pub(super) fn not_draining(&self) -> Result<(), Problem> {
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
        answer(request, async move {
            if span.from == Seq::ZERO || span.from > span.to {
                let limit = limits::PAGE_EVENTS;
                return Err(Problem::BadRange { limit });
            }
            let log = rooms.engine.read(person, room, span.from, span.to).await?;
            let log = log.ok_or(Problem::NoSuchRoom)?;
            Ok(page(Some(request), room, None, span.from, log))
        })
    }

    fn place_at(
        self: &Arc<Self>,
        mailbox: &Mailbox,
        request: RequestId,
        room: RoomId,
        at: Timestamp,
    ) -> Answering {
        let (rooms, person) = (Arc::clone(self), mailbox.person);
        answer(request, async move {
            let seq = rooms.engine.place_at(person, room, at).await?;
            let seq = seq.ok_or(Problem::NoSuchRoom)?;
            Ok(ServerMessage::Place { request, room, seq })
        })
    }

    fn create(
        &self,
        me: &Person,
        mailbox: &Mailbox,
        request: RequestId,
        client_id: ClientId,
        room: NewRoom,
    ) -> Answering {
        let (at, origin) = (clock::now(), origin(mailbox, request));
        let receipt = self
            .not_draining()
            .and_then(|()| self.creates.spend(me.id))
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
        answer(request, async move {
            let most = limits::DIRECTORY_ROOMS;
            let directory = rooms.engine.directory(person, most).await?;
            Ok(ServerMessage::Directory {
                request,
                rooms: directory.rooms,
                more: directory.more,
            })
        })
    }

    fn search(
        self: &Arc<Self>,
        mailbox: &Mailbox,
        request: RequestId,
        query: Query,
        older: Option<u64>,
    ) -> Answering {
        let (rooms, person) = (Arc::clone(self), mailbox.person);
        answer(request, async move {
            rooms.searches.spend(person)?;
            let Found { hits, older } = rooms.engine.search(person, query, older).await?;
            Ok(ServerMessage::Found {
                request,
                hits,
                older,
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

/// One answer to a request, or why there is none.
pub(super) fn answer(
    request: RequestId,
    asked: impl Future<Output = Result<ServerMessage, Problem>> + Send + 'static,
) -> Answering {
    Box::pin(async move {
        let refused = |problem| refused(Some(request), None, problem);
        Some(asked.await.unwrap_or_else(refused))
    })
}

pub(super) fn joined(request: RequestId, receipt: Result<Receipt<Joined>, Problem>) -> Answering {
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

pub(super) async fn wait<T>(receipt: Result<Receipt<T>, Problem>) -> Result<T, Problem> {
    receipt?.wait().await
}

pub(super) fn origin(mailbox: &Mailbox, request: RequestId) -> Origin {
    Origin {
        connection: mailbox.connection.0,
        request: request.0,
    }
}

pub(super) fn page(
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
        topic: log.topic,
        name: log.name,
        archived: log.archived,
        pace: log.pace,
        events: log.events,
        quotes: log.quotes,
    })
}
