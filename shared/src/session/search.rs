//! Looking for messages: one question at a time, and what was found so far.

use crate::ids::RoomId;
use crate::problem::Problem;
use crate::protocol::{Content, Event, Hit};
use crate::session::Session;
use crate::session::requests::Asked;
use crate::text::SearchText;

/// Messages that are held of one search; whoever wants to see more than that asks for less.
pub const HITS_HELD: usize = 500;

/// What was looked for last, and what was found so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchView {
    /// As it was typed.
    pub text: SearchText,
    /// Minutes by which the person's clock is ahead of UTC.
    pub offset: i16,
    /// The messages, as they stand; the newest first.
    pub hits: Vec<Hit>,
    /// Where to go on, if there may be more.
    pub older: Option<u64>,
    /// An answer is due.
    pub waits: bool,
    /// Why there is none.
    pub problem: Option<Problem>,
}

impl SearchView {
    fn question(&self) -> Asked {
        Asked::Search {
            text: self.text.clone(),
            offset: self.offset,
            older: self.older,
        }
    }
}

impl Session {
    /// What was looked for last, until it is closed.
    #[must_use]
    pub fn search(&self) -> Option<&SearchView> {
        self.search.as_ref()
    }

    pub(super) fn look_for(&mut self, text: SearchText, offset: i16) {
        let view = SearchView {
            text,
            offset,
            hits: Vec::new(),
            older: None,
            waits: true,
            problem: None,
        };
        self.requests.ask(view.question());
        self.search = Some(view);
        self.revisions.search += 1;
    }

    pub(super) fn look_further(&mut self) {
        if let Some(view) = &mut self.search
            && view.older.is_some()
            && !view.waits
        {
            view.waits = true;
            view.problem = None;
            self.requests.ask(view.question());
            self.revisions.search += 1;
        }
    }

    pub(super) fn close_search(&mut self) {
        self.search = None;
        self.revisions.search += 1;
    }

    /// The answer to a question; one that was asked before the last one comes too late.
    pub(super) fn found(&mut self, asked: Option<Asked>, hits: Vec<Hit>, older: Option<u64>) {
        let Some(view) = &mut self.search else { return };
        if asked != Some(view.question()) {
            return;
        }
        view.hits.extend(hits);
        view.hits.truncate(HITS_HELD);
        view.older = older.filter(|_| view.hits.len() < HITS_HELD);
        view.waits = false;
        self.revisions.search += 1;
    }

    pub(super) fn search_refused(&mut self, asked: &Asked, problem: &Problem) {
        if let Some(view) = &mut self.search
            && *asked == view.question()
        {
            view.waits = false;
            view.problem = Some(problem.clone());
            self.revisions.search += 1;
        }
    }

    /// What was found stands as the log says (S11): a message that is deleted is found no more.
    pub(super) fn change_found(&mut self, room: RoomId, change: &Event) {
        let Some(view) = &mut self.search else { return };
        let Some(target) = change.content.target() else {
            return;
        };
        let is_it = |hit: &Hit| hit.room == room && hit.event.seq == target;
        let says = |hit: &Hit| match &hit.event.content {
            Content::Message(message) => (message.body.clone(), message.is_deleted()),
            _ => (None, true),
        };
        for hit in view.hits.iter_mut().filter(|hit| is_it(hit)) {
            let before = says(hit);
            hit.event.change(change);
            if says(hit) != before {
                hit.marks.clear();
            }
        }
        view.hits.retain(|hit| !says(hit).1);
        self.revisions.search += 1;
    }
}
