//! Section 3: what is said, and what is said badly.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use shared::ids::{ClientId, RequestId, Seq};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::{ClientMessage, Hello, ServerMessage};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use crate::support::client::{Client, problem};
use crate::support::{Parlance, fresh_hello, soon};

const TEXT: OpCode = OpCode::Data(Data::Text);
const MORE: OpCode = OpCode::Data(Data::Continue);

/// M1: anything else than hello is refused, and hello is still welcome after it.
#[tokio::test]
async fn hello_comes_first() {
    let server = Parlance::start().await;
    let mut client = server.sign_in("Ada").await.connect().await;
    let request = RequestId(9);
    client.send(&ClientMessage::Directory { request }).await;
    let ServerMessage::Refused {
        request: Some(of),
        problem,
        ..
    } = client.receive().await
    else {
        panic!("a refusal was due");
    };
    assert_eq!((of, problem), (request, Problem::OutOfTurn));
    client.send(&ClientMessage::Ping { n: 1 }).await;
    assert_eq!(self::problem(client.receive().await), Problem::OutOfTurn);
    client.hello(fresh_hello()).await;
}

/// M1
#[tokio::test]
async fn hello_comes_only_once() {
    let server = Parlance::start().await;
    let (mut client, welcome) = server.join("Ada").await;
    client.send(&ClientMessage::Hello(fresh_hello())).await;
    assert_eq!(problem(client.answer().await), Problem::OutOfTurn);
    client.say(welcome.rooms[0].id, "still here").await;
}

/// M1
#[tokio::test]
async fn who_does_not_say_hello_in_time_is_closed() {
    let server = Parlance::start_with(|c| c.web.hello = Duration::from_millis(100)).await;
    let guest = server.sign_in("Ada").await;
    let mut silent = guest.connect().await;
    let mut talking = guest.connect().await;
    talking.send(&ClientMessage::Ping { n: 1 }).await;
    assert_eq!(silent.close_code().await, Some(4408));
    assert_eq!(talking.close_code().await, Some(4408));
    let (mut sink, mut stream) = guest.connect().await.ws.split();
    let flood = tokio::spawn(async move {
        let empty = || Message::Pong(Vec::new().into());
        while sink.send(empty()).await.is_ok() {}
    });
    let last = soon("the end", async {
        loop {
            match stream.next().await {
                Some(Ok(Message::Close(Some(frame)))) => return Some(u16::from(frame.code)),
                Some(Ok(_)) => {}
                None | Some(Err(_)) => return None,
            }
        }
    });
    // Its own flood may overtake the close frame.
    assert!(matches!(last.await, Some(4408) | None));
    flood.await.unwrap();
    let default = backend::config::WebLimits::default().hello;
    assert_eq!(default, Duration::from_secs(10));
}

/// M2
#[tokio::test]
async fn fields_that_are_not_known_are_ignored() {
    let server = Parlance::start().await;
    let mut client = server.sign_in("Ada").await.connect().await;
    client
        .send_text(r#"{"mood":"fine","type":"hello","protocol":1,"client":"t","extra":[{}]}"#)
        .await;
    assert!(matches!(client.receive().await, ServerMessage::Welcome(_)));
    assert_eq!(client.receive().await, ServerMessage::Resumed);
    client
        .send_text(r#"{"type":"ping","n":3,"why":null}"#)
        .await;
    assert!(matches!(
        client.answer().await,
        ServerMessage::Pong { n: 3, .. }
    ));
}

/// M3
#[tokio::test]
async fn a_kind_that_is_not_known_is_refused_by_its_name() {
    let server = Parlance::start().await;
    let (mut client, _) = server.join("Ada").await;
    client.send_text(r#"{"type":"dance","request":4}"#).await;
    let kind = "dance".to_owned();
    assert_eq!(
        client.answer().await,
        ServerMessage::Refused {
            request: Some(RequestId(4)),
            client_id: None,
            problem: Problem::NotUnderstood { kind },
        }
    );
    pong(&mut client).await;
}

/// M5: the connection stays, whatever nonsense comes.
#[tokio::test]
async fn what_is_not_a_message_is_refused_and_the_connection_stays() {
    let server = Parlance::start().await;
    let (mut client, _) = server.join("Ada").await;
    let deep = format!("{}1{}", "[".repeat(33), "]".repeat(33));
    let deeper = "[".repeat(60_000);
    for text in [
        "",
        "hello",
        "{",
        "null",
        "[]",
        "7",
        r#""text""#,
        "{}",
        r#"{"type":7}"#,
        r#"{"type":"read"}"#,
        r#"{"type":"ping","n":-1}"#,
        r#"{"type":"ping","n":1}{}"#,
        &deep,
        &deeper,
    ] {
        client.send_text(text).await;
        let refused = problem(client.answer().await);
        let is_malformed = matches!(refused, Problem::Malformed { .. });
        assert!(is_malformed, "{:.40}: {refused:?}", text);
    }
    pong(&mut client).await;
}

/// M5: a refusal names what it answers, if that can be read.
#[tokio::test]
async fn a_malformed_request_is_answered_by_its_number_or_client_id() {
    let server = Parlance::start().await;
    let (mut client, _) = server.join("Ada").await;
    client
        .send_text(r#"{"type":"read","request":12,"room":"x"}"#)
        .await;
    let id = ClientId(77);
    let send =
        format!(r#"{{"type":"send","room":"x","client_id":"{id}","action":{{"kind":"leave"}}}}"#);
    client.send_text(&send).await;
    for (request, client_id) in [(Some(RequestId(12)), None), (None, Some(id))] {
        let ServerMessage::Refused {
            request: r,
            client_id: c,
            problem,
        } = client.answer().await
        else {
            panic!("a refusal was due");
        };
        assert_eq!((r, c), (request, client_id));
        assert!(matches!(problem, Problem::Malformed { .. }), "{problem:?}");
    }
}

/// M6
#[tokio::test]
async fn a_binary_message_is_refused_and_the_connection_stays() {
    let server = Parlance::start().await;
    let (mut client, _) = server.join("Ada").await;
    client.send_raw(Message::binary(vec![0, 1, 2])).await;
    assert_eq!(problem(client.answer().await), Problem::BinaryRefused);
    pong(&mut client).await;
}

/// M7
#[tokio::test]
async fn text_that_is_not_utf_8_closes_with_1007() {
    let server = Parlance::start().await;
    let guest = server.sign_in("Ada").await;
    let (mut whole, _) = guest.join().await;
    whole.send_frame(TEXT, b"\xff\xfe", true).await;
    assert_eq!(whole.close_code().await, Some(1007));
    let (mut in_parts, _) = guest.join().await;
    in_parts
        .send_frame(TEXT, &"漢".as_bytes()[..2], false)
        .await;
    in_parts.send_frame(MORE, b"no", true).await;
    assert_eq!(in_parts.close_code().await, Some(1007));
}

/// M7: at the limit a message is read, beyond it the connection is closed, and the close frame arrives.
#[tokio::test]
async fn a_message_of_more_than_64_kib_closes_with_1009() {
    let server = Parlance::start().await;
    let guest = server.sign_in("Ada").await;
    let (mut client, _) = guest.join().await;
    client
        .send_text(&" ".repeat(limits::CLIENT_MESSAGE_BYTES))
        .await;
    assert!(matches!(
        problem(client.answer().await),
        Problem::Malformed { .. }
    ));
    client
        .send_text(&" ".repeat(limits::CLIENT_MESSAGE_BYTES + 1))
        .await;
    assert_eq!(client.close_code().await, Some(1009));

    let (mut huge, _) = guest.join().await;
    // The server closes while this is still being sent.
    let _ = huge.ws.send(Message::text(" ".repeat(8 << 20))).await;
    let code = huge.close_code().await;
    assert!(matches!(code, Some(1009) | None), "{code:?}");

    let (mut in_parts, _) = guest.join().await;
    let half = vec![b' '; limits::CLIENT_MESSAGE_BYTES / 2 + 1];
    in_parts.send_frame(TEXT, &half, false).await;
    in_parts.send_frame(MORE, &half, true).await;
    assert_eq!(in_parts.close_code().await, Some(1009));
}

/// M7: 256 fragments are a message, 257 are not.
#[tokio::test]
async fn a_message_in_more_than_256_fragments_closes_with_1009() {
    let server = Parlance::start().await;
    let (mut client, _) = server.join("Ada").await;
    let ping = br#"{"type":"ping","n":256}"#;
    in_fragments(&mut client, ping, limits::FRAGMENTS).await;
    assert!(matches!(
        client.answer().await,
        ServerMessage::Pong { n: 256, .. }
    ));
    in_fragments(&mut client, ping, limits::FRAGMENTS + 1).await;
    assert_eq!(client.close_code().await, Some(1009));
}

/// The text, then as many empty fragments as are missing.
async fn in_fragments(client: &mut Client, text: &[u8], count: usize) {
    client.send_frame(TEXT, text, false).await;
    for number in 2..=count {
        client.send_frame(MORE, b"", number == count).await;
    }
}

/// M8
#[tokio::test]
async fn a_hello_of_another_version_is_told_which_ones_are_spoken() {
    let server = Parlance::start().await;
    let guest = server.sign_in("Ada").await;
    for protocol in [0, 2, 999] {
        let mut client = guest.connect().await;
        let hello = Hello {
            protocol,
            ..fresh_hello()
        };
        client.send(&ClientMessage::Hello(hello)).await;
        let (code, mut said) = client.closed().await;
        assert_eq!(code, Some(4406));
        let supported = vec![limits::PROTOCOL_VERSION];
        let expected = Problem::VersionUnsupported { supported };
        assert_eq!(problem(said.remove(0)), expected);
    }
}

/// M9: every request gets one answer, in the order of the requests, however fast they come.
#[tokio::test]
async fn each_request_gets_exactly_one_answer() {
    let server = Parlance::start().await;
    let (mut client, welcome) = server.join("Ada").await;
    let room = welcome.rooms[0].id;
    let mut sent = Vec::new();
    for number in 1..=40 {
        let request = RequestId(number);
        match number % 4 {
            0 => client.send(&ClientMessage::Directory { request }).await,
            1 => {
                let (from, to) = (Seq(1), Seq(number));
                let read = ClientMessage::Read {
                    request,
                    room,
                    from,
                    to,
                };
                client.send(&read).await;
            }
            2 => client.post_as(room, ClientId(number.into()), "hi").await,
            _ => client.send(&ClientMessage::Ping { n: number }).await,
        }
        sent.push(number);
    }
    let mut answered = Vec::new();
    for _ in 0..sent.len() {
        answered.push(match client.answer().await {
            ServerMessage::Directory { request, .. } => request.0,
            ServerMessage::Page(page) => page.request.unwrap().0,
            ServerMessage::Stored { client_id, .. } => u64::try_from(client_id.0).unwrap(),
            ServerMessage::Pong { n, .. } => n,
            other => panic!("{other:?}"),
        });
    }
    assert_eq!(answered, sent);
    pong(&mut client).await;
}

/// M9: too many requests at once are refused, each by its number, and none is lost.
#[tokio::test]
async fn requests_beyond_the_rate_are_refused_by_their_number() {
    let server = Parlance::start().await;
    let (mut client, _) = server.join("Ada").await;
    let burst = u64::from(limits::REQUEST_BURST);
    let mut carried_out = 0;
    for number in 1..=burst + 100 {
        let request = RequestId(number);
        client.send(&ClientMessage::Directory { request }).await;
        match client.answer().await {
            ServerMessage::Directory { request: of, .. } => {
                assert_eq!(of, request);
                carried_out += 1;
            }
            ServerMessage::Refused {
                request: Some(of),
                problem: Problem::RateLimited { retry_after_ms },
                ..
            } => {
                assert_eq!(of, request);
                assert!(retry_after_ms > 0 && retry_after_ms < 1_000);
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(carried_out >= burst, "{carried_out}");
}

/// RFC 6455 section 5.5.2: a ping is answered with its own bytes, also in the middle of a message.
#[tokio::test]
async fn a_ping_is_answered_in_the_middle_of_a_message() {
    let server = Parlance::start().await;
    let (mut client, _) = server.join("Ada").await;
    client.send_frame(TEXT, br#"{"type":"ping","#, false).await;
    client.send_raw(Message::Ping("in between".into())).await;
    let pong = client.ws.next().await.unwrap().unwrap();
    assert_eq!(pong, Message::Pong("in between".into()));
    client.send_frame(MORE, br#""n":5}"#, true).await;
    assert!(matches!(
        client.answer().await,
        ServerMessage::Pong { n: 5, .. }
    ));
}

/// The connection still works.
async fn pong(client: &mut Client) {
    client.send(&ClientMessage::Ping { n: 4_711 }).await;
    let answer = client.answer().await;
    assert!(
        matches!(answer, ServerMessage::Pong { n: 4_711, .. }),
        "{answer:?}"
    );
}
