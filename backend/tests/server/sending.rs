//! Section 4: sending, once and for ever.

use std::time::Instant;

use backend::rooms::budget::Rate;
use shared::ids::{ClientId, RoomId, Seq, Timestamp};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::{Action, Content, Hello, ServerMessage};
use shared::text::TextProblem;

use crate::support::client::{Client, problem};
use crate::support::{Parlance, add, client_id, edit, fresh_hello, react, remove, rename, topic};

async fn stored(client: &mut Client) -> (ClientId, Seq, Timestamp, bool) {
    match client.answer().await {
        ServerMessage::Stored {
            client_id,
            seq,
            at,
            repeat,
            ..
        } => (client_id, seq, at, repeat),
        other => panic!("{other:?}"),
    }
}

/// S1: what is stored is in the file before it is answered: another process could read it.
#[tokio::test]
async fn what_is_stored_is_in_the_file_when_it_is_answered() {
    let server = Parlance::start().await;
    let (mut ada, welcome) = server.join("Ada").await;
    let file = server.folder().join("parlance.db");
    let other = rusqlite::Connection::open(file).unwrap();
    for number in 0..20 {
        let seq = ada
            .say(welcome.rooms[0].id, &format!("number {number}"))
            .await;
        let content: String = other
            .query_row(
                "SELECT text FROM events JOIN bodies ON bodies.id = body WHERE seq = ?1",
                [seq.0 as i64],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(content, format!("number {number}"));
    }
}

/// S2: a hundred repeats, on several connections and across a restart, are one message with one seq.
#[tokio::test]
async fn a_hundred_repeats_of_one_send_are_one_message() {
    let server = Parlance::start().await;
    let guest = server.sign_in("Ada").await;
    let (mut client, welcome) = guest.join().await;
    let (room, id) = (welcome.rooms[0].id, client_id());
    client.post_as(room, id, "once").await;
    let (_, seq, at, repeat) = stored(&mut client).await;
    assert!(!repeat);
    for _ in 0..50 {
        client.post_as(room, id, "once").await;
    }
    for _ in 0..50 {
        assert_eq!(stored(&mut client).await, (id, seq, at, true));
    }
    let server = server.restart().await;
    let (mut client, _) = guest.at(&server).join().await;
    for _ in 0..50 {
        client.post_as(room, id, "once").await;
        assert_eq!(stored(&mut client).await, (id, seq, at, true));
    }
    assert_eq!(count(&mut client, room, id).await, 1);
}

/// S2: two connections that send the same at the same moment store it once.
#[tokio::test]
async fn the_same_send_on_two_connections_at_once_is_one_message() {
    let server = Parlance::start().await;
    let guest = server.sign_in("Ada").await;
    let ((mut one, welcome), (mut two, _)) = (guest.join().await, guest.join().await);
    let room = welcome.rooms[0].id;
    for _ in 0..20 {
        let id = client_id();
        tokio::join!(one.post_as(room, id, "same"), two.post_as(room, id, "same"));
        let (first, second) = tokio::join!(stored(&mut one), stored(&mut two));
        assert_eq!(first.1, second.1);
        assert!(first.3 != second.3, "exactly one of them was the first");
        assert_eq!(count(&mut one, room, id).await, 1);
    }
}

/// S2: the client id is the author's own; another author may use the same.
#[tokio::test]
async fn two_authors_may_use_the_same_client_id() {
    let server = Parlance::start().await;
    let ((mut ada, welcome), (mut bob, _)) = (server.join("Ada").await, server.join("Bob").await);
    let (room, id) = (welcome.rooms[0].id, client_id());
    ada.post_as(room, id, "mine").await;
    bob.post_as(room, id, "mine").await;
    let (first, second) = (stored(&mut ada).await, stored(&mut bob).await);
    assert_ne!(first.1, second.1);
    assert!(!first.3 && !second.3);
}

async fn count(client: &mut Client, room: RoomId, id: ClientId) -> usize {
    let log = client.log(room).await;
    log.iter().filter(|event| event.client_id == id).count()
}

/// S3: the same client id for something else is an error, also for another kind of thing.
#[tokio::test]
async fn a_client_id_cannot_be_used_for_something_else() {
    let server = Parlance::start().await;
    let (mut ada, welcome) = server.join("Ada").await;
    let (lobby, id) = (welcome.rooms[0].id, client_id());
    let tea = ada.create(client_id(), "Tea").await.unwrap().id;
    ada.post_as(lobby, id, "first").await;
    stored(&mut ada).await;
    ada.post_as(lobby, id, "second").await;
    assert_eq!(problem(ada.answer().await), Problem::ClientIdReused);
    ada.post_as(tea, id, "first").await;
    assert_eq!(problem(ada.answer().await), Problem::ClientIdReused);
    assert_eq!(ada.create(id, "Law").await, Err(Problem::ClientIdReused));
    ada.post_as(lobby, id, "first").await;
    assert!(stored(&mut ada).await.3, "the first one stands");
}

/// S4: blank, forbidden and too long; and the longest there may be, in bytes that all need escaping.
#[tokio::test]
async fn a_body_has_1_to_16_kib_and_no_control_characters() {
    let server = Parlance::start().await;
    let (mut ada, welcome) = server.join("Ada").await;
    let (room, limit) = (welcome.rooms[0].id, limits::BODY_BYTES);
    let too_long = |length| TextProblem::TooLong { length, limit };
    for (text, expected) in [
        (String::new(), TextProblem::Blank),
        (" \n\t ".into(), TextProblem::Blank),
        ("\u{200b}".into(), TextProblem::Blank),
        ("a\u{0}b".into(), TextProblem::Forbidden),
        ("a\u{1b}[2J".into(), TextProblem::Forbidden),
        ("a".repeat(limit + 1), too_long(limit + 1)),
        ("漢".repeat(limit / 3 + 1), too_long(limit / 3 * 3 + 3)),
    ] {
        let id = client_id();
        let text = shared::wire::encode(&text);
        let action = format!(r#"{{"kind":"message","body":{text}}}"#);
        let send =
            format!(r#"{{"type":"send","room":"{room}","client_id":"{id}","action":{action}}}"#);
        ada.send_text(&send).await;
        assert_eq!(
            ada.answer().await,
            ServerMessage::Refused {
                request: None,
                client_id: Some(id),
                problem: Problem::BadBody { problem: expected },
            }
        );
    }
    let longest = "\"".repeat(limit);
    let seq = ada.say(room, &longest).await;
    let page = ada.read(room, seq.0, seq.0).await.unwrap();
    let body = crate::support::body(&longest);
    assert_eq!(page.events[0].content, Content::message(body));
}

/// S5: what does not exist and what one is not in look the same.
#[tokio::test]
async fn a_room_one_is_not_in_looks_like_one_that_does_not_exist() {
    let server = Parlance::start().await;
    let (mut ada, _) = server.join("Ada").await;
    let (mut bob, _) = server.join("Bob").await;
    let secret = bob.create(client_id(), "Secret").await.unwrap().id;
    for room in [secret, RoomId(12_345), RoomId(u64::MAX)] {
        ada.post(room, "hello?").await;
        assert_eq!(problem(ada.answer().await), Problem::NoSuchRoom);
        let read = ada.read(room, 1, 10).await;
        assert_eq!(read, Err(Problem::NoSuchRoom));
    }
    assert_eq!(bob.log(secret).await.len(), 1);
}

/// S6: 50 at once are 30 stored and 20 told to wait.
#[tokio::test]
async fn of_fifty_sends_at_once_thirty_are_stored() {
    let server = Parlance::start_with(|_| {}).await;
    let (mut ada, welcome) = server.join("Ada").await;
    let room = welcome.rooms[0].id;
    let (mut sent, begun) = (Vec::new(), Instant::now());
    for number in 0..50 {
        sent.push(ada.post(room, &format!("number {number}")).await);
    }
    let mut waits = Vec::new();
    for id in sent {
        match ada.answer().await {
            ServerMessage::Stored { client_id, .. } => assert_eq!(client_id, id),
            ServerMessage::Refused {
                client_id: Some(of),
                problem: Problem::RateLimited { retry_after_ms },
                ..
            } => {
                assert_eq!(of, id);
                waits.push(retry_after_ms);
            }
            other => panic!("{other:?}"),
        }
    }
    let refused = waits.len();
    assert!(
        refused <= 20 && refused + earned_since(begun) >= 20,
        "{refused} refused"
    );
    assert!(
        waits.iter().all(|&wait| (1..=100).contains(&wait)),
        "{waits:?}"
    );
    let log = ada.log(room).await;
    let mine = log.iter().filter(|event| event.author == welcome.me);
    assert_eq!(mine.count(), 1 + 50 - refused);
}

/// S6: the budget is the person's: another connection has no other one, and leaving restores nothing.
#[tokio::test]
async fn all_connections_of_a_person_have_one_budget() {
    let rate = Rate::secondly(1, 3);
    let server = Parlance::start_with(|config| config.rooms.sends = rate).await;
    let guest = server.sign_in("Ada").await;
    let ((mut one, welcome), (mut two, _)) = (guest.join().await, guest.join().await);
    let room = welcome.rooms[0].id;
    for client in [&mut one, &mut two] {
        while matches!(send(client, room).await, ServerMessage::Stored { .. }) {}
    }
    drop(one);
    let (mut again, _) = guest.join().await;
    for client in [&mut two, &mut again] {
        let refused = problem(send(client, room).await);
        assert!(
            matches!(refused, Problem::RateLimited { .. }),
            "{refused:?}"
        );
    }
    let (mut bob, _) = server.join("Bob").await;
    assert!(matches!(
        send(&mut bob, room).await,
        ServerMessage::Stored { .. }
    ));
}

async fn send(client: &mut Client, room: RoomId) -> ServerMessage {
    client.post(room, "again").await;
    client.answer().await
}

/// How many sends a person has earned at most since then: a slow machine is given more.
fn earned_since(begun: Instant) -> usize {
    usize::try_from(begun.elapsed().as_millis() / 100).unwrap() + 1
}

/// S6: who waits as told gets through; repeats count too.
#[tokio::test]
async fn who_waits_as_told_gets_through() {
    let server = Parlance::start_with(|_| {}).await;
    let (mut ada, welcome) = server.join("Ada").await;
    let (room, id) = (welcome.rooms[0].id, client_id());
    let mut passed = 0;
    let begun = Instant::now();
    let wait = loop {
        ada.post_as(room, id, "again and again").await;
        match ada.answer().await {
            ServerMessage::Stored { .. } => passed += 1,
            refused => break problem(refused).retry_after_ms().unwrap(),
        }
    };
    assert!(
        (30..=30 + earned_since(begun)).contains(&passed),
        "{passed}"
    );
    tokio::time::sleep(std::time::Duration::from_millis(wait)).await;
    ada.post_as(room, id, "again and again").await;
    assert!(stored(&mut ada).await.3);
}

/// S7: when the writer is held up, what does not fit its queue is refused at once; the rest is stored in the end.
#[tokio::test]
async fn more_than_the_server_can_take_is_refused_at_once() {
    let server = Parlance::start().await;
    let mut clients = Vec::new();
    let mut lobby = RoomId(0);
    for number in 0..24 {
        let (client, welcome) = server.join(&format!("guest {number}")).await;
        lobby = welcome.rooms[0].id;
        clients.push(client);
    }
    let (mut late, welcome_of_late) = server.join("Late").await;
    let file = rusqlite::Connection::open(server.folder().join("parlance.db")).unwrap();
    file.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut early = Vec::new();
    for client in &mut clients {
        for number in 0..60 {
            client.post(lobby, &format!("number {number}")).await;
        }
        early.push(client.until_read().await);
    }
    // Answers come in order, and the first sends of the others wait for the disk: so someone else asks.
    let target = Seq(1);
    let body = crate::support::body("one too many");
    let somebody = welcome_of_late.me;
    for action in [
        Action::message(body),
        edit(target, "one too many"),
        Action::Delete { target },
        react(target, "👍", true),
        topic(None),
        Action::Leave,
        rename("one too many"),
        Action::Archive { on: true },
        add(&somebody),
        remove(&somebody),
    ] {
        let refused = late.act(lobby, action).await.unwrap_err();
        let is_overloaded =
            matches!(refused, Problem::Overloaded { retry_after_ms } if retry_after_ms > 0);
        assert!(is_overloaded, "{refused:?}");
    }
    file.execute_batch("ROLLBACK").unwrap();

    let (mut stored, mut refused) = (0, 0);
    for (client, mut answers) in clients.iter_mut().zip(early) {
        while answers.len() < 60 {
            answers.push(client.answer().await);
        }
        for answer in answers {
            match answer {
                ServerMessage::Stored { .. } => stored += 1,
                refusal => {
                    assert!(matches!(problem(refusal), Problem::Overloaded { .. }));
                    refused += 1;
                }
            }
        }
    }
    assert!(
        refused > 0 && stored >= 1_024,
        "{stored} stored, {refused} refused"
    );
    late.say(lobby, "now it goes").await;
    let log = late.log(lobby).await;
    let messages = log
        .iter()
        .filter(|e| matches!(e.content, Content::Message { .. }));
    assert_eq!(
        messages.count(),
        stored + 1,
        "nothing that was refused was stored"
    );
}

/// S12: the message is on disk after the server read it; a repeat was on disk before, and others are not told.
#[tokio::test]
async fn who_wants_to_know_is_told_when_a_message_was_on_disk() {
    let server = Parlance::start().await;
    let guest = server.sign_in("Ada").await;
    let (mut other, welcome) = guest.join().await;
    let room = welcome.rooms[0].id;
    let mut client = guest.connect().await;
    let asking = Hello {
        explain: true,
        ..fresh_hello()
    };
    client.hello(asking).await;
    let committed = async |client: &mut Client, id| {
        client.post_as(room, id, "when?").await;
        match client.answer().await {
            ServerMessage::Stored { at, committed, .. } => (at, committed),
            other => panic!("{other:?}"),
        }
    };
    let id = client_id();
    let (at, on_disk) = committed(&mut client, id).await;
    assert!(on_disk.unwrap() >= at);
    assert_eq!(committed(&mut client, id).await, (at, None));
    assert_eq!(committed(&mut other, client_id()).await.1, None);
}

on_every_transport!(
    what_is_stored_is_in_the_file_when_it_is_answered,
    a_hundred_repeats_of_one_send_are_one_message,
    the_same_send_on_two_connections_at_once_is_one_message,
    of_fifty_sends_at_once_thirty_are_stored,
    all_connections_of_a_person_have_one_budget,
);
