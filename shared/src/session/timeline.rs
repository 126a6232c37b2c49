//! What has been read of one room's log.
//!
//! It covers the places `floor..=last` without a hole: each is either an event that is held or
//! inside a named gap. New events are accepted at `last + 1` only; older ones only into a gap.
//!
//! Every two neighbours that are held are tied by their links. Every message that is held is as it stands at `last`, but
//! for what a gap behind it may have changed; such messages are read again.

mod around;
mod held;
mod quotes;

use std::collections::VecDeque;
use std::rc::Rc;

use self::held::Held;
use crate::ids::{Link, RoomId, Seq};
use crate::limits;
use crate::protocol::{Content, Cursor, Event, Quote, Span};
use crate::session::people::People;
use crate::sorted::Map;

/// Events that are fetched first when a room is opened, and with each step back.
pub const STEP_EVENTS: u64 = 50;

/// Events held of one room; when live events push it over, the oldest tenth goes.
pub const HELD_EVENTS: usize = 10_000;

/// Places that are known to exist and not held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// Which places.
    pub span: Span,
    /// Whether it is being filled.
    pub loading: bool,
}

/// What became of a newer event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It was the next one.
    Next,
    /// It went into a gap.
    Filled,
    /// It was held already.
    Known,
    /// Events before it are missing: the log has to be read.
    Ahead,
    /// It does not follow from its neighbours: this is not the log that was read before. Nothing was changed.
    Diverged,
}

/// What has been read of one room's log.
#[derive(Debug, Clone)]
pub struct Timeline {
    room: RoomId,
    floor: Seq,
    last: Seq,
    events: VecDeque<Held>,
    /// Messages that are not held and that held ones answer.
    quoted: Map<Seq, Quote>,
    gaps: Vec<Gap>,
    /// To be read again: a gap behind them may hold changes to them.
    stale: Option<Stale>,
    /// Whether an event that does not follow from its neighbours is turned away.
    strict: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stale {
    span: Span,
    /// What is read again has to be as of this place at least.
    as_of: Seq,
}

impl Timeline {
    /// An empty view of a log that ends at `head`; its newest step is wanted.
    #[must_use]
    pub fn new(room: RoomId, head: Seq) -> Self {
        let mut timeline = Self {
            room,
            floor: head.next(),
            last: head,
            events: VecDeque::new(),
            quoted: Map::new(),
            gaps: Vec::new(),
            stale: None,
            strict: true,
        };
        timeline.want_older();
        timeline
    }

    /// The same after a divergence: what the server sends now is taken as it is, or reading would never end.
    #[must_use]
    pub fn anew(room: RoomId, head: Seq) -> Self {
        Self {
            strict: false,
            ..Self::new(room, head)
        }
    }

    /// Whether an event that does not follow from its neighbours is turned away.
    #[must_use]
    pub fn is_strict(&self) -> bool {
        self.strict
    }

    /// The last place that is covered.
    #[must_use]
    pub fn last(&self) -> Seq {
        self.last
    }

    /// Where to resume from, with the proof of what was applied.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        let newest = self.events.back().filter(|held| held.seq() == self.last);
        Cursor {
            seq: self.last,
            link: newest.map(Held::link),
        }
    }

    /// The first place that is covered.
    #[must_use]
    pub fn floor(&self) -> Seq {
        self.floor
    }

    /// The events that are held, in order.
    pub fn events(&self) -> impl DoubleEndedIterator<Item = &Rc<Event>> {
        self.events.iter().map(Held::event)
    }

    /// Gives everybody the name that they have now, and says whether that changed anything.
    pub(super) fn name(&mut self, people: &People) -> bool {
        let mut changed = false;
        for held in &mut self.events {
            changed |= held.name(people);
        }
        for quote in self.quoted.values_mut() {
            let before = quote.author.name.clone();
            people.call(&mut quote.author);
            changed |= quote.author.name != before;
        }
        changed
    }

    /// The events that are held from a place on, in order.
    pub fn events_from(&self, from: Seq) -> impl Iterator<Item = &Rc<Event>> {
        let at = self.events.partition_point(|held| held.seq() < from);
        self.events.range(at..).map(Held::event)
    }

    /// The gaps, in order.
    #[must_use]
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// Takes an event wherever it belongs. A message is as it stands at `as_of`: the page's head, or its own place when
    /// it came live.
    pub fn apply(&mut self, event: Event, as_of: Seq) -> Applied {
        if event.seq > self.last.next() {
            return Applied::Ahead;
        }
        let at = self.events.partition_point(|held| held.seq() < event.seq);
        if self.strict && !self.follows(&event, at) {
            return Applied::Diverged;
        }
        let (seq, is_next) = (event.seq, event.seq > self.last);
        if is_next {
            self.last = seq;
            self.insert(at, event, as_of);
            self.trim();
            return Applied::Next;
        }
        if self.take_from_gap(seq) {
            self.insert(at, event, as_of);
            return Applied::Filled;
        }
        if self.reads_again(seq, as_of) {
            self.events[at] = Held::new(event, as_of);
            self.change_by_later(at);
        }
        Applied::Known
    }

    /// Moves on to `to` although the places before it were not read: they become a gap. The events just before it
    /// are read again, older ones let go of.
    pub fn skip_to(&mut self, to: Seq) {
        if to <= self.last {
            return;
        }
        let span = Span {
            from: self.last.next(),
            to,
        };
        match self.gaps.last_mut() {
            Some(gap) if gap.span.to == self.last => gap.span.to = to,
            _ => self.gaps.push(Gap {
                span,
                loading: false,
            }),
        }
        self.last = to;
        self.read_again_before(span);
    }

    fn read_again_before(&mut self, gap: Span) {
        let newest = self.events.back().map(Held::seq);
        let Some(newest) = newest else { return };
        let from = newest.back(limits::PAGE_EVENTS - 1).max(self.floor);
        self.let_go_before(from);
        self.read_again(Span { from, to: newest }, gap.to);
    }

    /// Wants a range to be read as of a place, besides what is wanted again already.
    fn read_again(&mut self, span: Span, as_of: Seq) {
        let before = self.stale.map_or(span, |stale| stale.span);
        self.stale = Some(Stale {
            span: Span {
                from: span.from.min(before.from),
                to: span.to.max(before.to),
            },
            as_of,
        });
    }

    /// Wants one more step of older events. Does nothing at the beginning or while a step is loading.
    pub fn want_older(&mut self) {
        if self.floor <= Seq(1) {
            return;
        }
        if self
            .gaps
            .first()
            .is_some_and(|gap| gap.loading && gap.span.from == self.floor)
        {
            return;
        }
        let to = self.floor.back(1);
        let from = self.floor.back(STEP_EVENTS).max(Seq(1));
        self.floor = from;
        self.gaps.insert(
            0,
            Gap {
                span: Span { from, to },
                loading: true,
            },
        );
    }

    /// Wants the gap that holds `at` to be filled.
    pub fn want_gap(&mut self, at: Seq) {
        if let Some(gap) = self.gaps.iter_mut().find(|gap| gap.span.holds(at)) {
            gap.loading = true;
        }
    }

    /// The ranges to read now, given the log's `head`: what is missing at the end, the gaps that are wanted, and what is
    /// to be read again.
    pub fn wanted(&self, head: Seq) -> impl Iterator<Item = Span> {
        let tail = (self.last < head).then_some(Span {
            from: self.last.next(),
            to: head,
        });
        let gaps = self
            .gaps
            .iter()
            .filter(|gap| gap.loading)
            .map(|gap| gap.span);
        let stale = self.stale.map(|stale| stale.span);
        tail.into_iter().chain(gaps).chain(stale).map(|span| Span {
            from: span.from,
            to: span.to.min(Seq(span.from.0 + limits::PAGE_EVENTS - 1)),
        })
    }

    /// Whether the event's link is the one that its neighbours ask for, those that are held. `at` is its index.
    fn follows(&self, event: &Event, at: usize) -> bool {
        let before = if event.seq == Seq(1) {
            Some(Link::first(self.room))
        } else {
            let held = at.checked_sub(1).map(|at| &self.events[at]);
            held.filter(|held| held.seq().next() == event.seq)
                .map(Held::link)
        };
        if before.is_some_and(|before| before.next(event) != event.link) {
            return false;
        }
        match self.events.get(at) {
            Some(same) if same.seq() == event.seq => same.link() == event.link,
            Some(next) if next.seq() == event.seq.next() => {
                event.link.next(next.event()) == next.link()
            }
            _ => true,
        }
    }

    fn insert(&mut self, at: usize, event: Event, as_of: Seq) {
        if let Some(target) = event.content.target() {
            self.change(target, &event);
        }
        let seq = event.seq;
        self.events.insert(at, Held::new(event, as_of));
        self.change_by_later(at);
        // A page that was read before a gap was skipped: what changed since then may be in that gap.
        if let Some(gap) = self.gaps.last().filter(|gap| gap.span.to > as_of) {
            let (from, to) = (seq, seq);
            self.read_again(Span { from, to }, gap.span.to);
        }
    }

    /// Lets an event change the message that it is about, if that is held. A deletion also empties the edits.
    fn change(&mut self, target: Seq, by: &Event) {
        let at = self.events.partition_point(|held| held.seq() < target);
        if let Some(held) = self.events.get_mut(at)
            && held.seq() == target
        {
            held.change(by);
        }
        if let Some(quote) = self.quoted.get_mut(&target) {
            quote.change(by);
        }
        if matches!(by.content, Content::Deleted { .. }) {
            let edits = self.events.iter_mut().skip(at);
            edits
                .filter(|held| held.event().content.target() == Some(target))
                .for_each(|held| held.change(by));
        }
    }

    /// Lets the events that are held and newer than what is known of the message change it.
    fn change_by_later(&mut self, at: usize) {
        let held = &self.events[at];
        let (as_of, about) = (held.as_of(), held.event().content.target());
        let seq = about.unwrap_or(held.seq());
        let later = self.events.partition_point(|held| held.seq() <= as_of);
        let changes: Vec<Rc<Event>> = self
            .events
            .range(later.max(at + 1)..)
            .filter(|held| held.event().content.target() == Some(seq))
            .map(|held| Rc::clone(held.event()))
            .collect();
        for change in changes {
            self.events[at].change(&change);
        }
    }

    /// Whether this is the next of what is to be read again, and new enough.
    fn reads_again(&mut self, seq: Seq, as_of: Seq) -> bool {
        let Some(stale) = &mut self.stale else {
            return false;
        };
        if seq != stale.span.from || as_of < stale.as_of {
            return false;
        }
        stale.span.from = seq.next();
        if stale.span.is_empty() {
            self.stale = None;
        }
        true
    }

    fn take_from_gap(&mut self, seq: Seq) -> bool {
        let Some(at) = self.gaps.iter().position(|gap| gap.span.holds(seq)) else {
            return false;
        };
        let Gap { span, loading } = self.gaps.remove(at);
        let before = Span {
            from: span.from,
            to: seq.back(1),
        };
        let after = Span {
            from: seq.next(),
            to: span.to,
        };
        let rest = [before, after].into_iter().filter(|span| !span.is_empty());
        self.gaps
            .splice(at..at, rest.map(|span| Gap { span, loading }));
        true
    }

    fn trim(&mut self) {
        if self.events.len() > HELD_EVENTS {
            let oldest_kept = self.events.get(HELD_EVENTS / 10).map(Held::seq);
            self.let_go_before(oldest_kept.unwrap_or(self.last.next()));
        }
    }

    /// Holds nothing before `floor` any more.
    fn let_go_before(&mut self, floor: Seq) {
        let kept = self.events.partition_point(|held| held.seq() < floor);
        self.quote_what_goes(kept);
        self.events.drain(..kept);
        self.floor = floor;
        self.gaps.retain_mut(|gap| {
            gap.span.from = gap.span.from.max(floor);
            !gap.span.is_empty()
        });
        if let Some(stale) = &mut self.stale {
            stale.span.from = stale.span.from.max(floor);
        }
        self.stale = self.stale.filter(|stale| !stale.span.is_empty());
    }
}
