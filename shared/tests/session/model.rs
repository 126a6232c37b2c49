//! A model of the server in a page: rooms as vectors, every rule that a session relies on, no time and no faults.

use std::collections::BTreeMap;

use shared::ids::{ClientId, PersonId, RoomId, Seq, Timestamp};
use shared::limits;
use shared::protocol::{
    ClientMessage, Content, Event, Hello, Page, Person, Room, ServerMessage, Span, Welcome,
};
use shared::text::{Body, RoomName};

use crate::bench::{self, EPOCH, LOBBY, body};

#[derive(Debug, Default)]
pub struct Server {
    pub logs: BTreeMap<RoomId, Vec<Event>>,
    stored: BTreeMap<(PersonId, ClientId), Seq>,
}

impl Server {
    pub fn with_lobby() -> Self {
        let mut server = Self::default();
        server.logs.insert(LOBBY, Vec::new());
        server.say(
            &bench::person(9, "Host"),
            ClientId(u128::MAX),
            body("welcome"),
        );
        server
    }

    pub fn head(&self, room: RoomId) -> Seq {
        Seq(self.logs[&room].len() as u64)
    }

    /// Stores a message in the lobby once and returns the event if it is new.
    pub fn say(
        &mut self,
        author: &Person,
        client_id: ClientId,
        body: Body,
    ) -> (Seq, Option<Event>) {
        if let Some(seq) = self.stored.get(&(author.id, client_id)) {
            return (*seq, None);
        }
        let log = self.logs.get_mut(&LOBBY).unwrap();
        let seq = Seq(log.len() as u64 + 1);
        let content = Content::Message { body };
        let event = Event {
            seq,
            at: Timestamp(seq.0),
            author: author.clone(),
            client_id,
            content,
        };
        log.push(event.clone());
        self.stored.insert((author.id, client_id), seq);
        (seq, Some(event))
    }

    /// Answers one message of `me`; the event of a new message is returned for everyone.
    pub fn answer(
        &mut self,
        me: &Person,
        message: ClientMessage,
    ) -> (Vec<ServerMessage>, Option<ServerMessage>) {
        match message {
            ClientMessage::Hello(hello) => (self.hello(me, &hello), None),
            ClientMessage::Send {
                room,
                client_id,
                body,
            } => {
                let (seq, event) = self.say(me, client_id, body);
                let repeat = event.is_none();
                let stored = ServerMessage::Stored {
                    room,
                    client_id,
                    seq,
                    at: Timestamp(seq.0),
                    repeat,
                };
                (
                    vec![stored],
                    event.map(|event| ServerMessage::Event { room, event }),
                )
            }
            ClientMessage::Read {
                request,
                room,
                from,
                to,
            } => {
                let mut page = self.page(room, from, to);
                page.request = Some(request);
                (vec![ServerMessage::Page(page)], None)
            }
            ClientMessage::Ping { n } => (
                vec![ServerMessage::Pong {
                    n,
                    now: Timestamp(0),
                }],
                None,
            ),
            other => panic!("the model does not answer {other:?}"),
        }
    }

    fn page(&self, room: RoomId, from: Seq, to: Seq) -> Page {
        let head = self.head(room);
        let to = to.min(head).min(Seq(from.0 + limits::PAGE_EVENTS - 1));
        let events = self.logs[&room][from.0 as usize - 1..to.0 as usize].to_vec();
        Page {
            request: None,
            room,
            gap: None,
            from,
            to,
            head,
            events,
        }
    }

    fn hello(&self, me: &Person, hello: &Hello) -> Vec<ServerMessage> {
        let name = || RoomName::parse("lobby").unwrap();
        let rooms = self.logs.keys().map(|id| Room {
            id: *id,
            name: name(),
            head: self.head(*id),
        });
        let mut answers = vec![ServerMessage::Welcome(Welcome {
            server: "model".into(),
            epoch: EPOCH,
            now: Timestamp(0),
            me: me.clone(),
            rooms: rooms.collect(),
        })];
        if hello.epoch == Some(EPOCH) {
            let behind = hello
                .cursors
                .iter()
                .filter(|(room, last)| **last < self.head(**room));
            answers.extend(behind.map(|(room, last)| self.replay(*room, *last)));
        }
        answers.push(ServerMessage::Resumed);
        answers
    }

    fn replay(&self, room: RoomId, last: Seq) -> ServerMessage {
        let head = self.head(room);
        if head.0 - last.0 <= limits::REPLAY_EVENTS {
            return ServerMessage::Page(self.page(room, last.next(), head));
        }
        let from = head.back(limits::REPLAY_TAIL - 1);
        let mut page = self.page(room, from, head);
        page.gap = Some(Span {
            from: last.next(),
            to: from.back(1),
        });
        ServerMessage::Page(page)
    }
}
