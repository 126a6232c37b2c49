//! The four ways on which messages travel. What they say, and in which order, is the same on each.

use serde::Serialize;

use crate::json::FromJson;

/// A way between client and server, the best one first.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, FromJson,
)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// One connection for both directions.
    #[default]
    #[serde(rename = "websocket")]
    WebSocket,
    /// An answer that does not end, and requests beside it (Server-Sent Events).
    Events,
    /// Requests that are answered when there is something to say.
    #[serde(rename = "long-poll")]
    LongPoll,
    /// Requests that are answered at once, again and again.
    Poll,
}

impl Transport {
    /// All of them, the best one first.
    pub const ALL: [Self; 4] = [Self::WebSocket, Self::Events, Self::LongPoll, Self::Poll];

    /// Its name in settings, options and figures.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::WebSocket => "websocket",
            Self::Events => "events",
            Self::LongPoll => "long-poll",
            Self::Poll => "poll",
        }
    }

    /// The one with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}
