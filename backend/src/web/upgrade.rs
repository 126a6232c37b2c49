//! From an accepted handshake to a living connection: rules H6 to H10.

use std::sync::Arc;

use bytes::Bytes;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use shared::close::CloseCode;
use shared::problem::Problem;
use shared::protocol::{Handshake as Shown, ServerMessage};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use warp::http::header::HeaderMap;
use warp::http::{Method, StatusCode};
use warp::reply::Response;

use super::accept::{Peer, Place};
use super::connection::{CLOSE_WITHIN, Connection, version_unsupported};
use super::echo::echo;
use super::handshake::{Handshake, Subprotocols};
use super::refusal::{malformed, problem};
use super::secured::Secured;
use super::security;
use super::socket::Socket;
use super::tcp::Tcp;
use super::{App, cookie, doctor, handshake};
use crate::engine::session::{Identity, TokenHash};
use crate::frames::decoder::Bounds;
use crate::rooms::hub::{Refusal, Registration};
use crate::rooms::parcel::Parcel;
use crate::rooms::requests::refused;

/// Answers a request to `/ws`. The request's head is dropped with it: its headers are slices of the buffer that
/// it was read into, and must not live as long as the socket.
pub(super) async fn upgrade(
    app: Arc<App>,
    method: Method,
    headers: HeaderMap,
    query: String,
    on_upgrade: Option<OnUpgrade>,
    place: Option<Place>,
    peer: Option<Peer>,
) -> Response {
    if handshake::is_doctors(&headers) {
        return doctor::socket(app, &method, &headers, peer, on_upgrade, place);
    }
    let checked = Handshake::check(&method, &headers, &app.origins, Subprotocols::Parlance);
    let handshake = match checked {
        Ok(handshake) => handshake,
        Err(refused) => return *refused,
    };
    if app.rooms.is_draining() {
        return problem(Problem::Draining);
    }
    let Some(on_upgrade) = on_upgrade else {
        return malformed(
            StatusCode::BAD_REQUEST,
            "this connection cannot be upgraded",
        );
    };
    let session = cookie::read(&headers, &query);
    let judged = judge(&app, handshake.is_understood(), session).await;
    let mut answer = handshake.answer();
    // Added to every answer at the end; here already, so that what is shown is what is sent.
    security::secure(&mut answer, app.https);
    let shown = Box::new(echo(&query, &headers, answer.headers()));
    let sockets = app.sockets.clone();
    sockets.spawn(async move {
        match on_upgrade.await {
            Ok(upgraded) => begin(&app, upgraded, judged, shown, place),
            Err(error) => tracing::debug!(%error, "an upgrade came to nothing"),
        }
    });
    answer
}

/// Why there is no connection: what is said before, and how it is closed. Of a socket that is after the upgrade, because a
/// browser shows its scripts nothing of a refused handshake.
pub(super) struct Refused {
    pub(super) message: Option<Box<ServerMessage>>,
    pub(super) code: CloseCode,
    pub(super) reason: &'static str,
}

impl Refused {
    fn new(code: CloseCode, reason: &'static str) -> Self {
        Self {
            message: None,
            code,
            reason,
        }
    }

    fn saying(self, problem: Problem) -> Self {
        let message = Some(Box::new(refused(None, None, problem)));
        Self { message, ..self }
    }
}

/// Whose an upgraded socket is, or a pipe. `understood`: this server's version of the protocol was offered (H7).
pub(super) async fn judge(
    app: &App,
    understood: bool,
    session: Option<cookie::Session>,
) -> Result<Identity, Refused> {
    if !understood {
        let closed = Refused::new(CloseCode::VERSION_UNSUPPORTED, "protocol version");
        return Err(closed.saying(version_unsupported()));
    }
    let token = session.map(|session| session.token);
    let identity = match token {
        Some(token) => app.rooms.identify(token).await,
        None => Ok(None),
    };
    match identity {
        Ok(Some(identity)) => Ok(identity),
        Ok(None) if is_shut_out(app, token).await => {
            Err(Refused::new(CloseCode::SHUT_OUT, "shut out"))
        }
        Ok(None) => Err(Refused::new(CloseCode::SIGN_IN, "no session")),
        Err(problem) => Err(Refused::new(CloseCode::TRY_AGAIN_LATER, "overloaded").saying(problem)),
    }
}

/// Takes the person in, if there is a place for one more connection (H10).
pub(super) fn admit(app: &App, identity: Identity) -> Result<(Identity, Registration), Refused> {
    match app.rooms.register(&identity) {
        Ok(registration) => Ok((identity, registration)),
        Err(Refusal::TooManySockets) => Err(Refused::new(
            CloseCode::TOO_MANY_SOCKETS,
            "too many sockets",
        )),
        Err(Refusal::Draining) => Err(Refused::new(
            CloseCode::SERVICE_RESTART,
            "the server restarts",
        )),
    }
}

/// Whether whoever comes with this is to be told that they are shut out. When that cannot be read, they sign in to hear it.
async fn is_shut_out(app: &App, token: Option<TokenHash>) -> bool {
    let Some(token) = token else { return false };
    let found = app.rooms.engine().is_shut_out(token).await;
    found.unwrap_or_default()
}

fn begin(
    app: &App,
    upgraded: Upgraded,
    judged: Result<Identity, Refused>,
    shown: Box<Shown>,
    place: Option<Place>,
) {
    let admitted = judged.and_then(|identity| admit(app, identity));
    match over_tcp(upgraded, Bounds::PROTOCOL) {
        Ok(socket) => {
            if let Ok((_, registration)) = &admitted {
                registration.mailbox().attach(socket.io().line());
            }
            settle(app, socket, admitted, shown, place);
        }
        Err(upgraded) => {
            let io = TokioIo::new(upgraded);
            let socket = Socket::new(io, Bytes::new(), Bounds::PROTOCOL);
            settle(app, socket, admitted, shown, place);
        }
    }
}

/// The TCP connection without the HTTP connection around it, if that is what was upgraded.
pub fn over_tcp(upgraded: Upgraded, bounds: Bounds) -> Result<Socket<Tcp>, Upgraded> {
    let parts = upgraded.downcast::<TokioIo<Secured<TcpStream>>>()?;
    // Copied, because it is a slice of the HTTP connection's buffer, which would live as long.
    let unread = Bytes::copy_from_slice(&parts.read_buf);
    let stream = parts.io.into_inner().into_inner();
    Ok(Socket::new(Tcp::new(stream), unread, bounds))
}

/// Starts the connection's own task, which holds nothing of the upgrade: it may live for days, ten thousand at a time.
fn settle<IO>(
    app: &App,
    mut socket: Socket<IO>,
    admitted: Result<(Identity, Registration), Refused>,
    shown: Box<Shown>,
    place: Option<Place>,
) where
    IO: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let refused = match admitted {
        Ok(admitted) => {
            let connection = connection(app, socket, admitted, Some(shown), place);
            app.sockets.spawn(connection.run());
            return;
        }
        Err(refused) => refused,
    };
    if let Some(message) = refused.message {
        socket.queue(Parcel::message(&message));
    }
    let (code, reason) = (refused.code, refused.reason);
    app.sockets.spawn(async move {
        socket.close(Some(code), reason, CLOSE_WITHIN).await;
        drop(place);
    });
}

/// The connection of a person who was taken in.
pub(super) fn connection<IO: AsyncRead + AsyncWrite + Unpin>(
    app: &App,
    socket: Socket<IO>,
    (identity, registration): (Identity, Registration),
    shown: Option<Box<Shown>>,
    place: Option<Place>,
) -> Box<Connection<IO>> {
    let (rooms, limits) = (Arc::clone(&app.rooms), Arc::clone(&app.limits));
    let me = identity.person;
    Box::new(Connection::new(
        socket,
        rooms,
        limits,
        me,
        registration,
        shown,
        place,
    ))
}
