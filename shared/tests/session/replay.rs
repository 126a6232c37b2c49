//! Recordings of real sessions, played to a fresh one: with what came, it sends what was sent.
//!
//! A recording has no clicks. What the person did is read from the first message that says so, at the moment at which it went;
//! everything else (hello, pings, what is sent again after a reconnect) has to come from the session by itself.

use std::collections::BTreeSet;

use shared::ids::{ClientId, RoomId};
use shared::protocol::{ClientMessage, ServerMessage};
use shared::recording::{Connection, Frame, Recording, Way};
use shared::session::connection::{Ender, Generation};
use shared::session::io::{Input, Output};
use shared::session::outbox::Draft;
use shared::session::time::{Moment, Ticks};
use shared::session::{Options, Session};
use shared::wire;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Three messages of Ada and some of Bob, a tunnel, a restart of the server, and a goodbye.
const TUNNEL_AND_RESTART: &str = include_str!("../recordings/tunnel-and-restart.json");

/// A message of Ada on a connection that is dead and does not say so; the watchdog ends it, and the next one carries the message.
const HALF_OPEN: &str = include_str!("../recordings/half-open.json");

fn read(text: &str) -> Recording {
    wire::decode(text).expect("a recording")
}

/// A fresh session in the place of the one that was recorded.
struct Replay {
    session: Session,
    /// When the recording begins, on the wall clock.
    origin: u64,
    now: Moment,
    wanted: Option<Generation>,
    opened: BTreeSet<RoomId>,
    sent: BTreeSet<ClientId>,
}

impl Replay {
    fn of(recording: &Recording) -> Self {
        let mut session = Session::new(Options {
            client: recording.client.clone(),
            seed: 1,
        });
        session.record();
        let mut replay = Self {
            session,
            origin: recording.connections[0].began.0,
            now: Moment::default(),
            wanted: None,
            opened: BTreeSet::new(),
            sent: BTreeSet::new(),
        };
        replay.pass(replay.origin);
        replay.input(Input::SignedIn {
            me: recording
                .connections
                .iter()
                .find_map(me)
                .expect("a welcome"),
            restored: Vec::new(),
        });
        replay
    }

    /// Lets time go on up to a moment of the wall clock; timers fire when they are due.
    fn pass(&mut self, clock: u64) {
        let until = Ticks(clock - self.origin);
        while let Some(due) = self.session.wake_at().filter(|due| *due <= until) {
            self.set(due.max(self.now.ticks));
            self.input(Input::Timer);
        }
        self.set(until);
    }

    fn set(&mut self, ticks: Ticks) {
        self.now.ticks = ticks;
        self.now.clock.0 = self.origin + ticks.0;
    }

    fn input(&mut self, input: Input) {
        self.session.handle(input, self.now);
        self.perform();
    }

    fn perform(&mut self) {
        while let Some(output) = self.session.poll_output() {
            if let Output::Connect { generation, .. } = output {
                self.wanted = Some(generation);
            }
        }
    }

    fn play(&mut self, connection: &Connection) {
        let at = |after: u64| connection.began.0 + after;
        self.pass(at(0));
        if self.wanted.is_none() {
            // Chance has given another wait.
            self.input(Input::ConnectNow);
        }
        let generation = self.wanted.take().expect("it wants to connect");
        if let Some(opened) = connection.steps.opened {
            self.pass(at(opened));
            self.input(Input::Opened { generation });
        }
        for (place, frame) in connection.frames.iter().enumerate() {
            self.pass(at(frame.after));
            match frame.way {
                Way::In => self.input(Input::Received {
                    generation,
                    text: frame.text.clone(),
                }),
                Way::Out if self.has_sent(connection, place) => {}
                Way::Out => self.intend(frame),
            }
        }
        let Some(end) = &connection.end else { return };
        self.pass(at(end.after));
        match end.by {
            Ender::Remote => self.input(Input::Closed {
                generation,
                code: end.code,
                reason: end.reason.clone(),
                clean: end.clean,
            }),
            Ender::Person => self.input(Input::SignedOut),
            // It has to notice by itself.
            Ender::Watchdog | Ender::Left => {}
        }
    }

    /// Whether the session has sent as many messages as were sent up to this place.
    fn has_sent(&self, connection: &Connection, place: usize) -> bool {
        let up_to = connection.frames[..=place].iter();
        let expected = up_to.filter(|frame| frame.way == Way::Out).count();
        let recorder = self.session.recorder().expect("it records");
        let frames = recorder.frames();
        let mine =
            frames.filter(|(number, frame)| *number == connection.number && frame.way == Way::Out);
        mine.count() >= expected
    }

    /// Does what the person did, by the message that came of it.
    fn intend(&mut self, frame: &Frame) {
        let message = wire::decode_client(&frame.text).expect("a message of ours");
        match message {
            ClientMessage::Send {
                room,
                client_id,
                action,
                ..
            } => {
                assert!(self.sent.insert(client_id), "not again: {}", frame.text);
                let draft = Draft {
                    room,
                    client_id,
                    action,
                    written: self.now.clock,
                };
                self.session
                    .send(draft, self.now)
                    .expect("a place in the outbox");
                self.perform();
            }
            ClientMessage::Receipts { room, .. } if self.opened.insert(room) => {
                self.input(Input::Open { room });
            }
            ClientMessage::Read { room, .. } if self.opened.insert(room) => {
                self.input(Input::Open { room });
            }
            ClientMessage::Read { room, .. } => self.input(Input::LoadOlder { room }),
            ClientMessage::Seen { rooms } => {
                for (room, seq) in rooms.iter() {
                    let (room, seq) = (*room, *seq);
                    self.input(Input::Seen { room, seq });
                }
            }
            ClientMessage::Typing { room } => self.input(Input::Typing { room }),
            other => panic!("the session did not send {other:?} by itself"),
        }
    }
}

fn me(connection: &Connection) -> Option<shared::protocol::Person> {
    let came = connection
        .frames
        .iter()
        .filter(|frame| frame.way == Way::In);
    came.filter_map(|frame| wire::decode_server(&frame.text).ok())
        .find_map(|message| match message {
            ServerMessage::Welcome(welcome) => Some(welcome.me),
            _ => None,
        })
}

/// What went over a connection, without the times.
fn told(connection: &Connection) -> Vec<(Way, &str)> {
    let frames = connection.frames.iter();
    frames
        .map(|frame| (frame.way, frame.text.as_str()))
        .collect()
}

fn replayed(recording: &Recording) -> Recording {
    let mut replay = Replay::of(recording);
    for connection in &recording.connections {
        replay.play(connection);
    }
    let recorder = replay.session.recorder().expect("it records");
    recorder.recording(&recording.client, &recording.address)
}

/// C9, C10: a session that is given what one has heard says what that one has said, message for message.
#[test]
fn a_recording_plays_again() {
    for recording in [read(TUNNEL_AND_RESTART), read(HALF_OPEN)] {
        plays_again(&recording);
    }
}

fn plays_again(recording: &Recording) {
    let again = replayed(recording);
    assert_eq!(again.connections.len(), recording.connections.len());
    for (again, before) in again.connections.iter().zip(&recording.connections) {
        assert_eq!(told(again), told(before), "connection {}", before.number);
        let end = |one: &Connection| one.end.as_ref().map(|end| (end.code, end.by, end.clean));
        assert_eq!(end(again), end(before));
        assert_eq!(again.handshake, before.handshake);
    }
    // It is a function of the recording.
    assert_eq!(replayed(recording), again);
}

/// C5, C10: nobody told that session that its connection was dead. It noticed by itself, within 35 s, and sent again.
#[test]
fn a_recording_that_the_watchdog_ended_plays_again() {
    let recording = read(HALF_OPEN);
    let again = replayed(&recording);
    let [dead, .., alive] = again.connections.as_slice() else {
        panic!("two connections");
    };
    let end = dead.end.as_ref().expect("it ended");
    assert_eq!(end.by, Ender::Watchdog);
    let heard = dead.frames.iter().rfind(|frame| frame.way == Way::In);
    let silence = end.after - heard.expect("it was heard").after;
    assert!(silence <= 35_000, "{silence} ms");
    let sends = |one: &Connection| {
        let frames = one.frames.iter();
        let sends = frames.filter(|it| it.way == Way::Out && it.text.contains(r#""type":"send""#));
        sends.map(|it| it.text.clone()).collect::<Vec<_>>()
    };
    let unanswered = sends(dead).pop().expect("it was said");
    assert_eq!(
        sends(alive),
        [unanswered],
        "the same message, with the same id"
    );
}

/// The test can fail: without what Bob said, the session asks for it.
#[test]
fn a_recording_with_a_hole_does_not_play() {
    let mut recording = read(TUNNEL_AND_RESTART);
    let frames = &mut recording.connections[0].frames;
    let before = frames.len();
    frames.retain(|frame| !frame.text.contains(r#""seq":5,"#));
    assert_eq!(frames.len(), before - 1, "one live event of Bob");
    let again = replayed(&recording);
    assert_ne!(told(&again.connections[0]), told(&recording.connections[0]));
}
