//! How far the others in a small room have read. Rules T1 to T3.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use shared::ids::{PersonId, RequestId, Seq};
use shared::protocol::{Action, Choice, ClientMessage, Receipt, ServerMessage};
use shared::session::io::Input;
use shared::session::receipts::stands_under;

use crate::bench::{Bench, LOBBY, ada, person};
use crate::model::Server;

fn receipt(id: u64, to: u64) -> Receipt {
    let by = person(id, ["", "Ada", "Bob", "Cy"][id as usize]);
    let to = Seq(to);
    Receipt { by, to }
}

fn asked(bench: &mut Bench) -> Vec<RequestId> {
    let request = |message| match message {
        ClientMessage::Receipts { request, room } => {
            assert_eq!(room, LOBBY);
            Some(request)
        }
        _ => None,
    };
    bench.sent().into_iter().filter_map(request).collect()
}

fn tell(bench: &mut Bench, request: Option<RequestId>, read: &[(u64, u64)]) {
    let read = read.iter().map(|(id, to)| receipt(*id, *to)).collect();
    bench.receive(&ServerMessage::Receipts {
        request,
        room: LOBBY,
        read,
    });
}

fn shown(bench: &Bench) -> Vec<(u64, u64)> {
    let receipts = bench.session.receipts(LOBBY);
    let mut shown: Vec<_> = receipts.map(|one| (one.by.id.0, one.to.0)).collect();
    shown.sort_unstable();
    shown
}

fn open() -> (Bench, RequestId) {
    let mut bench = Bench::live(9);
    bench.take();
    bench.input(Input::Open { room: LOBBY });
    let request = asked(&mut bench)[0];
    (bench, request)
}

/// T2: asked for when a room is shown, and anew on each connection.
#[test]
fn a_room_that_is_shown_is_asked_for() {
    let (mut bench, request) = open();
    tell(&mut bench, Some(request), &[(2, 4), (3, 9), (1, 9)]);
    assert_eq!(shown(&bench), [(2, 4), (3, 9)], "oneself is not among them");
    bench.close(1006);
    bench.wake();
    bench.open();
    bench.receive(&crate::bench::welcome(9));
    bench.receive(&ServerMessage::Resumed);
    let again = asked(&mut bench)[0];
    assert_eq!(shown(&bench), [(2, 4), (3, 9)], "meanwhile it stays");
    tell(&mut bench, Some(again), &[(2, 7)]);
    assert_eq!(shown(&bench), [(2, 7)], "who is not told of any more");
}

/// T1, T2: in whatever order news and answer come, the end is the same.
#[test]
fn news_that_overtakes_the_answer_is_not_undone_by_it() {
    let news = [(2, 3), (2, 5), (3, 6)];
    for before in 0..=news.len() {
        let (mut bench, request) = open();
        for one in &news[..before] {
            tell(&mut bench, None, &[*one]);
        }
        // The answer is as of a moment before some of the news.
        for known in 0..=before {
            let mut answer = vec![(2, 1)];
            answer.extend(news[..known].iter().copied());
            let mut last: Vec<(u64, u64)> = Vec::new();
            for one in answer {
                last.retain(|it| it.0 != one.0);
                last.push(one);
            }
            let mut bench = {
                let (mut bench, request) = open();
                for one in &news[..before] {
                    tell(&mut bench, None, &[*one]);
                }
                tell(&mut bench, Some(request), &last);
                bench
            };
            for one in &news[before..] {
                tell(&mut bench, None, &[*one]);
                tell(&mut bench, None, &[*one]);
            }
            assert_eq!(shown(&bench), [(2, 5), (3, 6)], "{before} {known}");
        }
        tell(&mut bench, Some(request), &[]);
    }
}

/// T3: off means that nothing is asked and nothing is shown, on this device and on others.
#[test]
fn who_tells_nothing_is_told_nothing() {
    let (mut bench, request) = open();
    tell(&mut bench, Some(request), &[(2, 4)]);
    bench.receive(&ServerMessage::Chosen {
        choice: Choice::Receipts { on: false },
    });
    assert_eq!(shown(&bench), []);
    bench.take();
    bench.input(Input::Open { room: LOBBY });
    assert_eq!(asked(&mut bench), []);
    bench.receive(&ServerMessage::Chosen {
        choice: Choice::Receipts { on: true },
    });
    assert_eq!(asked(&mut bench).len(), 1, "of the room that is shown");
}

/// Who leaves reads no more; and who is called otherwise is so here.
#[test]
fn who_leaves_is_shown_no_more() {
    let mut server = Server::with_lobby();
    let mut bench = crate::pair::reading(&mut server);
    tell(&mut bench, None, &[(2, 1), (3, 1)]);
    let bob = person(2, "Bob");
    let left = server.act(&bob, shared::ids::ClientId(5), None, Action::Leave);
    let event = server.live(left.unwrap().1.unwrap());
    bench.receive(&event);
    assert_eq!(shown(&bench), [(3, 1)]);
}

/// Who is banned is not in the room either.
#[test]
fn who_is_banned_is_shown_no_more() {
    let mut server = Server::with_lobby();
    let mut bench = crate::pair::reading(&mut server);
    tell(&mut bench, None, &[(2, 1), (3, 1)]);
    let ban = Action::Ban {
        person: person(3, "Cy"),
        on: true,
        erase: false,
    };
    let banned = server.act(&person(2, "Bob"), shared::ids::ClientId(5), None, ban);
    let event = server.live(banned.unwrap().1.unwrap());
    bench.receive(&event);
    assert_eq!(shown(&bench), [(2, 1)]);
}

/// T1
#[test]
fn a_reader_stands_under_the_last_message_read_unless_it_is_their_own() {
    let (me, bob) = (ada().id, PersonId(2));
    let messages = || [(Seq(9), me), (Seq(7), bob), (Seq(4), me)].into_iter();
    for (to, expected) in [
        (10, Some(9)),
        (9, Some(9)),
        (8, None),
        (6, Some(4)),
        (3, None),
    ] {
        let under = stands_under(&receipt(2, to), messages());
        assert_eq!(under, expected.map(Seq), "read up to {to}");
    }
}
