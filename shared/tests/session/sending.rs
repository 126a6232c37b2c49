//! The outbox: the rules C10, C11 and S2 to S9, and the other tabs of one person.

use shared::ids::{ClientId, Seq};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::{ClientMessage, ServerMessage};
use shared::session::io::{Input, Output};
use shared::session::outbox::{OutboxFull, Progress};
use shared::text::{Body, TextProblem};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::bench::{Bench, LOBBY, ada, body, draft, person, welcome};
use crate::model::{Server, refused};
use crate::pair::{connect, progress, reading, reconnect, seqs, stored};

/// The sends among the messages, each with the one that it has to come after.
fn afters(messages: &[ClientMessage]) -> Vec<(u128, Option<u128>)> {
    let send = |message: &ClientMessage| match message {
        ClientMessage::Send {
            client_id, after, ..
        } => Some((client_id.0, after.map(|after| after.0))),
        _ => None,
    };
    messages.iter().filter_map(send).collect()
}

/// C10
#[test]
fn the_outbox_is_sent_again_after_resuming_in_order_with_the_same_ids() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    bench.close(1006);
    for n in 1..=5 {
        bench.send(draft(n, &format!("message {n}")));
    }
    assert_eq!(bench.sends(), [], "nothing goes without a connection");
    bench.wake();
    bench.open();
    bench.receive(&welcome(1));
    assert_eq!(bench.sends(), [], "welcome is not enough");
    bench.receive(&ServerMessage::Resumed);
    assert_eq!(bench.sends(), [1, 2, 3, 4, 5]);
    bench.close(1006);
    bench.wake();
    connect(&mut bench, &mut server);
    assert_eq!(bench.session.outbox_len(), 0);
    let ids: Vec<u128> = server.logs[&LOBBY]
        .iter()
        .skip(1)
        .map(|event| event.client_id.0)
        .collect();
    assert_eq!(ids, [1, 2, 3, 4, 5]);
    assert_eq!(seqs(&bench), [1, 2, 3, 4, 5, 6]);
}

/// C10, S2
#[test]
fn a_message_whose_answer_was_lost_is_sent_twice_and_shown_once() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    bench.send(draft(1, "once"));
    for message in bench.sent() {
        server.answer(&ada(), message);
    }
    reconnect(&mut bench, &mut server);
    assert_eq!(server.logs[&LOBBY].len(), 2);
    assert_eq!(seqs(&bench), [1, 2]);
    assert_eq!(progress(&bench), []);
}

/// S8
#[test]
fn a_stored_message_stays_on_the_screen_until_its_event_is_read() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    bench.send(draft(1, "a"));
    bench.receive(&stored(1, 2));
    assert_eq!(progress(&bench), [Progress::Stored { seq: Seq(2) }]);
    assert!(
        bench.session.drafts().is_empty(),
        "it need not survive a reload"
    );
    let (_, event) = server.say(&ada(), ClientId(1), body("a"));
    bench.receive(&server.live(event.unwrap()));
    assert_eq!(progress(&bench), []);
    assert_eq!(seqs(&bench), [1, 2]);
}

/// S8
#[test]
fn the_event_itself_is_as_good_as_the_answer() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    bench.send(draft(1, "a"));
    let (_, event) = server.say(&ada(), ClientId(1), body("a"));
    bench.receive(&server.live(event.unwrap()));
    assert_eq!(bench.session.outbox_len(), 0);
}

/// S8
#[test]
fn another_persons_message_with_the_same_client_id_does_not_touch_the_outbox() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    bench.send(draft(1, "mine"));
    let (_, event) = server.say(&person(2, "Eve"), ClientId(1), body("not yours"));
    bench.receive(&server.live(event.unwrap()));
    assert_eq!(bench.session.outbox_len(), 1);
}

/// C11, S4
#[test]
fn what_the_limits_forbid_never_enters_the_outbox() {
    assert_eq!(Body::parse(" \n\t\u{200b}"), Err(TextProblem::Blank));
    assert_eq!(Body::parse("a\u{7}"), Err(TextProblem::Forbidden));
    assert!(Body::parse(&"x".repeat(limits::BODY_BYTES)).is_ok());
    let length = limits::BODY_BYTES + 1;
    let limit = limits::BODY_BYTES;
    assert_eq!(
        Body::parse(&"x".repeat(length)),
        Err(TextProblem::TooLong { length, limit })
    );

    let mut bench = Bench::connecting(1);
    for n in 0..limits::OUTBOX_MESSAGES as u128 {
        bench.send(draft(n, "x"));
    }
    assert_eq!(
        bench.session.send(draft(9_999, "one more"), bench.now),
        Err(OutboxFull)
    );
    assert_eq!(bench.session.outbox_len(), limits::OUTBOX_MESSAGES);
}

/// S6
#[test]
fn a_message_that_came_too_fast_waits_and_goes_by_itself_before_the_ones_behind_it() {
    let mut bench = Bench::live(1);
    bench.send(draft(1, "a"));
    bench.send(draft(2, "b"));
    bench.take();
    let problem = Problem::RateLimited {
        retry_after_ms: 300,
    };
    bench.receive(&refused(ClientId(1), problem.clone()));
    bench.receive(&refused(ClientId(2), Problem::NotInOrder));
    let until = bench.now.ticks + 300;
    assert_eq!(
        progress(&bench),
        [Progress::Waiting { until, problem }, Progress::Queued]
    );
    assert_eq!(bench.sends(), []);
    assert_eq!(bench.session.wake_at(), Some(until));
    bench.wake();
    assert_eq!(bench.sends(), [1, 2]);
}

/// S5
#[test]
fn a_refused_message_is_kept_with_its_reason_and_lets_the_others_pass() {
    let mut bench = Bench::live(1);
    bench.send(draft(1, "a"));
    bench.send(draft(2, "b"));
    bench.take();
    let client_id = ClientId(1);
    let refusal = refused(client_id, Problem::NoSuchRoom);
    bench.receive(&refusal);
    assert!(bench.take().contains(&Output::Failed {
        client_id,
        problem: Problem::NoSuchRoom
    }));
    bench.receive(&refused(ClientId(2), Problem::NotInOrder));
    assert_eq!(afters(&bench.sent()), [(2, None)]);
    assert_eq!(
        progress(&bench)[0],
        Progress::Failed {
            problem: Problem::NoSuchRoom
        }
    );
    assert_eq!(
        (bench.session.outbox_len(), bench.session.waiting_len()),
        (2, 1),
        "a refused message does not go out by itself"
    );
    assert_eq!(
        bench.session.drafts().len(),
        2,
        "a failed message survives a reload too"
    );

    bench.receive(&stored(2, 2));
    bench.input(Input::Retry {
        client_id: ClientId(1),
    });
    assert_eq!(bench.sends(), [1]);
    bench.input(Input::Discard {
        client_id: ClientId(1),
    });
    assert_eq!(
        bench.session.outbox_len(),
        1,
        "what is on its way may be stored all the same"
    );
    bench.receive(&refusal);
    bench.take();
    bench.input(Input::Discard {
        client_id: ClientId(1),
    });
    assert_eq!(bench.session.outbox_len(), 0);
    let client_id = ClientId(1);
    assert!(bench.take().contains(&Output::Forget { client_id }));
}

/// C4, M9
#[test]
fn an_answer_that_never_comes_is_asked_for_again() {
    let mut bench = Bench::live(1);
    bench.send(draft(1, "a"));
    assert_eq!(bench.sends(), [1]);
    bench.wake();
    assert!(
        bench.session.connection().probing,
        "first the link is doubted"
    );
    bench.answer_pings();
    bench.wake();
    assert_eq!(
        bench.sends(),
        [1],
        "then the message is sent again with the same id"
    );
}

/// M9: the person joined the room between the two, for one.
#[test]
fn what_was_sent_twice_is_refused_only_by_the_second_answer() {
    let mut bench = Bench::live(1);
    bench.send(draft(1, "a"));
    bench.wake();
    bench.answer_pings();
    bench.wake();
    assert_eq!(bench.sends(), [1], "once more, because the answer is late");
    bench.receive(&refused(ClientId(1), Problem::NoSuchRoom));
    assert_eq!(bench.take(), [], "nobody is told that it failed");
    bench.receive(&stored(1, 2));
    assert_eq!(bench.session.outbox_len(), 0);

    bench.send(draft(2, "b"));
    bench.wake();
    bench.answer_pings();
    bench.wake();
    let client_id = ClientId(2);
    let failed = Output::Failed {
        client_id,
        problem: Problem::NoSuchRoom,
    };
    for answer in 1..=2 {
        bench.take();
        bench.receive(&refused(client_id, Problem::NoSuchRoom));
        assert_eq!(bench.take().contains(&failed), answer == 2);
    }
}

/// C10
#[test]
fn what_was_kept_over_a_reload_is_sent_and_an_outbox_is_saved_before_it_is_sent() {
    let mut bench = Bench::new(1);
    bench.input(Input::SignedIn {
        me: ada(),
        restored: vec![draft(1, "kept")],
    });
    bench.join(1);
    bench.pass(1);
    assert_eq!(bench.session.drafts(), [draft(1, "kept")]);
    bench.receive(&stored(1, 2));
    bench.take();
    bench.send(draft(2, "new"));
    let outputs = bench.take();
    assert_eq!(outputs[0], Output::Keep(draft(2, "new")));
    assert!(matches!(outputs[1], Output::Transmit { .. }));
}

/// S8, S9
#[test]
fn five_messages_of_a_room_are_on_their_way_each_tied_to_the_one_before() {
    let mut bench = Bench::live(1);
    for n in 1..=7 {
        bench.send(draft(n, "a"));
    }
    let tied = [
        (1, None),
        (2, Some(1)),
        (3, Some(2)),
        (4, Some(3)),
        (5, Some(4)),
    ];
    assert_eq!(afters(&bench.sent()), tied);
    bench.receive(&stored(1, 2));
    assert_eq!(afters(&bench.sent()), [(6, Some(5))]);
    bench.receive(&stored(2, 3));
    bench.receive(&stored(3, 4));
    assert_eq!(afters(&bench.sent()), [(7, Some(6))]);
}

/// S9
#[test]
fn behind_a_message_that_has_to_wait_none_goes() {
    let mut bench = Bench::live(1);
    for n in 1..=3 {
        bench.send(draft(n, "a"));
    }
    bench.take();
    let retry_after_ms = 300;
    bench.receive(&stored(1, 2));
    let problem = Problem::RateLimited { retry_after_ms };
    bench.receive(&refused(ClientId(2), problem));
    bench.receive(&refused(ClientId(3), Problem::NotInOrder));
    bench.send(draft(4, "later"));
    assert_eq!(bench.sends(), []);
    bench.wake();
    assert_eq!(
        afters(&bench.sent()),
        [(2, None), (3, Some(2)), (4, Some(3))]
    );
}

/// S6: a wait that ends behind a longer one is over. A timer that stayed due would fire without end.
#[test]
fn a_wait_that_ends_behind_a_longer_one_wakes_the_session_once() {
    let mut bench = Bench::live(1);
    bench.send(draft(1, "a"));
    bench.send(draft(2, "b"));
    bench.take();
    for (n, retry_after_ms) in [(1, 500), (2, 300)] {
        let problem = Problem::RateLimited { retry_after_ms };
        bench.receive(&refused(ClientId(n), problem));
    }
    let longer = bench.now.ticks + 500;
    bench.wake();
    assert_eq!(bench.sends(), []);
    assert_eq!(bench.session.wake_at(), Some(longer));
    bench.wake();
    assert_eq!(bench.sends(), [1, 2]);
}

/// S8
#[test]
fn rooms_do_not_wait_for_each_other() {
    let mut bench = Bench::live(1);
    let elsewhere = |n| shared::session::outbox::Draft {
        room: shared::ids::RoomId(2),
        ..draft(n, "elsewhere")
    };
    for n in 1..=5 {
        bench.send(draft(n, "here"));
    }
    bench.take();
    bench.send(draft(6, "one too many"));
    bench.send(elsewhere(7));
    assert_eq!(afters(&bench.sent()), [(7, None)]);
}

/// S8
#[test]
fn a_tab_that_does_not_send_shows_what_waits_and_sends_it_when_it_is_its_turn() {
    let mut bench = Bench::live(1);
    bench.input(Input::Open { room: LOBBY });
    bench.input(Input::Sending(false));
    bench.take();
    bench.send(draft(1, "written here"));
    bench.input(Input::Shared(draft(2, "written in another tab")));
    assert_eq!(bench.take(), [Output::Keep(draft(1, "written here"))]);
    assert_eq!(progress(&bench), [Progress::Queued, Progress::Queued]);
    bench.input(Input::Sending(true));
    assert_eq!(bench.sends(), [1, 2]);
}

/// S8
#[test]
fn what_another_tab_has_sent_or_given_up_waits_no_more() {
    let mut bench = Bench::live(1);
    bench.input(Input::Sending(false));
    for n in 1..=2 {
        bench.input(Input::Shared(draft(n, "x")));
    }
    let client_id = ClientId(1);
    bench.input(Input::Settled { client_id });
    let (client_id, problem) = (ClientId(2), Problem::NoSuchRoom);
    bench.input(Input::Failed {
        client_id,
        problem: problem.clone(),
    });
    assert_eq!(progress(&bench), [Progress::Failed { problem }]);
    assert_eq!(
        bench.take(),
        [],
        "what is known elsewhere is not told again"
    );

    let mut sending = Bench::live(1);
    sending.send(draft(1, "x"));
    let client_id = ClientId(1);
    sending.input(Input::Settled { client_id });
    let problem = Problem::NoSuchRoom;
    sending.input(Input::Failed { client_id, problem });
    assert!(matches!(progress(&sending)[..], [Progress::Sending { .. }]));
    assert_eq!(
        sending.session.outbox_len(),
        1,
        "what is on its way from here is answered here"
    );
}
