//! Signing guests in over HTTP, many at once, before anything is measured.

use std::io::{Read, Write};
use std::net::{SocketAddrV4, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use shared::http::{SignIn, SignedIn};
use shared::limits;
use shared::protocol::{ClientMessage, Cursor, Hello, Person};

use crate::crowd::{CHALLENGE, Seat, text};

/// Sign-ins under way at once: they share a commit.
const AT_ONCE: usize = 64;

/// The number of the last guest: names are not used twice, also on a server that was measured before.
static LAST: AtomicU64 = AtomicU64::new(0);

const PATIENCE: Duration = Duration::from_secs(30);

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Guest {
    /// Who.
    pub me: Person,
    /// What proves it: the cookie's name and value.
    pub cookie: String,
}

/// Signs in so many guests, each of a name of their own (A6).
///
/// # Errors
/// When the server does not answer each with 201.
pub fn sign_in(address: SocketAddrV4, count: usize) -> Result<Vec<Guest>> {
    let mut lines = Vec::new();
    for _ in 0..count.min(AT_ONCE) {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        lines.push(stream);
    }
    let mut guests = Vec::with_capacity(count);
    while guests.len() < count {
        let batch = (count - guests.len()).min(lines.len());
        for line in &mut lines[..batch] {
            let number = LAST.fetch_add(1, Ordering::Relaxed);
            let name = SignIn {
                name: format!("Guest {number}"),
                ..SignIn::default()
            };
            let request = post(address, &serde_json::to_string(&name)?);
            line.write_all(request.as_bytes())?;
        }
        for line in &mut lines[..batch] {
            guests.push(guest(line).context("a guest cannot sign in")?);
        }
    }
    Ok(guests)
}

fn post(address: SocketAddrV4, body: &str) -> String {
    format!(
        "POST /api/session HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn guest(line: &mut impl Read) -> Result<Guest> {
    let (head, body) = answer(line)?;
    if !head.starts_with("HTTP/1.1 201") {
        bail!("{head} {body}");
    }
    let signed_in: SignedIn = serde_json::from_str(&body)?;
    let cookie = header(&head, "set-cookie").context("no cookie")?;
    let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
    Ok(Guest {
        me: signed_in.me,
        cookie,
    })
}

/// Head and body of one answer with a content length.
///
/// # Errors
/// When the line is cut.
pub fn answer(line: &mut impl Read) -> Result<(String, String)> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    let mut more = |bytes: &mut Vec<u8>| -> Result<()> {
        match line.read(&mut chunk)? {
            0 => bail!("the server hung up"),
            length => bytes.extend_from_slice(&chunk[..length]),
        }
        Ok(())
    };
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        more(&mut bytes)?;
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let length: usize = match header(&head, "content-length") {
        Some(length) => length.parse()?,
        None => 0,
    };
    while bytes.len() < end + 4 + length {
        more(&mut bytes)?;
    }
    let body = String::from_utf8_lossy(&bytes[end + 4..]).into_owned();
    Ok((head, body))
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then_some(value.trim())
    })
}

impl Guest {
    /// The request with which this guest opens a WebSocket.
    #[must_use]
    pub fn upgrade(&self, address: SocketAddrV4) -> Vec<u8> {
        let path = format!("/ws?as={}", self.me.id);
        let more = format!(
            "Sec-WebSocket-Protocol: {}\r\nCookie: {}\r\n",
            limits::SUBPROTOCOL,
            self.cookie
        );
        upgrade(address, &path, &more)
    }

    /// A connection that asks for no replay.
    #[must_use]
    pub fn seat(&self, address: SocketAddrV4) -> Seat {
        self.seat_from(address, hello())
    }

    /// A connection that starts with this hello.
    #[must_use]
    pub fn seat_from(&self, address: SocketAddrV4, hello: Hello) -> Seat {
        Seat {
            address,
            request: self.upgrade(address),
            greeting: Some(text(&ClientMessage::Hello(hello))),
            narrow: false,
        }
    }
}

/// Of someone who has read nothing.
#[must_use]
pub fn hello() -> Hello {
    Hello {
        protocol: limits::PROTOCOL_VERSION,
        client: "bench/1".into(),
        epoch: None,
        cursors: shared::sorted::Map::new(),
        people: 0,
        explain: false,
    }
}

/// Of someone who has read a room up to a place.
#[must_use]
pub fn hello_from(epoch: shared::ids::Epoch, room: shared::ids::RoomId, seq: u64) -> Hello {
    let cursor = Cursor {
        seq: shared::ids::Seq(seq),
        link: None,
    };
    Hello {
        epoch: Some(epoch),
        cursors: [(room, cursor)].into(),
        ..hello()
    }
}

/// An upgrade request for a path, with further header lines.
#[must_use]
pub fn upgrade(address: SocketAddrV4, path: &str, more: &str) -> Vec<u8> {
    format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {CHALLENGE}\r\n{more}\r\n"
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_to_its_length_and_no_further() {
        let mut two: &[u8] = b"HTTP/1.1 201 Created\r\nSet-Cookie: parlance_1=x; HttpOnly\r\n\
            Content-Length: 2\r\n\r\n{}";
        let (head, body) = answer(&mut two).unwrap();
        assert_eq!(body, "{}");
        assert_eq!(header(&head, "set-cookie"), Some("parlance_1=x; HttpOnly"));
        let mut cut: &[u8] = b"HTTP/1.1 201 Created\r\nContent-Length: 9\r\n\r\n{}";
        assert!(answer(&mut cut).is_err());
    }
}
