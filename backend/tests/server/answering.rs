//! What refers to messages: answers, names, forwarding, pins, and what a message said before.

use shared::ids::{PersonId, RequestId, RoomId, Seq};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::{
    Action, ClientMessage, Content, Event, Message, Pin, Post, Quote, ServerMessage, Version,
};

use crate::support::client::Client;
use crate::support::{Parlance, body, client_id, edit};

fn answer(target: Seq, text: &str) -> Action {
    Action::Message(Post {
        reply_to: Some(target),
        ..Post::from(body(text))
    })
}

fn naming(text: &str, mentions: Vec<PersonId>) -> Action {
    Action::Message(Post {
        mentions,
        ..Post::from(body(text))
    })
}

fn pin(target: Seq, on: bool) -> Action {
    Action::Pin { target, on }
}

async fn one(client: &mut Client, room: RoomId, seq: Seq) -> Message {
    let page = client.read(room, seq.0, seq.0).await.unwrap();
    let Event { content, .. } = page.events.into_iter().next().unwrap();
    match content {
        Content::Message(message) => message,
        other => panic!("{other:?}"),
    }
}

/// The next live event with what it quotes.
async fn live(client: &mut Client, seq: Seq) -> (Event, Option<Quote>) {
    loop {
        if let ServerMessage::Event { event, quote, .. } = client.receive().await
            && event.seq == seq
        {
            return (event, quote.map(|quote| *quote));
        }
    }
}

/// Q1: what is answered is a message of the room, even a deleted one.
#[tokio::test]
async fn only_messages_of_the_room_can_be_answered() {
    let server = Parlance::start().await;
    let (mut ada, welcome) = server.join("Ada").await;
    let lobby = welcome.rooms[0].id;
    let tea = ada.create(client_id(), "Tea").await.unwrap().id;
    let target = ada.say(lobby, "one").await;
    let answered = ada.act(lobby, answer(target, "two")).await.unwrap().seq;
    assert_eq!(one(&mut ada, lobby, answered).await.reply_to, Some(target));
    for (room, seq) in [
        (lobby, Seq(0)),
        (lobby, Seq(1)),
        (lobby, Seq(1_000)),
        (lobby, Seq::MAX),
        (tea, target),
    ] {
        let refused = ada.act(room, answer(seq, "no")).await;
        assert_eq!(refused, Err(Problem::NoSuchMessage), "{seq}");
    }
    ada.act(lobby, Action::Delete { target }).await.unwrap();
    ada.act(lobby, answer(target, "after")).await.unwrap();
    // S3: an answer to another message is another message.
    let id = client_id();
    ada.act_again(lobby, id, answer(answered, "same"))
        .await
        .unwrap();
    assert!(
        ada.act_again(lobby, id, answer(answered, "same"))
            .await
            .unwrap()
            .repeat
    );
    let other = ada.act_again(lobby, id, answer(target, "same")).await;
    assert_eq!(other, Err(Problem::ClientIdReused));
}

/// Q2, S11: live and in pages an answer comes with what it answers, as it stands; a deletion leaves nothing.
#[tokio::test]
async fn what_is_quoted_is_told_as_it_stands() {
    let server = Parlance::start().await;
    let ((mut ada, welcome), (mut bob, _)) = (server.join("Ada").await, server.join("Bob").await);
    let room = welcome.rooms[0].id;
    let target = ada.say(room, "\n  first line \nsecond line").await;
    let first = bob.act(room, answer(target, "well")).await.unwrap().seq;
    let (_, quote) = live(&mut ada, first).await;
    let quote = quote.unwrap();
    assert_eq!((quote.seq, quote.changed), (target, None));
    assert_eq!(&*quote.author.name, "Ada");
    assert_eq!(quote.text, Some(body("first line")));
    let changed = ada.act(room, edit(target, "changed")).await.unwrap().seq;
    let second = bob
        .act(room, answer(target, "well, well"))
        .await
        .unwrap()
        .seq;
    let (_, quote) = live(&mut ada, second).await;
    let expected = (Some(body("changed")), Some(changed));
    assert_eq!(
        quote.map(|it| (it.text, it.changed)),
        Some(expected.clone())
    );
    // Both answers in a page that does not hold the message: it is told once.
    let page = bob.read(room, first.0, second.0).await.unwrap();
    let quotes: Vec<_> = page
        .quotes
        .iter()
        .map(|it| (it.text.clone(), it.changed))
        .collect();
    assert_eq!(quotes, [expected]);
    let deleted = ada.act(room, Action::Delete { target }).await.unwrap().seq;
    let page = bob.read(room, first.0, first.0).await.unwrap();
    assert_eq!(page.quotes[0].text, None);
    assert_eq!(page.quotes[0].changed, Some(deleted));
    let page = bob.read(room, target.0, target.0).await.unwrap();
    assert_eq!(page.quotes, [], "nothing is answered there");
}

/// Q3: who is in the room is named once, with the name of then; who is not is left out; an edit names anew.
#[tokio::test]
async fn people_of_the_room_are_named() {
    let server = Parlance::start().await;
    let (mut ada, _) = server.join("Ada").await;
    let (mut bob, welcome) = server.join("Bob").await;
    let (_, stranger) = server.join("Stranger").await;
    let (bob_id, stranger) = (welcome.me.id, stranger.me.id);
    let tea = ada.create(client_id(), "Tea").await.unwrap().id;
    bob.enter(client_id(), tea).await.unwrap();
    let everyone = PersonId::EVERYONE;
    let mentions = vec![bob_id, stranger, bob_id, everyone, PersonId(77)];
    let said = ada
        .act(tea, naming("@Bob, @room", mentions))
        .await
        .unwrap()
        .seq;
    let names = |message: Message| -> Vec<String> {
        let names = message
            .mentions
            .iter()
            .map(|person| person.name.to_string());
        names.collect()
    };
    assert_eq!(names(one(&mut bob, tea, said).await), ["Bob", "room"]);
    assert_eq!(mentioned(&server), [(everyone, said), (bob_id, said)]);
    let again = Action::Edit {
        target: said,
        body: body("@Bob"),
        mentions: vec![bob_id],
    };
    let edited = ada.act(tea, again).await.unwrap().seq;
    assert_eq!(names(one(&mut bob, tea, said).await), ["Bob"]);
    assert_eq!(mentioned(&server), [(bob_id, said)]);
    // Nobody is told of what they say themselves.
    let own = bob
        .act(tea, naming("@Bob", vec![bob_id]))
        .await
        .unwrap()
        .seq;
    assert_eq!(names(one(&mut bob, tea, own).await), ["Bob"]);
    assert_eq!(mentioned(&server), [(bob_id, said)]);
    ada.act(tea, Action::Delete { target: said }).await.unwrap();
    assert_eq!(mentioned(&server), []);
    assert_eq!(one(&mut bob, tea, said).await.mentions, []);
    let page = bob.read(tea, edited.0, edited.0).await.unwrap();
    let empty = Content::Edited {
        target: said,
        body: None,
        mentions: Vec::new(),
    };
    assert_eq!(page.events[0].content, empty);
    let limit = limits::MENTIONS_PER_MESSAGE;
    let too_many = ada.act(tea, naming("all", vec![bob_id; limit + 1])).await;
    assert_eq!(too_many, Err(Problem::TooManyMentions { limit }));
}

/// Who is named where, by the table that unread mentions are counted from.
fn mentioned(server: &Parlance) -> Vec<(PersonId, Seq)> {
    let file = rusqlite::Connection::open(server.folder().join("parlance.db")).unwrap();
    let mut rows = file
        .prepare("SELECT person, seq FROM mentions ORDER BY person, seq")
        .unwrap();
    let rows = rows.query_map([], |row| {
        let (person, seq): (i64, i64) = (row.get(0)?, row.get(1)?);
        Ok((PersonId(person.cast_unsigned()), Seq(seq.cast_unsigned())))
    });
    rows.unwrap().collect::<rusqlite::Result<_>>().unwrap()
}

/// Q4: a message is brought to another room with where it is from, by one who is in both.
#[tokio::test]
async fn a_message_is_forwarded_as_it_stands_and_stays() {
    let server = Parlance::start().await;
    let ((mut ada, welcome), (mut bob, _)) = (server.join("Ada").await, server.join("Bob").await);
    let lobby = welcome.rooms[0].id;
    let tea = ada.create(client_id(), "Tea").await.unwrap().id;
    let cake = bob.create(client_id(), "Cake").await.unwrap().id;
    let target = bob.say(lobby, "teh text").await;
    bob.act(lobby, edit(target, "the text")).await.unwrap();
    let forward = |from, target| Action::Forward { from, target };
    let id = client_id();
    let there = ada
        .act_again(tea, id, forward(lobby, target))
        .await
        .unwrap()
        .seq;
    assert!(
        ada.act_again(tea, id, forward(lobby, target))
            .await
            .unwrap()
            .repeat
    );
    let message = one(&mut ada, tea, there).await;
    assert_eq!(message.body, Some(body("the text")));
    let forwarded = message.forwarded.unwrap();
    assert_eq!(&*forwarded.author.name, "Bob");
    let origin = forwarded.from.clone().unwrap();
    assert_eq!(
        (origin.room, &*origin.name, origin.seq),
        (lobby, "lobby", target)
    );
    // What was forwarded before keeps where it is from.
    let back = ada.act(lobby, forward(tea, there)).await.unwrap().seq;
    assert_eq!(one(&mut bob, lobby, back).await.forwarded, Some(forwarded));
    bob.act(lobby, Action::Delete { target }).await.unwrap();
    assert_eq!(one(&mut ada, tea, there).await.body, Some(body("the text")));
    for (room, from, seq, problem) in [
        (tea, cake, Seq(1), Problem::NoSuchRoom),
        (cake, lobby, back, Problem::NoSuchRoom),
        (tea, RoomId(9), Seq(1), Problem::NoSuchRoom),
        (tea, lobby, target, Problem::NoSuchMessage),
        (tea, lobby, Seq(1), Problem::NoSuchMessage),
        (tea, lobby, Seq::MAX, Problem::NoSuchMessage),
    ] {
        assert_eq!(ada.act(room, forward(from, seq)).await, Err(problem));
    }
}

/// Q4, L2: what is brought from a room that not everyone may know of does not say where it is from.
#[tokio::test]
async fn a_message_of_a_private_room_is_forwarded_without_its_place() {
    let server = Parlance::start().await;
    let ((mut ada, welcome), (mut bob, greeting)) =
        (server.join("Ada").await, server.join("Bob").await);
    let lobby = welcome.rooms[0].id;
    let plans = ada.private("Plans").await;
    let direct = ada.direct(&[&greeting.me]).await.unwrap().id;
    for from in [plans, direct] {
        let target = ada.say(from, "tell everyone").await;
        let forward = Action::Forward { from, target };
        let there = ada.act(lobby, forward).await.unwrap().seq;
        let heard = loop {
            let (room, event) = bob.event().await;
            if room == lobby && event.seq == there {
                break event.content;
            }
        };
        let Content::Message(heard) = heard else {
            panic!("{heard:?}");
        };
        for message in [heard, one(&mut bob, lobby, there).await] {
            let forwarded = message.forwarded.unwrap();
            assert_eq!(&*forwarded.author.name, "Ada");
            assert_eq!(forwarded.from, None);
        }
    }
}

async fn pins(client: &mut Client, room: RoomId) -> Result<Vec<Pin>, Problem> {
    let request = RequestId(500);
    client.send(&ClientMessage::Pins { request, room }).await;
    loop {
        match client.receive().await {
            ServerMessage::Pins {
                request: asked,
                pins,
                ..
            } if asked == request => return Ok(pins),
            ServerMessage::Refused {
                request: Some(asked),
                problem,
                ..
            } if asked == request => {
                return Err(problem);
            }
            _ => {}
        }
    }
}

/// Q5, Q6: what is pinned is listed, the newest first, until it is taken off or deleted; a room has so many and no more.
#[tokio::test]
async fn messages_are_pinned_to_a_room() {
    let server = Parlance::start().await;
    let (mut ada, welcome) = server.join("Ada").await;
    let (mut bob, _) = server.join("Bob").await;
    let lobby = welcome.rooms[0].id;
    let tea = ada.create(client_id(), "Tea").await.unwrap().id;
    let (one_of, two_of) = (ada.say(lobby, "one").await, ada.say(lobby, "two").await);
    bob.act(lobby, pin(one_of, true)).await.unwrap();
    let second = ada.act(lobby, pin(two_of, true)).await.unwrap().seq;
    ada.act(lobby, edit(one_of, "one, changed")).await.unwrap();
    let listed = pins(&mut ada, lobby).await.unwrap();
    let short = |pin: &Pin| (pin.message.text.clone().unwrap(), pin.by.name.to_string());
    let expected = [
        (body("two"), "Ada".to_owned()),
        (body("one, changed"), "Bob".to_owned()),
    ];
    assert_eq!(listed.iter().map(short).collect::<Vec<_>>(), expected);
    assert_eq!(one(&mut bob, lobby, two_of).await.pinned, Some(second));
    ada.act(lobby, pin(two_of, false)).await.unwrap();
    assert_eq!(one(&mut bob, lobby, two_of).await.pinned, None);
    ada.act(lobby, Action::Delete { target: one_of })
        .await
        .unwrap();
    assert_eq!(pins(&mut ada, lobby).await, Ok(Vec::new()));
    let gone = ada.act(lobby, pin(one_of, true)).await;
    assert_eq!(gone, Err(Problem::NoSuchMessage));
    // S5
    assert_eq!(pins(&mut bob, tea).await, Err(Problem::NoSuchRoom));
    assert_eq!(pins(&mut bob, RoomId(5)).await, Err(Problem::NoSuchRoom));
    assert_eq!(
        bob.act(tea, pin(Seq(1), true)).await,
        Err(Problem::NoSuchRoom)
    );
    fill_with_pins(&server, lobby);
    let limit = limits::PINS_PER_ROOM;
    let one_more = ada.act(lobby, pin(two_of, true)).await;
    assert_eq!(one_more, Err(Problem::TooManyPins { limit }));
    ada.act(lobby, pin(Seq(1), true)).await.unwrap_err();
}

/// As many pins as a room may have, without the wait for as many sends.
fn fill_with_pins(server: &Parlance, room: RoomId) {
    let file = rusqlite::Connection::open(server.folder().join("parlance.db")).unwrap();
    file.busy_timeout(std::time::Duration::from_secs(10))
        .unwrap();
    file.pragma_update(None, "foreign_keys", false).unwrap();
    for n in 0..limits::PINS_PER_ROOM {
        let place = 10_000 + n as i64;
        file.execute(
            "INSERT INTO pins VALUES (?1, ?2, ?2)",
            [room.0.cast_signed(), place],
        )
        .unwrap();
    }
}

async fn history(
    client: &mut Client,
    room: RoomId,
    target: Seq,
) -> Result<(Vec<Version>, bool), Problem> {
    let request = RequestId(600);
    let ask = ClientMessage::HistoryOf {
        request,
        room,
        target,
    };
    client.send(&ask).await;
    loop {
        match client.receive().await {
            ServerMessage::History {
                request: asked,
                versions,
                more,
                ..
            } if asked == request => {
                return Ok((versions, more));
            }
            ServerMessage::Refused {
                request: Some(asked),
                problem,
                ..
            } if asked == request => {
                return Err(problem);
            }
            _ => {}
        }
    }
}

/// Q7: what a message has said, the newest first, and nothing once it is deleted.
#[tokio::test]
async fn what_a_message_said_before_can_be_read_until_it_is_deleted() {
    let server = Parlance::start().await;
    let (mut ada, welcome) = server.join("Ada").await;
    let (mut bob, _) = server.join("Bob").await;
    let lobby = welcome.rooms[0].id;
    let tea = ada.create(client_id(), "Tea").await.unwrap().id;
    let target = ada.say(lobby, "one").await;
    let second = ada.act(lobby, edit(target, "two")).await.unwrap();
    let (versions, more) = history(&mut bob, lobby, target).await.unwrap();
    let texts: Vec<_> = versions.iter().map(|it| (it.seq, &*it.body)).collect();
    assert_eq!(texts, [(second.seq, "two"), (target, "one")]);
    assert_eq!((versions[0].at, more), (second.at, false));
    let long = "x".repeat(limits::BODY_BYTES);
    for _ in 0..limits::PAGE_BYTES / limits::BODY_BYTES {
        ada.act(lobby, edit(target, &long)).await.unwrap();
    }
    let (versions, more) = history(&mut bob, lobby, target).await.unwrap();
    assert_eq!(
        (versions.len(), more),
        (limits::PAGE_BYTES / limits::BODY_BYTES, true)
    );
    ada.act(lobby, Action::Delete { target }).await.unwrap();
    assert_eq!(
        history(&mut bob, lobby, target).await,
        Ok((Vec::new(), false))
    );
    for (room, seq, problem) in [
        (lobby, Seq(1), Problem::NoSuchMessage),
        (lobby, second.seq, Problem::NoSuchMessage),
        (lobby, Seq::MAX, Problem::NoSuchMessage),
        (tea, Seq(1), Problem::NoSuchRoom),
        (RoomId(5), Seq(1), Problem::NoSuchRoom),
    ] {
        assert_eq!(history(&mut bob, room, seq).await, Err(problem));
    }
}
