//! The links, and what becomes of a client whose log is another one.

use shared::ids::{Link, RoomId, Seq};
use shared::limits;
use shared::protocol::{Action, ClientMessage, Cursor, Event, Hello, ServerMessage};
use shared::sorted::Map;

use crate::support::client::Client;
use crate::support::{Parlance, body, client_id, fresh_hello};

fn at(event: &Event) -> Cursor {
    Cursor {
        seq: event.seq,
        link: Some(event.link),
    }
}

/// Another link than that.
fn off(cursor: Cursor) -> Cursor {
    Cursor {
        link: cursor.link.map(|link| Link(link.0 ^ 1)),
        ..cursor
    }
}

async fn applied(client: &mut Client, cursors: &[(RoomId, Cursor)]) -> Vec<(RoomId, Seq)> {
    let cursors: Map<_, _> = cursors.iter().copied().collect();
    client.send(&ClientMessage::Applied { cursors }).await;
    diverged(client.rest().await)
}

/// What came, live events left out.
fn diverged(messages: Vec<ServerMessage>) -> Vec<(RoomId, Seq)> {
    let diverged = |message| match message {
        ServerMessage::Diverged { room, seq } => Some((room, seq)),
        ServerMessage::Event { .. } => None,
        other => panic!("{other:?}"),
    };
    messages.into_iter().filter_map(diverged).collect()
}

/// R10: every event carries the link that the one before it asks for, live and in pages, whatever it is; a restart goes
/// on from there, and a deletion breaks nothing.
#[tokio::test]
async fn every_event_has_the_link_of_a_chain() {
    let server = Parlance::start().await;
    let guest = server.sign_in("Ada").await;
    let (mut ada, _) = guest.join().await;
    let tea = ada.create(client_id(), "Tea").await.unwrap().id;
    let target = ada.say(tea, "hello").await;
    let edit = |text| Action::edit(target, body(text));
    ada.act(tea, edit("hello!")).await.unwrap();
    let topic = Action::Topic { topic: None };
    ada.act(tea, topic).await.unwrap();
    let before = ada.log(tea).await;

    let server = server.restart().await;
    let (mut ada, _) = guest.at(&server).join().await;
    ada.act(tea, Action::Delete { target }).await.unwrap();
    ada.post(tea, "after").await;
    let live = ada.message().await;
    let log = ada.log(tea).await;
    assert_eq!(log.last(), Some(&live));
    let mut link = Link::first(tea);
    for event in &log {
        link = link.next(event);
        assert_eq!(event.link, link, "{event:?}");
    }
    for (then, now) in before.iter().zip(&log) {
        assert_eq!(then.link, now.link);
    }
}

/// R12: a cursor whose link is not the log's is told right after the welcome, and not replayed; others are.
#[tokio::test]
async fn a_hello_with_another_log_is_told_which_cursors_are_not_of_this_one() {
    let server = Parlance::start().await;
    let guest = server.sign_in("Ada").await;
    let (mut ada, welcome) = guest.join().await;
    let mut rooms = Vec::new();
    for name in ["Right", "Wrong", "Beyond", "No link", "Nothing yet"] {
        let room = ada.create(client_id(), name).await.unwrap().id;
        ada.fill(room, 3).await;
        rooms.push((room, ada.log(room).await));
    }
    let second = |n: usize| at(&rooms[n].1[1]);
    let beyond = Cursor {
        seq: Seq(5),
        ..second(2)
    };
    let no_link = Cursor {
        link: None,
        ..second(3)
    };
    let nothing = Cursor {
        seq: Seq::ZERO,
        link: Some(Link::first(rooms[4].0)),
    };
    let cursors = [second(0), off(second(1)), beyond, no_link, nothing];
    let cursors = rooms.iter().zip(cursors);
    let hello = Hello {
        epoch: Some(welcome.epoch),
        cursors: cursors.map(|((room, _), cursor)| (*room, cursor)).collect(),
        ..fresh_hello()
    };
    let mut client = guest.connect().await;
    let (_, pages, mut diverged) = client.resume(hello.clone()).await;
    diverged.sort();
    let mut expected = vec![(rooms[1].0, Seq(2)), (rooms[2].0, Seq(5))];
    expected.sort();
    assert_eq!(diverged, expected);
    assert_eq!(server.divergences(), 2);
    let mut replayed: Vec<_> = pages.iter().map(|page| (page.room, page.from)).collect();
    replayed.sort();
    let mut expected = vec![
        (rooms[0].0, Seq(3)),
        (rooms[3].0, Seq(3)),
        (rooms[4].0, Seq(1)),
    ];
    expected.sort();
    assert_eq!(replayed, expected);

    // In another history the links mean nothing.
    let hello = Hello {
        epoch: None,
        ..hello
    };
    guest.connect().await.hello(hello).await;
    assert_eq!(server.divergences(), 2);
}

/// R12: what a client states while it is live is compared too, and answered only where it differs.
#[tokio::test]
async fn what_was_applied_is_compared() {
    let server = Parlance::start().await;
    let ((mut ada, welcome), (mut bob, _)) = (server.join("Ada").await, server.join("Bob").await);
    let lobby = welcome.rooms[0].id;
    let tea = ada.create(client_id(), "Tea").await.unwrap().id;
    let secret = bob.create(client_id(), "Secret").await.unwrap().id;
    let newest = |log: Vec<Event>| at(log.last().unwrap());
    let here = newest(ada.log(lobby).await);
    let there = newest(ada.log(tea).await);
    let elsewhere = off(newest(bob.log(secret).await));
    ada.rest().await;

    let right = [(lobby, here), (tea, there)];
    assert_eq!(applied(&mut ada, &right).await, []);
    assert_eq!(applied(&mut ada, &[]).await, []);
    let wrong = [(lobby, here), (tea, off(there)), (secret, elsewhere)];
    assert_eq!(applied(&mut ada, &wrong).await, [(tea, there.seq)]);
    assert_eq!(server.divergences(), 1);
    let beyond = Cursor {
        seq: Seq::MAX,
        ..here
    };
    assert_eq!(
        applied(&mut ada, &[(lobby, beyond)]).await,
        [(lobby, beyond.seq)]
    );
    // S5: that says nothing of a room one is not in, also when it was guessed right.
    assert_eq!(applied(&mut ada, &[(secret, off(elsewhere))]).await, []);
    assert_eq!(server.divergences(), 2);
}

/// R12, M9: it counts as a request, so that no one can keep the readers busy with it; beyond the rate it is not compared.
#[tokio::test]
async fn stating_without_pause_is_not_compared() {
    let server = Parlance::start().await;
    let (mut ada, welcome) = server.join("Ada").await;
    let lobby = welcome.rooms[0].id;
    let wrong = off(at(ada.log(lobby).await.last().unwrap()));
    let burst = usize::try_from(limits::REQUEST_BURST).unwrap();
    let begun = std::time::Instant::now();
    let cursors = Map::from([(lobby, wrong)]);
    for _ in 0..burst * 2 {
        let cursors = cursors.clone();
        ada.send(&ClientMessage::Applied { cursors }).await;
    }
    let told = diverged(ada.rest().await).len();
    let earned = usize::try_from(begun.elapsed().as_millis() / 20).unwrap() + 1;
    assert!(told >= burst - 1 && told <= burst + earned, "{told}");
    assert_eq!(server.divergences(), told as u64);
    // Of more cursors than may be stated, the first ones count.
    let server = Parlance::start().await;
    let (mut ada, welcome) = server.join("Ada").await;
    let lobby = welcome.rooms[0].id;
    let mut cursors: Map<_, _> = (0..limits::CURSORS as u64)
        .map(|room| (RoomId(room), wrong))
        .collect();
    cursors.insert(lobby, wrong);
    assert!(cursors.len() > limits::CURSORS && cursors.keys().last() == Some(&lobby));
    ada.send(&ClientMessage::Applied { cursors }).await;
    assert_eq!(diverged(ada.rest().await), []);
}
