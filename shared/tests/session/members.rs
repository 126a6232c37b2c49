//! What a session knows of the people in a room.

use shared::ids::{ClientId, Link, RequestId, Seq, Timestamp};
use shared::protocol::{ClientMessage, Content, Event, Person, ServerMessage};
use shared::session::io::Input;

use crate::bench::{Bench, LOBBY, ada, person, welcome};

fn event(seq: u64, author: &Person, content: Content) -> ServerMessage {
    let event = Event {
        seq: Seq(seq),
        at: Timestamp(seq),
        author: author.clone(),
        client_id: ClientId(u128::from(seq)),
        link: Link(seq),
        content,
    };
    ServerMessage::Event {
        room: LOBBY,
        event,
        quote: None,
    }
}

fn listed(request: RequestId, head: u64, people: &[Person]) -> ServerMessage {
    ServerMessage::Members {
        request,
        room: LOBBY,
        head: Seq(head),
        people: people.to_vec(),
        more: false,
        banned: Vec::new(),
    }
}

/// The question that was sent, if there was one.
fn asked(bench: &mut Bench) -> Option<RequestId> {
    bench.sent().into_iter().find_map(|message| match message {
        ClientMessage::Members { request, .. } => Some(request),
        _ => None,
    })
}

fn names(bench: &Bench) -> Vec<String> {
    let list = bench.session.members().unwrap();
    let names = list.people.iter().map(|person| person.name.to_string());
    names.collect()
}

/// L1: the list follows the room's events, whichever of them it has in it already.
#[test]
fn who_comes_and_goes_is_taken_into_the_list() {
    let mut bench = Bench::live(5);
    bench.input(Input::ListMembers { room: LOBBY });
    let request = asked(&mut bench).unwrap();
    let (bob, cy) = (person(2, "Bob"), person(3, "Cy"));
    bench.receive(&listed(request, 5, &[ada(), bob.clone()]));
    let revision = bench.session.revisions().members;
    bench.receive(&event(6, &cy, Content::Joined));
    bench.receive(&event(6, &cy, Content::Joined));
    assert_eq!(names(&bench), ["Ada", "Bob", "Cy"]);
    assert!(bench.session.revisions().members > revision);
    bench.receive(&event(7, &bob, Content::Left));
    assert_eq!(names(&bench), ["Ada", "Cy"]);
}

/// L1: an event that overtakes the answer is not lost with the older list.
#[test]
fn what_came_before_an_older_list_is_taken_in_again() {
    let mut bench = Bench::live(1);
    bench.input(Input::Open { room: LOBBY });
    bench.input(Input::ListMembers { room: LOBBY });
    let request = asked(&mut bench).unwrap();
    let bob = person(2, "Bob");
    bench.receive(&event(2, &bob, Content::Joined));
    bench.receive(&listed(request, 1, &[ada()]));
    assert_eq!(names(&bench), ["Ada", "Bob"]);
}

/// L1: after a time away the list is asked for anew, and one of another room is not shown meanwhile.
#[test]
fn a_list_that_may_have_missed_something_is_asked_for_again() {
    let mut bench = Bench::live(5);
    bench.input(Input::ListMembers { room: LOBBY });
    let request = asked(&mut bench).unwrap();
    bench.receive(&listed(request, 5, &[ada()]));
    bench.close(1006);
    bench.wake();
    bench.open();
    bench.receive(&welcome(6));
    bench.receive(&ServerMessage::Resumed);
    let request = asked(&mut bench).unwrap();
    bench.receive(&listed(request, 6, &[ada(), person(2, "Bob")]));
    assert_eq!(names(&bench), ["Ada", "Bob"]);
    let room = shared::ids::RoomId(2);
    bench.input(Input::ListMembers { room });
    assert_eq!(bench.session.members(), None);
}
