//! How far a person has read: counted here, told to the server, learnt from it. Rules U1 to U6.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use shared::ids::{ClientId, RoomId, Seq};
use shared::limits;
use shared::protocol::{
    Action, ClientMessage, Event, ReadAsOf, Reading, Room, ServerMessage, Welcome,
};
use shared::session::io::Input;
use shared::session::views::{Divider, Place};
use shared::sorted::Map;
use shared::text::Emoji;

use crate::bench::{Bench, EPOCH, LOBBY, ada, body, draft, person, room, welcome};
use crate::model::Server;
use crate::pair::{connect, reading, reconnect, settle};

fn unread(bench: &Bench) -> u64 {
    bench.session.rooms().map(|room| room.unread).sum()
}

fn say(server: &mut Server, n: u128) -> ServerMessage {
    let bob = person(2, "Bob");
    let (_, event) = server.say(&bob, ClientId(n), body(&format!("message {n}")));
    live(event)
}

fn live(event: Option<Event>) -> ServerMessage {
    let event = event.unwrap();
    ServerMessage::Event {
        room: LOBBY,
        event,
        quote: None,
    }
}

fn see(bench: &mut Bench, seq: u64) {
    let (room, seq) = (LOBBY, Seq(seq));
    bench.input(Input::Seen { room, seq });
}

/// What the server was told, in order.
fn told(bench: &mut Bench) -> Vec<ClientMessage> {
    let said = |message: &ClientMessage| {
        matches!(
            message,
            ClientMessage::Seen { .. } | ClientMessage::Unread { .. }
        )
    };
    bench.sent().into_iter().filter(said).collect()
}

fn seen(seq: u64) -> ClientMessage {
    ClientMessage::Seen {
        rooms: Map::from([(LOBBY, Seq(seq))]),
    }
}

fn answer(head: u64, to: u64, unread: u64) -> ServerMessage {
    let reading = Reading {
        to: Seq(to),
        unread,
        mentions: 0,
    };
    let head = Seq(head);
    ServerMessage::Seen {
        rooms: Map::from([(LOBBY, ReadAsOf { head, reading })]),
    }
}

/// U1
#[test]
fn messages_of_others_are_unread_and_nothing_else_is() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    let message = say(&mut server, 1);
    bench.receive(&message);
    assert_eq!(unread(&bench), 1);
    let bob = person(2, "Bob");
    let emoji = Emoji::parse("👍").unwrap();
    let react = Action::React {
        target: Seq(2),
        emoji,
        on: true,
    };
    let (_, event) = server.act(&bob, ClientId(2), None, react).unwrap();
    bench.receive(&live(event));
    bench.send(draft(3, "mine"));
    settle(&mut bench, &mut server);
    assert_eq!(
        unread(&bench),
        1,
        "neither a reaction nor what one says oneself"
    );
    let message = say(&mut server, 4);
    bench.receive(&message);
    bench.receive(&message);
    assert_eq!(unread(&bench), 2, "each once");
    see(&mut bench, 2);
    assert_eq!(
        unread(&bench),
        1,
        "what is left of what is held is counted anew"
    );
    see(&mut bench, 99);
    assert_eq!(unread(&bench), 0);
}

/// U1: also while the room is not held.
#[test]
fn a_welcome_says_what_is_unread_and_live_events_are_counted_on() {
    let mut server = Server::with_lobby();
    let mut bench = Bench::connecting(1);
    connect(&mut bench, &mut server);
    bench.close(1006);
    for n in 1..=3 {
        say(&mut server, n);
    }
    bench.wake();
    connect(&mut bench, &mut server);
    assert_eq!(unread(&bench), 3);
    let message = say(&mut server, 4);
    bench.receive(&message);
    assert_eq!(unread(&bench), 4);
    assert_eq!(bench.session.rows(LOBBY), []);
}

/// U2, U3
#[test]
fn what_was_read_is_told_once_a_second_and_never_backwards() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    for n in 1..=50 {
        let message = say(&mut server, n);
        bench.receive(&message);
    }
    bench.take();
    see(&mut bench, 3);
    assert_eq!(told(&mut bench), [seen(3)], "at once");
    for seq in [4, 5, 9, 7] {
        see(&mut bench, seq);
    }
    bench.pass(limits::SEEN_EVERY_MS - 1);
    bench.input(Input::Timer);
    assert_eq!(told(&mut bench), []);
    bench.pass(1);
    bench.input(Input::Timer);
    assert_eq!(told(&mut bench), [seen(9)], "and then together");
    see(&mut bench, 10);
    bench.input(Input::Hidden);
    assert_eq!(told(&mut bench), [seen(10)], "before the page is gone");
    bench.receive(&answer(51, 10, 41));
    bench.pass(limits::SEEN_AGAIN_MS);
    bench.input(Input::Timer);
    assert_eq!(told(&mut bench), [], "it is confirmed");
}

/// U3
#[test]
fn what_was_not_confirmed_is_told_again() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    let message = say(&mut server, 1);
    bench.receive(&message);
    see(&mut bench, 2);
    assert_eq!(told(&mut bench), [seen(2)]);
    bench.pass(limits::SEEN_AGAIN_MS);
    bench.input(Input::Timer);
    assert_eq!(told(&mut bench), [seen(2)], "the server was silent");

    bench.close(1006);
    bench.wake();
    connect(&mut bench, &mut server);
    assert_eq!(
        server.reading(&ada(), LOBBY).to,
        Seq(2),
        "and after coming back"
    );
    // Read without a connection.
    say(&mut server, 2);
    reconnect(&mut bench, &mut server);
    bench.close(1006);
    see(&mut bench, 3);
    assert_eq!(unread(&bench), 0);
    bench.wake();
    bench.open();
    let ServerMessage::Welcome(facts) = welcome(3) else {
        panic!("a welcome")
    };
    let behind = Reading {
        to: Seq(2),
        unread: 1,
        mentions: 0,
    };
    let rooms = facts.rooms.into_iter();
    let rooms = rooms.map(|room| Room {
        reading: behind,
        ..room
    });
    bench.receive(&ServerMessage::Welcome(Welcome {
        rooms: rooms.collect(),
        ..facts
    }));
    assert_eq!(unread(&bench), 0, "what was said here is newer");
    bench.receive(&ServerMessage::Resumed);
    assert_eq!(told(&mut bench), [seen(3)]);
}

/// U4
#[test]
fn what_was_read_or_marked_elsewhere_counts_here_at_once() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    for n in 1..=3 {
        let message = say(&mut server, n);
        bench.receive(&message);
    }
    assert_eq!(unread(&bench), 3);
    bench.receive(&answer(4, 4, 0));
    assert_eq!(unread(&bench), 0);
    bench.receive(&answer(4, 2, 2));
    assert_eq!(unread(&bench), 2, "unread again");
    let message = say(&mut server, 4);
    bench.receive(&message);
    assert_eq!(unread(&bench), 3, "and counted on from there");
    see(&mut bench, 5);
    bench.receive(&answer(5, 3, 2));
    assert_eq!(unread(&bench), 0, "an answer to something older");
}

/// U4: a page may bring events before they come live, and the server's count with them.
#[test]
fn what_a_page_has_brought_is_counted_once() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    say(&mut server, 1);
    let second = say(&mut server, 2);
    bench.receive(&second);
    settle(&mut bench, &mut server);
    assert_eq!(unread(&bench), 2);
    bench.receive(&answer(2, 2, 0));
    assert_eq!(unread(&bench), 1, "the second one is behind that");
    bench.receive(&second);
    assert_eq!(unread(&bench), 1);
}

/// U5
#[test]
fn a_room_that_was_marked_unread_stays_so_until_it_is_opened_again() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    for n in 1..=4 {
        let message = say(&mut server, n);
        bench.receive(&message);
    }
    see(&mut bench, 5);
    settle(&mut bench, &mut server);
    bench.close(1006);
    let (room, from) = (LOBBY, Seq(3));
    bench.input(Input::MarkUnread { room, from });
    assert_eq!(unread(&bench), 3);
    let divider = bench.session.opening(LOBBY).divider;
    let (after, read) = (Seq(2), false);
    assert_eq!(divider, Some(Divider { after, read }));
    bench.wake();
    connect(&mut bench, &mut server);
    assert_eq!(
        server.reading(&ada(), LOBBY).to,
        Seq(2),
        "told when that was possible"
    );
    let message = say(&mut server, 5);
    bench.receive(&message);
    see(&mut bench, 6);
    settle(&mut bench, &mut server);
    assert_eq!(unread(&bench), 4, "to see it does not read it");
    bench.input(Input::Open { room });
    see(&mut bench, 6);
    assert_eq!(unread(&bench), 0);
    bench.input(Input::MarkUnread { room, from });
    bench.input(Input::MarkRead { room: Some(room) });
    bench.pass(limits::SEEN_EVERY_MS);
    bench.input(Input::Timer);
    settle(&mut bench, &mut server);
    assert_eq!(unread(&bench), 0);
    assert_eq!(server.reading(&ada(), LOBBY).to, Seq(6));
}

/// U2: more rooms than one statement holds.
#[test]
fn all_rooms_are_read_at_once_and_told_in_turn() {
    let mut bench = Bench::connecting(1);
    bench.open();
    let unread_room = |id| Room {
        reading: Reading {
            to: Seq(3),
            unread: 2,
            mentions: 1,
        },
        ..room(RoomId(id), 5)
    };
    let ServerMessage::Welcome(facts) = welcome(1) else {
        panic!("a welcome")
    };
    bench.receive(&ServerMessage::Welcome(Welcome {
        rooms: (1..=1_000).map(unread_room).collect(),
        epoch: EPOCH,
        ..facts
    }));
    bench.receive(&ServerMessage::Resumed);
    bench.take();
    assert_eq!(unread(&bench), 2_000);
    bench.input(Input::MarkRead { room: None });
    assert_eq!(unread(&bench), 0);
    assert!(bench.session.rooms().all(|room| room.mentions == 0));
    let mut server = Map::new();
    for _ in 0..2 {
        for message in told(&mut bench) {
            let ClientMessage::Seen { rooms } = message else {
                panic!("{message:?}")
            };
            assert!(rooms.len() <= limits::SEEN_ROOMS);
            let read = |to: Seq| ReadAsOf {
                head: Seq(5),
                reading: Reading {
                    to,
                    ..Reading::default()
                },
            };
            let confirmed = rooms.iter().map(|(room, to)| (*room, read(*to)));
            let confirmed = confirmed.collect();
            server.extend(rooms);
            bench.receive(&ServerMessage::Seen { rooms: confirmed });
        }
        bench.pass(limits::SEEN_EVERY_MS);
        bench.input(Input::Timer);
    }
    assert_eq!(server.len(), 1_000);
    assert!(server.values().all(|to| *to == Seq(5)));
}

/// U6, D3
#[test]
fn what_went_by_uncounted_is_asked_for() {
    let mut server = Server::with_lobby();
    let mut bench = Bench::connecting(1);
    connect(&mut bench, &mut server);
    for n in 1..=5 {
        say(&mut server, n);
    }
    let heads = Map::from([(LOBBY, Seq(6))]);
    bench.receive(&ServerMessage::Behind { heads });
    settle(&mut bench, &mut server);
    assert_eq!(unread(&bench), 5);
    assert_eq!(
        server.reading(&ada(), LOBBY).to,
        Seq(1),
        "asking moves nothing"
    );

    say(&mut server, 6);
    let after_a_hole = say(&mut server, 7);
    bench.receive(&after_a_hole);
    bench.pass(limits::SEEN_EVERY_MS);
    bench.input(Input::Timer);
    settle(&mut bench, &mut server);
    assert_eq!(unread(&bench), 7);
}

#[test]
fn a_room_opens_at_what_is_new_or_where_one_left() {
    let mut server = Server::with_lobby();
    let mut bench = Bench::connecting(1);
    connect(&mut bench, &mut server);
    bench.close(1006);
    for n in 1..=400 {
        say(&mut server, n);
    }
    bench.wake();
    connect(&mut bench, &mut server);
    let room = LOBBY;
    bench.input(Input::Open { room });
    settle(&mut bench, &mut server);
    let opening = bench.session.opening(room);
    let (after, read) = (Seq(1), false);
    assert_eq!(opening.at, Some(Place::Unread(Seq(2))));
    assert_eq!(opening.divider, Some(Divider { after, read }));
    let timeline = bench.session.timeline(room).unwrap();
    assert!(!timeline.is_missing(Seq(2)) && !timeline.is_missing(Seq(401)));

    bench.input(Input::MarkRead { room: Some(room) });
    let divider = bench.session.opening(room).divider;
    let read = true;
    assert_eq!(divider, Some(Divider { after, read }), "it keeps its space");

    let at = Some(Seq(120));
    bench.input(Input::Left { room, at });
    bench.input(Input::Open { room });
    let opening = bench.session.opening(room);
    assert_eq!(opening.at, Some(Place::Left(Seq(120))));
    assert_eq!(opening.divider, None);
    bench.input(Input::Open { room });
    assert_eq!(bench.session.opening(room).at, None, "once");
}

#[test]
fn what_came_while_nobody_looked_is_new() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    let room = LOBBY;
    bench.input(Input::Returned { room });
    assert_eq!(bench.session.opening(room).divider, None, "nothing came");
    let message = say(&mut server, 1);
    bench.receive(&message);
    bench.input(Input::Returned { room });
    let divider = |after, read| Some(Divider { after, read });
    assert_eq!(bench.session.opening(room).divider, divider(Seq(1), false));
    see(&mut bench, 2);
    // So it is with what came while there was no connection.
    bench.input(Input::MarkRead { room: Some(room) });
    settle(&mut bench, &mut server);
    bench.close(1006);
    say(&mut server, 2);
    bench.wake();
    connect(&mut bench, &mut server);
    assert_eq!(bench.session.opening(room).divider, divider(Seq(2), false));
}

/// R8
#[test]
fn in_another_history_nothing_was_read() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    let message = say(&mut server, 1);
    bench.receive(&message);
    bench.close(1006);
    see(&mut bench, 2);
    bench.wake();
    bench.open();
    let ServerMessage::Welcome(facts) = welcome(1) else {
        panic!("a welcome")
    };
    bench.receive(&ServerMessage::Welcome(Welcome {
        epoch: shared::ids::Epoch(EPOCH.0 + 1),
        ..facts
    }));
    bench.receive(&ServerMessage::Resumed);
    assert_eq!(told(&mut bench), []);
}
