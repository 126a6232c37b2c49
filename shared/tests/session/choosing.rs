//! What a person chooses about how they are told of things. Rules N1 to N3.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use shared::ids::{RequestId, RoomId, Timestamp};
use shared::protocol::{Choice, ClientMessage, Level, Room, RoomKind, ServerMessage, Welcome};
use shared::session::io::{Input, Output};
use shared::session::requests::Asked;

use crate::bench::{Bench, LOBBY, room, welcome};

/// A time that no test comes to.
const FAR: u64 = 9_000_000_000_000;

fn level_of(bench: &Bench, id: RoomId) -> Level {
    let mut rooms = bench.session.rooms();
    rooms.find(|room| room.id == id).unwrap().level
}

fn level(level: Level) -> Choice {
    Choice::Level { room: LOBBY, level }
}

fn quiet(until: u64) -> Choice {
    let until = Some(Timestamp(until));
    Choice::Quiet { until }
}

/// What the server was asked for, with the numbers of the requests.
fn asked(bench: &mut Bench) -> Vec<(RequestId, Choice)> {
    let choice = |message| match message {
        ClientMessage::Choose { request, choice } => Some((request, choice)),
        _ => None,
    };
    bench.sent().into_iter().filter_map(choice).collect()
}

fn told(bench: &mut Bench, choice: Choice) {
    bench.receive(&ServerMessage::Chosen { choice });
}

fn with(bench: &mut Bench, change: impl FnOnce(&mut Welcome)) {
    let ServerMessage::Welcome(mut welcome) = welcome(1) else {
        panic!()
    };
    change(&mut welcome);
    bench.receive(&ServerMessage::Welcome(welcome));
    bench.receive(&ServerMessage::Resumed);
}

/// N1
#[test]
fn what_is_usual_follows_from_the_kind_of_room() {
    let mut bench = Bench::connecting(1);
    bench.open();
    let kinds = [RoomKind::Public, RoomKind::Private, RoomKind::Direct];
    with(&mut bench, |welcome| {
        let rooms = (1..).zip(kinds).map(|(id, kind)| Room {
            kind,
            ..room(RoomId(id), 1)
        });
        welcome.rooms = rooms.collect();
        welcome.rooms[1].level = Some(Level::Nothing);
    });
    let levels = [1, 2, 3].map(|id| level_of(&bench, RoomId(id)));
    let expected = [Level::Mentions, Level::Nothing, Level::Everything];
    assert_eq!(levels, expected);
}

/// N2: it counts at once, is asked until it is answered, and what comes from elsewhere later counts.
#[test]
fn a_choice_holds_at_once_and_the_later_of_two_counts() {
    let mut bench = Bench::live(1);
    bench.input(Input::Choose(level(Level::Nothing)));
    assert_eq!(level_of(&bench, LOBBY), Level::Nothing);
    let [(request, choice)] = asked(&mut bench)[..] else {
        panic!("one request")
    };
    assert_eq!(choice, level(Level::Nothing));
    // Another device was earlier: its choice is told first, and then ours.
    told(&mut bench, level(Level::Everything));
    assert_eq!(level_of(&bench, LOBBY), Level::Nothing);
    bench.receive(&ServerMessage::Done { request });
    told(&mut bench, level(Level::Nothing));
    told(&mut bench, level(Level::Everything));
    assert_eq!(level_of(&bench, LOBBY), Level::Everything);
}

/// N2: chosen without a connection, or lost with one.
#[test]
fn what_was_chosen_offline_is_asked_for_on_the_return_and_only_the_last_of_it() {
    let mut bench = Bench::live(1);
    bench.input(Input::Choose(level(Level::Everything)));
    bench.close(1006);
    bench.input(Input::Choose(level(Level::Nothing)));
    bench.input(Input::Choose(quiet(FAR)));
    bench.input(Input::Choose(level(Level::Mentions)));
    assert_eq!(asked(&mut bench).len(), 1, "the one that was lost");
    bench.wake();
    bench.open();
    // The welcome does not know of it.
    with(&mut bench, |welcome| {
        welcome.rooms[0].level = Some(Level::Everything);
    });
    assert_eq!(level_of(&bench, LOBBY), Level::Mentions);
    let choices: Vec<_> = asked(&mut bench).into_iter().map(|it| it.1).collect();
    assert_eq!(choices, [quiet(FAR), level(Level::Mentions)]);
}

/// N2: there and back again while the first is on its way.
#[test]
fn the_last_choice_is_asked_for_though_the_same_is_on_its_way() {
    let mut bench = Bench::live(1);
    for wanted in [Level::Nothing, Level::Everything, Level::Nothing] {
        bench.input(Input::Choose(level(wanted)));
    }
    let choices: Vec<_> = asked(&mut bench).into_iter().map(|it| it.1).collect();
    let expected = [Level::Nothing, Level::Everything, Level::Nothing].map(level);
    assert_eq!(choices, expected);
    // They were not answered in time: only the last one is of use.
    bench.close(1006);
    bench.wake();
    bench.join(1);
    bench.close(1006);
    bench.wake();
    bench.open();
    with(&mut bench, |_| {});
    let choices: Vec<_> = asked(&mut bench).into_iter().map(|it| it.1).collect();
    assert_eq!(choices, [level(Level::Nothing)]);
}

#[test]
fn a_choice_that_may_not_be_is_said_to_be_refused() {
    let mut bench = Bench::live(1);
    bench.input(Input::Choose(level(Level::Nothing)));
    let (request, choice) = asked(&mut bench)[0];
    let problem = shared::problem::Problem::NoSuchRoom;
    bench.receive(&ServerMessage::Refused {
        request: Some(request),
        client_id: None,
        problem: problem.clone(),
    });
    let asked = Asked::Choose(choice);
    let refused = Output::Refused { asked, problem };
    assert!(bench.take().contains(&refused));
}

/// N3
#[test]
fn quiet_ends_by_itself_at_its_time() {
    let mut bench = Bench::live(1);
    let now = bench.now.clock.0;
    bench.input(Input::Choose(quiet(now + 3_600_000)));
    assert!(bench.session.is_quiet());
    let (request, _) = asked(&mut bench)[0];
    bench.receive(&ServerMessage::Done { request });
    let before = bench.session.revisions().choices;
    for _ in 0..1_000 {
        bench.wake();
        bench.answer_pings();
        if !bench.session.is_quiet() {
            break;
        }
    }
    let late = bench.now.clock.0 - now - 3_600_000;
    assert!(late < 1_000, "{late} ms late");
    assert_eq!(bench.session.choices().quiet, None);
    assert!(bench.session.revisions().choices > before, "it shows");
    let later = bench.now.clock.0 + 1;
    told(&mut bench, quiet(later));
    assert!(bench.session.is_quiet(), "from another device");
    let until = None;
    told(&mut bench, Choice::Quiet { until });
    assert!(!bench.session.is_quiet());
}
