//! Writes into the [`History`] what one client's application is shown.

use std::cell::RefCell;
use std::rc::Rc;

use shared::ids::RoomId;
use shared::protocol::{self, Content, Message, Span};
use shared::session::Session;
use shared::session::timeline::Timeline;
use shared::text::Body;

use super::hearing::Touched;
use crate::history::{History, RoomAt, Shown, View};
use crate::names::{self, Key};
use crate::state::State;

/// The recorder of one client.
#[derive(Debug)]
pub(super) struct Recorder {
    pub(super) client: usize,
    pub(super) history: Rc<RefCell<History>>,
    /// Bytes that every body has on top.
    pub(super) extra: usize,
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

impl Recorder {
    pub(super) fn new(client: usize, history: Rc<RefCell<History>>, extra: usize) -> Self {
        Self {
            client,
            history,
            extra,
            open: Vec::new(),
        }
    }

    /// Notes what the application is shown now, after the Session saw the frame.
    pub(super) fn look(&mut self, session: &Session, touched: Touched) {
        match touched {
            Touched::Nothing | Touched::Stored(..) | Touched::Hopeless(_) => {}
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

    /// The last place of each room on the screen; none of a room in which something is still to be read.
    pub(super) fn shown(&self, session: &Session) -> impl Iterator<Item = (RoomAt, u64)> {
        let whole = |watched: &&Watched| {
            let timeline = session.timeline(watched.id);
            let wanted = timeline.and_then(|timeline| timeline.wanted(timeline.last()).next());
            watched.missing.is_empty() && wanted.is_none()
        };
        let open = self.open.iter();
        open.filter(whole)
            .map(|watched| (watched.room, watched.last))
    }

    /// The Session ends here; `complete` says that it had to have everything.
    pub(super) fn end(&mut self, session: &Session, complete: bool) {
        let mut history = self.history.borrow_mut();
        let seed = history.seed;
        // Doubts of the Session itself: it may not have had any.
        history.forgotten += session.proof().diverged;
        for watched in self.open.drain(..) {
            let view = &mut history.views[watched.view];
            view.complete = complete;
            if let Some(timeline) = session.timeline(watched.id) {
                view.floor_at_end = timeline.floor().0;
                let shown = timeline
                    .events()
                    .map(|event| self::shown(event, seed, self.extra));
                view.shown = shown.collect();
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

/// What a row of the screen says, as far as it is compared with the log.
fn shown(event: &protocol::Event, seed: u64, extra: usize) -> Shown {
    let (seq, key) = row(event, seed);
    let state = match &event.content {
        Content::Message(Message {
            body,
            changed,
            reactions,
            pinned,
            ..
        }) => {
            let made = |body: &Body| names::maker_of(body, seed, extra);
            let reactions = reactions.iter();
            Some(State {
                // Text that nobody wrote: as good as that of an event that cannot be.
                text: body
                    .as_ref()
                    .map(|body| made(body).unwrap_or(Key::new(u32::MAX, u32::MAX))),
                changed: changed.map(|seq| seq.0),
                reactions: reactions
                    .map(|one| (one.seq.0, one.by.id, one.emoji.to_string()))
                    .collect(),
                pinned: pinned.map(|seq| seq.0),
            })
        }
        _ => None,
    };
    Shown {
        seq,
        key,
        state: state.map(|state| state.digest()),
    }
}
