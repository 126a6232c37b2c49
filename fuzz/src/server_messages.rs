//! A client at the mercy of its server: each line is something that happens to a session, most of them texts that came.
//!
//! A line that starts with `{` came from the server. The others are words of the person and of the browser, such as
//! `open 1`, `say 1 hello`, `opened`, `closed 1006` and `timer`.

use shared::close::CloseCode;
use shared::ids::{ClientId, PersonId, RoomId, Seq, Timestamp};
use shared::protocol::{Action, Content, Event, Person, ServerMessage, Span};
use shared::session::connection::Generation;
use shared::session::io::{Input, Output};
use shared::session::outbox::Draft;
use shared::session::time::{Moment, Ticks};
use shared::session::{Options, Session};
use shared::text::{Body, PersonName};
use shared::wire;

use super::places;

/// What one line may lead to at most: far more than a script of this size can ask for.
const OUTPUTS: usize = 4_000;

/// Timers in a row at one moment: a session that wants more is spinning.
const TIMERS_AT_ONCE: usize = 20;

const YEAR_MS: u64 = 365 * 24 * 3_600_000;

/// Whatever is said to it, a session does not panic, does not spin, and its timelines have no holes.
pub fn run(data: &[u8]) {
    let Ok(script) = std::str::from_utf8(data) else {
        return;
    };
    let mut world = World::new();
    for line in script.lines() {
        world.happens(line);
        world.check();
    }
    world.rest();
}

/// What is understood can be said again and means the same.
fn understand(text: &str) {
    if let Ok(message) = wire::decode_server(text)
        && is_understood(&message)
    {
        let again = wire::encode(&message);
        assert_eq!(wire::decode_server(&again), Ok(message), "{again}");
    }
}

/// What is kept as it came is not compared: numbers with a fraction lose their last digit.
fn is_understood(message: &ServerMessage) -> bool {
    let known = |event: &Event| !matches!(event.content, Content::NotUnderstood(_));
    match message {
        ServerMessage::NotUnderstood(_) => false,
        ServerMessage::Event { event, .. } => known(event),
        ServerMessage::Page(page) => page.events.iter().all(known),
        _ => true,
    }
}

struct World {
    session: Session,
    now: Moment,
    generation: Option<Generation>,
    drafts: u128,
}

impl World {
    fn new() -> Self {
        let client = "fuzz/1".to_owned();
        let mut world = Self {
            session: Session::new(Options { client, seed: 7 }),
            now: Moment::default(),
            generation: None,
            drafts: 0,
        };
        if let Ok(name) = PersonName::parse("Ada") {
            let id = PersonId(1);
            let me = Person { id, name };
            let restored = Vec::new();
            world.input(Input::SignedIn { me, restored });
        }
        world
    }

    fn happens(&mut self, line: &str) {
        if line.starts_with('{') {
            understand(line);
            let text = line.to_owned();
            return self.on_socket(|generation| Input::Received { generation, text });
        }
        let mut words = line.split(' ');
        let word = words.next().unwrap_or_default();
        let mut number = || words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
        match word {
            "opened" => self.on_socket(|generation| Input::Opened { generation }),
            "closed" => {
                let code = CloseCode(u16::try_from(number()).unwrap_or(1006));
                self.on_socket(|generation| Input::Closed {
                    generation,
                    code,
                    reason: String::new(),
                    clean: false,
                });
            }
            "after" => self.pass(number().min(3_600_000)),
            "say" => self.say(RoomId(number())),
            "wake" => self.input(Input::Wake),
            "online" => self.input(Input::Online(true)),
            "offline" => self.input(Input::Online(false)),
            "connect" => self.input(Input::ConnectNow),
            "rooms" => self.input(Input::ListRooms),
            "members" => self.input(Input::ListMembers {
                room: RoomId(number()),
            }),
            "people" => self.input(Input::FindPeople {
                text: number().to_string(),
            }),
            "direct" => {
                let (people, client_id) = (vec![PersonId(number())], self.client_id());
                self.input(Input::OpenDirect { people, client_id });
            }
            "signout" => self.input(Input::SignedOut),
            "open" => self.input(Input::Open {
                room: RoomId(number()),
            }),
            "at" => {
                let (room, seq) = (RoomId(number()), Seq(number()));
                self.input(Input::OpenAt { room, seq });
            }
            "older" => self.input(Input::LoadOlder {
                room: RoomId(number()),
            }),
            "seen" => {
                let (room, seq) = (RoomId(number()), Seq(number()));
                self.input(Input::Seen { room, seq });
            }
            "gap" => {
                let (room, from, to) = (RoomId(number()), Seq(number()), Seq(number()));
                let span = Span { from, to };
                self.input(Input::LoadGap { room, span });
            }
            "join" => {
                let (room, client_id) = (RoomId(number()), self.client_id());
                self.input(Input::Join { room, client_id });
            }
            "retry" => self.input(Input::Retry {
                client_id: ClientId(number().into()),
            }),
            "discard" => self.input(Input::Discard {
                client_id: ClientId(number().into()),
            }),
            "settled" => self.input(Input::Settled {
                client_id: ClientId(number().into()),
            }),
            "sending" => self.input(Input::Sending(number() > 0)),
            _ => self.timer(),
        }
    }

    fn on_socket(&mut self, input: impl FnOnce(Generation) -> Input) {
        if let Some(generation) = self.generation {
            self.input(input(generation));
        }
    }

    fn client_id(&mut self) -> ClientId {
        self.drafts += 1;
        ClientId(self.drafts)
    }

    fn say(&mut self, room: RoomId) {
        let Ok(body) = Body::parse("hello") else {
            return;
        };
        let draft = Draft {
            room,
            client_id: self.client_id(),
            action: Action::message(body),
            written: Timestamp(0),
        };
        // A full outbox is an answer.
        let _ = self.session.send(draft, self.now);
        self.perform();
    }

    fn pass(&mut self, milliseconds: u64) {
        self.now.ticks = self.now.ticks + milliseconds;
        self.now.clock.0 = self.now.clock.0.saturating_add(milliseconds);
    }

    /// Lets the time come that the session waits for, if that is in this life.
    fn timer(&mut self) {
        let Some(at) = self.session.wake_at() else {
            return;
        };
        let wait = at.0.saturating_sub(self.now.ticks.0);
        if wait <= YEAR_MS {
            self.pass(wait);
            self.input(Input::Timer);
        }
    }

    fn input(&mut self, input: Input) {
        self.session.handle(input, self.now);
        self.perform();
    }

    fn perform(&mut self) {
        let mut outputs = 0;
        while let Some(output) = self.session.poll_output() {
            outputs += 1;
            assert!(outputs < OUTPUTS, "it does not stop: {output:?}");
            match output {
                Output::Connect { generation, .. } => self.generation = Some(generation),
                Output::Disconnect { .. } => self.generation = None,
                Output::Transmit { text, .. } => {
                    assert!(wire::decode_client(&text).is_ok(), "{text}");
                }
                _ => {}
            }
        }
    }

    fn check(&self) {
        let rooms: Vec<RoomId> = self.session.rooms().map(|room| room.id).collect();
        for room in rooms {
            if let Some(timeline) = self.session.timeline(room) {
                places::check(timeline);
            }
            assert!(self.session.rows(room).len() < 100_000);
        }
        let _ = (self.session.behind(), self.session.drafts());
    }

    /// With no further word from anyone, time has to pass between its timers.
    fn rest(&mut self) {
        let mut since: Option<(Ticks, usize)> = None;
        for _ in 0..5 * TIMERS_AT_ONCE {
            self.timer();
            let now = self.now.ticks;
            let count = match since {
                Some((at, count)) if at == now => count + 1,
                _ => 0,
            };
            let waits = self.session.wake_at().is_some_and(|at| at - now <= YEAR_MS);
            assert!(!waits || count < TIMERS_AT_ONCE, "it spins at {now:?}");
            since = Some((now, count));
        }
        self.check();
    }
}
