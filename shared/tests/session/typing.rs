//! Who is writing. Rule D8.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use shared::ids::{ClientId, RoomId};
use shared::limits;
use shared::protocol::{ClientMessage, Person, ServerMessage};
use shared::session::io::Input;

use crate::bench::{Bench, LOBBY, ada, body, person};
use crate::model::Server;
use crate::pair::reading;

fn names(bench: &Bench) -> Vec<String> {
    let writers = bench.session.writers(LOBBY);
    writers.map(|person| person.name.to_string()).collect()
}

fn hear(bench: &mut Bench, person: Person) {
    bench.receive(&ServerMessage::Typing {
        room: LOBBY,
        person,
    });
}

fn told(bench: &mut Bench) -> usize {
    let typing = |message: &ClientMessage| matches!(message, ClientMessage::Typing { .. });
    bench.sent().into_iter().filter(typing).count()
}

/// D8
#[test]
fn others_hear_at_once_and_then_every_few_seconds_that_one_types() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    let room = LOBBY;
    bench.input(Input::Typing { room });
    assert_eq!(told(&mut bench), 1);
    for _ in 0..10 {
        bench.input(Input::Typing { room });
        bench.pass(limits::TYPING_AGAIN_MS / 10 - 1);
    }
    assert_eq!(told(&mut bench), 0);
    bench.pass(10);
    bench.input(Input::Typing { room });
    assert_eq!(told(&mut bench), 1);
    bench.input(Input::Typing { room: RoomId(99) });
    assert_eq!(told(&mut bench), 0, "a room that one is not in");
    bench.close(1006);
    bench.input(Input::Typing { room });
    assert_eq!(told(&mut bench), 0, "nor without a connection");
}

/// D8
#[test]
fn who_types_is_shown_for_a_moment_or_until_they_have_said_it() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    hear(&mut bench, ada());
    assert_eq!(names(&bench), [""; 0], "not oneself");
    hear(&mut bench, person(2, "Bob"));
    bench.pass(limits::TYPING_SHOWN_MS / 2);
    hear(&mut bench, person(3, "Cyd"));
    hear(&mut bench, person(2, "Bob"));
    assert_eq!(names(&bench), ["Cyd", "Bob"]);
    let (_, event) = server.say(&person(3, "Cyd"), ClientId(1), body("that"));
    let (room, event) = (LOBBY, event.unwrap());
    bench.receive(&ServerMessage::Event {
        room,
        event,
        quote: None,
    });
    assert_eq!(names(&bench), ["Bob"]);
    bench.pass(limits::TYPING_SHOWN_MS - 1);
    bench.input(Input::Timer);
    assert_eq!(names(&bench), ["Bob"]);
    let before = bench.session.timeline_revision(LOBBY);
    let wake = bench.session.wake_at().unwrap();
    assert!(wake <= bench.now.ticks + 1, "it wakes up for that");
    bench.pass(1);
    bench.input(Input::Timer);
    assert_eq!(names(&bench), [""; 0]);
    assert!(bench.session.timeline_revision(LOBBY) > before);
}

/// D8
#[test]
fn nobody_is_shown_as_writing_without_a_connection_and_never_too_many() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    for id in 2..100 {
        hear(&mut bench, person(id, "Somebody"));
    }
    assert_eq!(names(&bench).len(), limits::TYPISTS);
    bench.close(1006);
    assert_eq!(names(&bench), [""; 0]);
}
