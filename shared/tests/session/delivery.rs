//! Applying: the rules D2 to D5, R5 to R8 and M4, and "stale state and what was missed is the same as fresh".

use shared::ids::{ClientId, Epoch, Link, Seq};
use shared::limits;
use shared::protocol::{ClientMessage, Content, ServerMessage, Span};
use shared::session::io::{Input, Output};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::bench::{Bench, LOBBY, ada, body, draft, person, welcome};
use crate::model::Server;
use crate::pair::{connect, reading, seqs, settle};

/// D2
#[test]
fn the_next_event_is_applied_an_older_one_ignored_and_a_hole_read_from_the_log() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    let bob = person(2, "Bob");
    let events: Vec<ServerMessage> = (1..=5)
        .map(|n| {
            let (_, event) = server.say(&bob, ClientId(n), body("hi"));
            server.live(event.unwrap())
        })
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
    for missed in [0, 1, 39, 300, 500, 501, 2_001, 50_000] {
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
        // It opens at what is new, and has a gap between that and the end.
        loop {
            let timeline = fresh.session.timeline(LOBBY).unwrap();
            let gap = timeline.gaps().first().map(|gap| gap.span);
            let room = LOBBY;
            match gap {
                Some(span) => fresh.input(Input::LoadGap { room, span }),
                None if timeline.floor() > Seq(1) => fresh.input(Input::LoadOlder { room }),
                None => break,
            }
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
    let text = |seq: u64, link: Link, content: &str| {
        format!(
            r#"{{"type":"event","room":"{LOBBY}","new":1,"event":{{"seq":{seq},"at":1,"author":{{"id":"0000000000000002","name":"Bob","mood":"fine"}},"client_id":"{seq:032x}","link":"{link}","content":{content}}}}}"#
        )
    };
    let mut before = Link(5);
    let contents = [
        r#"{"kind":"poll","target":1,"choices":["tea","coffee"]}"#,
        r#"{"kind":"message","body":"after it"}"#,
    ];
    for (seq, content) in (2..).zip(contents) {
        let parsed = shared::wire::decode_server(&text(seq, before, content));
        let Ok(ServerMessage::Event { event, .. }) = parsed else {
            panic!("{parsed:?}")
        };
        before = before.next(&event);
        let text = text(seq, before, content);
        bench.input(Input::Received { generation, text });
    }
    let timeline = bench.session.timeline(LOBBY).unwrap();
    assert_eq!(timeline.last(), Seq(3));
    let kept = timeline.events().next().unwrap();
    assert!(
        matches!(&kept.content, Content::NotUnderstood(json) if json.text_field("kind") == Ok("poll"))
    );

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
    bench.receive(&server.live(event.unwrap()));
    bench.send(draft(3, "mine again"));
    settle(&mut bench, &mut server);
    assert_eq!(
        unread(&bench),
        Some(1),
        "what others said before is still to be read"
    );
}

/// D5
#[test]
fn a_room_that_one_has_left_is_gone_and_can_be_joined_again() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    bench.receive(&ServerMessage::Left {
        room: LOBBY,
        taken_out: None,
    });
    assert_eq!(bench.session.rooms().count(), 0);
    assert_eq!(bench.session.rows(LOBBY), []);
    bench.receive(&ServerMessage::Joined {
        request: None,
        room: crate::bench::room(LOBBY, 1),
    });
    settle(&mut bench, &mut server);
    assert_eq!(seqs(&bench), [1], "it is the room that is shown");
}
