//! The stream under the HTTP connection. The few answers that hyper gives by itself (a head that is no HTTP, or too long) never
//! reach the routes; they get their security headers here.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::security;

/// How an answer begins that is hyper's own; each is a head without a body.
const REFUSAL: &[u8] = b"HTTP/1.1 4";

/// How a head ends.
const END: &[u8] = b"\r\n\r\n";

/// A stream whose every answer carries the security headers.
#[derive(Debug)]
pub struct Secured<IO> {
    io: IO,
    https: bool,
    /// An answer with its headers added, not written yet.
    added: Vec<u8>,
    written: usize,
}

impl<IO> Secured<IO> {
    /// Wraps a stream that was accepted.
    pub(super) fn new(io: IO, https: bool) -> Self {
        Self {
            io,
            https,
            added: Vec::new(),
            written: 0,
        }
    }

    /// The stream, when HTTP is done with it.
    pub(super) fn into_inner(self) -> IO {
        self.io
    }

    /// The bytes with the headers added, if they end with an answer that lacks them.
    fn add_headers(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        if !bytes.ends_with(END) {
            return None;
        }
        let start = bytes
            .windows(REFUSAL.len())
            .rposition(|window| window == REFUSAL)?;
        let head = std::str::from_utf8(&bytes[start..]).ok()?;
        if head.contains(security::POLICY_NAME) {
            return None;
        }
        let mut secured = bytes[..bytes.len() - 2].to_vec();
        secured.extend_from_slice(security::lines(self.https).as_bytes());
        secured.extend_from_slice(b"\r\n");
        Some(secured)
    }
}

impl<IO: AsyncWrite + Unpin> Secured<IO> {
    fn poll_added(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.written < self.added.len() {
            let rest = &self.added[self.written..];
            match ready!(Pin::new(&mut self.io).poll_write(context, rest))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                length => self.written += length,
            }
        }
        self.added = Vec::new();
        self.written = 0;
        Poll::Ready(Ok(()))
    }
}

impl<IO: AsyncRead + Unpin> AsyncRead for Secured<IO> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(context, buffer)
    }
}

impl<IO: AsyncWrite + Unpin> AsyncWrite for Secured<IO> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_added(context))?;
        if let Some(added) = self.add_headers(bytes) {
            self.added = added;
            return Poll::Ready(Ok(bytes.len()));
        }
        Pin::new(&mut self.io).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match slices {
            // A head alone may be an answer of hyper's own; what has a body never is.
            [head] => self.poll_write(context, head),
            _ => {
                ready!(self.poll_added(context))?;
                Pin::new(&mut self.io).poll_write_vectored(context, slices)
            }
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_added(context))?;
        Pin::new(&mut self.io).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_added(context))?;
        Pin::new(&mut self.io).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    async fn through(parts: &[&str]) -> String {
        let (mut ours, theirs) = tokio::io::duplex(16);
        let mut secured = Secured::new(theirs, true);
        let writing = async {
            for part in parts {
                secured.write_all(part.as_bytes()).await.unwrap();
            }
            secured.shutdown().await.unwrap();
        };
        let mut read = String::new();
        let (_, result) = tokio::join!(writing, ours.read_to_string(&mut read));
        result.unwrap();
        read
    }

    #[tokio::test]
    async fn an_answer_without_the_headers_gets_them_also_behind_another_one() {
        let bare = "HTTP/1.1 431 Too Large\r\ncontent-length: 0\r\n\r\n";
        let other = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
        for parts in [&[bare][..], &[other, bare], &[&format!("{other}{bare}")]] {
            let read = through(parts).await;
            let head = read.strip_suffix("\r\n\r\n").unwrap();
            let own = &head[head.find("HTTP/1.1 431").unwrap()..];
            assert!(
                own.contains("\r\ncontent-security-policy: default-src 'none'"),
                "{own}"
            );
            assert!(own.contains("\r\nstrict-transport-security: "), "{own}");
            assert!(!own.contains("\r\n\r\n"), "one head: {own}");
            assert_eq!(read.starts_with(other), parts.concat().starts_with(other));
        }
    }

    #[tokio::test]
    async fn everything_else_passes_as_it_is() {
        for text in [
            "HTTP/1.1 404 Not Found\r\ncontent-security-policy: x\r\n\r\n",
            "HTTP/1.1 204 No Content\r\n\r\n",
            "a body that says HTTP/1.1 400\r\n\r\n and goes on",
        ] {
            assert_eq!(through(&[text]).await, text);
        }
    }
}
