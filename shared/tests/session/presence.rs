//! Who is here, and whether oneself is. Rules P1 to P3.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use shared::ids::{PersonId, RequestId, RoomId, Seq};
use shared::limits;
use shared::protocol::{ClientMessage, Here, Presence, Room, RoomKind, ServerMessage};
use shared::session::io::Input;

use crate::bench::{Bench, LOBBY, person, room, welcome};

fn watched(bench: &mut Bench) -> Vec<(RequestId, Vec<u64>)> {
    let watch = |message| match message {
        ClientMessage::Watch { request, people } => {
            Some((request, people.iter().map(|id| id.0).collect()))
        }
        _ => None,
    };
    bench.sent().into_iter().filter_map(watch).collect()
}

fn away(bench: &mut Bench) -> Vec<bool> {
    let away = |message| match message {
        ClientMessage::Away { on } => Some(on),
        _ => None,
    };
    bench.sent().into_iter().filter_map(away).collect()
}

fn tell(bench: &mut Bench, request: Option<RequestId>, people: &[(u64, Presence)]) {
    let here = |&(id, presence): &(u64, Presence)| Here {
        id: PersonId(id),
        presence,
    };
    let people = people.iter().map(here).collect();
    bench.receive(&ServerMessage::Presence { request, people });
}

fn presence(bench: &Bench, id: u64) -> Presence {
    bench.session.presence(PersonId(id))
}

fn direct(id: u64, others: &[u64]) -> Room {
    let people = std::iter::once(&1).chain(others);
    Room {
        kind: RoomKind::Direct,
        people: people.map(|id| person(*id, "Somebody")).collect(),
        ..room(RoomId(id), 1)
    }
}

fn with_directs() -> Bench {
    let mut bench = Bench::connecting(1);
    bench.open();
    join(&mut bench);
    bench
}

fn join(bench: &mut Bench) {
    let ServerMessage::Welcome(mut welcome) = welcome(1) else {
        panic!()
    };
    welcome.rooms = vec![direct(20, &[2]), direct(21, &[2, 3]), direct(22, &[])];
    bench.receive(&ServerMessage::Welcome(welcome));
    bench.receive(&ServerMessage::Resumed);
}

/// P1: of whom the page shows, each once, oneself not; anew on each connection.
#[test]
fn those_whom_the_page_shows_are_asked_for() {
    use Presence::{Away, Offline, Online};
    let mut bench = with_directs();
    let (request, people) = watched(&mut bench).remove(0);
    assert_eq!(people, [2, 3]);
    tell(&mut bench, Some(request), &[(2, Online), (3, Away)]);
    tell(&mut bench, None, &[(3, Online)]);
    tell(&mut bench, None, &[(2, Offline)]);
    assert_eq!(
        [2, 3, 4].map(|id| presence(&bench, id)),
        [Offline, Online, Offline]
    );
    bench.close(1006);
    assert_eq!(presence(&bench, 3), Offline, "nobody knows");
    bench.wake();
    bench.open();
    join(&mut bench);
    let (request, people) = watched(&mut bench).remove(0);
    assert_eq!(people, [2, 3]);
    tell(&mut bench, Some(request), &[(2, Online)]);
    assert_eq!([2, 3].map(|id| presence(&bench, id)), [Online, Offline]);
}

/// P1: the list of members too, and as many as that may be.
#[test]
fn the_members_that_are_listed_are_asked_for_as_well() {
    let mut bench = with_directs();
    bench.take();
    bench.input(Input::ListMembers { room: LOBBY });
    let people = (1..=200).map(|id| person(id, "Somebody")).collect();
    bench.receive(&ServerMessage::Members {
        request: RequestId(0),
        room: LOBBY,
        head: Seq(1),
        people,
        more: false,
        banned: Vec::new(),
    });
    let asked = watched(&mut bench);
    let (_, people) = &asked[0];
    assert_eq!(people.len(), limits::WATCHED);
    assert_eq!(people[..4], [2, 3, 4, 5]);
    bench.receive(&ServerMessage::Joined {
        request: None,
        room: direct(30, &[2]),
    });
    assert_eq!(watched(&mut bench).len(), 0, "it is the same people");
}

/// P3
#[test]
fn who_does_not_see_the_page_for_a_while_is_away_until_they_do() {
    let mut bench = Bench::live(1);
    bench.take();
    bench.input(Input::Hidden);
    bench.pass(limits::AWAY_AFTER_MS - 1);
    bench.input(Input::Hidden);
    bench.input(Input::Timer);
    assert!(away(&mut bench).is_empty());
    bench.pass(1);
    bench.input(Input::Timer);
    assert_eq!(away(&mut bench), [true]);
    bench.answer_pings();
    bench.close(1006);
    bench.wake();
    bench.open();
    bench.receive(&welcome(1));
    assert!(away(&mut bench).is_empty());
    bench.receive(&ServerMessage::Resumed);
    assert_eq!(away(&mut bench), [true], "a new connection does not know");
    bench.input(Input::Wake);
    assert_eq!(away(&mut bench), [false]);
}
