//! What a tab holds after a day in a busy room: as much as after an hour. One process of its own, since that is what is weighed.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::fs;

use shared::ids::{ClientId, Epoch, Link, PersonId, RoomId, Seq, Timestamp};
use shared::protocol::{Content, Event, Message, Person, Room, ServerMessage, Welcome};
use shared::session::connection::{Generation, State};
use shared::session::io::Input;
use shared::session::time::{Moment, Ticks};
use shared::session::timeline::HELD_EVENTS;
use shared::session::{Options, Session};
use shared::text::{Body, PersonName, RoomName};
use shared::wire;

const ROOM: RoomId = RoomId(1);
const MESSAGES: u64 = 100_000;

/// What the rest may take, of which nothing depends on how much was said.
const GROWTH_KIB: u64 = 2_048;

/// A session that records what it hears, as that of the app does, in a room that others talk in.
struct Tab {
    session: Session,
    now: Moment,
    last: Event,
}

impl Tab {
    fn open() -> Self {
        let session = Session::new(Options {
            client: "test/1".into(),
            seed: 1,
        });
        let mut tab = Self {
            session,
            now: Moment::default(),
            last: said(1, Link(5)),
        };
        tab.session.record();
        tab.input(Input::SignedIn {
            me: person(1, "Ada"),
            restored: Vec::new(),
        });
        let generation = tab.generation();
        tab.input(Input::Opened { generation });
        tab.receive(&ServerMessage::Welcome(Welcome {
            server: "test/1".into(),
            epoch: Epoch(7),
            now: Timestamp(0),
            me: person(1, "Ada"),
            rooms: vec![Room::public(
                ROOM,
                RoomName::parse("lobby").unwrap(),
                Seq(1),
            )],
            taken_out: Vec::new(),
            people: Vec::new(),
            people_version: 0,
            choices: Default::default(),
            handshake: None,
        }));
        tab.receive(&ServerMessage::Resumed);
        tab.input(Input::Open { room: ROOM });
        tab
    }

    fn generation(&self) -> Generation {
        match self.session.connection().state {
            State::Connecting { generation, .. }
            | State::Joining { generation, .. }
            | State::Live { generation, .. } => generation,
            state => panic!("no socket in {state:?}"),
        }
    }

    fn input(&mut self, input: Input) {
        self.session.handle(input, self.now);
        while self.session.poll_output().is_some() {}
    }

    fn receive(&mut self, message: &ServerMessage) {
        let generation = self.generation();
        let text = wire::encode(message);
        self.input(Input::Received { generation, text });
    }

    /// Hears and reads messages up to this place, ten milliseconds apart.
    fn hear_up_to(&mut self, seq: u64) {
        while self.last.seq < Seq(seq) {
            let next = said(self.last.seq.0 + 1, self.last.link);
            let (room, quote) = (ROOM, None);
            self.now.ticks = Ticks(next.seq.0 * 10);
            self.receive(&ServerMessage::Event {
                room,
                event: next.clone(),
                quote,
            });
            self.input(Input::Seen {
                room,
                seq: next.seq,
            });
            self.last = next;
        }
    }
}

fn person(id: u64, name: &str) -> Person {
    Person {
        id: PersonId(id),
        name: PersonName::parse(name).unwrap(),
    }
}

fn said(n: u64, before: Link) -> Event {
    let mut event = Event {
        seq: Seq(n),
        at: Timestamp(n),
        author: person(2, "Bob"),
        client_id: ClientId(u128::from(n)),
        link: Link(0),
        content: Content::Message(Message {
            body: Some(Body::parse(&format!("message {n}, as long as most are")).unwrap()),
            ..Message::default()
        }),
    };
    event.link = before.next(&event);
    event
}

fn resident_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.unwrap()
        .split_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap()
}

#[test]
fn a_tab_holds_no_more_after_a_hundred_thousand_messages() {
    let at_first = resident_kib();
    let mut tab = Tab::open();
    tab.hear_up_to(2 * HELD_EVENTS as u64);
    let full = resident_kib();
    tab.hear_up_to(MESSAGES);
    let later = resident_kib();
    println!(
        "a session takes {} KiB after {} messages, {} KiB after {MESSAGES}",
        full - at_first,
        2 * HELD_EVENTS,
        later - at_first
    );
    let timeline = tab.session.timeline(ROOM).unwrap();
    assert_eq!(timeline.last(), Seq(MESSAGES), "all of them were applied");
    assert!(timeline.events().count() <= HELD_EVENTS);
    assert!(
        later < full + GROWTH_KIB,
        "{full} KiB, and later {later} KiB"
    );
}
