//! The law of reading: whatever was read where, and whatever arrived or was dropped, two devices of a person show in the
//! end what the server would tell a third one.

use std::collections::VecDeque;

use proptest::prelude::*;
use shared::ids::{ClientId, PersonId, Seq};
use shared::limits;
use shared::protocol::{Action, Post, Reading, ServerMessage};
use shared::session::connection::State;
use shared::session::io::Input;
use shared::sorted::Map;

use crate::bench::{Bench, LOBBY, ada, body, person};
use crate::model::Server;

#[derive(Debug, Clone)]
enum Step {
    /// Somebody says something; the number says who, and whom they name.
    Say(u8),
    /// Somebody says something of theirs otherwise, or takes it back; the numbers say what, and whom they name.
    Change(u64, u8),
    /// What the server has sent to a device arrives, so much of it.
    Arrive(usize, usize),
    /// What waits for a device is dropped; it hears so.
    Drop(usize),
    Open(usize),
    See(usize, u64),
    MarkRead(usize),
    MarkUnread(usize, u64),
    Cut(usize),
    Pass(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let device = || 0_usize..2;
    prop_oneof![
        8 => any::<u8>().prop_map(Step::Say),
        3 => (any::<u64>(), any::<u8>()).prop_map(|(target, how)| Step::Change(target, how)),
        8 => (device(), 1_usize..6).prop_map(|(at, n)| Step::Arrive(at, n)),
        1 => device().prop_map(Step::Drop),
        1 => device().prop_map(Step::Open),
        3 => (device(), 1_u64..60).prop_map(|(at, seq)| Step::See(at, seq)),
        1 => device().prop_map(Step::MarkRead),
        1 => (device(), 1_u64..60).prop_map(|(at, seq)| Step::MarkUnread(at, seq)),
        1 => device().prop_map(Step::Cut),
        4 => (1_u64..2_000).prop_map(Step::Pass),
    ]
}

/// Nobody most of the time; else Ada, Bob, everyone, or several of them.
fn named(choice: u8) -> Vec<PersonId> {
    let named: &[u64] = match choice / 4 % 8 {
        0 | 1 => &[1],
        2 => &[2],
        3 => &[0],
        4 => &[1, 0],
        _ => &[],
    };
    named.iter().copied().map(PersonId).collect()
}

struct Device {
    bench: Bench,
    /// Sent by the server and not arrived.
    coming: VecDeque<ServerMessage>,
}

struct World {
    server: Server,
    devices: Vec<Device>,
    said: u128,
}

impl World {
    fn new() -> Self {
        let mut world = Self {
            server: Server::with_lobby(),
            devices: Vec::new(),
            said: 0,
        };
        for seed in 1..=2 {
            let (bench, coming) = (Bench::connecting(seed), VecDeque::new());
            world.devices.push(Device { bench, coming });
            world.connect(seed as usize - 1);
        }
        world
    }

    fn connect(&mut self, at: usize) {
        self.devices[at].coming.clear();
        self.devices[at].bench.open();
        self.hear(at);
    }

    /// The server takes what a device has sent. What it answers about reading goes to both.
    fn hear(&mut self, at: usize) {
        for message in self.devices[at].bench.sent() {
            let (answers, event) = self.server.answer(&ada(), message);
            for answer in event.into_iter().chain(answers) {
                match answer {
                    ServerMessage::Seen { .. } | ServerMessage::Event { .. } => self.tell(&answer),
                    answer => self.devices[at].coming.push_back(answer),
                }
            }
        }
    }

    fn tell(&mut self, message: &ServerMessage) {
        for device in &mut self.devices {
            device.coming.push_back(message.clone());
        }
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::Say(number) => {
                self.said += 1;
                let id = if number.is_multiple_of(4) { 1 } else { 2 };
                let text = body(&format!("message {}", self.said));
                self.act(
                    id,
                    Action::Message(Post {
                        mentions: named(number),
                        ..text.into()
                    }),
                );
            }
            Step::Change(target, how) => {
                self.said += 1;
                let target = Seq(1 + target % self.server.head(LOBBY).0);
                let action = match how % 3 {
                    0 => Action::Delete { target },
                    _ => Action::Edit {
                        target,
                        body: body(&format!("text {}", self.said)),
                        mentions: named(how / 3),
                    },
                };
                for id in [1, 2] {
                    self.act(id, action.clone());
                }
            }
            Step::Arrive(at, n) => self.arrive(at, n),
            Step::Drop(at) => {
                let device = &mut self.devices[at];
                let is_live =
                    |message: &ServerMessage| matches!(message, ServerMessage::Event { .. });
                let before = device.coming.len();
                device.coming.retain(|message| !is_live(message));
                if device.coming.len() < before {
                    let heads = Map::from([(LOBBY, self.server.head(LOBBY))]);
                    device.coming.push_back(ServerMessage::Behind { heads });
                }
            }
            Step::Open(at) => self.input(at, Input::Open { room: LOBBY }),
            Step::See(at, seq) => {
                let (room, seq) = (LOBBY, Seq(seq));
                self.input(at, Input::Seen { room, seq });
            }
            Step::MarkRead(at) => self.input(at, Input::MarkRead { room: None }),
            Step::MarkUnread(at, from) => {
                let (room, from) = (LOBBY, Seq(from));
                self.input(at, Input::MarkUnread { room, from });
            }
            Step::Cut(at) => {
                self.devices[at].bench.close(1006);
                self.mend(at);
            }
            Step::Pass(milliseconds) => {
                for at in 0..self.devices.len() {
                    self.devices[at].bench.pass(milliseconds);
                    self.input(at, Input::Timer);
                }
            }
        }
    }

    /// Ada or Bob does something, if they may.
    fn act(&mut self, id: u64, action: Action) {
        let who = person(id, if id == 1 { "Ada" } else { "Bob" });
        let done = self.server.act(&who, ClientId(self.said), None, action);
        if let Ok((_, Some(event))) = done {
            self.tell(&ServerMessage::Event {
                room: LOBBY,
                event,
                quote: None,
            });
        }
    }

    fn input(&mut self, at: usize, input: Input) {
        self.devices[at].bench.input(input);
        self.hear(at);
        self.mend(at);
    }

    /// Who waited too long for an answer has given the connection up.
    fn mend(&mut self, at: usize) {
        loop {
            match self.devices[at].bench.state() {
                State::Connecting { .. } => self.connect(at),
                State::Backoff { .. } => self.devices[at].bench.wake(),
                _ => return,
            }
        }
    }

    fn arrive(&mut self, at: usize, n: usize) {
        for _ in 0..n {
            let Some(message) = self.devices[at].coming.pop_front() else {
                return;
            };
            self.devices[at].bench.receive(&message);
            self.hear(at);
        }
    }

    /// Everything arrives, and time passes for whatever is to be said again.
    fn come_to_rest(&mut self) {
        for _ in 0..4 {
            while self.devices.iter().any(|device| !device.coming.is_empty()) {
                for at in 0..self.devices.len() {
                    self.arrive(at, 1_000);
                }
            }
            self.take(&Step::Pass(limits::SEEN_AGAIN_MS));
        }
    }

    /// What a device shows.
    fn shown(&self, at: usize) -> Reading {
        let mut rooms = self.devices[at].bench.session.rooms();
        let room = rooms.next().unwrap();
        Reading {
            to: room.read,
            unread: room.unread.min(limits::UNREAD_COUNTED),
            mentions: room.mentions,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// U1 to U6
    #[test]
    fn two_devices_and_the_server_agree_at_rest(steps in prop::collection::vec(step(), 0..80)) {
        let mut world = World::new();
        for step in &steps {
            world.take(step);
        }
        world.come_to_rest();
        let expected = world.server.reading(&ada(), LOBBY);
        prop_assert_eq!(world.shown(0), expected, "the first device");
        prop_assert_eq!(world.shown(1), expected, "the second device");
    }
}
