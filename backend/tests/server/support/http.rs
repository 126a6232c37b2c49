//! HTTP/1.1 by hand: one request per connection, because the tests want to send what no library would.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::soon;

#[derive(Debug, Clone)]
pub(crate) struct Request {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

/// An answer, read to the end of the connection.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
    /// The body as it came.
    pub(crate) raw: Vec<u8>,
}

impl Request {
    pub(crate) fn new(method: &str, path: &str) -> Self {
        Self {
            method: method.into(),
            path: path.into(),
            headers: Vec::new(),
            body: None,
        }
    }

    pub(crate) fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    pub(crate) fn post_json(path: &str, body: &str) -> Self {
        let request = Self::new("POST", path).header("Content-Type", "application/json");
        request.body(body)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers
            .retain(|(one, _)| !one.eq_ignore_ascii_case(name));
        self
    }

    /// With a body that is no text.
    pub(crate) fn bytes_of(mut self, body: &[u8]) -> Self {
        self.body = Some(body.into());
        self
    }

    pub(crate) fn body(mut self, body: &str) -> Self {
        self.body = Some(body.into());
        self
    }

    /// The bytes of the request; `Host` is the address unless the test said another.
    pub(crate) fn bytes(&self, address: SocketAddr) -> Vec<u8> {
        let mut text = format!("{} {} HTTP/1.1\r\n", self.method, self.path);
        let has = |name: &str| {
            self.headers
                .iter()
                .any(|(n, _)| n.eq_ignore_ascii_case(name))
        };
        if !has("host") {
            text += &format!("Host: {address}\r\n");
        }
        if !has("connection") {
            text += "Connection: close\r\n";
        }
        for (name, value) in &self.headers {
            text += &format!("{name}: {value}\r\n");
        }
        if let Some(body) = &self.body
            && !has("transfer-encoding")
        {
            text += &format!("Content-Length: {}\r\n", body.len());
        }
        text += "\r\n";
        let mut bytes = text.into_bytes();
        bytes.extend(self.body.iter().flatten());
        bytes
    }

    pub(crate) async fn send(&self, address: SocketAddr) -> Reply {
        let mut stream = TcpStream::connect(address).await.unwrap();
        // A server that refuses early may close before everything is written.
        let _ = stream.write_all(&self.bytes(address)).await;
        let mut bytes = Vec::new();
        let _ = soon("an answer", stream.read_to_end(&mut bytes)).await;
        Reply::parse(&bytes)
    }
}

impl Reply {
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let (head, body) = text
            .split_once("\r\n\r\n")
            .unwrap_or_else(|| panic!("no answer: {text:?}"));
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        let header = |line: &str| {
            let (name, value) = line.split_once(':').unwrap();
            (name.to_ascii_lowercase(), value.trim().to_owned())
        };
        Self {
            status: status.parse().unwrap(),
            headers: lines.map(header).collect(),
            body: body.to_owned(),
            raw: bytes[bytes.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4..].to_vec(),
        }
    }

    /// Bytes of its head.
    pub(crate) fn head_bytes(&self) -> usize {
        let lines = self.headers.iter();
        let lines = lines.map(|(name, value)| name.len() + value.len() + ": \r\n".len());
        "HTTP/1.1 200 OK\r\n\r\n".len() + lines.sum::<usize>()
    }

    /// Every value of a header.
    pub(crate) fn headers(&self, name: &str) -> impl Iterator<Item = &str> {
        let all = self.headers.iter().filter(move |(one, _)| one == name);
        all.map(|(_, value)| value.as_str())
    }

    /// The one value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut all = self.headers(name);
        let found = all.next();
        assert!(all.next().is_none(), "{name} came twice: {self:?}");
        found
    }

    /// The code of the problem in the body.
    pub(crate) fn problem(&self) -> String {
        let body: serde_json::Value = serde_json::from_str(&self.body).unwrap_or_default();
        let code = body["error"]["code"].as_str();
        code.unwrap_or_else(|| panic!("no problem in {self:?}"))
            .to_owned()
    }
}
