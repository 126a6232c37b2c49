//! What has been read of one room's log.
//!
//! It covers the places `floor..=last` without a hole: each is either an event that is held or
//! inside a named gap. New events are accepted at `last + 1` only; older ones only into a gap.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::ids::Seq;
use crate::limits;
use crate::protocol::{Event, Span};

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
    /// It was held already, or it went into a gap.
    Older,
    /// Events before it are missing: the log has to be read.
    Ahead,
}

/// What has been read of one room's log.
#[derive(Debug, Clone)]
pub struct Timeline {
    floor: Seq,
    last: Seq,
    events: VecDeque<Rc<Event>>,
    gaps: Vec<Gap>,
}

impl Timeline {
    /// An empty view of a log that ends at `head`; its newest step is wanted.
    #[must_use]
    pub fn new(head: Seq) -> Self {
        let mut timeline = Self {
            floor: head.next(),
            last: head,
            events: VecDeque::new(),
            gaps: Vec::new(),
        };
        timeline.want_older();
        timeline
    }

    /// The last place that is covered: the cursor to resume from.
    #[must_use]
    pub fn last(&self) -> Seq {
        self.last
    }

    /// The first place that is covered.
    #[must_use]
    pub fn floor(&self) -> Seq {
        self.floor
    }

    /// The events that are held, in order.
    pub fn events(&self) -> impl DoubleEndedIterator<Item = &Rc<Event>> {
        self.events.iter()
    }

    /// The gaps, in order.
    #[must_use]
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// Takes an event wherever it belongs.
    pub fn apply(&mut self, event: Event) -> Applied {
        if event.seq > self.last {
            if event.seq != self.last.next() {
                return Applied::Ahead;
            }
            self.last = event.seq;
            self.events.push_back(Rc::new(event));
            self.trim();
            return Applied::Next;
        }
        if self.take_from_gap(event.seq) {
            let at = self.events.partition_point(|held| held.seq < event.seq);
            self.events.insert(at, Rc::new(event));
        }
        Applied::Older
    }

    /// Moves on to `to` although the places before it were not read: they become a gap.
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
        if let Some(gap) = self.gaps.iter_mut().find(|gap| holds(gap.span, at)) {
            gap.loading = true;
        }
    }

    /// The ranges to read now, given the log's `head`: what is missing at the end, and the gaps that are wanted.
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
        tail.into_iter().chain(gaps).map(|span| Span {
            from: span.from,
            to: span.to.min(Seq(span.from.0 + limits::PAGE_EVENTS - 1)),
        })
    }

    fn take_from_gap(&mut self, seq: Seq) -> bool {
        let Some(at) = self.gaps.iter().position(|gap| holds(gap.span, seq)) else {
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
        if self.events.len() <= HELD_EVENTS {
            return;
        }
        self.events.drain(..HELD_EVENTS / 10);
        self.floor = self
            .events
            .front()
            .map_or(self.last.next(), |event| event.seq);
        let floor = self.floor;
        self.gaps.retain_mut(|gap| {
            gap.span.from = gap.span.from.max(floor);
            !gap.span.is_empty()
        });
    }
}

fn holds(span: Span, seq: Seq) -> bool {
    (span.from..=span.to).contains(&seq)
}
