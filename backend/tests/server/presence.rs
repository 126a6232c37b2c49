//! Who is here: told to who asks and shares a room with them, over all devices, with a while of grace.

use std::time::Duration;

use shared::ids::{PersonId, RoomId};
use shared::limits;
use shared::protocol::{Action, ClientMessage, Here, Presence, ServerMessage};

use crate::support::client::Client;
use crate::support::{Parlance, UNLIMITED, add, client_id};

const GATHER: Duration = Duration::from_millis(20);
const GRACE: Duration = Duration::from_millis(400);

async fn quick() -> Parlance {
    Parlance::start_with(|config| {
        config.rooms.sends = UNLIMITED;
        config.rooms.presence_gather = GATHER;
        config.rooms.presence_grace = GRACE;
    })
    .await
}

/// Asks, and takes the answer: those who are here.
async fn watch(client: &mut Client, people: &[PersonId]) -> Vec<(PersonId, Presence)> {
    let asked = client.next_request();
    let (request, people) = (asked, people.to_vec());
    client.send(&ClientMessage::Watch { request, people }).await;
    loop {
        if let ServerMessage::Presence {
            request: Some(of),
            people,
        } = client.receive().await
            && of == asked
        {
            return plain(&people);
        }
    }
}

fn plain(people: &[Here]) -> Vec<(PersonId, Presence)> {
    people.iter().map(|one| (one.id, one.presence)).collect()
}

async fn told(client: &mut Client) -> Vec<(PersonId, Presence)> {
    loop {
        if let ServerMessage::Presence {
            request: None,
            people,
        } = client.receive().await
        {
            return plain(&people);
        }
    }
}

async fn was_told(client: &mut Client) -> Vec<ServerMessage> {
    let mut rest = client.rest().await;
    rest.retain(|message| matches!(message, ServerMessage::Presence { .. }));
    rest
}

/// Leaves a room and waits until that is known to who delivers.
async fn leave(client: &mut Client, room: RoomId) {
    client.act_as(room, client_id(), Action::Leave).await;
    assert_eq!(client.told_left().await, room);
}

/// P1, P2, P3: the union over devices; away when all are; gone only after the grace.
#[tokio::test]
async fn who_is_here_on_any_device_is_here() {
    use Presence::{Away, Offline, Online};
    let server = quick().await;
    let (mut ada, _) = server.join("Ada").await;
    let bob = server.sign_in("Bob").await;
    let id = bob.me.id;
    assert_eq!(watch(&mut ada, &[id]).await, []);
    let (mut phone, _) = bob.join().await;
    assert_eq!(told(&mut ada).await, [(id, Online)]);
    let (desk, _) = bob.join().await;
    phone.send(&ClientMessage::Away { on: true }).await;
    phone.until_read().await;
    assert_eq!(was_told(&mut ada).await, []);
    drop(desk);
    assert_eq!(
        told(&mut ada).await,
        [(id, Away)],
        "the other one has ended"
    );
    phone.send(&ClientMessage::Away { on: false }).await;
    assert_eq!(told(&mut ada).await, [(id, Online)]);
    let left = std::time::Instant::now();
    drop(phone);
    assert_eq!(told(&mut ada).await, [(id, Offline)]);
    assert!(left.elapsed() >= GRACE, "{:?}", left.elapsed());
}

/// P2: a reload is nothing to speak of, and who asks meanwhile hears that they are here.
#[tokio::test]
async fn a_reload_shows_nowhere() {
    let server = quick().await;
    let ((mut ada, _), (mut cy, _)) = (server.join("Ada").await, server.join("Cy").await);
    let bob = server.sign_in("Bob").await;
    let id = bob.me.id;
    let (page, _) = bob.join().await;
    let (dan, of_dan) = server.join("Dan").await;
    let online = [(id, Presence::Online)];
    assert_eq!(watch(&mut ada, &[id, of_dan.me.id]).await.len(), 2);
    drop(page);
    drop(dan);
    server.until_connections(2).await;
    assert_eq!(watch(&mut cy, &[id]).await, online, "within the grace");
    let (_page, _) = bob.join().await;
    // Who left for good at the same moment is told to be gone, and nobody else.
    let gone = (of_dan.me.id, Presence::Offline);
    assert_eq!(told(&mut ada).await, [gone]);
    assert_eq!(was_told(&mut ada).await, []);
    assert_eq!(watch(&mut ada, &[id]).await, online);
}

/// P1: only of who is in a room with oneself, as long as they are; nobody else exists.
#[tokio::test]
async fn of_those_who_share_no_room_nothing_is_told() {
    use Presence::Online;
    let server = quick().await;
    let (eve, bob) = (server.sign_in("Eve").await, server.sign_in("Bob").await);
    let ((mut of_eve, welcome), (mut of_bob, _)) = (eve.join().await, bob.join().await);
    let (mut ada, _) = server.join("Ada").await;
    let lobby: RoomId = welcome.rooms[0].id;
    let nobody = PersonId(4_711);
    leave(&mut of_eve, lobby).await;
    assert_eq!(watch(&mut of_eve, &[bob.me.id, nobody]).await, []);
    assert_eq!(watch(&mut ada, &[bob.me.id]).await, [(bob.me.id, Online)]);
    of_bob.send(&ClientMessage::Away { on: true }).await;
    assert_eq!(told(&mut ada).await.len(), 1);
    assert_eq!(was_told(&mut of_eve).await, []);
    // In a room together they see each other, and when that ends they do no more.
    let plans = of_bob.private("Plans").await;
    of_bob.act(plans, add(&eve.me)).await.unwrap();
    of_eve.told_joined().await;
    assert_eq!(watch(&mut of_eve, &[bob.me.id]).await.len(), 1);
    leave(&mut of_eve, plans).await;
    of_bob.send(&ClientMessage::Away { on: false }).await;
    assert_eq!(told(&mut ada).await, [(bob.me.id, Online)]);
    assert_eq!(was_told(&mut of_eve).await, []);
    drop(of_bob);
    assert_eq!(told(&mut ada).await.len(), 1);
    assert_eq!(was_told(&mut of_eve).await, []);
}

/// P1: a later question takes the place of the one before; so many people and no more.
#[tokio::test]
async fn whom_one_does_not_look_at_any_more_one_hears_nothing_of() {
    let server = quick().await;
    let ((mut ada, _), (mut cy, _)) = (server.join("Ada").await, server.join("Cy").await);
    let bob = server.sign_in("Bob").await;
    let (_page, _) = bob.join().await;
    let id = bob.me.id;
    watch(&mut ada, &[id, id]).await;
    watch(&mut cy, &[id]).await;
    let many: Vec<PersonId> = (1..=limits::WATCHED as u64).map(PersonId).collect();
    assert_eq!(watch(&mut ada, &many).await, []);
    let too_many: Vec<PersonId> = many.into_iter().chain([id]).collect();
    assert_eq!(
        watch(&mut ada, &too_many).await,
        [],
        "the first hundred count"
    );
    let (mut other, _) = bob.join().await;
    drop(_page);
    other.send(&ClientMessage::Away { on: true }).await;
    assert_eq!(told(&mut cy).await, [(id, Presence::Away)]);
    assert_eq!(was_told(&mut ada).await, []);
}
