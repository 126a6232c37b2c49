//! From facts to findings.

use super::*;
use crate::protocol::Header;

fn header(name: &str, value: &str) -> Header {
    Header {
        name: name.to_owned(),
        value: Some(value.to_owned()),
        bytes: value.len(),
    }
}

/// A request through a proxy that does everything right.
fn seen() -> Seen {
    let headers = [
        ("host", "chat.example.org"),
        ("origin", "https://chat.example.org"),
        ("x-forwarded-for", "203.0.113.7"),
        ("connection", "keep-alive, Upgrade"),
        ("upgrade", "WebSocket"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    Seen {
        http: "1.1".to_owned(),
        headers: headers.map(|(name, value)| header(name, value)).to_vec(),
        admitted: true,
        local_port: Some(40_000),
        https: true,
        now: Timestamp(1_000_000),
        ping_ms: limits::SERVER_PING_MS,
        file_bytes: limits::FILE_BYTES,
    }
}

fn without(name: &str) -> Seen {
    let mut seen = seen();
    seen.headers.retain(|header| header.name != name);
    seen
}

fn echo(seen: Seen) -> Option<Echo> {
    Some(Echo {
        seen,
        sent: Timestamp(999_990),
        answered: Timestamp(1_000_010),
        port: None,
    })
}

fn open_for(ms: u64) -> Option<Socket> {
    Some(Socket::Opened {
        closed_after_ms: Some(ms),
        patience_ms: 75_000,
    })
}

fn refused(seen: Seen) -> Option<Socket> {
    Some(Socket::Refused {
        status: 426,
        seen: Some(seen),
    })
}

/// A way on which nothing is wrong.
fn good() -> Facts {
    Facts {
        host: "chat.example.org".to_owned(),
        https: true,
        echo: echo(seen()),
        socket: Some(Socket::Opened {
            closed_after_ms: None,
            patience_ms: 75_000,
        }),
        drip: Some(vec![3, 204, 405, 604, 806]),
        body: Some(Body::Taken {
            bytes: limits::FILE_BYTES,
        }),
        ..Facts::default()
    }
}

fn names(facts: &Facts) -> Vec<&'static str> {
    diagnose(facts).iter().map(Finding::name).collect()
}

#[test]
fn a_good_way_has_no_finding_and_neither_has_one_that_could_not_be_looked_at() {
    assert_eq!(names(&good()), [""; 0]);
    assert_eq!(names(&Facts::default()), [""; 0]);
}

#[test]
fn headers_of_the_upgrade_that_do_not_arrive_are_named() {
    for (lost, missing) in [
        ("upgrade", "upgrade"),
        ("connection", "connection"),
        ("sec-websocket-key", "sec-websocket-key"),
    ] {
        let facts = Facts {
            socket: refused(without(lost)),
            ..good()
        };
        let missing = vec![missing];
        assert_eq!(diagnose(&facts), [Finding::UpgradeHeaders { missing }]);
    }
    let mut closing = seen();
    closing.headers[3] = header("connection", "close");
    let facts = Facts {
        socket: refused(closing),
        ..good()
    };
    assert_eq!(names(&facts), ["upgrade-headers"]);
}

#[test]
fn an_upgrade_that_the_server_has_not_seen_is_refused_on_the_way() {
    for socket in [
        Socket::Refused {
            status: 403,
            seen: None,
        },
        Socket::Broken,
    ] {
        let facts = Facts {
            socket: Some(socket),
            ..good()
        };
        assert_eq!(names(&facts), ["upgrade-refused"]);
    }
}

#[test]
fn http_1_0_is_one_finding_however_many_probes_show_it() {
    let old = Seen {
        http: "1.0".to_owned(),
        ..seen()
    };
    let facts = Facts {
        echo: echo(old.clone()),
        socket: refused(old),
        ..good()
    };
    assert_eq!(names(&facts), ["http10-upstream"]);
}

/// K1: what is closed later than the next ping is kept open by it.
#[test]
fn only_a_silence_shorter_than_the_time_between_pings_is_a_fault() {
    let closed = |ms| Facts {
        socket: open_for(ms),
        ..good()
    };
    assert_eq!(names(&closed(2_000)), ["idle-timeout"]);
    assert_eq!(names(&closed(29_999)), ["idle-timeout"]);
    assert_eq!(names(&closed(60_000)), [""; 0]);
}

/// Y2
#[test]
fn pieces_that_come_at_once_were_kept_back() {
    let drip = |times: &[u64]| Facts {
        drip: Some(times.to_vec()),
        ..good()
    };
    assert_eq!(names(&drip(&[810, 810, 811, 811, 811])), ["buffered"]);
    assert_eq!(names(&drip(&[2, 811, 812])), ["buffered"], "a head first");
    assert_eq!(names(&drip(&[400, 401, 402, 604, 806])), [""; 0]);
    assert_eq!(names(&drip(&[])), [""; 0]);
}

/// H5
#[test]
fn a_host_that_was_changed_on_the_way_is_one_finding() {
    let mut foreign = seen();
    foreign.headers[0] = header("host", "127.0.0.1:8080");
    foreign.admitted = false;
    let facts = Facts {
        echo: echo(foreign.clone()),
        socket: refused(foreign),
        ..good()
    };
    let (host, seen) = ("chat.example.org".into(), "127.0.0.1:8080".into());
    assert_eq!(diagnose(&facts), [Finding::ForeignOrigin { host, seen }]);
}

/// A9
#[test]
fn a_proxy_on_the_servers_machine_has_to_say_for_whom_it_asks() {
    let silent = |https, port, local_port| {
        let seen = Seen {
            local_port,
            ..without("x-forwarded-for")
        };
        let echo = echo(seen).map(|echo| Echo { port, ..echo });
        Facts {
            https,
            echo,
            ..good()
        }
    };
    let found = |facts| names(&facts) == ["forwarded-for"];
    assert!(found(silent(true, None, Some(40_000))));
    assert!(found(silent(false, Some(50_000), Some(40_000))));
    assert!(!found(silent(false, Some(40_000), Some(40_000))), "direct");
    assert!(!found(silent(true, None, None)), "from another machine");
}

#[test]
fn the_rest_is_found_too() {
    let body = Some(Body::Refused {
        status: Some(413),
        bytes: limits::FILE_BYTES,
    });
    assert_eq!(names(&Facts { body, ..good() }), ["body-limit"]);
    let facts = Facts {
        dead_addresses: vec!["2001:db8::1".to_owned()],
        certificate: Some("certificate has expired".to_owned()),
        only_http2: true,
        echo: echo(Seen {
            https: false,
            ..seen()
        }),
        ..good()
    };
    let all = [
        "dead-address",
        "certificate",
        "only-http2",
        "insecure-cookies",
    ];
    assert_eq!(names(&facts), all);
}

#[test]
fn a_slow_answer_does_not_make_a_clock_wrong() {
    let at = |now| {
        let now = Timestamp(now);
        echo(Seen { now, ..seen() })
    };
    assert_eq!(ahead_ms(&at(1_000_000).unwrap()), 0);
    assert_eq!(ahead_ms(&at(1_000_510).unwrap()), 500);
    assert_eq!(ahead_ms(&at(999_000).unwrap()), -990);
    let facts = |now| Facts {
        echo: at(now),
        ..good()
    };
    assert_eq!(names(&facts(1_000_000 + 20_000)), [""; 0]);
    assert_eq!(names(&facts(1_000_000 + 40_000)), ["clock"]);
    assert_eq!(names(&facts(1_000_000 - 40_000)), ["clock"]);
}
