//! What the session does with each message of the server.

use crate::ids::{ClientId, RequestId, RoomId, Seq};
use crate::problem::Problem;
use crate::protocol::{Content, Event, Page, Quote, ServerMessage, TakenOut};
use crate::session::alerts::Came;
use crate::session::connection::Generation;
use crate::session::io::Output;
use crate::session::journey::Stored;
use crate::session::members::Members;
use crate::session::people::People;
use crate::session::reading::is_mine;
use crate::session::requests::Asked;
use crate::session::rooms::Facts;
use crate::session::timeline::Applied;
use crate::session::{DirectoryView, Session};
use crate::wire;

impl Session {
    pub(super) fn received(&mut self, generation: Generation, text: String) {
        if !self.link.is_current(generation) {
            return;
        }
        self.link.heard(text.len(), self.now);
        let message = wire::decode_server(&text);
        self.link.received(text, self.now);
        match message {
            Ok(message) => self.take(message),
            Err(_) => self.not_understood += 1,
        }
    }

    fn take(&mut self, message: ServerMessage) {
        match message {
            ServerMessage::Welcome(mut welcome) => {
                self.link.welcomed(welcome.handshake.take(), self.now);
                self.me = Some(welcome.me.clone());
                if self.rooms.epoch() != Some(welcome.epoch) {
                    self.people = People::default();
                }
                self.learn(std::mem::take(&mut welcome.people));
                self.people.complete_to(welcome.people_version);
                self.choices = welcome.choices;
                self.rooms.welcome(welcome);
                self.choose_again();
                let noted = |room| self.requests.waits_for(&Asked::Noted { room });
                self.rooms.forget_noted(noted);
                self.list_members_again();
                self.revisions.rooms += 1;
                self.revisions.connection += 1;
            }
            ServerMessage::Page(page) => self.page(page),
            ServerMessage::Resumed => {
                self.link.resumed(self.now);
                self.mind_all();
                // What happened meanwhile may have been in a gap.
                self.ask_aside();
                self.ask_receipts(self.rooms.shown());
            }
            ServerMessage::Event { room, event, quote } => {
                let as_of = event.seq;
                self.event(room, event);
                self.take_quotes(room, quote.map(|quote| *quote), as_of);
            }
            ServerMessage::Place { request, room, seq } => {
                if self.requests.answered(request).is_some() {
                    self.open(room, Some(seq));
                }
            }
            ServerMessage::Stored {
                room,
                client_id,
                seq,
                at: received,
                repeat,
                committed,
            } => {
                let at = self.now.clock;
                let answer = Stored {
                    at,
                    seq,
                    received,
                    committed,
                };
                self.journey_stored(client_id, answer, repeat);
                self.stored(room, client_id, seq);
            }
            ServerMessage::Refused {
                request,
                client_id,
                problem,
            } => {
                self.refused(request, client_id, problem);
            }
            ServerMessage::Joined { request, room } => {
                let asked = request.and_then(|request| self.requests.answered(request));
                let id = room.id;
                self.people.met_somebody();
                self.rooms.joined(room);
                self.around.look_again();
                self.revisions.rooms += 1;
                if asked.is_some() {
                    self.outputs.push_back(Output::Joined { room: id });
                }
            }
            ServerMessage::Left { room, taken_out } => self.left(room, taken_out.map(|it| *it)),
            ServerMessage::Noted { request, room } => {
                if let Some(request) = request {
                    self.requests.answered(request);
                }
                self.rooms.noted(room);
                self.revisions.rooms += 1;
            }
            ServerMessage::Diverged { room, seq } => self.told_of_divergence(room, seq),
            ServerMessage::Directory {
                request,
                rooms,
                more,
            } => {
                self.requests.answered(request);
                self.directory = Some(DirectoryView { rooms, more });
                self.revisions.directory += 1;
            }
            ServerMessage::Found {
                request,
                hits,
                older,
            } => {
                let asked = self.requests.answered(request);
                self.found(asked, hits, older);
            }
            ServerMessage::Pins {
                request,
                room,
                head,
                pins,
            } => {
                self.requests.answered(request);
                self.aside.take_pins(room, head, pins);
                self.revisions.aside += 1;
            }
            ServerMessage::History {
                request,
                room,
                target,
                versions,
                more,
            } => {
                self.requests.answered(request);
                self.aside.take_history(room, target, versions, more);
                self.revisions.aside += 1;
            }
            ServerMessage::Journey {
                request,
                room,
                seq,
                devices,
                delivered,
            } => {
                self.requests.answered(request);
                self.take_journey(room, seq, (delivered, devices));
            }
            ServerMessage::Members {
                request,
                room,
                head,
                people,
                more,
                banned,
            } => {
                self.requests.answered(request);
                let list = Members {
                    room,
                    people,
                    more,
                    banned,
                };
                self.members_listed(list, head);
            }
            ServerMessage::PeopleFound {
                request,
                people,
                more,
            } => {
                let asked = self.requests.answered(request);
                self.people_found(asked, people, more);
            }
            ServerMessage::People { people } => self.learn(people),
            ServerMessage::Done { request } => {
                self.requests.answered(request);
            }
            ServerMessage::Chosen { choice } => self.chosen(choice),
            ServerMessage::Presence { request, people } => {
                let asked = request.and_then(|request| self.requests.answered(request));
                self.take_presence(people, asked.is_some());
            }
            ServerMessage::Receipts {
                request,
                room,
                read,
            } => {
                let asked = request.and_then(|request| self.requests.answered(request));
                self.take_receipts(room, read, asked.is_some());
            }
            ServerMessage::Typing { room, person } => self.heard_typing(room, person),
            ServerMessage::Seen { rooms } => self.learn_reading(rooms),
            ServerMessage::Behind { heads } => self.dropped(heads),
            ServerMessage::Pong { n, now } => {
                self.link.pong(n, now, self.now);
                self.revisions.connection += 1;
            }
            ServerMessage::Restarting { spread_ms } => self.link.restarting(spread_ms),
            ServerMessage::NotUnderstood(_) => self.not_understood += 1,
        }
    }

    fn event(&mut self, room: RoomId, event: Event) {
        let came = self.remark(room, &event);
        let Some(state) = self.rooms.get_mut(room) else {
            return;
        };
        state.came(event.seq, self.now.ticks);
        state.count_live(&event, self.me.as_ref());
        if is_mine(&event, self.me.as_ref()) && event.content.as_message().is_some() {
            state.said_at = Some(self.now.ticks);
        }
        // What was written is here; and who is in the room no more writes no more.
        let said = event.content.as_message().map(|_| event.author.id);
        if let Some(person) = said.or(event.gone()) {
            state.writers.forget(person);
        }
        state.know_from(&event);
        self.change_found(room, &event);
        if matches!(event.content, Content::Joined | Content::Added { .. }) {
            self.people.met_somebody();
        }
        self.revisions.rooms += 1;
        self.members_changed(room, &event);
        self.forget_reader(room, &event);
        let as_of = event.seq;
        self.apply(room, event, as_of);
        self.count_applied(room);
        self.mind(room, came);
    }

    fn page(&mut self, page: Page) {
        if let Some(request) = page.request {
            self.requests.answered(request);
        }
        let Some(state) = self.rooms.get_mut(page.room) else {
            return;
        };
        state.know_head(page.head);
        state.know_facts(Facts {
            name: page.name,
            topic: page.topic,
            archived: page.archived,
            pace: page.pace,
            as_of: page.head,
        });
        if let (Some(gap), Some(timeline)) = (page.gap, &mut state.timeline)
            && gap.from <= timeline.last().next()
        {
            timeline.skip_to(gap.to);
            state.hold();
            state.revision += 1;
        }
        self.revisions.rooms += 1;
        for event in page.events {
            self.apply(page.room, event, page.head);
        }
        self.count_applied(page.room);
        self.mind(page.room, Came::Missed);
        self.take_quotes(page.room, page.quotes, page.head);
    }

    fn take_quotes(&mut self, room: RoomId, quotes: impl IntoIterator<Item = Quote>, as_of: Seq) {
        let state = self.rooms.get_mut(room);
        if let Some(timeline) = state.and_then(|state| state.timeline.as_mut()) {
            for mut quote in quotes {
                self.people.call(&mut quote.author);
                timeline.take_quote(quote, as_of);
            }
        }
    }

    /// Applies `last + 1`, fills gaps, ignores the rest (D2).
    fn apply(&mut self, room: RoomId, mut event: Event, as_of: Seq) {
        self.people.name(&mut event);
        let mine = self.is_mine(&event).then_some(event.client_id);
        let Some(state) = self.rooms.get_mut(room) else {
            return;
        };
        let Some(timeline) = &mut state.timeline else {
            self.applied_mine(room, mine);
            return;
        };
        let about = self.aside.is_about(room, &event).then(|| event.clone());
        let applied = timeline.apply(event, as_of);
        let last = timeline.last();
        match applied {
            Applied::Ahead => return self.proved(|proof| proof.early += 1),
            Applied::Diverged => return self.diverged(room),
            Applied::Next | Applied::Filled => self.proved(|proof| proof.applied += 1),
            Applied::Known => self.proved(|proof| proof.repeated += 1),
        }
        if let Some(state) = self.rooms.get_mut(room) {
            state.revision += 1;
        }
        if let Some(event) = about {
            self.change_aside(&event);
        }
        self.outbox.covered(room, last);
        self.applied_mine(room, mine);
    }

    /// The event of a message of this person was read: it waits no more.
    fn applied_mine(&mut self, room: RoomId, mine: Option<ClientId>) {
        if let Some(client_id) = mine
            && self.outbox.applied(client_id)
        {
            self.forget_draft(room, client_id);
        }
    }

    fn is_mine(&self, event: &Event) -> bool {
        self.me.as_ref().is_some_and(|me| me.id == event.author.id)
    }

    fn left(&mut self, room: RoomId, taken_out: Option<TakenOut>) {
        self.rooms.left(room, taken_out);
        self.revisions.rooms += 1;
    }

    fn stored(&mut self, room: RoomId, client_id: ClientId, seq: Seq) {
        self.outbox.stored(client_id, seq);
        self.expect(room, seq);
        if let Some(state) = self.rooms.get(room) {
            let read_to = state
                .timeline
                .as_ref()
                .map_or(seq, |timeline| timeline.last());
            self.outbox.covered(room, read_to);
        }
        self.revisions.rooms += 1;
        self.forget_draft(room, client_id);
    }

    fn refused(
        &mut self,
        request: Option<RequestId>,
        client_id: Option<ClientId>,
        problem: Problem,
    ) {
        if let Some(asked) = request.and_then(|request| self.requests.answered(request)) {
            match problem.retry_after_ms() {
                Some(wait) => self.requests.postpone(asked, self.now.ticks + wait),
                None => {
                    self.not_readable(&asked);
                    self.search_refused(&asked, &problem);
                    self.outputs.push_back(Output::Refused { asked, problem });
                }
            }
        } else if let Some(client_id) = client_id {
            let now = self.now.ticks;
            let failed = self.outbox.refused(client_id, problem.clone(), now);
            if failed {
                self.outputs
                    .push_back(Output::Failed { client_id, problem });
            }
            self.revise_outbox(client_id);
        }
    }

    /// A room that may not be read is let go of, or its read would be wanted again at once.
    fn not_readable(&mut self, asked: &Asked) {
        if let Asked::Read { room, .. } = asked
            && let Some(state) = self.rooms.get_mut(*room)
        {
            state.not_readable();
        }
    }
}
