//! Section 2: the upgrade, with requests that no client library would send.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};
use shared::problem::Problem;
use shared::protocol::{Hello, ServerMessage};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::client::Client;
use crate::support::http::{Reply, Request};
use crate::support::{Parlance, fresh_hello, soon};

/// The example of RFC 6455 section 1.3.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

fn upgrade() -> Request {
    Request::get("/ws")
        .header("Upgrade", "websocket")
        .header("Connection", "Upgrade")
        .header("Sec-WebSocket-Version", "13")
        .header("Sec-WebSocket-Key", KEY)
        .header("Sec-WebSocket-Protocol", "parlance.v1")
}

/// Sends a request and reads the head of the answer; an upgraded connection stays open.
async fn answer(server: &Parlance, request: Request) -> Reply {
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let bytes = request.bytes(server.address());
    stream.write_all(&bytes).await.unwrap();
    Reply::parse(&read_head(&mut stream).await)
}

async fn read_head(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let reading = async {
        let mut done = false;
        while !done {
            let mut buffer = [0; 4_096];
            let length = stream.read(&mut buffer).await.unwrap();
            bytes.extend_from_slice(&buffer[..length]);
            done = length == 0 || bytes.windows(4).any(|four| four == b"\r\n\r\n");
        }
    };
    soon("the head of an answer", reading).await;
    bytes
}

/// H6
#[tokio::test]
async fn a_good_handshake_is_answered_with_the_derived_key() {
    let server = Parlance::start().await;
    let reply = answer(&server, upgrade()).await;
    assert_eq!(reply.status, 101);
    assert_eq!(reply.header("sec-websocket-accept"), Some(ACCEPT));
    assert_eq!(reply.header("sec-websocket-protocol"), Some("parlance.v1"));
    assert_eq!(reply.header("sec-websocket-extensions"), None);
    assert!(
        reply
            .header("upgrade")
            .unwrap()
            .eq_ignore_ascii_case("websocket")
    );
    assert!(
        reply
            .header("connection")
            .unwrap()
            .eq_ignore_ascii_case("upgrade")
    );
    assert!(reply.header("content-security-policy").is_some());
}

/// H6: as browsers and proxies spell it.
#[tokio::test]
async fn the_spelling_of_the_tokens_does_not_matter() {
    let server = Parlance::start().await;
    let request = upgrade()
        .without("Upgrade")
        .without("Connection")
        .header("upgrade", "WebSocket")
        .header("CONNECTION", "keep-alive, UPGRADE");
    assert_eq!(answer(&server, request).await.status, 101);
}

/// H1: the method comes first.
#[tokio::test]
async fn another_method_than_get_is_not_allowed() {
    let server = Parlance::start().await;
    for method in ["POST", "PUT", "DELETE", "HEAD"] {
        let reply = server.http(Request::new(method, "/ws")).await;
        assert_eq!(reply.status, 405, "{method}");
        assert_eq!(reply.header("allow"), Some("GET"));
    }
}

/// H1
#[tokio::test]
async fn a_request_that_asks_for_no_upgrade_is_told_to() {
    let server = Parlance::start().await;
    for request in [
        Request::get("/ws"),
        upgrade().without("Upgrade"),
        upgrade()
            .without("Connection")
            .header("Connection", "close"),
        upgrade().without("Upgrade").header("Upgrade", "h2c"),
    ] {
        let reply = answer(&server, request).await;
        assert_eq!(reply.status, 426);
        assert_eq!(reply.header("upgrade"), Some("websocket"));
    }
}

/// H2
#[tokio::test]
async fn another_version_of_the_protocol_is_told_the_one_that_is_spoken() {
    let server = Parlance::start().await;
    let bare = upgrade().without("Sec-WebSocket-Version");
    for version in ["8", "0", "14", "13, 8", ""] {
        let request = bare.clone().header("Sec-WebSocket-Version", version);
        let reply = answer(&server, request).await;
        assert_eq!(reply.status, 426, "{version:?}");
        assert_eq!(reply.header("sec-websocket-version"), Some("13"));
    }
    let reply = answer(&server, bare).await;
    assert_eq!(reply.status, 426);
    assert_eq!(reply.header("sec-websocket-version"), Some("13"));
}

/// H3
#[tokio::test]
async fn a_key_that_is_not_sixteen_bytes_is_a_bad_request() {
    let server = Parlance::start().await;
    let bare = upgrade().without("Sec-WebSocket-Key");
    assert_eq!(answer(&server, bare.clone()).await.status, 400);
    for key in ["", "short", "dGhlIHNhbXBsZSBub25jZQ", "AAAA", "!!!!"] {
        let request = bare.clone().header("Sec-WebSocket-Key", key);
        assert_eq!(answer(&server, request).await.status, 400, "{key:?}");
    }
    let two = upgrade().header("Sec-WebSocket-Key", KEY);
    assert_eq!(answer(&server, two).await.status, 400, "two keys");
}

/// H4
#[tokio::test]
async fn who_offers_no_subprotocol_of_ours_is_told_it() {
    let server = Parlance::start().await;
    let bare = upgrade().without("Sec-WebSocket-Protocol");
    for offer in [
        None,
        Some("chat"),
        Some("chat, superchat"),
        Some("parlance"),
    ] {
        let request = match offer {
            Some(offer) => bare.clone().header("Sec-WebSocket-Protocol", offer),
            None => bare.clone(),
        };
        let reply = answer(&server, request).await;
        assert_eq!(reply.status, 400, "{offer:?}");
        assert_eq!(reply.header("sec-websocket-protocol"), Some("parlance.v1"));
    }
}

/// H5: twelve ways to be foreign.
#[tokio::test]
async fn a_foreign_origin_is_refused() {
    let server = Parlance::start().await;
    let port = server.address().port();
    for origin in [
        "https://evil.example".to_owned(),
        "null".into(),
        String::new(),
        "http://127.0.0.1".into(),
        format!("http://127.0.0.1:{}", port ^ 1),
        format!("http://localhost:{port}"),
        format!("http://127.0.0.1.evil.example:{port}"),
        format!("http://evil127.0.0.1:{port}"),
        format!("http://127.0.0.1:{port}@evil.example"),
        format!("http://127.0.0.1:{port}.evil.example"),
        format!("ftp://127.0.0.1:{port}"),
        format!("127.0.0.1:{port}"),
    ] {
        let reply = answer(&server, upgrade().header("Origin", &origin)).await;
        assert_eq!(reply.status, 403, "{origin:?}");
    }
    let own = format!("http://127.0.0.1:{port}");
    let twice = upgrade().header("Origin", &own);
    let twice = twice.header("Origin", "https://evil.example");
    assert_eq!(answer(&server, twice).await.status, 403);
}

/// H5: and the ways not to be.
#[tokio::test]
async fn the_own_origin_an_allowed_one_and_none_at_all_pass() {
    let allowed = "http://localhost:8081";
    let server = Parlance::start_with(|config| config.allow_origin = vec![allowed.into()]).await;
    let own = format!("http://{}", server.address());
    for origin in [&own, allowed] {
        let request = upgrade().header("Origin", origin);
        assert_eq!(answer(&server, request).await.status, 101, "{origin}");
    }
    assert_eq!(answer(&server, upgrade()).await.status, 101);
    let behind_tls = upgrade()
        .header("Host", "chat.example.com")
        .header("Origin", "https://chat.example.com");
    assert_eq!(answer(&server, behind_tls).await.status, 101);
}

/// H1, H2, H3, H4, H5: of several faults the first in this order is told.
#[tokio::test]
async fn the_checks_come_in_their_order() {
    let server = Parlance::start().await;
    let foreign = upgrade().header("Origin", "https://evil.example");
    let no_protocol = foreign.clone().without("Sec-WebSocket-Protocol");
    let no_key = no_protocol.clone().without("Sec-WebSocket-Key");
    let no_version = no_key.clone().without("Sec-WebSocket-Version");
    let no_upgrade = no_version.clone().without("Upgrade");
    for (request, status, header) in [
        (foreign, 403, None),
        (no_protocol, 400, Some("sec-websocket-protocol")),
        (no_key, 400, None),
        (no_version, 426, Some("sec-websocket-version")),
        (no_upgrade, 426, Some("upgrade")),
    ] {
        let reply = answer(&server, request).await;
        assert_eq!(reply.status, status);
        assert!(header.is_none_or(|name| reply.header(name).is_some()));
    }
}

/// H7
#[tokio::test]
async fn ours_is_chosen_if_it_is_offered_at_all() {
    let server = Parlance::start().await;
    let request = upgrade()
        .without("Sec-WebSocket-Protocol")
        .header("Sec-WebSocket-Protocol", "chat, parlance.v2")
        .header("Sec-WebSocket-Protocol", "parlance.v1");
    let reply = answer(&server, request).await;
    assert_eq!(reply.header("sec-websocket-protocol"), Some("parlance.v1"));
}

/// H7: a client of another version hears which ones are spoken; a browser could not read a refused handshake.
#[tokio::test]
async fn a_client_of_another_version_is_told_by_a_message() {
    let server = Parlance::start().await;
    let guest = server.sign_in("Ada").await;
    let stream = TcpStream::connect(server.address()).await.unwrap();
    let cookie = Some(guest.cookie.as_str());
    let mut client = Client::over(stream, server.address(), "/ws", cookie, "parlance.v7").await;
    let (code, said) = client.closed().await;
    assert_eq!(code, Some(4406));
    let supported = vec![1];
    let problem = Problem::VersionUnsupported { supported };
    assert!(
        matches!(&said[..], [ServerMessage::Refused { problem: p, .. }] if *p == problem),
        "{said:?}"
    );
}

/// H8
#[tokio::test]
async fn without_a_session_the_socket_is_closed_with_4401() {
    let server = Parlance::start().await;
    let nonsense = format!("parlance_0000000000000001={}", "A".repeat(43));
    for cookie in [
        None,
        Some("parlance_0000000000000001=x"),
        Some(nonsense.as_str()),
    ] {
        let mut client = Client::connect(server.address(), cookie).await;
        assert_eq!(client.close_code().await, Some(4401));
    }
    let guest = server.sign_in("Ada").await;
    guest.sign_out().await;
    assert_eq!(guest.connect().await.close_code().await, Some(4401));
}

/// H10: the 33rd socket of a person is closed; the others stay, and one that leaves makes room.
#[tokio::test]
async fn a_person_has_at_most_32_sockets() {
    let server = Parlance::start().await;
    let guest = server.sign_in("Ada").await;
    let mut clients = Vec::new();
    for _ in 0..32 {
        clients.push(guest.join().await.0);
    }
    assert_eq!(guest.connect().await.close_code().await, Some(4429));
    server.join("Bob").await;
    drop(clients.pop());
    server.until_connections(31).await;
    guest.join().await;
}

/// H9: 10,000 headers, 16 KiB of them, and a head that would fit.
#[tokio::test]
async fn a_head_that_is_too_long_gets_431() {
    let server = Parlance::start().await;
    let mut many = upgrade();
    for number in 0..10_000 {
        many = many.header(&format!("X-{number}"), "1");
    }
    let mut a_hundred_more = upgrade();
    for number in 0..100 {
        a_hundred_more = a_hundred_more.header(&format!("X-{number}"), "1");
    }
    let long = upgrade().header("X-Long", &"a".repeat(16 * 1024));
    for (name, request) in [("many", many), ("101", a_hundred_more), ("long", long)] {
        assert_eq!(
            first_status(server.address(), &request).await,
            431,
            "{name}"
        );
    }
    let fits = upgrade().header("X-Long", &"a".repeat(15 * 1024));
    assert_eq!(answer(&server, fits).await.status, 101);
}

async fn first_status(address: SocketAddr, request: &Request) -> u16 {
    let (mut reader, mut writer) = TcpStream::connect(address).await.unwrap().into_split();
    let bytes = request.bytes(address);
    // The server answers and closes while this is still being written.
    let write = tokio::spawn(async move {
        let _ = writer.write_all(&bytes).await;
        writer
    });
    let mut head = [0; 12];
    soon("a status line", reader.read_exact(&mut head))
        .await
        .unwrap();
    drop(write.await);
    std::str::from_utf8(&head[9..12]).unwrap().parse().unwrap()
}

/// H9: half a head, sent slowly, is cut when the time is up.
#[tokio::test]
async fn a_head_that_does_not_come_to_its_end_is_cut() {
    let limit = Duration::from_millis(300);
    let server = Parlance::start_with(|config| config.web.header_read = limit).await;
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let begun = Instant::now();
    let bytes = upgrade().bytes(server.address());
    let dripping = async {
        for byte in bytes.chunks(1) {
            if stream.write_all(byte).await.is_err() {
                break;
            }
            let mut buffer = [0; 512];
            let next = Duration::from_millis(20);
            let read = tokio::time::timeout(next, stream.read(&mut buffer));
            if let Ok(Ok(0) | Err(_)) = read.await {
                break;
            }
        }
    };
    soon("the cut", dripping).await;
    assert!(begun.elapsed() >= limit, "{:?}", begun.elapsed());
    assert!(begun.elapsed() < limit * 10, "{:?}", begun.elapsed());
}

/// H9: the time is ten seconds, measured on a clock that the test turns.
#[tokio::test(start_paused = true)]
async fn the_time_for_a_head_is_ten_seconds() {
    use backend::web::accept::{Door, Place, serve};
    use warp::Filter;
    let routes = warp::any()
        .map(|| panic!("half a head is no request"))
        .boxed();
    let door = Door {
        routes,
        https: false,
        header_read: backend::config::WebLimits::default().header_read,
        connections: 1,
        stop: tokio_util::sync::CancellationToken::new(),
        pipes: Default::default(),
        tasks: tokio_util::task::TaskTracker::new(),
    };
    let (mut ours, theirs) = tokio::io::duplex(1_024);
    let peer = SocketAddr::from(([192, 0, 2, 1], 1));
    let begun = tokio::time::Instant::now();
    let served = tokio::spawn(serve(theirs, peer, door, Place::uncounted()));
    ours.write_all(b"GET /ws HTTP/1.1\r\nHost: half")
        .await
        .unwrap();
    served.await.unwrap();
    assert_eq!(begun.elapsed().as_secs(), 10);
}

/// H11: the key that the client sent, the answer that it got, and of the cookie only how long it is.
#[tokio::test]
async fn who_wants_to_know_is_shown_the_handshake_without_what_is_secret() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let mut client = ada.connect().await;
    let asking = Hello {
        explain: true,
        ..fresh_hello()
    };
    let (welcome, _) = client.hello(asking).await;
    let shown = welcome.handshake.unwrap();
    assert_eq!(shown.request, "GET /ws HTTP/1.1");
    assert_eq!(shown.asked("upgrade"), Some("websocket"));
    assert_eq!(shown.asked("sec-websocket-version"), Some("13"));
    let key = shown.asked("sec-websocket-key").unwrap();
    let hash = Sha1::new_with_prefix(key)
        .chain_update("258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
        .finalize();
    let accept = STANDARD.encode(hash);
    let answered = shown.answered("sec-websocket-accept");
    assert_eq!(answered, Some(accept.as_str()));
    assert_eq!(
        shown.answered("sec-websocket-protocol"),
        Some("parlance.v1")
    );
    let cookie = shown.headers.iter().find(|it| it.name == "cookie").unwrap();
    assert_eq!((&cookie.value, cookie.bytes), (&None, ada.cookie.len()));
    let (welcome, _) = ada.connect().await.hello(fresh_hello()).await;
    assert_eq!(welcome.handshake, None);
}
