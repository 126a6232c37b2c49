//! Writes into the [`History`] what one client hears and what its application is shown.

use std::cell::RefCell;
use std::rc::Rc;

use shared::ids::RoomId;
use shared::protocol::{self, Span};
use shared::session::Session;
use shared::session::timeline::Timeline;

use super::frames::{self, Entry, Frame, Refused};
use crate::history::{Contradiction, History, RoomAt, View};
use crate::names::{self, Key};

/// Codes that mean "again" without saying when: on the next connection, or behind the one before it.
const AGAIN: [&str; 2] = ["draining", "not_in_order"];

/// The recorder of one client.
#[derive(Debug)]
pub(super) struct Recorder {
    client: usize,
    history: Rc<RefCell<History>>,
    /// Bytes that every body has on top.
    extra: usize,
    open: Vec<Watched>,
}

/// A room that the Session of now shows.
#[derive(Debug)]
struct Watched {
    room: RoomAt,
    id: RoomId,
    /// Its place among the history's views.
    view: usize,
    last: u64,
    missing: Vec<Span>,
}

/// What a frame may have changed on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Touched {
    Nothing,
    /// Events at the end of a room.
    End(RoomId),
    /// Events anywhere in these places of a room.
    Range(RoomId, u64, u64),
    /// The list of rooms: everything may be new.
    Everything,
    /// The client is live from here on.
    Joined,
}

impl Recorder {
    pub(super) fn new(client: usize, history: Rc<RefCell<History>>, extra: usize) -> Self {
        Self {
            client,
            history,
            extra,
            open: Vec::new(),
        }
    }

    /// Notes what a frame says, before the Session sees it.
    pub(super) fn frame(&self, text: &str, now_us: u64) -> Touched {
        let mut history = self.history.borrow_mut();
        match frames::read(text) {
            Ok(Frame::Event(frame)) => {
                let Some(room) = history.room(frame.room) else {
                    return Touched::Nothing;
                };
                self.heard(&mut history, room, &frame.event);
                self.delivered(&mut history, &frame.event, now_us);
                Touched::End(frame.room)
            }
            Ok(Frame::Page(page)) => {
                let Some(room) = history.room(page.room) else {
                    return Touched::Nothing;
                };
                for entry in &page.events {
                    self.heard(&mut history, room, entry);
                }
                Touched::Range(page.room, page.from, page.to)
            }
            Ok(Frame::Stored(stored)) => {
                let key = Key::of(stored.client_id, history.seed);
                history.counts.answered_as_repeat += u64::from(stored.repeat);
                if let Some(room) = history.room(stored.room) {
                    history.acknowledged(key, room, stored.seq);
                }
                Touched::Nothing
            }
            Ok(Frame::Refused(refused)) => {
                self.refused(&mut history, refused);
                Touched::Nothing
            }
            Ok(Frame::Welcome) => Touched::Everything,
            Ok(Frame::Resumed) => Touched::Joined,
            Ok(Frame::Other) => Touched::Nothing,
            Err(error) => {
                let client = self.client;
                let what = format!("client {client} cannot read a frame: {error}");
                history.refused.push(what);
                Touched::Nothing
            }
        }
    }

    fn refused(&self, history: &mut History, refused: Refused) {
        let code = refused.problem.code;
        let what = match refused.client_id {
            Some(_) => "send",
            None => "request",
        };
        if refused.problem.retry_after_ms.is_some() || AGAIN.contains(&&*code) {
            *history
                .postponed
                .entry(format!("{what} {code}"))
                .or_default() += 1;
            return;
        }
        let key = refused
            .client_id
            .map(|id| Key::of(id, history.seed).to_string());
        let key = key.unwrap_or_default();
        let client = self.client;
        history.refused.push(format!(
            "a {what} of client {client} was refused: {code} {key}"
        ));
    }

    fn heard(&self, history: &mut History, room: RoomAt, entry: &Entry<'_>) {
        let key = Key::of(entry.client_id, history.seed);
        history.hear(self.client, room, entry.seq, key);
        let Some((author, _)) = key.action() else {
            return;
        };
        let genuine = history.people.get(author) == Some(&entry.author.id)
            && match entry.content.body.as_deref() {
                Some(body) => body == names::body(entry.client_id, self.extra),
                None => entry.content.kind != "message",
            };
        if !genuine {
            let (client, seq) = (self.client, entry.seq);
            history.altered.push(Contradiction {
                client,
                room,
                seq,
                key,
            });
        }
    }

    /// Measures live delivery to others, if that is wanted.
    fn delivered(&self, history: &mut History, entry: &Entry<'_>, now_us: u64) {
        if history.delivery.is_none() {
            return;
        }
        let Some((author, n)) = Key::of(entry.client_id, history.seed).action() else {
            return;
        };
        let sent_us = history.written[author].get(n).map_or(0, |w| w.sent_us);
        if author != self.client
            && sent_us > 0
            && let Some(samples) = &mut history.delivery
        {
            samples.push(now_us.saturating_sub(sent_us));
        }
    }

    /// Notes what the application is shown now, after the Session saw the frame.
    pub(super) fn look(&mut self, session: &Session, touched: Touched) {
        match touched {
            Touched::Nothing => {}
            Touched::End(room) => self.look_at(session, room, None),
            Touched::Range(room, from, to) => self.look_at(session, room, Some((from, to))),
            Touched::Everything | Touched::Joined => {
                let rooms = self.history.borrow().rooms.clone();
                for room in rooms {
                    self.look_at(session, room, None);
                }
            }
        }
    }

    fn look_at(&mut self, session: &Session, id: RoomId, range: Option<(u64, u64)>) {
        let watched = self.open.iter().position(|watched| watched.id == id);
        let (at, timeline) = match (watched, session.timeline(id)) {
            (None, None) => return,
            // R8 or a room that may not be read: what was shown is gone.
            (Some(at), None) => {
                self.open.remove(at);
                self.history.borrow_mut().forgotten += 1;
                return;
            }
            (None, Some(timeline)) => (self.begin(id, timeline), timeline),
            (Some(at), Some(timeline)) => (at, timeline),
        };
        let mut history = self.history.borrow_mut();
        let seed = history.seed;
        let watched = &mut self.open[at];
        let view = &mut history.views[watched.view];
        if let Some((from, to)) = range {
            watched.filled(timeline, view, seed, from, to);
        }
        watched.appended(timeline, view, seed);
    }

    fn begin(&mut self, id: RoomId, timeline: &Timeline) -> usize {
        let mut history = self.history.borrow_mut();
        let room = history.room(id).unwrap_or_default();
        let (floor, last) = (timeline.floor().0, timeline.last().0);
        history.views.push(View {
            client: self.client,
            room,
            floor,
            opened_at: last,
            appended: Vec::new(),
            filled: Vec::new(),
            skipped: Vec::new(),
            shown: Vec::new(),
            floor_at_end: floor,
            complete: false,
        });
        self.open.push(Watched {
            room,
            id,
            view: history.views.len() - 1,
            last,
            missing: timeline.gaps().iter().map(|gap| gap.span).collect(),
        });
        self.open.len() - 1
    }

    /// The last place of each room on the screen; none of a room with a gap.
    pub(super) fn shown(&self) -> impl Iterator<Item = (RoomAt, u64)> {
        let whole = |watched: &&Watched| watched.missing.is_empty();
        self.open
            .iter()
            .filter(whole)
            .map(|watched| (watched.room, watched.last))
    }

    /// The Session ends here; `complete` says that it had to have everything.
    pub(super) fn end(&mut self, session: &Session, complete: bool) {
        let mut history = self.history.borrow_mut();
        let seed = history.seed;
        for watched in self.open.drain(..) {
            let view = &mut history.views[watched.view];
            view.complete = complete;
            if let Some(timeline) = session.timeline(watched.id) {
                view.floor_at_end = timeline.floor().0;
                view.shown = timeline.events().map(|event| row(event, seed)).collect();
            }
        }
    }
}

impl Watched {
    fn appended(&mut self, timeline: &Timeline, view: &mut View, seed: u64) {
        let last = timeline.last().0;
        if last <= self.last {
            return;
        }
        let fresh = timeline
            .events()
            .rev()
            .take_while(|event| event.seq.0 > self.last);
        let start = view.appended.len();
        view.appended.extend(fresh.map(|event| row(event, seed)));
        view.appended[start..].reverse();
        for gap in timeline.gaps() {
            if gap.span.to.0 > self.last {
                let from = gap.span.from.max(shared::ids::Seq(self.last + 1));
                view.skipped.push(Span { from, ..gap.span });
            }
        }
        self.missing = timeline.gaps().iter().map(|gap| gap.span).collect();
        self.last = last;
    }

    fn filled(&mut self, timeline: &Timeline, view: &mut View, seed: u64, from: u64, to: u64) {
        if !self
            .missing
            .iter()
            .any(|span| span.from.0 <= to && span.to.0 >= from)
        {
            return;
        }
        let in_range = timeline
            .events()
            .rev()
            .skip_while(|event| event.seq.0 > to)
            .take_while(|event| event.seq.0 >= from);
        let missing = &self.missing;
        let was_missing = |seq| {
            missing
                .iter()
                .any(|span| span.from <= seq && seq <= span.to)
        };
        let fresh = in_range.filter(|event| was_missing(event.seq));
        view.filled.extend(fresh.map(|event| row(event, seed)));
        self.missing = timeline.gaps().iter().map(|gap| gap.span).collect();
    }
}

fn row(event: &protocol::Event, seed: u64) -> (u64, Key) {
    (event.seq.0, Key::of(event.client_id, seed))
}
