//! The ways in which messages get from a client to the server and back. The messages are the same on all of them.

use serde::Serialize;

use crate::json::FromJson;

/// A way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// One connection, both ways at any time (RFC 6455).
    #[default]
    #[serde(rename = "websocket")]
    WebSocket,
    /// A response that never ends brings what comes; what goes is posted.
    ServerSentEvents,
    /// A request waits until something is there.
    LongPolling,
    /// A request asks every few seconds.
    Polling,
}
