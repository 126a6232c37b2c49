//! Section 8: pings, silence, and the end.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use shared::limits;
use shared::problem::Problem;
use shared::protocol::ServerMessage;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use crate::support::http::{Reply, Request};
use crate::support::{Parlance, soon};

/// K1: the server pings, and who answers stays.
#[tokio::test]
async fn who_answers_the_pings_stays() {
    let server = Parlance::start_with(|config| {
        config.web.ping = Duration::from_millis(400);
        config.web.pong = Duration::from_millis(350);
    })
    .await;
    let (mut ada, welcome) = server.join("Ada").await;
    let mut pings = 0;
    // The library answers pings while it is being read.
    while pings < 3 {
        match soon("a ping", ada.ws.next()).await.unwrap().unwrap() {
            Message::Ping(_) => pings += 1,
            // Her own entrance may be delivered after the welcome that has it (D2).
            Message::Text(_) => {}
            other => panic!("{other:?}"),
        }
    }
    ada.say(welcome.rooms[0].id, "still here").await;
}

/// K1: who gives no sign of life after a ping is cut; it is told why, in case it still listens.
#[tokio::test]
async fn who_gives_no_sign_of_life_after_a_ping_is_cut() {
    let server = Parlance::start_with(|config| {
        config.web.ping = Duration::from_millis(150);
        config.web.pong = Duration::from_millis(100);
    })
    .await;
    let (ada, _) = server.join("Ada").await;
    server.until_connections(1).await;
    let begun = Instant::now();
    // Not read from, the library answers no ping.
    server.until_connections(0).await;
    assert!(begun.elapsed() < Duration::from_secs(5));
    let mut stream = ada.ws.into_inner();
    let mut bytes = Vec::new();
    soon("the end", stream.read_to_end(&mut bytes))
        .await
        .unwrap();
    let close = [0x88, 2 + "no sign of life".len() as u8];
    let code = 4408_u16.to_be_bytes();
    let frame = [&close[..], &code[..], b"no sign of life"].concat();
    assert!(bytes.ends_with(&frame), "{bytes:?}");
    let defaults = backend::config::WebLimits::default();
    assert_eq!(
        defaults.ping.as_millis(),
        u128::from(limits::SERVER_PING_MS)
    );
    assert_eq!(
        defaults.pong.as_millis(),
        u128::from(limits::SERVER_PONG_MS)
    );
}

/// K2: a close from the client is answered with its own code, and the server ends the connection.
#[tokio::test]
async fn a_close_is_answered_with_its_own_code() {
    let server = Parlance::start().await;
    let guest = server.sign_in("Ada").await;
    for code in [1000, 1001, 3000, 4999] {
        let (mut client, _) = guest.join().await;
        let frame = CloseFrame {
            code: code.into(),
            reason: "bye".into(),
        };
        client.send_raw(Message::Close(Some(frame))).await;
        assert_eq!(client.close_code().await, Some(code));
        assert!(soon("the end", client.ws.next()).await.is_none());
    }
    let (mut client, _) = guest.join().await;
    client.send_raw(Message::Close(None)).await;
    assert_eq!(client.close_code().await, None);
    server.until_connections(0).await;
}

/// K2: a connection that just breaks leaves nothing behind.
#[tokio::test]
async fn a_connection_that_breaks_is_forgotten() {
    let server = Parlance::start().await;
    let guest = server.sign_in("Ada").await;
    for _ in 0..40 {
        let (client, _) = guest.join().await;
        drop(client);
    }
    server.until_connections(0).await;
    guest.join().await;
}

/// K3: clients are told how to spread, sends are refused, the close code is 1012, and all of it is quick.
#[tokio::test]
async fn a_drain_tells_everyone_and_closes_with_1012() {
    // Longer than in earnest, so that a busy machine sends in time what comes too late.
    let server = Parlance::start_with(|c| c.web.farewell = Duration::from_millis(1_500)).await;
    let (mut ada, welcome) = server.join("Ada").await;
    let (mut idle, _) = server.join("Bob").await;
    let mut greeting = server.sign_in("Eve").await.connect().await;
    let room = welcome.rooms[0].id;
    ada.say(room, "before").await;
    let address = server.address();
    let mut kept = TcpStream::connect(address).await.unwrap();
    assert_eq!(ready(&mut kept).await.status, 200);

    let begun = Instant::now();
    let shutdown = tokio::spawn(server.shutdown());
    let restarting = ServerMessage::Restarting {
        spread_ms: limits::RESTART_SPREAD_MS,
    };
    assert_eq!(ada.answer().await, restarting);
    ada.post(room, "too late").await;
    let reply = ready(&mut kept).await;
    assert_eq!((reply.status, reply.problem()), (503, "draining".into()));
    let refused = crate::support::client::problem(ada.answer().await);
    assert_eq!(refused, Problem::Draining);
    for client in [&mut ada, &mut idle, &mut greeting] {
        assert_eq!(client.close_code().await, Some(1012));
    }
    shutdown.await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert!(
        TcpStream::connect(address).await.is_err(),
        "no new connection"
    );
}

/// Asks on a connection that is kept.
async fn ready(stream: &mut TcpStream) -> Reply {
    let address = stream.peer_addr().unwrap();
    let request = Request::get("/readyz").header("Connection", "keep-alive");
    stream.write_all(&request.bytes(address)).await.unwrap();
    let mut buffer = vec![0; 8 * 1024];
    let length = soon("an answer", stream.read(&mut buffer)).await.unwrap();
    Reply::parse(&buffer[..length])
}

/// K3: clients that never read do not hold the end up, and what was acknowledged is there afterwards.
#[tokio::test]
async fn clients_that_never_read_do_not_hold_up_the_end() {
    let server = Parlance::start().await;
    let guest = server.sign_in("Ada").await;
    let (mut ada, welcome) = guest.join().await;
    let room = welcome.rooms[0].id;
    let mut deaf = Vec::new();
    for number in 0..5 {
        deaf.push(server.join(&format!("deaf {number}")).await.0);
    }
    let long = "a".repeat(limits::BODY_BYTES);
    for _ in 0..400 {
        ada.say(room, &long).await;
    }
    let begun = Instant::now();
    let server = server.restart().await;
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
    let (mut ada, _) = guest.at(&server).join().await;
    assert_eq!(ada.log(room).await.len(), 2 + 5 + 400);
}
