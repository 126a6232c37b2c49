//! Going to a place of a room's log that is not held.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use shared::ids::{ClientId, RoomId, Seq, Timestamp};
use shared::protocol::{Action, ServerMessage, Span, Welcome};
use shared::session::io::Input;
use shared::session::views::{Opening, Place, Row};

use crate::bench::{Bench, EPOCH, LOBBY, ada, body, person, room, welcome};
use crate::model::Server;
use crate::pair::{connect, reading, reconnect, seqs, settle};

fn talked_in(messages: u64) -> Server {
    let mut server = Server::with_lobby();
    for n in 2..=messages {
        let text = body(&format!("message {n}"));
        server.say(&person(9, "Host"), ClientId(n.into()), text);
    }
    server
}

fn go(bench: &mut Bench, server: &mut Server, seq: u64) {
    let (room, seq) = (LOBBY, Seq(seq));
    bench.input(Input::OpenAt { room, seq });
    settle(bench, server);
}

fn gaps(bench: &Bench) -> Vec<(u64, u64)> {
    let rows = bench.session.rows(LOBBY).into_iter();
    let gap = |row| match row {
        Row::Gap { span, .. } => Some((span.from.0, span.to.0)),
        _ => None,
    };
    rows.filter_map(gap).collect()
}

fn holds(bench: &Bench, seq: u64) -> bool {
    seqs(bench).contains(&seq)
}

/// R6
#[test]
fn a_place_far_back_is_there_with_both_sides_and_a_gap_to_the_end() {
    let mut server = talked_in(1_000);
    let mut bench = reading(&mut server);
    let before = bench.session.opening(LOBBY);
    go(&mut bench, &mut server, 300);
    assert!((276..=324).all(|seq| holds(&bench, seq)));
    assert!(holds(&bench, 1_000), "the end is held as well");
    assert_eq!(gaps(&bench), [(326, 950)]);
    let Opening { n, at, .. } = bench.session.opening(LOBBY);
    assert!(n > before.n);
    assert_eq!(at, Some(Place::Asked(Seq(300))));

    // Scrolling on fills it from either side.
    for (from, to) in [(326, 375), (901, 950)] {
        let (from, to) = (Seq(from), Seq(to));
        let span = Span { from, to };
        bench.input(Input::LoadGap { room: LOBBY, span });
        settle(&mut bench, &mut server);
    }
    assert_eq!(gaps(&bench), [(376, 900)]);
    bench.input(Input::LoadOlder { room: LOBBY });
    settle(&mut bench, &mut server);
    assert!(holds(&bench, 225) && !holds(&bench, 224));
    // The same place again is another time.
    go(&mut bench, &mut server, 300);
    assert!(bench.session.opening(LOBBY).n > n);
    assert_eq!(gaps(&bench), [(376, 900)]);
}

#[test]
fn a_place_beyond_the_end_is_the_end() {
    let mut server = talked_in(1_000);
    let mut bench = reading(&mut server);
    go(&mut bench, &mut server, 5_000);
    assert!(holds(&bench, 1_000));
    assert_eq!(gaps(&bench), []);
}

/// R11: what happened to it since is in it; what happens to it now changes it.
#[test]
fn what_is_far_back_is_shown_as_it_stands_and_goes_on_changing() {
    let mut server = talked_in(1_000);
    let host = person(9, "Host");
    let target = Seq(300);
    let edit = |text: &str| {
        let body = body(text);
        Action::edit(target, body)
    };
    server
        .act(&host, ClientId(5_000), None, edit("edited"))
        .unwrap();
    let mut bench = reading(&mut server);
    go(&mut bench, &mut server, 300);
    let (_, event) = server
        .act(&host, ClientId(5_001), None, Action::Delete { target })
        .unwrap();
    bench.receive(&server.live(event.unwrap()));
    let held = bench.session.timeline(LOBBY).unwrap();
    let log = server.as_it_stands();
    for event in held.events() {
        assert_eq!(**event, log[event.seq.0 as usize - 1]);
    }
}

/// A link is opened before it is known which rooms there are, and without a connection.
#[test]
fn a_place_that_was_asked_for_too_early_is_read_when_that_is_possible() {
    let mut server = talked_in(1_000);
    let mut bench = Bench::connecting(1);
    let (room, seq) = (LOBBY, Seq(300));
    bench.input(Input::OpenAt { room, seq });
    assert_eq!(bench.session.opening(LOBBY), Opening::default());
    connect(&mut bench, &mut server);
    assert!(holds(&bench, 300) && holds(&bench, 1_000));
    let opening = bench.session.opening(LOBBY);
    bench.close(1006);
    let (room, seq) = (LOBBY, Seq(600));
    bench.input(Input::OpenAt { room, seq });
    assert!(!holds(&bench, 600));
    bench.wake();
    connect(&mut bench, &mut server);
    assert!(holds(&bench, 600));
    reconnect(&mut bench, &mut server);
    let now = bench.session.opening(LOBBY);
    assert_eq!(now.n, opening.n + 1, "coming back is no new wish");
    assert!(holds(&bench, 300) && holds(&bench, 600));
}

/// R6: so much was missed that what was read is let go of; the place that is looked at is read again.
#[test]
fn a_reader_far_back_still_reads_there_after_a_long_absence() {
    let mut server = talked_in(1_000);
    let mut bench = reading(&mut server);
    go(&mut bench, &mut server, 200);
    bench.close(1006);
    for n in 0..2_000 {
        let text = body(&format!("missed {n}"));
        server.say(&person(9, "Host"), ClientId(9_000 + n), text);
    }
    bench.wake();
    connect(&mut bench, &mut server);
    assert!(holds(&bench, 200) && holds(&bench, 3_000));
    let log = server.as_it_stands();
    for event in bench.session.timeline(LOBBY).unwrap().events() {
        assert_eq!(**event, log[event.seq.0 as usize - 1]);
    }
}

/// R8
#[test]
fn a_place_of_another_history_is_the_end_of_this_one() {
    let mut server = talked_in(1_000);
    let mut bench = reading(&mut server);
    go(&mut bench, &mut server, 300);
    bench.close(1006);
    bench.wake();
    bench.open();
    let ServerMessage::Welcome(facts) = welcome(5) else {
        panic!("a welcome")
    };
    let other = Welcome {
        epoch: shared::ids::Epoch(EPOCH.0 + 1),
        ..facts
    };
    bench.receive(&ServerMessage::Welcome(other));
    let timeline = bench.session.timeline(LOBBY).unwrap();
    assert_eq!((timeline.floor(), timeline.last()), (Seq(1), Seq(5)));
}

#[test]
fn a_place_in_a_room_that_one_is_not_in_does_nothing_until_one_is() {
    let mut server = talked_in(100);
    let mut bench = reading(&mut server);
    let other = RoomId(77);
    bench.input(Input::OpenAt {
        room: other,
        seq: Seq(10),
    });
    settle(&mut bench, &mut server);
    assert_eq!(bench.session.rows(other), []);
    bench.receive(&ServerMessage::Joined {
        request: None,
        room: room(other, 100),
    });
    let at = bench.session.opening(other).at;
    assert_eq!(at, Some(Place::Asked(Seq(10))));
    let timeline = bench.session.timeline(other).unwrap();
    assert!(timeline.is_missing(Seq(10)), "it is wanted");
    assert_eq!(bench.session.me(), Some(&ada()));
}

/// R13
#[test]
fn a_day_is_shown_where_the_server_says_that_it_begins() {
    let mut server = talked_in(1_000);
    let mut bench = reading(&mut server);
    let (room, at) = (LOBBY, Timestamp(400));
    bench.input(Input::OpenWhen { room, at });
    settle(&mut bench, &mut server);
    let at = bench.session.opening(LOBBY).at;
    assert_eq!(at, Some(Place::Asked(Seq(400))));
    assert!(holds(&bench, 400));
}
