//! Answers and what they quote (Q2), what is pinned (Q5, Q6), and what a message said before (Q7).

use shared::ids::{ClientId, RequestId, Seq};
use shared::limits;
use shared::protocol::{Action, ClientMessage, Pin, Post, Quote, ServerMessage, Version};
use shared::session::aside::HistoryView;
use shared::session::io::Input;
use shared::session::timeline::{HELD_EVENTS, Timeline};
use shared::session::views::Row;
use shared::text::Body;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::bench::{Bench, LOBBY, ada, body, person};
use crate::model::Server;
use crate::pair::{connect, reading};

fn answer(target: u64, text: &str) -> Action {
    Action::Message(Post {
        reply_to: Some(Seq(target)),
        ..Post::from(body(text))
    })
}

fn act(server: &mut Server, bench: Option<&mut Bench>, n: u128, action: Action) {
    let (_, event) = server.act(&ada(), ClientId(n), None, action).unwrap();
    if let Some(bench) = bench {
        bench.receive(&server.live(event.unwrap()));
    }
}

fn quoted(bench: &Bench, seq: u64) -> Option<String> {
    let timeline = bench.session.timeline(LOBBY).unwrap();
    let quote = timeline.quote(Seq(seq)).expect("it is known");
    quote.text.map(|text| text.to_string())
}

/// A lobby in which the message 2 is further back than what is read first.
fn long_lobby() -> Server {
    let mut server = Server::with_lobby();
    for n in 1..=80 {
        act(
            &mut server,
            None,
            n,
            Action::message(body(&format!("message {n}"))),
        );
    }
    server
}

/// Q2: live, edited, deleted; though the message itself was never read.
#[test]
fn what_is_quoted_is_what_the_message_says() {
    let mut server = long_lobby();
    let mut bench = reading(&mut server);
    act(
        &mut server,
        Some(&mut bench),
        90,
        answer(2, "about the first"),
    );
    assert_eq!(quoted(&bench, 2).as_deref(), Some("message 1"));
    let edit = Action::edit(Seq(2), body("  \n  changed  \nand more"));
    act(&mut server, Some(&mut bench), 91, edit);
    assert_eq!(quoted(&bench, 2).as_deref(), Some("changed"));
    let delete = Action::Delete { target: Seq(2) };
    act(&mut server, Some(&mut bench), 92, delete);
    assert_eq!(quoted(&bench, 2), None);
    // A quote that was told before the deletion does not bring the text back.
    let (_, again) = server
        .act(&ada(), ClientId(93), None, answer(2, "again"))
        .unwrap();
    let mut late = server.live(again.unwrap());
    if let ServerMessage::Event {
        quote: Some(quote), ..
    } = &mut late
    {
        quote.text = Some(body("message 1"));
        quote.changed = None;
    }
    bench.receive(&late);
    assert_eq!(quoted(&bench, 2), None);
}

/// Q2: what happened to the message while one was away is in the quote on return, after a replay and after a gap.
#[test]
fn a_quote_is_true_after_an_absence() {
    for absence in [1, limits::REPLAY_EVENTS as u128 + 200] {
        let mut server = long_lobby();
        let mut bench = reading(&mut server);
        act(
            &mut server,
            Some(&mut bench),
            90,
            answer(2, "about the first"),
        );
        bench.close(1006);
        let delete = Action::Delete { target: Seq(2) };
        act(&mut server, None, 91, delete);
        for n in 0..absence {
            act(
                &mut server,
                None,
                100 + n,
                Action::message(body("meanwhile")),
            );
        }
        bench.wake();
        connect(&mut bench, &mut server);
        assert_eq!(quoted(&bench, 2), None, "after {absence}");
    }
}

/// Q2: the message is let go of, its answer is not.
#[test]
fn a_message_that_is_held_no_more_is_still_quoted() {
    let mut server = Server::with_lobby();
    let mut timeline = Timeline::new(LOBBY, Seq(0));
    let most = HELD_EVENTS as u64 + 1;
    for n in 1..=most {
        let action = match n {
            2_000 => answer(3, "held"),
            _ => Action::message(body(&format!("message {n}"))),
        };
        server
            .act(&ada(), ClientId(n.into()), None, action)
            .unwrap();
    }
    for event in &server.logs[&LOBBY] {
        timeline.apply(event.clone(), event.seq);
    }
    assert!(timeline.floor() > Seq(3));
    let quote = timeline.quote(Seq(3)).unwrap();
    assert_eq!(quote.text.as_deref(), Some("message 2"));
    assert_eq!(timeline.quote(Seq(4)), None, "nobody answers that");
}

#[test]
fn a_quote_is_the_first_line_that_says_something() {
    let long = "漢".repeat(limits::QUOTE_CHARS + 1);
    for (text, beginning) in [
        ("one line", "one line"),
        ("\n \n\t two \nthree", "two"),
        ("\u{200b}  \n\u{200b} x", "x"),
        (long.as_str(), &long[..long.len() - "漢".len()]),
    ] {
        let beginning = Body::parse(beginning).unwrap();
        assert_eq!(body(text).beginning(), beginning, "{text:?}");
    }
}

/// Q5: pins show in their message, the event has a row, and taking one off has none.
#[test]
fn a_pin_stands_until_it_is_taken_off_or_the_message_deleted() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    let target = Seq(2);
    let pin = |on| Action::Pin { target, on };
    let pinned = |bench: &Bench| {
        let timeline = bench.session.timeline(LOBBY).unwrap();
        let mut events = timeline.events();
        let event = events.find(|event| event.seq == target).unwrap();
        event.content.as_message().unwrap().pinned
    };
    act(
        &mut server,
        Some(&mut bench),
        9,
        Action::message(body("mine")),
    );
    act(&mut server, Some(&mut bench), 1, pin(true));
    assert_eq!(pinned(&bench), Some(Seq(3)));
    act(&mut server, Some(&mut bench), 2, pin(false));
    assert_eq!(pinned(&bench), None);
    let rows = bench.session.rows(LOBBY);
    let events = rows.iter().filter(|row| matches!(row, Row::Event(_)));
    assert_eq!(events.count(), 3, "two messages, and that one was pinned");
    act(&mut server, Some(&mut bench), 3, pin(true));
    act(
        &mut server,
        Some(&mut bench),
        4,
        Action::edit(target, body("x")),
    );
    assert_eq!(pinned(&bench), Some(Seq(5)), "an edit leaves it");
    // No more than a reaction does it make a room unread.
    assert_eq!(bench.session.rooms().next().unwrap().unread, 0);
    act(&mut server, Some(&mut bench), 5, Action::Delete { target });
    assert_eq!(pinned(&bench), None);
}

fn asked(bench: &mut Bench) -> Vec<RequestId> {
    let sent = bench.sent().into_iter();
    sent.filter_map(|message| match message {
        ClientMessage::Pins { request, .. } | ClientMessage::HistoryOf { request, .. } => {
            Some(request)
        }
        _ => None,
    })
    .collect()
}

/// Q6: the list is asked for when it is opened, after each return, and when something is added; what goes, goes at once.
#[test]
fn the_list_of_pins_stays_true_while_it_is_looked_at() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    bench.input(Input::ShowPins(Some(LOBBY)));
    let request = asked(&mut bench)[0];
    let pin = Pin {
        seq: Seq(1),
        by: person(2, "Bob"),
        at: server.logs[&LOBBY][0].at,
        message: Quote::of(&server.logs[&LOBBY][0]).unwrap(),
    };
    let pins = |bench: &Bench| bench.session.pins().unwrap().pins.clone();
    assert_eq!(pins(&bench), None);
    bench.receive(&ServerMessage::Pins {
        request,
        room: LOBBY,
        head: Seq(1),
        pins: vec![pin.clone()],
    });
    assert_eq!(pins(&bench), Some(vec![pin]));
    let host = person(9, "Host");
    let mut host_does = |bench: &mut Bench, n, action| {
        let (_, event) = server.act(&host, ClientId(n), None, action).unwrap();
        bench.receive(&server.live(event.unwrap()));
    };
    host_does(&mut bench, 1, Action::edit(Seq(1), body("new")));
    assert_eq!(pins(&bench).unwrap()[0].message.text, Some(body("new")));
    assert_eq!(asked(&mut bench), []);
    host_does(
        &mut bench,
        2,
        Action::Pin {
            target: Seq(1),
            on: true,
        },
    );
    assert_eq!(asked(&mut bench).len(), 1);
    host_does(&mut bench, 3, Action::Delete { target: Seq(1) });
    assert_eq!(pins(&bench), Some(Vec::new()));
    bench.input(Input::ShowPins(None));
    assert_eq!(bench.session.pins(), None);
}

/// Q7, S11: a deletion destroys what is looked at as well.
#[test]
fn what_a_message_said_before_goes_with_the_message() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    act(
        &mut server,
        Some(&mut bench),
        1,
        Action::message(body("one")),
    );
    bench.input(Input::ShowHistory(Some((LOBBY, Seq(2)))));
    let request = asked(&mut bench)[0];
    let version = Version {
        seq: Seq(2),
        at: server.logs[&LOBBY][1].at,
        body: body("one"),
    };
    bench.receive(&ServerMessage::History {
        request,
        room: LOBBY,
        target: Seq(2),
        versions: vec![version],
        more: false,
    });
    let versions = |bench: &Bench| {
        let HistoryView { versions, .. } = bench.session.history().unwrap();
        versions.as_ref().map(Vec::len)
    };
    assert_eq!(versions(&bench), Some(1));
    act(
        &mut server,
        Some(&mut bench),
        2,
        Action::edit(Seq(2), body("two")),
    );
    assert_eq!(asked(&mut bench).len(), 1, "there is one more now");
    let delete = Action::Delete { target: Seq(2) };
    act(&mut server, Some(&mut bench), 3, delete);
    assert_eq!(versions(&bench), Some(0));
}
