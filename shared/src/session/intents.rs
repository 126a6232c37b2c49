//! What the session does with each wish of the person.

use crate::ids::{ClientId, RoomId, Seq};
use crate::problem::Problem;
use crate::protocol::{Choices, Person, Span};
use crate::session::Session;
use crate::session::aside::Aside;
use crate::session::journey::Journeys;
use crate::session::outbox::{Draft, Outbox};
use crate::session::people::People;
use crate::session::presence::Around;
use crate::session::reading::Telling;
use crate::session::requests::{Asked, Requests};
use crate::session::rooms::Rooms;

impl Session {
    pub(super) fn sign_in(&mut self, me: Person, restored: Vec<Draft>) {
        if self.me.as_ref().is_none_or(|known| known.id != me.id) {
            if self.me.is_some() {
                self.forget();
            }
            self.journeys = Journeys::default();
            self.link.forget_recording();
        }
        self.me = Some(me);
        for draft in restored {
            // What does not fit was over the limit when it was kept, so it never was in an outbox (C11).
            if self.outbox.push(draft).is_err() {
                break;
            }
        }
        self.revisions.outbox += 1;
        self.disconnected();
        self.link.start(self.now);
    }

    pub(super) fn sign_out(&mut self) {
        self.link.stop(self.now);
        self.forget();
    }

    fn forget(&mut self) {
        self.me = None;
        self.rooms = Rooms::default();
        self.people = People::default();
        self.outbox = Outbox::default();
        self.requests = Requests::default();
        self.telling = Telling::default();
        self.directory = None;
        self.search = None;
        self.revisions.search += 1;
        self.aside = Aside::default();
        self.members = None;
        self.found_people = None;
        self.choices = Choices::default();
        self.alerts.forget();
        self.around = Around::default();
        self.revisions.choices += 1;
        self.revisions.rooms += 1;
        self.revisions.members += 1;
        self.revisions.directory += 1;
        self.revisions.people += 1;
        self.revisions.outbox += 1;
        self.revisions.aside += 1;
    }

    pub(super) fn open(&mut self, room: RoomId, at: Option<Seq>) {
        self.rooms.show(room, at);
        if let Some(state) = self.rooms.get_mut(room) {
            state.revision += 1;
        }
        self.ask_receipts(Some(room));
    }

    pub(super) fn left_view(&mut self, room: RoomId, at: Option<Seq>) {
        if let Some(state) = self.rooms.get_mut(room) {
            state.left_at = at;
        }
        self.hurry();
    }

    pub(super) fn load_older(&mut self, room: RoomId) {
        if let Some(state) = self.rooms.get_mut(room)
            && let Some(timeline) = &mut state.timeline
        {
            timeline.want_older();
            state.revision += 1;
        }
    }

    pub(super) fn load_gap(&mut self, room: RoomId, span: Span) {
        if let Some(state) = self.rooms.get_mut(room)
            && let Some(timeline) = &mut state.timeline
        {
            timeline.want(span);
            state.revision += 1;
        }
    }

    /// It is told to the server, so that no other device says it again.
    pub(super) fn note(&mut self, room: RoomId) {
        self.rooms.noted(room);
        self.revisions.rooms += 1;
        self.requests.ask(Asked::Noted { room });
    }

    pub(super) fn retry(&mut self, client_id: ClientId) {
        self.outbox.retry(client_id);
        self.revise_outbox(client_id);
    }

    pub(super) fn discard(&mut self, client_id: ClientId) {
        let room = self.room_of(client_id);
        if self.outbox.discard(client_id)
            && let Some(room) = room
        {
            self.forget_draft(room, client_id);
        }
    }

    /// What another tab has taken is kept already. One too many was never in an outbox (C11).
    pub(super) fn shared(&mut self, draft: Draft) {
        let room = draft.room;
        if self.outbox.push(draft).is_ok() {
            self.revise_room(room);
        }
    }

    /// Another tab says that a message waits no more. One that is on its way from here is answered here.
    pub(super) fn settled(&mut self, client_id: ClientId) {
        let room = self.room_of(client_id);
        if self.outbox.discard(client_id)
            && let Some(room) = room
        {
            self.revise_room(room);
        }
    }

    pub(super) fn failed(&mut self, client_id: ClientId, problem: Problem) {
        if !self.sending {
            self.outbox.refused(client_id, problem, self.now.ticks);
            self.revise_outbox(client_id);
        }
    }

    pub(super) fn room_of(&self, client_id: ClientId) -> Option<RoomId> {
        let mut entries = self.outbox.entries().iter();
        entries
            .find(|entry| entry.draft.client_id == client_id)
            .map(|entry| entry.draft.room)
    }
}
