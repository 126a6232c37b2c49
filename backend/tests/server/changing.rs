//! Changing what was said: editing, reacting, and what a room is about.

use shared::ids::{RoomId, Seq};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::{Action, ClientMessage, Content, Event, Message, Reaction, ServerMessage};

use crate::support::client::Client;
use crate::support::{Parlance, body, client_id, edit, emoji, react, topic};

async fn one(client: &mut Client, room: RoomId, seq: Seq) -> Event {
    let page = client.read(room, seq.0, seq.0).await.unwrap();
    page.events.into_iter().next().unwrap()
}

/// The body, its newest change, and the reactions as (place, emoji, name).
type Stands = (Option<String>, Option<Seq>, Vec<(u64, String, String)>);

async fn stands(client: &mut Client, room: RoomId, seq: Seq) -> Stands {
    let Content::Message(Message {
        body,
        changed,
        reactions,
        ..
    }) = one(client, room, seq).await.content
    else {
        panic!("a message");
    };
    let flat = |Reaction { seq, emoji, by }| (seq.0, emoji.to_string(), by.name.to_string());
    let reactions = reactions.into_iter().map(flat).collect();
    (body.as_deref().map(str::to_owned), changed, reactions)
}

/// S10, R11: an edit is an event with its body; the message reads as its newest edit; what it was stays in the log.
#[tokio::test]
async fn a_message_reads_as_its_newest_edit_and_the_edits_stay() {
    let server = Parlance::start().await;
    let ((mut ada, welcome), (mut bob, _)) = (server.join("Ada").await, server.join("Bob").await);
    let room = welcome.rooms[0].id;
    let target = ada.say(room, "teh first").await;
    let first = ada.act(room, edit(target, "the first")).await.unwrap().seq;
    let second = ada.act(room, edit(target, "the last")).await.unwrap().seq;
    assert_eq!((first, second), (target.next(), first.next()));
    let live = loop {
        let (_, event) = bob.event().await;
        if event.seq == first {
            break event;
        }
    };
    let text = |text| Some(body(text));
    let edited = |text| Content::Edited {
        target,
        body: Some(body(text)),
        mentions: Vec::new(),
    };
    assert_eq!(live.content, edited("the first"));
    let page = bob.read(room, target.0, second.0).await.unwrap();
    let contents: Vec<_> = page.events.iter().map(|event| &event.content).collect();
    let message = Content::Message(Message {
        body: text("the last"),
        changed: Some(second),
        ..Message::default()
    });
    assert_eq!(
        contents,
        [&message, &edited("the first"), &edited("the last")]
    );
    // A page that ends before the edits shows the message as it stands all the same.
    assert_eq!(one(&mut bob, room, target).await.content, message);
}

/// S10: only the author may change a message, and only a message of that room that was not deleted can be changed.
#[tokio::test]
async fn what_is_no_message_or_someone_elses_cannot_be_changed() {
    let server = Parlance::start().await;
    let ((mut ada, welcome), (mut bob, _)) = (server.join("Ada").await, server.join("Bob").await);
    let room = welcome.rooms[0].id;
    let tea = ada.create(client_id(), "Tea").await.unwrap().id;
    let target = ada.say(room, "mine").await;
    let edited = ada.act(room, edit(target, "still mine")).await.unwrap().seq;
    let gone = ada.say(room, "soon gone").await;
    let deletion = ada.act(room, Action::Delete { target: gone }).await;
    for action in [edit(target, "yours"), Action::Delete { target }] {
        assert_eq!(bob.act(room, action).await, Err(Problem::NotYours));
    }
    bob.act(room, react(target, "👍", true)).await.unwrap();
    let deletion = deletion.unwrap().seq;
    let beyond = deletion.next().next();
    for seq in [
        Seq(0),
        Seq(1),
        Seq(2),
        edited,
        gone,
        deletion,
        beyond,
        Seq::MAX,
    ] {
        for action in [
            edit(seq, "what?"),
            Action::Delete { target: seq },
            react(seq, "👍", true),
            react(seq, "👍", false),
        ] {
            let refused = ada.act(room, action).await;
            assert_eq!(refused, Err(Problem::NoSuchMessage), "{seq}");
        }
    }
    // There is a message at that place, but in another room.
    for action in [edit(target, "here"), Action::Delete { target }] {
        assert_eq!(ada.act(tea, action).await, Err(Problem::NoSuchMessage));
    }
    // S5: of a room one is not in, one learns nothing.
    let hidden = bob.act(tea, react(Seq(1), "👍", true)).await;
    assert_eq!(hidden, Err(Problem::NoSuchRoom));
    let (text, changed, _) = stands(&mut ada, room, target).await;
    assert_eq!(
        (text.as_deref(), changed),
        (Some("still mine"), Some(edited))
    );
}

/// S10, R11: who put which emoji, by the place of the event; putting one again moves it, taking back one that is not
/// there changes nothing, and each of these is an event.
#[tokio::test]
async fn reactions_stand_by_the_place_of_their_event() {
    let server = Parlance::start().await;
    let ((mut ada, welcome), (mut bob, _)) = (server.join("Ada").await, server.join("Bob").await);
    let room = welcome.rooms[0].id;
    let target = bob.say(room, "cake?").await;
    for (action, by_ada) in [
        (react(target, "👍", true), true),
        (react(target, "🎂", true), true),
        (react(target, "👍", true), false),
        (react(target, "👍", true), true),
        (react(target, "🎂", false), false),
        (react(target, "👍", false), false),
    ] {
        let author = if by_ada { &mut ada } else { &mut bob };
        author.act(room, action).await.unwrap();
    }
    let n = target.0;
    let (_, changed, reactions) = stands(&mut bob, room, target).await;
    let expected = [(n + 2, "🎂", "Ada"), (n + 4, "👍", "Ada")];
    let expected = expected.map(|(seq, emoji, name)| (seq, emoji.to_owned(), name.to_owned()));
    assert_eq!((changed, reactions), (None, expected.to_vec()));
    let event = one(&mut bob, room, Seq(n + 5)).await;
    let (emoji, on) = (emoji("🎂"), false);
    assert_eq!(event.content, Content::Reacted { target, emoji, on });
    assert_eq!(bob.read(room, 1, 1).await.unwrap().head, Seq(n + 6));
}

/// S10: at most 200 stand on one message; who moves one or takes one back is not refused.
#[tokio::test]
async fn a_message_has_at_most_200_reactions() {
    let server = Parlance::start().await;
    let (mut ada, welcome) = server.join("Ada").await;
    let (room, limit) = (welcome.rooms[0].id, limits::REACTIONS_PER_MESSAGE);
    let target = ada.say(room, "popular").await;
    let other = ada.say(room, "not so popular").await;
    let sign = |number: usize| {
        let code = 0x1f300 + u32::try_from(number).unwrap();
        char::from_u32(code).unwrap().to_string()
    };
    for number in 0..limit {
        let action = react(target, &sign(number), true);
        ada.act(room, action).await.unwrap();
    }
    let refused = Err(Problem::TooManyReactions { limit });
    let one_more = react(target, &sign(limit), true);
    assert_eq!(ada.act(room, one_more.clone()).await, refused);
    ada.act(room, react(other, &sign(limit), true))
        .await
        .unwrap();
    ada.act(room, react(target, &sign(7), true)).await.unwrap();
    ada.act(room, react(target, &sign(limit), false))
        .await
        .unwrap();
    assert_eq!(ada.act(room, one_more.clone()).await, refused);
    ada.act(room, react(target, &sign(8), false)).await.unwrap();
    ada.act(room, one_more).await.unwrap();
    let (_, _, reactions) = stands(&mut ada, room, target).await;
    assert_eq!(reactions.len(), limit);
    assert!(reactions.is_sorted_by_key(|(seq, ..)| *seq));
}

/// S10: what a room is about is with the room wherever it is named, as of its head; a restart does not forget it.
#[tokio::test]
async fn what_a_room_is_about_is_with_the_room() {
    let server = Parlance::start().await;
    let (ada_guest, bob_guest) = (server.sign_in("Ada").await, server.sign_in("Bob").await);
    let ((mut ada, _), (mut bob, _)) = (ada_guest.join().await, bob_guest.join().await);
    let tea = ada.create(client_id(), "Tea").await.unwrap();
    assert_eq!(tea.topic, None);
    let about = |text: Option<&str>| match topic(text) {
        Action::Topic { topic } => topic,
        _ => None,
    };
    let said = about(Some("Cups and pots"));
    ada.act(tea.id, topic(Some("Cups and pots"))).await.unwrap();
    assert_eq!(bob.enter(client_id(), tea.id).await.unwrap().topic, said);
    assert_eq!(bob.enter(client_id(), tea.id).await.unwrap().topic, said);
    let page = bob.read(tea.id, 1, 9).await.unwrap();
    assert_eq!(page.topic, said);
    let topic_of_event = Content::Topic {
        topic: said.clone(),
    };
    assert_eq!(page.events[1].content, topic_of_event);

    let server = server.restart().await;
    let (mut bob, welcome) = bob_guest.at(&server).join().await;
    let room = welcome.rooms.iter().find(|room| room.id == tea.id).unwrap();
    assert_eq!((room.topic.clone(), room.head), (said, Seq(3)));
    // Anyone in the room may, and may take it back.
    bob.act(tea.id, topic(None)).await.unwrap();
    let page = bob.read(tea.id, 1, 9).await.unwrap();
    assert_eq!((page.topic, page.head), (None, Seq(4)));
    let empty = Content::Topic { topic: None };
    assert_eq!(page.events[3].content, empty);
}

/// S2, S3: every action is one event for ever under its client id, and the id means nothing else.
#[tokio::test]
async fn every_action_made_again_is_a_repeat() {
    let server = Parlance::start().await;
    let guest = server.sign_in("Ada").await;
    let (mut ada, welcome) = guest.join().await;
    let room = welcome.rooms[0].id;
    let tea = ada.create(client_id(), "Tea").await.unwrap().id;
    ada.say(tea, "one more").await;
    let (target, other) = (ada.say(room, "one").await, ada.say(room, "two").await);
    let actions = [
        edit(target, "one, but other"),
        edit(target, "one again"),
        edit(other, "one again"),
        react(target, "👍", true),
        react(target, "👍", false),
        react(target, "🎂", true),
        react(other, "👍", true),
        topic(Some("numbers")),
        topic(None),
        Action::Delete { target },
    ];
    let mut done = Vec::new();
    for action in &actions {
        let id = client_id();
        let stored = ada.act_again(room, id, action.clone()).await.unwrap();
        assert!(!stored.repeat);
        done.push((id, stored));
    }
    let head = ada.read(room, 1, 1).await.unwrap().head;
    let server = server.restart().await;
    let (mut ada, _) = guest.at(&server).join().await;
    for (action, (id, stored)) in actions.iter().zip(&done) {
        let again = ada.act_again(room, *id, action.clone()).await.unwrap();
        assert_eq!((again.seq, again.at), (stored.seq, stored.at));
        assert!(again.repeat, "{action:?}");
        let elsewhere = ada.act_again(tea, *id, action.clone()).await;
        assert_eq!(elsewhere, Err(Problem::ClientIdReused), "{action:?}");
        for other in actions.iter().filter(|other| *other != action) {
            let destroyed =
                |one: &Action| matches!(one, Action::Edit { target: t, .. } if *t == target);
            if destroyed(action) && destroyed(other) {
                continue;
            }
            let reused = ada.act_again(room, *id, other.clone()).await;
            assert_eq!(reused, Err(Problem::ClientIdReused), "{action:?} {other:?}");
        }
    }
    assert_eq!(ada.read(room, 1, 1).await.unwrap().head, head);
}

/// S9: what is sent behind another is not stored unless that one is.
#[tokio::test]
async fn what_comes_after_something_that_is_not_stored_is_not_stored() {
    let server = Parlance::start().await;
    let ((mut ada, welcome), (mut bob, _)) = (server.join("Ada").await, server.join("Bob").await);
    let room = welcome.rooms[0].id;
    let tea = ada.create(client_id(), "Tea").await.unwrap().id;
    let ids: Vec<_> = (0..4).map(|_| client_id()).collect();
    let send = |room, number: usize, after: Option<usize>, text: &str| ClientMessage::Send {
        room,
        client_id: ids[number],
        after: after.map(|after| ids[after]),
        action: Action::message(body(text)),
    };
    // The first is refused, and those right behind it with it, though they could be stored.
    ada.send(&send(RoomId(7), 0, None, "lost")).await;
    ada.send(&send(room, 1, Some(0), "early")).await;
    ada.send(&send(room, 2, Some(1), "too")).await;
    let refused = [
        Problem::NoSuchRoom,
        Problem::NotInOrder,
        Problem::NotInOrder,
    ];
    for (id, expected) in ids.iter().zip(refused) {
        assert_eq!(ada.stored(*id).await, Err(expected));
    }
    // In order they are stored, also when they are on their way together.
    for number in 0..3 {
        ada.send(&send(room, number, number.checked_sub(1), "in order"))
            .await;
    }
    let mut last = Seq::ZERO;
    for id in &ids[..3] {
        let stored = ada.stored(*id).await.unwrap();
        assert!(stored.seq > last && !stored.repeat);
        last = stored.seq;
    }
    // A repeat is a repeat, whatever it says it comes after.
    ada.send(&send(room, 1, Some(3), "in order")).await;
    assert!(ada.stored(ids[1]).await.unwrap().repeat);
    // It has to be stored in the same room, and of the same author.
    ada.send(&send(tea, 3, Some(2), "elsewhere")).await;
    assert_eq!(ada.stored(ids[3]).await, Err(Problem::NotInOrder));
    bob.send(&send(room, 3, Some(2), "not mine")).await;
    assert_eq!(bob.stored(ids[3]).await, Err(Problem::NotInOrder));
    let log = ada.log(room).await;
    assert_eq!(log.len() as u64, last.0);
}

/// S10: a bad text names what is wrong with it, and the client id.
#[tokio::test]
async fn a_bad_text_in_an_action_is_refused_by_its_name() {
    let server = Parlance::start().await;
    let (mut ada, welcome) = server.join("Ada").await;
    let room = welcome.rooms[0].id;
    let long = "x".repeat(limits::TOPIC_CHARS + 1);
    for (action, code) in [
        (
            r#"{"kind":"edit","target":3,"body":"\u0007"}"#.into(),
            "bad_body",
        ),
        (
            format!(r#"{{"kind":"topic","topic":"{long}"}}"#),
            "bad_topic",
        ),
        (
            r#"{"kind":"react","target":3,"emoji":"abc","on":true}"#.into(),
            "bad_emoji",
        ),
        (r#"{"kind":"sing","target":3}"#.into(), "not_understood"),
    ] {
        let id = client_id();
        let send =
            format!(r#"{{"type":"send","room":"{room}","client_id":"{id}","action":{action}}}"#);
        ada.send_text(&send).await;
        let answer = ada.answer().await;
        let ServerMessage::Refused {
            client_id: Some(of),
            problem,
            ..
        } = answer
        else {
            panic!("{answer:?}");
        };
        let problem = serde_json::to_value(problem).unwrap();
        assert_eq!((of, problem["code"].as_str()), (id, Some(code)));
    }
}
