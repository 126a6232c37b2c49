//! Messages as text: what is accepted, what is refused and how. Rules A2, M2, M3, M5, S4 and the close codes of K2.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use shared::accept::{Accept, is_key};
use shared::close::{CloseCode, Policy};
use shared::ids::{ClientId, Epoch, Link, PersonId, RoomId, Seq};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::{Action, ClientMessage, Cursor, Hello, ServerMessage};
use shared::text::{Body, PersonName, RoomName, TextProblem};
use shared::wire;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[test]
fn ids_are_lower_case_hexadecimal_of_a_fixed_length() {
    assert_eq!("00000000000000ff".parse(), Ok(RoomId(255)));
    assert_eq!(RoomId(255).to_string(), "00000000000000ff");
    assert_eq!(ClientId(1).to_string().len(), 32);
    for wrong in [
        "",
        "ff",
        "00000000000000FF",
        "0x000000000000ff",
        "+0000000000000ff",
    ] {
        assert!(wrong.parse::<PersonId>().is_err(), "{wrong:?}");
    }
}

/// M2
#[test]
fn fields_of_a_later_version_are_ignored() {
    let text = r#"{"type":"ping","n":7,"mood":{"deep":[1,2]}}"#;
    assert_eq!(wire::decode_client(text), Ok(ClientMessage::Ping { n: 7 }));
    let text = r#"{"type":"pong","n":7,"now":1,"later":true}"#;
    assert!(matches!(
        wire::decode_server(text),
        Ok(ServerMessage::Pong { n: 7, .. })
    ));
}

/// M3
#[test]
fn a_kind_of_a_later_version_is_named_in_the_refusal() {
    let problem = wire::decode_client(r#"{"type":"teleport","to":"moon"}"#).unwrap_err();
    assert_eq!(
        problem,
        Problem::NotUnderstood {
            kind: "teleport".into()
        }
    );
    let long = format!(r#"{{"type":"{}"}}"#, "x".repeat(5_000));
    let Err(Problem::NotUnderstood { kind }) = wire::decode_client(&long) else {
        panic!()
    };
    assert!(kind.len() <= 80);
}

/// M5
#[test]
fn text_that_is_no_message_is_malformed() {
    for text in [
        "",
        "null",
        "42",
        "[]",
        "{}",
        "{\"type\":7}",
        "{\"type\":\"ping\"}",
        "{\"type\":\"ping\",\"n\":-1}",
        "{\"type\":\"ping\",\"n\":1}x",
        "{\"type\":\"send\",\"room\":\"1\",\"client_id\":\"2\",\"body\":\"hi\"}",
        "{\"type\":\"ping\",\"n\":",
    ] {
        let problem = wire::decode_client(text);
        assert!(
            matches!(problem, Err(Problem::Malformed { .. })),
            "{text:?}: {problem:?}"
        );
    }
}

/// M5
#[test]
fn nesting_beyond_the_limit_is_refused_and_brackets_in_text_do_not_count() {
    let nested = |depth: usize| {
        let inner = format!("{}{}", "[".repeat(depth - 1), "]".repeat(depth - 1));
        format!(r#"{{"type":"ping","n":1,"x":{inner}}}"#)
    };
    assert!(wire::decode_client(&nested(limits::JSON_DEPTH)).is_ok());
    assert!(wire::decode_client(&nested(limits::JSON_DEPTH + 1)).is_err());
    assert!(wire::decode_client(&nested(50_000)).is_err());
    let text = format!(r#"{{"type":"ping","n":1,"x":"\"{}"}}"#, "[{".repeat(500));
    assert!(wire::decode_client(&text).is_ok());
}

#[test]
fn every_kind_of_client_message_is_known_to_the_decoder() {
    let id = "0000000000000001";
    let client_id = "00000000000000000000000000000001";
    let samples = [
        r#"{"type":"hello","protocol":1,"client":"t"}"#.to_owned(),
        format!(
            r#"{{"type":"send","room":"{id}","client_id":"{client_id}","after":"{client_id}","action":{{"kind":"message","body":"x"}}}}"#
        ),
        format!(r#"{{"type":"read","request":1,"room":"{id}","from":1,"to":2}}"#),
        format!(r#"{{"type":"place_at","request":1,"room":"{id}","at":7}}"#),
        format!(r#"{{"type":"create","request":1,"client_id":"{client_id}","name":"x"}}"#),
        format!(r#"{{"type":"join","request":1,"client_id":"{client_id}","room":"{id}"}}"#),
        format!(
            r#"{{"type":"open_direct","request":1,"client_id":"{client_id}","people":["{id}"]}}"#
        ),
        r#"{"type":"directory","request":1}"#.to_owned(),
        r#"{"type":"search","request":1,"text":"tea","offset":480}"#.to_owned(),
        format!(r#"{{"type":"pins","request":1,"room":"{id}"}}"#),
        format!(r#"{{"type":"history_of","request":1,"room":"{id}","target":2}}"#),
        format!(r#"{{"type":"journey","request":1,"room":"{id}","seq":2}}"#),
        format!(r#"{{"type":"receipts","request":1,"room":"{id}"}}"#),
        format!(r#"{{"type":"members","request":1,"room":"{id}"}}"#),
        format!(r#"{{"type":"noted","request":1,"room":"{id}"}}"#),
        r#"{"type":"find_people","request":1,"text":"x"}"#.to_owned(),
        format!(r#"{{"type":"applied","cursors":{{"{id}":{{"seq":7,"link":"{id}"}}}}}}"#),
        format!(r#"{{"type":"seen","rooms":{{"{id}":7}}}}"#),
        format!(r#"{{"type":"unread","room":"{id}","from":7}}"#),
        format!(
            r#"{{"type":"choose","request":1,"choice":{{"kind":"level","room":"{id}","level":"nothing"}}}}"#
        ),
        format!(r#"{{"type":"watch","request":1,"people":["{id}"]}}"#),
        r#"{"type":"away","on":true}"#.to_owned(),
        format!(r#"{{"type":"typing","room":"{id}"}}"#),
        r#"{"type":"ping","n":1}"#.to_owned(),
    ];
    assert_eq!(samples.len(), wire::CLIENT_KINDS.len());
    for (sample, kind) in samples.iter().zip(wire::CLIENT_KINDS) {
        let message = wire::decode_client(sample).unwrap();
        let again = wire::encode(&message);
        assert!(
            again.starts_with(&format!(r#"{{"type":"{kind}""#)),
            "{again}"
        );
        assert_eq!(wire::decode_client(&again), Ok(message));
    }
}

/// A2
#[test]
fn names_are_one_line_of_visible_characters() {
    let name = |text: &str| PersonName::parse(text).map(|name| name.to_string());
    assert_eq!(name("  Ada \t Lovelace\n"), Ok("Ada Lovelace".into()));
    assert_eq!(name("李清照"), Ok("李清照".into()));
    assert_eq!(name(" \u{200b}\u{3000}"), Err(TextProblem::Blank));
    assert_eq!(name("a\u{202e}b"), Err(TextProblem::Forbidden));
    assert_eq!(name("a\u{0}b"), Err(TextProblem::Forbidden));
    assert!(name(&"字".repeat(limits::PERSON_NAME_CHARS)).is_ok());
    let length = limits::PERSON_NAME_CHARS + 1;
    let limit = limits::PERSON_NAME_CHARS;
    assert_eq!(
        name(&"x".repeat(length)),
        Err(TextProblem::TooLong { length, limit })
    );
    assert!(name(&"x".repeat(1_000_000)).is_err());
    assert!(RoomName::parse(&"x".repeat(limits::ROOM_NAME_CHARS)).is_ok());
}

/// S4
#[test]
fn a_body_keeps_its_lines_and_loses_only_what_nobody_sees() {
    let body = |text: &str| Body::parse(text).map(|body| body.to_string());
    assert_eq!(
        body("  one\r\ntwo\rthree\tx \n\n"),
        Ok("  one\ntwo\nthree\tx".into())
    );
    assert_eq!(
        body("你好 👩‍👩‍👧"),
        Ok("你好 👩‍👩‍👧".into()),
        "joiners inside emoji are kept"
    );
    assert_eq!(body("a\u{1b}[31m"), Err(TextProblem::Forbidden));
}

/// S4
#[test]
fn a_body_that_the_client_accepts_is_accepted_as_it_is_by_the_server() {
    let worst = "\"".repeat(limits::BODY_BYTES);
    let message = ClientMessage::Send {
        room: RoomId(u64::MAX),
        client_id: ClientId(u128::MAX),
        after: Some(ClientId(u128::MAX)),
        action: Action::edit(Seq(limits::SAFE_INTEGER), Body::parse(&worst).unwrap()),
    };
    let text = wire::encode(&message);
    assert!(
        text.len() <= limits::CLIENT_MESSAGE_BYTES,
        "{} bytes",
        text.len()
    );
    assert_eq!(wire::decode_client(&text), Ok(message));
}

/// R5, M7
#[test]
fn all_cursors_that_count_fit_into_one_message() {
    let cursor = Cursor {
        seq: Seq(limits::SAFE_INTEGER),
        link: Some(Link(u64::MAX)),
    };
    let rooms = (0..limits::CURSORS as u64).map(|n| (RoomId(u64::MAX - n), cursor));
    let hello = ClientMessage::Hello(Hello {
        protocol: limits::PROTOCOL_VERSION,
        client: "a program with a long name/1.0.0".into(),
        epoch: Some(Epoch(u64::MAX)),
        cursors: rooms.collect(),
        people: limits::SAFE_INTEGER,
        explain: false,
    });
    let bytes = wire::encode(&hello).len();
    assert!(bytes <= limits::CLIENT_MESSAGE_BYTES, "{bytes} bytes");
}

/// K2
#[test]
fn close_codes_carry_their_policy() {
    assert_eq!(CloseCode(4401).policy(), Policy::RetryAfterSignIn);
    assert_eq!(CloseCode(4406).policy(), Policy::Stop);
    for code in [
        1000, 1001, 1005, 1006, 1007, 1009, 1012, 1013, 4408, 4410, 4429, 4777,
    ] {
        assert_eq!(CloseCode(code).policy(), Policy::Retry, "{code}");
    }
}

#[test]
fn a_problem_of_a_later_version_is_still_a_refusal() {
    let text = r#"{"type":"refused","request":3,"problem":{"code":"moon_phase","phase":2}}"#;
    let Ok(ServerMessage::Refused { problem, .. }) = wire::decode_server(text) else {
        panic!()
    };
    assert_eq!(problem, Problem::Other);
}

#[test]
fn sequence_numbers_are_plain_numbers() {
    assert_eq!(wire::encode(&Seq::MAX), "9007199254740991");
}

/// M5: the session counts on from the head that it is told.
#[test]
fn a_place_that_no_one_can_count_to_is_no_place() {
    let behind = |head: &str| {
        format!(
            r#"{{"type":"read","request":1,"room":"{:016x}","from":{head},"to":9}}"#,
            1
        )
    };
    assert!(wire::decode_client(&behind("9007199254740991")).is_ok());
    for head in ["9007199254740992", "18446744073709551615", "-1"] {
        let refused = wire::decode_client(&behind(head));
        assert!(
            matches!(refused, Err(Problem::Malformed { .. })),
            "{refused:?}"
        );
    }
}

/// B7: whatever a program calls a file, what is left of it is harmless, and stays what it is.
#[test]
fn a_file_has_a_name_that_is_no_path_and_hides_nothing() {
    use shared::text::FileName;
    for (said, expected) in [
        ("cat.png", "cat.png"),
        ("/etc/../passwd", "passwd"),
        ("C:\\Users\\ada\\cat.png", "cat.png"),
        ("cat\u{202e}gnp.exe", "catgnp.exe"),
        (" a \t b\r\n.txt ", "a b.txt"),
        ("图 1.png", "图 1.png"),
        ("..", "file"),
        ("", "file"),
        ("/", "file"),
        ("\u{200b}", "file"),
    ] {
        assert_eq!(&*FileName::of(said), expected, "{said:?}");
    }
    let long = FileName::of(&format!("{}.jpeg", "x".repeat(500)));
    assert!(long.ends_with("x.jpeg"));
    assert_eq!(long.chars().count(), limits::FILE_NAME_CHARS);
    assert_eq!(FileName::parse(&long), Ok(long.clone()));
    for path in ["a/b", "a\\b", ".", "...", " "] {
        assert!(FileName::parse(path).is_err(), "{path}");
    }
}

/// H6: the example of RFC 6455 section 1.3, with the step between.
#[test]
fn the_accept_value_is_worked_out_as_the_rfc_does() {
    let key = "dGhlIHNhbXBsZSBub25jZQ==";
    let accept = Accept::of(key);
    assert!(accept.joined.starts_with(key) && accept.joined.ends_with("C5AB0DC85B11"));
    assert_eq!(accept.hash, "b37a4f2cc0624f1690f64606cf385945b2bec4ea");
    assert_eq!(accept.value, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assert!(is_key(key.as_bytes()) && !is_key(b"c2hvcnQ="));
}
