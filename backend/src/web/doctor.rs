//! The server's side of `parlance doctor`: how a request arrived, an answer in pieces, a body that is counted, and a socket that
//! stays silent (rules Y1 to Y6).
//!
//! Whoever looks for the fault has no session yet, so none is asked for. Hence nothing here may read the log, or tell what the
//! asker did not send; and all of it is bounded in number, in time and for each address.

mod silent;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, Bytes};
use futures_util::{Stream, StreamExt, pin_mut, stream};
use hyper::upgrade::OnUpgrade;
use shared::doctor::{Counted, RefusedProbe, Seen};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::Header;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout_at};
use warp::http::header::{HeaderMap, HeaderName};
use warp::http::{Method, StatusCode};
use warp::reply::Response;

use super::App;
use super::accept::{Peer, Place};
use super::api::Answer;
use super::events::events;
use super::handshake::{Handshake, Subprotocols};
use super::refusal::{json, malformed, problem};
use super::whence;
use crate::clock;
use crate::people::tries::network;
use crate::rooms::budget::{Rate, Spent};

/// Headers that are shown (Y1): what decides about an upgrade, and what proxies add or change. None can hold a secret.
const SHOWN: [&str; 16] = [
    "host",
    "connection",
    "upgrade",
    "sec-websocket-version",
    "sec-websocket-key",
    "sec-websocket-protocol",
    "sec-websocket-extensions",
    "origin",
    "via",
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
    "accept-encoding",
    "user-agent",
];

/// After this long one who found all places taken may find one free.
const TRY_AGAIN_MS: u64 = 5_000;

/// What all probes share.
#[derive(Debug)]
pub(super) struct Probes {
    spent: Spent,
    places: Arc<Semaphore>,
    file_bytes: u64,
}

impl Probes {
    pub(super) fn new(file_bytes: u64) -> Self {
        Self {
            spent: Spent::of(Rate::hourly(limits::DOCTOR_PER_HOUR, limits::DOCTOR_BURST)),
            places: Arc::new(Semaphore::new(limits::DOCTOR_AT_ONCE)),
            file_bytes,
        }
    }

    /// Y4: one more probe from this address.
    fn admit(&self, address: IpAddr) -> Result<(), Problem> {
        if address.is_loopback() {
            return Ok(());
        }
        self.spent.spend(network(address))
    }

    /// Y4: one more that lasts.
    fn take_place(&self) -> Result<OwnedSemaphorePermit, Problem> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        place.map_err(|_| Problem::Overloaded {
            retry_after_ms: TRY_AGAIN_MS,
        })
    }
}

/// The method of what is under `/api/doctor`, if there is such a probe.
pub(super) fn allowed(which: &str) -> Option<&'static str> {
    match which {
        "echo" | "drip" => Some("GET"),
        "body" => Some("POST"),
        _ => None,
    }
}

/// Answers a probe.
pub(super) async fn answer<B: Buf>(
    app: &App,
    which: &str,
    headers: &HeaderMap,
    peer: Option<Peer>,
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Answer {
    let probes = &app.doctor;
    probes
        .admit(whence::address(peer, headers))
        .map_err(problem)?;
    if which == "echo" {
        return Ok(json(StatusCode::OK, &seen(app, headers, peer)));
    }
    let place = probes.take_place().map_err(problem)?;
    Ok(match which {
        "drip" => drip(place),
        _ => count(body, probes.file_bytes, place).await,
    })
}

/// Y5 and Y6: a handshake that offers nothing but the doctor's subprotocol.
pub(super) fn socket(
    app: Arc<App>,
    method: &Method,
    headers: &HeaderMap,
    peer: Option<Peer>,
    on_upgrade: Option<OnUpgrade>,
    counted: Option<Place>,
) -> Response {
    let seen = seen(&app, headers, peer);
    let checked = Handshake::check(method, headers, &app.origins, Subprotocols::Doctor);
    let (handshake, on_upgrade) = match (checked, on_upgrade) {
        (Ok(handshake), Some(on_upgrade)) => (handshake, on_upgrade),
        (Ok(_), None) => return refused(StatusCode::BAD_REQUEST, seen),
        (Err(response), _) => return refused(response.status(), seen),
    };
    let admitted = app.doctor.admit(whence::address(peer, headers));
    let place = match admitted.and_then(|()| app.doctor.take_place()) {
        Ok(place) => place,
        Err(refused) => return problem(refused),
    };
    let sockets = app.sockets.clone();
    sockets.spawn(async move {
        match on_upgrade.await {
            Ok(upgraded) => silent::keep(&app, upgraded, &seen).await,
            Err(error) => tracing::debug!(%error, "a probe of an upgrade came to nothing"),
        }
        drop((place, counted));
    });
    handshake.answer()
}

fn refused(status: StatusCode, seen: Seen) -> Response {
    let detail = "this is not an upgrade that can be done".to_owned();
    let error = Problem::Malformed { detail };
    json(status, &RefusedProbe { error, seen })
}

/// Y1
fn seen(app: &App, headers: &HeaderMap, peer: Option<Peer>) -> Seen {
    let version = peer.map(|peer| format!("{:?}", peer.version));
    let version = version.as_deref().unwrap_or_default();
    let local = peer.filter(|peer| peer.address.ip().is_loopback());
    Seen {
        http: version.trim_start_matches("HTTP/").to_owned(),
        headers: SHOWN
            .into_iter()
            .flat_map(|name| shown(headers, name))
            .collect(),
        admitted: app.origins.admit(headers),
        local_port: local.map(|peer| peer.address.port()),
        https: app.https,
        now: clock::now(),
        ping_ms: u64::try_from(app.limits.ping.as_millis()).unwrap_or(u64::MAX),
        file_bytes: app.doctor.file_bytes,
    }
}

fn shown(headers: &HeaderMap, name: &'static str) -> impl Iterator<Item = Header> {
    let values = headers.get_all(HeaderName::from_static(name)).into_iter();
    values.map(move |value| {
        let text = String::from_utf8_lossy(value.as_bytes());
        let cut = text.chars().take(limits::DOCTOR_HEADER_CHARS).collect();
        Header {
            name: name.to_owned(),
            value: Some(cut),
            bytes: value.len(),
        }
    })
}

/// Y2: the same kind of answer that brings messages where there is no WebSocket.
fn drip(place: OwnedSemaphorePermit) -> Response {
    let pieces = stream::unfold((0, place), |(n, place)| async move {
        if n == limits::DOCTOR_DRIPS {
            return None;
        }
        if n > 0 {
            sleep(Duration::from_millis(limits::DOCTOR_DRIP_MS)).await;
        }
        let piece = Bytes::from(format!("data: {n}\n\n"));
        Some((Ok(piece), (n + 1, place)))
    });
    events(pieces)
}

/// Y3: nothing of the body is kept.
async fn count<B: Buf>(
    body: impl Stream<Item = Result<B, warp::Error>>,
    limit: u64,
    _place: OwnedSemaphorePermit,
) -> Response {
    pin_mut!(body);
    let until = Instant::now() + Duration::from_millis(limits::DOCTOR_BODY_MS);
    let mut bytes = 0;
    loop {
        match timeout_at(until, body.next()).await {
            Ok(Some(Ok(piece))) => bytes += piece.remaining() as u64,
            Ok(None) => return json(StatusCode::OK, &Counted { bytes }),
            Ok(Some(Err(error))) => return malformed(StatusCode::BAD_REQUEST, &error.to_string()),
            Err(_) => return malformed(StatusCode::REQUEST_TIMEOUT, "the body took too long"),
        }
        if bytes > limit {
            let detail = format!("the body has more than {limit} bytes");
            return malformed(StatusCode::PAYLOAD_TOO_LARGE, &detail);
        }
    }
}
