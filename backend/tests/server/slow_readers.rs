//! D3: connections that do not take what they get.

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use shared::ids::{RequestId, Seq};
use shared::protocol::{ClientMessage, ServerMessage};
use shared::{limits, wire};
use tokio::net::TcpSocket;
use tokio_tungstenite::tungstenite::Message;

use crate::support::client::Client;
use crate::support::{Guest, Parlance, UNLIMITED, client_id, soon};

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
    assert!(slow.log(lobby).await == lobby_log);
    assert!(slow.log(tea).await == tea_log);
    let seq = ada.say(lobby, "after").await;
    assert_eq!(slow.event().await.1.seq, seq);
}

/// D3: answers are never dropped, and a client that asks without reading is not read from until it does.
#[tokio::test]
async fn who_takes_no_answers_is_not_read_from_and_gets_them_all_in_the_end() {
    const READS: u64 = 40;
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
    let mut slow = join_narrow(&guest).await;
    for number in 1..=READS {
        let read = ClientMessage::Read {
            request: RequestId(number),
            room,
            from: Seq(1),
            to: Seq(100),
        };
        slow.send(&read).await;
    }
    // Two megabytes of answers wait now. What comes on top fills the kernel's buffers, and then no more goes.
    let (mut sink, mut stream) = slow.ws.split();
    let padding = "x".repeat(60_000);
    let mut pings = 0;
    loop {
        let ping = format!(r#"{{"type":"ping","n":{pings},"padding":"{padding}"}}"#);
        pings += 1;
        assert!(pings < 2_000, "it is read from all the time");
        let sent = tokio::time::timeout(Duration::from_millis(500), sink.send(Message::text(ping)));
        match sent.await {
            Ok(sent) => sent.unwrap(),
            Err(_) => break,
        }
    }
    let writing = tokio::spawn(async move { sink.flush().await });
    let mut answers = Vec::new();
    while answers.len() < usize::try_from(READS + pings).unwrap() {
        match soon("an answer", stream.next()).await {
            Some(Ok(Message::Text(text))) => match wire::decode_server(&text).unwrap() {
                ServerMessage::Page(page) => {
                    assert_eq!(page.to, Seq(5));
                    answers.push(page.request.unwrap().0);
                }
                ServerMessage::Pong { n, .. } => answers.push(n),
                // What was said before may be delivered late (D2).
                ServerMessage::Event { .. } => {}
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }
    let expected: Vec<u64> = (1..=READS).chain(0..pings).collect();
    assert_eq!(answers, expected);
    writing.await.unwrap().unwrap();
}

/// D6: a socket that takes nothing for too long is cut, and the others go on.
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

on_every_transport!(
    a_slow_reader_is_told_that_it_is_behind_and_catches_up_from_the_log,
    who_takes_no_answers_is_not_read_from_and_gets_them_all_in_the_end,
    a_socket_that_takes_nothing_is_cut,
);
