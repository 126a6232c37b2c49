//! A session on a bench: the clock is a number, the socket is a list of what was sent.

use shared::close::CloseCode;
use shared::ids::{ClientId, Epoch, PersonId, RoomId, Seq, Timestamp};
use shared::protocol::{Action, ClientMessage, Cursor, Person, Room, ServerMessage, Welcome};
use shared::session::connection::{Generation, State};
use shared::session::io::{Input, Output};
use shared::session::outbox::Draft;
use shared::session::time::{Moment, Ticks};
use shared::session::{Options, Session};
use shared::sorted::Map;
use shared::text::{Body, PersonName, RoomName};
use shared::wire;

pub const LOBBY: RoomId = RoomId(1);
pub const EPOCH: Epoch = Epoch(7);

pub fn person(id: u64, name: &str) -> Person {
    Person {
        id: PersonId(id),
        name: PersonName::parse(name).unwrap(),
    }
}

pub fn ada() -> Person {
    person(1, "Ada")
}

pub fn body(text: &str) -> Body {
    Body::parse(text).unwrap()
}

pub fn room(id: RoomId, head: u64) -> Room {
    Room::public(id, RoomName::parse("lobby").unwrap(), Seq(head))
}

pub fn draft(n: u128, text: &str) -> Draft {
    Draft {
        room: LOBBY,
        client_id: ClientId(n),
        action: Action::message(body(text)),
        written: Timestamp(0),
    }
}

pub fn welcome(head: u64) -> ServerMessage {
    ServerMessage::Welcome(Welcome {
        server: "bench".into(),
        epoch: EPOCH,
        now: Timestamp(0),
        me: ada(),
        rooms: vec![room(LOBBY, head)],
        taken_out: Vec::new(),
        people: Vec::new(),
        people_version: 0,
        choices: Default::default(),
        handshake: None,
    })
}

/// A session, its clocks, and what it has put out.
pub struct Bench {
    pub session: Session,
    pub now: Moment,
    pub outputs: Vec<Output>,
}

impl Bench {
    pub fn new(seed: u64) -> Self {
        let session = Session::new(Options {
            client: "bench/1".into(),
            seed,
        });
        let now = Moment {
            ticks: Ticks(1_000),
            clock: Timestamp(1_700_000_000_000),
        };
        Self {
            session,
            now,
            outputs: Vec::new(),
        }
    }

    /// Signed in; the first socket was asked for.
    pub fn connecting(seed: u64) -> Self {
        let mut bench = Self::new(seed);
        bench.input(Input::SignedIn {
            me: ada(),
            restored: Vec::new(),
        });
        bench
    }

    /// Joined a server whose lobby ends at `head`.
    pub fn live(head: u64) -> Self {
        let mut bench = Self::connecting(1);
        bench.join(head);
        bench
    }

    pub fn input(&mut self, input: Input) {
        self.session.handle(input, self.now);
        self.collect();
    }

    pub fn send(&mut self, draft: Draft) {
        self.session.send(draft, self.now).unwrap();
        self.collect();
    }

    fn collect(&mut self) {
        while let Some(output) = self.session.poll_output() {
            self.outputs.push(output);
        }
    }

    /// Lets both clocks run.
    pub fn pass(&mut self, milliseconds: u64) {
        self.now.ticks = self.now.ticks + milliseconds;
        self.now.clock.0 += milliseconds;
    }

    /// Jumps to the next wake-up and fires the timer.
    pub fn wake(&mut self) {
        let at = self
            .session
            .wake_at()
            .expect("the session waits for a time");
        self.pass(at - self.now.ticks);
        self.input(Input::Timer);
    }

    pub fn generation(&self) -> Generation {
        match self.session.connection().state {
            State::Connecting { generation, .. }
            | State::Joining { generation, .. }
            | State::Live { generation, .. } => generation,
            state => panic!("no socket in {state:?}"),
        }
    }

    pub fn open(&mut self) {
        let generation = self.generation();
        self.input(Input::Opened { generation });
    }

    pub fn receive(&mut self, message: &ServerMessage) {
        let generation = self.generation();
        self.input(Input::Received {
            generation,
            text: wire::encode(message),
        });
    }

    pub fn close(&mut self, code: u16) {
        let generation = self.generation();
        let reason = String::new();
        self.input(Input::Closed {
            generation,
            code: CloseCode(code),
            reason,
            clean: true,
        });
    }

    pub fn join(&mut self, head: u64) {
        self.open();
        self.receive(&welcome(head));
        self.receive(&ServerMessage::Resumed);
        self.answer_pings();
    }

    /// Answers the pings that were sent and forgets all that was put out.
    pub fn answer_pings(&mut self) {
        for message in self.sent() {
            if let ClientMessage::Ping { n } = message {
                self.receive(&ServerMessage::Pong {
                    n,
                    now: self.now.clock,
                });
            }
        }
    }

    /// Takes what was put out so far.
    pub fn take(&mut self) -> Vec<Output> {
        std::mem::take(&mut self.outputs)
    }

    /// Takes what was put out so far and keeps the messages.
    pub fn sent(&mut self) -> Vec<ClientMessage> {
        let message = |output| match output {
            Output::Transmit { text, .. } => Some(wire::decode_client(&text).unwrap()),
            _ => None,
        };
        self.take().into_iter().filter_map(message).collect()
    }

    /// The client ids of the messages sent since the last look.
    pub fn sends(&mut self) -> Vec<u128> {
        let id = |message| match message {
            ClientMessage::Send { client_id, .. } => Some(client_id.0),
            _ => None,
        };
        self.sent().into_iter().filter_map(id).collect()
    }

    pub fn state(&self) -> State {
        self.session.connection().state
    }

    pub fn backoff_ms(&self) -> u64 {
        match self.state() {
            State::Backoff { until } => until - self.now.ticks,
            state => panic!("expected a wait, found {state:?}"),
        }
    }
}

/// The cursors of the last Hello among `messages`.
pub fn cursors(messages: &[ClientMessage]) -> Map<RoomId, Cursor> {
    let hello = messages.iter().rev().find_map(|message| match message {
        ClientMessage::Hello(hello) => Some(hello.cursors.clone()),
        _ => None,
    });
    hello.expect("a hello was sent")
}
