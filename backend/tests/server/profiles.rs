//! Rules A7 and D7: what is known about people.

use serde_json::json;
use shared::people::{Profile, Role};
use shared::protocol::{Action, ClientMessage, Hello, ServerMessage};

use crate::support::{Parlance, fresh_hello};

/// D7: whoever shares a room with somebody is told; whoever does not is not.
#[tokio::test]
async fn a_change_reaches_those_who_share_a_room_and_nobody_else() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let ((mut own, welcome), (mut bob, _), (mut eve, _)) = (
        ada.join().await,
        server.join("Bob").await,
        server.join("Eve").await,
    );
    let lobby = welcome.rooms[0].id;
    eve.act(lobby, Action::Leave).await.unwrap();
    let change = json!({"name": "Countess", "color": 7, "status": " on  holiday "});
    assert_eq!(ada.post("/api/account", change).await.status, 200);
    for client in [&mut own, &mut bob] {
        let [profile] = &client.people().await[..] else {
            panic!("one");
        };
        assert_eq!((profile.id, &*profile.name), (ada.me.id, "Countess"));
        assert_eq!(
            (profile.color, profile.status.as_deref()),
            (Some(7), Some("on holiday"))
        );
        assert_eq!((profile.role, profile.gone), (Role::Guest, false));
    }
    let heard = eve.until_read().await;
    let told = |message: &ServerMessage| matches!(message, ServerMessage::People { .. });
    assert!(!heard.iter().any(told), "{heard:?}");
}

/// D7: who was away is told what has changed since, and only that; who starts anew is told all of it.
#[tokio::test]
async fn what_was_missed_comes_with_the_welcome() {
    let server = Parlance::start().await;
    let (ada, bob) = (server.sign_in("Ada").await, server.sign_in("Bob").await);
    server.sign_in("Carol").await;
    let status = |text: &str| ada.post("/api/account", json!({"status": text}));
    status("first").await;
    let (_, welcome) = bob.join().await;
    let said = |people: &[Profile]| -> Vec<Option<String>> {
        people
            .iter()
            .map(|one| one.status.as_deref().map(str::to_owned))
            .collect()
    };
    assert_eq!(
        said(&welcome.people),
        [Some("first".to_owned())],
        "nothing of Carol, who changed nothing"
    );
    let known = Hello {
        epoch: Some(welcome.epoch),
        people: welcome.people_version,
        ..fresh_hello()
    };
    let (again, _) = bob.connect().await.hello(known.clone()).await;
    assert_eq!(said(&again.people), []);
    status("second").await;
    status("").await;
    let (again, _) = bob.connect().await.hello(known).await;
    assert_eq!(said(&again.people), [None]);
    assert!(again.people_version > welcome.people_version);
    let foreign = Hello {
        epoch: Some(shared::ids::Epoch(1)),
        people: again.people_version,
        ..fresh_hello()
    };
    let (anew, _) = bob.connect().await.hello(foreign).await;
    assert_eq!(
        said(&anew.people),
        [None],
        "of another history nothing is known"
    );
}

/// D7: profiles of people whom one shares no room with do not come with the welcome either.
#[tokio::test]
async fn strangers_are_not_in_the_welcome() {
    let server = Parlance::start().await;
    let (ada, eve) = (server.sign_in("Ada").await, server.sign_in("Eve").await);
    let (mut client, welcome) = eve.join().await;
    client
        .act(welcome.rooms[0].id, Action::Leave)
        .await
        .unwrap();
    ada.post("/api/account", json!({"status": "secret"})).await;
    let (_, welcome) = eve.join().await;
    assert!(welcome.people.is_empty() && welcome.rooms.is_empty());
}

/// A7: what will not do is refused, and changes nothing; so is the eleventh change of a minute.
#[tokio::test]
async fn what_will_not_do_is_refused() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let long = "x".repeat(101);
    for (change, status, problem) in [
        (json!({"status": long}), 422, "bad_status"),
        (json!({"status": "a\u{202e}b"}), 422, "bad_status"),
        (json!({"color": 12}), 400, "malformed"),
        (json!({"color": -1}), 400, "malformed"),
        (json!({"name": "", "status": "fine"}), 422, "bad_name"),
    ] {
        let reply = ada.post("/api/account", change).await;
        assert_eq!((reply.status, &*reply.problem()), (status, problem));
    }
    let profile = ada.account().await.profile;
    assert_eq!(
        (profile.status, profile.color, profile.version),
        (None, None, 0)
    );
    for n in 0..11 {
        let reply = ada.post("/api/account", json!({"color": n})).await;
        assert_eq!(reply.status, if n < 10 { 200 } else { 429 });
    }
}

/// D7: the role is something that others see, so that an account is told from a guest.
#[tokio::test]
async fn an_account_is_told_from_a_guest() {
    let server = Parlance::start().await;
    let (mut bob, _) = server.join("Bob").await;
    let ada = server.member("Ada").await;
    let told = bob.people().await;
    assert_eq!((told[0].id, told[0].role), (ada.me.id, Role::Member));
    bob.send(&ClientMessage::Ping { n: 1 }).await;
}
