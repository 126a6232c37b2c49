//! The accept loop: one HTTP/1.1 connection per task around the routes, with the times and bounds that the
//! stock server does not have. It is generic over the stream, so that tests need no network.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper::{Request, Version};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::pipe::{Metered, Pipes};
use super::routes::Routes;
use super::secured::Secured;
use super::security;

/// Bytes of a request's head (H9), which also bounds what hyper buffers of a body.
const HEAD_BYTES: usize = 16 * 1024;

/// Headers of a request (H9).
const HEADERS: usize = 100;

/// How long the loop waits after an error such as "too many open files", which passes when connections end.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What one who comes to a full server hears, before the connection is closed.
fn full(https: bool) -> String {
    format!(
        "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\n\
         content-length: 0\r\n{}\r\n",
        security::lines(https)
    )
}

/// The other side of a connection. Every request carries it as an extension.
#[derive(Debug, Clone, Copy)]
pub struct Peer {
    /// Where it is.
    pub address: SocketAddr,
    /// In which version of HTTP it asks.
    pub version: Version,
}

/// A connection's place among those that are counted. Every request carries it as an extension, so that an
/// upgraded socket keeps it for as long as it lives.
#[derive(Debug, Clone)]
pub struct Place {
    _counted: Arc<Counted>,
}

/// What all connections share.
#[derive(Debug, Clone)]
pub struct Door {
    /// What answers.
    pub routes: Routes,
    /// Whether people come over https.
    pub https: bool,
    /// For the head of a request.
    pub header_read: Duration,
    /// Connections at once, upgraded ones included.
    pub connections: usize,
    /// Stops the loop and ends what is not upgraded, after the request that it is at.
    pub stop: CancellationToken,
    /// The tasks of the connections.
    pub tasks: TaskTracker,
    /// The connections that are made of requests.
    pub pipes: Arc<Pipes>,
}

/// Accepts until it is told to stop.
pub async fn accept(listener: TcpListener, door: Door, open: Arc<AtomicUsize>) {
    let full = full(door.https);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = door.stop.cancelled() => return,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        if open.load(Ordering::Relaxed) >= door.connections {
            let _ = stream.try_write(full.as_bytes());
            continue;
        }
        let place = Place {
            _counted: Arc::new(Counted::one_more(&open)),
        };
        greet(stream, peer, &door, place);
    }
}

fn greet(stream: TcpStream, peer: SocketAddr, door: &Door, place: Place) {
    // An answer of several frames must not wait for the acknowledgement of its first.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection ended before it began");
        return;
    }
    door.tasks.spawn(serve(stream, peer, door.clone(), place));
}

/// Serves one connection until it ends or is upgraded.
pub async fn serve<IO>(io: IO, peer: SocketAddr, door: Door, place: Place)
where
    IO: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let stop = door.stop.clone();
    let header_read = door.header_read;
    let io = Secured::new(io, door.https);
    let service = service_fn(move |request| answer(request, peer, place.clone(), door.clone()));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(header_read)
        .max_buf_size(HEAD_BYTES)
        .max_headers(HEADERS)
        .serve_connection(TokioIo::new(io), service)
        .with_upgrades();
    let mut connection = Box::pin(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, %peer, "a connection ended early");
    }
}

async fn answer(
    mut request: Request<Incoming>,
    peer: SocketAddr,
    place: Place,
    door: Door,
) -> Result<warp::reply::Response, Infallible> {
    let peer = Peer {
        address: peer,
        version: request.version(),
    };
    request.extensions_mut().insert(peer);
    request.extensions_mut().insert(place);
    let service = TowerToHyperService::new(warp::service(door.routes));
    let mut response = service.call(request).await?;
    security::secure(&mut response, door.https);
    Metered::count(&response);
    Ok(response)
}

/// One connection among those that are counted.
#[derive(Debug)]
struct Counted(Arc<AtomicUsize>);

impl Place {
    /// A place that nothing counts, for a connection that was not accepted here.
    #[must_use]
    pub fn uncounted() -> Self {
        Self {
            _counted: Arc::new(Counted::one_more(&Arc::default())),
        }
    }
}

impl Counted {
    fn one_more(open: &Arc<AtomicUsize>) -> Self {
        open.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(open))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
