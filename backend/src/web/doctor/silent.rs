//! The socket that says one thing and is silent then, to find out who closes it for that.

use std::time::Duration;

use bytes::Bytes;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use shared::close::CloseCode;
use shared::doctor::Seen;
use shared::limits;
use shared::wire;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, timeout};

use super::super::App;
use super::super::connection::CLOSE_WITHIN;
use super::super::socket::{Received, Socket};
use super::super::upgrade::over_tcp;
use crate::frames::Opcode;
use crate::frames::decoder::{Bounds, Incoming};
use crate::rooms::parcel::Parcel;

/// How often it looks whether the server goes away.
const LOOK: Duration = Duration::from_secs(1);

/// Y5: tells what was seen of the handshake, then nothing until the other side ends it or its time is over.
pub(super) async fn keep(app: &App, upgraded: Upgraded, seen: &Seen) {
    let draining = || app.rooms.is_draining();
    match over_tcp(upgraded, Bounds::PROTOCOL) {
        Ok(socket) => stay(socket, seen, draining).await,
        Err(upgraded) => {
            let socket = Socket::new(TokioIo::new(upgraded), Bytes::new(), Bounds::PROTOCOL);
            stay(socket, seen, draining).await;
        }
    }
}

async fn stay<IO>(mut socket: Socket<IO>, seen: &Seen, draining: impl Fn() -> bool)
where
    IO: AsyncRead + AsyncWrite + Unpin,
{
    let until = Instant::now() + Duration::from_millis(limits::DOCTOR_SILENT_MS);
    socket.queue(Parcel::frame(Opcode::Text, wire::encode(seen).as_bytes()));
    if !matches!(timeout(CLOSE_WITHIN, socket.flush()).await, Ok(Ok(()))) {
        return;
    }
    while Instant::now() < until && !draining() {
        match timeout(LOOK, socket.receive()).await {
            Err(_) | Ok(Received::Incoming(Incoming::Pong)) => {}
            Ok(Received::Ended) => return,
            // Whatever is said ends the silence that was to be measured.
            Ok(Received::Incoming(_) | Received::Violation(_)) => break,
        }
    }
    let reason = "the silence is over";
    socket
        .close(Some(CloseCode::NORMAL), reason, CLOSE_WITHIN)
        .await;
}

#[cfg(test)]
mod tests {
    use shared::ids::Timestamp;
    use tokio::io::AsyncReadExt;

    use super::*;

    /// Y5: not a byte after the first message, and the end after 150 s.
    #[tokio::test(start_paused = true)]
    async fn it_says_one_thing_and_ends_after_its_time() {
        let seen = Seen {
            http: "1.1".to_owned(),
            headers: Vec::new(),
            admitted: true,
            local_port: None,
            https: false,
            now: Timestamp(0),
            ping_ms: 0,
            file_bytes: 0,
        };
        let (ours, mut theirs) = tokio::io::duplex(4_096);
        let started = Instant::now();
        let socket = Socket::new(ours, Bytes::new(), Bounds::PROTOCOL);
        let end = tokio::spawn(async move { stay(socket, &seen, || false).await });
        let mut first = [0; 512];
        let length = theirs.read(&mut first).await.expect("it speaks");
        assert!(first[..length].starts_with(&[0x81]), "one message of text");
        let mut second = [0; 512];
        let length = theirs.read(&mut second).await.expect("it ends");
        assert!(second[..length].starts_with(&[0x88]), "a close frame");
        assert_eq!(second[2..4], 1_000_u16.to_be_bytes());
        assert_eq!(
            started.elapsed(),
            Duration::from_millis(limits::DOCTOR_SILENT_MS)
        );
        drop(theirs);
        end.await.expect("it ends well");
    }
}
