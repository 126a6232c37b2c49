//! What a person chooses about how they are told of things: on every device, over restarts, of no room that is not theirs.

use shared::ids::{RoomId, Timestamp};
use shared::problem::Problem;
use shared::protocol::{Action, Choice, ClientMessage, Level, ServerMessage, Welcome};

use crate::support::client::Client;
use crate::support::{Parlance, client_id};

async fn choose(client: &mut Client, choice: Choice) -> Result<(), Problem> {
    let request = client.next_request();
    client
        .send(&ClientMessage::Choose { request, choice })
        .await;
    loop {
        match client.receive().await {
            ServerMessage::Done { request: done } if done == request => return Ok(()),
            ServerMessage::Refused {
                request: Some(of),
                problem,
                ..
            } if of == request => return Err(problem),
            _ => {}
        }
    }
}

async fn chosen(client: &mut Client) -> Choice {
    loop {
        if let ServerMessage::Chosen { choice } = client.receive().await {
            return choice;
        }
    }
}

fn level_of(welcome: &Welcome, room: RoomId) -> Option<Level> {
    let mut rooms = welcome.rooms.iter();
    rooms.find(|one| one.id == room).unwrap().level
}

/// N1, N2, N3: every device hears of it, and who comes back later finds it, also after a restart.
#[tokio::test]
async fn what_is_chosen_on_one_device_holds_on_all() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let ((mut phone, first), (mut desk, _)) = (ada.join().await, ada.join().await);
    let (mut bob, _) = server.join("Bob").await;
    let room = first.rooms[0].id;
    assert_eq!(level_of(&first, room), None, "nothing was chosen");
    assert!(first.choices.is_usual());
    let level = Level::Nothing;
    let until = Some(Timestamp(1_900_000_000_000));
    for choice in [Choice::Level { room, level }, Choice::Quiet { until }] {
        choose(&mut phone, choice).await.unwrap();
        assert_eq!(chosen(&mut desk).await, choice);
    }
    let (mut late, now) = ada.join().await;
    assert_eq!(level_of(&now, room), Some(level));
    assert_eq!(now.choices.quiet, until);
    for message in bob.rest().await {
        let told = matches!(message, ServerMessage::Chosen { .. });
        assert!(!told, "nobody else hears of it: {message:?}");
    }
    let server = server.restart().await;
    let (_, now) = ada.at(&server).join().await;
    assert_eq!(
        (level_of(&now, room), now.choices.quiet),
        (Some(level), until)
    );
    let (_, of_bob) = server.join("Cy").await;
    assert_eq!(level_of(&of_bob, room), None, "it is nobody else's");
    drop(late.until_read());
}

/// N2: whoever was last, all devices show the same in the end.
#[tokio::test]
async fn of_two_devices_that_choose_at_once_the_same_one_wins_everywhere() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let ((mut phone, first), (mut desk, _)) = (ada.join().await, ada.join().await);
    let room = first.rooms[0].id;
    for _ in 0..20 {
        let choice = |level| Choice::Level { room, level };
        let (one, other) = (choice(Level::Nothing), choice(Level::Everything));
        let (of_phone, of_desk) = (phone.next_request(), desk.next_request());
        for (client, request, choice) in [(&mut phone, of_phone, one), (&mut desk, of_desk, other)]
        {
            client
                .send(&ClientMessage::Choose { request, choice })
                .await;
        }
        let mut last = Vec::new();
        for client in [&mut phone, &mut desk] {
            chosen(client).await;
            last.push(chosen(client).await);
        }
        assert_eq!(last[0], last[1]);
        let (_, now) = ada.join().await;
        let stored = choice(level_of(&now, room).unwrap());
        assert_eq!(stored, last[0]);
    }
}

/// N1: it goes with the membership.
#[tokio::test]
async fn who_leaves_a_room_and_comes_back_begins_anew() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let (mut phone, _) = ada.join().await;
    let (mut bob, _) = server.join("Bob").await;
    let room = bob.create(client_id(), "Tea").await.unwrap().id;
    let level = Level::Everything;
    let choice = Choice::Level { room, level };
    assert_eq!(choose(&mut phone, choice).await, Err(Problem::NoSuchRoom));
    phone.enter(client_id(), room).await.unwrap();
    choose(&mut phone, choice).await.unwrap();
    assert_eq!(level_of(&ada.join().await.1, room), Some(level));
    phone.act(room, Action::Leave).await.unwrap();
    assert_eq!(choose(&mut phone, choice).await, Err(Problem::NoSuchRoom));
    let joined = phone.enter(client_id(), room).await.unwrap();
    assert_eq!(joined.level, None);
}
