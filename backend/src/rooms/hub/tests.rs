//! The hub alone.

use shared::ids::Timestamp;
use shared::protocol::Person;
use shared::text::PersonName;

use super::*;
use crate::rooms::budget::Rate;
use crate::rooms::mailbox::{Appetite, Mail, Taker};

fn identity(person: u64) -> Identity {
    Identity {
        person: Person {
            id: PersonId(person),
            name: PersonName::parse("Ada").unwrap(),
        },
        session: SessionId(i64::try_from(person).unwrap()),
        used: Timestamp::default(),
    }
}

fn hub() -> Arc<Hub> {
    Arc::new(Hub::new(Limits::default()))
}

/// How many live frames wait.
fn waiting(mailbox: &Mailbox) -> usize {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let taker = Taker {
        is_joined: true,
        has_room: true,
        is_idle: true,
    };
    let mut count = 0;
    let _: std::task::Poll<Mail> = mailbox.poll_take(&mut context, taker, |_| {
        count += 1;
        Appetite::More
    });
    count
}

/// S6: leaving restores no budget; and people who left are forgotten in the end, or the table would grow for ever.
#[test]
fn who_left_is_forgotten_but_not_what_they_owe() {
    const BURST: u32 = 1_000;
    // One a second, so that a slow machine earns little of it back meanwhile.
    let sends = Rate::secondly(1, BURST);
    let hub = Arc::new(Hub::new(Limits {
        sends,
        ..Limits::default()
    }));
    let debtor = PersonId(1);
    let spend_all = || (0..BURST).take_while(|_| hub.spend_send(debtor).is_ok());
    let registration = hub.register(&identity(1)).unwrap();
    assert_eq!(spend_all().count(), 1_000);
    drop(registration);
    for person in 2..10_000 {
        drop(hub.register(&identity(person)).unwrap());
    }
    assert!(hub.lock().people.len() <= SLACK + 1);
    assert!(spend_all().count() < 500);
}

#[tokio::test]
async fn a_connection_that_left_hears_nothing_and_is_held_by_no_one() {
    let hub = hub();
    let room = RoomId(7);
    let (stays, goes) = (hub.register(&identity(1)), hub.register(&identity(1)));
    let (stays, goes) = (stays.unwrap(), goes.unwrap());
    for registration in [&stays, &goes] {
        hub.subscribe(registration.mailbox(), [room, room].into_iter());
    }
    let gone = Arc::clone(goes.mailbox());
    drop(goes);
    let event = Parcel::event(room, &ServerMessage::Resumed);
    hub.deliver(room, Seq(1), vec![event]).await;
    assert_eq!((waiting(stays.mailbox()), waiting(&gone)), (1, 0));
    assert_eq!(Arc::strong_count(&gone), 1);
    // A subscription that comes after it has left must not bring it back.
    hub.subscribe(&gone, [room].into_iter());
    assert_eq!(Arc::strong_count(&gone), 1);
    assert_eq!(hub.connections(), 1);
}

/// K3: after the drain began, no connection comes in that was not told.
#[test]
fn a_hub_that_drains_takes_no_one() {
    let hub = hub();
    let early = hub.register(&identity(1)).unwrap();
    hub.drain();
    assert_eq!(hub.register(&identity(2)).err(), Some(Refusal::Draining));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let taker = Taker {
        is_joined: false,
        has_room: false,
        is_idle: false,
    };
    let order = early
        .mailbox()
        .poll_take(&mut context, taker, |_| Appetite::Enough);
    assert_eq!(order, std::task::Poll::Ready(Mail::Order(Order::Drain)));
}

/// D5: what was read of one's rooms may be older than leaving one: it does not bring the room back, joining does.
#[tokio::test]
async fn a_room_that_was_left_while_joining_is_not_heard() {
    enum Step {
        Greet,
        Exit,
        Enter,
        Subscribe,
    }
    use Step::{Enter, Exit, Greet, Subscribe};
    let (hub, room) = (hub(), RoomId(7));
    // Each with whether the room is heard in the end, and how often the connection was told that it was left.
    for (person, (steps, heard, left)) in (1..).zip([
        (vec![Greet, Subscribe], 1, 0),
        (vec![Greet, Exit, Subscribe], 0, 1),
        (vec![Greet, Subscribe, Exit], 0, 1),
        (vec![Greet, Exit, Enter, Subscribe], 1, 1),
        (vec![Greet, Exit, Subscribe, Enter], 1, 1),
        (vec![Greet, Subscribe, Exit, Enter], 1, 1),
        (vec![Greet, Exit, Enter, Exit, Subscribe], 0, 2),
        // Left before hello: what is read knows of it. So it has been joined again.
        (vec![Exit, Greet, Subscribe], 1, 0),
    ]) {
        let connection = hub.register(&identity(person)).unwrap();
        let mailbox = connection.mailbox();
        for step in steps {
            match step {
                Greet => mailbox.greet(false),
                Exit => hub.exit(mailbox.person, room, None),
                Enter => hub.enter(mailbox.person, room, |_| {}),
                Subscribe => hub.subscribe(mailbox, [room].into_iter()),
            }
        }
        assert_eq!(waiting(mailbox), left, "person {person}");
        let event = Parcel::event(room, &ServerMessage::Resumed);
        hub.deliver(room, Seq(1), vec![event]).await;
        assert_eq!(waiting(mailbox), heard, "person {person}");
    }
}

/// D1: in a room of more than one part too, each hears everything once, in order.
#[tokio::test]
async fn in_a_large_room_each_hears_each_event_once() {
    let (hub, room) = (hub(), RoomId(7));
    let people = 2 * u64::try_from(HEARERS_AT_ONCE).unwrap() + 1;
    let connections: Vec<_> = (1..=people)
        .map(|person| hub.register(&identity(person)).unwrap())
        .collect();
    for connection in &connections {
        hub.subscribe(connection.mailbox(), [room].into_iter());
    }
    let event = || Parcel::event(room, &ServerMessage::Resumed);
    hub.deliver(room, Seq(2), vec![event(), event()]).await;
    hub.deliver(room, Seq(3), vec![event()]).await;
    assert!(connections.iter().all(|one| waiting(one.mailbox()) == 3));
}
