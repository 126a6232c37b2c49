//! Section 6: who hears what, in which order.

use shared::ids::Seq;
use shared::protocol::{Content, Message, ServerMessage};

use crate::support::{Parlance, client_id, fresh_hello};

/// D1: everyone in the room hears each event once, in the order of the log, on every connection, the author's too.
#[tokio::test]
async fn everyone_in_the_room_hears_every_event_in_the_same_order() {
    let server = Parlance::start().await;
    let guest = server.sign_in("Ada").await;
    let (mut phone, welcome) = guest.join().await;
    let (mut desk, _) = guest.join().await;
    let (mut bob, _) = server.join("Bob").await;
    let room = welcome.rooms[0].id;
    for number in 0..40 {
        let author = if number % 2 == 0 {
            &mut phone
        } else {
            &mut bob
        };
        author.post(room, &format!("number {number}")).await;
        // The next one is sent when this one was heard, so that the order is known.
        for client in [&mut phone, &mut desk, &mut bob] {
            let event = client.message().await;
            assert_eq!(event.seq, Seq(4 + number), "1 created, 2 joined");
            let expected = crate::support::body(&format!("number {number}"));
            assert_eq!(event.content, Content::message(expected));
        }
    }
}

/// D1: the event has what the log has.
#[tokio::test]
async fn the_live_event_is_the_one_in_the_log() {
    let server = Parlance::start().await;
    let (mut ada, welcome) = server.join("Ada").await;
    let room = welcome.rooms[0].id;
    let id = ada.post(room, "hello \"there\"\n漢字").await;
    let live = ada.message().await;
    assert_eq!((live.client_id, &live.author), (id, &welcome.me));
    let page = ada.read(room, live.seq.0, live.seq.0).await.unwrap();
    assert_eq!(page.events, [live]);
}

/// D1: who is not in a room hears nothing of it, and who joins hears it from then on.
#[tokio::test]
async fn who_is_not_in_a_room_hears_nothing_of_it() {
    let server = Parlance::start().await;
    let ((mut ada, welcome), (mut bob, _)) = (server.join("Ada").await, server.join("Bob").await);
    let lobby = welcome.rooms[0].id;
    let tea = ada.create(client_id(), "Tea").await.unwrap().id;
    ada.say(tea, "only for us").await;
    ada.say(lobby, "for all").await;
    let heard = bob.message().await;
    assert!(
        matches!(heard.content, Content::Message(Message { body: Some(body), .. }) if &*body == "for all")
    );
    bob.enter(client_id(), tea).await.unwrap();
    ada.say(tea, "now for Bob too").await;
    let heard = bob.message().await;
    assert!(
        matches!(heard.content, Content::Message(Message { body: Some(body), .. }) if &*body == "now for Bob too")
    );
}

/// D2: the author hears the event whether the answer comes before or after it, and a repeat makes no event.
#[tokio::test]
async fn a_repeat_is_not_delivered_again() {
    let server = Parlance::start().await;
    let (mut ada, welcome) = server.join("Ada").await;
    let (room, id) = (welcome.rooms[0].id, client_id());
    for _ in 0..5 {
        ada.post_as(room, id, "once").await;
        assert!(matches!(ada.answer().await, ServerMessage::Stored { .. }));
    }
    ada.say(room, "the end").await;
    let mut seen = Vec::new();
    ada.post(room, "the very end").await;
    loop {
        let event = ada.message().await;
        let last = matches!(&event.content, Content::Message(Message { body: Some(body), .. }) if &**body == "the very end");
        seen.push(event.client_id);
        if last {
            break;
        }
    }
    assert!(
        seen.iter().filter(|one| **one == id).count() <= 1,
        "{seen:?}"
    );
}

/// D4: a membership that changes elsewhere arrives as `joined` without a request, before the room's events.
#[tokio::test]
async fn a_room_that_is_entered_elsewhere_is_told_before_its_events() {
    let server = Parlance::start().await;
    let guest = server.sign_in("Ada").await;
    let ((mut phone, _), (mut desk, _)) = (guest.join().await, guest.join().await);
    let mut silent = guest.connect().await;
    let tea = phone.create(client_id(), "Tea").await.unwrap();
    phone.say(tea.id, "hello").await;
    assert_eq!(
        desk.receive().await,
        ServerMessage::Joined {
            request: None,
            room: tea.clone()
        }
    );
    let first = desk.event().await;
    assert_eq!((first.0, first.1.seq), (tea.id, Seq(1)));
    assert_eq!(desk.message().await.seq, Seq(2));
    // One that had not said hello finds it in its welcome.
    let (welcome, _) = silent.hello(fresh_hello()).await;
    assert!(welcome.rooms.iter().any(|room| room.id == tea.id));
}

/// M9 and D4: on the connection that asked, the answer comes before the room's first event.
#[tokio::test]
async fn the_answer_to_a_join_comes_before_the_rooms_events() {
    let server = Parlance::start().await;
    let ((mut ada, _), (mut bob, _)) = (server.join("Ada").await, server.join("Bob").await);
    for number in 0..30 {
        let tea = ada
            .create(client_id(), &format!("room {number}"))
            .await
            .unwrap();
        let request = bob.next_request();
        let join = shared::protocol::ClientMessage::Join {
            request,
            client_id: client_id(),
            room: tea.id,
        };
        tokio::join!(bob.send(&join), ada.post(tea.id, "at the same time"));
        let first = loop {
            match bob.receive().await {
                ServerMessage::Event { room, .. } if room != tea.id => {}
                other => break other,
            }
        };
        let asked = Some(request);
        let is_answer =
            matches!(&first, ServerMessage::Joined { request, .. } if *request == asked);
        assert!(is_answer, "{first:?}");
        assert!(matches!(ada.answer().await, ServerMessage::Stored { .. }));
    }
}

on_every_transport!(
    everyone_in_the_room_hears_every_event_in_the_same_order,
    the_live_event_is_the_one_in_the_log,
    who_is_not_in_a_room_hears_nothing_of_it,
    a_repeat_is_not_delivered_again,
    a_room_that_is_entered_elsewhere_is_told_before_its_events,
    the_answer_to_a_join_comes_before_the_rooms_events,
);
