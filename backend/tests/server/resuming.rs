//! Section 7: coming back.

use std::collections::BTreeMap;

use shared::ids::{Epoch, RoomId, Seq};
use shared::limits;
use shared::protocol::{Cursor, Event, Hello, Page, Welcome};

use crate::support::client::Client;
use crate::support::{Guest, Parlance, client_id, fresh_hello};

async fn resume(
    guest: &Guest,
    epoch: Epoch,
    cursors: &[(RoomId, u64)],
) -> (Client, Welcome, Vec<Page>) {
    let mut client = guest.connect().await;
    let cursor = |seq| Cursor {
        seq: Seq(seq),
        link: None,
    };
    let cursors = cursors.iter().map(|(room, seq)| (*room, cursor(*seq)));
    let hello = Hello {
        epoch: Some(epoch),
        cursors: cursors.collect(),
        ..fresh_hello()
    };
    let (welcome, pages) = client.hello(hello).await;
    (client, welcome, pages)
}

/// R5, R6 and R7: after any number of missed events, replay and reading on give the log, with nothing missing.
#[tokio::test]
async fn what_was_missed_comes_back_whole_or_with_an_explicit_gap() {
    let server = Parlance::start().await;
    let guest = server.sign_in("Ada").await;
    let (mut ada, welcome) = guest.join().await;
    let (room, epoch) = (welcome.rooms[0].id, welcome.epoch);
    ada.fill(room, 2_020).await;
    let log = ada.log(room).await;
    let head = log.len() as u64;
    for missed in [0, 1, 39, 300, 499, 500, 501, 2_001] {
        let cursor = head - missed;
        let (mut client, welcome, pages) = resume(&guest, epoch, &[(room, cursor)]).await;
        assert_eq!(welcome.rooms[0].head, Seq(head));
        let mut state: Vec<Event> = log[..usize::try_from(cursor).unwrap()].to_vec();
        assert_eq!(pages.len(), usize::from(missed > 0), "missed {missed}");
        for page in pages {
            assert_eq!(
                (page.request, page.room, page.head),
                (None, room, Seq(head))
            );
            if let Some(gap) = page.gap {
                assert!(missed > limits::REPLAY_EVENTS);
                assert_eq!(gap.from, Seq(cursor + 1));
                assert_eq!(gap.to.next(), page.from);
                assert_eq!(page.from, Seq(head - limits::REPLAY_TAIL + 1));
                assert_eq!(page.to, Seq(head), "the end of the room is there at once");
                let mut from = gap.from;
                while from <= gap.to {
                    let part = client.read(room, from.0, gap.to.0).await.unwrap();
                    from = part.to.next();
                    state.extend(part.events);
                }
            } else {
                assert!(missed <= limits::REPLAY_EVENTS);
            }
            state.extend(page.events);
        }
        // R7: a replay may have ended early.
        while (state.len() as u64) < head {
            let from = state.len() as u64 + 1;
            state.extend(client.read(room, from, head).await.unwrap().events);
        }
        assert!(state == log, "missed {missed}: the state is not the log");
    }
}

/// R5: each room that is behind gets its replay; one left out, one up to date and one that one is not in get none.
#[tokio::test]
async fn every_room_that_is_behind_is_replayed() {
    let server = Parlance::start().await;
    let guest = server.sign_in("Ada").await;
    let (mut ada, welcome) = guest.join().await;
    let (mut bob, _) = server.join("Bob").await;
    let (lobby, epoch) = (welcome.rooms[0].id, welcome.epoch);
    let mut rooms = Vec::new();
    for name in ["Tea", "Law", "Chess"] {
        let room = ada.create(client_id(), name).await.unwrap().id;
        ada.fill(room, 3).await;
        rooms.push(room);
    }
    let secret = bob.create(client_id(), "Secret").await.unwrap().id;
    let cursors = [
        (rooms[0], 2),
        (rooms[1], 4),
        (lobby, 0),
        (secret, 0),
        (RoomId(7), 0),
    ];
    let (_, welcome, pages) = resume(&guest, epoch, &cursors).await;
    assert_eq!(welcome.rooms.len(), 4);
    let replayed: BTreeMap<RoomId, (u64, u64)> = pages
        .iter()
        .map(|page| (page.room, (page.from.0, page.to.0)))
        .collect();
    assert_eq!(
        replayed,
        BTreeMap::from([(rooms[0], (3, 4)), (lobby, (1, 3))])
    );
    assert_eq!(pages.len(), 2);
}

/// R7: long messages end a replay early, and many rooms end it after 512 KiB; reading on gives the rest.
#[tokio::test]
async fn a_replay_of_long_messages_ends_early() {
    let server = Parlance::start().await;
    let guest = server.sign_in("Ada").await;
    let (mut ada, welcome) = guest.join().await;
    let epoch = welcome.epoch;
    let long = "a".repeat(limits::BODY_BYTES);
    let mut rooms = Vec::new();
    for number in 0..12 {
        let room = ada
            .create(client_id(), &format!("room {number}"))
            .await
            .unwrap()
            .id;
        for _ in 0..10 {
            ada.say(room, &long).await;
        }
        rooms.push((room, 0));
    }
    let (mut client, welcome, pages) = resume(&guest, epoch, &rooms).await;
    let bytes: usize = pages
        .iter()
        .map(|page| shared::wire::encode(page).len())
        .sum();
    assert!(
        bytes <= limits::RESUME_BYTES + limits::PAGE_BYTES + 1_024,
        "{bytes}"
    );
    assert!(pages.len() < rooms.len(), "{}", pages.len());
    assert!(
        pages
            .iter()
            .all(|page| page.from == Seq(1) && page.to < Seq(11))
    );
    for room in welcome.rooms.iter().filter(|room| &*room.name != "lobby") {
        assert_eq!(client.log(room.id).await.len(), 11);
    }
}

/// R8: with another epoch, or a cursor beyond the head, nothing is replayed, and the welcome says how things are.
#[tokio::test]
async fn a_cursor_into_another_history_is_not_replayed() {
    let server = Parlance::start().await;
    let guest = server.sign_in("Ada").await;
    let (mut ada, welcome) = guest.join().await;
    let (room, epoch) = (welcome.rooms[0].id, welcome.epoch);
    ada.fill(room, 5).await;
    for (epoch, cursor) in [(Epoch(epoch.0 ^ 1), 1), (epoch, 8), (epoch, Seq::MAX.0)] {
        let (_, welcome, pages) = resume(&guest, epoch, &[(room, cursor)]).await;
        assert!(pages.is_empty());
        assert_eq!(welcome.rooms[0].head, Seq(7));
    }
    let server = server.restart().await;
    let (_, again) = guest.at(&server).join().await;
    assert_eq!(again.epoch, epoch, "a restart is the same history");
}

/// R9: while others write, nothing falls between the replay and the live events, however often one comes back.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_falls_between_the_replay_and_the_live_events() {
    const RESUMES: usize = 100;
    let server = Parlance::start().await;
    let (mut bob, welcome) = server.join("Bob").await;
    let (room, epoch) = (welcome.rooms[0].id, welcome.epoch);
    let mut resumers = Vec::new();
    for number in 0..4 {
        let guest = server.sign_in(&format!("guest {number}")).await;
        resumers.push(tokio::spawn(async move {
            let mut applied = 0;
            for _ in 0..RESUMES {
                let (mut client, _, pages) = resume(&guest, epoch, &[(room, applied)]).await;
                for page in pages {
                    // What a gap leaves out, and what a full page left, the client would read.
                    applied = page.head.0;
                }
                let (_, event) = client.event().await;
                let hole = format!("{} came after {applied}", event.seq);
                assert!(event.seq.0 <= applied + 1, "{hole}");
                applied = applied.max(event.seq.0);
            }
        }));
    }
    while !resumers.iter().all(tokio::task::JoinHandle::is_finished) {
        bob.fill(room, 4).await;
    }
    for resumer in resumers {
        resumer.await.unwrap();
    }
}

/// R5: a thousand cursors and more are taken.
#[tokio::test]
async fn a_thousand_cursors_fit_into_one_hello() {
    let server = Parlance::start().await;
    let guest = server.sign_in("Ada").await;
    let (_, welcome) = guest.join().await;
    let mut cursors: Vec<(RoomId, u64)> = (1..limits::CURSORS as u64)
        .map(|room| (RoomId(room), shared::limits::SAFE_INTEGER))
        .collect();
    cursors.push((welcome.rooms[0].id, 1));
    let (_, _, pages) = resume(&guest, welcome.epoch, &cursors).await;
    assert_eq!(pages.len(), 1);
}

on_every_transport!(
    what_was_missed_comes_back_whole_or_with_an_explicit_gap,
    every_room_that_is_behind_is_replayed,
    a_replay_of_long_messages_ends_early,
    a_cursor_into_another_history_is_not_replayed,
    nothing_falls_between_the_replay_and_the_live_events,
    a_thousand_cursors_fit_into_one_hello,
);
