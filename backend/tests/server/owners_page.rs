//! Section 10: what the owner arranges about rooms, and the limits that hold.

use serde_json::json;
use shared::limits;
use shared::order::{EffectiveLimits, RoomList, RoomMembers};
use shared::problem::Problem;
use shared::protocol::{Action, ClientMessage, Content, RoomKind, ServerMessage};
use shared::text::SearchText;

use crate::support::client::problem;
use crate::support::http::Request;
use crate::support::{Guest, Parlance, add, body, client_id};

async fn rooms(owner: &Guest) -> RoomList {
    let reply = owner.get("/api/rooms").await;
    assert_eq!(reply.status, 200, "{reply:?}");
    serde_json::from_str(&reply.body).unwrap()
}

/// O10, L2: the public rooms, and the private ones of one's own; of any other one learns nothing.
#[tokio::test]
async fn an_owner_lists_the_rooms_that_they_may_know_of() {
    let server = Parlance::start().await;
    let (ada, bob) = (server.owner("Ada").await, server.sign_in("Bob").await);
    let ((mut here, _), (mut there, _)) = (ada.join().await, bob.join().await);
    let tea = there.create(client_id(), "Tea").await.unwrap().id;
    let secret = there.private("Secret").await;
    let direct = there.direct(&[&ada.me]).await.unwrap().id;
    there.say(direct, "hello").await;
    let own = here.private("Own").await;
    let listed = rooms(&ada).await;
    let names: Vec<_> = listed.rooms.iter().map(|room| &*room.name).collect();
    assert_eq!(names, ["lobby", "Own", "Tea"]);
    let found = listed.rooms.iter().find(|room| room.id == own).unwrap();
    assert_eq!(
        (found.kind, found.members, found.events),
        (RoomKind::Private, 1, 1)
    );
    let inside = ada.get(&format!("/api/rooms/{tea}")).await;
    let inside: RoomMembers = serde_json::from_str(&inside.body).unwrap();
    assert_eq!((inside.people, inside.more), (vec![bob.me.clone()], false));
    let nowhere = ada.get("/api/rooms/0000000000000bad").await;
    assert_eq!(
        (nowhere.status, nowhere.problem()),
        (404, "no_such_room".into())
    );
    for room in [secret, direct] {
        let path = format!("/api/rooms/{room}");
        let (one, other) = (
            ada.get(&path).await,
            ada.post(&path, json!({"archived": true})).await,
        );
        assert_eq!(one.body, nowhere.body);
        assert_eq!((other.status, other.body), (404, nowhere.body.clone()));
    }
    assert!(!there.read(secret, 1, 1).await.unwrap().archived);
    there.act(secret, add(&ada.me)).await.unwrap();
    assert!(rooms(&ada).await.rooms.iter().any(|room| room.id == secret));
}

/// O10: archiving is an event like any other, told to those who are there.
#[tokio::test]
async fn an_owner_archives_a_room_without_being_in_it() {
    let server = Parlance::start().await;
    let (ada, bob) = (server.owner("Ada").await, server.sign_in("Bob").await);
    let (mut there, _) = bob.join().await;
    let tea = there.create(client_id(), "Tea").await.unwrap().id;
    let path = format!("/api/rooms/{tea}");
    for _ in 0..2 {
        let reply = ada.post(&path, json!({"archived": true})).await;
        assert_eq!(reply.status, 204, "{reply:?}");
    }
    let (room, event) = there.event().await;
    let (room, event) = match event.content {
        Content::Created { .. } => there.event().await,
        _ => (room, event),
    };
    assert_eq!((room, event.content), (tea, Content::Archived { on: true }));
    assert_eq!(event.author, ada.me);
    let said = there.act(tea, Action::message(body("hi"))).await;
    assert_eq!(said, Err(Problem::Archived));
    assert_eq!(
        ada.post(&path, json!({"archived": false})).await.status,
        204
    );
    there.say(tea, "hi").await;
    assert_eq!(
        there.log(tea).await.len(),
        4,
        "asking twice changes nothing"
    );
    let refused = bob.post(&path, json!({"archived": true})).await;
    assert_eq!(
        (refused.status, refused.problem()),
        (403, "not_allowed".into())
    );
    for path in ["/api/rooms", "/api/limits", &path] {
        assert_eq!(bob.get(path).await.status, 403, "{path}");
    }
}

/// O9
#[tokio::test]
async fn the_limits_that_are_shown_are_those_that_hold() {
    let server = Parlance::start_with(|config| config.rooms.sends.number = 7).await;
    let ada = server.owner("Ada").await;
    let reply = ada.get("/api/limits").await;
    let shown: EffectiveLimits = serde_json::from_str(&reply.body).unwrap();
    assert_eq!(
        (shown.sends_per_second, shown.send_burst),
        (7, limits::SEND_BURST)
    );
    assert_eq!(shown.rooms_per_hour, limits::ROOMS_PER_HOUR);
    assert_eq!(shown.guests_per_hour, limits::GUESTS_PER_HOUR);
    assert_eq!(shown.invites_per_hour, limits::INVITES_PER_HOUR);
    assert_eq!(shown.searches_per_second, limits::SEARCHES_PER_SECOND);
}

/// O9: so many guests from an address, and no more for a while; others still come, and so does who is invited.
#[tokio::test]
async fn guests_of_one_address_are_limited() {
    let server = Parlance::start_with(|_| {}).await;
    let ada = server.owner("Ada").await;
    let come = |name: String, from: &'static str| {
        let shown = json!({"name": name}).to_string();
        let request = Request::post_json("/api/session", &shown);
        server.http(request.header("X-Forwarded-For", from))
    };
    const HOME: &str = "192.0.2.7";
    for number in 0..limits::GUEST_BURST {
        let reply = come(format!("Guest {number}"), HOME).await;
        assert_eq!(reply.status, 201, "{reply:?}");
    }
    let reply = come("Late".into(), HOME).await;
    assert_eq!(
        (reply.status, reply.problem()),
        (429, "rate_limited".into())
    );
    assert!(reply.header("retry-after").is_some());
    assert_eq!(come("Other".into(), "198.51.100.1").await.status, 201);
    let code = ada.invite("member", 1).await;
    let shown = json!({"name": "Invited", "code": code}).to_string();
    let request = Request::post_json("/api/session/invite", &shown);
    let reply = server.http(request.header("X-Forwarded-For", HOME)).await;
    assert_eq!(reply.status, 201);
    for number in 0..limits::GUEST_BURST + 5 {
        server.sign_in(&format!("Local {number}")).await;
    }
}

/// O9: rooms, searches and invitations.
#[tokio::test]
async fn what_one_person_may_do_seldom_is_limited() {
    let server = Parlance::start_with(|_| {}).await;
    let ada = server.owner("Ada").await;
    let (mut here, _) = ada.join().await;
    for number in 0..limits::ROOM_BURST {
        here.private(&format!("Room {number}")).await;
    }
    let refused = here.make(client_id(), "One more", true).await;
    assert!(
        matches!(refused, Err(Problem::RateLimited { .. })),
        "{refused:?}"
    );
    let (mut bob, _) = server.join("Bob").await;
    bob.private("Room").await;
    let mut looked = 0;
    let refused = loop {
        let request = bob.next_request();
        let text = SearchText::parse("tea").unwrap();
        let search = ClientMessage::Search {
            request,
            text,
            offset: 0,
            older: None,
        };
        bob.send(&search).await;
        match bob.answer().await {
            ServerMessage::Found { .. } => looked += 1,
            other => break problem(other),
        }
    };
    assert!(
        matches!(refused, Problem::RateLimited { .. }),
        "{refused:?}"
    );
    assert!(looked >= limits::SEARCH_BURST, "{looked}");
    let mut made = 0;
    let reply = loop {
        let invite = json!({"role": "guest", "days": 1, "uses": 1});
        let reply = ada.post("/api/invites", invite).await;
        if reply.status != 201 {
            break reply;
        }
        made += 1;
        ada.delete(&format!("/api/invites/{made}")).await;
    };
    assert_eq!(
        (made, reply.problem()),
        (limits::INVITE_BURST, "rate_limited".into())
    );
}
