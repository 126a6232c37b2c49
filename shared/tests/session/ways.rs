//! Which way is taken: rules C14 and C15.

use crate::bench::{Bench, ada, draft, welcome};
use shared::close::CloseCode;
use shared::limits;
use shared::protocol::ServerMessage;
use shared::session::connection::{Ender, Generation, State, Why};
use shared::session::io::{Input, Output};
use shared::transport::Transport;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A session of somebody who leaves the way to it, written down.
fn free() -> Bench {
    free_with(1)
}

fn free_with(seed: u64) -> Bench {
    let mut bench = Bench::new(seed);
    bench.session.record();
    want(&mut bench, None);
    bench.input(Input::SignedIn {
        me: ada(),
        restored: Vec::new(),
    });
    bench
}

fn want(bench: &mut Bench, chosen: Option<Transport>) {
    let blocked = false;
    bench.input(Input::Transport { chosen, blocked });
}

/// The ways on which sockets were asked for since the last look.
fn asked(bench: &mut Bench) -> Vec<(Generation, Transport)> {
    let outputs = bench.take().into_iter();
    let asked = outputs.filter_map(|output| match output {
        Output::Connect {
            generation,
            transport,
        } => Some((generation, transport)),
        _ => None,
    });
    asked.collect()
}

fn way(bench: &mut Bench) -> Transport {
    asked(bench).last().expect("a socket was asked for").1
}

fn shown(bench: &Bench) -> (Transport, Why) {
    let connection = bench.session.connection();
    (connection.transport, connection.why)
}

/// An attempt fails without having opened, and the wait after it ends.
fn refuse(bench: &mut Bench) {
    bench.close(CloseCode::ABNORMAL.0);
    bench.wake();
}

/// On Server-Sent Events, because WebSockets do not open.
fn blocked() -> Bench {
    let mut bench = free();
    refuse(&mut bench);
    refuse(&mut bench);
    bench.join(1);
    bench.take();
    bench
}

/// Lets time pass until a better way is tried.
fn until_tried(bench: &mut Bench) -> (Generation, Transport, u64) {
    let since = bench.now.ticks;
    loop {
        bench.wake();
        let tried = asked_and_answered(bench);
        if let Some((generation, way)) = tried {
            return (generation, way, bench.now.ticks - since);
        }
    }
}

fn asked_and_answered(bench: &mut Bench) -> Option<(Generation, Transport)> {
    let outputs = bench.take();
    let tried = outputs.iter().find_map(|output| match output {
        Output::Connect {
            generation,
            transport,
        } => Some((*generation, *transport)),
        _ => None,
    });
    bench.outputs = outputs;
    bench.answer_pings();
    tried
}

fn end(bench: &mut Bench, generation: Generation) {
    bench.input(Input::Closed {
        generation,
        code: CloseCode::ABNORMAL,
        reason: String::new(),
        clean: false,
    });
}

/// C14
#[test]
fn after_two_websockets_that_do_not_open_events_are_taken_within_five_seconds() {
    let mut bench = free();
    let begun = bench.now.ticks;
    assert_eq!(way(&mut bench), Transport::WebSocket);
    refuse(&mut bench);
    assert_eq!(way(&mut bench), Transport::WebSocket, "one may be chance");
    refuse(&mut bench);
    assert_eq!(way(&mut bench), Transport::Events);
    assert_eq!(shown(&bench), (Transport::Events, Why::Blocked));
    assert!(bench.now.ticks - begun <= 1_500, "two waits at most");
    bench.join(1);
    assert!(matches!(bench.state(), State::Live { .. }));
}

/// C14
#[test]
fn a_websocket_that_opened_is_not_blamed_for_a_server_that_goes() {
    let mut bench = free();
    for _ in 0..6 {
        bench.open();
        refuse(&mut bench);
        assert_eq!(way(&mut bench), Transport::WebSocket);
    }
}

/// C14
#[test]
fn when_plain_requests_fail_too_the_server_is_away_and_websockets_are_tried_again() {
    let mut bench = free();
    let mut ways = Vec::new();
    for _ in 0..6 {
        ways.push(way(&mut bench));
        refuse(&mut bench);
    }
    use Transport::{Events, WebSocket};
    let round = [WebSocket, WebSocket, Events];
    assert_eq!(ways, [round, round].concat());
}

/// C14
#[test]
fn without_a_network_no_way_is_blamed() {
    let mut bench = free();
    bench.input(Input::Online(false));
    for _ in 0..4 {
        refuse(&mut bench);
        assert_eq!(way(&mut bench), Transport::WebSocket);
    }
}

/// C14
#[test]
fn what_is_held_back_on_the_way_leads_to_the_next_lower_one() {
    let mut bench = free();
    refuse(&mut bench);
    refuse(&mut bench);
    assert_eq!(way(&mut bench), Transport::Events);
    for (lower, after) in [
        (Transport::LongPoll, limits::EVENTS_OPEN_MS),
        (Transport::Poll, limits::POLLS_OPEN_MS),
    ] {
        let before = bench.now.ticks;
        bench.wake();
        bench.wake();
        assert_eq!(bench.now.ticks - before, after, "and no pause");
        assert_eq!(way(&mut bench), lower);
        assert_eq!(shown(&bench), (lower, Why::Silent));
    }
    bench.wake();
    bench.wake();
    assert_eq!(way(&mut bench), Transport::WebSocket, "from the beginning");
}

/// C14
#[test]
fn where_upgrades_are_refused_and_events_held_back_messages_travel_within_five_seconds() {
    for seed in 0..200 {
        let mut bench = free_with(seed);
        let begun = bench.now.ticks;
        refuse(&mut bench);
        refuse(&mut bench);
        while shown(&bench).0 != Transport::LongPoll || !is_connecting(&bench) {
            bench.wake();
        }
        let after = bench.now.ticks - begun;
        assert!(after <= 3_500, "seed {seed}: {after} ms");
        bench.join(1);
        assert!(matches!(bench.state(), State::Live { .. }));
    }
}

fn is_connecting(bench: &Bench) -> bool {
    matches!(bench.state(), State::Connecting { .. })
}

/// C14: on a slow line, whoever chose a way waits for it.
#[test]
fn a_way_that_was_chosen_has_as_long_to_open_as_a_websocket() {
    for chosen in Transport::ALL {
        let mut bench = free();
        want(&mut bench, Some(chosen));
        let before = bench.now.ticks;
        let deadline = deadline(&bench).expect("it has one");
        assert_eq!(deadline - before, limits::CONNECT_MS);
    }
}

/// C14
#[test]
fn what_was_chosen_is_kept_whatever_happens() {
    let mut bench = free();
    for chosen in Transport::ALL {
        want(&mut bench, Some(chosen));
        assert_eq!(shown(&bench), (chosen, Why::Chosen));
        for _ in 0..5 {
            refuse(&mut bench);
            assert_eq!(way(&mut bench), chosen);
        }
        assert_eq!(bench.session.wake_at(), deadline(&bench), "nothing else");
    }
}

fn deadline(bench: &Bench) -> Option<shared::session::time::Ticks> {
    match bench.state() {
        State::Connecting { deadline, .. } => Some(deadline),
        state => panic!("{state:?}"),
    }
}

/// C14
#[test]
fn a_choice_moves_a_live_connection_at_once() {
    let mut bench = free();
    bench.join(1);
    let old = bench.generation();
    bench.take();
    want(&mut bench, Some(Transport::LongPoll));
    let outputs = bench.take();
    let leave = Output::Disconnect {
        generation: old,
        code: CloseCode::NORMAL,
    };
    let enter = Output::Connect {
        generation: bench.generation(),
        transport: Transport::LongPoll,
    };
    assert_eq!(outputs, [leave, enter]);
    want(&mut bench, Some(Transport::LongPoll));
    assert_eq!(bench.take(), [], "said twice");
}

/// C14
#[test]
fn a_block_that_is_known_saves_the_two_tries() {
    let mut bench = Bench::new(1);
    bench.input(Input::Transport {
        chosen: None,
        blocked: true,
    });
    bench.input(Input::SignedIn {
        me: ada(),
        restored: Vec::new(),
    });
    assert_eq!(way(&mut bench), Transport::Events);
}

/// C14: whoever does not say otherwise speaks WebSocket only.
#[test]
fn a_shell_that_can_do_one_way_is_asked_for_no_other() {
    let mut bench = Bench::connecting(1);
    for _ in 0..9 {
        assert_eq!(way(&mut bench), Transport::WebSocket);
        refuse(&mut bench);
    }
}

/// C15
#[test]
fn a_better_way_is_tried_soon_and_then_at_growing_intervals() {
    let mut bench = blocked();
    let mut pauses = Vec::new();
    for _ in 0..8 {
        let (generation, way, after) = until_tried(&mut bench);
        assert_eq!(way, Transport::WebSocket);
        pauses.push(after / 1_000);
        end(&mut bench, generation);
        assert!(matches!(bench.state(), State::Live { .. }), "undisturbed");
        assert_eq!(shown(&bench), (Transport::Events, Why::Blocked));
    }
    assert_eq!(pauses, [1, 30, 60, 120, 240, 480, 600, 600]);
}

/// C15
#[test]
fn a_try_that_does_not_open_in_time_is_given_up() {
    let mut bench = blocked();
    let (generation, ..) = until_tried(&mut bench);
    let since = bench.now.ticks;
    bench.wake();
    assert_eq!(bench.now.ticks - since, limits::CONNECT_MS);
    let code = CloseCode::NORMAL;
    let given_up = Output::Disconnect { generation, code };
    assert!(bench.take().contains(&given_up));
    assert!(matches!(bench.state(), State::Live { .. }));
    bench.input(Input::Opened { generation });
    assert_ne!(bench.generation(), generation, "too late");
}

/// C15, C3
#[test]
fn a_better_way_that_opens_takes_over_and_what_was_on_its_way_is_sent_again() {
    let mut bench = blocked();
    bench.send(draft(7, "on its way"));
    assert_eq!(bench.sends(), [7]);
    let old = bench.generation();
    let (new, ..) = until_tried(&mut bench);
    bench.take();
    bench.input(Input::Opened { generation: new });
    let leave = Output::Disconnect {
        generation: old,
        code: CloseCode::NORMAL,
    };
    let outputs = bench.take();
    assert_eq!(outputs[0], leave, "before anything is said on the new one");
    assert!(matches!(&outputs[1], Output::Transmit { generation, text }
        if *generation == new && text.contains("\"hello\"")));
    assert_eq!(bench.generation(), new);
    // What still comes on the old one is of no interest.
    bench.input(Input::Received {
        generation: old,
        text: "{}".to_owned(),
    });
    end(&mut bench, old);
    bench.receive(&welcome(1));
    bench.receive(&ServerMessage::Resumed);
    assert_eq!(bench.sends(), [7], "with the same client id");
    assert_eq!(shown(&bench), (Transport::WebSocket, Why::Best));
}

/// C15
#[test]
fn a_network_that_is_back_is_a_reason_to_try_at_once() {
    let mut bench = blocked();
    let (first, ..) = until_tried(&mut bench);
    end(&mut bench, first);
    bench.take();
    bench.input(Input::Online(true));
    bench.answer_pings();
    let (_, way, after) = until_tried(&mut bench);
    assert_eq!((way, after), (Transport::WebSocket, 0));
}

/// C15
#[test]
fn a_try_ends_with_the_connection_beside_which_it_was_made() {
    let mut bench = blocked();
    let (generation, ..) = until_tried(&mut bench);
    bench.close(CloseCode::ABNORMAL.0);
    let code = CloseCode::NORMAL;
    let given_up = Output::Disconnect { generation, code };
    assert!(bench.take().contains(&given_up));
}

/// C15: from far down, the best one is tried first, then those between.
#[test]
fn each_better_way_gets_its_turn() {
    let mut bench = free();
    refuse(&mut bench);
    refuse(&mut bench);
    for _ in 0..4 {
        bench.wake();
    }
    bench.join(1);
    assert_eq!(shown(&bench).0, Transport::Poll);
    let mut ways = Vec::new();
    for _ in 0..4 {
        let (generation, way, _) = until_tried(&mut bench);
        ways.push(way);
        end(&mut bench, generation);
    }
    use Transport::{Events, LongPoll, WebSocket};
    assert_eq!(ways, [WebSocket, Events, LongPoll, WebSocket]);
}

/// C15: a way that opens and then lets nothing through does not get a person out of their connection again and again.
#[test]
fn a_better_way_that_turns_out_badly_is_tried_more_and_more_seldom() {
    let mut bench = blocked();
    let mut pauses = Vec::new();
    for _ in 0..4 {
        let (generation, _, after) = until_tried(&mut bench);
        pauses.push(after / 1_000);
        bench.input(Input::Opened { generation });
        // Two deadlines of joining, and the waits after them.
        for _ in 0..2 {
            bench.wake();
            bench.wake();
            if shown(&bench).0 == Transport::WebSocket {
                bench.open();
            }
        }
        assert_eq!(shown(&bench), (Transport::Events, Why::Silent));
        bench.join(1);
        bench.take();
    }
    assert_eq!(pauses, [1, 30, 60, 120]);
}

/// C15: what is written down has the connections that were left, too.
#[test]
fn a_connection_that_was_left_for_a_better_one_is_written_down_as_ended() {
    let mut bench = blocked();
    let (generation, ..) = until_tried(&mut bench);
    bench.input(Input::Opened { generation });
    let recorder = bench.session.recorder().expect("it records");
    let written: Vec<_> = recorder
        .connections()
        .map(|one| (one.transport, one.end.is_some()))
        .collect();
    use Transport::{Events, WebSocket};
    assert_eq!(
        written,
        [
            (WebSocket, true),
            (WebSocket, true),
            (Events, true),
            (WebSocket, false)
        ]
    );
}

/// C15: however often a better way is tried, the connection in use is written down; and how each try ended.
#[test]
fn the_connection_in_use_stays_written_down_beside_many_tries() {
    let mut bench = blocked();
    for _ in 0..2 * limits::RECORDED_CONNECTIONS {
        let (generation, ..) = until_tried(&mut bench);
        end(&mut bench, generation);
    }
    let written = |bench: &Bench| {
        let recorder = bench.session.recorder().expect("it records");
        recorder.recording("bench/1", "ws://bench/ws").connections
    };
    let all = written(&bench);
    assert_eq!(all.len(), limits::RECORDED_CONNECTIONS);
    let (live, tries): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.end.is_none());
    assert_eq!(live.len(), 1);
    assert_eq!(live[0].transport, Transport::Events);
    assert!(!live[0].frames.is_empty(), "its messages too");
    for one in tries {
        let end = one.end.expect("it ended");
        assert_eq!(
            (end.code, end.clean, end.by, end.wait),
            (CloseCode::ABNORMAL, false, Ender::Remote, None)
        );
    }
    // The wait is that of the connection that broke, not of the try beside it.
    bench.close(1006);
    let all = written(&bench);
    let broke = all.iter().find(|one| one.transport == Transport::Events);
    assert!(
        broke
            .and_then(|one| one.end.as_ref())
            .is_some_and(|end| end.wait.is_some())
    );
    let waited = all
        .iter()
        .filter(|one| one.end.as_ref().is_some_and(|end| end.wait.is_some()));
    assert_eq!(waited.count(), 1);
}
