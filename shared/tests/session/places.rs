//! What a session knows of a room itself: its name, its topic, whether it is archived; and rooms that appear and go.

use shared::ids::{ClientId, Link, PersonId, RequestId, RoomId, Seq, Timestamp};
use shared::problem::Problem;
use shared::protocol::{
    Action, ClientMessage, Content, Event, Person, Reading, Room, RoomKind, ServerMessage,
};
use shared::session::io::{Input, Output};
use shared::session::outbox::Draft;
use shared::session::views::Row;
use shared::text::{RoomName, Topic};

use crate::bench::{Bench, LOBBY, ada, body, person};
use crate::model::Server;
use crate::pair::{connect, reading};
use crate::people::profile;

fn name(text: &str) -> RoomName {
    RoomName::parse(text).unwrap()
}

/// What is said of the lobby.
pub fn view(bench: &Bench) -> (String, Option<String>, bool, u32) {
    let mut rooms = bench.session.rooms();
    let room = rooms.find(|room| room.id == LOBBY).unwrap();
    let topic = room.topic.map(Topic::to_string);
    let pace = room.pace.seconds();
    (room.name.to_string(), topic, room.archived, pace)
}

/// L7, L8, S8: renaming and archiving wait in the outbox while one is offline, and are done in order afterwards.
#[test]
fn what_was_done_to_a_room_offline_is_done_on_return() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    bench.close(1006);
    let actions = [
        Action::Rename { name: name("tea") },
        Action::Archive { on: true },
        Action::Add {
            person: person(2, "Bob"),
        },
    ];
    for (n, action) in (1..).zip(actions) {
        bench.send(Draft {
            room: LOBBY,
            client_id: ClientId(n),
            action,
            written: Timestamp(0),
        });
    }
    assert_eq!(bench.session.outbox_len(), 3);
    bench.wake();
    connect(&mut bench, &mut server);
    let log = server.as_it_stands();
    let kinds: Vec<&str> = log.iter().map(|event| event.content.kind()).collect();
    assert_eq!(kinds, ["message", "renamed", "archived", "added"]);
    assert_eq!(view(&bench), ("tea".into(), None, true, 0));
    assert_eq!(bench.session.outbox_len(), 0);
}

fn direct(people: &[Person], head: u64) -> Room {
    Room {
        kind: RoomKind::Direct,
        people: people.to_vec(),
        active: Some(Timestamp(5)),
        reading: Reading {
            to: Seq(head).back(1),
            unread: 1,
            mentions: 0,
        },
        ..Room::public(RoomId(7), name("Bob"), Seq(head))
    }
}

fn said(seq: u64, author: &Person) -> ServerMessage {
    let event = Event {
        seq: Seq(seq),
        at: Timestamp(100 + seq),
        author: author.clone(),
        client_id: ClientId(u128::from(seq)),
        link: Link(seq),
        content: Content::message(body("hello")),
    };
    let room = RoomId(7);
    ServerMessage::Event {
        room,
        event,
        quote: None,
    }
}

/// L4: opening a conversation waits for the connection, is asked again after a lost one under the same client id, and
/// shows the room when it is there.
#[test]
fn a_direct_room_is_opened_once_however_often_it_is_asked_for() {
    let mut bench = Bench::live(1);
    let people = vec![PersonId(2)];
    let client_id = ClientId(77);
    bench.input(Input::OpenDirect {
        people: people.clone(),
        client_id,
    });
    let asked = |bench: &mut Bench| -> Vec<(RequestId, Vec<PersonId>, ClientId)> {
        let sent = bench.sent().into_iter();
        sent.filter_map(|message| match message {
            ClientMessage::OpenDirect {
                request,
                client_id,
                people,
            } => Some((request, people, client_id)),
            _ => None,
        })
        .collect()
    };
    assert_eq!(asked(&mut bench).len(), 1);
    bench.close(1006);
    bench.wake();
    bench.open();
    bench.receive(&crate::bench::welcome(1));
    bench.receive(&ServerMessage::Resumed);
    let again = asked(&mut bench);
    assert_eq!(again.len(), 1);
    let (request, of, id) = again[0].clone();
    assert_eq!((of, id), (people, client_id));
    bench.receive(&ServerMessage::Joined {
        request: Some(request),
        room: direct(&[ada(), person(2, "Bob")], 1),
    });
    assert!(bench.take().contains(&Output::Joined { room: RoomId(7) }));
    bench.receive(&ServerMessage::Refused {
        request: Some(request),
        client_id: None,
        problem: Problem::NoSuchPerson,
    });
    assert_eq!(bench.take(), [], "it was answered already");
}

/// L5, D4: a conversation that somebody begins appears by itself, and what is said in it moves it up.
#[test]
fn a_direct_room_appears_and_knows_when_something_was_said_last() {
    let mut bench = Bench::live(1);
    let bob = person(2, "Bob");
    bench.receive(&ServerMessage::Joined {
        request: None,
        room: direct(&[ada(), bob.clone()], 2),
    });
    bench.receive(&said(2, &bob));
    bench.receive(&said(3, &bob));
    let mut rooms = bench.session.rooms();
    let room = rooms.find(|room| room.id == RoomId(7)).unwrap();
    assert_eq!(room.kind, RoomKind::Direct);
    assert_eq!(room.people, [ada(), bob]);
    assert_eq!(room.active, Some(Timestamp(103)));
    assert_eq!(room.unread, 2);
    drop(rooms);
    bench.receive(&ServerMessage::Left {
        room: RoomId(7),
        taken_out: None,
    });
    assert!(bench.session.rooms().all(|room| room.id != RoomId(7)));
}

/// D7, L4: a direct room is called by its people, also when they are called otherwise.
#[test]
fn a_direct_room_follows_the_names_of_its_people() {
    let mut bench = Bench::live(1);
    bench.receive(&ServerMessage::Joined {
        request: None,
        room: direct(&[ada(), person(2, "Bob"), person(3, "Cy")], 2),
    });
    let before = bench.session.revisions().rooms;
    bench.receive(&ServerMessage::People {
        people: vec![profile(2, "Robert", 4)],
    });
    assert!(bench.session.revisions().rooms > before);
    let mut rooms = bench.session.rooms();
    let room = rooms.find(|room| room.id == RoomId(7)).unwrap();
    assert_eq!(room.people[1], person(2, "Robert"));
    assert_eq!(&**room.name, "Robert, Cy");
}

/// Those who join one right after the other share a row, whatever comes before and after.
#[test]
fn several_who_join_share_a_row() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    let joined = |bench: &mut Bench, seq: u64, link: Link| {
        let mut event = Event {
            seq: Seq(seq),
            at: Timestamp(seq),
            author: person(10 + seq, "Guest"),
            client_id: ClientId(u128::from(seq)),
            link: Link(0),
            content: Content::Joined,
        };
        event.link = link.next(&event);
        let link = event.link;
        bench.receive(&ServerMessage::Event {
            room: LOBBY,
            event,
            quote: None,
        });
        link
    };
    let kinds = |bench: &Bench| -> Vec<usize> {
        let rows = bench.session.rows(LOBBY).into_iter();
        rows.map(|row| match row {
            Row::Joined(several) => several.len(),
            Row::Event(_) => 1,
            _ => 0,
        })
        .collect()
    };
    let mut link = server.as_it_stands()[0].link;
    link = joined(&mut bench, 2, link);
    assert_eq!(kinds(&bench), [0, 1, 1]);
    for seq in 3..=6 {
        link = joined(&mut bench, seq, link);
    }
    assert_eq!(kinds(&bench), [0, 1, 5]);
}

/// L9: of several searches that wait, only the last one is asked.
#[test]
fn only_what_was_typed_last_is_looked_for() {
    let mut bench = Bench::connecting(1);
    for text in ["b", "bo", "bob"] {
        bench.input(Input::FindPeople { text: text.into() });
    }
    bench.open();
    bench.receive(&crate::bench::welcome(1));
    bench.receive(&ServerMessage::Resumed);
    let asked: Vec<_> = bench
        .sent()
        .into_iter()
        .filter_map(|message| match message {
            ClientMessage::FindPeople { request, text } => Some((request, text)),
            _ => None,
        })
        .collect();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].1, "bob");
    bench.receive(&ServerMessage::PeopleFound {
        request: asked[0].0,
        people: vec![person(2, "Bob")],
        more: false,
    });
    let found = bench.session.found_people().unwrap();
    assert_eq!((found.text.as_str(), found.people.len()), ("bob", 1));
}
