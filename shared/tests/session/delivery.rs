//! Sending and applying: the rules C10, C11, D2, S8, R6 to R8 and M4, and "stale state and what was missed is the same as fresh".

use crate::bench::{Bench, LOBBY, ada, body, draft, person, welcome};
use crate::model::Server;
use shared::ids::{ClientId, Epoch, Seq, Timestamp};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::{ClientMessage, Content, ServerMessage, Span};
use shared::session::io::{Input, Output};
use shared::session::outbox::{OutboxFull, Progress};
use shared::session::views::Row;
use shared::text::{Body, TextProblem};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Lets the model answer until neither side has anything to say; live events go to the bench as well.
fn settle(bench: &mut Bench, server: &mut Server) {
    loop {
        let messages = bench.sent();
        if messages.is_empty() {
            return;
        }
        for message in messages {
            let (answers, event) = server.answer(&ada(), message);
            for message in event.into_iter().chain(answers) {
                bench.receive(&message);
            }
        }
    }
}

fn connect(bench: &mut Bench, server: &mut Server) {
    bench.open();
    settle(bench, server);
}

fn reconnect(bench: &mut Bench, server: &mut Server) {
    bench.close(1006);
    bench.wake();
    connect(bench, server);
}

fn reading(server: &mut Server) -> Bench {
    let mut bench = Bench::connecting(1);
    connect(&mut bench, server);
    bench.input(Input::Open { room: LOBBY });
    settle(&mut bench, server);
    bench
}

fn seqs(bench: &Bench) -> Vec<u64> {
    let timeline = bench.session.timeline(LOBBY).unwrap();
    timeline.events().map(|event| event.seq.0).collect()
}

fn progress(bench: &Bench) -> Vec<Progress> {
    let rows = bench.session.rows(LOBBY).into_iter();
    rows.filter_map(|row| match row {
        Row::Pending(entry) => Some(entry.progress),
        _ => None,
    })
    .collect()
}

fn stored(n: u128, seq: u64) -> ServerMessage {
    let (client_id, at) = (ClientId(n), Timestamp(0));
    ServerMessage::Stored {
        room: LOBBY,
        client_id,
        seq: Seq(seq),
        at,
        repeat: false,
    }
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
    assert_eq!(bench.sends(), [1], "one of a room at a time");
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
fn the_next_message_of_a_room_waits_until_the_last_one_is_stored() {
    let mut bench = Bench::live(1);
    bench.input(Input::Open { room: LOBBY });
    bench.take();
    bench.send(draft(1, "a"));
    bench.send(draft(2, "b"));
    assert_eq!(bench.sends(), [1]);
    bench.receive(&stored(1, 2));
    assert_eq!(bench.sends(), [2]);
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
    bench.receive(&ServerMessage::Event {
        room: LOBBY,
        event: event.unwrap(),
    });
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
    bench.receive(&ServerMessage::Event {
        room: LOBBY,
        event: event.unwrap(),
    });
    assert_eq!(bench.session.outbox_len(), 0);
}

/// S8
#[test]
fn another_persons_message_with_the_same_client_id_does_not_touch_the_outbox() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    bench.send(draft(1, "mine"));
    let (_, event) = server.say(&person(2, "Eve"), ClientId(1), body("not yours"));
    bench.receive(&ServerMessage::Event {
        room: LOBBY,
        event: event.unwrap(),
    });
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
    bench.receive(&ServerMessage::Refused {
        request: None,
        client_id: Some(ClientId(1)),
        problem: problem.clone(),
    });
    let until = bench.now.ticks + 300;
    assert_eq!(
        progress(&bench),
        [Progress::Waiting { until, problem }, Progress::Queued]
    );
    assert_eq!(bench.sends(), []);
    assert_eq!(bench.session.wake_at(), Some(until));
    bench.wake();
    assert_eq!(bench.sends(), [1]);
}

/// S5
#[test]
fn a_refused_message_is_kept_with_its_reason_and_lets_the_others_pass() {
    let mut bench = Bench::live(1);
    bench.send(draft(1, "a"));
    bench.send(draft(2, "b"));
    bench.take();
    let client_id = Some(ClientId(1));
    let refused = ServerMessage::Refused {
        request: None,
        client_id,
        problem: Problem::NoSuchRoom,
    };
    bench.receive(&refused);
    assert_eq!(bench.sends(), [2]);
    assert_eq!(
        progress(&bench)[0],
        Progress::Failed {
            problem: Problem::NoSuchRoom
        }
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
    bench.receive(&refused);
    bench.take();
    bench.input(Input::Discard {
        client_id: ClientId(1),
    });
    assert_eq!(bench.session.outbox_len(), 0);
    assert!(bench.take().contains(&Output::SaveOutbox));
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
    assert_eq!(outputs[0], Output::SaveOutbox);
    assert!(matches!(outputs[1], Output::Transmit { .. }));
}

/// D2
#[test]
fn the_next_event_is_applied_an_older_one_ignored_and_a_hole_read_from_the_log() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    let bob = person(2, "Bob");
    let events: Vec<ServerMessage> = (1..=5)
        .map(|n| server.say(&bob, ClientId(n), body("hi")).1.unwrap())
        .map(|event| ServerMessage::Event { room: LOBBY, event })
        .collect();
    bench.receive(&events[0]);
    bench.receive(&events[0]);
    assert_eq!(seqs(&bench), [1, 2]);
    bench.receive(&events[3]);
    assert_eq!(
        seqs(&bench),
        [1, 2],
        "an event from the future is not applied"
    );
    assert_eq!(bench.session.behind(), 3);
    let read = bench.sent();
    assert!(
        matches!(&read[..], [ClientMessage::Read { from, to, .. }] if (from.0, to.0) == (3, 5)),
        "{read:?}"
    );
    bench.receive(&events[4]);
    assert_eq!(bench.sent(), [], "one read of a range at a time");
    for message in read {
        for answer in server.answer(&ada(), message).0 {
            bench.receive(&answer);
        }
    }
    settle(&mut bench, &mut server);
    assert_eq!(seqs(&bench), [1, 2, 3, 4, 5, 6]);
    assert_eq!(bench.session.behind(), 0);
}

/// D3
#[test]
fn behind_makes_the_session_read_up_to_the_heads() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    for n in 1..=700 {
        server.say(&person(2, "Bob"), ClientId(n), body("hi"));
    }
    bench.receive(&ServerMessage::Behind {
        heads: [(LOBBY, Seq(701))].into(),
    });
    assert_eq!(bench.session.behind(), 700);
    settle(&mut bench, &mut server);
    assert_eq!(bench.session.behind(), 0);
    assert_eq!(seqs(&bench), (1..=701).collect::<Vec<u64>>());
}

/// R5, R6, R7
#[test]
fn after_any_number_of_missed_events_the_state_is_that_of_a_fresh_load() {
    for missed in [0, 1, 39, 300, 500, 501, 2_001] {
        let mut server = Server::with_lobby();
        let mut stale = reading(&mut server);
        stale.close(1006);
        for n in 1..=missed {
            server.say(&person(2, "Bob"), ClientId(n), body("missed"));
        }
        stale.wake();
        connect(&mut stale, &mut server);
        let gaps: Vec<Span> = stale
            .session
            .timeline(LOBBY)
            .unwrap()
            .gaps()
            .iter()
            .map(|gap| gap.span)
            .collect();
        if missed > u128::from(limits::REPLAY_EVENTS) {
            let to = Seq(missed as u64 + 1 - limits::REPLAY_TAIL);
            assert_eq!(gaps, [Span { from: Seq(2), to }], "the gap is named");
            stale.input(Input::LoadGap {
                room: LOBBY,
                span: gaps[0],
            });
            settle(&mut stale, &mut server);
        } else {
            assert_eq!(gaps, []);
        }

        let mut fresh = reading(&mut server);
        while !matches!(fresh.session.rows(LOBBY)[0], Row::Beginning) {
            fresh.input(Input::LoadOlder { room: LOBBY });
            settle(&mut fresh, &mut server);
        }
        assert_eq!(
            stale.session.rows(LOBBY),
            fresh.session.rows(LOBBY),
            "missed {missed}"
        );
        assert_eq!(seqs(&stale).len(), missed as usize + 1);
    }
}

/// R8
#[test]
fn another_epoch_or_a_cursor_beyond_the_head_starts_anew_and_keeps_the_outbox() {
    let mut server = Server::with_lobby();
    for n in 1..=9 {
        server.say(&person(2, "Bob"), ClientId(n), body("hi"));
    }
    let mut bench = reading(&mut server);
    bench.close(1006);
    bench.send(draft(77, "kept"));
    bench.wake();
    bench.open();
    let ServerMessage::Welcome(mut other) = welcome(3) else {
        unreachable!()
    };
    other.epoch = Epoch(8);
    bench.receive(&ServerMessage::Welcome(other));
    assert_eq!(seqs(&bench), [0; 0]);
    assert_eq!(bench.session.timeline(LOBBY).unwrap().last(), Seq(3));
    assert_eq!(bench.session.outbox_len(), 1);

    let mut bench = reading(&mut server);
    bench.close(1006);
    bench.wake();
    bench.open();
    bench.receive(&welcome(3));
    assert_eq!(
        seqs(&bench),
        [0; 0],
        "the log is shorter than what was read: it is another one"
    );
}

/// M4
#[test]
fn a_kind_of_a_later_version_keeps_its_place() {
    let mut bench = Bench::live(1);
    bench.input(Input::Open { room: LOBBY });
    bench.take();
    let generation = bench.generation();
    let event = |seq: u64, content: &str| Input::Received {
        generation,
        text: format!(
            r#"{{"type":"event","room":"{LOBBY}","new":1,"event":{{"seq":{seq},"at":1,"author":{{"id":"0000000000000002","name":"Bob","mood":"fine"}},"client_id":"{seq:032x}","content":{content}}}}}"#
        ),
    };
    bench.input(event(2, r#"{"kind":"poll","choices":["tea","coffee"]}"#));
    bench.input(event(3, r#"{"kind":"message","body":"after it"}"#));
    let timeline = bench.session.timeline(LOBBY).unwrap();
    assert_eq!(timeline.last(), Seq(3));
    let kept = timeline.events().next().unwrap();
    assert!(matches!(&kept.content, Content::NotUnderstood(value) if value["kind"] == "poll"));

    let before = bench.session.not_understood();
    bench.input(Input::Received {
        generation,
        text: r#"{"type":"telepathy","x":1}"#.into(),
    });
    assert_eq!(bench.session.not_understood(), before + 1);
    assert!(bench.session.connection().is_live());
}

#[test]
fn what_a_person_asked_for_is_asked_again_on_the_next_connection() {
    let mut bench = Bench::connecting(1);
    bench.input(Input::Join {
        room: shared::ids::RoomId(5),
        client_id: ClientId(1),
    });
    bench.join(1);
    bench.close(1006);
    bench.wake();
    bench.open();
    bench.receive(&welcome(1));
    bench.receive(&ServerMessage::Resumed);
    let request = bench.sent().into_iter().find_map(|message| match message {
        ClientMessage::Join { request, .. } => Some(request),
        _ => None,
    });
    let room = crate::bench::room(shared::ids::RoomId(5), 2);
    bench.receive(&ServerMessage::Joined { request, room });
    assert!(bench.take().contains(&Output::Joined {
        room: shared::ids::RoomId(5)
    }));
    assert_eq!(bench.session.rooms().count(), 2);
}

/// D4
#[test]
fn a_room_joined_elsewhere_appears_and_a_newer_head_of_a_known_room_is_read_up_to() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    let elsewhere = crate::bench::room(shared::ids::RoomId(5), 2);
    bench.receive(&ServerMessage::Joined {
        request: None,
        room: elsewhere,
    });
    assert_eq!(bench.session.rooms().count(), 2);
    assert!(
        !bench
            .take()
            .iter()
            .any(|output| matches!(output, Output::Joined { .. }))
    );

    server.say(&person(2, "Bob"), ClientId(1), body("hi"));
    let known = crate::bench::room(LOBBY, 2);
    bench.receive(&ServerMessage::Joined {
        request: None,
        room: known,
    });
    settle(&mut bench, &mut server);
    assert_eq!(seqs(&bench), [1, 2]);
}

#[test]
fn what_one_says_oneself_is_not_unread() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    let unread = |bench: &Bench| bench.session.rooms().next().map(|room| room.unread);
    bench.send(draft(1, "mine"));
    settle(&mut bench, &mut server);
    assert_eq!(unread(&bench), Some(0));
    let (_, event) = server.say(&person(2, "Bob"), ClientId(2), body("his"));
    bench.receive(&ServerMessage::Event {
        room: LOBBY,
        event: event.unwrap(),
    });
    bench.send(draft(3, "mine again"));
    settle(&mut bench, &mut server);
    assert_eq!(
        unread(&bench),
        Some(2),
        "what others said before is still to be read"
    );
}
