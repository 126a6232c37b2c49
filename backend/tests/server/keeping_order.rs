//! Section 10: taking people out of rooms, banning them, and how fast one may speak.

use serde_json::json;
use shared::ids::{RequestId, RoomId};
use shared::limits;
use shared::order::{DeedKind, Deeds};
use shared::problem::Problem;
use shared::protocol::{Action, ClientMessage, Content, Message, Person, ServerMessage};

use crate::support::client::Client;
use crate::support::{
    Guest, Parlance, add, ban, body, client_id, edit, fresh_hello, pace, react, remove, rename,
};

/// A room of Ada's with these people in it.
async fn room_of(ada: &mut Client, people: &mut [&mut Client]) -> RoomId {
    let room = ada.create(client_id(), "Tea").await.unwrap().id;
    for client in people {
        client.enter(client_id(), room).await.unwrap();
    }
    room
}

async fn note(client: &mut Client, room: RoomId) {
    let request = RequestId(77);
    client.send(&ClientMessage::Noted { request, room }).await;
    let answer = client.answer().await;
    let request = Some(request);
    assert_eq!(answer, ServerMessage::Noted { request, room });
}

/// O2: at once on every connection, or in the next welcome; until it is noted.
#[tokio::test]
async fn who_is_taken_out_is_told_by_whom_now_or_on_return() {
    let server = Parlance::start().await;
    let (ada, bob) = (server.sign_in("Ada").await, server.sign_in("Bob").await);
    let ((mut here, _), (mut one, _), (mut other, _)) =
        (ada.join().await, bob.join().await, bob.join().await);
    let room = room_of(&mut here, &mut [&mut one]).await;
    here.act(room, remove(&bob.me)).await.unwrap();
    for client in [&mut one, &mut other] {
        let told = client.told_taken_out().await.unwrap();
        assert_eq!((told.room, &*told.name), (room, "Tea"));
        assert_eq!((told.by, told.banned), (ada.me.clone(), false));
    }
    let refused = one.act(room, Action::message(body("hi"))).await;
    assert_eq!(refused, Err(Problem::NoSuchRoom));
    drop((one, other));

    let server = server.restart().await;
    let (mut one, welcome) = bob.at(&server).join().await;
    let [told] = &welcome.taken_out[..] else {
        panic!("{:?}", welcome.taken_out);
    };
    assert_eq!((told.room, &*told.name, &told.by), (room, "Tea", &ada.me));
    let (mut other, _) = bob.at(&server).join().await;
    note(&mut one, room).await;
    let request = None;
    assert!(
        other
            .rest()
            .await
            .contains(&ServerMessage::Noted { request, room })
    );
    note(&mut one, room).await;
    let (_, welcome) = bob.at(&server).join().await;
    assert_eq!(welcome.taken_out, []);
}

/// O2: who is in the room again has nothing to be told; who leaves by themselves never had.
#[tokio::test]
async fn who_is_back_is_not_told_that_they_were_taken_out() {
    let server = Parlance::start().await;
    let bob = server.sign_in("Bob").await;
    let ((mut ada, _), (mut here, _)) = (server.join("Ada").await, bob.join().await);
    let room = room_of(&mut ada, &mut [&mut here]).await;
    here.act(room, Action::Leave).await.unwrap();
    assert_eq!(here.told_taken_out().await, None);
    assert_eq!(bob.join().await.1.taken_out, []);
    for back in ["by themselves", "by others"] {
        ada.act(room, add(&bob.me)).await.unwrap();
        ada.act(room, remove(&bob.me)).await.unwrap();
        assert_eq!(bob.join().await.1.taken_out.len(), 1);
        match back {
            "by others" => drop(ada.act(room, add(&bob.me)).await.unwrap()),
            _ => drop(here.enter(client_id(), room).await.unwrap()),
        }
        assert_eq!(bob.join().await.1.taken_out, [], "{back}");
        ada.act(room, remove(&bob.me)).await.unwrap();
        drop(here.enter(client_id(), room).await.unwrap());
        here.act(room, Action::Leave).await.unwrap();
    }
}

/// O2: only so many are remembered, the newest.
#[tokio::test]
async fn of_many_rooms_the_newest_are_told() {
    let server = Parlance::start().await;
    let bob = server.sign_in("Bob").await;
    let (mut ada, _) = server.join("Ada").await;
    let mut rooms = Vec::new();
    for number in 0..limits::TAKEN_OUT + 2 {
        let room = ada.private(&format!("Room {number}")).await;
        ada.act(room, add(&bob.me)).await.unwrap();
        ada.act(room, remove(&bob.me)).await.unwrap();
        rooms.push(room);
    }
    let told = bob.join().await.1.taken_out;
    assert_eq!(told.len(), limits::TAKEN_OUT);
    assert!(told.is_sorted_by(|a, b| a.at >= b.at));
    let last = rooms.last().unwrap();
    assert!(told.iter().any(|one| one.room == *last));
}

/// O3: they are out, and neither they nor others bring them back until it is taken back. To them the room is gone.
#[tokio::test]
async fn who_is_banned_cannot_come_back() {
    let server = Parlance::start().await;
    let (bob, cy) = (server.sign_in("Bob").await, server.sign_in("Cy").await);
    let ((mut ada, _), (mut here, _), (mut third, _)) =
        (server.join("Ada").await, bob.join().await, cy.join().await);
    let room = room_of(&mut ada, &mut [&mut here, &mut third]).await;
    ada.act(room, ban(&bob.me, true)).await.unwrap();
    assert!(here.told_taken_out().await.unwrap().banned);
    assert!(bob.join().await.1.taken_out[0].banned);
    let again = ada.act(room, ban(&bob.me, true)).await;
    assert_eq!(again, Err(Problem::Banned));

    let server = server.restart().await;
    let ((mut here, _), (mut third, _)) =
        (bob.at(&server).join().await, cy.at(&server).join().await);
    let nowhere = here.enter(client_id(), RoomId(4)).await;
    assert_eq!(here.enter(client_id(), room).await, nowhere);
    let listed = here.directory().await;
    assert!(listed.iter().all(|one| one.id != room), "{listed:?}");
    assert_eq!(third.act(room, add(&bob.me)).await, Err(Problem::Banned));
    assert_eq!(banned(&mut third, room).await, [], "not for everyone");
    let refused = third.act(room, ban(&bob.me, false)).await;
    assert_eq!(refused, Err(Problem::NotAllowed));
}

/// O3: also somebody who is not in the room; and whoever may ban may take it back.
#[tokio::test]
async fn a_ban_can_be_taken_back() {
    let server = Parlance::start().await;
    let bob = server.sign_in("Bob").await;
    let ((mut ada, _), (mut here, _)) = (server.join("Ada").await, bob.join().await);
    let room = room_of(&mut ada, &mut []).await;
    assert_eq!(
        ada.act(room, ban(&bob.me, false)).await,
        Err(Problem::NoSuchPerson)
    );
    ada.act(room, ban(&bob.me, true)).await.unwrap();
    assert_eq!(bob.join().await.1.taken_out, [], "they were not in it");
    assert_eq!(banned(&mut ada, room).await, std::slice::from_ref(&bob.me));
    let head = ada.act(room, ban(&bob.me, false)).await.unwrap().seq;
    assert_eq!(banned(&mut ada, room).await, []);
    let joined = here.enter(client_id(), room).await.unwrap();
    assert_eq!(joined.head, head.next());
    let log = here.log(room).await;
    let banned = |on| Content::Banned {
        person: bob.me.clone(),
        on,
    };
    let said: Vec<_> = log.iter().map(|event| &event.content).collect();
    assert!(
        said.contains(&&banned(true)) && said.contains(&&banned(false)),
        "{said:?}"
    );
}

async fn banned(client: &mut Client, room: RoomId) -> Vec<Person> {
    let request = client.next_request();
    client.send(&ClientMessage::Members { request, room }).await;
    match client.answer().await {
        ServerMessage::Members { banned, .. } => banned,
        other => panic!("{other:?}"),
    }
}

/// O4: what others said is deleted by those who keep order, and is shown as such, read now or then.
#[tokio::test]
async fn a_message_that_another_deleted_says_who() {
    let server = Parlance::start().await;
    let (ada, bob) = (server.sign_in("Ada").await, server.sign_in("Bob").await);
    let ((mut here, _), (mut there, _), (mut cy, _)) =
        (ada.join().await, bob.join().await, server.join("Cy").await);
    let room = room_of(&mut here, &mut [&mut there, &mut cy]).await;
    let (said, own) = (there.say(room, "rude").await, there.say(room, "own").await);
    let target = said;
    let delete = Action::Delete { target };
    assert_eq!(cy.act(room, delete.clone()).await, Err(Problem::NotYours));
    assert_eq!(
        here.act(room, edit(said, "kind")).await,
        Err(Problem::NotYours)
    );
    let id = client_id();
    let first = here.act_again(room, id, delete.clone()).await.unwrap();
    let again = here.act_again(room, id, delete).await.unwrap();
    assert_eq!((again.seq, again.repeat), (first.seq, true));
    there
        .act(room, Action::Delete { target: own })
        .await
        .unwrap();
    let page = cy.read(room, said.0, own.0).await.unwrap();
    let by = page.events.iter().map(|event| match &event.content {
        Content::Message(Message {
            body: None,
            deleted_by,
            ..
        }) => deleted_by.clone(),
        other => panic!("{other:?}"),
    });
    assert_eq!(by.collect::<Vec<_>>(), [Some(ada.me.clone()), None]);
    for target in [said, own] {
        let late = here.act(room, react(target, "👍", true)).await;
        assert_eq!(late, Err(Problem::NoSuchMessage));
    }
}

/// O4, L8: also where nothing more is said.
#[tokio::test]
async fn an_archived_room_can_be_cleaned_up() {
    let server = Parlance::start().await;
    let ((mut ada, _), (mut bob, _)) = (server.join("Ada").await, server.join("Bob").await);
    let room = room_of(&mut ada, &mut [&mut bob]).await;
    let target = bob.say(room, "rude").await;
    ada.act(room, Action::Archive { on: true }).await.unwrap();
    ada.act(room, Action::Delete { target }).await.unwrap();
}

/// O6: whoever does not keep order waits, is told for how long, and is heard after that. A repeat is no second message.
#[tokio::test]
async fn where_one_waits_between_two_messages_the_wait_is_told() {
    let server = Parlance::start().await;
    let bob = server.sign_in("Bob").await;
    let ((mut ada, _), (mut here, _)) = (server.join("Ada").await, bob.join().await);
    let room = room_of(&mut ada, &mut [&mut here]).await;
    let refused = here.act(room, pace(5)).await;
    assert_eq!(refused, Err(Problem::NotAllowed));
    ada.act(room, pace(5)).await.unwrap();
    let (id, hello) = (client_id(), || Action::message(body("hello")));
    let said = here.act_again(room, id, hello()).await.unwrap();
    assert!(here.act_again(room, id, hello()).await.unwrap().repeat);
    let wait = |answer| match answer {
        Err(Problem::TooSoon { retry_after_ms }) => retry_after_ms,
        other => panic!("{other:?}"),
    };
    let from = room;
    let forward = Action::Forward {
        from,
        target: said.seq,
    };
    for action in [hello(), forward] {
        let told = wait(here.act(room, action).await);
        assert!((1..=5_000).contains(&told), "{told}");
    }
    // Only messages count, and coming back is no way around.
    here.act(room, edit(said.seq, "hallo")).await.unwrap();
    here.act(room, react(said.seq, "👍", true)).await.unwrap();
    here.act(room, Action::Leave).await.unwrap();
    here.enter(client_id(), room).await.unwrap();
    wait(here.act(room, hello()).await);
    for _ in 0..3 {
        ada.act(room, hello()).await.unwrap();
    }
    let page = here.read(room, 1, 1).await.unwrap();
    assert_eq!(page.pace.seconds(), 5);

    let server = server.change_file("UPDATE paced SET at = at - 5000").await;
    let (mut here, welcome) = bob.at(&server).join().await;
    let found = welcome.rooms.iter().find(|one| one.id == room).unwrap();
    assert_eq!(found.pace.seconds(), 5);
    here.act(room, hello()).await.unwrap();
    wait(here.act(room, hello()).await);
}

/// O6: nobody waits any more when it is switched off.
#[tokio::test]
async fn nobody_waits_where_the_wait_was_taken_back() {
    let server = Parlance::start().await;
    let ((mut ada, _), (mut bob, _)) = (server.join("Ada").await, server.join("Bob").await);
    let room = room_of(&mut ada, &mut [&mut bob]).await;
    ada.act(room, pace(3_600)).await.unwrap();
    bob.say(room, "one").await;
    ada.act(room, pace(0)).await.unwrap();
    bob.say(room, "two").await;
    bob.say(room, "three").await;
    for seconds in [1, 4, 3_601, u32::MAX] {
        let id = client_id();
        let send = format!(
            r#"{{"type":"send","room":"{room}","client_id":"{id}","action":{{"kind":"pace","pace":{seconds}}}}}"#
        );
        ada.send_text(&send).await;
        let refused = ada.stored(id).await;
        assert!(
            matches!(refused, Err(Problem::Malformed { .. })),
            "{refused:?}"
        );
    }
}

async fn deeds(owner: &Guest, query: &str) -> Deeds {
    let reply = owner.get(&format!("/api/deeds{query}")).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    serde_json::from_str(&reply.body).unwrap()
}

/// O7: what was done to keep order, for owners only, the newest first.
#[tokio::test]
async fn what_was_done_to_keep_order_is_written_down_for_owners() {
    let server = Parlance::start().await;
    let (ada, bob) = (server.owner("Ada").await, server.member("Bob").await);
    let cy = server.sign_in("Cy").await;
    let ((mut here, _), (mut there, _)) = (bob.join().await, cy.join().await);
    let room = room_of(&mut here, &mut [&mut there]).await;
    let target = there.say(room, "rude").await;
    ada.make(&bob, "moderator").await;
    for action in [
        rename("Cake"),
        pace(30),
        Action::Delete { target },
        remove(&cy.me),
        ban(&cy.me, true),
        ban(&cy.me, false),
        Action::Archive { on: true },
        Action::Archive { on: false },
    ] {
        here.act(room, action).await.unwrap();
    }
    let own = here.say(room, "own").await;
    here.act(room, Action::Delete { target: own })
        .await
        .unwrap();
    bob.invite("member", 1).await;
    let reply = bob.delete("/api/invites/1").await;
    assert_eq!(reply.status, 204, "{reply:?}");
    ada.post("/api/door", json!({"guests": false})).await;
    let path = format!("/api/people/{}", cy.me.id);
    bob.post(&path, json!({"gone": true, "erase": true})).await;
    bob.post(&path, json!({"gone": false})).await;

    use DeedKind::*;
    let all = deeds(&ada, "").await;
    let kinds: Vec<_> = all.deeds.iter().rev().map(|deed| deed.kind).collect();
    let expected = [
        Role, Renamed, Paced, Deleted, TakenOut, Banned, Unbanned, Archived, Unarchived, Invited,
        Withdrew, Door, ShutOut, Erased, LetIn,
    ];
    assert_eq!(kinds, expected);
    assert_eq!(kinds.len(), DeedKind::ALL.len(), "each kind there is");
    assert_eq!(all.older, None);
    let paced = all.deeds.iter().find(|deed| deed.kind == Paced).unwrap();
    assert_eq!((&paced.by, &*paced.detail), (&bob.me, "30"));
    assert_eq!(paced.room.as_deref(), Some("Cake"), "as it is called now");
    let role = all.deeds.last().unwrap();
    assert_eq!(
        (role.person.as_ref(), &*role.detail),
        (Some(&bob.me), "moderator")
    );
    let of_cy = deeds(&ada, &format!("?person={}", cy.me.id)).await.deeds;
    assert_eq!(of_cy.len(), 7);
    assert!(
        of_cy
            .iter()
            .all(|deed| deed.person.as_ref() == Some(&cy.me))
    );
    let of_bob = deeds(&ada, &format!("?person={}", bob.me.id)).await.deeds;
    assert_eq!(of_bob.len(), expected.len() - 1, "by them and to them");
    for other in [&bob, &cy] {
        let reply = other.get("/api/deeds").await;
        assert!(matches!(reply.status, 401 | 403), "{reply:?}");
    }
}

/// O7, L2: a room that the owner may not know of has no name there.
#[tokio::test]
async fn deeds_in_a_private_room_do_not_name_it() {
    let server = Parlance::start().await;
    let (ada, bob) = (server.owner("Ada").await, server.member("Bob").await);
    let (mut here, _) = bob.join().await;
    let room = here.private("Plans").await;
    here.act(room, rename("Secret plans")).await.unwrap();
    let reply = ada.get("/api/deeds").await;
    assert!(
        reply.body.contains("renamed") && !reply.body.contains("lans"),
        "{reply:?}"
    );
    here.act(room, add(&ada.me)).await.unwrap();
    let reply = ada.get("/api/deeds").await;
    assert!(reply.body.contains("Secret plans"), "{reply:?}");
}

/// O7: in pages, of which each goes on where the one before ended; the oldest are forgotten.
#[tokio::test]
async fn deeds_come_in_pages_and_the_oldest_are_forgotten() {
    let server = Parlance::start().await;
    let ada = server.owner("Ada").await;
    let (mut here, _) = ada.join().await;
    let room = here.private("Plans").await;
    let count = limits::DEEDS_LISTED as usize + 3;
    for number in 0..count {
        here.act(room, rename(&format!("Plans {number}")))
            .await
            .unwrap();
    }
    let first = deeds(&ada, "").await;
    assert_eq!(first.deeds.len() as u64, limits::DEEDS_LISTED);
    let rest = deeds(&ada, &format!("?before={}", first.older.unwrap())).await;
    assert_eq!((rest.deeds.len(), rest.older), (3, None));
    let filtered = format!("?person={}&before={}", ada.me.id, first.older.unwrap());
    assert_eq!(deeds(&ada, &filtered).await, rest);
    let names: Vec<_> = rest.deeds.iter().map(|deed| &*deed.detail).collect();
    assert_eq!(names, ["Plans 2", "Plans 1", "Plans 0"]);
    let later = format!(
        "UPDATE sqlite_sequence SET seq = {} WHERE name = 'deeds'",
        limits::DEEDS + 1
    );
    let server = server.change_file(&later).await;
    let mut here = ada.at(&server).connect().await;
    here.hello(fresh_hello()).await;
    here.act(room, rename("Newest")).await.unwrap();
    let left = deeds(&ada.at(&server), "?before=10").await;
    assert_eq!(
        left.deeds.last().unwrap().detail,
        "Plans 2",
        "two had to go"
    );
}

/// O7: what is written down is not rewritten, whatever the program does.
#[tokio::test]
async fn a_deed_cannot_be_changed() {
    let server = Parlance::start().await;
    let ada = server.owner("Ada").await;
    ada.post("/api/door", json!({"guests": false})).await;
    let file = server.folder().join(backend::engine::open::FILE_NAME);
    let log = rusqlite::Connection::open(file).unwrap();
    let changed = log.execute("UPDATE deeds SET detail = 'guests'", []);
    assert!(
        changed
            .unwrap_err()
            .to_string()
            .contains("stays as it was done")
    );
}
