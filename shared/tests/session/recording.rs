//! What a session writes down of its connections.

use shared::limits;
use shared::protocol::{ClientMessage, Handshake, Header, ServerMessage};
use shared::recording::{Connection, Way};
use shared::session::connection::Ender;
use shared::session::io::Input;

use crate::bench::{Bench, draft, welcome};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn recording(bench: &Bench) -> Vec<Connection> {
    let recorder = bench.session.recorder().unwrap();
    recorder.recording("bench/1", "ws://bench/ws").connections
}

fn handshake() -> Box<Handshake> {
    Box::new(Handshake {
        at: shared::ids::Timestamp(5),
        request: "GET /ws HTTP/1.1".into(),
        headers: vec![Header {
            name: "upgrade".into(),
            value: Some("websocket".into()),
            bytes: 9,
        }],
        answer: Vec::new(),
    })
}

fn recording_bench() -> Bench {
    let mut bench = Bench::new(1);
    bench.session.record();
    bench.input(Input::SignedIn {
        me: crate::bench::ada(),
        restored: Vec::new(),
    });
    bench
}

/// H11
#[test]
fn who_records_asks_to_be_explained_to_and_who_does_not_keeps_nothing() {
    let mut bench = recording_bench();
    bench.open();
    let hello = bench.sent().remove(0);
    assert!(matches!(hello, ClientMessage::Hello(hello) if hello.explain));
    let mut bench = Bench::connecting(1);
    bench.open();
    let hello = bench.sent().remove(0);
    assert!(matches!(hello, ClientMessage::Hello(hello) if !hello.explain));
    assert!(bench.session.recorder().is_none());
}

#[test]
fn each_step_of_a_connection_is_written_down_with_its_time() {
    let mut bench = recording_bench();
    bench.pass(3);
    bench.open();
    bench.pass(4);
    let ServerMessage::Welcome(mut it) = welcome(0) else {
        panic!()
    };
    it.handshake = Some(handshake());
    bench.receive(&ServerMessage::Welcome(it));
    bench.pass(1);
    bench.receive(&ServerMessage::Resumed);
    bench.pass(92);
    bench.close(1001);
    let one = recording(&bench).remove(0);
    assert_eq!(one.number, 1);
    let steps = one.steps;
    let times = (steps.opened, steps.welcomed, steps.resumed);
    assert_eq!(times, (Some(3), Some(7), Some(8)));
    assert_eq!(one.handshake, Some(*handshake()));
    let end = one.end.unwrap();
    assert_eq!((end.after, end.code.0, end.by), (100, 1001, Ender::Remote));
    let waits = bench.session.wake_at().unwrap() - bench.now.ticks;
    assert_eq!(end.wait, Some(waits));
    let kinds = one.frames.iter().map(|it| (it.way, it.number, it.after));
    let expected = [
        (Way::Out, 1, 3),
        (Way::In, 1, 7),
        (Way::In, 2, 8),
        (Way::Out, 2, 8),
    ];
    assert_eq!(kinds.collect::<Vec<_>>(), expected);
    assert!(one.frames[0].text.starts_with(r#"{"type":"hello""#));
}

#[test]
fn the_last_ten_connections_are_held() {
    let mut bench = recording_bench();
    for _ in 0..15 {
        bench.close(1006);
        bench.wake();
    }
    let numbers = recording(&bench).into_iter().map(|it| it.number);
    assert_eq!(numbers.collect::<Vec<_>>(), (7..=16).collect::<Vec<_>>());
}

#[test]
fn no_more_than_so_many_messages_each_way_and_so_many_bytes_are_held() {
    let mut bench = recording_bench();
    bench.join(0);
    for n in 0..2_000 {
        bench.receive(&ServerMessage::Pong {
            n,
            now: bench.now.clock,
        });
    }
    let count = |bench: &Bench, way| {
        let recorder = bench.session.recorder().unwrap();
        recorder.frames().filter(|(_, it)| it.way == way).count()
    };
    assert_eq!(count(&bench, Way::In), limits::RECORDED_FRAMES);
    assert_eq!(count(&bench, Way::Out), 2, "hello and ping, however old");
    let long = "x".repeat(limits::BODY_BYTES);
    for n in 0..200 {
        bench.send(draft(n, &long));
        bench.receive(&crate::pair::stored(n, u64::try_from(n).unwrap() + 1));
    }
    let recorder = bench.session.recorder().unwrap();
    let held: usize = recorder.frames().map(|(_, it)| it.text.len()).sum();
    assert!(held <= limits::RECORDED_BYTES, "{held}");
    assert!(held > limits::RECORDED_BYTES / 2, "{held}");
    let newest = recorder.frames().next_back().unwrap().1;
    assert_eq!(newest.bytes, newest.text.len());
}

/// Whether or not somebody looks: what it takes of memory is bounded, also what was set aside for texts and is not used.
#[test]
fn what_is_held_takes_no_more_than_twice_its_bytes() {
    let mut bench = recording_bench();
    bench.join(0);
    for length in [1, 100, 1_000, limits::BODY_BYTES] {
        for n in 0..600 {
            let n = length as u128 * 1_000 + n;
            bench.send(draft(n, &"x".repeat(length)));
            bench.receive(&crate::pair::stored(n, 1));
        }
        let recorder = bench.session.recorder().unwrap();
        let frames = recorder.frames();
        let texts: usize = frames.map(|(_, it)| it.text.capacity()).sum();
        assert!(texts <= 2 * limits::RECORDED_BYTES, "{length}: {texts}");
    }
}

#[test]
fn of_a_message_that_is_too_long_the_beginning_is_held() {
    let mut bench = recording_bench();
    bench.open();
    let text = format!(r#"{{"type":"resumed","x":"{}"}}"#, "ä".repeat(200_000));
    let generation = bench.generation();
    let (bytes, received) = (text.len(), text.clone());
    bench.input(Input::Received {
        generation,
        text: received,
    });
    let one = recording(&bench).remove(0);
    let frame = one.frames.iter().find(|it| it.way == Way::In).unwrap();
    assert_eq!(frame.bytes, bytes);
    assert!(frame.is_cut() && text.starts_with(&frame.text));
    assert!(frame.text.len() <= limits::RECORDED_TEXT_BYTES);
}

#[test]
fn what_was_written_down_of_somebody_else_is_forgotten() {
    let mut bench = recording_bench();
    bench.join(0);
    bench.send(draft(1, "a secret of Ada"));
    let held = |bench: &Bench| bench.session.recorder().unwrap().frames().count();
    assert!(held(&bench) > 0);
    // The session ended, and she signed in again: it is hers.
    let sign_in = |me| Input::SignedIn {
        me,
        restored: Vec::new(),
    };
    bench.close(4401);
    bench.input(sign_in(crate::bench::ada()));
    assert!(held(&bench) > 0);
    let mut bob = crate::bench::ada();
    bob.id = shared::ids::PersonId(bob.id.0 + 1);
    bench.input(sign_in(bob));
    assert_eq!(held(&bench), 0);
    assert!(bench.session.recorder().is_some(), "it goes on recording");
}
