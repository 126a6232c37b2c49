//! The invariant of a timeline.

use shared::ids::Seq;
use shared::session::timeline::Timeline;

/// Each place from the floor to the end is held once or in one gap, in order.
pub(crate) fn check(timeline: &Timeline) {
    let mut next = timeline.floor();
    let mut gaps = timeline.gaps().iter().peekable();
    for event in timeline.events() {
        while let Some(gap) = gaps.next_if(|gap| gap.span.from < event.seq) {
            next = pass(next, gap.span.from, gap.span.to);
        }
        next = pass(next, event.seq, event.seq);
    }
    for gap in gaps {
        next = pass(next, gap.span.from, gap.span.to);
    }
    assert_eq!(next, timeline.last().next(), "the end");
}

fn pass(next: Seq, from: Seq, to: Seq) -> Seq {
    assert_eq!(from, next, "a hole or an overlap");
    assert!(to >= from, "a gap of nothing: {from} to {to}");
    to.next()
}
