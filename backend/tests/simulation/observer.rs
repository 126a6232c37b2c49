//! One who is in every room and reads everything at once: by what it has heard, a world knows that the server has
//! delivered what it stored. In the end it reads the logs.

use std::collections::BTreeMap;

use shared::ids::{ClientId, PersonId, RequestId, RoomId, Seq};
use shared::limits::PROTOCOL_VERSION;
use shared::protocol::{Action, ClientMessage, Event, Hello, ServerMessage};
use shared::sorted::Map;
use shared::text::{Body, RoomName};
use shared::wire;

use crate::backend_under_test::{Backend, LOBBY};
use crate::wire::{Down, Up, Wire};

/// Who it is.
pub(crate) const OBSERVER: PersonId = PersonId(100);

pub(crate) struct Observer {
    cookie: String,
    pub(crate) wire: Wire,
    /// Up to where it has heard of each room.
    pub(crate) heard: BTreeMap<RoomId, Seq>,
    answers: Vec<ServerMessage>,
    pongs: Vec<Up>,
}

impl Observer {
    pub(crate) async fn new(backend: &Backend, cookie: String) -> Self {
        let wire = Wire::open(backend.connect(), &cookie).await.unwrap();
        let mut observer = Self {
            cookie,
            wire,
            heard: BTreeMap::new(),
            answers: Vec::new(),
            pongs: Vec::new(),
        };
        observer.say_hello().await;
        observer
    }

    pub(crate) async fn reconnect(&mut self, backend: &Backend) {
        self.wire = Wire::open(backend.connect(), &self.cookie).await.unwrap();
        self.pongs.clear();
        self.say_hello().await;
    }

    async fn say_hello(&mut self) {
        let hello = Hello {
            protocol: PROTOCOL_VERSION,
            client: "observer/1".into(),
            epoch: None,
            cursors: Map::new(),
            people: 0,
            explain: false,
        };
        let answer = self.ask(ClientMessage::Hello(hello)).await;
        assert_eq!(answer, ServerMessage::Resumed);
    }

    /// Makes a room, and so is in it.
    pub(crate) async fn make_room(&mut self, name: &str) -> RoomId {
        let create = ClientMessage::Create {
            request: RequestId(1),
            client_id: ClientId(u128::MAX),
            name: RoomName::parse(name).unwrap(),
            private: false,
        };
        match self.ask(create).await {
            ServerMessage::Joined { room, .. } => room.id,
            other => panic!("{other:?}"),
        }
    }

    /// Says something, without waiting for the answer.
    pub(crate) async fn say(&mut self, room: RoomId, client_id: ClientId) {
        let body = Body::parse("news").unwrap();
        self.act(room, client_id, Action::message(body)).await;
    }

    /// Does something, without waiting for the answer.
    pub(crate) async fn act(&mut self, room: RoomId, client_id: ClientId, action: Action) {
        let send = ClientMessage::Send {
            room,
            client_id,
            after: None,
            action,
        };
        self.wire.deliver(&Up::Text(wire::encode(&send))).await;
    }

    /// Waits until the server has delivered everything that it was given before: the writer takes one after the other, and
    /// begins a batch when the one before it is on its way to delivery.
    pub(crate) async fn wait_for_the_writer(&mut self) {
        for _ in 0..2 {
            let join = ClientMessage::Join {
                request: RequestId(3),
                client_id: ClientId(u128::MAX - 1),
                room: LOBBY,
            };
            let answer = self.ask(join).await;
            assert!(matches!(answer, ServerMessage::Joined { .. }), "{answer:?}");
        }
    }

    /// The whole log of a room, as it stands.
    pub(crate) async fn log(&mut self, room: RoomId) -> Vec<Event> {
        let mut events: Vec<Event> = Vec::new();
        loop {
            let read = ClientMessage::Read {
                request: RequestId(2),
                room,
                from: Seq(events.len() as u64 + 1),
                to: Seq::MAX,
            };
            let ServerMessage::Page(page) = self.ask(read).await else {
                panic!("a page was due");
            };
            let done = page.to >= page.head;
            events.extend(page.events);
            if done {
                return events;
            }
        }
    }

    async fn ask(&mut self, message: ClientMessage) -> ServerMessage {
        self.wire.deliver(&Up::Text(wire::encode(&message))).await;
        loop {
            self.listen();
            if let Some(answer) = self.answers.pop() {
                return answer;
            }
            std::future::poll_fn(|context| self.wire.poll_take(context)).await;
        }
    }

    /// Looks at what came.
    pub(crate) fn listen(&mut self) {
        self.wire.arrange();
        while let Some(down) = self.wire.down.pop_front() {
            match down {
                Down::Text(text) => self.hear(wire::decode_server(&text).unwrap()),
                Down::Ping(payload) => self.pongs.push(Up::Pong(payload)),
                Down::End(_) => {}
            }
        }
    }

    /// Gives the signs of life that were asked for.
    pub(crate) async fn answer_pings(&mut self) {
        for pong in std::mem::take(&mut self.pongs) {
            self.wire.deliver(&pong).await;
        }
    }

    fn hear(&mut self, message: ServerMessage) {
        match message {
            ServerMessage::Event { room, event, .. } => self.know(room, event.seq),
            ServerMessage::Behind { heads } => {
                heads
                    .into_iter()
                    .for_each(|(room, head)| self.know(room, head));
            }
            ServerMessage::Welcome(welcome) => {
                welcome
                    .rooms
                    .into_iter()
                    .for_each(|room| self.know(room.id, room.head));
            }
            ServerMessage::Joined { request: None, .. }
            | ServerMessage::Stored { repeat: false, .. }
            // What it does may be refused; no one waits for it.
            | ServerMessage::Refused { request: None, .. }
            | ServerMessage::Restarting { .. }
            | ServerMessage::People { .. }
            | ServerMessage::Left { .. } => {}
            answer => self.answers.push(answer),
        }
    }

    fn know(&mut self, room: RoomId, head: Seq) {
        let heard = self.heard.entry(room).or_default();
        *heard = head.max(*heard);
    }
}
