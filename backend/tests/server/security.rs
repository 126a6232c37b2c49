//! The security headers are on every answer, also on those that never reach a route.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::http::{Reply, Request};
use crate::support::{Parlance, soon};

const HEADERS: [&str; 6] = [
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
];

fn assert_secured(reply: &Reply) {
    for name in HEADERS {
        assert!(reply.header(name).is_some(), "no {name} in {reply:?}");
    }
}

async fn raw(server: &Parlance, bytes: &[u8]) -> Reply {
    let stream = TcpStream::connect(server.address()).await.unwrap();
    let (mut reader, mut writer) = stream.into_split();
    // The server may answer and close before all of it is written.
    let bytes = bytes.to_vec();
    let writing = tokio::spawn(async move {
        let _ = writer.write_all(&bytes).await;
        writer
    });
    let mut read = Vec::new();
    let _ = soon("an answer", reader.read_to_end(&mut read)).await;
    drop(writing.await);
    Reply::parse(&read)
}

#[tokio::test]
async fn what_is_no_request_at_all_is_refused_with_them() {
    let server = Parlance::start().await;
    let long = format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(70_000));
    let headers: String = (0..101).map(|n| format!("X-{n}: 1\r\n")).collect();
    let many = format!("GET / HTTP/1.1\r\nHost: x\r\n{headers}\r\n");
    let cases = [
        ("\u{16}\u{3}\u{1} not HTTP\r\n\r\n", 400),
        ("GET / HTTP/9.9\r\n\r\n", 400),
        (&many, 431),
        (&long, 431),
    ];
    for (text, status) in cases {
        let reply = raw(&server, text.as_bytes()).await;
        assert_eq!(reply.status, status, "{reply:?}");
        assert_secured(&reply);
    }
}

#[tokio::test]
async fn a_bad_request_behind_a_good_one_is_refused_with_them() {
    let server = Parlance::start().await;
    let both = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nnot HTTP\r\n\r\n";
    let first = raw(&server, both.as_bytes()).await;
    assert_eq!(first.status, 200);
    let second = &first.body[first.body.find("HTTP/1.1 ").unwrap()..];
    let second = Reply::parse(second.as_bytes());
    assert_eq!(second.status, 400);
    assert_secured(&second);
}

#[tokio::test]
async fn a_full_server_refuses_with_them() {
    let server = Parlance::start_with(|config| config.web.connections = 1).await;
    let _first = TcpStream::connect(server.address()).await.unwrap();
    let reply = server.http(Request::get("/healthz")).await;
    assert_eq!(reply.status, 503);
    assert_eq!(reply.header("retry-after"), Some("1"));
    assert_secured(&reply);
}
