//! A WebSocket echo server for the Autobahn conformance run, made of the parts that Parlance uses: its accept
//! loop, handshake, frames and socket. It exists for that run only; the product echoes nothing.

use std::sync::Arc;

use backend::frames::Opcode;
use backend::frames::decoder::{Bounds, Incoming};
use backend::rooms::parcel::Parcel;
use backend::web::accept::{Door, accept};
use backend::web::handshake::{Handshake, Subprotocols};
use backend::web::origins::Origins;
use backend::web::socket::{Received, Socket};
use backend::web::upgrade::over_tcp;
use clap::Parser;
use hyper::upgrade::OnUpgrade;
use shared::limits;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use warp::Filter;
use warp::http::{HeaderMap, Method};
use warp::reply::Response;

/// Echoes every message.
#[derive(Parser)]
struct Cli {
    /// Port on the loopback address; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,

    /// Bytes in one message; the suite's group 9 sends 16 MiB
    #[arg(long, default_value_t = 16 * 1024 * 1024)]
    message_bytes: usize,

    /// Frames in one message; the suite cuts 4 MiB into pieces of 64 bytes
    #[arg(long, default_value_t = 65_536)]
    fragments: usize,
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let cli = Cli::parse();
    let bounds = Bounds {
        bytes: cli.message_bytes,
        fragments: cli.fragments,
    };
    let routes = warp::method()
        .and(warp::header::headers_cloned())
        .and(warp::ext::get::<OnUpgrade>())
        .map(move |method, headers, upgrade| answer(&method, &headers, upgrade, bounds))
        .boxed();
    let listener = TcpListener::bind(("127.0.0.1", cli.port)).await?;
    println!("listening on {}", listener.local_addr()?);
    let door = Door {
        routes,
        https: false,
        header_read: std::time::Duration::from_millis(limits::HEADER_READ_MS),
        connections: usize::MAX,
        stop: CancellationToken::new(),
        tasks: TaskTracker::new(),
        pipes: Arc::default(),
    };
    accept(listener, door, Arc::default()).await;
    Ok(())
}

fn answer(method: &Method, headers: &HeaderMap, upgrade: OnUpgrade, bounds: Bounds) -> Response {
    let origins = Origins::default();
    match Handshake::check(method, headers, &origins, Subprotocols::Any) {
        Ok(handshake) => {
            tokio::spawn(async move {
                if let Ok(upgraded) = upgrade.await
                    && let Ok(socket) = over_tcp(upgraded, bounds)
                {
                    echo(socket).await;
                }
            });
            handshake.answer()
        }
        Err(refused) => *refused,
    }
}

async fn echo<IO: AsyncRead + AsyncWrite + Unpin>(mut socket: Socket<IO>) {
    const WITHIN: std::time::Duration = std::time::Duration::from_secs(5);
    loop {
        let answer = match socket.receive().await {
            Received::Incoming(Incoming::Text(text)) => {
                Parcel::frame(Opcode::Text, text.as_bytes())
            }
            Received::Incoming(Incoming::Binary(bytes)) => Parcel::frame(Opcode::Binary, &bytes),
            Received::Incoming(Incoming::Ping(bytes)) => Parcel::frame(Opcode::Pong, &bytes),
            Received::Incoming(Incoming::Pong) => continue,
            Received::Incoming(Incoming::Close(code)) => {
                return socket.close(code, "", WITHIN).await;
            }
            Received::Violation(violation) => {
                let (code, reason) = (violation.code, violation.reason);
                return socket.close(Some(code), reason, WITHIN).await;
            }
            Received::Ended => return,
        };
        socket.queue(answer);
        if socket.flush().await.is_err() {
            return;
        }
    }
}
