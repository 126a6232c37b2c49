//! Writes into the [`History`] what one client hears and what its application is shown.

use std::cell::RefCell;
use std::rc::Rc;

use shared::ids::{ClientId, RoomId};
use shared::protocol::{self, Content, Span};
use shared::session::Session;
use shared::session::timeline::Timeline;
use shared::text::Body;

use super::frames::{self, Entry, Frame, Refused};
use crate::history::{Contradiction, Heard, History, RoomAt, Shown, View};
use crate::names::{self, Key};
use crate::speech::Said;
use crate::state::State;

/// Codes that mean "again" without saying when: on the next connection, or behind the one before it.
const AGAIN: [&str; 2] = ["draining", "not_in_order"];

/// What is counted when a reaction comes too late.
const HOPELESS: &str = "send no_such_message (a reaction to what was deleted meanwhile)";

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
    /// A message of this client has its place.
    Stored(Key, u64),
    /// It was refused for a reason that may come about, and is to be given up.
    Hopeless(ClientId),
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
                Touched::Stored(key, stored.seq)
            }
            Ok(Frame::Refused(refused)) => self.refused(&mut history, refused),
            Ok(Frame::Welcome) => Touched::Everything,
            Ok(Frame::Resumed) => Touched::Joined,
            Ok(Frame::Diverged) => {
                history.forgotten += 1;
                Touched::Nothing
            }
            Ok(Frame::Other) => Touched::Nothing,
            Err(error) => {
                let client = self.client;
                let what = format!("client {client} cannot read a frame: {error}");
                history.refused.push(what);
                Touched::Nothing
            }
        }
    }

    fn refused(&self, history: &mut History, refused: Refused) -> Touched {
        let code = refused.problem.code;
        if let Some(client_id) = refused.client_id
            && code == "no_such_message"
            && give_up_reaction(history, Key::of(client_id, history.seed))
        {
            *history.postponed.entry(HOPELESS.to_owned()).or_default() += 1;
            return Touched::Hopeless(client_id);
        }
        let what = match refused.client_id {
            Some(_) => "send",
            None => "request",
        };
        if refused.problem.retry_after_ms.is_some() || AGAIN.contains(&&*code) {
            *history
                .postponed
                .entry(format!("{what} {code}"))
                .or_default() += 1;
            return Touched::Nothing;
        }
        let key = refused
            .client_id
            .map(|id| Key::of(id, history.seed).to_string());
        let key = key.unwrap_or_default();
        let client = self.client;
        history.refused.push(format!(
            "a {what} of client {client} was refused: {code} {key}"
        ));
        Touched::Nothing
    }

    fn heard(&self, history: &mut History, room: RoomAt, entry: &Entry<'_>) {
        let key = Key::of(entry.client_id, history.seed);
        let link = entry.link.0;
        history.hear(self.client, room, entry.seq, Heard { key, link });
        let Some((author, _)) = key.action() else {
            return;
        };
        if history.people.get(author) != Some(&entry.author.id)
            || !self.is_genuine(history, key, entry)
        {
            let (client, seq) = (self.client, entry.seq);
            history.altered.push(Contradiction {
                client,
                room,
                seq,
                key,
            });
        }
    }

    /// Whether it says what its author said. A message may have the text of an edit, or none any more.
    fn is_genuine(&self, history: &History, key: Key, entry: &Entry<'_>) -> bool {
        let (content, seq) = (&entry.content, Some(entry.seq));
        let Some(written) = history.written(key) else {
            return false;
        };
        let maker = content
            .body
            .as_deref()
            .map(|body| names::maker_of(body, history.seed, self.extra));
        let by_edit = |maker| {
            let target = history.written(maker).map(|edit| edit.said);
            matches!(target, Some(Said::Edit { target }) if Some(target) == seq)
        };
        match (written.said, &*content.kind, maker) {
            (Said::Message, "message", Some(Some(maker))) => maker == key || by_edit(maker),
            (Said::Message, "message", None) => true,
            (Said::Edit { target }, "edited", Some(Some(maker))) => {
                maker == key && content.target == Some(target)
            }
            (Said::Edit { target }, "edited", None)
            | (Said::Delete { target }, "deleted", None)
            | (Said::React { target, .. }, "reacted", None) => content.target == Some(target),
            (Said::Topic, "topic", None) => true,
            _ => false,
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
            Touched::Nothing | Touched::Stored(..) | Touched::Hopeless(_) => {}
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
        Content::Message {
            body,
            changed,
            reactions,
        } => {
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

/// A reaction to what was deleted meanwhile comes too late: nobody's fault.
fn give_up_reaction(history: &mut History, key: Key) -> bool {
    let Some((client, n)) = key.action() else {
        return false;
    };
    let written = history.written[client].get_mut(n);
    match written {
        Some(written) if matches!(written.said, Said::React { .. }) => {
            written.given_up = true;
            true
        }
        _ => false,
    }
}
