//! Looking for messages: one question at a time, asked again on a new connection, and what is found stands as the log says.

use shared::ids::{ClientId, Link, RequestId, Seq, Timestamp};
use shared::problem::Problem;
use shared::protocol::{ClientMessage, Content, Event, Hit, Mark, Message, ServerMessage};
use shared::session::io::{Input, Output};
use shared::session::search::{HITS_HELD, SearchView};
use shared::text::SearchText;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::bench::{Bench, LOBBY, body, person};

fn look_for(bench: &mut Bench, text: &str) {
    let text = SearchText::parse(text).unwrap();
    bench.input(Input::Search { text, offset: 480 });
}

/// The searches that were sent: request, text, where to go on.
fn asked(bench: &mut Bench) -> Vec<(RequestId, String, Option<u64>)> {
    let search = |message| match message {
        ClientMessage::Search {
            request,
            text,
            offset: 480,
            older,
        } => Some((request, text.to_string(), older)),
        _ => None,
    };
    bench.sent().into_iter().filter_map(search).collect()
}

fn event(seq: u64, content: Content) -> Event {
    Event {
        seq: Seq(seq),
        at: Timestamp(seq),
        author: person(2, "Bob"),
        client_id: ClientId(seq.into()),
        link: Link(0),
        content,
    }
}

fn hit(seq: u64, text: &str) -> Hit {
    Hit {
        room: LOBBY,
        event: event(seq, Content::message(body(text))),
        marks: vec![Mark { from: 0, to: 1 }],
    }
}

fn found(request: RequestId, hits: Vec<Hit>, older: Option<u64>) -> ServerMessage {
    ServerMessage::Found {
        request,
        hits,
        older,
    }
}

fn view(bench: &Bench) -> &SearchView {
    bench.session.search().unwrap()
}

fn seqs(bench: &Bench) -> Vec<u64> {
    view(bench).hits.iter().map(|hit| hit.event.seq.0).collect()
}

/// F6
#[test]
fn further_hits_follow_those_that_are_there() {
    let mut bench = Bench::live(9);
    look_for(&mut bench, "tea");
    let first = asked(&mut bench);
    assert_eq!(first.len(), 1);
    assert!(view(&bench).waits);
    bench.receive(&found(
        first[0].0,
        vec![hit(9, "tea"), hit(8, "tea")],
        Some(77),
    ));
    assert!(!view(&bench).waits);
    bench.input(Input::SearchOlder);
    bench.input(Input::SearchOlder);
    let next = asked(&mut bench);
    assert_eq!(next.len(), 1, "once");
    assert_eq!(next[0].2, Some(77));
    bench.receive(&found(next[0].0, vec![hit(3, "tea")], None));
    assert_eq!(seqs(&bench), [9, 8, 3]);
    bench.input(Input::SearchOlder);
    assert_eq!(asked(&mut bench), [], "that was all");
}

#[test]
fn only_the_last_question_is_answered() {
    let mut bench = Bench::live(9);
    look_for(&mut bench, "te");
    look_for(&mut bench, "tea");
    let both = asked(&mut bench);
    assert_eq!(both.len(), 2);
    bench.receive(&found(both[1].0, vec![hit(1, "tea")], None));
    bench.receive(&found(both[0].0, vec![hit(2, "tent")], None));
    assert_eq!(seqs(&bench), [1]);
    bench.input(Input::SearchClosed);
    assert_eq!(bench.session.search(), None);
}

#[test]
fn a_question_waits_for_a_connection_and_is_asked_again_on_the_next() {
    let mut bench = Bench::connecting(1);
    look_for(&mut bench, "tea");
    assert_eq!(asked(&mut bench), []);
    bench.open();
    bench.receive(&crate::bench::welcome(9));
    bench.receive(&ServerMessage::Resumed);
    assert_eq!(asked(&mut bench).len(), 1);
    bench.close(1006);
    bench.wake();
    bench.open();
    bench.receive(&crate::bench::welcome(9));
    bench.receive(&ServerMessage::Resumed);
    let again = asked(&mut bench);
    assert_eq!(again.len(), 1);
    bench.receive(&found(again[0].0, vec![hit(1, "tea")], None));
    assert_eq!(seqs(&bench), [1]);
}

/// F5, S11: a deletion takes the text away here, too.
#[test]
fn what_was_found_changes_with_the_log() {
    let mut bench = Bench::live(9);
    look_for(&mut bench, "tea");
    let request = asked(&mut bench)[0].0;
    bench.receive(&found(request, vec![hit(5, "tea"), hit(4, "tea")], None));
    let live = |seq, content| ServerMessage::Event {
        room: LOBBY,
        event: event(seq, content),
        quote: None,
    };
    let before = bench.session.revisions().search;
    bench.receive(&live(10, Content::Deleted { target: Seq(4) }));
    assert_eq!(seqs(&bench), [5]);
    let body = Some(body("coffee"));
    bench.receive(&live(
        11,
        Content::Edited {
            target: Seq(5),
            body: body.clone(),
            mentions: Vec::new(),
        },
    ));
    assert!(
        matches!(&view(&bench).hits[0].event.content, Content::Message(Message { body: now, .. }) if *now == body)
    );
    assert_eq!(view(&bench).hits[0].marks, []);
    assert!(bench.session.revisions().search > before);
}

#[test]
fn a_refusal_is_shown_and_a_wait_is_kept() {
    let mut bench = Bench::live(9);
    look_for(&mut bench, "tea");
    let refused = |request, problem| ServerMessage::Refused {
        request: Some(request),
        client_id: None,
        problem,
    };
    let request = asked(&mut bench)[0].0;
    bench.receive(&refused(
        request,
        Problem::Overloaded {
            retry_after_ms: 200,
        },
    ));
    assert!(view(&bench).waits);
    bench.wake();
    let request = asked(&mut bench)[0].0;
    bench.receive(&refused(request, Problem::NoSuchRoom));
    assert!(!view(&bench).waits);
    assert_eq!(view(&bench).problem, Some(Problem::NoSuchRoom));
    let told = bench.take();
    assert!(
        told.iter()
            .any(|output| matches!(output, Output::Refused { .. }))
    );
}

#[test]
fn no_more_is_held_than_a_reader_reads() {
    let mut bench = Bench::live(9);
    look_for(&mut bench, "tea");
    let mut asking = asked(&mut bench);
    let mut round = 0;
    while let Some((request, ..)) = asking.pop() {
        round += 1;
        let hits = (0..25).map(|n| hit(round * 100 + n, "tea")).collect();
        bench.receive(&found(request, hits, Some(10_000 - round)));
        bench.input(Input::SearchOlder);
        asking = asked(&mut bench);
    }
    assert_eq!(view(&bench).hits.len(), HITS_HELD);
}

#[test]
fn signing_out_forgets_what_was_found() {
    let mut bench = Bench::live(9);
    look_for(&mut bench, "tea");
    bench.input(Input::SignedOut);
    assert_eq!(bench.session.search(), None);
}
