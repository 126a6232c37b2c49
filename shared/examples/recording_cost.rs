//! What it costs a session to write its connections down, whether or not somebody looks: processor time for each message, and
//! what is held at most. `cargo run --release -p shared --example recording_cost`, on Linux; docs/PERFORMANCE.md has the figures.

#![allow(clippy::unwrap_used, reason = "a tool that cannot go on should panic")]

use shared::ids::{ClientId, Epoch, Link, PersonId, RoomId, Seq, Timestamp};
use shared::limits;
use shared::protocol::{Content, Event, Person, Room, ServerMessage, Welcome};
use shared::recording::Frame;
use shared::session::connection::Generation;
use shared::session::io::Input;
use shared::session::time::{Moment, Ticks};
use shared::session::{Options, Session};
use shared::text::{Body, PersonName, RoomName};
use shared::wire;

const LOBBY: RoomId = RoomId(1);
const MESSAGES: u64 = 50_000;
const RUNS: usize = 5;

fn main() {
    let messages = [80, 2_000].map(|length| (length, events(length)));
    println!(
        "nanoseconds of processor time for each message that comes, the least of {RUNS} runs of {MESSAGES}:"
    );
    for (length, events) in &messages {
        let [without, with] = [false, true].map(|records| {
            let runs = (0..RUNS).map(|_| nanoseconds(events, records));
            runs.min().unwrap()
        });
        println!("a text of {length:>5} bytes: {without:>6} without, {with:>6} with a recording");
    }
    for (length, events) in &messages {
        let session = played(events, true);
        let frames = session.recorder().unwrap().frames();
        let (count, bytes) = frames.fold((0, 0), |(count, bytes), (_, frame)| {
            (count + 1, bytes + frame.text.capacity())
        });
        let rows = count * (size_of::<Frame>() + size_of::<Generation>());
        println!(
            "of texts of {length:>5} bytes it holds {count} messages, {} KiB",
            (bytes + rows) / 1_024
        );
    }
    println!(
        "at most {} messages each way, {} KiB of text",
        limits::RECORDED_FRAMES,
        limits::RECORDED_BYTES / 1_024
    );
}

/// Live events of a room, as they come over the wire.
fn events(length: usize) -> Vec<String> {
    let author = Person {
        id: PersonId(2),
        name: PersonName::parse("Bob").unwrap(),
    };
    let mut link = Link::first(LOBBY);
    let event = |seq| {
        let mut event = Event {
            seq: Seq(seq),
            at: Timestamp(1_700_000_000_000 + seq),
            author: author.clone(),
            client_id: ClientId(seq.into()),
            link,
            content: message(&"word ".repeat(length / 5)),
        };
        event.link = link.next(&event);
        link = event.link;
        wire::encode(&ServerMessage::Event {
            room: LOBBY,
            event,
            quote: None,
        })
    };
    (1..=MESSAGES).map(event).collect()
}

fn message(text: &str) -> Content {
    shared::protocol::Action::message(Body::parse(text).unwrap()).content()
}

fn nanoseconds(events: &[String], records: bool) -> u64 {
    let before = on_processor();
    drop(played(events, records));
    (on_processor() - before) / MESSAGES
}

/// A session that has heard all of it. (The copies that it is given cost the same with and without.)
fn played(events: &[String], records: bool) -> Session {
    let mut session = Session::new(Options {
        client: "cost/1".to_owned(),
        seed: 1,
    });
    if records {
        session.record();
    }
    let generation = Generation(1);
    let welcome = wire::encode(&welcome());
    let resumed = wire::encode(&ServerMessage::Resumed);
    let beginning = [
        Input::SignedIn {
            me: me(),
            restored: Vec::new(),
        },
        Input::Opened { generation },
        Input::Received {
            generation,
            text: welcome,
        },
        Input::Received {
            generation,
            text: resumed,
        },
    ];
    let rest = events.iter().map(|text| Input::Received {
        generation,
        text: text.clone(),
    });
    for (n, input) in beginning.into_iter().chain(rest).enumerate() {
        let now = Moment {
            ticks: Ticks(n as u64 / 100),
            clock: Timestamp(1_700_000_000_000),
        };
        session.handle(input, now);
        while session.poll_output().is_some() {}
    }
    session
}

fn me() -> Person {
    Person {
        id: PersonId(1),
        name: PersonName::parse("Ada").unwrap(),
    }
}

fn welcome() -> ServerMessage {
    ServerMessage::Welcome(Welcome {
        server: "cost".into(),
        epoch: Epoch(7),
        now: Timestamp(0),
        me: me(),
        rooms: vec![Room::public(
            LOBBY,
            RoomName::parse("lobby").unwrap(),
            Seq(0),
        )],
        taken_out: Vec::new(),
        people: Vec::new(),
        people_version: 0,
        choices: Default::default(),
        handshake: None,
    })
}

/// What this thread has had of the processor so far: other work on the machine does not count.
fn on_processor() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split_whitespace().next().unwrap().parse().unwrap()
}
