//! A client's socket: opened, read and written without ever blocking the client.

use std::collections::VecDeque;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use anyhow::{Result, ensure};
use bridge::Way;
use futures_util::{Sink, Stream};
use shared::limits::SUBPROTOCOL;
use shared::transport::Transport;
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

/// Bytes read at once: small, for there are a thousand of these.
const READ_BYTES: usize = 4 * 1024;

/// Between two polls that do not wait.
const POLL_PAUSE: Duration = Duration::from_millis(100);

/// What "no close frame came" is called.
const ABNORMAL: u16 = 1006;

/// What "a close frame without a code" is called.
const NO_CODE: u16 = 1005;

type Opening = Pin<Box<dyn Future<Output = Result<WebSocketStream<TcpStream>>>>>;

/// Where a client connects to, and as whom.
#[derive(Debug, Clone)]
pub(crate) struct Door {
    pub(crate) address: SocketAddr,
    pub(crate) cookie: String,
    pub(crate) transport: Transport,
    /// Bytes that the kernel keeps for a client that does not read; none leaves that to the kernel.
    pub(crate) receive_bytes: Option<u32>,
}

/// One socket at a time, or none.
#[derive(Default)]
pub(crate) struct Socket(State);

#[derive(Default)]
enum State {
    #[default]
    None,
    Opening(Opening),
    Open {
        stream: Box<WebSocketStream<TcpStream>>,
        waiting: VecDeque<String>,
        flushed: bool,
    },
}

/// What a socket does.
#[derive(Debug)]
pub(crate) enum Happening {
    Opened,
    Text(String),
    Closed {
        code: u16,
        reason: String,
        clean: bool,
    },
}

impl Socket {
    /// Opens a new one in place of the last.
    pub(crate) fn open(&mut self, door: Door) {
        self.0 = State::Opening(Box::pin(connect(door)));
    }

    /// Drops it.
    pub(crate) fn close(&mut self) {
        self.0 = State::None;
    }

    /// Queues a text.
    pub(crate) fn send(&mut self, text: String) {
        if let State::Open { waiting, .. } = &mut self.0 {
            waiting.push_back(text);
        }
    }

    /// Writes what waits, and says what happens next. Never ready without a socket. Reads only when `reads`.
    pub(crate) fn poll(&mut self, reads: bool, context: &mut Context<'_>) -> Poll<Happening> {
        let happening = match &mut self.0 {
            State::None => return Poll::Pending,
            State::Opening(opening) => match opening.as_mut().poll(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(stream)) => {
                    let (stream, waiting) = (Box::new(stream), VecDeque::new());
                    self.0 = State::Open {
                        stream,
                        waiting,
                        flushed: true,
                    };
                    return Poll::Ready(Happening::Opened);
                }
                Poll::Ready(Err(error)) => closed(ABNORMAL, error.to_string(), false),
            },
            State::Open {
                stream,
                waiting,
                flushed,
            } => {
                let written = write(stream, waiting, flushed, context);
                match (written, reads) {
                    (Err(error), _) => closed(ABNORMAL, error.to_string(), false),
                    (Ok(()), false) => return Poll::Pending,
                    (Ok(()), true) => match read(stream, context) {
                        Poll::Pending => return Poll::Pending,
                        Poll::Ready(happening) => happening,
                    },
                }
            }
        };
        if matches!(happening, Happening::Closed { .. }) {
            self.0 = State::None;
        }
        Poll::Ready(happening)
    }
}

impl std::fmt::Debug for Socket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.0 {
            State::None => "none",
            State::Opening(_) => "opening",
            State::Open { .. } => "open",
        })
    }
}

fn write(
    stream: &mut WebSocketStream<TcpStream>,
    waiting: &mut VecDeque<String>,
    flushed: &mut bool,
    context: &mut Context<'_>,
) -> Result<()> {
    while !waiting.is_empty() {
        match Pin::new(&mut *stream).poll_ready(context)? {
            Poll::Pending => return Ok(()),
            Poll::Ready(()) => {}
        }
        if let Some(text) = waiting.pop_front() {
            Pin::new(&mut *stream).start_send(Message::text(text))?;
            *flushed = false;
        }
    }
    if !*flushed {
        *flushed = Pin::new(&mut *stream).poll_flush(context)?.is_ready();
    }
    Ok(())
}

/// Control frames are answered by the library and mean nothing to a Session, as in a browser.
fn read(stream: &mut WebSocketStream<TcpStream>, context: &mut Context<'_>) -> Poll<Happening> {
    loop {
        let message = match Pin::new(&mut *stream).poll_next(context) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(message) => message,
        };
        return Poll::Ready(match message {
            None => closed(ABNORMAL, String::new(), false),
            Some(Err(error)) => closed(ABNORMAL, error.to_string(), false),
            Some(Ok(Message::Text(text))) => Happening::Text(text.as_str().to_owned()),
            Some(Ok(Message::Close(Some(frame)))) => {
                closed(frame.code.into(), frame.reason.as_str().to_owned(), true)
            }
            Some(Ok(Message::Close(None))) => closed(NO_CODE, String::new(), true),
            Some(Ok(_)) => continue,
        });
    }
}

fn closed(code: u16, reason: String, clean: bool) -> Happening {
    Happening::Closed {
        code,
        reason,
        clean,
    }
}

async fn connect(door: Door) -> Result<WebSocketStream<TcpStream>> {
    let stream = match door.transport {
        Transport::WebSocket => {
            let socket = TcpSocket::new_v4()?;
            if let Some(bytes) = door.receive_bytes {
                socket.set_recv_buffer_size(bytes)?;
            }
            socket.connect(door.address).await?
        }
        transport => {
            let way = Way {
                transport,
                server: door.address,
                cookie: door.cookie.clone(),
                pause: POLL_PAUSE,
            };
            bridge::open(way).await?
        }
    };
    stream.set_nodelay(true)?;
    let mut request = format!("ws://{}/ws", door.address).into_client_request()?;
    let headers = request.headers_mut();
    headers.insert("Cookie", HeaderValue::from_str(&door.cookie)?);
    headers.insert(
        "Sec-WebSocket-Protocol",
        HeaderValue::from_static(SUBPROTOCOL),
    );
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BYTES)
        .write_buffer_size(0);
    let (stream, response) = client_async_with_config(request, stream, Some(config)).await?;
    let chosen = response.headers().get("Sec-WebSocket-Protocol");
    ensure!(
        chosen.is_some_and(|chosen| chosen == SUBPROTOCOL),
        "the server chose {chosen:?}"
    );
    Ok(stream)
}
