//! Who is writing.

use shared::ids::RoomId;
use shared::protocol::{ClientMessage, ServerMessage};

use crate::support::client::Client;
use crate::support::{Parlance, client_id};

async fn typing(client: &mut Client, room: RoomId) {
    client.send(&ClientMessage::Typing { room }).await;
    client.until_read().await;
}

/// Who is said to type in what comes next, up to a message.
async fn heard(client: &mut Client) -> Vec<(RoomId, String)> {
    let mut heard = Vec::new();
    loop {
        match client.receive().await {
            ServerMessage::Typing { room, person } => heard.push((room, person.name.to_string())),
            ServerMessage::Event { .. } => return heard,
            _ => {}
        }
    }
}

/// D8
#[tokio::test]
async fn those_in_the_room_hear_it_once_and_nobody_else() {
    let server = Parlance::start().await;
    let guest = server.sign_in("Ada").await;
    let ((mut ada, _), (mut desk, _)) = (guest.join().await, guest.join().await);
    let (mut bob, greeting) = server.join("Bob").await;
    let (mut eve, _) = server.join("Eve").await;
    let lobby = greeting.rooms[0].id;
    let tea = ada.create(client_id(), "Tea").await.unwrap().id;
    bob.enter(client_id(), tea).await.unwrap();
    for client in [&mut ada, &mut desk, &mut bob, &mut eve] {
        client.rest().await;
    }
    for _ in 0..3 {
        typing(&mut ada, tea).await;
    }
    // Of a room that one is not in, or that does not exist, nothing comes.
    typing(&mut eve, tea).await;
    typing(&mut eve, RoomId(4_711)).await;
    ada.say(tea, "in the tea room").await;
    ada.say(lobby, "in the lobby").await;
    assert_eq!(heard(&mut bob).await, [(tea, "Ada".to_owned())]);
    assert_eq!(heard(&mut desk).await, [], "not oneself");
    assert_eq!(heard(&mut eve).await, []);
    let log = bob.log(tea).await;
    assert_eq!(log.len(), 3, "it is in no log: {log:?}");
}

/// D8: who has left is not heard.
#[tokio::test]
async fn who_has_left_types_to_nobody() {
    let server = Parlance::start().await;
    let (mut ada, _) = server.join("Ada").await;
    let (mut bob, _) = server.join("Bob").await;
    let tea = ada.create(client_id(), "Tea").await.unwrap().id;
    bob.enter(client_id(), tea).await.unwrap();
    bob.act(tea, shared::protocol::Action::Leave).await.unwrap();
    // Whoever hears that he has left hears nothing of him after that.
    while ada.event().await.1.content != shared::protocol::Content::Left {}
    typing(&mut bob, tea).await;
    ada.post(tea, "is he gone?").await;
    assert_eq!(heard(&mut ada).await, []);
}
