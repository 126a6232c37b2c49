//! `/api/session`: signing in, asking who one is, signing out (A1 to A5).

use std::sync::Arc;

use bytes::{Buf, BytesMut};
use futures_util::{Stream, StreamExt, pin_mut};
use shared::http::{SignIn, SignedIn};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::Person;
use shared::text::PersonName;
use warp::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, SET_COOKIE, TRANSFER_ENCODING};
use warp::http::{Method, StatusCode};
use warp::reply::Response;

use super::refusal::{json, malformed, method_not_allowed, problem, refusal};
use super::{App, cookie};
use crate::engine::session::TokenHash;
use crate::random;

/// Bytes of a request's body.
const BODY_BYTES: usize = limits::CLIENT_MESSAGE_BYTES;

/// Answers whatever comes to `/api/session`.
pub(super) async fn session<B: Buf>(
    app: Arc<App>,
    method: Method,
    headers: HeaderMap,
    query: String,
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Response {
    let answer = match method {
        Method::GET | Method::HEAD => who(&app, &headers).await,
        Method::POST | Method::DELETE if !app.origins.admit(&headers) => {
            Err(refusal(StatusCode::FORBIDDEN, Problem::ForeignOrigin))
        }
        Method::POST | Method::DELETE if !has_json_or_nothing(&headers) => {
            let detail = "the body must be application/json";
            Err(malformed(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail))
        }
        Method::POST => sign_in(&app, &headers, body).await,
        Method::DELETE => sign_out(&app, &headers, &query).await,
        other => Err(method_not_allowed(&other, "GET, HEAD, POST, DELETE")),
    };
    answer.unwrap_or_else(|refused| refused)
}

/// A4, with the Origin: decided before anything is read or changed.
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

/// Everyone whose session this browser has. A session that was revoked is passed over.
async fn who(app: &App, headers: &HeaderMap) -> Result<Response, Response> {
    let mut people = Vec::new();
    for session in cookie::all(headers) {
        let identity = app.rooms.identify(session.token).await.map_err(problem)?;
        people.extend(identity.map(|identity| identity.person));
    }
    let mut people = people.into_iter();
    let me = people
        .next()
        .ok_or_else(|| problem(Problem::Unauthenticated))?;
    let also = people.collect();
    Ok(json(StatusCode::OK, &SignedIn { me, also }))
}

async fn sign_in<B: Buf>(
    app: &App,
    headers: &HeaderMap,
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Result<Response, Response> {
    let body = read(body).await?;
    let typed: SignIn = serde_json::from_slice(&body)
        .map_err(|error| malformed(StatusCode::BAD_REQUEST, &error.to_string()))?;
    let name = PersonName::parse(&typed.name)
        .map_err(|reason| problem(Problem::BadName { problem: reason }))?;
    let id = random::person_id();
    let (me, token) = (Person { id, name }, cookie::token());
    let hash = TokenHash::of(&token);
    app.rooms.sign_in(me.clone(), hash).await.map_err(problem)?;
    let id = me.id;
    let mut response = json(
        StatusCode::CREATED,
        &SignedIn {
            me,
            also: Vec::new(),
        },
    );
    let mut give = |cookie| response.headers_mut().append(SET_COOKIE, cookie);
    give(cookie::give(id, &token, app.https));
    // A5: one more than the limit takes the place of the oldest.
    let before = cookie::all(headers);
    if before.len() >= limits::SESSIONS_PER_BROWSER {
        app.rooms.sign_out(before[0].token).await.map_err(problem)?;
        give(cookie::clear(before[0].person, app.https));
    }
    Ok(response)
}

/// Without a session there is nothing left to do, which is what was asked for.
async fn sign_out(app: &App, headers: &HeaderMap, query: &str) -> Result<Response, Response> {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::NO_CONTENT;
    if let Some(session) = cookie::read(headers, query) {
        app.rooms.sign_out(session.token).await.map_err(problem)?;
        let cookie = cookie::clear(session.person, app.https);
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Reads a body, also one that does not say its length.
async fn read<B: Buf>(
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Result<BytesMut, Response> {
    pin_mut!(body);
    let mut whole = BytesMut::new();
    while let Some(piece) = body.next().await {
        let piece =
            piece.map_err(|error| malformed(StatusCode::BAD_REQUEST, &error.to_string()))?;
        if whole.len() + piece.remaining() > BODY_BYTES {
            let detail = format!("the body has more than {BODY_BYTES} bytes");
            return Err(malformed(StatusCode::PAYLOAD_TOO_LARGE, &detail));
        }
        bytes::BufMut::put(&mut whole, piece);
    }
    Ok(whole)
}
