//! The client engine: one state machine from a browser's events to what has to be done.
//!
//! [`Session::handle`] takes an event and the moment, [`Session::poll_output`] gives what the shell
//! must do, [`Session::wake_at`] says when to call again. It reads no clock, draws no random
//! number and touches no socket, so that the browser, the tests and the load tools run the very same code.
//! The numbered rules are those of `docs/PROTOCOL.md`.

pub mod io;
pub mod time;

pub mod connection;
mod link;
pub mod people;
mod presence;
mod random;
pub mod recorder;

pub mod outbox;
pub mod requests;
mod rooms;
pub mod timeline;
mod uploads;

pub mod alerts;
pub mod aside;
mod choosing;
mod coming;
mod intents;
pub mod journey;
pub mod members;
pub mod proof;
mod reading;
pub mod receipts;
mod receive;
pub mod search;
mod typing;
pub mod views;

use std::collections::VecDeque;

use crate::close::CloseCode;
use crate::ids::{ClientId, RoomId};
use crate::limits;
use crate::protocol::{Choices, ClientMessage, DirectoryRoom, Hello, Person};
use crate::session::alerts::Alerts;
use crate::session::aside::Aside;
use crate::session::connection::Generation;
use crate::session::io::{Input, Output};
use crate::session::journey::Journeys;
use crate::session::link::{Effect, Link};
use crate::session::members::{Found, Members};
use crate::session::outbox::{Draft, Outbox, OutboxFull, Ready};
use crate::session::people::People;
use crate::session::presence::Around;
use crate::session::proof::Proving;
use crate::session::reading::Telling;
use crate::session::requests::{ASK_AGAIN_MS, Asked, Requests};
use crate::session::rooms::Rooms;
use crate::session::search::SearchView;
use crate::session::time::{Moment, Ticks};
use crate::wire;

/// What a session is made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Name and version of the program, told to the server.
    pub client: String,
    /// Where the jitter starts.
    pub seed: u64,
}

/// Counters that grow when what they name has changed: a view compares them and renders only what moved.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Revisions {
    /// The connection's state and record, but for traffic.
    pub connection: u64,
    /// The list of rooms, their heads and what is unread.
    pub rooms: u64,
    /// The directory.
    pub directory: u64,
    /// What is known about people.
    pub people: u64,
    /// Who is in the room that was asked for, and who was found by name.
    pub members: u64,
    /// The outbox.
    pub outbox: u64,
    /// What is looked at beside the timeline.
    pub aside: u64,
    /// The proof of delivery.
    pub proof: u64,
    /// What was found.
    pub search: u64,
    /// Who is here.
    pub presence: u64,
    /// What the person has chosen for all rooms together.
    pub choices: u64,
}

/// The rooms there are, as the server listed them last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryView {
    /// By name.
    pub rooms: Vec<DirectoryRoom>,
    /// Whether there are more than the list holds.
    pub more: bool,
}

/// The client engine.
#[derive(Debug)]
pub struct Session {
    client: String,
    me: Option<Person>,
    link: Link,
    rooms: Rooms,
    people: People,
    outbox: Outbox,
    /// Whether this tab sends what is in the outbox.
    sending: bool,
    proving: Proving,
    telling: Telling,
    requests: Requests,
    directory: Option<DirectoryView>,
    search: Option<SearchView>,
    aside: Aside,
    journeys: Journeys,
    members: Option<Members>,
    found_people: Option<Found>,
    choices: Choices,
    alerts: Alerts,
    around: Around,
    not_understood: u64,
    revisions: Revisions,
    outputs: VecDeque<Output>,
    now: Moment,
}

impl Session {
    /// A session of nobody yet.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            client: options.client,
            me: None,
            link: Link::new(options.seed),
            rooms: Rooms::default(),
            people: People::default(),
            outbox: Outbox::default(),
            sending: true,
            proving: Proving::default(),
            telling: Telling::default(),
            requests: Requests::default(),
            directory: None,
            search: None,
            aside: Aside::default(),
            journeys: Journeys::default(),
            members: None,
            found_people: None,
            choices: Choices::default(),
            alerts: Alerts::default(),
            around: Around::default(),
            not_understood: 0,
            revisions: Revisions::default(),
            outputs: VecDeque::new(),
            now: Moment::default(),
        }
    }

    /// Writes down from now on what goes over its connections, and asks the server to explain (H11).
    pub fn record(&mut self) {
        self.link.recorder.get_or_insert_default();
    }

    /// Takes what happened. Call [`Session::poll_output`] until it is empty, then arm a timer for [`Session::wake_at`].
    pub fn handle(&mut self, input: Input, now: Moment) {
        let was = (
            self.link.record.state,
            self.link.record.probing,
            self.link.record.online,
        );
        self.notice_sleep(&input, now);
        self.now = now;
        self.dispatch(input);
        self.work();
        if was
            != (
                self.link.record.state,
                self.link.record.probing,
                self.link.record.online,
            )
        {
            self.revisions.connection += 1;
        }
    }

    /// Takes a message that the person wrote; it is on the screen at once and sent when it can be.
    pub fn send(&mut self, draft: Draft, now: Moment) -> Result<(), OutboxFull> {
        self.now = now;
        if self.outbox.push(draft.clone())? {
            self.journey_begins(&draft);
            self.revise_room(draft.room);
            self.outputs.push_back(Output::Keep(draft));
        }
        self.work();
        Ok(())
    }

    /// The next thing to do.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When [`Input::Timer`] is due, whatever else happens before.
    #[must_use]
    pub fn wake_at(&self) -> Option<Ticks> {
        let always = [self.link.wake_at(), self.quiet_ends(), self.alerts.due_at()];
        let soonest = always.into_iter().flatten().min();
        if !self.link.record.is_live() {
            return soonest;
        }
        let while_live = [
            soonest,
            self.outbox.next_wait_ends().filter(|_| self.sending),
            self.requests.wait_ends(self.now.ticks),
            self.answer_overdue_at(),
            self.proving.state_at(),
            self.telling.due_at(),
            self.rooms.typing_ends(),
            self.missed_at(),
            self.away_at(),
        ];
        while_live.into_iter().flatten().min()
    }

    /// An unanswered question is looked at twice: when the link is doubted, and when it is asked again.
    fn answer_overdue_at(&self) -> Option<Ticks> {
        let oldest = self.oldest_unanswered()?;
        let doubt = oldest + limits::SEND_ANSWER_MS;
        Some(if self.now.ticks < doubt {
            doubt
        } else {
            oldest + ASK_AGAIN_MS
        })
    }

    fn oldest_unanswered(&self) -> Option<Ticks> {
        [
            self.outbox.oldest_unanswered(),
            self.requests.oldest_unanswered(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// C7: a sleep is noticed whatever woke us, before the input itself is looked at.
    fn notice_sleep(&mut self, input: &Input, now: Moment) {
        let due = matches!(input, Input::Timer)
            .then(|| self.wake_at())
            .flatten();
        if self.link.slept(due, now) {
            self.now = now;
            self.link.woken(now);
        }
    }

    fn dispatch(&mut self, input: Input) {
        let now = self.now;
        match input {
            Input::SignedIn { me, restored } => self.sign_in(me, restored),
            Input::SignedOut => self.sign_out(),
            Input::Opened { generation } => self.opened(generation),
            Input::Received { generation, text } => self.received(generation, text),
            Input::Closed {
                generation,
                code,
                reason,
                clean,
            } => {
                if self.link.is_current(generation) {
                    self.link.closed(code, reason, clean, now);
                    self.disconnected();
                } else {
                    self.link
                        .not_climbed(generation, (code, reason, clean), now);
                }
            }
            Input::Timer => self.timer(),
            Input::Wake => {
                self.page_hidden(false);
                self.link.woken(now);
            }
            Input::Online(online) => self.link.network(online, now),
            Input::ConnectNow => self.link.connect_now(now),
            Input::Transport { chosen, blocked } => self.link.choose_way(chosen, blocked, now),
            Input::Open { room } => self.open(room, None),
            Input::OpenAt { room, seq } => self.open(room, Some(seq)),
            Input::OpenWhen { room, at } => self.requests.ask(Asked::PlaceAt { room, at }),
            Input::Seen { room, seq } => self.seen(room, seq),
            Input::Left { room, at } => self.left_view(room, at),
            Input::Typing { room } => self.typing(room),
            Input::Hidden => {
                self.page_hidden(true);
                self.hurry();
            }
            Input::Watched(watched) => self.watched(watched),
            Input::MarkRead { room } => self.mark_read(room),
            Input::MarkUnread { room, from } => self.mark_unread(room, from),
            Input::Returned { room } => self.returned(room),
            Input::LoadOlder { room } => self.load_older(room),
            Input::LoadGap { room, span } => self.load_gap(room, span),
            Input::Join { room, client_id } => self.requests.ask(Asked::Join { room, client_id }),
            Input::Create {
                name,
                private,
                client_id,
            } => {
                self.requests.ask(Asked::Create {
                    name,
                    private,
                    client_id,
                });
            }
            Input::OpenDirect { people, client_id } => {
                self.requests.ask(Asked::OpenDirect { people, client_id });
            }
            Input::Noted { room } => self.note(room),
            Input::FindPeople { text } => self.requests.ask(Asked::FindPeople { text }),
            Input::ListRooms => self.requests.ask(Asked::ListRooms),
            Input::Choose(choice) => self.choose(choice),
            Input::Search { text, offset } => self.look_for(text, offset),
            Input::SearchOlder => self.look_further(),
            Input::SearchClosed => self.close_search(),
            Input::ShowPins(room) => self.show_pins(room),
            Input::ShowHistory(of) => self.show_history(of),
            Input::ShowJourney(of) => self.show_journey(of),
            Input::ListMembers { room } => self.list_members(room),
            Input::Sending(sending) => self.sending = sending,
            Input::Shared(draft) => self.shared(draft),
            Input::Settled { client_id } => self.settled(client_id),
            Input::Failed { client_id, problem } => self.failed(client_id, problem),
            Input::Uploaded { file } => self.uploaded(file),
            Input::NotUploaded { client_id, problem } => self.not_uploaded(client_id, problem),
            Input::Retry { client_id } => self.retry(client_id),
            Input::Discard { client_id } => self.discard(client_id),
        }
    }

    fn opened(&mut self, generation: Generation) {
        if let Some(generation) = self.link.switch(generation, self.now) {
            self.disconnected();
            let code = CloseCode::NORMAL;
            self.outputs
                .push_back(Output::Disconnect { generation, code });
        }
        if !self.link.is_current(generation) {
            return;
        }
        self.link.opened(self.now);
        let hello = Hello {
            protocol: limits::PROTOCOL_VERSION,
            client: self.client.clone(),
            epoch: self.rooms.epoch(),
            cursors: self.rooms.cursors(),
            people: self.people.version(),
            explain: self.link.recorder.is_some(),
        };
        self.transmit(&ClientMessage::Hello(hello));
    }

    fn timer(&mut self) {
        self.link.timer(self.now);
        self.expire_typing();
        self.expire_quiet();
        let overdue = |after: u64| Ticks(self.now.ticks.0.saturating_sub(after));
        let (doubt, again) = (overdue(limits::SEND_ANSWER_MS), overdue(ASK_AGAIN_MS));
        let Some(oldest) = self.oldest_unanswered() else {
            return;
        };
        if oldest <= again {
            self.outbox.resend_unanswered(again);
            self.requests.ask_unanswered_again(again);
        } else if oldest <= doubt {
            self.link.doubt(self.now);
        }
    }

    /// A message is in the outbox no more, or needs to be kept no longer.
    fn forget_draft(&mut self, room: RoomId, client_id: ClientId) {
        self.outputs.push_back(Output::Forget { client_id });
        self.revise_room(room);
    }

    /// A message of the outbox came further.
    fn revise_outbox(&mut self, client_id: ClientId) {
        if let Some(room) = self.room_of(client_id) {
            self.revise_room(room);
        }
    }

    fn revise_room(&mut self, room: RoomId) {
        self.revisions.outbox += 1;
        if let Some(state) = self.rooms.get_mut(room) {
            state.revision += 1;
        }
    }

    fn disconnected(&mut self) {
        self.proving.disconnected();
        self.forget_telling();
        self.forget_typing();
        self.around.disconnected();
        self.revisions.presence += 1;
        let rooms: Vec<RoomId> = self.outbox.unsent().map(|entry| entry.draft.room).collect();
        self.outbox.disconnected();
        self.requests.disconnected();
        for room in rooms {
            self.revise_room(room);
        }
    }

    /// After every input: performs what the link wants, then sends what can go.
    fn work(&mut self) {
        while let Some(effect) = self.link.effects.pop_front() {
            match effect {
                Effect::Connect(generation, transport) => {
                    if self.link.is_current(generation) {
                        self.disconnected();
                    }
                    self.outputs.push_back(Output::Connect {
                        generation,
                        transport,
                    });
                }
                Effect::Disconnect(generation, code) => {
                    if !self.link.record.is_live() {
                        self.disconnected();
                    }
                    self.outputs
                        .push_back(Output::Disconnect { generation, code });
                }
                Effect::Ping(n) => self.transmit(&ClientMessage::Ping { n }),
            }
        }
        self.tell_alerts();
        if !self.link.record.is_live() {
            return;
        }
        self.tell_presence();
        self.miss_what_did_not_come();
        let now = self.now.ticks;
        for message in self.requests.take_ready(self.rooms.wanted(), now) {
            self.transmit(&message);
        }
        if self.sending {
            for ready in self.outbox.take_ready(now) {
                self.transmit_draft(ready);
            }
        }
        self.state_what_was_applied();
        self.tell_what_was_read();
    }

    fn transmit_draft(&mut self, ready: Ready) {
        let Draft {
            room,
            client_id,
            action,
            ..
        } = ready.draft;
        self.transmit(&ClientMessage::Send {
            room,
            client_id,
            after: ready.after,
            action,
        });
        if let Some(generation) = self.link.socket() {
            self.journey_goes(client_id, generation);
        }
        self.revise_room(room);
    }

    fn transmit(&mut self, message: &ClientMessage) {
        let Some(generation) = self.link.socket() else {
            return;
        };
        let text = wire::encode(message);
        self.link.sent(&text, self.now);
        self.outputs
            .push_back(Output::Transmit { generation, text });
    }
}
