//! Close codes (RFC 6455 section 7.4) and what a client does about each. The code alone decides.

use serde::Serialize;

use crate::json::FromJson;

/// A WebSocket close code as received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, FromJson)]
#[serde(transparent)]
pub struct CloseCode(pub u16);

/// What the client does after a close that it did not ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Reconnect by the backoff schedule and resume.
    Retry,
    /// Ask the person to sign in, then connect again.
    RetryAfterSignIn,
    /// Do not connect again by itself: it would fail the same way.
    Stop,
}

impl CloseCode {
    /// Normal closure. Phones close with it on suspend, so that it too means "retry" unless we asked.
    pub const NORMAL: Self = Self(1000);
    /// The page or the server goes away.
    pub const GOING_AWAY: Self = Self(1001);
    /// No close frame came: the link broke. Never on the wire.
    pub const ABNORMAL: Self = Self(1006);
    /// Text that is not UTF-8.
    pub const INVALID_PAYLOAD: Self = Self(1007);
    /// A message over [`crate::limits::CLIENT_MESSAGE_BYTES`], or in too many fragments.
    pub const TOO_BIG: Self = Self(1009);
    /// The server restarts; it comes back within seconds.
    pub const SERVICE_RESTART: Self = Self(1012);
    /// The server is overloaded.
    pub const TRY_AGAIN_LATER: Self = Self(1013);
    /// No session, or it was revoked.
    pub const SIGN_IN: Self = Self(4401);
    /// The person was shut out of this server.
    pub const SHUT_OUT: Self = Self(4403);
    /// The client's protocol version is not spoken here.
    pub const VERSION_UNSUPPORTED: Self = Self(4406);
    /// No Hello within [`crate::limits::HELLO_MS`], or no sign of life after a ping.
    pub const TIMEOUT: Self = Self(4408);
    /// The connection took nothing off its queue for too long.
    pub const SLOW: Self = Self(4410);
    /// The person has [`crate::limits::SOCKETS_PER_PERSON`] sockets already.
    pub const TOO_MANY_SOCKETS: Self = Self(4429);

    /// What to do about it.
    #[must_use]
    pub fn policy(self) -> Policy {
        match self {
            Self::SIGN_IN | Self::SHUT_OUT => Policy::RetryAfterSignIn,
            Self::VERSION_UNSUPPORTED => Policy::Stop,
            _ => Policy::Retry,
        }
    }
}
