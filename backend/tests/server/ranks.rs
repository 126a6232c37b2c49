//! O1: who may do what to whom, in which kind of room: every role against every other.

use shared::people::Role;
use shared::problem::Problem;
use shared::protocol::Action;

use crate::support::client::Client;
use crate::support::{Guest, Parlance, add, ban, body, pace, remove, rename};

const ROLES: [Role; 4] = [Role::Guest, Role::Member, Role::Moderator, Role::Owner];
const KINDS: [&str; 3] = ["public", "private", "direct"];

/// The rule once more, told another way than the server does it.
fn allowed(kind: &str, is_maker: bool, author: Role, target: Option<Role>) -> bool {
    let keeps_order = match (kind, author) {
        ("direct", _) => false,
        (_, Role::Owner | Role::Moderator) => true,
        _ => is_maker,
    };
    let above = match (author, target) {
        (_, None) | (Role::Owner, _) => true,
        (_, Some(target)) => matches!(target, Role::Guest | Role::Member),
    };
    keeps_order && above
}

async fn somebody(server: &Parlance, owner: &Guest, role: Role, name: &str) -> Guest {
    let guest = match role {
        Role::Guest => return server.sign_in(name).await,
        _ => server.member(name).await,
    };
    owner.make(&guest, role.name()).await;
    guest
}

/// Two people in a room of a kind, the first of whom made it or not.
async fn place(
    kind: &str,
    is_maker: bool,
    (author, target): (&Guest, &Guest),
    maker: &mut Client,
) -> (Client, Client, shared::ids::RoomId) {
    let ((mut one, _), (mut other, _)) = (author.join().await, target.join().await);
    let room = match kind {
        "direct" => {
            let room = one.direct(&[&target.me]).await.unwrap().id;
            one.say(room, "hello").await;
            return (one, other, room);
        }
        _ => {
            let made_by = if is_maker { &mut one } else { &mut *maker };
            let private = kind == "private";
            let name = format!("{kind} {} {}", author.me.name, target.me.name);
            let made = made_by
                .make(crate::support::client_id(), &name, private)
                .await;
            made.unwrap().id
        }
    };
    let made_by = if is_maker { &mut one } else { maker };
    for person in [&author.me, &target.me] {
        let _ = made_by.act(room, add(person)).await;
    }
    other.rest().await;
    (one, other, room)
}

/// O1, L6: role, action, target's role, kind of room.
#[tokio::test]
async fn who_may_do_what_to_whom() {
    let server = Parlance::start().await;
    let owner = server.owner("Owner").await;
    let (mut maker, _) = server.join("Maker").await;
    let mut authors = Vec::new();
    let mut targets = Vec::new();
    for role in ROLES {
        let name = format!("Author {}", role.name());
        authors.push((role, somebody(&server, &owner, role, &name).await));
        let name = format!("Target {}", role.name());
        targets.push((role, somebody(&server, &owner, role, &name).await));
    }
    let mut asked = 0;
    for kind in KINDS {
        for is_maker in [true, false] {
            for (role, author) in &authors {
                for (other, target) in &targets {
                    let what = format!("{role:?} {is_maker} against {other:?} in a {kind} room");
                    let (mut one, mut two, room) =
                        place(kind, is_maker, (author, target), &mut maker).await;
                    let said = two.say(room, "something").await;
                    let may = allowed(kind, is_maker, *role, Some(*other));
                    let may_govern = allowed(kind, is_maker, *role, None);
                    let refusal = |action: &Action| match (kind, action) {
                        (_, Action::Delete { .. }) if !may_govern => Problem::NotYours,
                        ("direct", _) => Problem::DirectRoom,
                        _ => Problem::NotAllowed,
                    };
                    for (action, may) in [
                        (
                            rename(&format!("{what} n")[..40.min(what.len())]),
                            may_govern,
                        ),
                        (pace(30), may_govern),
                        (pace(0), may_govern),
                        (Action::Archive { on: true }, may_govern),
                        (Action::Archive { on: false }, may_govern),
                        (Action::Delete { target: said }, may),
                        (remove(&target.me), may),
                        (ban(&target.me, true), may),
                        (ban(&target.me, false), may),
                        (remove(&author.me), false),
                        (ban(&author.me, true), false),
                    ] {
                        let refused = refusal(&action);
                        let kind = format!("{action:?} by {what}");
                        let done = one.act(room, action).await.map(drop);
                        match may {
                            true => assert_eq!(done, Ok(()), "{kind}"),
                            false => assert_eq!(done, Err(refused), "{kind}"),
                        }
                        asked += 1;
                    }
                    if kind != "direct" {
                        let _ = one.act(room, Action::Leave).await;
                    }
                }
            }
        }
    }
    assert_eq!(asked, 3 * 2 * 4 * 4 * 11);
}

/// O8, A14: the same for shutting people out of the server and for giving roles.
#[tokio::test]
async fn who_may_shut_whom_out_and_give_roles() {
    let server = Parlance::start().await;
    let owner = server.owner("Owner").await;
    let mut people = Vec::new();
    for role in ROLES {
        let author = somebody(&server, &owner, role, &format!("Author {}", role.name())).await;
        let target = somebody(&server, &owner, role, &format!("Target {}", role.name())).await;
        people.push((role, author, target));
    }
    for (role, author, _) in &people {
        for (other, _, target) in &people {
            let what = format!("{role:?} against {other:?}");
            let path = format!("/api/people/{}", target.me.id);
            let may = match role {
                Role::Owner => true,
                Role::Moderator => *other < Role::Moderator,
                _ => false,
            };
            for gone in [true, false] {
                let reply = author.post(&path, serde_json::json!({"gone": gone})).await;
                assert_eq!(reply.status, if may { 204 } else { 403 }, "{what}");
            }
            let as_is = serde_json::json!({"role": other.name()});
            let reply = author.post(&path, as_is).await;
            let may = *role == Role::Owner;
            assert_eq!(reply.status, if may { 204 } else { 403 }, "{what}");
        }
        let listed = author.get("/api/people").await.status;
        let may = *role >= Role::Moderator;
        assert_eq!(listed, if may { 200 } else { 403 }, "{role:?}");
        let deeds = author.get("/api/deeds").await.status;
        let may = *role == Role::Owner;
        assert_eq!(deeds, if may { 200 } else { 403 }, "{role:?}");
    }
    let path = format!("/api/people/{}", owner.me.id);
    let (_, moderator, _) = &people[2];
    let reply = moderator
        .post(&path, serde_json::json!({"gone": true}))
        .await;
    assert_eq!(reply.status, 403);
    let hello = body("hello");
    let (mut client, welcome) = owner.join().await;
    client
        .act(welcome.rooms[0].id, Action::message(hello))
        .await
        .unwrap();
}
