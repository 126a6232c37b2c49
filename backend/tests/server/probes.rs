//! Section 12: the probes of the doctor, which anyone may ask for, and how that is bounded.

use shared::doctor::{Counted, RefusedProbe, Seen};
use shared::limits;
use shared::wire;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::http::{Reply, Request};
use crate::support::{Parlance, soon};

fn probe(which: &str) -> Request {
    Request::get(&format!("/api/doctor/{which}"))
}

fn counted(bytes: usize) -> Request {
    let request = Request::new("POST", "/api/doctor/body");
    request.bytes_of(&vec![7; bytes])
}

fn seen(reply: &Reply) -> Seen {
    assert_eq!(reply.status, 200, "{reply:?}");
    wire::decode(&reply.body).unwrap()
}

/// An upgrade to the silent socket.
fn silent() -> Request {
    Request::get("/ws")
        .header("Upgrade", "websocket")
        .header("Connection", "Upgrade")
        .header("Sec-WebSocket-Version", "13")
        .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("Sec-WebSocket-Protocol", limits::DOCTOR_SUBPROTOCOL)
}

async fn send(server: &Parlance, request: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream.write_all(request).await.unwrap();
    stream
}

async fn read_to(stream: &mut TcpStream, end: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let reading = async {
        while !bytes.ends_with(end) {
            bytes.push(stream.read_u8().await.unwrap());
        }
    };
    soon("what ends so", reading).await;
    bytes
}

/// Opens a silent socket and reads its first message.
async fn open(server: &Parlance) -> (TcpStream, Seen) {
    let mut stream = send(server, &silent().bytes(server.address())).await;
    let head = String::from_utf8(read_to(&mut stream, b"\r\n\r\n").await).unwrap();
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    assert!(head.contains(limits::DOCTOR_SUBPROTOCOL), "{head}");
    assert_eq!(stream.read_u8().await.unwrap(), 0x81, "text");
    assert_eq!(stream.read_u8().await.unwrap(), 126, "of some length");
    let mut text = vec![0; usize::from(stream.read_u16().await.unwrap())];
    stream.read_exact(&mut text).await.unwrap();
    let seen = wire::decode(std::str::from_utf8(&text).unwrap()).unwrap();
    (stream, seen)
}

/// Y1
#[tokio::test]
async fn the_echo_shows_what_decides_and_no_secret() {
    let server = Parlance::start().await;
    let long = "x".repeat(limits::DOCTOR_HEADER_CHARS + 50);
    let request = probe("echo")
        .header("Host", "chat.example.org")
        .header("Origin", "https://chat.example.org")
        .header("X-Forwarded-For", "203.0.113.7")
        .header("User-Agent", &long)
        .header("Cookie", "parlance_1=secret")
        .header("Authorization", "Bearer secret")
        .header("X-Api-Key", "secret");
    let reply = server.http(request).await;
    assert!(!reply.body.contains("secret"), "{}", reply.body);
    let seen = seen(&reply);
    assert_eq!(seen.http, "1.1");
    assert_eq!(seen.header("host"), Some("chat.example.org"));
    assert_eq!(seen.header("x-forwarded-for"), Some("203.0.113.7"));
    let agent = seen.header("user-agent").map(str::len);
    assert_eq!(agent, Some(limits::DOCTOR_HEADER_CHARS));
    assert!(seen.admitted && !seen.https && seen.local_port.is_some());
    assert_eq!(seen.ping_ms, limits::SERVER_PING_MS);

    let elsewhere = probe("echo").header("Origin", "https://chat.example.org");
    assert!(!self::seen(&server.http(elsewhere).await).admitted);
}

/// Y1: also in which version it came.
#[tokio::test]
async fn the_echo_shows_an_old_version_of_http() {
    let server = Parlance::start().await;
    let request = b"GET /api/doctor/echo HTTP/1.0\r\nHost: chat.example.org\r\n\r\n";
    let mut stream = send(&server, request).await;
    let mut bytes = Vec::new();
    soon("an answer", stream.read_to_end(&mut bytes))
        .await
        .unwrap();
    assert_eq!(seen(&Reply::parse(&bytes)).http, "1.0");
}

/// Y2
#[tokio::test]
async fn the_drip_comes_in_pieces() {
    let server = Parlance::start().await;
    let mut stream = send(&server, &probe("drip").bytes(server.address())).await;
    let head = read_to(&mut stream, b"\r\n\r\n").await;
    let head = String::from_utf8(head).unwrap().to_lowercase();
    for line in [
        "content-type: text/event-stream",
        "x-accel-buffering: no",
        "no-transform",
    ] {
        assert!(head.contains(line), "{head}");
    }
    let mut moments = Vec::new();
    for n in 0..limits::DOCTOR_DRIPS {
        read_to(&mut stream, format!("data: {n}\n\n").as_bytes()).await;
        moments.push(tokio::time::Instant::now());
    }
    let took = (moments[limits::DOCTOR_DRIPS - 1] - moments[0]).as_millis();
    assert!(took >= 500, "all of it came within {took} ms");
}

/// Y3
#[tokio::test]
async fn a_body_is_counted_up_to_the_largest_file() {
    let server = Parlance::start_with(|config| config.files.file_bytes = 100_000).await;
    let reply = server.http(counted(100_000)).await;
    let Counted { bytes } = wire::decode(&reply.body).unwrap();
    assert_eq!((reply.status, bytes), (200, 100_000));
    let reply = server.http(counted(100_001)).await;
    assert_eq!((reply.status, reply.problem().as_str()), (413, "malformed"));
}

/// Y4: thirty at once from one address; no more wait is asked of another one, or of this machine.
#[tokio::test]
async fn one_address_may_not_ask_without_end() {
    let server = Parlance::start().await;
    let from = |address: &str| probe("echo").header("X-Forwarded-For", address);
    for _ in 0..limits::DOCTOR_BURST {
        assert_eq!(server.http(from("203.0.113.7")).await.status, 200);
    }
    let reply = server.http(from("203.0.113.7")).await;
    assert_eq!(
        (reply.status, reply.problem().as_str()),
        (429, "rate_limited")
    );
    assert_eq!(server.http(from("203.0.113.8")).await.status, 200);
    for _ in 0..=limits::DOCTOR_BURST {
        assert_eq!(server.http(probe("echo")).await.status, 200);
    }
}

/// Y4: sixteen that last, whatever they are; one that ends leaves its place.
#[tokio::test]
async fn only_so_many_probes_last_at_once() {
    let server = Parlance::start().await;
    let mut open_now = Vec::new();
    for _ in 0..limits::DOCTOR_AT_ONCE {
        open_now.push(open(&server).await.0);
    }
    for request in [probe("drip"), counted(1), silent()] {
        let reply = server.http(request).await;
        assert_eq!(
            (reply.status, reply.problem().as_str()),
            (503, "overloaded")
        );
    }
    assert_eq!(
        server.http(probe("echo")).await.status,
        200,
        "it does not last"
    );
    open_now.pop();
    let freed = async { while server.http(counted(1)).await.status != 200 {} };
    soon("a place", freed).await;
}

/// Y5: it says what was seen, needs no session, and ends when anything is said to it.
#[tokio::test]
async fn the_silent_socket_tells_of_its_handshake_and_ends_when_spoken_to() {
    let server = Parlance::start().await;
    let (mut stream, seen) = open(&server).await;
    assert_eq!(seen.header("upgrade"), Some("websocket"));
    assert_eq!(seen.header("connection"), Some("Upgrade"));
    // A masked, empty text.
    stream.write_all(&[0x81, 0x80, 1, 2, 3, 4]).await.unwrap();
    let mut end = [0; 4];
    soon("a close frame", stream.read_exact(&mut end))
        .await
        .unwrap();
    assert_eq!((end[0], &end[2..]), (0x88, &1_000_u16.to_be_bytes()[..]));
}

/// Y5: K3 holds for it as well.
#[tokio::test]
async fn a_silent_socket_does_not_keep_a_server_from_ending() {
    let server = Parlance::start().await;
    let (mut stream, _) = open(&server).await;
    server.shutdown().await;
    let mut rest = Vec::new();
    soon("the end", stream.read_to_end(&mut rest))
        .await
        .unwrap();
}

/// Y6
#[tokio::test]
async fn a_refused_upgrade_of_the_doctor_says_what_was_seen() {
    let server = Parlance::start().await;
    let plain = silent().without("Upgrade").without("Connection");
    let reply = server.http(plain).await;
    assert_eq!(reply.status, 426);
    let RefusedProbe { seen, .. } = wire::decode(&reply.body).unwrap();
    assert_eq!(seen.header("upgrade"), None);
    assert_eq!(seen.header("connection"), Some("close"));

    let bytes = silent().bytes(server.address());
    let old = String::from_utf8(bytes)
        .unwrap()
        .replace("HTTP/1.1", "HTTP/1.0");
    let mut stream = send(&server, old.as_bytes()).await;
    let mut bytes = Vec::new();
    soon("an answer", stream.read_to_end(&mut bytes))
        .await
        .unwrap();
    let reply = Reply::parse(&bytes);
    assert_eq!(reply.status, 400);
    let RefusedProbe { seen, .. } = wire::decode(&reply.body).unwrap();
    assert_eq!(seen.http, "1.0");
}

/// What else is asked under that address is refused as elsewhere.
#[tokio::test]
async fn there_is_nothing_else_there() {
    let server = Parlance::start().await;
    assert_eq!(server.http(probe("else")).await.status, 404);
    let wrong = Request::new("DELETE", "/api/doctor/echo");
    assert_eq!(server.http(wrong).await.status, 405);
}
