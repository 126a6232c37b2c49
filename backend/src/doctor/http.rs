//! Requests to the probes, each on a connection of its own.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Incoming};
use hyper::client::conn::http1;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use shared::json::FromJson;
use shared::wire;
use tokio::process::Child;
use tokio::time::timeout;
use warp::http::header::{HOST, HeaderValue, ORIGIN, SERVER, USER_AGENT};

use super::line::Line;
use super::target::Target;

/// For an answer to begin, or to end.
pub(super) const ANSWER: Duration = Duration::from_secs(15);

/// How a probe itself refuses (Y3, Y4), which says nothing of the way.
pub(super) const OF_THE_PROBE: [StatusCode; 3] = [
    StatusCode::REQUEST_TIMEOUT,
    StatusCode::TOO_MANY_REQUESTS,
    StatusCode::SERVICE_UNAVAILABLE,
];

/// Bytes of an answer that are read.
const BYTES: usize = 64 * 1024;

/// The program, as it calls itself.
const AGENT: &str = concat!("parlance-doctor/", env!("CARGO_PKG_VERSION"));

/// An answer whose head is there, and the connection on which its body comes.
pub(super) struct Answer {
    pub(super) response: Response<Incoming>,
    pub(super) port: Option<u16>,
    _tunnel: Option<Child>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoAnswer {
    /// It may still come.
    #[error("no answer came in time")]
    Late,
    /// It will not.
    #[error("{0}")]
    Broken(String),
}

/// Asks as a page of the server itself would.
pub(super) async fn ask<B>(
    target: &Target,
    address: SocketAddr,
    request: Request<B>,
    within: Duration,
) -> Result<Answer, NoAnswer>
where
    B: Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let answered = timeout(within, send(target, address, request)).await;
    let answered = answered.map_err(|_| NoAnswer::Late)?;
    answered.map_err(|error| NoAnswer::Broken(error.to_string()))
}

async fn send<B>(
    target: &Target,
    address: SocketAddr,
    mut request: Request<B>,
) -> Result<Answer, Box<dyn std::error::Error + Send + Sync>>
where
    B: Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let Line { io, port, tunnel } = Line::open(target, address).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(io)).await?;
    // Ends by itself when the answer is read, or dropped.
    tokio::spawn(connection.with_upgrades());
    let headers = request.headers_mut();
    headers.insert(HOST, target.authority().try_into()?);
    headers.insert(ORIGIN, target.origin().try_into()?);
    headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
    Ok(Answer {
        response: sender.send_request(request).await?,
        port,
        _tunnel: tunnel,
    })
}

impl Answer {
    /// What the answer calls the program that gave it.
    pub(super) fn server(&self) -> Option<String> {
        let named = self.response.headers().get(SERVER)?;
        Some(named.to_str().ok()?.to_owned())
    }

    /// What the body says.
    pub(super) async fn read<T: FromJson>(self) -> Result<T, String> {
        let status = self.response.status();
        let body = Limited::new(self.response.into_body(), BYTES);
        let body = timeout(ANSWER, body.collect()).await;
        let body = body.map_err(|_| "the answer did not end".to_owned())?;
        let body = body.map_err(|error| error.to_string())?.to_bytes();
        let text = String::from_utf8_lossy(&body);
        wire::decode(&text).ok_or_else(|| format!("the answer was {status}"))
    }
}
