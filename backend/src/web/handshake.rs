//! The opening handshake of RFC 6455 section 4.2 as a function of the request's head: rules H1 to H7, in that order.

use shared::accept::{Accept, is_key};
use shared::limits::{DOCTOR_SUBPROTOCOL, SUBPROTOCOL, SUBPROTOCOL_FAMILY};
use shared::problem::Problem;
use warp::http::header::{
    ALLOW, CONNECTION, HeaderMap, HeaderName, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use warp::http::{Method, StatusCode};
use warp::reply::Response;

use super::origins::Origins;
use super::refusal::{malformed, refusal};

/// The one version there is.
const VERSION: &str = "13";

/// What the client must offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subprotocols {
    /// One of Parlance's (H4).
    Parlance,
    /// That of the doctor's silent socket (Y5).
    Doctor,
    /// Anything or nothing, for the conformance run.
    Any,
}

/// An upgrade that may be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handshake {
    accept: HeaderValue,
    protocol: Option<HeaderValue>,
}

impl Handshake {
    /// Checks the head of a request, or says how to refuse it.
    pub fn check(
        method: &Method,
        headers: &HeaderMap,
        origins: &Origins,
        subprotocols: Subprotocols,
    ) -> Result<Self, Box<Response>> {
        if method != Method::GET {
            let response = malformed(StatusCode::METHOD_NOT_ALLOWED, "an upgrade is a GET");
            return Err(with(response, ALLOW, HeaderValue::from_static("GET")).into());
        }
        if !has_token(headers, &UPGRADE, "websocket") || !has_token(headers, &CONNECTION, "upgrade")
        {
            return Err(upgrade_required("this address speaks WebSocket only").into());
        }
        let mut versions = headers.get_all(SEC_WEBSOCKET_VERSION).iter();
        if !matches!((versions.next(), versions.next()), (Some(v), None) if v == VERSION) {
            let response = upgrade_required("only version 13 of the WebSocket protocol is spoken");
            let version = HeaderValue::from_static(VERSION);
            return Err(with(response, SEC_WEBSOCKET_VERSION, version).into());
        }
        let Some(accept) = accept(headers) else {
            let detail = "Sec-WebSocket-Key must be 16 bytes in base64";
            return Err(malformed(StatusCode::BAD_REQUEST, detail).into());
        };
        let protocol = match subprotocols {
            Subprotocols::Doctor => Some(HeaderValue::from_static(DOCTOR_SUBPROTOCOL)),
            Subprotocols::Parlance | Subprotocols::Any => choose(headers),
        };
        if protocol.is_none() && subprotocols == Subprotocols::Parlance {
            let response = malformed(
                StatusCode::BAD_REQUEST,
                "no subprotocol of Parlance is offered",
            );
            let ours = HeaderValue::from_static(SUBPROTOCOL);
            return Err(with(response, SEC_WEBSOCKET_PROTOCOL, ours).into());
        }
        if !origins.admit(headers) {
            return Err(refusal(StatusCode::FORBIDDEN, Problem::ForeignOrigin).into());
        }
        Ok(Self { accept, protocol })
    }

    /// Whether the chosen subprotocol is the one that this server speaks (H7).
    #[must_use]
    pub fn is_understood(&self) -> bool {
        self.protocol.as_ref().is_some_and(|one| one == SUBPROTOCOL)
    }

    /// The answer 101 (H6).
    #[must_use]
    pub fn answer(self) -> Response {
        let mut response = Response::default();
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(SEC_WEBSOCKET_ACCEPT, self.accept);
        if let Some(protocol) = self.protocol {
            headers.insert(SEC_WEBSOCKET_PROTOCOL, protocol);
        }
        response
    }
}

fn accept(headers: &HeaderMap) -> Option<HeaderValue> {
    let mut keys = headers.get_all(SEC_WEBSOCKET_KEY).iter();
    let (key, None) = (keys.next()?, keys.next()) else {
        return None;
    };
    let key = key.to_str().ok().filter(|key| is_key(key.as_bytes()))?;
    HeaderValue::try_from(Accept::of(key).value).ok()
}

/// Whether nothing is offered but the doctor's silent socket (Y5).
pub(super) fn is_doctors(headers: &HeaderMap) -> bool {
    let mut offered = tokens(headers, &SEC_WEBSOCKET_PROTOCOL);
    offered.next() == Some(DOCTOR_SUBPROTOCOL) && offered.next().is_none()
}

/// Ours if it is offered, else the first of the family, whose client is told by a message what is spoken here.
fn choose(headers: &HeaderMap) -> Option<HeaderValue> {
    let mut family = tokens(headers, &SEC_WEBSOCKET_PROTOCOL)
        .filter(|offered| offered.starts_with(SUBPROTOCOL_FAMILY))
        .peekable();
    let first = *family.peek()?;
    let chosen = family.find(|one| *one == SUBPROTOCOL).unwrap_or(first);
    HeaderValue::from_str(chosen).ok()
}

fn tokens<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(name).iter();
    lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(str::trim)
}

fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    tokens(headers, name).any(|one| one.eq_ignore_ascii_case(token))
}

fn upgrade_required(detail: &str) -> Response {
    let response = malformed(StatusCode::UPGRADE_REQUIRED, detail);
    let response = with(response, UPGRADE, HeaderValue::from_static("websocket"));
    // RFC 9110 section 7.8: whoever sends Upgrade names it in Connection.
    with(response, CONNECTION, HeaderValue::from_static("upgrade"))
}

fn with(mut response: Response, name: HeaderName, value: HeaderValue) -> Response {
    response.headers_mut().insert(name, value);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(protocols: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for protocol in protocols {
            headers.append(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(protocol));
        }
        headers
    }

    /// H6: the example of RFC 6455 section 1.3.
    #[test]
    fn the_accept_key_is_the_one_of_the_rfc() {
        let mut headers = HeaderMap::new();
        let key = HeaderValue::from_static("dGhlIHNhbXBsZSBub25jZQ==");
        headers.insert(SEC_WEBSOCKET_KEY, key);
        assert_eq!(accept(&headers).unwrap(), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    /// H7
    #[test]
    fn ours_is_chosen_wherever_it_is_offered_else_the_first_of_the_family() {
        let chosen = |protocols: &[&'static str]| choose(&offer(protocols));
        assert_eq!(
            chosen(&["parlance.v9, parlance.v1"]).unwrap(),
            "parlance.v1"
        );
        assert_eq!(chosen(&["chat", "parlance.v1"]).unwrap(), "parlance.v1");
        assert_eq!(chosen(&["parlance.v9,parlance.v8"]).unwrap(), "parlance.v9");
        assert_eq!(chosen(&["chat, superchat"]), None);
        assert_eq!(chosen(&[]), None);
    }
}
