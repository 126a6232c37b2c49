//! How far others have read: in small rooms only, of those who want that, and for nobody else.

use shared::ids::{RoomId, Seq};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::{Action, Choice, ClientMessage, Receipt, ServerMessage};

use crate::support::client::Client;
use crate::support::{Parlance, add, client_id};

async fn see(client: &mut Client, room: RoomId, seq: Seq) {
    let rooms = [(room, seq)].into_iter().collect();
    client.send(&ClientMessage::Seen { rooms }).await;
}

/// What was said is on disk, and everybody concerned has been told.
async fn seen(client: &mut Client, room: RoomId, seq: Seq) {
    see(client, room, seq).await;
    loop {
        if let ServerMessage::Seen { rooms } = client.receive().await
            && rooms.get(&room).is_some()
        {
            return;
        }
    }
}

fn plain(read: &[Receipt]) -> Vec<(String, Seq)> {
    let read = read.iter().map(|one| (one.by.name.to_string(), one.to));
    read.collect()
}

/// The next news.
async fn told(client: &mut Client) -> (RoomId, Vec<(String, Seq)>) {
    loop {
        if let ServerMessage::Receipts {
            request: None,
            room,
            read,
        } = client.receive().await
        {
            return (room, plain(&read));
        }
    }
}

/// Whether there was any news among what came up to now.
async fn was_told(client: &mut Client) -> bool {
    let told = |message: &ServerMessage| matches!(message, ServerMessage::Receipts { .. });
    client.rest().await.iter().any(told)
}

async fn ask(client: &mut Client, room: RoomId) -> Result<Vec<(String, Seq)>, Problem> {
    let asked = client.next_request();
    let request = asked;
    client
        .send(&ClientMessage::Receipts { request, room })
        .await;
    loop {
        match client.receive().await {
            ServerMessage::Receipts {
                request: Some(of),
                read,
                ..
            } if of == asked => return Ok(plain(&read)),
            ServerMessage::Refused {
                request: Some(of),
                problem,
                ..
            } if of == asked => return Err(problem),
            _ => {}
        }
    }
}

async fn turn(client: &mut Client, on: bool) {
    let request = client.next_request();
    let choice = Choice::Receipts { on };
    client
        .send(&ClientMessage::Choose { request, choice })
        .await;
    loop {
        if matches!(client.receive().await, ServerMessage::Chosen { .. }) {
            return;
        }
    }
}

/// T1, T2: live to who is there, by asking to who comes later; never back; over a restart.
#[tokio::test]
async fn the_others_in_a_small_room_are_told_how_far_one_has_read() {
    let server = Parlance::start().await;
    let (ada, bob) = (server.sign_in("Ada").await, server.sign_in("Bob").await);
    let ((mut of_ada, _), (mut of_bob, _)) = (ada.join().await, bob.join().await);
    let room = of_ada.direct(&[&bob.me]).await.unwrap().id;
    let first = of_ada.say(room, "one").await;
    let last = of_ada.say(room, "two").await;
    of_bob.rest().await;
    assert_eq!(ask(&mut of_ada, room).await, Ok(vec![]), "nobody has yet");
    see(&mut of_bob, room, first).await;
    assert_eq!(told(&mut of_ada).await, (room, vec![("Bob".into(), first)]));
    seen(&mut of_bob, room, last).await;
    assert_eq!(told(&mut of_ada).await, (room, vec![("Bob".into(), last)]));
    // Neither what is said again nor what is made unread is news.
    seen(&mut of_bob, room, last).await;
    let from = first;
    of_bob.send(&ClientMessage::Unread { room, from }).await;
    seen(&mut of_bob, room, Seq(1)).await;
    assert!(!was_told(&mut of_ada).await);
    drop(of_ada);
    let server = server.restart().await;
    let (mut of_ada, _) = ada.at(&server).join().await;
    assert_eq!(ask(&mut of_ada, room).await, Ok(vec![("Bob".into(), last)]));
}

/// T1: who has left, and who never was there, hears nothing.
#[tokio::test]
async fn nobody_outside_of_the_room_is_told() {
    let server = Parlance::start().await;
    let (mut ada, _) = server.join("Ada").await;
    let (bob, cy, eve) = (
        server.sign_in("Bob").await,
        server.sign_in("Cy").await,
        server.sign_in("Eve").await,
    );
    let ((mut of_bob, _), (mut of_cy, _), (mut of_eve, _)) =
        (bob.join().await, cy.join().await, eve.join().await);
    let room = ada.private("Plans").await;
    for person in [&bob.me, &cy.me] {
        ada.act(room, add(person)).await.unwrap();
    }
    let last = ada.say(room, "between us").await;
    of_cy.act(room, Action::Leave).await.unwrap();
    for client in [&mut of_cy, &mut of_eve] {
        client.rest().await;
    }
    seen(&mut of_bob, room, last).await;
    assert_eq!(told(&mut ada).await, (room, vec![("Bob".into(), last)]));
    for client in [&mut of_cy, &mut of_eve] {
        assert!(!was_told(client).await);
        assert_eq!(ask(client, room).await, Err(Problem::NoSuchRoom));
    }
    assert_eq!(ask(&mut of_bob, room).await.unwrap(), vec![]);
}

/// T1: a larger room tells nothing, neither live nor to who asks.
#[tokio::test]
async fn a_room_of_many_tells_nothing() {
    let server = Parlance::start().await;
    let (mut ada, _) = server.join("Ada").await;
    let room = ada.create(client_id(), "Hall").await.unwrap().id;
    let mut others = Vec::new();
    for n in 1..limits::RECEIPTS_PEOPLE {
        let (mut client, _) = server.join(&format!("guest {n}")).await;
        client.enter(client_id(), room).await.unwrap();
        others.push(client);
    }
    let first = ada.say(room, "one").await;
    seen(&mut others[0], room, first).await;
    assert_eq!(told(&mut ada).await.0, room, "as many as that is few");
    let (mut late, _) = server.join("Late").await;
    late.enter(client_id(), room).await.unwrap();
    let second = ada.say(room, "two").await;
    seen(&mut others[1], room, second).await;
    assert!(!was_told(&mut ada).await);
    assert_eq!(ask(&mut ada, room).await, Ok(vec![]));
}

/// T3: off means neither told nor shown; on again, it begins with what is read then.
#[tokio::test]
async fn who_tells_nothing_is_told_nothing() {
    let server = Parlance::start().await;
    let (ada, bob) = (server.sign_in("Ada").await, server.sign_in("Bob").await);
    let ((mut of_ada, _), (mut of_bob, _)) = (ada.join().await, bob.join().await);
    let room = of_ada.direct(&[&bob.me]).await.unwrap().id;
    let first = of_ada.say(room, "one").await;
    seen(&mut of_ada, room, first).await;
    seen(&mut of_bob, room, first).await;
    assert_eq!(ask(&mut of_ada, room).await.unwrap().len(), 1);
    turn(&mut of_bob, false).await;
    assert!(bob.join().await.1.choices.no_receipts);
    let second = of_ada.say(room, "two").await;
    of_ada.rest().await;
    of_bob.rest().await;
    seen(&mut of_bob, room, second).await;
    seen(&mut of_ada, room, second).await;
    assert!(!was_told(&mut of_ada).await);
    assert!(!was_told(&mut of_bob).await);
    assert_eq!(ask(&mut of_ada, room).await, Ok(vec![]), "nor of before");
    assert_eq!(ask(&mut of_bob, room).await, Ok(vec![]));
    turn(&mut of_bob, true).await;
    seen(&mut of_bob, room, second).await;
    assert_eq!(
        told(&mut of_ada).await,
        (room, vec![("Bob".into(), second)])
    );
}
