//! The two ends of a pipe in memory: near is a socket like any other to the connection's task, far speaks lines of text.
//!
//! Between them go RFC 6455 frames, so that what holds for a socket (bounds, pings, close codes) holds here without being
//! said again. Nothing is half said or half heard: each step at the far end happens at once, under the lock.

use std::borrow::Cow;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};

use bytes::{Buf, BytesMut};
use shared::close::CloseCode;
use shared::limits;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::frames::Opcode;
use crate::frames::client::{self, Frame};

/// Bytes that wait on the way down before the connection's own queue fills, and with it the mailbox, which knows what to
/// drop (D3).
const DOWN_BYTES: usize = 64 * 1024;

/// Bytes that wait on the way up before a request that brings more has to wait.
const UP_BYTES: usize = limits::CLIENT_MESSAGE_BYTES;

/// What a close frame without a code counts as (RFC 6455 section 7.1.5).
const NO_CODE: CloseCode = CloseCode(1005);

/// Both ends of a new pipe.
pub(super) fn pair() -> (Near, Far) {
    let middle = Arc::new(Mutex::new(Middle::default()));
    (Near(Arc::clone(&middle)), Far(middle))
}

/// The connection's end.
#[derive(Debug)]
pub(super) struct Near(Arc<Mutex<Middle>>);

/// The end of those who answer requests.
#[derive(Debug)]
pub(super) struct Far(Arc<Mutex<Middle>>);

/// What was heard at the far end: lines, each with its end.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Heard {
    pub(super) lines: String,
    pub(super) count: u64,
}

/// Why a request came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unheard {
    /// Its number is neither the next one nor the last one.
    Number,
    /// A later request reads the pipe, or its client has ended it.
    Replaced,
    /// The connection has ended, and all that it said was heard.
    Over,
}

#[derive(Debug, Default)]
struct Middle {
    up: BytesMut,
    down: BytesMut,
    /// The connection has ended; what it said may still be heard.
    near_over: bool,
    /// Nobody is at the far end any more.
    far_over: bool,
    /// A ping went down; the next request is its pong.
    pinged: bool,
    /// The number of the last request that said something.
    said: u64,
    /// Lines heard in all.
    told: u64,
    /// The last of them, until it is known that they arrived.
    held: Heard,
    /// The request that reads, by the order in which they came.
    reader: u64,
    near_reads: Option<Waker>,
    near_writes: Option<Waker>,
    far_reads: Option<Waker>,
    far_says: Option<Waker>,
}

impl Far {
    /// A request came: a sign of life, which answers a ping.
    pub(super) fn stir(&self) {
        let mut middle = self.lock();
        if std::mem::take(&mut middle.pinged) {
            middle.push(Opcode::Pong, &[]);
        }
    }

    /// Says the lines of request `n`, once, however often it comes.
    pub(super) fn poll_say(
        &self,
        context: &mut Context<'_>,
        n: u64,
        lines: &[u8],
    ) -> Poll<Result<(), Unheard>> {
        let mut middle = self.lock();
        if n == middle.said {
            return Poll::Ready(Ok(()));
        }
        if n != middle.said + 1 {
            return Poll::Ready(Err(Unheard::Number));
        }
        // Those who still speak to a connection that has ended hear of it where they listen.
        let is_over = middle.near_over || middle.far_over;
        if !is_over && middle.up.len() >= UP_BYTES {
            middle.far_says = Some(context.waker().clone());
            return Poll::Pending;
        }
        middle.said = n;
        if !is_over {
            let lines = lines.split(|byte| *byte == b'\n');
            for line in lines.filter(|line| !line.is_empty()) {
                middle.push(Opcode::Text, line);
            }
        }
        Poll::Ready(Ok(()))
    }

    /// A request begins to read; one that does so already gets nothing more.
    pub(super) fn begin_reading(&self) -> u64 {
        let mut middle = self.lock();
        middle.reader += 1;
        wake(&mut middle.far_reads);
        middle.reader
    }

    /// What is to be heard behind the first `after` lines. What was heard last is said again to who does not know it yet.
    pub(super) fn poll_hear(
        &self,
        context: &mut Context<'_>,
        reader: u64,
        after: u64,
    ) -> Poll<Result<Heard, Unheard>> {
        let mut middle = self.lock();
        if reader != middle.reader || middle.far_over {
            return Poll::Ready(Err(Unheard::Replaced));
        }
        if after != middle.told {
            let begins = middle.told - middle.held.count;
            return Poll::Ready(match after == begins {
                true => Ok(middle.held.clone()),
                false => Err(Unheard::Number),
            });
        }
        middle.held = Heard::default();
        let heard = middle.hear();
        if heard.count > 0 {
            middle.told += heard.count;
            middle.held = heard.clone();
            wake(&mut middle.near_writes);
            return Poll::Ready(Ok(heard));
        }
        if middle.near_over {
            return Poll::Ready(Err(Unheard::Over));
        }
        middle.far_reads = Some(context.waker().clone());
        Poll::Pending
    }

    /// Lines heard so far.
    pub(super) fn told(&self) -> u64 {
        self.lock().told
    }

    /// Nobody is here any more.
    pub(super) fn close(&self) {
        let mut middle = self.lock();
        middle.far_over = true;
        wake(&mut middle.near_reads);
        wake(&mut middle.near_writes);
        wake(&mut middle.far_says);
        wake(&mut middle.far_reads);
    }

    /// Whether the connection has ended, and somebody may still want to hear how.
    pub(super) fn has_last_words(&self) -> bool {
        let middle = self.lock();
        middle.near_over && !middle.far_over && !middle.down.is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, Middle> {
        lock(&self.0)
    }
}

impl Middle {
    fn push(&mut self, opcode: Opcode, payload: &[u8]) {
        client::encode(opcode, payload, &mut self.up);
        wake(&mut self.near_reads);
    }

    /// The whole frames on the way down, as lines.
    fn hear(&mut self) -> Heard {
        let mut heard = Heard::default();
        while let Some(frame) = client::first(&self.down) {
            let line = line(&frame);
            self.pinged |= frame.opcode == Opcode::Ping;
            let length = frame.length;
            if let Some(line) = line {
                heard.lines.push_str(&line);
                heard.lines.push('\n');
                heard.count += 1;
            }
            self.down.advance(length);
        }
        if self.down.is_empty() {
            // An idle pipe holds no buffer.
            self.down = BytesMut::new();
        }
        heard
    }
}

/// A frame as a line, if it says something.
fn line<'a>(frame: &Frame<'a>) -> Option<Cow<'a, str>> {
    Some(match frame.opcode {
        // The server writes JSON, which is UTF-8 on one line.
        Opcode::Text => String::from_utf8_lossy(frame.payload),
        Opcode::Ping => "ping".into(),
        Opcode::Close => {
            let code = frame.payload.first_chunk();
            let code = code.map_or(NO_CODE, |code| CloseCode(u16::from_be_bytes(*code)));
            let reason = frame.payload.get(2..).unwrap_or_default();
            closing(code, &String::from_utf8_lossy(reason)).into()
        }
        Opcode::Pong | Opcode::Binary | Opcode::Continuation => return None,
    })
}

/// The line that says how a connection ended.
pub(super) fn closing(code: CloseCode, reason: &str) -> String {
    format!("close {} {reason}", code.0)
}

impl AsyncRead for Near {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut middle = lock(&self.0);
        if middle.up.is_empty() {
            if middle.far_over || middle.near_over {
                return Poll::Ready(Ok(()));
            }
            middle.near_reads = Some(context.waker().clone());
            return Poll::Pending;
        }
        let count = middle.up.len().min(buffer.remaining());
        buffer.put_slice(&middle.up[..count]);
        middle.up.advance(count);
        if middle.up.is_empty() {
            middle.up = BytesMut::new();
        }
        wake(&mut middle.far_says);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Near {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(context, &[IoSlice::new(bytes)])
    }

    /// Takes all or nothing: the bound is passed by one write at most.
    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let mut middle = lock(&self.0);
        if middle.far_over {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        if middle.down.len() >= DOWN_BYTES {
            middle.near_writes = Some(context.waker().clone());
            return Poll::Pending;
        }
        let before = middle.down.len();
        for slice in slices {
            middle.down.extend_from_slice(slice);
        }
        wake(&mut middle.far_reads);
        Poll::Ready(Ok(middle.down.len() - before))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut middle = lock(&self.0);
        middle.near_over = true;
        wake(&mut middle.far_reads);
        wake(&mut middle.far_says);
        Poll::Ready(Ok(()))
    }
}

impl Drop for Near {
    fn drop(&mut self) {
        let mut middle = lock(&self.0);
        middle.near_over = true;
        wake(&mut middle.far_reads);
        wake(&mut middle.far_says);
    }
}

fn wake(waker: &mut Option<Waker>) {
    if let Some(waker) = waker.take() {
        waker.wake();
    }
}

fn lock(middle: &Mutex<Middle>) -> MutexGuard<'_, Middle> {
    // Nothing in this file panics while it holds the lock.
    middle.lock().unwrap_or_else(|error| error.into_inner())
}

#[cfg(test)]
mod tests;
