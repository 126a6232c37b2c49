//! How far people have read: on every device, over restarts, and of no room that is not theirs.

use shared::ids::{PersonId, RoomId, Seq, Timestamp};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::{Action, ClientMessage, Post, ReadAsOf, Reading, ServerMessage, Welcome};
use shared::sorted::Map;

use crate::support::client::Client;
use crate::support::{Guest, Parlance, body, client_id, react};

fn reading(to: Seq, unread: u64) -> Reading {
    Reading {
        to,
        unread,
        mentions: 0,
    }
}

fn of(welcome: &Welcome, room: RoomId) -> ReadAsOf {
    let room = welcome.rooms.iter().find(|one| one.id == room).unwrap();
    ReadAsOf {
        head: room.head,
        reading: room.reading,
    }
}

async fn see(client: &mut Client, room: RoomId, seq: Seq) {
    let rooms = Map::from([(room, seq)]);
    client.send(&ClientMessage::Seen { rooms }).await;
}

/// The next news about reading; whatever else comes is passed over.
async fn seen(client: &mut Client) -> Map<RoomId, ReadAsOf> {
    loop {
        if let ServerMessage::Seen { rooms } = client.receive().await {
            return rooms;
        }
    }
}

async fn welcome(guest: &Guest) -> Welcome {
    guest.join().await.1
}

/// U1, U2, U4: messages of others count; every device hears of what was read on one.
#[tokio::test]
async fn what_was_read_on_one_device_is_read_on_all() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let (mut bob, greeting) = server.join("Bob").await;
    let lobby = greeting.rooms[0].id;
    let before = of(&welcome(&ada).await, lobby);
    assert_eq!(
        before.reading.unread, 0,
        "who comes in has read what was there"
    );
    let first = bob.say(lobby, "one").await;
    bob.say(lobby, "two").await;
    bob.act(lobby, react(first, "👍", true)).await.unwrap();
    let ((mut phone, _), (mut desk, now)) = (ada.join().await, ada.join().await);
    let own = phone.say(lobby, "of her own").await;
    let unread = of(&now, lobby).reading;
    assert_eq!(unread, reading(before.reading.to, 2));

    see(&mut phone, lobby, first).await;
    for client in [&mut phone, &mut desk] {
        let (head, reading) = (own, reading(first, 1));
        let news = Map::from([(lobby, ReadAsOf { head, reading })]);
        assert_eq!(seen(client).await, news);
    }
    // It never goes back, and never beyond the end.
    see(&mut desk, lobby, Seq(1)).await;
    assert_eq!(seen(&mut phone).await[&lobby].reading, reading(first, 1));
    see(&mut desk, lobby, Seq::MAX).await;
    assert_eq!(seen(&mut phone).await[&lobby].reading, reading(own, 0));
    assert_eq!(of(&welcome(&ada).await, lobby).reading, reading(own, 0));
    for message in bob.rest().await {
        let told = matches!(message, ServerMessage::Seen { .. });
        assert!(!told, "nobody else hears of it: {message:?}");
    }
}

/// U5
#[tokio::test]
async fn a_room_can_be_made_unread_from_a_place_on() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let (mut bob, greeting) = server.join("Bob").await;
    let lobby = greeting.rooms[0].id;
    let (mut phone, _) = ada.join().await;
    let first = bob.say(lobby, "one").await;
    bob.say(lobby, "two").await;
    let last = bob.say(lobby, "three").await;
    see(&mut phone, lobby, last).await;
    assert_eq!(seen(&mut phone).await[&lobby].reading, reading(last, 0));
    let (room, from) = (lobby, first.next());
    phone.send(&ClientMessage::Unread { room, from }).await;
    assert_eq!(seen(&mut phone).await[&lobby].reading, reading(first, 2));
    // Both within one gathering: in their order.
    phone
        .send(&ClientMessage::Unread { room, from: first })
        .await;
    see(&mut phone, lobby, first).await;
    assert_eq!(seen(&mut phone).await[&lobby].reading, reading(first, 2));
}

/// U3: what was confirmed is on disk, and what was gathered is written before the end.
#[tokio::test]
async fn what_was_read_survives_a_restart() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let (mut bob, greeting) = server.join("Bob").await;
    let lobby = greeting.rooms[0].id;
    welcome(&ada).await;
    let last = bob.say(lobby, "one").await;
    let (mut phone, _) = ada.join().await;
    see(&mut phone, lobby, last).await;
    phone.until_read().await;
    let server = server.restart().await;
    assert_eq!(
        of(&welcome(&ada.at(&server)).await, lobby).reading,
        reading(last, 0)
    );
}

/// U1: what is counted is bounded, in messages and in work.
#[tokio::test]
async fn a_hundred_unread_messages_are_counted_and_more_are_that_many() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    welcome(&ada).await;
    let (mut bob, greeting) = server.join("Bob").await;
    let lobby = greeting.rooms[0].id;
    bob.fill(lobby, 99).await;
    assert_eq!(of(&welcome(&ada).await, lobby).reading.unread, 99);
    bob.fill(lobby, 51).await;
    let unread = of(&welcome(&ada).await, lobby).reading.unread;
    assert_eq!(unread, limits::UNREAD_COUNTED);
}

/// S5, U2: of a room that one is not in, nothing is heard, not even that it exists.
#[tokio::test]
async fn nothing_is_said_about_the_rooms_of_others() {
    let server = Parlance::start().await;
    let (mut ada, greeting) = server.join("Ada").await;
    let lobby = greeting.rooms[0].id;
    let (mut eve, _) = server.join("Eve").await;
    let tea = ada.create(client_id(), "Tea").await.unwrap().id;
    let last = ada.say(tea, "between us").await;
    for room in [tea, RoomId(4_711)] {
        eve.send(&ClientMessage::Unread { room, from: Seq(1) })
            .await;
        see(&mut eve, room, last).await;
    }
    // What comes after that is the first that is heard.
    see(&mut eve, lobby, Seq(1)).await;
    let news = seen(&mut eve).await;
    assert_eq!(news.keys().collect::<Vec<_>>(), [&lobby]);
}

/// U4: whoever hears of it counts on from `head`, so nothing behind that has come before.
#[tokio::test]
async fn what_is_not_in_the_count_comes_after_it() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let (mut bob, greeting) = server.join("Bob").await;
    let lobby = greeting.rooms[0].id;
    let (mut phone, now) = ada.join().await;
    let start = of(&now, lobby).head;
    let (mut heard, mut told) = (start, 0);
    let end = Seq(start.0 + 300);
    let talk = async { while bob.say(lobby, "again").await < end {} };
    let listen = async {
        // The last answer may come after the last event.
        while heard < end || told == 0 {
            match phone.receive().await {
                ServerMessage::Event { event, .. } => {
                    heard = event.seq;
                    let (room, seq) = (lobby, start);
                    see(&mut phone, room, seq).await;
                }
                ServerMessage::Seen { rooms } => {
                    let ReadAsOf { head, reading } = rooms[&lobby];
                    assert!(head >= heard, "as of {head}, after {heard}");
                    let behind = head.0 - reading.to.0;
                    assert_eq!(reading.unread, behind.min(limits::UNREAD_COUNTED));
                    told += 1;
                }
                other => panic!("{other:?}"),
            }
        }
    };
    tokio::join!(talk, listen);
}

/// R4: who leaves and comes back begins anew.
#[tokio::test]
async fn who_comes_back_into_a_room_has_read_what_was_said_meanwhile() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let (mut phone, _) = ada.join().await;
    let (mut bob, _) = server.join("Bob").await;
    let tea = bob.create(client_id(), "Tea").await.unwrap().id;
    phone.enter(client_id(), tea).await.unwrap();
    phone.act(tea, Action::Leave).await.unwrap();
    bob.say(tea, "is she gone?").await;
    let joined = phone.enter(client_id(), tea).await.unwrap();
    assert_eq!(joined.reading, reading(joined.head, 0));
    let now = of(&welcome(&ada).await, tea);
    assert_eq!(now.reading.unread, 0);
}

/// U3: what is said again and again is written together.
#[tokio::test]
async fn a_reader_who_scrolls_costs_a_few_commits() {
    let server = Parlance::start().await;
    let (mut ada, greeting) = server.join("Ada").await;
    let lobby = greeting.rooms[0].id;
    let first = ada.say(lobby, "first").await;
    ada.fill(lobby, 100).await;
    for n in 1..=100 {
        see(&mut ada, lobby, Seq(first.0 + n)).await;
    }
    let mut answers = 1;
    while seen(&mut ada).await[&lobby].reading.to < Seq(first.0 + 100) {
        answers += 1;
    }
    assert!(answers <= 5, "{answers} for a hundred");
}

/// R13
#[tokio::test]
async fn a_moment_has_its_place() {
    let server = Parlance::start().await;
    let (mut ada, greeting) = server.join("Ada").await;
    let lobby = greeting.rooms[0].id;
    for n in 0..8 {
        ada.say(lobby, &format!("number {n}")).await;
        tokio::task::yield_now().await;
    }
    let log = ada.log(lobby).await;
    let moments = log
        .iter()
        .flat_map(|event| [event.at.0 - 1, event.at.0, event.at.0 + 1]);
    for at in moments.chain([0, u64::MAX >> 12]).map(Timestamp) {
        let first = log.iter().find(|event| event.at >= at);
        let expected = first.or(log.last()).unwrap().seq;
        assert_eq!(ada.place_at(lobby, at).await, Ok(expected), "{at:?}");
    }
    let (mut bob, _) = server.join("Bob").await;
    let tea = bob.create(client_id(), "Tea").await.unwrap().id;
    for room in [tea, RoomId(4_711)] {
        let found = ada.place_at(room, Timestamp(0)).await;
        assert_eq!(found, Err(Problem::NoSuchRoom));
    }
}

/// U1: the messages of others that name somebody or everyone, as they stand.
#[tokio::test]
async fn mentions_are_counted_as_the_messages_stand() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let (mut bob, greeting) = server.join("Bob").await;
    let lobby = greeting.rooms[0].id;
    let (mut phone, first) = ada.join().await;
    let start = of(&first, lobby).head;
    let naming = |text: &str, ids: &[PersonId]| {
        Action::Message(Post {
            mentions: ids.to_vec(),
            ..body(text).into()
        })
    };
    let (everyone, me) = (PersonId::EVERYONE, ada.me.id);
    let count = async || of(&welcome(&ada).await, lobby).reading.mentions;
    let mut said = Vec::new();
    for ids in [
        &[me][..],
        &[everyone],
        &[me, everyone],
        &[],
        &[greeting.me.id],
    ] {
        said.push(bob.act(lobby, naming("hello", ids)).await.unwrap().seq);
    }
    assert_eq!(count().await, 3);
    phone
        .act(lobby, naming("to all", &[everyone]))
        .await
        .unwrap();
    assert_eq!(count().await, 3, "what one says oneself is no news");
    let edit = |target, ids: &[PersonId]| Action::Edit {
        target,
        body: body("otherwise"),
        mentions: ids.to_vec(),
    };
    bob.act(lobby, edit(said[0], &[])).await.unwrap();
    assert_eq!(count().await, 2);
    bob.act(lobby, edit(said[3], &[me])).await.unwrap();
    assert_eq!(count().await, 3);
    let target = said[1];
    bob.act(lobby, Action::Delete { target }).await.unwrap();
    assert_eq!(count().await, 2);
    see(&mut phone, lobby, said[2]).await;
    let told = seen(&mut phone).await[&lobby];
    assert_eq!(told.reading.mentions, 1, "the edited one is left");
    see(&mut phone, lobby, start).await;
    let of_bob = of(&server.join("Cy").await.1, lobby).reading.mentions;
    assert_eq!(of_bob, 0, "nobody is named who was not there");
}

/// U1: no more than that is counted, whatever there is.
#[tokio::test]
async fn a_hundred_mentions_are_counted() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    welcome(&ada).await;
    let (mut bob, greeting) = server.join("Bob").await;
    let lobby = greeting.rooms[0].id;
    for n in 0..120 {
        let id = if n % 2 == 0 {
            PersonId::EVERYONE
        } else {
            ada.me.id
        };
        let post = Post {
            mentions: vec![id],
            ..body("you").into()
        };
        bob.act(lobby, Action::Message(post)).await.unwrap();
    }
    let counted = of(&welcome(&ada).await, lobby).reading.mentions;
    assert_eq!(counted, limits::UNREAD_COUNTED);
}
