//! D3: connections that do not take what they get.

use std::time::{Duration, Instant};

use shared::ids::{RequestId, Seq};
use shared::limits;
use shared::protocol::{ClientMessage, ServerMessage};
use tokio::net::TcpSocket;

use crate::support::client::Client;
use crate::support::{Guest, Parlance, UNLIMITED, client_id};

/// Joins over a socket whose kernel takes little, so that a test need not send megabytes.
async fn join_narrow(guest: &Guest) -> Client {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4 * 1024).unwrap();
    let stream = socket.connect(guest.address).await.unwrap();
    let cookie = Some(guest.cookie.as_str());
    let mut client = Client::over(stream, guest.address, "/ws", cookie, "parlance.v1").await;
    client.hello(crate::support::fresh_hello()).await;
    client
}

/// D3: a slow reader loses live events, is told the heads when it reads again, and can read everything then. Others are
/// not delayed.
#[tokio::test]
async fn a_slow_reader_is_told_that_it_is_behind_and_catches_up_from_the_log() {
    let server = Parlance::start().await;
    let (mut ada, welcome) = server.join("Ada").await;
    let (mut bob, _) = server.join("Bob").await;
    let lobby = welcome.rooms[0].id;
    let tea = ada.create(client_id(), "Tea").await.unwrap().id;
    let guest = server.sign_in("Slow").await;
    let (mut helper, _) = guest.join().await;
    helper.enter(client_id(), tea).await.unwrap();
    drop(helper);
    let mut slow = join_narrow(&guest).await;

    let long = "a".repeat(limits::BODY_BYTES);
    for number in 0..300 {
        let room = if number % 10 == 0 { tea } else { lobby };
        let begun = Instant::now();
        ada.say(room, &long).await;
        if room == lobby {
            bob.message().await;
            assert!(
                begun.elapsed() < Duration::from_secs(2),
                "others are delayed"
            );
        }
    }
    let heads = |events: &[shared::protocol::Event]| events.last().map(|event| event.seq);
    let (lobby_log, tea_log) = (ada.log(lobby).await, ada.log(tea).await);
    let mut live = 0;
    let behind = loop {
        match slow.receive().await {
            ServerMessage::Event { .. } => live += 1,
            ServerMessage::Behind { heads } => break heads,
            other => panic!("{other:?}"),
        }
    };
    assert!(live < 300, "nothing was dropped");
    assert_eq!(behind.get(&lobby).copied(), heads(&lobby_log));
    assert_eq!(behind.get(&tea).copied(), heads(&tea_log));
    // Caught up from the log, and live again.
    assert_eq!(slow.log(lobby).await.len(), lobby_log.len());
    let seq = ada.say(lobby, "after").await;
    assert_eq!(slow.event().await.1.seq, seq);
}

/// D3: answers are never dropped: a client that asks without reading is not read from until it does.
#[tokio::test]
async fn answers_are_never_dropped() {
    let server = Parlance::start_with(|config| {
        config.rooms.sends = UNLIMITED;
        config.web.requests = UNLIMITED;
    })
    .await;
    let guest = server.sign_in("Ada").await;
    let (mut ada, welcome) = guest.join().await;
    let room = welcome.rooms[0].id;
    let long = "a".repeat(limits::BODY_BYTES);
    for _ in 0..3 {
        ada.say(room, &long).await;
    }
    let count = 200;
    let mut slow = join_narrow(&guest).await;
    let mut sent = 0;
    // 200 pages of 48 KiB are more than the kernel takes, so that at some point a send waits for a read.
    while sent < count {
        let read = ClientMessage::Read {
            request: RequestId(sent + 1),
            room,
            from: Seq(1),
            to: Seq(100),
        };
        slow.send(&read).await;
        sent += 1;
    }
    for number in 1..=count {
        let ServerMessage::Page(page) = slow.answer().await else {
            panic!("a page");
        };
        assert_eq!((page.request, page.to), (Some(RequestId(number)), Seq(5)));
    }
}

/// 4410: a socket that takes nothing for too long is cut, and one that takes a little now and then is not.
#[tokio::test]
async fn a_socket_that_takes_nothing_is_cut() {
    let server = Parlance::start_with(|config| {
        config.rooms.sends = UNLIMITED;
        config.web.stuck = Duration::from_millis(300);
        config.web.ping = Duration::from_millis(100);
        config.web.pong = Duration::from_secs(60);
    })
    .await;
    let (mut ada, welcome) = server.join("Ada").await;
    let room = welcome.rooms[0].id;
    let slow = join_narrow(&server.sign_in("Slow").await).await;
    server.until_connections(2).await;
    let long = "a".repeat(limits::BODY_BYTES);
    for _ in 0..100 {
        ada.say(room, &long).await;
    }
    server.until_connections(1).await;
    ada.say(room, "still here").await;
    drop(slow);
    let default = backend::config::WebLimits::default().stuck;
    assert_eq!(default, Duration::from_secs(30));
}
