//! What later events do to messages (R11), and the proof that the log was applied (R10, R12).

use shared::ids::{ClientId, Link, RoomId, Seq};
use shared::limits;
use shared::protocol::{
    Action, ClientMessage, Content, Event, Message, Pace, Page, Reaction, ServerMessage,
};
use shared::session::io::Input;
use shared::session::views::Row;
use shared::text::{Emoji, Topic};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::bench::{Bench, LOBBY, ada, body, cursors, person, room};
use crate::model::Server;
use crate::pair::{connect, reading, seqs, settle};

/// Does something in the lobby and hands the live event to the bench, if there is one.
fn act(server: &mut Server, bench: Option<&mut Bench>, n: u128, action: Action) -> ServerMessage {
    let (_, event) = server.act(&ada(), ClientId(n), None, action).unwrap();
    let live = server.live(event.unwrap());
    if let Some(bench) = bench {
        bench.receive(&live);
    }
    live
}

fn say(text: &str) -> Action {
    Action::message(body(text))
}

fn edit(target: u64, text: &str) -> Action {
    Action::edit(Seq(target), body(text))
}

fn react(target: u64, emoji: &str, on: bool) -> Action {
    Action::React {
        target: Seq(target),
        emoji: Emoji::parse(emoji).unwrap(),
        on,
    }
}

fn held(bench: &Bench) -> Vec<Event> {
    let timeline = bench.session.timeline(LOBBY).unwrap();
    timeline.events().map(|event| (**event).clone()).collect()
}

fn texts(bench: &Bench) -> Vec<Option<String>> {
    let row = |row| match row {
        Row::Event(event) => match &event.content {
            Content::Message(Message { body, .. }) => Some(body.as_ref().map(ToString::to_string)),
            _ => None,
        },
        _ => None,
    };
    bench
        .session
        .rows(LOBBY)
        .into_iter()
        .filter_map(row)
        .collect()
}

/// R11
#[test]
fn an_edit_changes_the_message_and_a_deletion_empties_it_and_its_edits() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    act(&mut server, Some(&mut bench), 1, say("helo"));
    act(&mut server, Some(&mut bench), 2, edit(2, "hello"));
    assert_eq!(
        texts(&bench),
        [Some("welcome".into()), Some("hello".into())]
    );
    act(&mut server, Some(&mut bench), 3, react(2, "👍", true));
    act(
        &mut server,
        Some(&mut bench),
        4,
        Action::Delete { target: Seq(2) },
    );
    assert_eq!(texts(&bench), [Some("welcome".into()), None]);
    assert_eq!(held(&bench), server.as_it_stands());
    assert!(
        matches!(&held(&bench)[2].content, Content::Edited { body: None, .. }),
        "the text is nowhere"
    );
}

/// R11
#[test]
fn a_reaction_stands_once_per_person_until_it_is_taken_back() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    for (n, (emoji, on)) in (1..).zip([("👍", true), ("🎉", true), ("👍", true), ("🎉", false)])
    {
        act(&mut server, Some(&mut bench), n, react(1, emoji, on));
    }
    let Content::Message(Message { reactions, .. }) = &held(&bench)[0].content else {
        panic!()
    };
    let standing = Reaction {
        seq: Seq(4),
        emoji: Emoji::parse("👍").unwrap(),
        by: ada(),
    };
    assert_eq!(*reactions, [standing]);
    assert_eq!(held(&bench), server.as_it_stands());
}

/// R11
#[test]
fn the_rows_leave_out_what_shows_in_other_rows() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    act(&mut server, Some(&mut bench), 1, edit_of_host());
    let events = |bench: &Bench| {
        let rows = bench.session.rows(LOBBY).into_iter();
        rows.filter(|row| matches!(row, Row::Event(_))).count()
    };
    assert_eq!((events(&bench), seqs(&bench).len()), (1, 2));
}

/// Whoever looks for more looks again when the rows have changed, and may not have seen that a page was loading.
#[test]
fn a_page_without_a_row_of_its_own_changes_the_rows() {
    let mut server = Server::with_lobby();
    for n in 1..=200 {
        act(&mut server, None, n, react(1, "👍", n % 2 == 1));
    }
    act(&mut server, None, 201, say("late"));
    let mut bench = reading(&mut server);
    let before = bench.session.rows(LOBBY);
    bench.input(Input::LoadOlder { room: LOBBY });
    settle(&mut bench, &mut server);
    let after = bench.session.rows(LOBBY);
    assert_eq!(
        (before.len(), after.len()),
        (2, 2),
        "what is older, and the message"
    );
    assert_ne!(before, after);
}

fn edit_of_host() -> Action {
    react(1, "👋", true)
}

#[test]
fn a_reaction_does_not_make_a_room_that_was_read_unread() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    let unread = |bench: &Bench| bench.session.rooms().next().map(|room| room.unread);
    let bob = person(2, "Bob");
    for (n, action) in (1..).zip([react(1, "👍", true), say("hello"), react(1, "🎉", true)]) {
        let (_, event) = server.act(&bob, ClientId(n), None, action).unwrap();
        bench.receive(&server.live(event.unwrap()));
        assert_eq!(unread(&bench), Some([0, 1, 1][n as usize - 1]));
    }
}

/// R11: a page read before a change and applied after it must not bring the old text back.
#[test]
fn a_page_older_than_a_change_that_is_known_does_not_undo_it() {
    let mut server = Server::with_lobby();
    act(&mut server, None, 1, say("old"));
    let mut bench = Bench::connecting(1);
    connect(&mut bench, &mut server);
    bench.input(Input::Open { room: LOBBY });
    let pages: Vec<ServerMessage> = bench
        .sent()
        .into_iter()
        .flat_map(|message| server.answer(&ada(), message).0)
        .collect();
    act(&mut server, Some(&mut bench), 2, edit(2, "new"));
    act(&mut server, Some(&mut bench), 3, react(2, "👍", true));
    for page in &pages {
        bench.receive(page);
    }
    assert_eq!(held(&bench), server.as_it_stands());
}

/// R11, R6: what changed while one was away shows, though the change itself is inside a gap that nobody loads.
#[test]
fn behind_a_gap_the_messages_before_it_are_read_again() {
    let mut server = Server::with_lobby();
    act(&mut server, None, 1, say("before"));
    let mut bench = reading(&mut server);
    bench.close(1006);
    act(&mut server, None, 2, edit(2, "after"));
    for n in 3..=limits::REPLAY_EVENTS as u128 + 50 {
        act(&mut server, None, n, say("missed"));
    }
    bench.wake();
    connect(&mut bench, &mut server);
    let timeline = bench.session.timeline(LOBBY).unwrap();
    assert_eq!(timeline.gaps().len(), 1);
    assert_eq!(texts(&bench)[1], Some("after".into()));
    let head = server.head(LOBBY);
    let span = timeline.gaps()[0].span;
    assert_eq!(timeline.wanted(head).count(), 0, "and then it rests");
    bench.input(Input::LoadGap { room: LOBBY, span });
    settle(&mut bench, &mut server);
    assert_eq!(held(&bench), server.as_it_stands());
}

/// R11
#[test]
fn the_topic_is_that_of_the_newest_place_that_is_known() {
    let topic = |text: &str| Action::Topic {
        topic: Topic::parse(text).ok(),
    };
    let shown = |bench: &Bench| {
        let room = bench.session.rooms().next().unwrap();
        room.topic.map(ToString::to_string)
    };
    let mut server = Server::with_lobby();
    act(&mut server, None, 1, topic("tea"));
    let mut bench = reading(&mut server);
    assert_eq!(shown(&bench), Some("tea".into()), "from the welcome");
    act(&mut server, Some(&mut bench), 2, topic("cake"));
    assert_eq!(shown(&bench), Some("cake".into()), "from the event");
    act(&mut server, None, 3, topic(""));
    bench.receive(&ServerMessage::Behind {
        heads: [(LOBBY, Seq(4))].into(),
    });
    settle(&mut bench, &mut server);
    assert_eq!(shown(&bench), None, "from a page");
    act(&mut server, None, 4, topic("soup"));
    bench.receive(&ServerMessage::Page(older_page(&server, 3)));
    assert_eq!(shown(&bench), None, "not from a page of the past");
}

/// A page without events, read when the log ended at `head`.
fn older_page(server: &Server, head: u64) -> Page {
    let stood = server.as_it_stood(Seq(head));
    let topic = |event: &Event| match &event.content {
        Content::Topic { topic } => topic.clone(),
        _ => None,
    };
    Page {
        request: None,
        room: LOBBY,
        gap: None,
        from: Seq(head + 1),
        to: Seq(head),
        head: Seq(head),
        topic: stood.iter().rev().find_map(topic),
        name: None,
        archived: false,
        pace: Pace::NONE,
        events: Vec::new(),
        quotes: Vec::new(),
    }
}

/// R11: of two reactions with the same emoji the later one stands, in whatever order they come.
#[test]
fn an_older_reaction_does_not_take_the_place_of_a_newer_one() {
    let mut server = Server::with_lobby();
    for (n, on) in (1..).zip([true, false, true]) {
        act(&mut server, None, n, react(1, "👍", on));
    }
    let log = &server.logs[&LOBBY];
    let mut first = log[0].clone();
    for event in log[1..].iter().rev() {
        first.change(event);
    }
    assert_eq!(first, server.as_it_stands()[0]);
}

/// R10, R12
#[test]
fn an_event_that_does_not_follow_is_not_applied_and_the_room_is_read_anew() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    act(&mut server, Some(&mut bench), 1, say("one"));
    let (_, event) = server.act(&ada(), ClientId(2), None, say("two")).unwrap();
    let mut forged = event.unwrap();
    forged.author = person(6, "Mallory");
    bench.receive(&ServerMessage::Event {
        room: LOBBY,
        event: forged,
        quote: None,
    });
    assert_eq!(bench.session.proof().diverged, 1);
    let sent = bench.sent();
    let stated = sent.iter().any(|message| {
        matches!(message, ClientMessage::Applied { cursors } if cursors[&LOBBY].seq == Seq(2))
    });
    assert!(stated, "the server hears what was read: {sent:?}");
    for message in sent {
        for answer in server.answer(&ada(), message).0 {
            bench.receive(&answer);
        }
    }
    settle(&mut bench, &mut server);
    assert_eq!(held(&bench), server.as_it_stands());
    assert_eq!(bench.session.proof().diverged, 1);
}

/// R12
#[test]
fn a_cursor_that_the_server_does_not_know_makes_the_room_be_read_anew() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    act(&mut server, Some(&mut bench), 1, say("one"));
    bench.close(1006);
    // The server's log is another one from here on: as if a disk had brought an old state back.
    let log = server.logs.get_mut(&LOBBY).unwrap();
    log[1].link = Link(99);
    act(&mut server, None, 2, say("two"));
    bench.wake();
    connect(&mut bench, &mut server);
    assert_eq!(held(&bench), server.as_it_stands());
    assert_eq!(bench.session.proof().diverged, 1);
    act(&mut server, Some(&mut bench), 3, say("three"));
    assert_eq!(
        bench.session.proof().diverged,
        1,
        "what the server says now is taken"
    );
    assert_eq!(seqs(&bench).len(), 4);
}

/// R10
#[test]
fn what_was_applied_is_counted_and_what_came_twice_or_early_is_told_apart() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    let before = bench.session.proof();
    let one = act(&mut server, Some(&mut bench), 1, say("one"));
    bench.receive(&one);
    act(&mut server, None, 2, say("lost on its way"));
    act(&mut server, Some(&mut bench), 3, say("three"));
    settle(&mut bench, &mut server);
    let after = bench.session.proof();
    assert_eq!(after.applied - before.applied, 3);
    assert_eq!(after.repeated - before.repeated, 1);
    assert_eq!((after.early, after.diverged), (1, 0));
}

/// R12
#[test]
fn what_was_applied_is_stated_once_in_a_while_and_with_the_next_hello() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    act(&mut server, Some(&mut bench), 1, say("one"));
    let due = bench.session.wake_at().unwrap();
    assert!(due <= bench.now.ticks + limits::APPLIED_EVERY_MS);
    bench.wake();
    let stated = |sent: &[ClientMessage]| {
        sent.iter().find_map(|message| match message {
            ClientMessage::Applied { cursors } => cursors.get(&LOBBY).copied(),
            _ => None,
        })
    };
    let cursor = stated(&bench.sent()).unwrap();
    assert_eq!(
        (cursor.seq, cursor.link),
        (Seq(2), Some(server.logs[&LOBBY][1].link))
    );
    bench.receive(&ServerMessage::Joined {
        request: None,
        room: room(RoomId(2), 1),
    });
    bench.input(Input::Open { room: RoomId(2) });
    let client_id = ClientId(9);
    bench.sent();
    let mut elsewhere = server.logs[&LOBBY][1].clone();
    elsewhere.client_id = client_id;
    bench.receive(&ServerMessage::Event {
        room: RoomId(2),
        event: elsewhere,
        quote: None,
    });
    bench.pass(limits::APPLIED_EVERY_MS);
    bench.input(Input::Timer);
    let sent = bench.sent();
    let statements = sent
        .iter()
        .filter(|message| matches!(message, ClientMessage::Applied { .. }));
    assert_eq!(statements.count(), 1);
    assert_eq!(stated(&sent), None, "the lobby has not moved");
    bench.close(1006);
    bench.wake();
    bench.open();
    assert_eq!(cursors(&bench.sent())[&LOBBY], cursor);
}
