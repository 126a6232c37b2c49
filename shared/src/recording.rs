//! Connections written down, as their client saw them: what the inspector shows, and what is exported and replayed.
//!
//! It is data, as [`crate::protocol`] is.

pub mod markdown;
pub mod masking;
pub mod pcapng;

use serde::Serialize;

use crate::close::CloseCode;
use crate::ids::Timestamp;
use crate::json::FromJson;
use crate::protocol::Handshake;
use crate::session::connection::Ender;
use crate::transport::Transport;

/// The last connections of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Recording {
    /// Name and version of the program that recorded.
    pub client: String,
    /// What it connected to: `wss://chat.example.org/ws`.
    pub address: String,
    /// The oldest first; at most [`crate::limits::RECORDED_CONNECTIONS`].
    pub connections: Vec<Connection>,
}

/// One attempt to connect, and what came of it. Times are milliseconds since it began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Connection {
    /// Counts the attempts of the page, from 1.
    pub number: u64,
    /// When it began, on the wall clock.
    pub began: Timestamp,
    /// How messages travelled.
    #[serde(default)]
    pub transport: Transport,
    /// How far it came.
    pub steps: Steps,
    /// The handshake as the server saw it, if it told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handshake: Option<Handshake>,
    /// How it ended, if it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<End>,
    /// What went both ways and is still held, in the order in which it went. Numbers that are missing at the start were let go
    /// of.
    #[serde(default)]
    pub frames: Vec<Frame>,
}

/// How far a connection came, and when.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, FromJson)]
pub struct Steps {
    /// The socket opened, and `hello` was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened: Option<u64>,
    /// `welcome` came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub welcomed: Option<u64>,
    /// `resumed` came: the connection is live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resumed: Option<u64>,
}

/// How a connection ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct End {
    /// When.
    pub after: u64,
    /// What the browser reported, or what we closed with.
    pub code: CloseCode,
    /// The reason in the close frame, often empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Whether both sides said goodbye (`wasClean`).
    pub clean: bool,
    /// Who ended it.
    pub by: Ender,
    /// Milliseconds that were to be waited before the next attempt; none if there was to be no next one by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<u64>,
}

/// One message. Pings, pongs and close frames of the WebSocket itself are the browser's; scripts do not see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Frame {
    /// Which way it went.
    pub way: Way,
    /// Counts those of its way on its connection, from 1.
    pub number: u64,
    /// When.
    pub after: u64,
    /// Bytes of the whole payload.
    pub bytes: usize,
    /// The payload, which is text; its beginning if it is longer than [`crate::limits::RECORDED_TEXT_BYTES`].
    pub text: String,
}

/// Which way a message went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// To the server.
    Out,
    /// From the server.
    In,
}

impl Frame {
    /// Whether only its beginning is held.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.text.len() < self.bytes
    }
}
