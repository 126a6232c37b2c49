//! The probes, one after the other, and the facts that they yield.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use http_body_util::{BodyExt, Empty, StreamBody};
use hyper::body::Frame;
use hyper::{Request, StatusCode};
use shared::doctor::{Body, Counted, Echo, Facts, Seen};
use shared::limits;
use tokio::time::{Instant, timeout};
use warp::http::header::{ACCEPT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};

use super::certificate::{self, Tls};
use super::http::{ANSWER, NoAnswer, OF_THE_PROBE, ask};
use super::line::Addresses;
use super::target::Target;
use super::{Unreachable, socket};
use crate::clock;

/// Bytes of a large body that are sent at once.
static PIECE: [u8; 16 * 1024] = [0; 16 * 1024];

/// For a large body to be sent and counted; the server gives up before that.
const BODY: Duration = Duration::from_millis(limits::DOCTOR_BODY_MS + 5_000);

/// Moments at which something of the streamed answer comes that are remembered: it has fewer pieces, unless a proxy cuts them.
const MOMENTS: usize = 16;

/// For a piece of the streamed answer to come.
const DRIP: Duration = Duration::from_secs(10);

/// What was found out.
#[derive(Debug)]
pub(super) struct Gathered {
    pub(super) facts: Facts,
    /// What takes connections there.
    pub(super) addresses: Vec<SocketAddr>,
    pub(super) tls: Option<Tls>,
    /// What the answers call the program that gave them.
    pub(super) server: Option<String>,
}

/// Asks everything.
pub(super) async fn gather(target: &Target, patience: Duration) -> Result<Gathered, Unreachable> {
    let addresses = Addresses::of(target).await?;
    let address = addresses.alive[0];
    let tls = match target.https {
        true => Some(certificate::inspect(target, address).await?),
        false => None,
    };
    let (echo, server) = echo(target, address).await?;
    let bytes = echo.seen.file_bytes;
    let (socket, (drip, body)) = tokio::join!(
        socket::try_silence(target, address, patience),
        // In turn: a large body would delay the pieces.
        async {
            (
                drip(target, address).await,
                body(target, address, bytes).await,
            )
        }
    );
    let dead = addresses.dead.iter();
    let facts = Facts {
        host: target.authority(),
        https: target.https,
        dead_addresses: dead.map(|address| address.ip().to_string()).collect(),
        certificate: tls.as_ref().and_then(|tls| tls.trouble.clone()),
        only_http2: tls.as_ref().is_some_and(|tls| tls.only_http2),
        echo: Some(echo),
        socket,
        drip,
        body,
    };
    Ok(Gathered {
        facts,
        addresses: addresses.alive,
        tls,
        server,
    })
}

async fn echo(target: &Target, address: SocketAddr) -> Result<(Echo, Option<String>), Unreachable> {
    let request = Request::get("/api/doctor/echo").body(Empty::<Bytes>::new());
    let request = request.map_err(|error| Unreachable::NoAnswer(error.to_string()))?;
    let sent = clock::now();
    let answer = ask(target, address, request, ANSWER).await;
    let answer = answer.map_err(|error| Unreachable::NoAnswer(error.to_string()))?;
    let answered = clock::now();
    let (port, server) = (answer.port, answer.server());
    let status = answer.response.status();
    let seen: Result<Seen, String> = answer.read().await;
    if status == StatusCode::TOO_MANY_REQUESTS {
        let often = "it was asked too often from here; wait some minutes".to_owned();
        return Err(Unreachable::NoAnswer(often));
    }
    let echo = Echo {
        seen: seen.map_err(Unreachable::Other)?,
        sent,
        answered,
        port,
    };
    Ok((echo, server))
}

/// When something of a streamed answer comes. It is asked for as browsers do, because what compresses may keep back.
async fn drip(target: &Target, address: SocketAddr) -> Option<Vec<u64>> {
    let request = Request::get("/api/doctor/drip")
        .header(ACCEPT_ENCODING, "gzip, deflate, br")
        .body(Empty::<Bytes>::new());
    let begun = Instant::now();
    let mut answer = ask(target, address, request.ok()?, ANSWER).await.ok()?;
    if answer.response.status() != StatusCode::OK {
        return None;
    }
    let mut came = Vec::new();
    while let Some(frame) = timeout(DRIP, answer.response.frame()).await.ok()? {
        if frame.ok()?.is_data() && came.len() < MOMENTS {
            came.push(u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX));
        }
    }
    (!came.is_empty()).then_some(came)
}

/// What becomes of a body of so many bytes.
async fn body(target: &Target, address: SocketAddr, bytes: u64) -> Option<Body> {
    let refused = |status| Some(Body::Refused { status, bytes });
    match post(target, address, bytes).await {
        Posted::Counted => Some(Body::Taken { bytes }),
        Posted::Refused(status) => refused(Some(status.as_u16())),
        Posted::Unsaid => None,
        // The probe refuses without reading (Y3, Y4), and what is still on its way then may break the connection before the
        // answer is read. That is no finding: whether it was the probe shows a body that arrives whole at once.
        Posted::Broken => match post(target, address, 1).await {
            Posted::Counted => refused(None),
            _ => None,
        },
    }
}

/// What came of a body.
enum Posted {
    /// It arrived whole.
    Counted,
    /// Something on the way answered.
    Refused(StatusCode),
    /// The probe had no time or place for it, or nothing came in time.
    Unsaid,
    /// The connection ended without an answer.
    Broken,
}

async fn post(target: &Target, address: SocketAddr, bytes: u64) -> Posted {
    let pieces = stream::unfold(bytes, |left| async move {
        let length = left.min(PIECE.len() as u64);
        let piece = Bytes::from_static(&PIECE).slice(..usize::try_from(length).ok()?);
        (length > 0).then(|| (Ok::<_, Infallible>(Frame::data(piece)), left - length))
    });
    let request = Request::post("/api/doctor/body")
        .header(CONTENT_TYPE, "application/octet-stream")
        .header(CONTENT_LENGTH, bytes)
        .body(StreamBody::new(Box::pin(pieces)));
    let Ok(request) = request else {
        return Posted::Unsaid;
    };
    let answer = match ask(target, address, request, BODY).await {
        Ok(answer) => answer,
        Err(NoAnswer::Late) => return Posted::Unsaid,
        Err(NoAnswer::Broken(_)) => return Posted::Broken,
    };
    let status = answer.response.status();
    match answer.read::<Counted>().await {
        Ok(counted) if counted.bytes == bytes => Posted::Counted,
        _ if OF_THE_PROBE.contains(&status) => Posted::Unsaid,
        _ => Posted::Refused(status),
    }
}
