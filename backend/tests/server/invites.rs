//! Section 1: invitations, and the first owner.

use futures_util::future::join_all;
use serde_json::json;
use shared::http::{Invite, PeopleList};
use shared::people::Role;

use crate::support::account::{PASSWORD, code};
use crate::support::{Guest, Parlance};

/// A10: the printed code makes the owner, once; guests may chat meanwhile.
#[tokio::test]
async fn the_printed_code_makes_the_owner_once() {
    let server = Parlance::start().await;
    let setup = server.setup_code().unwrap();
    server.join("Guest").await;
    let shown = json!({"name": "Ada", "password": PASSWORD, "code": setup});
    let all = (0..10).map(|_| server.post("/api/session/setup", shown.clone()));
    let replies = join_all(all).await;
    let won: Vec<_> = replies.iter().filter(|reply| reply.status == 201).collect();
    assert_eq!(won.len(), 1, "{replies:?}");
    let ada = Guest::of(server.address(), won[0]);
    assert_eq!(ada.account().await.profile.role, Role::Owner);
    let shown = json!({"name": "Eve", "password": PASSWORD, "code": setup});
    let reply = server.post("/api/session/setup", shown).await;
    assert_eq!(
        (reply.status, reply.problem()),
        (404, "no_such_link".into())
    );
    let server = server.restart().await;
    assert_eq!(server.setup_code(), None, "it has an owner");
}

/// A10: only the hash of the code is kept, a restart makes another, and without a password nobody becomes the owner.
#[tokio::test]
async fn the_code_is_not_in_a_file_and_changes_with_each_start() {
    let server = Parlance::start().await;
    let first = server.setup_code().unwrap();
    for entry in std::fs::read_dir(server.folder()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains(&first));
    }
    let server = server.restart().await;
    let second = server.setup_code().unwrap();
    assert_ne!(first, second);
    let setup = |code: &str, password: &str| {
        let shown = json!({"name": "Ada", "password": password, "code": code});
        server.post("/api/session/setup", shown)
    };
    assert_eq!(setup(&first, PASSWORD).await.problem(), "no_such_link");
    assert_eq!(setup(&second, "").await.problem(), "bad_password");
    assert_eq!(
        server.follow("setup", "Ada", &second).await.problem(),
        "bad_password"
    );
    assert_eq!(
        setup(&second, PASSWORD).await.status,
        201,
        "a refusal does not use it up"
    );
}

/// A10: who chats already as a guest can be the owner as the same person.
#[tokio::test]
async fn a_guest_can_set_the_server_up() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let setup = server.setup_code().unwrap();
    let path = format!("/api/session/setup?as={}", ada.me.id);
    let reply = ada.post(
        &path,
        json!({"name": "Ada", "password": PASSWORD, "code": setup}),
    );
    assert_eq!(reply.await.status, 201);
    assert_eq!(ada.account().await.profile.role, Role::Owner);
}

/// A13: of fifty who use an invitation for one at the same time, exactly one comes in.
#[tokio::test]
async fn of_fifty_at_once_exactly_one_wins() {
    let server = Parlance::start().await;
    let owner = server.owner("Ada").await;
    let invite = owner.invite("member", 1).await;
    let names: Vec<String> = (0..50).map(|n| format!("somebody {n}")).collect();
    let replies = join_all(
        names
            .iter()
            .map(|name| server.follow("invite", name, &invite)),
    )
    .await;
    let won = replies.iter().filter(|reply| reply.status == 201).count();
    let lost = replies.iter().filter(|reply| reply.status == 404);
    assert!(lost.clone().all(|reply| reply.problem() == "no_such_link"));
    assert_eq!((won, lost.count()), (1, 49));
    let people: PeopleList = serde_json::from_str(&owner.get("/api/people").await.body).unwrap();
    assert_eq!(people.people.len(), 2);
}

/// A13: what an invitation says is what one becomes; without a password one is a guest.
#[tokio::test]
async fn an_invitation_makes_accounts_and_guests() {
    let server = Parlance::start().await;
    let owner = server.owner("Ada").await;
    let invite = owner.invite("moderator", 3).await;
    let with_password = |name: &str| json!({"name": name, "password": PASSWORD, "code": invite});
    let reply = server
        .post("/api/session/invite", with_password("Bob"))
        .await;
    let bob = Guest::of(server.address(), &reply);
    assert_eq!(bob.account().await.profile.role, Role::Moderator);
    let carol = Guest::of(
        server.address(),
        &server.follow("invite", "Carol", &invite).await,
    );
    assert_eq!(carol.account().await.profile.role, Role::Guest);
    let taken = server.follow("invite", "b0b", &invite).await;
    assert_eq!(taken.problem(), "name_taken");
    let path = format!("/api/session/invite?as={}", carol.me.id);
    let reply = carol.post(
        &path,
        json!({"name": "", "password": PASSWORD, "code": invite}),
    );
    assert_eq!(reply.await.status, 201, "a refusal has not used it up");
    let account = carol.account().await.profile;
    assert_eq!((account.role, account.id), (Role::Moderator, carol.me.id));
    assert_eq!(
        server.follow("invite", "Dan", &invite).await.problem(),
        "no_such_link"
    );
}

/// A13: who may come is up to the owner; an invitation opens a closed door.
#[tokio::test]
async fn a_closed_door_opens_with_an_invitation_only() {
    let server = Parlance::start().await;
    let owner = server.owner("Ada").await;
    let here = server.sign_in("Here already").await;
    let open = server
        .http(crate::support::http::Request::get("/api/door"))
        .await;
    assert_eq!(open.body, r#"{"guests":true}"#);
    let closed = owner.post("/api/door", json!({"guests": false})).await;
    assert_eq!(closed.body, r#"{"guests":false}"#);
    let reply = server.post("/api/session", json!({"name": "Bob"})).await;
    assert_eq!(
        (reply.status, reply.problem()),
        (403, "invite_needed".into())
    );
    let invite = owner.invite("member", 5).await;
    assert_eq!(server.follow("invite", "Bob", &invite).await.status, 201);
    here.join().await;
    let server = server.restart().await;
    let reply = server.post("/api/session", json!({"name": "Eve"})).await;
    assert_eq!(reply.problem(), "invite_needed");
}

/// A13: who may invite whom; what is withdrawn or has run out works no more.
#[tokio::test]
async fn owners_and_moderators_invite_up_to_their_own_role() {
    let server = Parlance::start().await;
    let owner = server.owner("Ada").await;
    let invite = owner.invite("moderator", 1).await;
    let shown = json!({"name": "Bob", "password": PASSWORD, "code": invite});
    let reply = server.post("/api/session/invite", shown).await;
    let moderator = Guest::of(server.address(), &reply);
    let (member, guest) = (server.member("Carol").await, server.sign_in("Dan").await);
    for (who, role, status) in [
        (&owner, "moderator", 201),
        (&owner, "owner", 403),
        (&moderator, "member", 201),
        (&moderator, "guest", 201),
        (&moderator, "moderator", 403),
        (&member, "guest", 403),
        (&guest, "guest", 403),
    ] {
        let invite = json!({"role": role, "days": 1, "uses": 1});
        let reply = who.post("/api/invites", invite).await;
        assert_eq!(reply.status, status, "{} as {role}", who.me.name);
    }
    for (days, uses) in [(0, 1), (366, 1), (1, 0), (1, 1_001)] {
        let invite = json!({"role": "member", "days": days, "uses": uses});
        assert_eq!(owner.post("/api/invites", invite).await.status, 400);
    }
    let list = async |who: &Guest| -> Vec<Invite> {
        serde_json::from_str(&who.get("/api/invites").await.body).unwrap()
    };
    let (all, own) = (list(&owner).await, list(&moderator).await);
    assert_eq!((all.len(), own.len()), (3, 2));
    let owners = all.iter().find(|invite| invite.by == owner.me).unwrap();
    let path = |invite: &Invite| format!("/api/invites/{}", invite.id);
    for (who, invite, status) in [
        (&member, &own[0], 403),
        (&moderator, owners, 404),
        (&moderator, &own[0], 204),
        (&owner, &own[1], 204),
        (&owner, &own[1], 404),
    ] {
        assert_eq!(who.delete(&path(invite)).await.status, status);
    }
    assert_eq!(list(&owner).await.len(), 1);
    for who in [&member, &guest] {
        assert_eq!(who.get("/api/invites").await.problem(), "not_allowed");
    }
}

/// A13
#[tokio::test]
async fn an_invitation_runs_out() {
    let server = Parlance::start().await;
    let owner = server.owner("Ada").await;
    let reply = owner
        .post(
            "/api/invites",
            json!({"role": "member", "days": 1, "uses": 9}),
        )
        .await;
    assert!(reply.body.contains("\"qr\":{\"size\":"), "{}", reply.body);
    let invite = code(&reply);
    let later = "UPDATE invites SET expires_at = expires_at - 24 * 60 * 60 * 1000";
    let server = server.change_file(later).await;
    assert_eq!(
        server.follow("invite", "Bob", &invite).await.problem(),
        "no_such_link"
    );
}
