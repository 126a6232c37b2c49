//! A WebSocket on this side and a pipe on the other, so that whatever speaks WebSocket can be run on every transport.
//!
//! For tests only. It is a client of the rules W1 to W9 that shares no code with the app's or the server's own, and must
//! never repair what goes wrong: a request that fails ends the connection, as it does in the app.

mod http;
mod lines;

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use shared::transport::Transport;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};

use crate::lines::Heard;

/// Lines that wait to be taken over: small, so that who does not read is seen by the server.
const WAITING: usize = 8;

/// Where a pipe leads to.
#[derive(Debug, Clone)]
pub struct Way {
    /// How its messages travel. [`Transport::WebSocket`] needs no bridge.
    pub transport: Transport,
    /// The server, or what stands before it.
    pub server: SocketAddr,
    /// What proves who it is.
    pub cookie: String,
    /// Between two polls that do not wait.
    pub pause: Duration,
}

/// Makes a pipe, and returns a connection on which a WebSocket handshake is answered and leads into it.
///
/// # Errors
/// When no pipe was made: the server is away, or refused it by a status.
pub async fn open(way: Way) -> io::Result<TcpStream> {
    let made = http::make(&way).await?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let near = TcpStream::connect(listener.local_addr()?).await?;
    near.set_nodelay(true)?;
    let (far, _) = listener.accept().await?;
    far.set_nodelay(true)?;
    tokio::spawn(async move {
        // Whoever gave up in the middle of the handshake has nobody to tell.
        if let Ok(socket) = accept_hdr_async(far, echo).await {
            carry(socket, way, &made).await;
        }
    });
    Ok(near)
}

#[expect(clippy::result_large_err, reason = "the type is the library's")]
fn echo(request: &Request, mut response: Response) -> Result<Response, ErrorResponse> {
    if let Some(protocol) = request.headers().get("Sec-WebSocket-Protocol") {
        let headers = response.headers_mut();
        headers.insert("Sec-WebSocket-Protocol", protocol.clone());
    }
    Ok(response)
}

/// Carries messages both ways until one side ends.
async fn carry(socket: WebSocketStream<TcpStream>, way: Way, made: &str) {
    let (mut to_client, mut from_client) = socket.split();
    let (tell, mut told) = mpsc::channel(WAITING);
    let Some(id) = made.strip_prefix("open ").map(|id| id.trim().to_owned()) else {
        // There is no pipe, and the answer has what would have been heard.
        for line in made.lines().map(lines::read) {
            let _ = to_client.send(message(line)).await;
        }
        return;
    };
    // Apart, for neither may wait for the other.
    let reading = tokio::spawn(lines::hear(way.clone(), id.clone(), tell));
    let (say, to_say) = mpsc::unbounded_channel();
    let saying = tokio::spawn(http::say(way.clone(), id.clone(), to_say));
    loop {
        tokio::select! {
            heard = told.recv() => match heard {
                Some(Heard::Ping) => {
                    if say.send(String::new()).is_err() {
                        break;
                    }
                }
                Some(heard) => {
                    let last = matches!(heard, Heard::Close { .. });
                    if to_client.send(message(heard)).await.is_err() || last {
                        break;
                    }
                }
                None => break,
            },
            said = from_client.next() => match said {
                Some(Ok(Message::Text(text))) => {
                    if say.send(text.as_str().to_owned()).is_err() {
                        break;
                    }
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                _ => break,
            },
        }
    }
    reading.abort();
    saying.abort();
    let _ = http::end(&way, &id).await;
    let _ = to_client.close().await;
}

fn message(heard: Heard) -> Message {
    match heard {
        Heard::Text(text) => Message::text(text),
        Heard::Ping => Message::Ping(Default::default()),
        Heard::Close { code, reason } => Message::Close(Some(CloseFrame {
            code: code.into(),
            reason: reason.into(),
        })),
    }
}
