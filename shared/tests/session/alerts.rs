//! When a person is told of what was said while they look elsewhere. Rules N4 to N6.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use shared::ids::{ClientId, PersonId, RoomId, Seq};
use shared::limits;
use shared::protocol::{
    Action, Choice, FOREVER, Level, Post, ReadAsOf, Reading, Room, RoomKind, ServerMessage,
};
use shared::session::alerts::Alert;
use shared::session::io::{Input, Output};
use shared::sorted::Map;

use crate::bench::{Bench, LOBBY, body, person, room};
use crate::model::Server;
use crate::pair::{connect, reading, reconnect, settle};

/// A session whose person looks elsewhere and wants to hear of everything in the lobby.
fn away(server: &mut Server) -> Bench {
    let mut bench = reading(server);
    bench.input(Input::Watched(false));
    choose(&mut bench, Level::Everything);
    bench.take();
    bench
}

fn choose(bench: &mut Bench, level: Level) {
    let choice = Choice::Level { room: LOBBY, level };
    bench.receive(&ServerMessage::Chosen { choice });
}

/// Bob says something, live.
fn say(server: &mut Server, n: u128, mentions: &[u64]) -> ServerMessage {
    let post = Post {
        mentions: mentions.iter().copied().map(PersonId).collect(),
        ..body(&format!("message {n}")).into()
    };
    let bob = person(2, "Bob");
    let done = server.act(&bob, ClientId(n), None, Action::Message(post));
    server.live(done.unwrap().1.unwrap())
}

/// Lets the moment pass after which the person is told, and takes what they are.
fn told(bench: &mut Bench) -> Vec<Alert> {
    bench.pass(limits::ALERT_AFTER_MS);
    bench.input(Input::Timer);
    let alert = |output| match output {
        Output::Alert(alert) => Some(alert),
        _ => None,
    };
    bench.take().into_iter().filter_map(alert).collect()
}

fn withdrawn(bench: &mut Bench) -> Vec<RoomId> {
    let room = |output| match output {
        Output::Withdraw { room } => Some(room),
        _ => None,
    };
    bench.take().into_iter().filter_map(room).collect()
}

fn said(alerts: &[Alert]) -> Vec<(u64, String)> {
    let said = |alert: &Alert| match alert {
        Alert::Said { seq, text, .. } => (seq.0, text.to_string()),
        other => panic!("{other:?}"),
    };
    alerts.iter().map(said).collect()
}

fn read_elsewhere(bench: &mut Bench, head: u64, to: u64, unread: u64) {
    let reading = Reading {
        to: Seq(to),
        unread,
        mentions: 0,
    };
    let head = Seq(head);
    let rooms = Map::from([(LOBBY, ReadAsOf { head, reading })]);
    bench.receive(&ServerMessage::Seen { rooms });
}

/// N4, N5
#[test]
fn who_looks_elsewhere_is_told_of_the_newest_message_after_a_moment() {
    let mut server = Server::with_lobby();
    let mut bench = away(&mut server);
    let first = say(&mut server, 1, &[]);
    bench.receive(&first);
    bench.receive(&first);
    let second = say(&mut server, 2, &[]);
    bench.receive(&second);
    let due = bench.session.wake_at().unwrap();
    assert!(due - bench.now.ticks <= limits::ALERT_AFTER_MS);
    assert_eq!(said(&told(&mut bench)), [(3, "message 2".into())]);
    assert_eq!(told(&mut bench), [], "once");
}

/// N4: by the level of the room.
#[test]
fn the_level_says_of_what() {
    let mut server = Server::with_lobby();
    let mut bench = away(&mut server);
    let mut n = 0;
    for (level, named, expected) in [
        (Level::Everything, &[][..], 1),
        (Level::Mentions, &[], 0),
        (Level::Mentions, &[1], 1),
        (Level::Mentions, &[0], 1),
        (Level::Mentions, &[2], 0),
        (Level::Nothing, &[1], 0),
    ] {
        choose(&mut bench, level);
        n += 1;
        let message = say(&mut server, n, named);
        bench.receive(&message);
        let alerts = told(&mut bench);
        assert_eq!(alerts.len(), expected, "{level:?} {named:?}");
    }
}

/// N4: where they look.
#[test]
fn who_looks_at_the_room_is_not_told_and_who_looks_at_another_hears_it() {
    let mut server = Server::with_lobby();
    let mut bench = away(&mut server);
    bench.input(Input::Watched(true));
    let first = say(&mut server, 1, &[]);
    bench.receive(&first);
    assert_eq!(told(&mut bench), []);
    bench.input(Input::Open { room: RoomId(77) });
    let second = say(&mut server, 2, &[]);
    bench.receive(&second);
    assert_eq!(told(&mut bench), [Alert::Sound]);
}

/// N4, N5: quiet that begins within the moment holds as well.
#[test]
fn nobody_is_told_of_anything_while_they_want_quiet() {
    let mut server = Server::with_lobby();
    let mut bench = away(&mut server);
    let first = say(&mut server, 1, &[]);
    bench.receive(&first);
    let until = Some(FOREVER);
    bench.input(Input::Choose(Choice::Quiet { until }));
    assert_eq!(told(&mut bench), []);
    let second = say(&mut server, 2, &[1]);
    bench.receive(&second);
    assert_eq!(told(&mut bench), []);
    bench.input(Input::Choose(Choice::Quiet { until: None }));
    assert_eq!(told(&mut bench), [], "nor of it afterwards");
    let third = say(&mut server, 3, &[]);
    bench.receive(&third);
    assert_eq!(said(&told(&mut bench)), [(4, "message 3".into())]);
}

/// N5: what is read within the moment, on whatever device, needs no telling.
#[test]
fn what_is_read_at_once_is_not_told() {
    let mut server = Server::with_lobby();
    let mut bench = away(&mut server);
    let first = say(&mut server, 1, &[]);
    bench.receive(&first);
    read_elsewhere(&mut bench, 2, 2, 0);
    assert_eq!(told(&mut bench), []);
    let second = say(&mut server, 2, &[]);
    bench.receive(&second);
    let (room, seq) = (LOBBY, Seq(3));
    bench.input(Input::Seen { room, seq });
    assert_eq!(told(&mut bench), []);
}

/// N5: what was told is withdrawn when it is read on another device, or is of no interest any more.
#[test]
fn what_is_read_elsewhere_is_withdrawn() {
    let mut server = Server::with_lobby();
    let mut bench = away(&mut server);
    for n in 1..=2 {
        let message = say(&mut server, n, &[]);
        bench.receive(&message);
    }
    assert_eq!(told(&mut bench).len(), 1);
    read_elsewhere(&mut bench, 3, 2, 1);
    assert_eq!(withdrawn(&mut bench), [], "one is left");
    read_elsewhere(&mut bench, 3, 3, 0);
    assert_eq!(withdrawn(&mut bench), [LOBBY]);
    let message = say(&mut server, 3, &[]);
    bench.receive(&message);
    assert_eq!(told(&mut bench).len(), 1);
    choose(&mut bench, Level::Nothing);
    assert_eq!(withdrawn(&mut bench), [LOBBY], "muted meanwhile");
    read_elsewhere(&mut bench, 4, 1, 3);
    assert_eq!(told(&mut bench), [], "marked unread elsewhere is no news");
}

#[test]
fn what_one_marks_as_unread_oneself_is_no_news() {
    let mut server = Server::with_lobby();
    let mut bench = away(&mut server);
    let message = say(&mut server, 1, &[]);
    bench.receive(&message);
    let (room, seq) = (LOBBY, Seq(2));
    bench.input(Input::Seen { room, seq });
    let from = Seq(2);
    bench.input(Input::MarkUnread { room, from });
    settle(&mut bench, &mut server);
    assert_eq!(told(&mut bench), []);
}

/// N6
#[test]
fn what_was_missed_is_told_in_one_sentence() {
    let mut server = Server::with_lobby();
    let mut bench = away(&mut server);
    for missed in [1_u64, 40, 300] {
        bench.close(1006);
        for n in 0..missed {
            // The model keeps no levels: what is usual holds.
            say(&mut server, u128::from(missed * 1_000 + n), &[1]);
        }
        reconnect_after_close(&mut bench, &mut server);
        let alerts = told(&mut bench);
        // The server counts a hundred; those of a room that is held are counted here.
        let [
            Alert::Several {
                messages,
                rooms,
                room,
            },
        ] = alerts[..]
        else {
            panic!("{alerts:?}")
        };
        assert_eq!(
            (messages.min(100), rooms, room),
            (missed.min(100), 1, Some(LOBBY))
        );
        let (room, seq) = (LOBBY, Seq::MAX);
        bench.input(Input::Seen { room, seq });
        assert_eq!(withdrawn(&mut bench), [LOBBY]);
    }
    reconnect(&mut bench, &mut server);
    assert_eq!(told(&mut bench), [], "nothing was missed");
}

fn reconnect_after_close(bench: &mut Bench, server: &mut Server) {
    bench.wake();
    connect(bench, server);
}

/// N6: what was there when the page was opened is on the page.
#[test]
fn what_was_unread_before_is_not_told_when_the_session_begins() {
    let mut server = Server::with_lobby();
    let mut bench = Bench::connecting(1);
    connect(&mut bench, &mut server);
    bench.close(1006);
    say(&mut server, 1, &[1]);
    let mut other = Bench::connecting(2);
    connect(&mut other, &mut server);
    settle(&mut other, &mut server);
    assert_eq!(other.session.rooms().next().unwrap().mentions, 1);
    assert_eq!(told(&mut other), []);
}

/// N5: of several tabs of a person one tells.
#[test]
fn only_the_tab_that_sends_tells() {
    let mut server = Server::with_lobby();
    let mut tabs = [away(&mut server), away(&mut server)];
    tabs[1].input(Input::Sending(false));
    let message = say(&mut server, 1, &[]);
    let alerts = tabs.each_mut().map(|tab| {
        tab.receive(&message);
        told(tab).len()
    });
    assert_eq!(alerts, [1, 0]);
}

/// L5, N4: the first message of a direct room brings the room with it, and its text.
#[test]
fn the_first_message_of_a_direct_room_is_told() {
    let mut bench = Bench::live(1);
    let direct = RoomId(9);
    let room = Room {
        kind: RoomKind::Direct,
        people: vec![person(1, "Ada"), person(2, "Bob")],
        reading: Reading {
            to: Seq(1),
            unread: 1,
            mentions: 0,
        },
        ..room(direct, 2)
    };
    let request = None;
    bench.receive(&ServerMessage::Joined { request, room });
    let mut server = Server::with_lobby();
    let ServerMessage::Event { event, quote, .. } = say(&mut server, 1, &[]) else {
        panic!()
    };
    let room = direct;
    bench.receive(&ServerMessage::Event { room, event, quote });
    assert_eq!(said(&told(&mut bench)), [(2, "message 1".into())]);
}

/// N5: many rooms at once are one sentence, few are told one by one.
#[test]
fn many_rooms_at_once_are_told_in_one_sentence() {
    for count in [limits::ALERT_ROOMS, limits::ALERT_ROOMS + 1] {
        let mut bench = Bench::live(1);
        let rooms = (100..).take(count).map(RoomId);
        for (id, n) in rooms.zip(1..) {
            let room = Room {
                level: Some(Level::Everything),
                ..room(id, 1)
            };
            let request = None;
            bench.receive(&ServerMessage::Joined { request, room });
            let mut server = Server::with_lobby();
            let ServerMessage::Event { event, quote, .. } = say(&mut server, n, &[]) else {
                panic!()
            };
            let room = id;
            bench.receive(&ServerMessage::Event { room, event, quote });
        }
        let alerts = told(&mut bench);
        if count <= limits::ALERT_ROOMS {
            assert_eq!(alerts.len(), count);
        } else {
            let (messages, rooms) = (count as u64, count as u64);
            let room = None;
            let several = Alert::Several {
                messages,
                rooms,
                room,
            };
            assert_eq!(alerts, [several]);
        }
    }
}
