//! Section 10: shutting people out of the server, and deleting what they said.

use std::time::Instant;

use serde_json::json;
use shared::ids::RoomId;
use shared::limits;
use shared::protocol::{Content, Message};

use crate::support::account::PASSWORD;
use crate::support::client::Client;
use crate::support::{Guest, Parlance, add, client_id, soon};

async fn shut_out(by: &Guest, person: &Guest, erase: bool) {
    let path = format!("/api/people/{}", person.me.id);
    let change = json!({"gone": true, "erase": erase});
    let reply = by.post(&path, change).await;
    assert_eq!(reply.status, 204, "{reply:?}");
}

/// O8: a close code of its own at once and whenever they come again, and no way back in for the same person.
#[tokio::test]
async fn who_is_shut_out_is_told_so_and_stays_out() {
    let server = Parlance::start().await;
    let (ada, bob) = (server.owner("Ada").await, server.member("Bob").await);
    let cy = server.sign_in("Cy").await;
    ada.make(&bob, "moderator").await;
    let invite = bob.invite("member", 5).await;
    let pass = bob.post("/api/account/pass", json!(null)).await;
    let pass = crate::support::account::code(&pass);
    let (mut one, _) = bob.join().await;
    let (mut two, _) = cy.join().await;
    let begun = Instant::now();
    shut_out(&ada, &bob, false).await;
    shut_out(&ada, &cy, false).await;
    assert_eq!(one.close_code().await, Some(4403));
    assert_eq!(two.close_code().await, Some(4403));
    assert!(begun.elapsed().as_secs() < 1);
    for person in [&bob, &cy] {
        assert_eq!(person.connect().await.close_code().await, Some(4403));
        let who = person.get("/api/session").await;
        assert_eq!((who.status, who.problem()), (403, "shut_out".into()));
    }
    let right = server.sign_in_with("Bob", PASSWORD).await;
    assert_eq!((right.status, right.problem()), (403, "shut_out".into()));
    let wrong = server.sign_in_with("Bob", "wrong horse").await;
    assert_eq!(
        wrong.problem(),
        "wrong_password",
        "who cannot prove it hears nothing"
    );
    assert_eq!(
        server.follow("pass", "", &pass).await.problem(),
        "no_such_link"
    );
    assert_eq!(
        server.follow("invite", "Di", &invite).await.problem(),
        "no_such_link"
    );
    for name in ["Bob", "Cy", "cy"] {
        let reply = server.post("/api/session", json!({"name": name})).await;
        assert_eq!(reply.problem(), "name_taken", "{name}");
    }
    let others = ada.invite("member", 5).await;
    let shown = json!({"name": "Cy", "password": PASSWORD, "code": others});
    let path = format!("/api/session/invite?as={}", cy.me.id);
    let reply = cy.post(&path, shown).await;
    assert!(matches!(reply.status, 401 | 403), "{reply:?}");

    let server = server.restart().await;
    let path = format!("/api/people/{}", bob.me.id);
    assert_eq!(
        bob.at(&server).connect().await.close_code().await,
        Some(4403)
    );
    let reply = ada.at(&server).post(&path, json!({"gone": false})).await;
    assert_eq!(reply.status, 204);
    assert_eq!(
        bob.at(&server).connect().await.close_code().await,
        Some(4401)
    );
    assert_eq!(server.sign_in_with("Bob", PASSWORD).await.status, 201);
}

/// What is left to read of a person in a room.
async fn left_of(client: &mut Client, room: RoomId, person: &Guest) -> usize {
    let log = client.log(room).await;
    let says =
        |content: &Content| matches!(content, Content::Message(Message { body: Some(_), .. }));
    let theirs = log.iter().filter(|event| event.author.id == person.me.id);
    theirs.filter(|event| says(&event.content)).count()
}

async fn until_nothing_is_left(client: &mut Client, room: RoomId, person: &Guest) {
    let gone = async {
        while left_of(client, room, person).await > 0 {
            // Each deletion comes as an event.
            client.event().await;
        }
    };
    soon("the end of deleting", gone).await;
}

/// O5: everything that they said is deleted, in every room, over a restart too, and nothing else is.
#[tokio::test]
async fn what_they_said_is_deleted_over_a_restart_too() {
    const SAID: usize = 3 * limits::ERASE_STEP as usize;
    let server = Parlance::start().await;
    let (ada, bob) = (server.owner("Ada").await, server.sign_in("Bob").await);
    let ((mut here, _), (mut there, welcome)) = (ada.join().await, bob.join().await);
    let lobby = welcome.rooms[0].id;
    let plans = here.private("Plans").await;
    here.act(plans, add(&bob.me)).await.unwrap();
    there.told_joined().await;
    there.fill(plans, SAID).await;
    there.fill(lobby, SAID).await;
    let direct = there.direct(&[&ada.me]).await.unwrap().id;
    there.say(direct, "rude").await;
    here.fill(plans, 3).await;
    shut_out(&ada, &bob, true).await;
    let server = server.restart().await;
    let (mut here, _) = ada.at(&server).join().await;
    for room in [plans, lobby, direct] {
        until_nothing_is_left(&mut here, room, &bob).await;
    }
    assert_eq!(left_of(&mut here, plans, &ada).await, 3);
    let log = here.log(plans).await;
    let deleted = log
        .iter()
        .filter(|event| matches!(event.content, Content::Deleted { .. }));
    let mut deleted = deleted.map(|event| &event.author);
    assert!(deleted.clone().count() == SAID && deleted.all(|by| *by == ada.me));
    for event in &log {
        if let Content::Message(Message {
            body: None,
            deleted_by,
            ..
        }) = &event.content
        {
            assert_eq!(deleted_by.as_ref(), Some(&ada.me));
        }
    }
}

/// O5: a ban from a room deletes what was said in that room; what is written meanwhile is not held up.
#[tokio::test]
async fn a_ban_deletes_what_was_said_there_and_holds_nobody_up() {
    const SAID: usize = 5 * limits::ERASE_STEP as usize;
    let server = Parlance::start().await;
    let bob = server.sign_in("Bob").await;
    let ((mut ada, _), (mut there, welcome)) = (server.join("Ada").await, bob.join().await);
    let lobby = welcome.rooms[0].id;
    let room = ada.create(client_id(), "Tea").await.unwrap().id;
    there.enter(client_id(), room).await.unwrap();
    there.fill(room, SAID).await;
    there.fill(lobby, 3).await;
    let person = bob.me.clone();
    let ban = shared::protocol::Action::Ban {
        person,
        on: true,
        erase: true,
    };
    let banned = ada.act(room, ban).await.unwrap().seq;
    ada.say(room, "now").await;
    let head = ada.read(room, 1, 1).await.unwrap().head;
    assert!(head.0 < banned.0 + SAID as u64, "in steps");
    until_nothing_is_left(&mut ada, room, &bob).await;
    assert_eq!(left_of(&mut ada, lobby, &bob).await, 3);
}

/// O5: who began it may be gone before it ends.
#[tokio::test]
async fn deleting_goes_on_without_who_began_it() {
    let server = Parlance::start().await;
    let (ada, bob) = (server.owner("Ada").await, server.member("Bob").await);
    let cy = server.sign_in("Cy").await;
    ada.make(&bob, "moderator").await;
    let ((mut here, _), (mut there, welcome)) = (ada.join().await, cy.join().await);
    let lobby = welcome.rooms[0].id;
    there.fill(lobby, 3 * limits::ERASE_STEP as usize).await;
    shut_out(&bob, &cy, true).await;
    shut_out(&ada, &bob, false).await;
    until_nothing_is_left(&mut here, lobby, &cy).await;
}
