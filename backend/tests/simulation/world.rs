//! A world: the server, the tabs, the network between them, and the time.

use std::task::Poll;

use shared::ids::{PersonId, RoomId, Seq, Timestamp};
use shared::protocol::{Content, Person};
use shared::session::io::Input;
use shared::session::time::{Moment, Ticks};

use crate::backend_under_test::{Backend, LOBBY, person};
use crate::chance::Chance;
use crate::clockwork::Clockwork;
use crate::laws;
use crate::observer::{OBSERVER, Observer};
use crate::tab::Tab;
use crate::tally::Tally;
use crate::wire::Wire;

/// In each so-many-th world somebody says more at once than a replay holds: there are gaps, and slow readers fall behind.
const FLOODED: u64 = 10;

/// Who did what, in the order of the logs: what is the same whenever a world is run again.
pub(crate) type Story = Vec<(PersonId, Content)>;

/// Timers in a row at one moment before a session is said to spin.
const TIMERS_AT_ONCE: usize = 200;

pub(crate) struct World {
    pub(crate) clockwork: Clockwork,
    pub(crate) backend: Backend,
    pub(crate) observer: Observer,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) rooms: Vec<RoomId>,
    /// Connections whose client is gone without a word.
    pub(crate) zombies: Vec<Wire>,
    pub(crate) chance: Chance,
    pub(crate) now: Moment,
    pub(crate) drafts: u128,
    pub(crate) tally: Tally,
}

/// Says which world it was when it ends by a panic.
struct Named(u64);

impl Drop for Named {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("this was SEED={}", self.0);
        }
    }
}

impl World {
    /// Makes a world, lets things happen, lets it come to rest, and holds it to the laws.
    pub(crate) fn run(seed: u64, steps: usize) -> (Tally, Story) {
        let _named = Named(seed);
        Clockwork::run(async |clockwork| {
            let floods = seed.is_multiple_of(FLOODED);
            let mut world = World::new(seed, clockwork, floods).await;
            for number in 0..steps {
                if floods && number == steps / 2 {
                    world.flood().await;
                }
                world.step().await;
            }
            world.come_to_rest().await;
            let story = laws::check(&mut world, seed).await;
            world.tally.worlds = 1;
            world.tally.steps = steps as u64;
            world.tally.virtual_seconds = world.now.ticks.0 / 1_000;
            (world.tally, story)
        })
    }

    async fn new(seed: u64, clockwork: Clockwork, floods: bool) -> Self {
        let backend = Backend::new(floods);
        let host = person(OBSERVER.0, "Observer");
        let cookie = backend.sign_in(&host).await;
        let mut observer = Observer::new(&backend, cookie).await;
        let rooms = vec![LOBBY, observer.make_room("Tea").await];
        let mut world = Self {
            clockwork,
            backend,
            observer,
            tabs: Vec::new(),
            rooms,
            zombies: Vec::new(),
            chance: Chance::new(seed),
            now: Moment {
                ticks: Ticks(1_000),
                clock: Timestamp(1_000),
            },
            drafts: 0,
            tally: Tally::default(),
        };
        // Two tabs of one person, and two other people.
        let mut cookies = Vec::new();
        for id in 1..=3 {
            cookies.push(world.backend.sign_in(&somebody(id)).await);
        }
        for (number, id) in [1, 1, 2, 3].into_iter().enumerate() {
            let cookie = cookies[id as usize - 1].clone();
            world.look_in(somebody(id), cookie, seed * 5 + number as u64);
            world.join(number);
        }
        world
    }

    /// Someone opens a tab.
    pub(crate) fn look_in(&mut self, me: Person, cookie: String, seed: u64) {
        let tab = Tab::new(me, cookie, self.rooms.clone(), seed, self.now);
        self.tabs.push(tab);
    }

    pub(crate) fn join(&mut self, at: usize) {
        let (room, client_id) = (self.rooms[1], self.client_id());
        self.tabs[at].input(Input::Join { room, client_id }, self.now);
    }

    /// Waits until the server has done all that it was given, and takes what it wrote from its side of the network.
    pub(crate) async fn settle(&mut self) {
        loop {
            self.clockwork.idle().await;
            let mut anything = self.observer.wire.take().await;
            for wire in self.tabs.iter_mut().filter_map(|tab| tab.wire.as_mut()) {
                anything |= wire.take().await;
            }
            self.observer.listen();
            self.observer.answer_pings().await;
            if anything {
                continue;
            }
            if self.is_settled() {
                for wire in self.tabs.iter_mut().filter_map(|tab| tab.wire.as_mut()) {
                    wire.arrange();
                }
                return;
            }
            let (observer, tabs) = (&mut self.observer, &mut self.tabs);
            std::future::poll_fn(|context| {
                let mut ready = observer.wire.poll_take(context).is_ready();
                for wire in tabs.iter_mut().filter_map(|tab| tab.wire.as_mut()) {
                    ready |= wire.poll_take(context).is_ready();
                }
                if ready {
                    Poll::Ready(())
                } else {
                    Poll::Pending
                }
            })
            .await;
        }
    }

    fn is_settled(&mut self) -> bool {
        let wires = self.tabs.iter_mut().filter_map(|tab| tab.wire.as_mut());
        let mut wires = wires.chain([&mut self.observer.wire]);
        let heard = &self.observer.heard;
        wires.all(|wire| {
            let delivered =
                |room: RoomId, seq: Seq| heard.get(&room).is_some_and(|head| *head >= seq);
            wire.forget_stored(delivered);
            wire.is_settled()
        })
    }

    /// Time passes, and each session's timer fires when it is due.
    pub(crate) async fn pass(&mut self, milliseconds: u64) {
        let end = self.now.ticks + milliseconds;
        let mut at_once = 0;
        loop {
            let due = self
                .tabs
                .iter()
                .filter_map(|tab| tab.session.wake_at())
                .min();
            let next = due.unwrap_or(end).clamp(self.now.ticks, end);
            let piece = next - self.now.ticks;
            at_once = if piece == 0 { at_once + 1 } else { 0 };
            assert!(at_once < TIMERS_AT_ONCE, "a session spins");
            self.now.ticks = next;
            self.now.clock.0 += piece;
            self.clockwork.pass(piece).await;
            self.settle().await;
            let now = self.now;
            let is_due = |tab: &&mut Tab| tab.session.wake_at().is_some_and(|at| at <= now.ticks);
            for tab in self.tabs.iter_mut().filter(is_due) {
                tab.input(Input::Timer, now);
            }
            if self.now.ticks >= end {
                return;
            }
        }
    }

    /// Nothing goes wrong any more, and everything arrives.
    pub(crate) async fn come_to_rest(&mut self) {
        self.zombies.clear();
        for tab in &mut self.tabs {
            tab.input(Input::Online(true), self.now);
        }
        for _ in 0..2_000 {
            for wire in self.tabs.iter_mut().filter_map(|tab| tab.wire.as_mut()) {
                wire.stalled = false;
            }
            let busy = self.deliver_everything().await;
            let resting =
                |tab: &Tab| tab.is_connected() && !tab.waits() && tab.session.behind() == 0;
            if !busy && self.tabs.iter().all(resting) {
                return;
            }
            if !busy {
                let due = self
                    .tabs
                    .iter()
                    .filter_map(|tab| tab.session.wake_at())
                    .min();
                let wait = due.map_or(1_000, |due| due - self.now.ticks);
                self.pass(wait.clamp(1, 25_000)).await;
            }
        }
        let stuck: Vec<_> = self
            .tabs
            .iter()
            .map(|tab| {
                (
                    tab.session.connection().state,
                    tab.session.outbox_len(),
                    tab.session.behind(),
                )
            })
            .collect();
        panic!("it does not come to rest: {stuck:?}");
    }

    /// Says whether there was anything to deliver.
    pub(crate) async fn deliver_everything(&mut self) -> bool {
        let mut anything = false;
        for at in 0..self.tabs.len() {
            anything |= self.tabs[at].opening;
            self.tabs[at].open(&self.backend, self.now).await;
            self.settle().await;
            while self.hand_over_one(at, |_| true).await {
                anything = true;
                self.settle().await;
            }
            while self.tabs[at].receive(self.now) {
                anything = true;
            }
        }
        anything
    }
}

fn somebody(id: u64) -> Person {
    person(id, &format!("Someone {id}"))
}
