//! One tab: a session, what its browser keeps, and its connection.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use shared::close::CloseCode;
use shared::ids::{ClientId, RoomId};
use shared::problem::Problem;
use shared::protocol::{Event, Person, RoomKind};
use shared::session::connection::Generation;
use shared::session::io::{Input, Output};
use shared::session::outbox::Draft;
use shared::session::time::Moment;
use shared::session::views::RoomView;
use shared::session::{Options, Session};

use crate::backend_under_test::Backend;
use crate::wire::{Down, Up, Wire};

pub(crate) struct Tab {
    pub(crate) me: Person,
    cookie: String,
    pub(crate) session: Session,
    pub(crate) wire: Option<Wire>,
    generation: Option<Generation>,
    pub(crate) opening: bool,
    /// What the session has sent and the server has not got yet.
    pub(crate) up: VecDeque<Up>,
    /// What a reload finds.
    kept: Vec<Draft>,
    /// Everything that was done here, by room, in this order.
    pub(crate) typed: BTreeMap<RoomId, Vec<ClientId>>,
    /// What the server refused for good, as the person was told.
    pub(crate) failed: BTreeMap<ClientId, Problem>,
    /// The rooms that are shown from the start.
    shown: Vec<RoomId>,
    /// How often the server said that it had dropped live events for it.
    pub(crate) behind: u64,
    /// How often a replay left something out.
    pub(crate) gaps: u64,
}

impl Tab {
    pub(crate) fn new(
        me: Person,
        cookie: String,
        shown: Vec<RoomId>,
        seed: u64,
        now: Moment,
    ) -> Self {
        let mut tab = Self {
            me,
            cookie,
            session: session(seed),
            wire: None,
            generation: None,
            opening: false,
            up: VecDeque::new(),
            kept: Vec::new(),
            typed: BTreeMap::new(),
            failed: BTreeMap::new(),
            shown,
            behind: 0,
            gaps: 0,
        };
        tab.start(now);
        tab
    }

    fn start(&mut self, now: Moment) {
        let (me, restored) = (self.me.clone(), self.kept.clone());
        self.input(Input::SignedIn { me, restored }, now);
        for room in self.shown.clone() {
            self.input(Input::Open { room }, now);
        }
    }

    /// The page is loaded anew: all that is left is what was kept.
    pub(crate) fn reload(&mut self, seed: u64, now: Moment) {
        self.forget_socket();
        self.session = session(seed);
        self.start(now);
    }

    pub(crate) fn input(&mut self, input: Input, now: Moment) {
        self.session.handle(input, now);
        self.perform(now);
    }

    /// The person does something.
    pub(crate) fn act(&mut self, draft: Draft, now: Moment) {
        let (room, client_id) = (draft.room, draft.client_id);
        if self.session.send(draft, now).is_ok() {
            self.typed.entry(room).or_default().push(client_id);
        }
        self.perform(now);
    }

    fn perform(&mut self, now: Moment) {
        let mut given_up = Vec::new();
        while let Some(output) = self.session.poll_output() {
            match output {
                Output::Connect { generation, .. } => {
                    self.forget_socket();
                    self.generation = Some(generation);
                    self.opening = true;
                }
                Output::Disconnect { .. } => self.forget_socket(),
                Output::Transmit { generation, text } => {
                    assert_eq!(
                        Some(generation),
                        self.generation,
                        "C3: one socket at a time"
                    );
                    self.up.push_back(Up::Text(text));
                }
                Output::Keep(draft) => self.kept.push(draft),
                Output::Forget { client_id } => {
                    self.kept.retain(|draft| draft.client_id != client_id);
                }
                Output::Failed { client_id, problem } => {
                    self.failed.insert(client_id, problem);
                    given_up.push(client_id);
                }
                Output::Joined { .. }
                | Output::Refused { .. }
                | Output::Alert(_)
                | Output::Withdraw { .. } => {}
            }
        }
        for client_id in given_up {
            self.input(Input::Discard { client_id }, now);
        }
    }

    fn forget_socket(&mut self) {
        self.wire = None;
        self.up.clear();
        self.opening = false;
    }

    /// Opens the socket that the session wants.
    pub(crate) async fn open(&mut self, backend: &Backend, now: Moment) {
        if !std::mem::take(&mut self.opening) {
            return;
        }
        self.wire = Wire::open(backend.connect(), &self.cookie).await;
        let Some(generation) = self.generation else {
            return;
        };
        if self.wire.is_some() {
            self.input(Input::Opened { generation }, now);
        } else {
            self.closed(CloseCode(1006), now);
        }
    }

    /// The connection is gone, and this side notices.
    pub(crate) fn closed(&mut self, code: CloseCode, now: Moment) {
        self.forget_socket();
        if let Some(generation) = self.generation.take() {
            let (reason, clean) = (String::new(), code.0 != 1006);
            self.input(
                Input::Closed {
                    generation,
                    code,
                    reason,
                    clean,
                },
                now,
            );
        }
    }

    /// The next thing from the server arrives.
    pub(crate) fn receive(&mut self, now: Moment) -> bool {
        let wire = self.wire.as_mut().filter(|wire| !wire.stalled);
        let Some(down) = wire.and_then(|wire| wire.down.pop_front()) else {
            return false;
        };
        match (down, self.generation) {
            (Down::Text(text), Some(generation)) => {
                self.behind += u64::from(text.starts_with("{\"type\":\"behind\""));
                self.gaps += u64::from(text.contains("\"gap\":{"));
                self.input(Input::Received { generation, text }, now);
            }
            // The browser does that by itself.
            (Down::Ping(payload), _) => self.up.push_back(Up::Pong(payload)),
            (Down::End(code), _) => self.closed(code, now),
            (Down::Text(_), None) => {}
        }
        true
    }

    /// What is shown of a room's log.
    pub(crate) fn events(&self, room: RoomId) -> Vec<Event> {
        let timeline = self.session.timeline(room);
        let events = timeline.into_iter().flat_map(|timeline| timeline.events());
        events.map(|event| (**event).clone()).collect()
    }

    /// Whether it is live, and not only believes so.
    pub(crate) fn is_connected(&self) -> bool {
        let wire = self.wire.as_ref();
        self.session.connection().is_live() && wire.is_some_and(|wire| !wire.has_ended())
    }

    /// Who it is, for another tab.
    pub(crate) fn identity(&self) -> (Person, String) {
        (self.me.clone(), self.cookie.clone())
    }

    /// Messages that the person still waits for.
    pub(crate) fn waits(&self) -> bool {
        self.session.outbox_len() > 0
    }

    /// The direct rooms it has, in an order that does not depend on their ids, which the server draws.
    pub(crate) fn directs(&self) -> Vec<RoomId> {
        let direct = |room: &RoomView<'_>| room.kind == RoomKind::Direct;
        let mut rooms: Vec<_> = self.session.rooms().filter(direct).collect();
        rooms.sort_by_key(|room| {
            room.people
                .iter()
                .map(|person| person.id)
                .collect::<Vec<_>>()
        });
        rooms.iter().map(|room| room.id).collect()
    }

    pub(crate) fn rooms(&self) -> BTreeSet<RoomId> {
        self.session.rooms().map(|room| room.id).collect()
    }
}

fn session(seed: u64) -> Session {
    let client = "simulation/1".into();
    Session::new(Options { client, seed })
}
