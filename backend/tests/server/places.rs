//! Kinds of rooms, and who is in them.

use shared::ids::Seq;
use shared::limits;
use shared::problem::Problem;
use shared::protocol::{Action, Content, Room, RoomKind, Welcome};

use crate::support::{Parlance, add, client_id, fresh_hello, remove, rename, topic};

/// L1
#[tokio::test]
async fn the_members_of_a_room_are_listed_to_those_who_are_in_it() {
    let server = Parlance::start().await;
    let ((mut ada, _), (mut bob, _)) = (server.join("Ada").await, server.join("bob").await);
    let (mut cy, _) = server.join("Cy").await;
    let tea = cy.create(client_id(), "Tea").await.unwrap().id;
    for client in [&mut ada, &mut bob] {
        client.enter(client_id(), tea).await.unwrap();
    }
    let (head, names, more) = ada.members(tea).await.unwrap();
    assert_eq!(names, ["Ada", "bob", "Cy"]);
    assert_eq!((head.0, more), (3, false));
    bob.act(tea, Action::Leave).await.unwrap();
    assert_eq!(bob.members(tea).await, Err(Problem::NoSuchRoom));
    let (head, names, _) = ada.members(tea).await.unwrap();
    assert_eq!((head.0, names), (4, vec!["Ada".into(), "Cy".into()]));
}

/// L1: a long list is cut, and says so.
#[tokio::test]
async fn a_list_of_members_has_an_end() {
    let server = Parlance::start().await;
    let (mut ada, welcome) = server.join("Ada").await;
    for number in 0..limits::MEMBERS_LISTED {
        server.sign_in(&format!("Guest {number}")).await;
    }
    let (_, names, more) = ada.members(welcome.rooms[0].id).await.unwrap();
    assert_eq!((names.len(), more), (limits::MEMBERS_LISTED, true));
}

/// The room as somebody finds it who comes back.
fn found<'a>(welcome: &'a Welcome, room: &Room) -> Option<&'a Room> {
    welcome.rooms.iter().find(|one| one.id == room.id)
}

/// L3, D4: who is put into a private room hears of it on every connection, reads what was said before, and finds the
/// room on return.
#[tokio::test]
async fn somebody_inside_puts_others_into_a_private_room() {
    let server = Parlance::start().await;
    let (bob, cy) = (server.sign_in("Bob").await, server.sign_in("Cy").await);
    let (mut ada, _) = server.join("Ada").await;
    let ((mut phone, _), (mut desk, _)) = (bob.join().await, bob.join().await);
    let made = ada.make(client_id(), "Plans", true).await.unwrap();
    assert_eq!((made.kind, made.own), (RoomKind::Private, true));
    let before = ada.say(made.id, "before Bob").await;
    let stored = ada.act(made.id, add(&bob.me)).await.unwrap();
    for client in [&mut phone, &mut desk] {
        let room = client.told_joined().await;
        assert_eq!((room.id, room.head), (made.id, stored.seq));
        assert_eq!((room.kind, room.own), (RoomKind::Private, false));
        let (_, event) = client.event().await;
        let person = bob.me.clone();
        assert_eq!(event.content, Content::Added { person });
    }
    let log = phone.log(made.id).await;
    assert!(log.iter().any(|event| event.seq == before));
    // Who is in it may put others in, also while they are away.
    phone.act(made.id, add(&cy.me)).await.unwrap();
    let (mut cy, welcome) = cy.join().await;
    assert_eq!(found(&welcome, &made).unwrap().name, made.name);
    cy.say(made.id, "hello").await;
    let (_, names, _) = ada.members(made.id).await.unwrap();
    assert_eq!(names, ["Ada", "Bob", "Cy"]);
}

/// L3: it is in no directory, joining it is refused as if there were none, and its name tells nothing.
#[tokio::test]
async fn a_private_room_cannot_be_found() {
    let server = Parlance::start().await;
    let ((mut ada, _), (mut bob, _)) = (server.join("Ada").await, server.join("Bob").await);
    let plans = ada.private("Plans").await;
    assert!(bob.directory().await.iter().all(|room| room.id != plans));
    assert!(ada.directory().await.iter().all(|room| room.id != plans));
    assert_eq!(
        bob.enter(client_id(), plans).await,
        Err(Problem::NoSuchRoom)
    );
    bob.create(client_id(), "Plans").await.unwrap();
    bob.private("plans").await;
    ada.act(plans, rename("Lobby")).await.unwrap();
    // Left, it cannot be joined again, not even by who made it.
    ada.act(plans, Action::Leave).await.unwrap();
    assert_eq!(
        ada.enter(client_id(), plans).await,
        Err(Problem::NoSuchRoom)
    );
}

/// L3: making a room is idempotent by its client id, and the kind is part of what was asked for.
#[tokio::test]
async fn a_private_room_is_made_once() {
    let server = Parlance::start().await;
    let (mut ada, _) = server.join("Ada").await;
    let id = client_id();
    let made = ada.make(id, "Plans", true).await.unwrap();
    assert_eq!(ada.make(id, "Plans", true).await.unwrap(), made);
    let other = ada.make(id, "Plans", false).await;
    assert_eq!(other, Err(Problem::ClientIdReused));
}

/// L6, D5: who made the room takes others out; they hear that they left, hear nothing more, and the room is gone for them.
#[tokio::test]
async fn who_made_a_room_takes_others_out() {
    let server = Parlance::start().await;
    let (bob, cy) = (server.sign_in("Bob").await, server.sign_in("Cy").await);
    let (mut ada, of_ada) = server.join("Ada").await;
    let ((mut phone, _), (mut desk, _)) = (bob.join().await, bob.join().await);
    let (mut cy_here, _) = cy.join().await;
    let plans = ada.private("Plans").await;
    for person in [&bob.me, &cy.me] {
        ada.act(plans, add(person)).await.unwrap();
    }
    let refused = phone.act(plans, remove(&cy.me)).await;
    assert_eq!(refused, Err(Problem::NotAllowed));
    let id = client_id();
    let stored = ada.act_again(plans, id, remove(&bob.me)).await.unwrap();
    for client in [&mut phone, &mut desk] {
        assert_eq!(client.told_left().await, plans);
    }
    loop {
        let (_, event) = cy_here.event().await;
        if let Content::Removed { person } = event.content {
            assert_eq!((event.author, person), (of_ada.me.clone(), bob.me.clone()));
            break;
        }
    }
    ada.say(plans, "without Bob").await;
    for client in [&mut phone, &mut desk] {
        let rest = format!("{:?}", client.rest().await);
        assert!(!rest.contains("without Bob"), "{rest}");
    }
    assert_eq!(phone.read(plans, 1, 9).await, Err(Problem::NoSuchRoom));
    let (_, again) = bob.join().await;
    assert!(again.rooms.iter().all(|room| room.id != plans));
    // S2: the same again changes nothing; another one under this id is refused (S3).
    let repeat = ada.act_again(plans, id, remove(&bob.me)).await.unwrap();
    assert!(repeat.repeat && repeat.seq == stored.seq);
    let other = ada.act_again(plans, id, remove(&cy.me)).await;
    assert_eq!(other, Err(Problem::ClientIdReused));
    let gone = ada.act(plans, remove(&bob.me)).await;
    assert_eq!(gone, Err(Problem::NoSuchPerson));
    // And put in again, everything is as before.
    ada.act(plans, add(&bob.me)).await.unwrap();
    assert_eq!(desk.told_joined().await.id, plans);
    assert_eq!(ada.act(plans, add(&bob.me)).await, Err(Problem::AlreadyIn));
}

/// L3: the log calls people by their own names, whatever the author calls them, and knows only people there are.
#[tokio::test]
async fn nobody_is_put_in_under_a_false_name() {
    let server = Parlance::start().await;
    let bob = server.sign_in("Bob").await;
    let (mut ada, _) = server.join("Ada").await;
    let plans = ada.private("Plans").await;
    let mut stated = bob.me.clone();
    stated.name = shared::text::PersonName::parse("Mallory").unwrap();
    ada.act(plans, add(&stated)).await.unwrap();
    let log = ada.log(plans).await;
    let person = bob.me.clone();
    assert_eq!(log[1].content, Content::Added { person });
    stated.id.0 ^= 1;
    assert_eq!(
        ada.act(plans, add(&stated)).await,
        Err(Problem::NoSuchPerson)
    );
}

/// L4: the set of people is the room, whoever opens it, how often, and in which order.
#[tokio::test]
async fn the_same_people_have_one_direct_room() {
    let server = Parlance::start().await;
    let (bob, cy) = (server.sign_in("Bob").await, server.sign_in("Cy").await);
    let ada = server.sign_in("Ada").await;
    let (mut ada_here, _) = ada.join().await;
    let (mut bob_here, _) = bob.join().await;
    let id = client_id();
    let first = ada_here.direct_again(id, &[&bob.me]).await.unwrap();
    assert_eq!(first.kind, RoomKind::Direct);
    assert_eq!(&*first.name, "Bob");
    assert_eq!(first.people, [ada.me.clone(), bob.me.clone()]);
    assert!(!first.own && first.active.is_some());
    // The same again, twice over.
    assert_eq!(ada_here.direct_again(id, &[&bob.me]).await.unwrap(), first);
    let again = ada_here.direct(&[&bob.me, &bob.me, &ada.me]).await.unwrap();
    assert_eq!(again, first);
    // From the other side.
    let other = bob_here.direct(&[&ada.me]).await.unwrap();
    assert_eq!((other.id, &*other.name), (first.id, "Ada"));
    // Other people, other room; the id says which it was for.
    let three = ada_here.direct(&[&cy.me, &bob.me]).await.unwrap();
    assert_ne!(three.id, first.id);
    assert_eq!(&*three.name, "Bob, Cy");
    let reused = ada_here.direct_again(id, &[&cy.me]).await;
    assert_eq!(reused, Err(Problem::ClientIdReused));
    // A notebook.
    let own = ada_here.direct(&[]).await.unwrap();
    assert_eq!((own.people, &*own.name), (vec![ada.me.clone()], "Ada"));
    ada_here.say(own.id, "buy tea").await;
}

/// L4: from both sides at once it is one room as well.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_who_open_it_at_once_meet() {
    let server = Parlance::start().await;
    for round in 0..20 {
        let ada = server.sign_in(&format!("Ada {round}")).await;
        let bob = server.sign_in(&format!("Bob {round}")).await;
        let (mut here, _) = ada.join().await;
        let (mut there, _) = bob.join().await;
        let (with_bob, with_ada) = ([&bob.me], [&ada.me]);
        let (one, other) = tokio::join!(here.direct(&with_bob), there.direct(&with_ada));
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_eq!(one.id, other.id);
        let seq = here.say(one.id, "hello").await;
        assert_eq!(there.message().await.seq, seq);
        let log = there.log(one.id).await;
        assert_eq!(log.len(), 3, "created, joined, and what was said");
    }
}

/// L5: an empty direct room is shown to its opener only; the first message shows it to all others, wherever they are.
#[tokio::test]
async fn the_other_side_sees_a_direct_room_with_its_first_message() {
    let server = Parlance::start().await;
    let (bob, cy) = (server.sign_in("Bob").await, server.sign_in("Cy").await);
    let ada = server.sign_in("Ada").await;
    let ((mut here, _), (mut tab, _)) = (ada.join().await, ada.join().await);
    let (mut bob_here, _) = bob.join().await;
    let room = here.direct(&[&bob.me, &cy.me]).await.unwrap();
    assert_eq!(tab.told_joined().await, room);
    let rest = format!("{:?}", bob_here.rest().await);
    assert!(!rest.contains(&room.id.to_string()), "{rest}");
    assert_eq!(bob_here.read(room.id, 1, 9).await, Err(Problem::NoSuchRoom));
    assert_eq!(
        bob_here.enter(client_id(), room.id).await,
        Err(Problem::NoSuchRoom)
    );
    let (_, welcome) = cy.join().await;
    assert_eq!(found(&welcome, &room), None);

    let said = here.say(room.id, "hello both").await;
    let told = bob_here.told_joined().await;
    assert_eq!((told.id, &*told.name), (room.id, "Ada, Cy"));
    assert_eq!((told.head, told.reading.unread), (said, 1));
    assert_eq!(bob_here.message().await.seq, said);
    let (mut cy_here, welcome) = cy.join().await;
    let theirs = found(&welcome, &room).unwrap();
    assert_eq!((theirs.head, theirs.reading.unread), (said, 1));
    let answer = cy_here.say(room.id, "hello Ada").await;
    for client in [&mut here, &mut bob_here] {
        while client.message().await.seq != answer {}
    }
}

/// L4: it has no name of its own, always the same people, no end, and a limit of people.
#[tokio::test]
async fn a_direct_room_stays_as_it_is() {
    let server = Parlance::start().await;
    let (bob, cy) = (server.sign_in("Bob").await, server.sign_in("Cy").await);
    let (mut ada, _) = server.join("Ada").await;
    let room = ada.direct(&[&bob.me]).await.unwrap().id;
    for action in [
        rename("Two"),
        topic(Some("us")),
        Action::Archive { on: true },
        add(&cy.me),
        remove(&bob.me),
        Action::Leave,
    ] {
        assert_eq!(ada.act(room, action).await, Err(Problem::DirectRoom));
    }
    let mut many = Vec::new();
    for number in 0..limits::DIRECT_PEOPLE {
        many.push(server.sign_in(&format!("Guest {number}")).await.me);
    }
    let all: Vec<_> = many.iter().collect();
    let limit = limits::DIRECT_PEOPLE;
    assert_eq!(
        ada.direct(&all).await,
        Err(Problem::TooManyPeople { limit })
    );
    ada.direct(&all[1..]).await.unwrap();
    let mut nobody = cy.me.clone();
    nobody.id.0 ^= 1;
    assert_eq!(ada.direct(&[&nobody]).await, Err(Problem::NoSuchPerson));
}

/// L7: a public room keeps its name for itself, before and after; the new one is in the welcome and in pages.
#[tokio::test]
async fn who_made_a_room_renames_it() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let (mut here, _) = ada.join().await;
    let (mut bob, _) = server.join("Bob").await;
    let tea = here.create(client_id(), "Tea").await.unwrap();
    assert!(tea.own);
    assert!(!bob.enter(client_id(), tea.id).await.unwrap().own);
    assert_eq!(
        bob.act(tea.id, rename("Cake")).await,
        Err(Problem::NotAllowed)
    );
    assert_eq!(
        here.act(tea.id, rename("LOBBY")).await,
        Err(Problem::NameTaken)
    );
    here.act(tea.id, rename("tea")).await.unwrap();
    here.act(tea.id, rename("Cake")).await.unwrap();
    loop {
        let (_, event) = bob.event().await;
        if let Content::Renamed { name } = event.content
            && &*name == "Cake"
        {
            break;
        }
    }
    let page = bob.read(tea.id, 1, 1).await.unwrap();
    assert_eq!(page.name.as_deref(), Some("Cake"));
    let (_, welcome) = ada.join().await;
    assert_eq!(&*found(&welcome, &tea).unwrap().name, "Cake");
    bob.create(client_id(), "Tea").await.unwrap();
    let taken = bob.create(client_id(), "cake").await;
    assert_eq!(taken, Err(Problem::NameTaken));
}

/// L8: an archived room takes nothing more, is read and joined all the same, and can be taken back.
#[tokio::test]
async fn an_archived_room_is_read_and_takes_nothing_more() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let cy = server.sign_in("Cy").await;
    let (mut here, _) = ada.join().await;
    let (mut bob, _) = server.join("Bob").await;
    let tea = here.create(client_id(), "Tea").await.unwrap();
    bob.enter(client_id(), tea.id).await.unwrap();
    let said = bob.say(tea.id, "first").await;
    let refused = bob.act(tea.id, Action::Archive { on: true }).await;
    assert_eq!(refused, Err(Problem::NotAllowed));
    here.act(tea.id, Action::Archive { on: true })
        .await
        .unwrap();
    let body = crate::support::body("second");
    for action in [
        Action::message(body),
        crate::support::edit(said, "changed"),
        crate::support::react(said, "👍", true),
        topic(Some("over")),
        add(&cy.me),
    ] {
        assert_eq!(bob.act(tea.id, action).await, Err(Problem::Archived));
    }
    assert_eq!(here.act(tea.id, rename("T")).await, Err(Problem::Archived));
    let page = bob.read(tea.id, said.0, said.0).await.unwrap();
    assert!(page.archived && page.events.len() == 1);
    let (mut cy, _) = cy.join().await;
    let joined = cy.enter(client_id(), tea.id).await.unwrap();
    assert!(joined.archived);
    let listed = cy.directory().await;
    let listed = listed.iter().find(|room| room.id == tea.id).unwrap();
    assert!(listed.archived && listed.joined && listed.members == 3);
    bob.act(tea.id, Action::Leave).await.unwrap();
    let (_, welcome) = ada.join().await;
    assert!(found(&welcome, &tea).unwrap().archived);
    here.act(tea.id, Action::Archive { on: false })
        .await
        .unwrap();
    cy.say(tea.id, "again").await;
    assert!(!cy.read(tea.id, 1, 1).await.unwrap().archived);
}

/// L9: anywhere in the name, whatever its case, those first whose name begins so; a long list is cut.
#[tokio::test]
async fn people_are_found_by_name() {
    let server = Parlance::start().await;
    let (mut ada, _) = server.join("Ada Lovelace").await;
    for name in ["Al", "Malala", "王小明", "Zoë"] {
        server.sign_in(name).await;
    }
    let (names, more) = ada.find_people("AL").await;
    assert_eq!((names, more), (vec!["Al".into(), "Malala".into()], false));
    assert_eq!(ada.find_people("小明").await.0, ["王小明"]);
    assert_eq!(ada.find_people("lovelace").await.0, ["Ada Lovelace"]);
    assert_eq!(ada.find_people("zoe").await.0, ["Zoë"]);
    assert!(ada.find_people("nobody").await.0.is_empty());
    assert_eq!(ada.find_people("").await.0.len(), 5, "the server is nobody");
    for number in 0..limits::PEOPLE_FOUND {
        server.sign_in(&format!("Guest {number}")).await;
    }
    let (names, more) = ada.find_people("guest").await;
    assert_eq!((names.len(), more), (limits::PEOPLE_FOUND, false));
    let (names, more) = ada.find_people("").await;
    assert_eq!((names.len(), more), (limits::PEOPLE_FOUND, true));
}

/// L3, L4, S1, R1: all of it is on disk.
#[tokio::test]
async fn places_survive_a_restart() {
    let server = Parlance::start().await;
    let (ada, bob) = (server.sign_in("Ada").await, server.sign_in("Bob").await);
    let (mut here, _) = ada.join().await;
    let plans = here.make(client_id(), "Plans", true).await.unwrap();
    let direct = here.direct(&[&bob.me]).await.unwrap();
    here.say(direct.id, "hello").await;
    here.act(plans.id, add(&bob.me)).await.unwrap();
    here.act(plans.id, rename("Secret")).await.unwrap();
    here.act(plans.id, Action::Archive { on: true })
        .await
        .unwrap();
    let before = here.log(plans.id).await;
    let server = server.restart().await;
    let mut client = bob.at(&server).connect().await;
    let (welcome, _) = client.hello(fresh_hello()).await;
    let room = found(&welcome, &plans).unwrap();
    assert_eq!((&*room.name, room.kind), ("Secret", RoomKind::Private));
    assert!(room.archived && room.head == Seq(4));
    assert_eq!(&*found(&welcome, &direct).unwrap().name, "Ada");
    assert_eq!(client.log(plans.id).await, before);
}
