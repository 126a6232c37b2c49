//! The connection's rules C1 to C9, C12 and C13, each by name.

use crate::bench::{Bench, EPOCH, LOBBY, cursors, welcome};
use shared::ids::{Seq, Timestamp};
use shared::limits;
use shared::protocol::{ClientMessage, ServerMessage};
use shared::session::connection::{Ender, State, StopReason};
use shared::session::io::{Input, Output};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// C1
#[test]
fn an_open_socket_is_not_live_until_welcome_and_resumed() {
    let mut bench = Bench::connecting(1);
    bench.open();
    assert!(matches!(bench.state(), State::Joining { .. }));
    bench.receive(&welcome(1));
    assert!(matches!(bench.state(), State::Joining { .. }));
    bench.receive(&ServerMessage::Resumed);
    assert!(matches!(bench.state(), State::Live { .. }));
}

/// C1
#[test]
fn the_backoff_starts_anew_only_after_ten_stable_seconds() {
    let mut bench = Bench::connecting(1);
    for _ in 0..4 {
        bench.close(1006);
        bench.wake();
    }
    bench.join(1);
    bench.pass(limits::STABLE_MS - 1);
    bench.close(1006);
    assert_eq!(bench.session.connection().attempt, 5);

    bench.wake();
    bench.join(1);
    bench.pass(limits::STABLE_MS);
    bench.close(1006);
    assert_eq!(bench.session.connection().attempt, 0);
}

/// C2
#[test]
fn events_of_an_older_socket_change_nothing() {
    let mut bench = Bench::connecting(1);
    let old = bench.generation();
    bench.close(1006);
    bench.wake();
    let before = bench.state();
    bench.take();
    bench.input(Input::Opened { generation: old });
    bench.input(Input::Received {
        generation: old,
        text: "{\"type\":\"resumed\"}".into(),
    });
    let (code, reason) = (shared::close::CloseCode(4406), String::new());
    bench.input(Input::Closed {
        generation: old,
        code,
        reason,
        clean: true,
    });
    assert_eq!(bench.state(), before);
    assert_eq!(bench.take(), []);
    assert_eq!(bench.session.connection().traffic.frames_in, 0);
}

/// C3
#[test]
fn a_new_socket_is_asked_for_only_when_the_last_one_is_closed_or_given_up() {
    let mut bench = Bench::connecting(3);
    bench.input(Input::ConnectNow);
    bench.input(Input::Wake);
    bench.input(Input::Online(true));
    bench.wake();
    bench.wake();
    let mut open = 0;
    for output in bench.take() {
        match output {
            Output::Connect { .. } => open += 1,
            Output::Disconnect { .. } => open -= 1,
            _ => {}
        }
        assert!((0..=1).contains(&open), "{open} sockets at once");
    }
}

/// C4
#[test]
fn every_waiting_state_ends_by_its_deadline() {
    let mut bench = Bench::connecting(1);
    assert_eq!(
        bench.session.wake_at(),
        Some(bench.now.ticks + limits::CONNECT_MS)
    );
    bench.wake();
    assert!(
        matches!(bench.state(), State::Backoff { .. }),
        "connecting ends"
    );
    assert_eq!(
        bench.session.connection().last_close.as_ref().unwrap().by,
        Ender::Watchdog
    );
    bench.wake();
    bench.open();
    assert_eq!(
        bench.session.wake_at(),
        Some(bench.now.ticks + limits::JOIN_MS)
    );
    bench.wake();
    assert!(
        matches!(bench.state(), State::Backoff { .. }),
        "joining ends"
    );
    bench.wake();
    bench.join(1);
    assert!(bench.session.wake_at().is_some(), "live has its watchdog");
}

/// C5
#[test]
fn silence_leads_to_a_probe_and_only_an_unanswered_probe_ends_the_connection() {
    let mut bench = Bench::live(1);
    let start = bench.now.ticks;
    bench.wake();
    assert_eq!(bench.now.ticks - start, limits::CLIENT_PROBE_MS);
    assert!(bench.session.connection().probing);
    bench.answer_pings();
    assert!(!bench.session.connection().probing);

    bench.wake();
    assert!(matches!(bench.state(), State::Live { .. }));
    bench.wake();
    assert!(matches!(bench.state(), State::Backoff { .. }));
    let dead_for = bench.now.ticks - start - limits::CLIENT_PROBE_MS;
    assert!(dead_for <= 35_000, "noticed after {dead_for} ms");
}

/// C5
#[test]
fn any_message_after_the_probe_shows_that_the_link_lives() {
    let mut bench = Bench::live(1);
    bench.wake();
    bench.pass(limits::CLIENT_PROBE_ANSWER_MS - 1);
    bench.receive(&ServerMessage::Behind {
        heads: Default::default(),
    });
    bench.pass(2);
    bench.input(Input::Timer);
    assert!(matches!(bench.state(), State::Live { .. }));
}

/// C6
#[test]
fn offline_probes_and_does_not_close() {
    let mut bench = Bench::live(1);
    bench.input(Input::Online(false));
    assert!(matches!(bench.state(), State::Live { .. }));
    assert!(
        bench
            .sent()
            .iter()
            .any(|message| matches!(message, ClientMessage::Ping { .. }))
    );
    bench.wake();
    assert!(
        matches!(bench.state(), State::Backoff { .. }),
        "nobody answered"
    );
}

/// C7
#[test]
fn a_wake_up_finds_a_dead_link_within_three_seconds() {
    for wake in [Input::Wake, Input::Online(true)] {
        let mut bench = Bench::live(1);
        let start = bench.now.ticks;
        bench.input(wake);
        bench.wake();
        assert!(matches!(bench.state(), State::Backoff { .. }));
        assert!(bench.now.ticks - start <= 3_000);
    }
}

/// C7
#[test]
fn repeated_wake_ups_do_not_postpone_the_verdict() {
    let mut bench = Bench::live(1);
    bench.input(Input::Wake);
    let verdict = bench.session.wake_at();
    bench.pass(1_000);
    bench.input(Input::Wake);
    assert_eq!(bench.session.wake_at(), verdict);
}

/// C7
#[test]
fn a_buffered_message_does_not_answer_the_probe_of_a_wake_up() {
    let mut bench = Bench::live(1);
    bench.input(Input::Wake);
    bench.receive(&ServerMessage::Behind {
        heads: Default::default(),
    });
    bench.wake();
    assert!(matches!(bench.state(), State::Backoff { .. }));
}

/// C7
#[test]
fn a_wake_up_ends_a_wait_at_once() {
    for wake in [Input::Wake, Input::Online(true), Input::ConnectNow] {
        let mut bench = Bench::connecting(5);
        bench.close(1006);
        bench.input(wake);
        assert!(matches!(bench.state(), State::Connecting { .. }));
    }
}

/// C7
#[test]
fn a_timer_that_fires_late_is_a_wake_up_and_is_forgiven_once() {
    let mut bench = Bench::live(1);
    bench.pass(limits::CLIENT_PROBE_MS + limits::SLEPT_MS + 1);
    bench.input(Input::Timer);
    assert_eq!(
        bench.session.wake_at(),
        Some(bench.now.ticks + limits::CLIENT_WAKE_ANSWER_MS)
    );
    bench.pass(60_000);
    bench.input(Input::Timer);
    assert!(
        matches!(bench.state(), State::Connecting { .. }),
        "a throttled tab ends here too"
    );
}

/// C7
#[test]
fn a_sleep_that_stopped_the_steady_clock_is_seen_on_the_wall_clock() {
    let mut bench = Bench::live(1);
    bench.now.clock.0 += 3_600_000;
    bench.receive(&ServerMessage::Behind {
        heads: Default::default(),
    });
    assert!(bench.session.connection().probing);
}

/// C7
#[test]
fn a_wall_clock_that_jumps_back_changes_nothing() {
    let mut bench = Bench::live(1);
    let due = bench.session.wake_at();
    bench.now.clock = Timestamp(bench.now.clock.0 - 3_600_000);
    bench.input(Input::Timer);
    assert_eq!(bench.session.wake_at(), due);
    assert!(matches!(bench.state(), State::Live { .. }));
}

/// C8, K2
#[test]
fn the_close_code_alone_decides() {
    for code in [
        1000, 1001, 1005, 1006, 1007, 1009, 1012, 1013, 4408, 4410, 4429, 4999,
    ] {
        let mut bench = Bench::live(1);
        bench.close(code);
        assert!(
            matches!(bench.state(), State::Backoff { .. }),
            "{code} is a retry"
        );
    }
    for (code, reason) in [(4401, StopReason::SignIn), (4406, StopReason::Version)] {
        let mut bench = Bench::live(1);
        bench.close(code);
        assert_eq!(bench.state(), State::Stopped { reason });
        assert_eq!(bench.session.wake_at(), None);
    }
}

/// C8
#[test]
fn signing_out_closes_with_1000_and_does_not_come_back() {
    let mut bench = Bench::live(1);
    bench.input(Input::SignedOut);
    let code = shared::close::CloseCode::NORMAL;
    assert!(
        bench
            .take()
            .iter()
            .any(|output| matches!(output, Output::Disconnect { code: with, .. } if *with == code))
    );
    assert_eq!(bench.state(), State::Idle);
    assert_eq!(bench.session.wake_at(), None);
}

/// C9
#[test]
fn a_rejoin_states_the_epoch_and_the_cursors_of_the_rooms_that_are_held() {
    let mut bench = Bench::connecting(1);
    bench.open();
    let first = bench.sent();
    assert!(matches!(&first[0], ClientMessage::Hello(hello) if hello.epoch.is_none()));
    assert!(cursors(&first).is_empty());
    bench.receive(&welcome(41));
    bench.receive(&ServerMessage::Resumed);
    bench.input(Input::Open { room: LOBBY });
    bench.close(1006);
    bench.wake();
    bench.open();
    let second = bench.sent();
    assert!(second.iter().any(
        |message| matches!(message, ClientMessage::Hello(hello) if hello.epoch == Some(EPOCH))
    ));
    assert_eq!(
        cursors(&second).get(&LOBBY).map(|cursor| cursor.seq),
        Some(Seq(41))
    );
}

/// C12
#[test]
fn the_first_attempt_is_told_from_a_later_one_and_the_next_try_has_a_time() {
    let mut bench = Bench::connecting(2);
    assert!(!bench.session.connection().been_live);
    bench.join(1);
    bench.close(1006);
    let connection = bench.session.connection();
    assert!(connection.been_live);
    assert_eq!(connection.next_try_at(), bench.session.wake_at());
    bench.input(Input::ConnectNow);
    assert!(matches!(bench.state(), State::Connecting { .. }));
}

/// C13
#[test]
fn the_wait_is_random_below_a_bound_that_doubles_to_twenty_seconds() {
    let mut longest = [0; 9];
    let mut shortest = [u64::MAX; 9];
    for seed in 0..400 {
        let mut bench = Bench::connecting(seed);
        for attempt in 0..9 {
            bench.close(1006);
            let wait = bench.backoff_ms();
            longest[attempt] = longest[attempt].max(wait);
            shortest[attempt] = shortest[attempt].min(wait);
            bench.wake();
        }
    }
    for (attempt, bound) in [
        500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000, 20_000,
    ]
    .into_iter()
    .enumerate()
    {
        assert!(
            longest[attempt] <= bound,
            "attempt {attempt}: {} ms",
            longest[attempt]
        );
        assert!(
            longest[attempt] > bound * 9 / 10,
            "attempt {attempt} uses its whole range"
        );
        assert!(
            shortest[attempt] < bound / 10,
            "attempt {attempt} uses its whole range"
        );
    }
}

/// C13, K3
#[test]
fn after_a_planned_restart_the_return_is_spread_as_the_server_says() {
    let mut waits: Vec<u64> = (0..200)
        .map(|seed| {
            let mut bench = Bench::connecting(seed);
            bench.join(1);
            bench.receive(&ServerMessage::Restarting { spread_ms: 10_000 });
            bench.close(1012);
            bench.backoff_ms()
        })
        .collect();
    waits.sort_unstable();
    assert!(
        waits[0] < 500 && waits[199] > 9_500 && waits[199] <= 10_000,
        "{waits:?}"
    );
    assert!(
        (3_500..6_500).contains(&waits[100]),
        "the middle is in the middle: {}",
        waits[100]
    );
}

#[test]
fn the_record_explains_the_connection() {
    let mut bench = Bench::connecting(1);
    bench.open();
    bench.receive(&welcome(1));
    bench.receive(&ServerMessage::Resumed);
    let ping = bench.sent().into_iter().find_map(|message| match message {
        ClientMessage::Ping { n } => Some(n),
        _ => None,
    });
    bench.pass(40);
    let server_clock = Timestamp(bench.now.clock.0 + 5_000);
    bench.receive(&ServerMessage::Pong {
        n: ping.unwrap(),
        now: server_clock,
    });
    let connection = bench.session.connection();
    assert_eq!(connection.round_trips.last(), Some(40));
    assert_eq!(connection.round_trips.percentile(95), Some(40));
    assert_eq!(connection.clock_offset, Some(5_020));
    assert_eq!(connection.traffic.frames_in, 3);
    assert_eq!(connection.traffic.frames_out, 2);
    assert!(connection.traffic.bytes_in > 100 && connection.traffic.bytes_out > 50);
    assert_eq!(connection.attempt, 1);
    bench.close(4410);
    let close = bench.session.connection().last_close.clone().unwrap();
    assert_eq!(
        (close.code.0, close.clean, close.by),
        (4410, true, Ender::Remote)
    );
    assert_eq!(bench.session.connection().since, bench.now);
}
