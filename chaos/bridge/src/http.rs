//! The requests of a pipe, each on a connection of its own.

use std::io;

use shared::limits::SUBPROTOCOL;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::Way;

/// Texts in one request at most.
const AT_ONCE: usize = 64;

/// Says what comes, as much of it in a request as there is: one request after the other, numbered. An empty text is a sign
/// of life.
pub(crate) async fn say(way: Way, id: String, mut texts: UnboundedReceiver<String>) {
    let mut waiting = Vec::new();
    let mut n = 0;
    while texts.recv_many(&mut waiting, AT_ONCE).await > 0 {
        n += 1;
        let path = format!("/{id}?n={n}");
        if ask(&way, "POST", &path, &waiting.join("\n")).await.is_err() {
            return;
        }
        waiting.clear();
    }
}

/// Makes a pipe; the answer says which, or how it was refused.
pub(crate) async fn make(way: &Way) -> io::Result<String> {
    let path = format!("?protocol={SUBPROTOCOL}");
    ask(way, "POST", &path, "").await
}

pub(crate) async fn end(way: &Way, id: &str) -> io::Result<String> {
    ask(way, "DELETE", &format!("/{id}"), "").await
}

/// One request; its answer is read to the end of the connection.
pub(crate) async fn ask(way: &Way, method: &str, path: &str, body: &str) -> io::Result<String> {
    let mut stream = begin(way, method, path, body).await?;
    let mut answer = String::new();
    let length = head(&mut stream).await?;
    match length {
        Some(length) => {
            let mut bytes = vec![0; length];
            stream.read_exact(&mut bytes).await?;
            answer = String::from_utf8(bytes).map_err(|_| io::ErrorKind::InvalidData)?;
        }
        None => {
            stream.read_to_string(&mut answer).await?;
        }
    }
    Ok(answer)
}

/// A request whose answer has no end: what comes are its lines, chunk sizes among them.
pub(crate) async fn stream(way: &Way, path: &str) -> io::Result<BufReader<TcpStream>> {
    let mut stream = begin(way, "GET", path, "").await?;
    head(&mut stream).await?;
    Ok(stream)
}

async fn begin(
    way: &Way,
    method: &str,
    path: &str,
    body: &str,
) -> io::Result<BufReader<TcpStream>> {
    let (server, cookie) = (way.server, &way.cookie);
    let request = format!(
        "{method} /api/pipe{path} HTTP/1.1\r\nHost: {server}\r\nCookie: {cookie}\r\n\
         Content-Type: application/x-ndjson\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(server).await?;
    stream.set_nodelay(true)?;
    stream.write_all(request.as_bytes()).await?;
    Ok(BufReader::new(stream))
}

/// Reads the head of an answer; an error unless it is a good one. Says how long the body is, if that is said.
async fn head(stream: &mut BufReader<TcpStream>) -> io::Result<Option<usize>> {
    let mut status = String::new();
    stream.read_line(&mut status).await?;
    if !status.starts_with("HTTP/1.1 2") {
        return Err(io::Error::other(format!("answered with {status:?}")));
    }
    let mut length = status.starts_with("HTTP/1.1 204").then_some(0);
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        if line.trim_end().is_empty() {
            return Ok(length);
        }
        let (name, value) = line.split_once(':').unwrap_or_default();
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok();
        }
    }
}
