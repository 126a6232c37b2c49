//! Three people in one room over links that drop live events, cut connections and swallow answers.
//!
//! Every run is a function of its seed: a failure prints the seed, and the seed repeats it. At rest all
//! timelines are the log, and the log holds every message once, in each author's order.

use std::collections::VecDeque;

use shared::ids::{ClientId, Seq};
use shared::problem::Problem;
use shared::protocol::{
    Action, ClientMessage, Content, Event, Message, Person, Post, Quote, ServerMessage,
};
use shared::session::connection::State;
use shared::session::io::{Input, Output};
use shared::session::outbox::Draft;
use shared::text::{Emoji, Topic};
use shared::wire;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::bench::{Bench, LOBBY, body, draft, person};
use crate::model::{Server, refused};

const SEEDS: u64 = 200;
const STEPS: usize = 400;

/// One person's tab: the session, and the two directions of its socket.
struct Tab {
    me: Person,
    bench: Bench,
    up: VecDeque<ClientMessage>,
    down: VecDeque<ServerMessage>,
    opening: bool,
    joined: bool,
    written: Vec<ClientId>,
    /// For good: a target that is not there, or someone else's.
    refused: Vec<ClientId>,
}

struct World {
    server: Server,
    tabs: Vec<Tab>,
    random: u64,
}

impl World {
    fn new(seed: u64) -> Self {
        let tabs = (1..=3)
            .map(|id| Tab::new(person(id, "Someone"), seed * 3 + id))
            .collect();
        Self {
            server: Server::with_lobby(),
            tabs,
            random: seed,
        }
    }

    /// `xorshift64*` (Vigna 2016).
    fn below(&mut self, bound: usize) -> usize {
        self.random = self.random.max(1);
        self.random ^= self.random >> 12;
        self.random ^= self.random << 25;
        self.random ^= self.random >> 27;
        (self.random.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound
    }

    fn step(&mut self) {
        let at = self.below(self.tabs.len());
        match self.below(20) {
            0 => self.tabs[at].cut(),
            1..=3 => self.act(at),
            4 => self.tabs[at].pass_to_wake_up(),
            5..=6 => self.tabs[at].open(),
            7 => self.lose_live_event(at),
            8 => self.tabs[at].bench.input(Input::Wake),
            9..=14 => {
                let too_fast = self.below(8) == 0;
                self.deliver_up(at, too_fast);
            }
            _ => self.tabs[at].deliver_down(),
        }
        self.tabs[at].perform();
    }

    /// Says something most often; now and then changes what is in the log already.
    fn act(&mut self, at: usize) {
        let target = self.some_target(at);
        let n = self.tabs[at].written.len();
        let body = body(&format!("text {n}"));
        let emoji = |text| Emoji::parse(text).unwrap();
        let action = match self.below(12) {
            0..=1 => Action::edit(target, body),
            2 => Action::Delete { target },
            3..=5 => Action::React {
                target,
                emoji: emoji(["👍", "🎉"][n % 2]),
                on: !n.is_multiple_of(3),
            },
            6 => Action::Topic {
                topic: Topic::parse(&format!("topic {n}")).ok(),
            },
            7 => Action::Pin {
                target,
                on: !n.is_multiple_of(3),
            },
            8..=9 => Action::Message(Post {
                reply_to: Some(target),
                ..Post::from(body)
            }),
            _ => Action::message(body),
        };
        self.tabs[at].write(action);
    }

    /// Most often a message of this person; sometimes any event at all.
    fn some_target(&mut self, at: usize) -> Seq {
        let me = self.tabs[at].me.id;
        let any = self.below(4) == 0;
        let log = self.server.logs[&LOBBY].iter();
        let own = |event: &&Event| {
            event.author.id == me && matches!(event.content, Content::Message { .. })
        };
        let found: Vec<Seq> = log
            .filter(|event| any || own(event))
            .map(|event| event.seq)
            .collect();
        match found.len() {
            0 => Seq(1),
            count => found[self.below(count)],
        }
    }

    /// Delivery may drop (D2); answers may not, but a cut swallows them.
    fn lose_live_event(&mut self, at: usize) {
        let down = &mut self.tabs[at].down;
        let live = |message: &ServerMessage| matches!(message, ServerMessage::Event { .. });
        if let Some(found) = down.iter().position(live) {
            let lost = down.remove(found);
            if let Some(ServerMessage::Event { room, event, .. }) = lost {
                down.push_back(ServerMessage::Behind {
                    heads: [(room, event.seq)].into(),
                });
            }
        }
    }

    /// One message reaches the server, which may find a send too fast.
    fn deliver_up(&mut self, at: usize, too_fast: bool) {
        let tab = &mut self.tabs[at];
        let Some(message) = tab.up.pop_front() else {
            return;
        };
        tab.joined |= matches!(message, ClientMessage::Hello(_));
        if let ClientMessage::Send { client_id, .. } = message
            && too_fast
        {
            let retry_after_ms = 300;
            let problem = Problem::RateLimited { retry_after_ms };
            tab.down.push_back(refused(client_id, problem));
            return;
        }
        let (answers, event) = self.server.answer(&tab.me, message);
        tab.down.extend(answers);
        if let Some(event) = event {
            for tab in self.tabs.iter_mut().filter(|tab| tab.joined) {
                tab.down.push_back(event.clone());
            }
        }
    }

    /// Lets everything arrive that can, with nothing going wrong any more.
    fn settle(&mut self) {
        for _ in 0..100_000 {
            let mut busy = false;
            for at in 0..self.tabs.len() {
                self.tabs[at].open();
                if !self.tabs[at].bench.session.connection().is_live() {
                    self.tabs[at].bench.input(Input::ConnectNow);
                }
                busy |= !self.tabs[at].up.is_empty() || !self.tabs[at].down.is_empty();
                self.deliver_up(at, false);
                busy |= self.tabs[at].wait_for_refused();
                self.tabs[at].deliver_down();
                self.tabs[at].perform();
                busy |= !self.tabs[at].bench.session.connection().is_live();
            }
            if !busy {
                return;
            }
        }
        panic!("the world does not come to rest");
    }

    fn check(&self, seed: u64) {
        let log = &self.server.as_it_stands();
        for tab in &self.tabs {
            let name = tab.me.id;
            assert_eq!(
                tab.bench.session.outbox_len(),
                tab.refused.len(),
                "seed {seed}, {name}: unsent"
            );
            assert_eq!(tab.bench.session.behind(), 0, "seed {seed}, {name}: behind");
            let mine: Vec<ClientId> = log
                .iter()
                .filter(|event| event.author.id == tab.me.id)
                .map(|event| event.client_id)
                .collect();
            assert_eq!(
                mine,
                tab.stored(),
                "seed {seed}, {name}: lost, doubled or disordered"
            );
            let timeline = tab.bench.session.timeline(LOBBY).unwrap();
            let floor = timeline.floor().0 as usize;
            assert_eq!(timeline.gaps(), [], "seed {seed}, {name}: gaps");
            assert!(
                timeline
                    .events()
                    .map(|event| &**event)
                    .eq(&log[floor - 1..]),
                "seed {seed}, {name}: the timeline is not the log"
            );
            for answered in timeline
                .events()
                .filter_map(|event| event.content.answers())
            {
                assert_eq!(
                    timeline.quote(answered),
                    Quote::of(&log[answered.0 as usize - 1]),
                    "seed {seed}, {name}: the quote of {answered}"
                );
            }
        }
    }
}

impl Tab {
    fn new(me: Person, seed: u64) -> Self {
        let mut bench = Bench::new(seed);
        bench.input(Input::SignedIn {
            me: me.clone(),
            restored: Vec::new(),
        });
        bench.input(Input::Open { room: LOBBY });
        let (up, down) = (VecDeque::new(), VecDeque::new());
        let mut tab = Self {
            me,
            bench,
            up,
            down,
            opening: false,
            joined: false,
            written: Vec::new(),
            refused: Vec::new(),
        };
        tab.perform();
        tab
    }

    fn write(&mut self, action: Action) {
        let n = u128::from(self.me.id.0) << 64 | self.written.len() as u128;
        let draft = Draft {
            action,
            ..draft(n, "not this")
        };
        self.written.push(draft.client_id);
        self.bench.send(draft);
    }

    /// What was written, without what the server refused for good.
    fn stored(&self) -> Vec<ClientId> {
        let written = self.written.iter().copied();
        written.filter(|id| !self.refused.contains(id)).collect()
    }

    /// Waits if something was refused for the moment, and says whether it did.
    fn wait_for_refused(&mut self) -> bool {
        let waits = self.bench.session.outbox_len() > self.refused.len();
        let quiet = self.up.is_empty() && self.down.is_empty();
        if waits && quiet {
            self.bench.pass(300);
            self.bench.input(Input::Timer);
        }
        waits
    }

    fn has_socket(&self) -> bool {
        !matches!(
            self.bench.state(),
            State::Idle | State::Backoff { .. } | State::Stopped { .. }
        )
    }

    fn cut(&mut self) {
        if self.has_socket() {
            self.bench.close(1006);
            self.forget_socket();
        }
    }

    fn forget_socket(&mut self) {
        self.up.clear();
        self.down.clear();
        self.joined = false;
        self.opening = false;
    }

    fn open(&mut self) {
        if std::mem::take(&mut self.opening) {
            self.bench.open();
        }
    }

    fn pass_to_wake_up(&mut self) {
        if self.bench.session.wake_at().is_some() {
            self.bench.wake();
        }
    }

    fn deliver_down(&mut self) {
        if let Some(message) = self.down.pop_front() {
            self.bench.receive(&message);
        }
    }

    fn perform(&mut self) {
        for output in self.bench.take() {
            match output {
                Output::Connect { .. } => {
                    self.forget_socket();
                    self.opening = true;
                }
                Output::Disconnect { .. } => self.forget_socket(),
                Output::Transmit { text, .. } => {
                    self.up.push_back(wire::decode_client(&text).unwrap());
                }
                Output::Failed { client_id, .. } => self.refused.push(client_id),
                _ => {}
            }
        }
    }
}

/// D2, S2, S8, C10, R5, R7
#[test]
fn whatever_breaks_every_message_is_in_the_log_once_in_order_and_every_timeline_is_the_log() {
    let (mut messages, mut changed) = (0, 0);
    for seed in 1..=SEEDS {
        let mut world = World::new(seed);
        for _ in 0..STEPS {
            world.step();
        }
        world.settle();
        world.check(seed);
        messages += world.server.logs[&LOBBY].len();
        let log = world.server.as_it_stands().into_iter();
        let stood = |event: Event| {
            matches!(
                event.content,
                Content::Message(Message {
                    changed: Some(_),
                    ..
                })
            )
        };
        changed += log.filter(|event| stood(event.clone())).count();
    }
    assert!(
        messages as u64 > SEEDS * 20,
        "the runs did something: {messages} messages"
    );
    assert!(
        changed as u64 > SEEDS / 2,
        "{changed} messages were changed"
    );
}
