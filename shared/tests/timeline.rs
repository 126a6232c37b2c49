//! The timeline's invariant, whatever comes in whatever order: each place from its floor to its end is held once, or in one gap.

#![cfg(not(target_arch = "wasm32"))]

use std::sync::Mutex;

use proptest::prelude::*;
use shared::ids::{ClientId, Link, PersonId, RoomId, Seq, Timestamp};
use shared::protocol::{Content, Event, Person, Span};
use shared::session::timeline::{Applied, HELD_EVENTS, STEP_EVENTS, Timeline};
use shared::text::PersonName;

const ROOM: RoomId = RoomId(1);

/// The log that all tests here read.
static LOG: Mutex<Vec<Event>> = Mutex::new(Vec::new());

#[derive(Debug, Clone)]
enum Step {
    Apply(u64),
    SkipTo(u64),
    WantOlder,
    WantGap(u64),
    WantAround(u64),
    Want(u64, u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (1_u64..400).prop_map(Step::Apply),
        1 => (1_u64..400).prop_map(Step::SkipTo),
        1 => Just(Step::WantOlder),
        1 => (1_u64..400).prop_map(Step::WantGap),
        1 => (0_u64..400).prop_map(Step::WantAround),
        1 => (0_u64..400, 0_u64..400).prop_map(|(from, to)| Step::Want(from, to)),
    ]
}

fn bare(seq: u64) -> Event {
    let name = PersonName::parse("Ada").expect("a good name");
    let author = Person {
        id: PersonId(1),
        name,
    };
    let (at, client_id) = (Timestamp(seq), ClientId(seq.into()));
    Event {
        seq: Seq(seq),
        at,
        author,
        client_id,
        link: Link(0),
        content: Content::Joined,
    }
}

/// One event of a log whose links hold.
fn event(seq: u64) -> Event {
    let mut cache = LOG.lock().expect("no test panics with it");
    while (cache.len() as u64) < seq {
        let before = cache.last().map_or(Link::first(ROOM), |event| event.link);
        let mut next = bare(cache.len() as u64 + 1);
        next.link = before.next(&next);
        cache.push(next);
    }
    cache[seq as usize - 1].clone()
}

/// Every place of the timeline, from its events and gaps merged.
fn places(timeline: &Timeline) -> Vec<u64> {
    let held = timeline.events().map(|event| event.seq.0);
    let missing = timeline
        .gaps()
        .iter()
        .flat_map(|gap| gap.span.from.0..=gap.span.to.0);
    let mut places: Vec<u64> = held.chain(missing).collect();
    places.sort_unstable();
    places
}

proptest! {
    /// D2, R6
    #[test]
    fn every_place_is_held_once_or_in_one_gap(head in 0_u64..300, steps in prop::collection::vec(step(), 0..200)) {
        let mut timeline = Timeline::new(ROOM, Seq(head));
        for step in steps {
            let last = timeline.last().0;
            match step {
                Step::Apply(seq) => {
                    let applied = timeline.apply(event(seq), Seq(seq));
                    prop_assert_eq!(applied == Applied::Ahead, seq > last + 1);
                    prop_assert_eq!(applied == Applied::Next, seq == last + 1);
                }
                Step::SkipTo(to) => timeline.skip_to(Seq(to)),
                Step::WantOlder => timeline.want_older(),
                Step::WantGap(at) => timeline.want_gap(Seq(at)),
                Step::WantAround(at) => timeline.want_around(Seq(at)),
                Step::Want(from, to) => timeline.want(Span { from: Seq(from), to: Seq(to) }),
            }
            prop_assert!(timeline.last().0 >= last, "it never goes back");
            let expected: Vec<u64> = (timeline.floor().0..=timeline.last().0).collect();
            prop_assert_eq!(places(&timeline), expected);
            let held: Vec<u64> = timeline.events().map(|event| event.seq.0).collect();
            prop_assert!(held.is_sorted(), "in order: {:?}", held);
        }
    }

    /// R7: what is wanted is exactly what is missing at the end and in the gaps that load.
    #[test]
    fn reading_what_is_wanted_comes_to_an_end(head in 1_u64..2_000, behind in 0_u64..1_500) {
        let mut timeline = Timeline::new(ROOM, Seq(head));
        let head = Seq(head + behind);
        for _ in 0..20 {
            let wanted: Vec<_> = timeline.wanted(head).collect();
            if wanted.is_empty() {
                break;
            }
            for span in wanted {
                for seq in span.from.0..=span.to.0 {
                    timeline.apply(event(seq), head);
                }
            }
        }
        prop_assert_eq!(timeline.wanted(head).count(), 0);
        prop_assert_eq!(timeline.last(), head);
        prop_assert_eq!(timeline.gaps(), []);
    }
}

/// Reads everything that is wanted.
fn read(timeline: &mut Timeline, head: u64) {
    loop {
        let wanted: Vec<Span> = timeline.wanted(Seq(head)).collect();
        if wanted.is_empty() {
            return;
        }
        for span in wanted {
            for seq in span.from.0..=span.to.0 {
                timeline.apply(event(seq), Seq(head));
            }
        }
    }
}

fn gaps(timeline: &Timeline) -> Vec<(u64, u64)> {
    let gaps = timeline.gaps().iter();
    gaps.map(|gap| (gap.span.from.0, gap.span.to.0)).collect()
}

/// R6: what lies between a place far back and the end is a gap, which fills from both sides.
#[test]
fn a_place_far_back_is_read_around_and_the_rest_is_a_gap() {
    let mut timeline = Timeline::new(ROOM, Seq(1_000));
    read(&mut timeline, 1_000);
    timeline.want_around(Seq(300));
    read(&mut timeline, 1_000);
    let half = STEP_EVENTS / 2;
    assert_eq!(timeline.floor(), Seq(300 - half));
    assert_eq!(gaps(&timeline), [(301 + half, 950)]);
    let span = |from, to| Span {
        from: Seq(from),
        to: Seq(to),
    };
    timeline.want(span(326, 375));
    timeline.want(span(901, 950));
    read(&mut timeline, 1_000);
    assert_eq!(gaps(&timeline), [(376, 900)]);
    timeline.want_older();
    read(&mut timeline, 1_000);
    assert_eq!(timeline.floor(), Seq(225));
    assert_eq!(gaps(&timeline), [(376, 900)]);
    timeline.want(span(376, 860));
    read(&mut timeline, 1_000);
    assert_eq!(gaps(&timeline), [], "a small rest is read along");
}

#[test]
fn a_place_near_the_end_or_beyond_it_leaves_no_gap() {
    for place in [951, 990, 1_000, 1_001, 5_000] {
        let mut timeline = Timeline::new(ROOM, Seq(1_000));
        timeline.want_around(Seq(place));
        read(&mut timeline, 1_000);
        assert_eq!(gaps(&timeline), [], "{place}");
        assert!(timeline.floor() >= Seq(926), "{place}");
    }
    let mut empty = Timeline::new(ROOM, Seq(0));
    empty.want_around(Seq(7));
    assert_eq!((gaps(&empty), empty.floor()), (vec![], Seq(1)));
}

#[test]
fn a_room_that_never_stops_talking_does_not_fill_the_memory() {
    let mut timeline = Timeline::new(ROOM, Seq(0));
    for seq in 1..=3 * HELD_EVENTS as u64 {
        timeline.apply(event(seq), Seq(seq));
        assert!(timeline.events().size_hint().0 <= HELD_EVENTS);
    }
    let expected: Vec<u64> = (timeline.floor().0..=timeline.last().0).collect();
    assert_eq!(places(&timeline), expected);
    assert_eq!(timeline.last(), Seq(3 * HELD_EVENTS as u64));
    timeline.want_older();
    assert_eq!(
        timeline.gaps().len(),
        1,
        "what was let go of can be read again"
    );
}

#[test]
fn what_is_let_go_of_is_not_read_again() {
    let mut timeline = Timeline::new(ROOM, Seq(0));
    for seq in 1..=600 {
        timeline.apply(event(seq), Seq(seq));
    }
    timeline.skip_to(Seq(700));
    assert_eq!(timeline.floor(), Seq(101), "a page of what was before");
    for seq in 701..=700 + HELD_EVENTS as u64 {
        timeline.apply(event(seq), Seq(seq));
        let floor = timeline.floor();
        assert!(timeline.wanted(Seq(seq)).all(|span| span.from >= floor));
    }
    assert_eq!(timeline.wanted(timeline.last()).count(), 0);
}

/// R10: each side of a hole has to fit, and what is held is not exchanged.
#[test]
fn an_event_that_does_not_fit_its_neighbours_changes_nothing() {
    let mut timeline = Timeline::new(ROOM, Seq(0));
    timeline.apply(event(1), Seq(1));
    timeline.skip_to(Seq(2));
    timeline.apply(event(3), Seq(3));
    let forged = |seq| Event {
        at: Timestamp(0),
        ..event(seq)
    };
    let other = |seq, before: Link| {
        let mut other = forged(seq);
        other.link = before.next(&other);
        other
    };
    let before = places(&timeline);
    assert_eq!(timeline.apply(forged(2), Seq(3)), Applied::Diverged);
    let fits_the_left_only = other(2, event(1).link);
    assert_eq!(
        timeline.apply(fits_the_left_only, Seq(3)),
        Applied::Diverged
    );
    let instead = other(3, event(2).link);
    assert_eq!(timeline.apply(instead, Seq(3)), Applied::Diverged);
    assert_eq!(timeline.apply(forged(4), Seq(4)), Applied::Diverged);
    assert_eq!((places(&timeline), timeline.gaps().len()), (before, 1));
    assert_eq!(timeline.apply(event(2), Seq(3)), Applied::Filled);
}
