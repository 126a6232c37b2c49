//! J1: the way of one's own messages, as a session saw it.

use shared::ids::{ClientId, RequestId, Seq, Timestamp};
use shared::limits;
use shared::protocol::{ClientMessage, ServerMessage};
use shared::session::io::Input;

use crate::bench::{Bench, LOBBY, ada, draft};
use crate::pair::stored;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn live() -> Bench {
    let mut bench = Bench::new(1);
    bench.session.record();
    let (me, restored) = (ada(), Vec::new());
    bench.input(Input::SignedIn { me, restored });
    bench.join(0);
    bench
}

#[test]
fn a_message_that_was_sent_twice_and_stored_once_says_so() {
    let mut bench = live();
    bench.send(draft(7, "hello"));
    bench.session.kept(ClientId(7), bench.now);
    bench.pass(5);
    bench.close(1006);
    bench.wake();
    bench.join(0);
    let ServerMessage::Stored {
        room,
        client_id,
        seq,
        ..
    } = stored(7, 1)
    else {
        panic!()
    };
    bench.receive(&ServerMessage::Stored {
        room,
        client_id,
        seq,
        at: Timestamp(40),
        repeat: true,
        committed: None,
    });
    let way = bench.session.journey(ClientId(7)).unwrap();
    assert_eq!((way.sent, way.repeats), (2, 1));
    let frames: Vec<_> = way.sends.iter().map(|it| it.connection).collect();
    assert_eq!(frames, [1, 2]);
    assert_eq!(way.sends[0].frame, 3, "behind hello and ping");
    let stored = way.stored.unwrap();
    assert_eq!((stored.seq, stored.received), (Seq(1), Timestamp(40)));
    assert!(way.kept.unwrap() < way.sends[1].at && way.sends[1].at <= stored.at);
}

#[test]
fn the_newest_are_remembered_and_a_session_that_does_not_record_remembers_none() {
    let mut bench = live();
    let most = limits::JOURNEYS as u128;
    for n in 0..=most {
        bench.send(draft(n, "hello"));
    }
    assert!(bench.session.journey(ClientId(0)).is_none());
    assert!(bench.session.journey(ClientId(most)).is_some());
    let mut bench = Bench::live(0);
    bench.send(draft(7, "hello"));
    assert!(bench.session.journey(ClientId(7)).is_none());
}

#[test]
fn where_a_message_has_arrived_is_asked_for_while_it_is_looked_at() {
    let mut bench = live();
    let (room, seq) = (LOBBY, Seq(1));
    bench.input(Input::ShowJourney(Some((room, seq))));
    let asked = bench.sent().into_iter().find_map(|it| match it {
        ClientMessage::Journey { request, .. } => Some(request),
        _ => None,
    });
    let answer = |request: RequestId, seq| ServerMessage::Journey {
        request,
        room,
        seq,
        devices: 3,
        delivered: 2,
    };
    bench.receive(&answer(asked.unwrap(), Seq(9)));
    assert_eq!(
        bench.session.arrived().unwrap().delivered,
        None,
        "of another"
    );
    bench.receive(&answer(asked.unwrap(), seq));
    assert_eq!(bench.session.arrived().unwrap().delivered, Some((2, 3)));
    bench.input(Input::ShowJourney(Some((room, seq))));
    assert_eq!(bench.session.arrived().unwrap().delivered, Some((2, 3)));
    bench.input(Input::ShowJourney(None));
    assert_eq!(bench.session.arrived(), None);
}
