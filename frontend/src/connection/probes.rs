//! What is between this browser and the server, as far as a script can see: the probes of the doctor (section 12 of the protocol),
//! asked from inside.

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::future::{Either, select};
use futures_util::{StreamExt, pin_mut};
use gloo_net::http::RequestBuilder;
use gloo_net::websocket::Message;
use gloo_net::websocket::futures::WebSocket as WebSocketStream;
use js_sys::{Promise, Uint8Array};
use shared::doctor::{Body, Echo, Facts, Seen, Socket};
use shared::ids::Timestamp;
use shared::json::FromJson;
use shared::limits;
use shared::wire;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, XmlHttpRequest};

use crate::browser::{clock, window};
use crate::socket::address;

/// Milliseconds for an answer.
const ANSWER_MS: u32 = 15_000;

/// Milliseconds of silence after which it is known that the server's pings keep a connection open: their time, and some.
pub const SILENCE_MS: u64 = limits::SERVER_PING_MS + limits::DOCTOR_PING_SLACK_MS;

/// Bytes of a body: more than the limit of the proxies that have one without being told (1 MiB), and nothing that hurts on a phone.
const BODY_BYTES: u64 = 1024 * 1024 + 64 * 1024;

/// Asks everything. None if the server does not answer.
pub async fn gather() -> Option<Facts> {
    let location = window().location();
    let echo = echo().await?;
    let bytes = echo.seen.file_bytes.min(BODY_BYTES);
    let mut facts = Facts {
        host: location.host().unwrap_or_default(),
        https: location.protocol().is_ok_and(|scheme| scheme == "https:"),
        echo: Some(echo),
        ..Facts::default()
    };
    facts.drip = drip().await;
    facts.body = body(bytes).await;
    let socket = silence().await;
    // A server that has no place for probes refuses this one too, and a script does not hear why.
    let refused_all = facts.drip.is_none() && facts.body.is_none();
    facts.socket = Some(socket).filter(|socket| !refused_all || *socket != Socket::Broken);
    Some(facts)
}

async fn ask<T: FromJson>(request: RequestBuilder) -> Option<T> {
    let response = request.send().await.ok()?;
    wire::decode(&response.text().await.ok()?)
}

async fn echo() -> Option<Echo> {
    let deadline = AbortSignal::timeout_with_u32(ANSWER_MS);
    let request = RequestBuilder::new("/api/doctor/echo").abort_signal(Some(&deadline));
    let sent = now();
    let seen: Seen = ask(request).await?;
    Some(Echo {
        seen,
        sent,
        answered: now(),
        port: None,
    })
}

fn now() -> Timestamp {
    clock::now().clock
}

/// When something of a streamed answer comes. (`fetch` would do it with ten times the code.)
async fn drip() -> Option<Vec<u64>> {
    let request = XmlHttpRequest::new().ok()?;
    request.open("GET", "/api/doctor/drip").ok()?;
    request.set_timeout(ANSWER_MS);
    let (begun, came) = (clock::ticks(), Rc::new(RefCell::new(Vec::new())));
    let ended = Promise::new(&mut |resolve, _| request.set_onloadend(Some(&resolve)));
    let progress = {
        let came = Rc::clone(&came);
        Closure::<dyn FnMut()>::new(move || came.borrow_mut().push(clock::ticks() - begun))
    };
    request.set_onprogress(Some(progress.as_ref().unchecked_ref()));
    request.send().ok()?;
    JsFuture::from(ended).await.ok()?;
    let came = came.take();
    (request.status() == Ok(200) && !came.is_empty()).then_some(came)
}

async fn body(bytes: u64) -> Option<Body> {
    let deadline = AbortSignal::timeout_with_u32(limits::DOCTOR_BODY_MS as u32);
    let request = RequestBuilder::new("/api/doctor/body")
        .method(gloo_net::http::Method::POST)
        .header("Content-Type", "application/octet-stream")
        .abort_signal(Some(&deadline))
        .body(Uint8Array::new_with_length(bytes as u32));
    let response = request.ok()?.send().await.ok()?;
    match response.status() {
        200 => Some(Body::Taken { bytes }),
        // Only this says that it is the body.
        413 => Some(Body::Refused {
            status: Some(413),
            bytes,
        }),
        _ => None,
    }
}

/// A socket on which nothing is said.
async fn silence() -> Socket {
    let opening = WebSocketStream::open_with_protocol(&address(), limits::DOCTOR_SUBPROTOCOL);
    let Ok(mut stream) = opening else {
        return Socket::Broken;
    };
    if !matches!(
        within(&mut stream, ANSWER_MS).await,
        Some(Some(Ok(Message::Text(_))))
    ) {
        return Socket::Broken;
    }
    let since = clock::ticks();
    let ended = within(&mut stream, SILENCE_MS as u32).await;
    Socket::Opened {
        closed_after_ms: ended.map(|_| clock::ticks() - since),
        patience_ms: SILENCE_MS,
    }
}

type Came = Option<Result<Message, gloo_net::websocket::WebSocketError>>;

/// The next thing that comes, if anything does.
async fn within(stream: &mut WebSocketStream, milliseconds: u32) -> Option<Came> {
    let (next, over) = (stream.next(), clock::pause(milliseconds));
    pin_mut!(over);
    match select(next, over).await {
        Either::Left((came, _)) => Some(came),
        Either::Right(_) => None,
    }
}
