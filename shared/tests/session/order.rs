//! Keeping order, as the one sees it against whom it is kept (section 10).

use shared::close::CloseCode;
use shared::ids::{RoomId, Seq, Timestamp};
use shared::problem::Problem;
use shared::protocol::{ClientMessage, Content, Pace, Room, ServerMessage, TakenOut, Welcome};
use shared::session::connection::{State, StopReason};
use shared::session::io::Input;
use shared::session::outbox::Progress;
use shared::text::RoomName;

use crate::bench::{Bench, EPOCH, LOBBY, ada, draft, person, room};
use crate::model::{Server, refused};
use crate::pair::{progress, reading, settle, stored};

fn taken_out(room: RoomId) -> TakenOut {
    TakenOut {
        room,
        name: RoomName::parse("tea").unwrap(),
        by: person(2, "Bob"),
        at: Timestamp(7),
        banned: false,
    }
}

fn welcome(rooms: Vec<Room>, taken_out: Vec<TakenOut>) -> ServerMessage {
    ServerMessage::Welcome(Welcome {
        server: "bench".into(),
        epoch: EPOCH,
        now: Timestamp(0),
        me: ada(),
        rooms,
        taken_out,
        people: Vec::new(),
        people_version: 0,
        choices: Default::default(),
        handshake: None,
    })
}

fn rejoin(bench: &mut Bench, rooms: Vec<Room>, out: Vec<TakenOut>) {
    bench.close(1006);
    bench.wake();
    bench.open();
    bench.receive(&welcome(rooms, out));
    bench.receive(&ServerMessage::Resumed);
}

fn told(bench: &Bench) -> Vec<RoomId> {
    let all = bench.session.taken_out().iter();
    all.map(|one| one.room).collect()
}

fn noted(bench: &mut Bench) -> Option<ServerMessage> {
    bench.sent().into_iter().find_map(|message| match message {
        ClientMessage::Noted { request, room } => Some(ServerMessage::Noted {
            request: Some(request),
            room,
        }),
        _ => None,
    })
}

/// O2, D5: at once, or with the welcome; until it is noted here or elsewhere, or one is in the room again.
#[test]
fn who_is_taken_out_is_told_until_they_know() {
    let (tea, cake) = (RoomId(7), RoomId(8));
    let mut bench = Bench::live(1);
    bench.receive(&ServerMessage::Left {
        room: LOBBY,
        taken_out: Some(Box::new(taken_out(LOBBY))),
    });
    assert_eq!(bench.session.rooms().count(), 0);
    assert_eq!(told(&bench), [LOBBY]);
    let all = [tea, cake, LOBBY].map(taken_out);
    rejoin(&mut bench, Vec::new(), all.to_vec());
    assert_eq!(told(&bench), [tea, cake, LOBBY]);
    let before = bench.session.revisions().rooms;
    bench.receive(&ServerMessage::Noted {
        request: None,
        room: tea,
    });
    assert!(bench.session.revisions().rooms > before);
    bench.receive(&ServerMessage::Joined {
        request: None,
        room: room(LOBBY, 3),
    });
    assert_eq!(told(&bench), [cake]);
    bench.input(Input::SignedOut);
    assert_eq!(told(&bench), []);
}

/// O2: what is noted without a connection is told to the server on the next one, and not shown again meanwhile.
#[test]
fn what_is_noted_offline_is_told_on_return() {
    let tea = RoomId(7);
    let mut bench = Bench::live(1);
    rejoin(&mut bench, Vec::new(), vec![taken_out(tea)]);
    bench.close(1006);
    bench.input(Input::Noted { room: tea });
    assert_eq!(told(&bench), []);
    bench.sent();
    for _ in 0..2 {
        bench.wake();
        bench.open();
        bench.receive(&welcome(Vec::new(), vec![taken_out(tea)]));
        assert_eq!(told(&bench), [], "the server has not heard of it");
        bench.receive(&ServerMessage::Resumed);
        assert!(noted(&mut bench).is_some());
        bench.close(1006);
    }
    bench.wake();
    bench.open();
    bench.receive(&welcome(Vec::new(), vec![taken_out(tea)]));
    bench.receive(&ServerMessage::Resumed);
    let answer = noted(&mut bench).unwrap();
    bench.receive(&answer);
    rejoin(&mut bench, Vec::new(), Vec::new());
    assert_eq!(noted(&mut bench), None, "it was answered");
}

/// O8, C8: whoever is shut out does not come back by themselves, and knows why.
#[test]
fn who_is_shut_out_stops_and_knows_why() {
    let mut bench = Bench::live(1);
    bench.send(draft(1, "kept"));
    bench.close(CloseCode::SHUT_OUT.0);
    let reason = StopReason::ShutOut;
    assert_eq!(bench.state(), State::Stopped { reason });
    assert_eq!(bench.session.wake_at(), None);
    assert_eq!(bench.session.drafts().len(), 1);
}

/// O6, S8: what came too soon waits for as long as the server says and goes by itself, the ones behind it after it.
#[test]
fn what_came_too_soon_goes_out_in_time_and_in_order() {
    let mut bench = Bench::live(1);
    for (n, text) in [(1, "one"), (2, "two"), (3, "three")] {
        bench.send(draft(n, text));
    }
    assert_eq!(bench.sends(), [1, 2, 3]);
    bench.receive(&stored(1, 2));
    let too_soon = Problem::TooSoon {
        retry_after_ms: 10_000,
    };
    let told = |n, problem: &Problem| refused(shared::ids::ClientId(n), problem.clone());
    bench.receive(&told(2, &too_soon));
    bench.receive(&told(3, &Problem::NotInOrder));
    let all = progress(&bench);
    let [.., Progress::Waiting { until, .. }, Progress::Queued] = &all[..] else {
        panic!("{all:?}");
    };
    assert_eq!(*until - bench.now.ticks, 10_000);
    assert_eq!(bench.session.wake_at(), Some(*until));
    bench.pass(9_999);
    bench.input(Input::Timer);
    assert_eq!(bench.sends(), [], "not before");
    bench.wake();
    assert_eq!(bench.sends(), [2, 3]);
}

/// O6: the wait is known from what one has said, on any device, and from what the server says; who keeps order has none.
#[test]
fn when_one_may_speak_again_is_known() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    let until = |bench: &Bench| {
        bench
            .session
            .paced_until(LOBBY)
            .map(|at| at - bench.now.ticks)
    };
    assert_eq!(until(&bench), None);
    let pace = Pace::of_seconds(30).unwrap();
    let bob = person(9, "Host");
    let paced = server.act(
        &bob,
        shared::ids::ClientId(70),
        None,
        shared::protocol::Action::Pace { pace },
    );
    let event = paced.unwrap().1.unwrap();
    assert_eq!(event.content, Content::Paced { pace });
    bench.receive(&server.live(event));
    assert_eq!(until(&bench), None, "nothing was said yet");
    bench.send(draft(1, "one"));
    settle(&mut bench, &mut server);
    assert_eq!(until(&bench), Some(30_000));
    bench.pass(10_000);
    bench.input(Input::Wake);
    assert_eq!(until(&bench), Some(20_000));
    bench.pass(20_000);
    bench.input(Input::Wake);
    assert_eq!(until(&bench), None);
    assert_eq!(server.head(LOBBY), Seq(3));
}
