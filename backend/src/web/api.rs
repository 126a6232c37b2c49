//! What is under `/api`: which addresses there are, what every request there has to keep to (A4), and who makes it.

use std::sync::Arc;

use bytes::{Buf, BytesMut};
use futures_util::{Stream, StreamExt, pin_mut};
use serde::de::DeserializeOwned;
use shared::limits;
use shared::problem::Problem;
use warp::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, TRANSFER_ENCODING};
use warp::http::{Method, StatusCode};
use warp::reply::Response;

use super::accept::Peer;
use super::refusal::{malformed, method_not_allowed, not_found, problem, refusal};
use super::{App, account, cookie, doctor, files, order, pipe, session};
use crate::engine::session::Identity;

/// Bytes of a request's body.
const BODY_BYTES: usize = limits::CLIENT_MESSAGE_BYTES;

/// A handler's answer: a refusal is one too.
pub(super) type Answer = Result<Response, Response>;

/// A request that keeps to the rules.
pub(super) struct Asked {
    pub(super) headers: HeaderMap,
    pub(super) query: String,
    pub(super) peer: Option<Peer>,
    body: BytesMut,
}

impl Asked {
    /// What the body says.
    pub(super) fn body<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        serde_json::from_slice(&self.body).map_err(|error| Problem::Malformed {
            detail: error.to_string(),
        })
    }

    /// The session that it is made with, whose owner may do what concerns themselves.
    pub(super) async fn me(&self, app: &App) -> Result<Identity, Response> {
        identify(app, &self.headers, &self.query).await
    }
}

/// The session that a request is made with.
pub(super) async fn identify(
    app: &App,
    headers: &HeaderMap,
    query: &str,
) -> Result<Identity, Response> {
    let identity = match cookie::read(headers, query) {
        Some(session) => app.rooms.identify(session.token).await.map_err(problem)?,
        None => None,
    };
    identity.ok_or_else(|| problem(Problem::Unauthenticated))
}

/// Answers whatever comes to `/api`.
pub(super) async fn api<B: Buf>(
    app: Arc<App>,
    path: String,
    method: Method,
    headers: HeaderMap,
    query: String,
    peer: Option<Peer>,
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Response {
    let path: Vec<&str> = path.trim_start_matches('/').split('/').skip(1).collect();
    let Some(allowed) = allowed(&path) else {
        return not_found(&format!("/api/{}", path.join("/")));
    };
    if !allowed.split(", ").any(|one| one == method.as_str()) {
        return method_not_allowed(&method, allowed);
    }
    if let ["files", id, form @ ..] = path.as_slice() {
        let asked = files::Asked {
            id,
            small: !form.is_empty(),
            headers: &headers,
            query: &query,
        };
        let answer = files::answer(&app, &method, &asked, body).await;
        return answer.unwrap_or_else(|refused| refused);
    }
    if let ["pipe", path @ ..] = path.as_slice() {
        let answer = pipe::answer(&app, &method, path, &headers, &query, body).await;
        return answer.unwrap_or_else(|refused| refused);
    }
    if let ["doctor", which] = path.as_slice() {
        let answer = doctor::answer(&app, which, &headers, peer, body).await;
        return answer.unwrap_or_else(|refused| refused);
    }
    let asked = match check(&app, &method, headers, query, peer, body).await {
        Ok(asked) => asked,
        Err(refused) => return refused,
    };
    let answer = match path[0] {
        "session" => session::answer(&app, &method, &path[1..], &asked).await,
        "account" => account::answer(&app, &method, &path[1..], &asked).await,
        _ => order::answer(&app, &method, &path, &asked).await,
    };
    answer.unwrap_or_else(|refused| refused)
}

/// The methods of an address, if there is such a one.
fn allowed(path: &[&str]) -> Option<&'static str> {
    Some(match path {
        ["session"] => "GET, HEAD, POST, DELETE",
        ["session", "setup" | "invite" | "pass"] | ["account", "pass"] | ["people", _] => "POST",
        ["account" | "invites" | "door"] => "GET, HEAD, POST",
        ["account", "sessions"] | ["account", "sessions", _] | ["invites", _] => "DELETE",
        ["people" | "deeds" | "rooms" | "limits"] | ["files", _, "small"] => "GET, HEAD",
        ["rooms", _] => "GET, HEAD, POST",
        ["files", _] => "GET, HEAD, PUT",
        ["pipe", path @ ..] => return pipe::allowed(path),
        ["doctor", which] => return doctor::allowed(which),
        _ => return None,
    })
}

/// A4: decided before anything is read or changed.
async fn check<B: Buf>(
    app: &App,
    method: &Method,
    headers: HeaderMap,
    query: String,
    peer: Option<Peer>,
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Result<Asked, Response> {
    let changes = *method == Method::POST || *method == Method::DELETE;
    if changes && !app.origins.admit(&headers) {
        return Err(refusal(StatusCode::FORBIDDEN, Problem::ForeignOrigin));
    }
    if changes && !has_json_or_nothing(&headers) {
        let detail = "the body must be application/json";
        return Err(malformed(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    let body = match *method {
        Method::POST => read(body, BODY_BYTES).await?,
        _ => BytesMut::new(),
    };
    Ok(Asked {
        headers,
        query,
        peer,
        body,
    })
}

fn has_json_or_nothing(headers: &HeaderMap) -> bool {
    let length = headers.get(CONTENT_LENGTH);
    let has_body =
        headers.contains_key(TRANSFER_ENCODING) || length.is_some_and(|length| length != "0");
    let is_json = headers.get(CONTENT_TYPE).is_some_and(|kind| {
        let essence = kind.to_str().unwrap_or("").split(';').next();
        essence
            .unwrap_or("")
            .trim()
            .eq_ignore_ascii_case("application/json")
    });
    is_json || !has_body
}

/// Reads a body, also one that does not say its length.
pub(super) async fn read<B: Buf>(
    body: impl Stream<Item = Result<B, warp::Error>>,
    most: usize,
) -> Result<BytesMut, Response> {
    pin_mut!(body);
    let mut whole = BytesMut::new();
    while let Some(piece) = body.next().await {
        let piece =
            piece.map_err(|error| malformed(StatusCode::BAD_REQUEST, &error.to_string()))?;
        if whole.len() + piece.remaining() > most {
            let detail = format!("the body has more than {most} bytes");
            return Err(malformed(StatusCode::PAYLOAD_TOO_LARGE, &detail));
        }
        bytes::BufMut::put(&mut whole, piece);
    }
    Ok(whole)
}
