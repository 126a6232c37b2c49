//! The silent socket from a client's side: the upgrade, the first message, and the wait for somebody to close it.

use std::net::SocketAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::{Bytes, BytesMut};
use http_body_util::Empty;
use hyper::upgrade::Upgraded;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use shared::accept::Accept;
use shared::doctor::{RefusedProbe, Seen, Socket};
use shared::limits::DOCTOR_SUBPROTOCOL;
use shared::wire;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::{Instant, timeout};
use warp::http::header::{
    CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL,
    SEC_WEBSOCKET_VERSION, UPGRADE,
};

use super::http::{ANSWER, OF_THE_PROBE, ask};
use super::target::Target;
use crate::frames::{Opcode, client};
use crate::random;

/// For the first message, which the server sends at once.
const FIRST: Duration = Duration::from_secs(5);

/// Bytes of the first message at most.
const FIRST_BYTES: usize = 16 * 1024;

/// Upgrades, and waits. None if the probe itself was refused, which says nothing of the way.
pub(super) async fn try_silence(
    target: &Target,
    address: SocketAddr,
    patience: Duration,
) -> Option<Socket> {
    let key = STANDARD.encode(random::bytes::<16>());
    let request = Request::get("/ws")
        .header(CONNECTION, "Upgrade")
        .header(UPGRADE, "websocket")
        .header(SEC_WEBSOCKET_VERSION, "13")
        .header(SEC_WEBSOCKET_KEY, &key)
        .header(SEC_WEBSOCKET_PROTOCOL, DOCTOR_SUBPROTOCOL)
        .body(Empty::<Bytes>::new());
    let Ok(mut answer) = ask(target, address, request.ok()?, ANSWER).await else {
        return Some(Socket::Broken);
    };
    let status = answer.response.status();
    if OF_THE_PROBE.contains(&status) {
        return None;
    }
    if status != StatusCode::SWITCHING_PROTOCOLS {
        let probe: Result<RefusedProbe, _> = answer.read().await;
        return Some(Socket::Refused {
            status: status.as_u16(),
            seen: probe.ok().map(|probe| probe.seen),
        });
    }
    let accept = answer.response.headers().get(SEC_WEBSOCKET_ACCEPT);
    if accept.is_none_or(|accept| accept != Accept::of(&key).value.as_str()) {
        return Some(Socket::Broken);
    }
    Some(match hyper::upgrade::on(&mut answer.response).await {
        Ok(upgraded) => wait(upgraded, patience).await,
        Err(_) => Socket::Broken,
    })
}

async fn wait(upgraded: Upgraded, patience: Duration) -> Socket {
    let mut io = TokioIo::new(upgraded);
    if !matches!(timeout(FIRST, first(&mut io)).await, Ok(Some(_))) {
        return Socket::Broken;
    }
    let since = Instant::now();
    let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    // The server says nothing more: whatever comes is the end, with a close frame or without.
    let ended = timeout(patience, io.read(&mut [0; 64])).await;
    Socket::Opened {
        closed_after_ms: ended.is_ok().then(|| ms(since.elapsed())),
        patience_ms: ms(patience),
    }
}

/// The first message, which servers send unmasked.
async fn first(io: &mut (impl AsyncRead + Unpin)) -> Option<Seen> {
    let mut bytes = BytesMut::new();
    loop {
        if let Some(frame) = client::first(&bytes) {
            let text = std::str::from_utf8(frame.payload).ok()?;
            return (frame.opcode == Opcode::Text).then(|| wire::decode(text))?;
        }
        if bytes.len() > FIRST_BYTES || io.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}
