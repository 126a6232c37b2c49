//! The requests that make, feed, read and end a pipe.

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, Bytes};
use futures_util::Stream;
use futures_util::stream::unfold;
use shared::limits::{self, SUBPROTOCOL, SUBPROTOCOL_FAMILY};
use shared::problem::Problem;
use shared::wire;
use tokio::time::timeout;
use warp::http::header::{CONTENT_TYPE, HeaderMap};
use warp::http::{Method, StatusCode};
use warp::reply::{Reply, Response};

use super::costs::{Costs, Metered};
use super::ends::{Heard, Unheard, closing, pair};
use super::{Pipe, PipeId, Pipes, forget};
use crate::frames::decoder::Bounds;
use crate::web::account::nothing;
use crate::web::api::{self, Answer};
use crate::web::events::events;
use crate::web::order::field;
use crate::web::refusal::{json, malformed, not_found, problem, refusal};
use crate::web::socket::Socket;
use crate::web::upgrade::{Refused, admit, connection, judge};
use crate::web::{App, cookie};

/// Bytes of one request's lines: two messages of the greatest size, or very many of the usual one.
const LINES_BYTES: usize = 2 * limits::CLIENT_MESSAGE_BYTES;

/// How long lines wait to be taken by a connection that is busy, before their request is refused.
const SAY_WITHIN: Duration = Duration::from_secs(10);

/// The type of the lines that a client brings: none that a foreign page could send without being asked (A4).
const LINES: &str = "application/x-ndjson";

/// What a stream begins with. It is there to be seen: what does not let it through holds everything back.
const STREAM_OPEN: &str = "data: open\n\n";

/// The methods of an address behind `/api/pipe`, if there is such a one.
pub(in crate::web) fn allowed(path: &[&str]) -> Option<&'static str> {
    Some(match path {
        [] => "POST",
        [_] => "GET, POST, DELETE",
        [_, "events" | "costs"] => "GET",
        _ => return None,
    })
}

/// Answers what comes to `/api/pipe`.
pub(in crate::web) async fn answer<B: Buf>(
    app: &Arc<App>,
    method: &Method,
    path: &[&str],
    headers: &HeaderMap,
    query: &str,
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Answer {
    if !app.origins.admit(headers) {
        return Err(refusal(StatusCode::FORBIDDEN, Problem::ForeignOrigin));
    }
    let Some(name) = path.first() else {
        return make(app, headers, query).await;
    };
    let (id, pipe) = match find(app, name, headers) {
        Some(found) => found,
        // What is no more need not be ended, and what is somebody else's is no more.
        None if *method == Method::DELETE => return Ok(nothing()),
        None => return Err(not_found("/api/pipe")),
    };
    if path.get(1) == Some(&"costs") {
        return Ok(json(StatusCode::OK, &pipe.costs.counted()));
    }
    pipe.far.stir();
    let rest = path.iter().map(|part| part.len() + 1).sum::<usize>() - 1;
    pipe.costs.request(method, rest, query, headers);
    let metered = Metered(Arc::clone(&pipe.costs));
    let answered = match *method {
        Method::POST => say(&pipe, headers, query, body).await,
        Method::DELETE => {
            app.pipes.remove(id);
            Ok(nothing())
        }
        _ if path.len() > 1 => Ok(stream(app, id, pipe)),
        _ => hear(&pipe, query).await,
    };
    answered.map(|mut response| {
        response.extensions_mut().insert(metered);
        response
    })
}

/// W1: the checks of the handshake, then the same verdict as over a socket.
async fn make(app: &Arc<App>, headers: &HeaderMap, query: &str) -> Answer {
    let protocol = field(query, "protocol").unwrap_or_default();
    if !protocol.starts_with(SUBPROTOCOL_FAMILY) {
        let detail = "no subprotocol of Parlance is offered";
        return Err(malformed(StatusCode::BAD_REQUEST, detail));
    }
    if app.rooms.is_draining() {
        return Err(problem(Problem::Draining));
    }
    let session = cookie::read(headers, query);
    // One that has ended takes no place of a connection any more, but memory.
    let most = 2 * app.rooms.limits().sockets_per_person;
    let has_many = session.is_some_and(|session| app.pipes.of(session.token) >= most);
    if has_many || app.pipes.len() >= app.limits.connections {
        let retry_after_ms = limits::CLIMB_SOON_MS;
        return Err(problem(Problem::Overloaded { retry_after_ms }));
    }
    let judged = judge(app, protocol == SUBPROTOCOL, session).await;
    let admitted = judged.and_then(|identity| admit(app, identity));
    let (admitted, session) = match (admitted, session) {
        (Ok(admitted), Some(session)) => (admitted, session),
        (Ok(_), None) => return Err(problem(Problem::Unauthenticated)),
        (Err(refused), _) => return Ok(no_pipe(&refused)),
    };
    let (near, far) = pair();
    let socket = Socket::new(near, Bytes::new(), Bounds::PROTOCOL);
    let costs = Arc::<Costs>::default();
    costs.request(&Method::POST, 0, query, headers);
    let metered = Metered(Arc::clone(&costs));
    let id = app.pipes.add(session.token, far, costs);
    let mut response = lines(format!("open {id:032x}\n"));
    *response.status_mut() = StatusCode::CREATED;
    response.extensions_mut().insert(metered);
    let living = connection(app, socket, admitted, None, None).run();
    let pipes = Arc::clone(&app.pipes);
    app.sockets.spawn(async move {
        living.await;
        tokio::spawn(forget(pipes, id));
    });
    Ok(response)
}

/// What would have been said on a socket before it was closed.
fn no_pipe(refused: &Refused) -> Response {
    let message = refused
        .message
        .iter()
        .map(|message| wire::encode(&**message) + "\n");
    let mut text: String = message.collect();
    text += &closing(refused.code, refused.reason);
    lines(text + "\n")
}

/// W3: somebody else's pipe is like one that never was.
fn find(app: &App, name: &str, headers: &HeaderMap) -> Option<(PipeId, Arc<Pipe>)> {
    let id = PipeId::from_str_radix(name, 16).ok()?;
    let pipe = app.pipes.find(id)?;
    let mut sessions = cookie::all(headers).into_iter();
    let mine = sessions.any(|session| session.token == pipe.token);
    mine.then_some((id, pipe))
}

/// W4
async fn say<B: Buf>(
    pipe: &Pipe,
    headers: &HeaderMap,
    query: &str,
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Answer {
    if headers.get(CONTENT_TYPE).is_none_or(|kind| kind != LINES) {
        let detail = format!("the body must be {LINES}");
        return Err(malformed(StatusCode::UNSUPPORTED_MEDIA_TYPE, &detail));
    }
    let n = number(query, "n").ok_or_else(|| problem(Problem::OutOfTurn))?;
    let body = api::read(body, LINES_BYTES).await?;
    let said = poll_fn(|context| pipe.far.poll_say(context, n, &body));
    match timeout(SAY_WITHIN, said).await {
        Ok(Ok(())) => Ok(nothing()),
        Ok(Err(_)) => Err(problem(Problem::OutOfTurn)),
        Err(_) => Err(problem(Problem::Overloaded {
            retry_after_ms: limits::CLIMB_SOON_MS,
        })),
    }
}

/// W5
async fn hear(pipe: &Pipe, query: &str) -> Answer {
    let after = number(query, "after").ok_or_else(|| problem(Problem::OutOfTurn))?;
    let wait = number(query, "wait").unwrap_or_default();
    let wait = Duration::from_millis(wait.saturating_mul(1_000).min(limits::LONG_POLL_MS));
    let reader = pipe.far.begin_reading();
    let mut waited = false;
    let heard = poll_fn(|context| {
        let heard = pipe.far.poll_hear(context, reader, after);
        waited |= heard.is_pending();
        heard
    });
    let heard = timeout(wait, heard).await;
    if waited && !wait.is_zero() {
        pipe.costs.woken();
    }
    match heard {
        Ok(Ok(heard)) => Ok(lines(heard.lines)),
        Ok(Err(Unheard::Over)) => Err(not_found("/api/pipe")),
        Ok(Err(Unheard::Number)) => Err(problem(Problem::OutOfTurn)),
        Ok(Err(Unheard::Replaced)) | Err(_) => Ok(lines(String::new())),
    }
}

/// W6
fn stream(app: &App, id: PipeId, pipe: Arc<Pipe>) -> Response {
    let reader = pipe.far.begin_reading();
    let streaming = Streaming {
        pipes: Arc::clone(&app.pipes),
        id,
        pipe,
        reader,
        after: None,
    };
    events(unfold(streaming, |mut streaming| async move {
        let text = streaming.next().await?;
        Some((Ok(Bytes::from(text)), streaming))
    }))
}

/// A stream of events on its way. Nobody knows how much of it arrived when it breaks, so the pipe ends with it, and the
/// next connection resumes.
struct Streaming {
    pipes: Arc<Pipes>,
    id: PipeId,
    pipe: Arc<Pipe>,
    reader: u64,
    after: Option<u64>,
}

impl Drop for Streaming {
    fn drop(&mut self) {
        self.pipes.remove(self.id);
    }
}

impl Streaming {
    async fn next(&mut self) -> Option<String> {
        let Some(after) = self.after else {
            // What polls have fetched is theirs.
            self.after = Some(self.pipe.far.told());
            return Some(STREAM_OPEN.to_owned());
        };
        let heard = poll_fn(|context| self.pipe.far.poll_hear(context, self.reader, after));
        let Heard { lines, count } = heard.await.ok()?;
        self.after = Some(after + count);
        self.pipe.costs.events(count);
        let events = lines.lines().map(|line| format!("data: {line}\n\n"));
        Some(events.collect())
    }
}

fn lines(text: String) -> Response {
    text.into_response()
}

fn number(query: &str, name: &str) -> Option<u64> {
    field(query, name)?.parse().ok()
}
