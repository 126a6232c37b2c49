//! Opening a TCP connection on loopback, and the two ends of the upgrade.

use std::io;
use std::net::{Ipv4Addr, SocketAddrV4, TcpStream};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Result, bail};
use rustix::net::{AddressFamily, SocketFlags, SocketType, bind, connect, socket_with, sockopt};

/// The key of the example in RFC 6455 section 1.3. One key for all connections spares the generator the hashing.
pub const CHALLENGE: &str = "dGhlIHNhbXBsZSBub25jZQ==";

/// The accept key that answers it.
pub const RESPONSE: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// Longest answer to an upgrade that is read.
const HEAD_BYTES: usize = 16 * 1024;

/// Connections from one source address: a third of the ports that the kernel hands out, so that those of earlier runs,
/// which stay taken for a minute, do not matter.
const PER_SOURCE: u32 = 8_000;

/// Source addresses in use, from 127.0.1.1 on.
const SOURCES: u32 = 200;

/// A connection that does not block, without delay for small messages.
pub(super) fn open(address: SocketAddrV4, is_narrow: bool) -> Result<TcpStream> {
    let socket = socket_with(
        AddressFamily::INET,
        SocketType::STREAM,
        SocketFlags::CLOEXEC,
        None,
    )?;
    if is_narrow {
        // The kernel makes the least that it allows of it.
        sockopt::set_socket_recv_buffer_size(&socket, 1)?;
    }
    bind(&socket, &SocketAddrV4::new(source(), 0))?;
    // Blocking: on loopback the kernel completes it at once, as long as the server's backlog has room.
    connect(&socket, &address)?;
    let stream = TcpStream::from(socket);
    stream.set_nodelay(true)?;
    stream.set_nonblocking(true)?;
    Ok(stream)
}

fn source() -> Ipv4Addr {
    static OPENED: AtomicU32 = AtomicU32::new(0);
    let opened = OPENED.fetch_add(1, Ordering::Relaxed);
    let last = (opened / PER_SOURCE + std::process::id()) % SOURCES + 1;
    Ipv4Addr::from(Ipv4Addr::new(127, 0, 1, 0).to_bits() + last)
}

/// How many bytes of `bytes` answer the upgrade; none while the head is not complete.
///
/// # Errors
/// When the answer is not a 101 to our key.
pub(super) fn opened(bytes: &[u8]) -> Result<Option<usize>> {
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
        if bytes.len() > HEAD_BYTES {
            bail!("the answer to the upgrade has no end");
        }
        return Ok(None);
    };
    let head = String::from_utf8_lossy(&bytes[..end]);
    if !head.starts_with("HTTP/1.1 101") || !head.contains(RESPONSE) {
        bail!("the upgrade was answered with {head:?}");
    }
    Ok(Some(end + 4))
}

/// Whether an operation is to be tried again later.
pub(super) fn is_early(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::WouldBlock
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_101_with_the_right_key_opens() {
        let good = format!("HTTP/1.1 101 Switching\r\nsec-websocket-accept: {RESPONSE}\r\n\r\n");
        let with_frame = format!("{good}\u{1}");
        assert_eq!(opened(with_frame.as_bytes()).unwrap(), Some(good.len()));
        assert_eq!(opened(&good.as_bytes()[..good.len() - 1]).unwrap(), None);
        assert!(opened(b"HTTP/1.1 101 Switching\r\n\r\n").is_err());
        assert!(opened(b"HTTP/1.1 403 Forbidden\r\n\r\n").is_err());
        assert!(opened(&[b'x'; HEAD_BYTES + 1]).is_err());
    }
}
