//! One upgraded socket: bytes in and out of frames. It holds a buffer only while there is something in it.
//!
//! It must never know what the messages say; [`super::connection`] does.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use shared::close::CloseCode;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::timeout;

use crate::frames::Opcode;
use crate::frames::decoder::{Bounds, Decoder, Incoming};
use crate::frames::violation::Violation;
use crate::rooms::parcel::Parcel;

/// Bytes read at once, on the stack: what most messages fit into.
const READ_BYTES: usize = 8 * 1024;

/// Frames handed to the kernel in one call.
const SLICES: usize = 64;

/// How long the other side may go on sending after our close frame before the connection is dropped. Dropping it
/// at once would make the kernel answer what still comes with a reset, which can overtake our close frame.
const LINGER: Duration = Duration::from_secs(1);

/// What came from the other side.
#[derive(Debug)]
pub enum Received {
    /// Something whole.
    Incoming(Incoming),
    /// The other side broke the rules.
    Violation(Violation),
    /// The connection ended or broke.
    Ended,
}

/// An upgraded socket.
#[derive(Debug)]
pub struct Socket<IO> {
    io: IO,
    decoder: Decoder,
    /// What was read and not decoded yet.
    unread: Bytes,
    out: VecDeque<Arc<Parcel>>,
    out_bytes: usize,
    /// How much of the first of `out` is written.
    written: usize,
    /// Whether anything was written since the last look: a slow reader is not a stuck one.
    progress: bool,
}

impl<IO: AsyncRead + AsyncWrite + Unpin> Socket<IO> {
    /// A socket that has been upgraded. `unread` is what came right behind the request.
    pub fn new(io: IO, unread: Bytes, bounds: Bounds) -> Self {
        Self {
            io,
            decoder: Decoder::new(bounds),
            unread,
            out: VecDeque::new(),
            out_bytes: 0,
            written: 0,
            progress: false,
        }
    }

    /// What it reads and writes.
    pub fn io(&self) -> &IO {
        &self.io
    }

    /// Goes on with a frame of which a part was written by somebody else. Nothing else waits then.
    pub fn resume(&mut self, (parcel, written): (Arc<Parcel>, usize)) {
        debug_assert!(self.out.is_empty(), "two frames begun");
        self.queue(parcel);
        self.written = written;
        self.progress = true;
    }

    /// Adds a frame to what is to be written.
    pub fn queue(&mut self, parcel: Arc<Parcel>) {
        self.out_bytes += parcel.bytes().len();
        self.out.push_back(parcel);
    }

    /// Bytes that wait to be written.
    #[must_use]
    pub fn queued_bytes(&self) -> usize {
        self.out_bytes - self.written
    }

    /// The next thing that came.
    pub fn poll_receive(&mut self, context: &mut Context<'_>) -> Poll<Received> {
        loop {
            if !self.unread.is_empty() {
                let mut input: &[u8] = &self.unread;
                let decoded = self.decoder.decode(&mut input);
                let used = self.unread.len() - input.len();
                // What is used up must not pin the buffer that it is a part of.
                self.unread = if input.is_empty() {
                    Bytes::new()
                } else {
                    self.unread.slice(used..)
                };
                match decoded {
                    Ok(Some(incoming)) => return Poll::Ready(Received::Incoming(incoming)),
                    Ok(None) => {}
                    Err(violation) => return Poll::Ready(Received::Violation(violation)),
                }
            }
            let mut buffer = [MaybeUninit::uninit(); READ_BYTES];
            let mut buffer = ReadBuf::uninit(&mut buffer);
            if ready!(Pin::new(&mut self.io).poll_read(context, &mut buffer)).is_err() {
                return Poll::Ready(Received::Ended);
            }
            let mut input = buffer.filled();
            if input.is_empty() {
                return Poll::Ready(Received::Ended);
            }
            let decoded = self.decoder.decode(&mut input);
            self.unread = Bytes::copy_from_slice(input);
            match decoded {
                Ok(Some(incoming)) => return Poll::Ready(Received::Incoming(incoming)),
                Ok(None) => {}
                Err(violation) => return Poll::Ready(Received::Violation(violation)),
            }
        }
    }

    /// Writes what is queued, as many frames in one call as there are. Ready when all of it is out.
    pub fn poll_write(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.out.is_empty() {
            let mut slices = [IoSlice::new(&[]); SLICES];
            let mut count = 0;
            for (slice, parcel) in slices.iter_mut().zip(&self.out) {
                let skip = if count == 0 { self.written } else { 0 };
                *slice = IoSlice::new(&parcel.bytes()[skip..]);
                count += 1;
            }
            let io = Pin::new(&mut self.io);
            match ready!(io.poll_write_vectored(context, &slices[..count]))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                length => self.advance(length),
            }
        }
        Pin::new(&mut self.io).poll_flush(context)
    }

    /// Whether anything was written since this was asked last.
    pub fn made_progress(&mut self) -> bool {
        std::mem::take(&mut self.progress)
    }

    fn advance(&mut self, length: usize) {
        self.progress = true;
        self.written += length;
        while let Some(first) = self.out.front()
            && self.written >= first.bytes().len()
        {
            self.written -= first.bytes().len();
            self.out_bytes -= first.bytes().len();
            self.out.pop_front();
        }
        if self.out.is_empty() {
            self.out.shrink_to(IDLE_PLACES);
        }
    }

    /// Writes what is queued.
    pub async fn flush(&mut self) -> io::Result<()> {
        std::future::poll_fn(|context| self.poll_write(context)).await
    }

    /// The next thing that came.
    pub async fn receive(&mut self) -> Received {
        std::future::poll_fn(|context| self.poll_receive(context)).await
    }

    /// Sends what is queued and a close frame, then ends the connection in such a way that the frame arrives.
    /// Nothing can be done with the socket afterwards.
    pub async fn close(&mut self, code: Option<CloseCode>, reason: &str, within: Duration) {
        self.queue(match code {
            Some(code) => Parcel::close(code, reason),
            None => Parcel::frame(Opcode::Close, &[]),
        });
        // A side that takes nothing gets no close frame; the connection ends all the same.
        if let Ok(Ok(())) = timeout(within, self.flush()).await {
            let _ = timeout(within.min(LINGER), self.part()).await;
        }
    }

    /// Closes our direction and reads what still comes until the other side closes its own.
    async fn part(&mut self) {
        let shut = std::future::poll_fn(|context| Pin::new(&mut self.io).poll_shutdown(context));
        if shut.await.is_err() {
            return;
        }
        std::future::poll_fn(|context| {
            loop {
                let mut buffer = [MaybeUninit::uninit(); READ_BYTES];
                let mut buffer = ReadBuf::uninit(&mut buffer);
                let read = ready!(Pin::new(&mut self.io).poll_read(context, &mut buffer));
                if read.is_err() || buffer.filled().is_empty() {
                    return Poll::Ready(());
                }
            }
        })
        .await;
    }
}

/// Places that an empty queue keeps, so that the usual frame allocates nothing.
const IDLE_PLACES: usize = 8;
