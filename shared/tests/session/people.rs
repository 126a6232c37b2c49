//! Rule D7: what is known about people, as the session keeps it.

use shared::ids::{ClientId, Epoch, PersonId};
use shared::people::{Profile, Role};
use shared::protocol::{ClientMessage, Content, ServerMessage};
use shared::text::{PersonName, Status};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::bench::{Bench, LOBBY, body, person, welcome};
use crate::model::Server;
use crate::pair::reading;

pub fn profile(id: u64, name: &str, version: u64) -> Profile {
    Profile {
        id: PersonId(id),
        name: PersonName::parse(name).unwrap(),
        role: Role::Member,
        color: Some(3),
        status: Some(Status::parse(&format!("version {version}")).unwrap()),
        gone: false,
        version,
    }
}

fn told(people: Vec<Profile>) -> ServerMessage {
    ServerMessage::People { people }
}

/// A welcome that knows of everything up to a version.
fn welcome_with(people: Vec<Profile>, version: u64) -> ServerMessage {
    let ServerMessage::Welcome(mut welcome) = welcome(1) else {
        unreachable!()
    };
    welcome.people = people;
    welcome.people_version = version;
    ServerMessage::Welcome(welcome)
}

fn stated(bench: &mut Bench) -> u64 {
    let sent = bench.sent();
    let hello = sent.iter().rev().find_map(|message| match message {
        ClientMessage::Hello(hello) => Some(hello.people),
        _ => None,
    });
    hello.expect("a hello was sent")
}

fn authors(bench: &Bench) -> Vec<String> {
    let timeline = bench.session.timeline(LOBBY).unwrap();
    timeline
        .events()
        .map(|event| event.author.name.to_string())
        .collect()
}

/// D7: of two profiles the one with the higher version counts, in whatever order they come.
#[test]
fn the_higher_version_counts() {
    let mut bench = Bench::live(1);
    for (version, expected) in [(5, 5), (3, 5), (5, 5), (9, 9), (8, 9)] {
        bench.receive(&told(vec![profile(2, "Bob", version)]));
        let known = bench.session.profile(PersonId(2)).unwrap();
        assert_eq!(known.version, expected);
        assert_eq!(
            known.status.as_deref(),
            Some(&*format!("version {expected}"))
        );
    }
    assert_eq!(bench.session.profile(PersonId(3)), None);
}

/// D7: who is called otherwise now is called so in everything that is held, and in older pages that come later.
#[test]
fn a_new_name_stands_everywhere() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    let bob = person(2, "Bob");
    let mut say = |n: u128| {
        let event = server.say(&bob, ClientId(n), body("hi")).1.unwrap();
        ServerMessage::Event {
            room: LOBBY,
            event,
            quote: None,
        }
    };
    bench.receive(&say(1));
    let before = bench.session.timeline_revision(LOBBY);
    bench.receive(&told(vec![profile(2, "Robert", 4)]));
    assert_eq!(authors(&bench).last().unwrap(), "Robert");
    assert!(bench.session.timeline_revision(LOBBY) > before);
    bench.receive(&say(2));
    assert!(authors(&bench).ends_with(&["Robert".into(), "Robert".into()]));
    bench.receive(&told(vec![profile(1, "Countess", 5)]));
    assert_eq!(&*bench.session.me().unwrap().name, "Countess");
}

/// D7: what was missed while away comes with the welcome: the state is that of who was there.
#[test]
fn who_was_away_states_the_version_and_learns_the_rest() {
    let mut bench = Bench::connecting(1);
    bench.open();
    assert_eq!(stated(&mut bench), 0);
    bench.receive(&welcome_with(vec![profile(2, "Bob", 6)], 7));
    bench.receive(&ServerMessage::Resumed);
    bench.receive(&told(vec![profile(3, "Eve", 9)]));
    bench.close(1006);
    bench.wake();
    bench.open();
    assert_eq!(
        stated(&mut bench),
        7,
        "a notice says nothing about what came before it"
    );
    bench.receive(&welcome_with(vec![profile(2, "Robert", 8)], 9));
    let name = |id| {
        bench
            .session
            .profile(PersonId(id))
            .unwrap()
            .name
            .to_string()
    };
    assert_eq!((name(2), name(3)), ("Robert".into(), "Eve".into()));
}

/// D7: whoever is met for the first time may have changed long ago.
#[test]
fn who_meets_somebody_asks_for_everything_again() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    bench.receive(&welcome_with(Vec::new(), 7));
    let bob = person(2, "Bob");
    let mut event = server.say(&bob, ClientId(1), body("hi")).1.unwrap();
    event.content = Content::Joined;
    bench.receive(&ServerMessage::Event {
        room: LOBBY,
        event,
        quote: None,
    });
    bench.close(1006);
    bench.wake();
    bench.open();
    assert_eq!(stated(&mut bench), 0);
}

/// D7, R8: of another history nothing is known.
#[test]
fn another_history_has_other_people() {
    let mut bench = Bench::live(1);
    bench.receive(&told(vec![profile(2, "Bob", 5)]));
    let ServerMessage::Welcome(mut other) = welcome_with(vec![profile(3, "Eve", 1)], 1) else {
        unreachable!()
    };
    other.epoch = Epoch(8);
    bench.close(1006);
    bench.wake();
    bench.open();
    bench.receive(&ServerMessage::Welcome(other));
    assert_eq!(bench.session.profile(PersonId(2)), None);
    assert_eq!(bench.session.profile(PersonId(3)).unwrap().version, 1);
}
