//! Reading around a place that is not held, and a gap piece by piece.

use super::{Gap, STEP_EVENTS, Timeline};
use crate::ids::Seq;
use crate::protocol::Span;

impl Timeline {
    /// Wants the events around a place, on both sides; one beyond the end means the end. What lies between them and
    /// what was read stays a gap.
    pub fn want_around(&mut self, place: Seq) {
        let place = place.min(self.last);
        let span = Span {
            from: place.back(STEP_EVENTS / 2).max(Seq(1)),
            to: Seq(place.0 + STEP_EVENTS / 2).min(self.last),
        };
        if span.from < self.floor {
            let gap = Gap {
                span: Span {
                    from: span.from,
                    to: self.floor.back(1),
                },
                loading: false,
            };
            self.floor = span.from;
            self.gaps.insert(0, gap);
        }
        self.want(span);
    }

    /// Wants what a span has of the gaps.
    pub fn want(&mut self, span: Span) {
        let gaps = std::mem::take(&mut self.gaps);
        self.gaps = gaps.into_iter().flat_map(|gap| gap.wanted(span)).collect();
    }

    /// Whether a place is covered and known to be missing.
    #[must_use]
    pub fn is_missing(&self, place: Seq) -> bool {
        self.gaps.iter().any(|gap| gap.span.holds(place))
    }
}

impl Gap {
    /// The gap in up to three parts: before a span, in it and behind it. The one in it loads, and so does a rest that is
    /// too small to be worth a gap.
    fn wanted(self, span: Span) -> impl Iterator<Item = Self> {
        let Span { from, to } = self.span;
        let inside = Span {
            from: from.max(span.from),
            to: to.min(span.to),
        };
        let parts = if self.loading || inside.is_empty() {
            [Some(self), None, None]
        } else {
            let before = Span {
                from,
                to: inside.from.back(1),
            };
            let behind = Span {
                from: inside.to.next(),
                to,
            };
            [before, inside, behind].map(|part| {
                let loading = part == inside || part.len() <= STEP_EVENTS;
                (!part.is_empty()).then_some(Self {
                    span: part,
                    loading,
                })
            })
        };
        parts.into_iter().flatten()
    }
}
