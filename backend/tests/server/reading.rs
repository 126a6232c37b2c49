//! Section 5: the log, and the rooms.

use shared::ids::{RoomId, Seq};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::{ClientMessage, Content, Message, ServerMessage};

use crate::support::client::Client;
use crate::support::{Parlance, client_id};

/// R1: with many authors at once the log is dense, and each author's messages are in their order.
#[tokio::test]
async fn a_log_has_no_holes_whoever_writes() {
    let server = Parlance::start().await;
    let mut writers = Vec::new();
    let mut lobby = RoomId(0);
    for number in 0..8 {
        let (mut client, welcome) = server.join(&format!("guest {number}")).await;
        lobby = welcome.rooms[0].id;
        writers.push(tokio::spawn(async move {
            client.fill(lobby, 50).await;
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let (mut reader, _) = server.join("Reader").await;
    let log = reader.log(lobby).await;
    assert_eq!(log.len(), 1 + 8 + 8 * 50 + 1);
    for (event, expected) in log.iter().zip(1..) {
        assert_eq!(event.seq, Seq(expected));
    }
    for number in 0..8 {
        let name = format!("guest {number}");
        let said: Vec<String> = log
            .iter()
            .filter(|event| *event.author.name == *name)
            .filter_map(|event| match &event.content {
                Content::Message(Message { body, .. }) => body.as_deref().map(str::to_owned),
                _ => None,
            })
            .collect();
        let expected: Vec<String> = (0..50).map(|n| format!("number {n}")).collect();
        assert_eq!(said, expected);
    }
}

/// R2: a page ends at what was asked or at the head, unless it is full before: 500 events or 128 KiB.
#[tokio::test]
async fn a_page_ends_at_what_was_asked_or_at_the_head_or_when_it_is_full() {
    let server = Parlance::start().await;
    let (mut ada, welcome) = server.join("Ada").await;
    let room = welcome.rooms[0].id;
    ada.fill(room, 600).await;
    for (from, to, end) in [
        (1, 1, 1),
        (1, 602, 602),
        (103, 602, 602),
        (2, 50, 50),
        (600, Seq::MAX.0, 602),
        (602, 602, 602),
    ] {
        let page = ada.read(room, from, to).await.unwrap();
        assert_eq!((page.from, page.head), (Seq(from), Seq(602)));
        assert_eq!(page.gap, None);
        if page.to != Seq(end) {
            let bytes = shared::wire::encode(&page.events).len();
            let is_full = page.events.len() == 500 || bytes > limits::PAGE_BYTES * 3 / 4;
            assert!(
                is_full,
                "{from}..={to} ended at {} with {bytes} bytes",
                page.to
            );
        }
        let seqs: Vec<u64> = page.events.iter().map(|event| event.seq.0).collect();
        assert_eq!(seqs, (from..=page.to.0).collect::<Vec<_>>());
        assert!(seqs.len() as u64 <= limits::PAGE_EVENTS);
    }
}

/// R2: a page ends after 128 KiB, but one event always fits.
#[tokio::test]
async fn a_page_of_long_messages_ends_early_but_always_gets_on() {
    let server = Parlance::start().await;
    let (mut ada, welcome) = server.join("Ada").await;
    let room = welcome.rooms[0].id;
    let long = "\"".repeat(limits::BODY_BYTES);
    for _ in 0..14 {
        ada.say(room, &long).await;
    }
    let (mut from, mut pages) = (1, 0);
    while from <= 16 {
        let page = ada.read(room, from, 16).await.unwrap();
        assert!(page.to >= page.from, "a page without progress");
        let bytes = shared::wire::encode(&page.events).len();
        assert!(bytes <= limits::PAGE_BYTES + 1_024 || page.events.len() == 1);
        from = page.to.0 + 1;
        pages += 1;
    }
    assert!(pages >= 4, "{pages}");
}

/// R3
#[tokio::test]
async fn a_range_that_makes_no_sense_is_refused_and_one_beyond_the_head_is_empty() {
    let server = Parlance::start().await;
    let (mut ada, welcome) = server.join("Ada").await;
    let room = welcome.rooms[0].id;
    let limit = limits::PAGE_EVENTS;
    for (from, to) in [(0, 5), (0, 0), (5, 4), (Seq::MAX.0, 1)] {
        let refused = ada.read(room, from, to).await;
        assert_eq!(refused, Err(Problem::BadRange { limit }), "{from}..={to}");
    }
    for (from, to) in [
        (3, 10),
        (1_000, 1_000),
        (1 << 52, (1 << 52) + 9),
        (Seq::MAX.0, Seq::MAX.0),
    ] {
        let page = ada.read(room, from, to).await.unwrap();
        assert_eq!((page.to, page.head), (Seq(from - 1), Seq(2)));
        assert!(page.events.is_empty());
    }
}

/// R4: creating twice with one client id makes one room.
#[tokio::test]
async fn creating_and_joining_are_idempotent() {
    let server = Parlance::start().await;
    let ((mut ada, _), (mut bob, _)) = (server.join("Ada").await, server.join("Bob").await);
    let id = client_id();
    let tea = ada.create(id, "Tea").await.unwrap();
    assert_eq!((&*tea.name, tea.head), ("Tea", Seq(1)));
    assert_eq!(ada.create(id, "Tea").await.unwrap(), tea);
    assert_eq!(ada.create(id, "Law").await, Err(Problem::ClientIdReused));

    let id = client_id();
    let joined = bob.enter(id, tea.id).await.unwrap();
    assert_eq!((joined.id, joined.head), (tea.id, Seq(2)));
    assert_eq!(bob.enter(id, tea.id).await.unwrap().head, Seq(2));
    assert_eq!(bob.enter(client_id(), tea.id).await.unwrap().head, Seq(2));
    let log = bob.log(tea.id).await;
    let name = tea.name.clone();
    assert_eq!(log[0].content, Content::Created { name });
    assert_eq!((&log[1].content, log[1].client_id), (&Content::Joined, id));
    assert_eq!(log.len(), 2);
    assert_eq!(
        bob.enter(client_id(), RoomId(99)).await,
        Err(Problem::NoSuchRoom)
    );
}

/// Section 3: a name is one room's, however it is written.
#[tokio::test]
async fn a_room_name_is_taken_once_whatever_its_case() {
    let server = Parlance::start().await;
    let ((mut ada, _), (mut bob, _)) = (server.join("Ada").await, server.join("Bob").await);
    ada.create(client_id(), "Tea Room").await.unwrap();
    for name in ["Tea Room", "tea room", "TEA  ROOM", "Lobby"] {
        let refused = bob.create(client_id(), name).await;
        assert_eq!(refused, Err(Problem::NameTaken), "{name}");
    }
    bob.send_text(&format!(
        r#"{{"type":"create","request":900,"client_id":"{}","name":" "}}"#,
        client_id()
    ))
    .await;
    let refused = crate::support::client::problem(bob.answer().await);
    assert!(matches!(refused, Problem::BadName { .. }), "{refused:?}");
}

/// L10: the directory says which rooms there are and which one is in.
#[tokio::test]
async fn the_directory_lists_the_rooms_by_name() {
    let server = Parlance::start().await;
    let ((mut ada, _), (mut bob, _)) = (server.join("Ada").await, server.join("Bob").await);
    for name in ["tea", "Law", "chess"] {
        ada.create(client_id(), name).await.unwrap();
    }
    let rooms = directory(&mut bob).await;
    let rooms: Vec<_> = rooms
        .iter()
        .map(|(name, members, joined)| (name.as_str(), *members, *joined))
        .collect();
    assert_eq!(
        rooms,
        [
            ("chess", 1, false),
            ("Law", 1, false),
            ("lobby", 2, true),
            ("tea", 1, false)
        ]
    );
}

async fn directory(client: &mut Client) -> Vec<(String, u64, bool)> {
    let request = client.next_request();
    client.send(&ClientMessage::Directory { request }).await;
    match client.answer().await {
        ServerMessage::Directory { rooms, more, .. } => {
            assert!(!more);
            let row = |room: &shared::protocol::DirectoryRoom| {
                (room.name.to_string(), room.members, room.joined)
            };
            rooms.iter().map(row).collect()
        }
        other => panic!("{other:?}"),
    }
}
