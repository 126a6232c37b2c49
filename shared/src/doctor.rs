//! What stands between a client and the server, and what is wrong with it: the answers of the server's probes, the facts that
//! `parlance doctor` or the app gathers with them, and what follows from those facts.
//!
//! Whoever gathers does the IO and has the clocks; [`diagnosis`] only judges. It must never guess: a fact that could not be
//! gathered leads to no finding.

pub mod diagnosis;

use serde::Serialize;

use crate::ids::Timestamp;
use crate::json::FromJson;
use crate::problem::Problem;
use crate::protocol::{Header, value};

/// How a request arrived at the server, with what the server knows besides. `GET /api/doctor/echo`; the first message on a
/// silent socket (Y5); `seen` of an upgrade that was refused (Y6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Seen {
    /// The version of HTTP in which it came, such as `1.1`.
    pub http: String,
    /// Its headers, as far as they are on the list of those that are shown.
    pub headers: Vec<Header>,
    /// Whether H5 lets its `Origin` pass.
    pub admitted: bool,
    /// The other end of its connection, if that is on the server's own machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_port: Option<u16>,
    /// Whether the server was told that people come over https.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub https: bool,
    /// The server's clock.
    pub now: Timestamp,
    /// Milliseconds between its pings (K1).
    pub ping_ms: u64,
    /// Bytes of the largest file that people may send.
    pub file_bytes: u64,
}

/// The answer to an upgrade with the doctor's subprotocol that the handshake refuses (Y6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct RefusedProbe {
    /// Why.
    pub error: Problem,
    /// What was refused.
    pub seen: Seen,
}

/// The answer of `POST /api/doctor/body`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromJson)]
pub struct Counted {
    /// Bytes of the body.
    pub bytes: u64,
}

impl Seen {
    /// The value of a header, if it came and was not empty.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        value(&self.headers, name).filter(|value| !value.is_empty())
    }

    pub(crate) fn has_token(&self, name: &str, token: &str) -> bool {
        let tokens = self.header(name).unwrap_or_default().split(',');
        tokens
            .map(str::trim)
            .any(|one| one.eq_ignore_ascii_case(token))
    }

    /// What it lacks of a request for an upgrade, as RFC 6455 section 4.1 wants it.
    pub(crate) fn missing_for_upgrade(&self) -> Vec<&'static str> {
        let asks = [
            ("upgrade", self.has_token("upgrade", "websocket")),
            ("connection", self.has_token("connection", "upgrade")),
            (
                "sec-websocket-key",
                self.header("sec-websocket-key").is_some(),
            ),
        ];
        let missing = asks.into_iter().filter(|(_, there)| !there);
        missing.map(|(name, _)| name).collect()
    }

    pub(crate) fn is_http_1_0(&self) -> bool {
        self.http == "1.0"
    }
}

/// What was gathered about the way to a server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The host, with the port unless it is the scheme's own, as a browser would put it into `Host`.
    pub host: String,
    /// Whether the address begins with `https`.
    pub https: bool,
    /// Addresses of that name which take no connection, though another one does.
    pub dead_addresses: Vec<String>,
    /// What is wrong with the certificate.
    pub certificate: Option<String>,
    /// The server takes nothing but HTTP/2.
    pub only_http2: bool,
    /// How an ordinary request arrived.
    pub echo: Option<Echo>,
    /// What became of an upgrade.
    pub socket: Option<Socket>,
    /// When something of a streamed answer came, in milliseconds after the request, each not before the last.
    pub drip: Option<Vec<u64>>,
    /// What became of a large body.
    pub body: Option<Body>,
}

/// How an ordinary request arrived, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Echo {
    /// What the server saw.
    pub seen: Seen,
    /// Our clock when it was sent.
    pub sent: Timestamp,
    /// Our clock when the answer was there.
    pub answered: Timestamp,
    /// Our own end of the connection, where that is known.
    pub port: Option<u16>,
}

/// What became of an upgrade to the silent socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Socket {
    /// It opened.
    Opened {
        /// Milliseconds of silence after which it was closed; none if it was open for as long as one waited.
        closed_after_ms: Option<u64>,
        /// Milliseconds for which one would have waited.
        patience_ms: u64,
    },
    /// It was refused, by the server if that has `seen` it.
    Refused { status: u16, seen: Option<Seen> },
    /// It came to nothing, and no one said why. A browser tells its scripts no more than this.
    Broken,
}

/// What became of a large body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// The server has counted all of it.
    Taken { bytes: u64 },
    /// It was refused on the way, or cut off without a word.
    Refused { status: Option<u16>, bytes: u64 },
}
