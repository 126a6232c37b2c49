//! One connection as the network sees it: the handshake, and whole frames in both directions.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use shared::close::CloseCode;
use shared::ids::{RoomId, Seq};
use shared::protocol::ServerMessage;
use shared::wire;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, DuplexStream, ReadBuf};
use tokio::task::unconstrained;

/// Something whole from the server.
#[derive(Debug, Clone)]
pub(crate) enum Down {
    Text(String),
    Ping(Vec<u8>),
    /// The last: a close frame, or the end without one.
    End(CloseCode),
}

/// Something whole from the client.
#[derive(Debug, Clone)]
pub(crate) enum Up {
    Text(String),
    Pong(Vec<u8>),
}

const TEXT: u8 = 1;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

pub(crate) struct Wire {
    io: DuplexStream,
    unread: Vec<u8>,
    /// What the server has sent and the client has not got yet.
    pub(crate) down: VecDeque<Down>,
    /// What came since the server was at rest.
    fresh: Vec<Down>,
    /// The network takes nothing from the server.
    pub(crate) stalled: bool,
    ended: bool,
    /// Answers that the server owes (M9).
    owed: usize,
    /// What it has said to be stored: others are about to hear of it.
    stored: Vec<(RoomId, Seq)>,
}

impl Wire {
    /// Upgrades a new connection. None: the server does not want it.
    pub(crate) async fn open(mut io: DuplexStream, cookie: &str) -> Option<Self> {
        let head = format!(
            "GET /ws HTTP/1.1\r\nHost: parlance\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             Sec-WebSocket-Protocol: parlance.v1\r\nCookie: {cookie}\r\n\r\n"
        );
        io.write_all(head.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(io.read_u8().await.unwrap());
        }
        let switching = answer.starts_with(b"HTTP/1.1 101 ");
        switching.then(|| Self {
            io,
            unread: Vec::new(),
            down: VecDeque::new(),
            fresh: Vec::new(),
            stalled: false,
            ended: false,
            owed: 0,
            stored: Vec::new(),
        })
    }

    /// Closes our direction; what was received can still be looked at.
    pub(crate) fn hang_up(&mut self) {
        self.io = tokio::io::duplex(1).0;
        self.end(CloseCode(1006));
        self.arrange();
    }

    /// Whether the server has said all that it owes, as far as the network looks.
    pub(crate) fn is_settled(&self) -> bool {
        self.stored.is_empty() && (self.owed == 0 || self.ended || self.stalled)
    }

    /// Forgets what was stored and has been delivered.
    pub(crate) fn forget_stored(&mut self, delivered: impl Fn(RoomId, Seq) -> bool) {
        self.stored.retain(|(room, seq)| !delivered(*room, *seq));
    }

    /// The server is at rest: what it has said is on its way. Whether an answer comes before the events of the same moment
    /// depends on how many sends the engine took into one transaction, which is a matter of real threads; here it does.
    pub(crate) fn arrange(&mut self) {
        let is_answer = |down: &Down| matches!(down, Down::Text(text) if text.starts_with("{\"type\":\"stored\"") || text.starts_with("{\"type\":\"refused\""));
        let (answers, others): (Vec<_>, Vec<_>) = self.fresh.drain(..).partition(is_answer);
        self.down.extend(answers.into_iter().chain(others));
    }

    /// Whether the server has closed its direction.
    pub(crate) fn has_ended(&self) -> bool {
        self.ended
    }

    /// Hands a message to the server, whole.
    pub(crate) async fn deliver(&mut self, up: &Up) {
        if let Up::Text(text) = up {
            // `applied` is answered only if something is wrong, `seen` at no fixed moment, `away` not at all.
            let statements = ["applied", "seen", "away"];
            let is_statement = statements
                .iter()
                .any(|kind| text.starts_with(&format!("{{\"type\":\"{kind}\"")));
            self.owed += usize::from(!is_statement);
        }
        // The server may have closed meanwhile: then it goes nowhere.
        let _ = self.io.write_all(&encode(up)).await;
    }

    /// Hands over the beginning of a message, as a cut in the middle of a frame does.
    pub(crate) async fn deliver_a_part(&mut self, up: &Up, length: usize) {
        let frame = encode(up);
        let _ = self
            .io
            .write_all(&frame[..length.min(frame.len() - 1)])
            .await;
    }

    /// Takes what the server has written, without waiting, and says whether there was anything.
    pub(crate) async fn take(&mut self) -> bool {
        unconstrained(poll_fn(|context| {
            Poll::Ready(self.poll_take(context).is_ready())
        }))
        .await
    }

    /// Ready when the server has written something, or has ended.
    pub(crate) fn poll_take(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if self.stalled || self.ended {
            return Poll::Pending;
        }
        let mut anything = false;
        let mut space = [0; 4 * 1024];
        loop {
            let mut buffer = ReadBuf::new(&mut space);
            match Pin::new(&mut self.io).poll_read(context, &mut buffer) {
                Poll::Pending => break,
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {
                    self.unread.extend_from_slice(buffer.filled());
                    anything = true;
                }
                Poll::Ready(_) => {
                    self.end(CloseCode(1006));
                    anything = true;
                    break;
                }
            }
        }
        self.decode();
        if anything {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }

    fn end(&mut self, code: CloseCode) {
        if !self.ended {
            self.ended = true;
            self.fresh.push(Down::End(code));
        }
    }

    fn decode(&mut self) {
        while let Some((opcode, payload)) = next_frame(&mut self.unread) {
            if self.ended {
                return;
            }
            match opcode {
                TEXT => self.text(String::from_utf8(payload).unwrap()),
                PING => self.fresh.push(Down::Ping(payload)),
                CLOSE => {
                    let code = payload
                        .first_chunk()
                        .map_or(1005, |two| u16::from_be_bytes(*two));
                    self.end(CloseCode(code));
                }
                other => panic!("the server sent a frame of kind {other}"),
            }
        }
    }

    fn text(&mut self, text: String) {
        // It comes when a real thread has written it, and a world must not depend on when that is. The laws here are of
        // the log; what was read has one of its own, in `shared`.
        if text.starts_with("{\"type\":\"seen\"")
            || text.starts_with("{\"type\":\"receipts\",\"room\"")
        {
            return;
        }
        self.owed -= usize::from(is_answer(&text));
        if text.starts_with(STORED)
            && let Ok(ServerMessage::Stored { room, seq, .. }) = wire::decode_server(&text)
        {
            self.stored.push((room, seq));
        }
        self.fresh.push(Down::Text(text));
    }
}

const STORED: &str = "{\"type\":\"stored\"";
const REFUSED: &str = "{\"type\":\"refused\"";

/// Whether it is what a request gets exactly one of, on the connection it came on.
fn is_answer(text: &str) -> bool {
    // By their beginnings, because most messages are live events, and reading each would take a third of the time.
    let answers = [
        STORED,
        REFUSED,
        "{\"type\":\"resumed\"",
        "{\"type\":\"directory\"",
        "{\"type\":\"pong\"",
        "{\"type\":\"page\",\"request\"",
        "{\"type\":\"joined\",\"request\"",
        "{\"type\":\"receipts\",\"request\"",
        "{\"type\":\"presence\",\"request\"",
        "{\"type\":\"done\"",
    ];
    answers.iter().any(|answer| text.starts_with(answer))
}

/// One unmasked, unfragmented frame, as servers of ours send them.
fn next_frame(bytes: &mut Vec<u8>) -> Option<(u8, Vec<u8>)> {
    let (length, header) = match *bytes.get(1)? {
        126 => (
            usize::from(u16::from_be_bytes(*bytes.get(2..)?.first_chunk()?)),
            4,
        ),
        127 => (
            usize::try_from(u64::from_be_bytes(*bytes.get(2..)?.first_chunk()?)).unwrap(),
            10,
        ),
        short => (usize::from(short), 2),
    };
    let payload = bytes.get(header..header + length)?.to_vec();
    let opcode = bytes[0] & 0x0f;
    bytes.drain(..header + length);
    Some((opcode, payload))
}

/// One masked frame; the mask is of zeros, which no one forbids.
fn encode(up: &Up) -> Vec<u8> {
    let (opcode, payload) = match up {
        Up::Text(text) => (TEXT, text.as_bytes()),
        Up::Pong(payload) => (PONG, payload.as_slice()),
    };
    let mut frame = vec![0x80 | opcode];
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(short), _) if short < 126 => frame.push(0x80 | short),
        (_, Ok(medium)) => {
            frame.push(0x80 | 126);
            frame.extend(medium.to_be_bytes());
        }
        _ => panic!("no client message is that long"),
    }
    frame.extend([0; 4]);
    frame.extend_from_slice(payload);
    frame
}
