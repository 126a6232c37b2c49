//! D9: what is stored and has not come yet.

use shared::ids::{ClientId, Seq};
use shared::limits;
use shared::protocol::{ClientMessage, ServerMessage};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::bench::{Bench, LOBBY, ada, body, draft, person};
use crate::model::Server;
use crate::pair::{reading, reconnect, seqs, settle, stored};

/// What the session reads, as far as it has said so since the last look.
fn reads(bench: &mut Bench) -> Vec<(u64, u64)> {
    let read = |message| match message {
        ClientMessage::Read { from, to, .. } => Some((from.0, to.0)),
        _ => None,
    };
    bench.sent().into_iter().filter_map(read).collect()
}

/// Ada says something, and the server answers before anybody hears of it; what everybody is about to hear.
fn say(bench: &mut Bench, server: &mut Server, n: u128) -> ServerMessage {
    bench.send(draft(n, "mine"));
    let (seq, event) = server.say(&ada(), ClientId(n), body("mine"));
    bench.receive(&stored(n, seq.0));
    server.live(event.unwrap())
}

/// Wakes the session until it reads something, and tells how long that took.
fn waited_for_a_read(bench: &mut Bench) -> (u64, Vec<(u64, u64)>) {
    let began = bench.now.ticks;
    loop {
        bench.wake();
        let reads = reads(bench);
        if !reads.is_empty() {
            return (bench.now.ticks - began, reads);
        }
    }
}

/// D9
#[test]
fn an_event_right_behind_its_answer_is_not_read() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    for n in 1..=3 {
        let event = say(&mut bench, &mut server, n);
        assert_eq!(reads(&mut bench), []);
        assert_eq!(bench.session.behind(), 0, "it is on its way");
        bench.pass(limits::EVENT_AFTER_STORED_MS - 1);
        bench.receive(&event);
    }
    assert_eq!(seqs(&bench), [1, 2, 3, 4]);
    bench.pass(limits::EVENT_AFTER_STORED_MS);
    bench.input(shared::session::io::Input::Timer);
    assert_eq!(reads(&mut bench), []);
    assert_eq!(bench.session.proof().repeated, 0);
}

/// D9
#[test]
fn an_event_that_does_not_come_is_read_in_time_though_others_are_stored_meanwhile() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    let began = bench.now.ticks;
    for n in 1..=4 {
        say(&mut bench, &mut server, n);
        assert_eq!(reads(&mut bench), []);
        bench.pass(limits::EVENT_AFTER_STORED_MS / 5);
    }
    let (_, reads) = waited_for_a_read(&mut bench);
    assert_eq!(reads, [(2, 5)]);
    assert_eq!(bench.now.ticks - began, limits::EVENT_AFTER_STORED_MS);
    assert_eq!(bench.session.behind(), 4, "and it is shown as missing");
}

/// D9
#[test]
fn what_comes_in_order_gives_the_rest_its_time_anew() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    let first = say(&mut bench, &mut server, 1);
    say(&mut bench, &mut server, 2);
    bench.pass(limits::EVENT_AFTER_STORED_MS - 1);
    bench.receive(&first);
    // What comes again is no sign that anything else does.
    bench.pass(limits::EVENT_AFTER_STORED_MS / 2);
    bench.receive(&first);
    let (waited, reads) = waited_for_a_read(&mut bench);
    assert_eq!(reads, [(3, 3)]);
    assert_eq!(
        waited + limits::EVENT_AFTER_STORED_MS / 2,
        limits::EVENT_AFTER_STORED_MS
    );
}

/// D2, D9
#[test]
fn an_event_behind_a_hole_is_reason_to_read_at_once() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    say(&mut bench, &mut server, 1);
    let (_, event) = server.say(&person(2, "Bob"), ClientId(2), body("his"));
    bench.receive(&server.live(event.unwrap()));
    assert_eq!(reads(&mut bench), [(2, 3)]);
}

/// D3, D9
#[test]
fn a_head_that_the_server_tells_is_read_up_to_at_once() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    say(&mut bench, &mut server, 1);
    bench.receive(&ServerMessage::Behind {
        heads: [(LOBBY, Seq(2))].into(),
    });
    assert_eq!(reads(&mut bench), [(2, 2)]);
}

/// R5, D9
#[test]
fn what_had_not_come_when_the_line_broke_comes_with_the_next_connection() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    say(&mut bench, &mut server, 1);
    reconnect(&mut bench, &mut server);
    assert_eq!(seqs(&bench), [1, 2]);
    bench.pass(limits::EVENT_AFTER_STORED_MS);
    bench.input(shared::session::io::Input::Timer);
    assert_eq!(reads(&mut bench), []);
    settle(&mut bench, &mut server);
    assert_eq!(bench.session.behind(), 0);
}
