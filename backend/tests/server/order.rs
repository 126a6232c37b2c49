//! Section 1: roles, and people who are shut out.

use std::time::{Duration, Instant};

use serde_json::json;
use shared::http::PeopleList;
use shared::people::{Profile, Role};

use crate::support::account::PASSWORD;
use crate::support::{Guest, Parlance};

async fn people(owner: &Guest, query: &str) -> Vec<Profile> {
    let reply = owner.get(&format!("/api/people{query}")).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let list: PeopleList = serde_json::from_str(&reply.body).unwrap();
    assert!(!list.more);
    list.people
}

fn path(person: &Guest) -> String {
    format!("/api/people/{}", person.me.id)
}

/// A14: the owner sees who there is and gives roles; what somebody may do changes with it at once.
#[tokio::test]
async fn the_owner_gives_roles() {
    let server = Parlance::start().await;
    let owner = server.owner("Ada").await;
    let (bob, guest) = (server.member("Bob").await, server.sign_in("Guest").await);
    let names: Vec<String> = people(&owner, "")
        .await
        .iter()
        .map(|one| one.name.to_string())
        .collect();
    assert_eq!(
        names,
        ["Ada", "Bob", "Guest"],
        "accounts first, and not the server itself"
    );
    assert_eq!(people(&owner, "?text=OB").await.len(), 1);
    let role = |person: &Guest, role: &str| {
        let (owner, path, change) = (owner.clone(), path(person), json!({"role": role}));
        async move { owner.post(&path, change).await }
    };
    assert_eq!(role(&bob, "moderator").await.status, 204);
    bob.invite("member", 1).await;
    assert_eq!(role(&bob, "member").await.status, 204);
    assert_eq!(bob.get("/api/invites").await.problem(), "not_allowed");
    let invites = owner.get("/api/invites").await.body;
    assert_eq!(
        invites, "[]",
        "what a moderator has made goes with the role"
    );
    assert_eq!(
        role(&guest, "moderator").await.problem(),
        "not_allowed",
        "without a password"
    );
    assert_eq!(role(&bob, "guest").await.problem(), "not_allowed");
    assert_eq!(role(&owner, "member").await.problem(), "last_owner");
    assert_eq!(role(&bob, "owner").await.status, 204);
    assert_eq!(
        role(&owner, "member").await.status,
        204,
        "now there is another one"
    );
    assert_eq!(owner.get("/api/people").await.problem(), "not_allowed");
    assert_eq!(people(&bob, "?text=ada").await[0].role, Role::Member);
}

/// A14, O8: who is shut out is out within a second, everywhere, and does not come back until the owner says so.
#[tokio::test]
async fn who_is_shut_out_is_out_at_once() {
    let server = Parlance::start().await;
    let owner = server.owner("Ada").await;
    let bob = server.member("Bob").await;
    let phone = bob.again(&server).await;
    let ((mut one, welcome), (mut two, _)) = (bob.join().await, phone.join().await);
    let (mut other, _) = server.join("Carol").await;
    let begun = Instant::now();
    let reply = owner.post(&path(&bob), json!({"gone": true})).await;
    assert_eq!(reply.status, 204, "{reply:?}");
    assert_eq!(one.close_code().await, Some(4403));
    assert_eq!(two.close_code().await, Some(4403));
    assert!(begun.elapsed() < Duration::from_secs(1));
    assert!(other.people().await[0].gone, "others are told");
    assert_eq!(
        server.sign_in_with("Bob", PASSWORD).await.problem(),
        "shut_out"
    );
    assert_eq!(bob.connect().await.close_code().await, Some(4403));
    let taken = server.post("/api/session", json!({"name": "Bob"})).await;
    assert_eq!(
        taken.problem(),
        "name_taken",
        "nobody steps into their place"
    );
    assert_eq!(
        owner
            .post(&path(&owner), json!({"gone": true}))
            .await
            .problem(),
        "last_owner"
    );

    assert_eq!(
        owner.post(&path(&bob), json!({"gone": false})).await.status,
        204
    );
    let reply = server.sign_in_with("Bob", PASSWORD).await;
    let back = Guest::of(server.address(), &reply);
    assert_eq!(back.join().await.1.rooms[0].id, welcome.rooms[0].id);
    assert_eq!(
        bob.connect().await.close_code().await,
        Some(4401),
        "the old session stays over"
    );
}

/// A14: to everybody else these addresses tell nothing, not even whether somebody exists.
#[tokio::test]
async fn who_is_no_owner_learns_nothing_about_people() {
    let server = Parlance::start().await;
    let owner = server.owner("Ada").await;
    let (member, guest) = (server.member("Bob").await, server.sign_in("Guest").await);
    let nobody = "/api/people/00000000000000ff".to_owned();
    for who in [&member, &guest] {
        for target in [path(&owner), path(who), nobody.clone()] {
            for change in [json!({"role": "owner"}), json!({"gone": true}), json!({})] {
                let reply = who.post(&target, change).await;
                assert_eq!(
                    (reply.status, &*reply.body),
                    (403, r#"{"error":{"code":"not_allowed"}}"#)
                );
            }
        }
        assert_eq!(who.get("/api/people").await.status, 403);
        assert_eq!(
            who.post("/api/door", json!({"guests": false})).await.status,
            403
        );
    }
    assert_eq!(
        owner
            .post(&nobody, json!({"role": "member"}))
            .await
            .problem(),
        "no_such_person"
    );
    assert_eq!(owner.post("/api/people/x", json!({})).await.status, 404);
}
