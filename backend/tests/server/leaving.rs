//! Leaving a room.

use shared::ids::RoomId;
use shared::problem::Problem;
use shared::protocol::{Action, Content, ServerMessage};

use crate::support::client::Client;
use crate::support::{Parlance, client_id};

/// Reads up to the news that a room was left, and no event of it.
async fn told_that_it_left(client: &mut Client, room: RoomId) {
    loop {
        match client.receive().await {
            ServerMessage::Left { room: left, .. } if left == room => return,
            ServerMessage::Event { event, .. } => assert_ne!(event.content, Content::Left),
            ServerMessage::Stored { .. } | ServerMessage::Joined { .. } => {}
            other => panic!("{other:?}"),
        }
    }
}

/// D5: those in the room hear of it; every connection of who left is told, and hears the room no more.
#[tokio::test]
async fn leaving_is_heard_in_the_room_and_by_all_connections_of_who_left() {
    let server = Parlance::start().await;
    let guest = server.sign_in("Ada").await;
    let ((mut phone, welcome), (mut desk, _)) = (guest.join().await, guest.join().await);
    let (mut bob, _) = server.join("Bob").await;
    let tea = phone.create(client_id(), "Tea").await.unwrap().id;
    bob.enter(client_id(), tea).await.unwrap();
    let id = client_id();
    let stored = phone.act_again(tea, id, Action::Leave).await.unwrap();
    told_that_it_left(&mut desk, tea).await;
    loop {
        let (room, event) = bob.event().await;
        if event.content == Content::Left {
            assert_eq!((room, event.seq), (tea, stored.seq));
            assert_eq!((event.author, event.client_id), (welcome.me, id));
            break;
        }
    }
    bob.say(tea, "are they gone?").await;
    for client in [&mut phone, &mut desk] {
        for message in client.rest().await {
            let heard = matches!(message, ServerMessage::Event { room, .. } if room == tea);
            assert!(!heard, "{message:?}");
        }
    }
    let (_, again) = guest.join().await;
    assert!(again.rooms.iter().all(|room| room.id != tea));
    let log = bob.log(tea).await;
    assert_eq!(log.len(), 4, "created, joined, left, message");
}

/// D5, S2, S5, R4: a room that one has left is like any that one is not in, but what was done in it stays done.
#[tokio::test]
async fn a_room_that_was_left_is_no_such_room_until_it_is_joined_again() {
    let server = Parlance::start().await;
    let (mut ada, _) = server.join("Ada").await;
    let (creating, joining, leaving) = (client_id(), client_id(), client_id());
    let tea = ada.create(creating, "Tea").await.unwrap().id;
    let said = ada.post(tea, "hello").await;
    let first = ada.stored(said).await.unwrap();
    let left = ada.act_again(tea, leaving, Action::Leave).await.unwrap();
    told_that_it_left(&mut ada, tea).await;

    let refused = Err(Problem::NoSuchRoom);
    assert_eq!(ada.act(tea, Action::Leave).await, refused);
    assert_eq!(ada.read(tea, 1, 10).await, Err(Problem::NoSuchRoom));
    assert_eq!(ada.create(creating, "Tea").await, Err(Problem::NoSuchRoom));
    let again = ada.act_again(tea, leaving, Action::Leave).await.unwrap();
    assert!(again.repeat && (again.seq, again.at) == (left.seq, left.at));
    ada.post_as(tea, said, "hello").await;
    let again = ada.stored(said).await.unwrap();
    assert!(again.repeat && again.seq == first.seq);

    let room = ada.enter(joining, tea).await.unwrap();
    assert_eq!(room.head.0, left.seq.0 + 1);
    assert_eq!(ada.enter(joining, tea).await.unwrap(), room);
    let seq = ada.say(tea, "back again").await;
    assert_eq!(ada.message().await.seq, seq);
    ada.act(tea, Action::Leave).await.unwrap();
    told_that_it_left(&mut ada, tea).await;
    // The same joining, made again late, does not bring back who has left since.
    assert_eq!(ada.enter(joining, tea).await, Err(Problem::NoSuchRoom));
    ada.enter(client_id(), tea).await.unwrap();
    assert_eq!(ada.log(tea).await.len(), 7);
}

/// D5: so can the lobby, and joined again.
#[tokio::test]
async fn the_lobby_can_be_left() {
    let server = Parlance::start().await;
    let (mut ada, welcome) = server.join("Ada").await;
    let lobby = welcome.rooms[0].id;
    ada.act(lobby, Action::Leave).await.unwrap();
    told_that_it_left(&mut ada, lobby).await;
    let server = server.restart().await;
    let (mut bob, welcome) = server.join("Bob").await;
    assert_eq!(welcome.rooms[0].id, lobby);
    assert_eq!(bob.log(lobby).await.len(), 4);
}

/// D5, R9: however leaving, joining and hello fall together, a connection hears a room exactly if it was told so.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_connection_that_comes_while_one_leaves_knows_how_it_ended() {
    const ROUNDS: usize = 150;
    let server = Parlance::start().await;
    let guest = server.sign_in("Ada").await;
    let (mut ada, _) = guest.join().await;
    let (mut bob, _) = server.join("Bob").await;
    let tea = bob.create(client_id(), "Tea").await.unwrap().id;
    let mut is_in = false;
    let mut met = [0, 0];
    for round in 0..ROUNDS {
        let coming = guest.clone();
        let coming = tokio::spawn(async move { coming.join().await });
        tokio::time::sleep(std::time::Duration::from_micros(round as u64 * 7)).await;
        // Once or twice, so that the end differs from what the hello may have seen, or not.
        for _ in 0..=round % 2 {
            if is_in {
                ada.act(tea, Action::Leave).await.unwrap();
            } else {
                ada.enter(client_id(), tea).await.unwrap();
            }
            is_in = !is_in;
        }
        let (mut client, welcome) = coming.await.unwrap();
        // Delivery is in order: when Bob hears the second one, everyone in the room has the first.
        let marker = bob.post(tea, "who is there?").await;
        let second = bob.post(tea, "no one else?").await;
        while bob.message().await.client_id != second {}
        let mut knows = welcome.rooms.iter().any(|room| room.id == tea);
        let mut heard = false;
        for message in client.rest().await {
            match message {
                ServerMessage::Joined { room, .. } if room.id == tea => knows = true,
                ServerMessage::Left { room, .. } if room == tea => knows = false,
                ServerMessage::Event { room, event, .. } if room == tea => {
                    heard |= event.client_id == marker;
                }
                _ => {}
            }
        }
        assert_eq!((knows, heard), (is_in, is_in), "round {round}");
        met[usize::from(is_in)] += 1;
        drop(client);
    }
    assert!(met.iter().all(|&count| count > 0), "{met:?}");
}
