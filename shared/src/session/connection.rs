//! What the session knows about its connection: the state, and the record that explains it to a person.

use crate::sorted::by_key;
use std::collections::VecDeque;

use serde::Serialize;

use crate::close::CloseCode;
use crate::ids::Timestamp;
use crate::json::FromJson;
use crate::session::time::{Moment, Ticks};
use crate::transport::Transport;

/// Counts the sockets of a session; an event of an older one is recognised by it (C2).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(pub u64);

/// The connection's life. What a state needs exists only in that state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nobody is signed in.
    Idle,
    /// A socket was asked for and has not opened.
    Connecting {
        generation: Generation,
        deadline: Ticks,
    },
    /// The socket is open; Hello was sent; Welcome and the replays are under way.
    Joining {
        generation: Generation,
        deadline: Ticks,
    },
    /// Joined: welcome and resumed (C1).
    Live {
        generation: Generation,
        since: Ticks,
    },
    /// Waiting before the next attempt.
    Backoff { until: Ticks },
    /// It would be no use to try again by itself.
    Stopped { reason: StopReason },
}

/// Why the session does not connect by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// The session cookie is gone or revoked: the person signs in again; the outbox waits.
    SignIn,
    /// The person was shut out of the server.
    ShutOut,
    /// This program is too old or too new for the server: reload the page.
    Version,
}

/// How a connection ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Close {
    /// What the browser reported, or what we closed with.
    pub code: CloseCode,
    /// The reason in the close frame, often empty.
    pub reason: String,
    /// Whether both sides said goodbye (`wasClean`).
    pub clean: bool,
    /// Who ended it.
    pub by: Ender,
    /// When, on the wall clock.
    pub at: Timestamp,
}

/// Who ended a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Ender {
    /// The server or the network.
    Remote,
    /// Our watchdog: a deadline passed.
    Watchdog,
    /// The person signed out, or wanted another way.
    Person,
    /// This side, for another connection.
    Left,
}

/// Why this way and no other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Why {
    /// It is the best one.
    #[default]
    Best,
    /// The person wants it.
    Chosen,
    /// The better one does not open.
    Blocked,
    /// The better one opens, and nothing comes through.
    Silent,
}

/// Frames and bytes of message text, all connections of this session together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Messages received.
    pub frames_in: u64,
    /// Bytes of text received.
    pub bytes_in: u64,
    /// Messages sent.
    pub frames_out: u64,
    /// Bytes of text sent.
    pub bytes_out: u64,
}

/// Round trips measured by ping and pong, the newest last, in milliseconds; at most [`RoundTrips::KEPT`].
#[derive(Debug, Clone, Default)]
pub struct RoundTrips(VecDeque<u64>);

impl RoundTrips {
    /// How many are kept.
    pub const KEPT: usize = 64;

    /// One more.
    pub fn push(&mut self, milliseconds: u64) {
        if self.0.len() == Self::KEPT {
            self.0.pop_front();
        }
        self.0.push_back(milliseconds);
    }

    /// The newest one.
    #[must_use]
    pub fn last(&self) -> Option<u64> {
        self.0.back().copied()
    }

    /// The `percent`th percentile (nearest rank), if anything was measured.
    #[must_use]
    pub fn percentile(&self, percent: usize) -> Option<u64> {
        let sorted = by_key(self.0.iter().copied(), |trip| *trip);
        let rank = (sorted.len() * percent).div_ceil(100).max(1);
        sorted.get(rank - 1).copied()
    }
}

/// The record of the connection, for the machine and for whoever wants to know.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Where in its life it is.
    pub state: State,
    /// Since when it has been in this state.
    pub since: Moment,
    /// Attempts since it was last live for [`crate::limits::STABLE_MS`]; the one under way included.
    pub attempt: u32,
    /// Whether it has ever been live: first "connecting", later "reconnecting" (C12).
    pub been_live: bool,
    /// Whether the browser thinks that there is a network. It only hints (C6).
    pub online: bool,
    /// How the last connection ended.
    pub last_close: Option<Close>,
    /// Measured round trips.
    pub round_trips: RoundTrips,
    /// The server's clock minus ours, in milliseconds, by the last pong.
    pub clock_offset: Option<i64>,
    /// What went over the wire.
    pub traffic: Traffic,
    /// When the last message was received.
    pub last_heard: Option<Moment>,
    /// Whether a probe is under way whose answer decides about the connection.
    pub probing: bool,
    /// On which way its messages travel, or those of the next attempt.
    pub transport: Transport,
    /// Why on this one.
    pub why: Why,
}

impl Connection {
    /// When the next attempt starts, while one is waited for.
    #[must_use]
    pub fn next_try_at(&self) -> Option<Ticks> {
        match self.state {
            State::Backoff { until } => Some(until),
            _ => None,
        }
    }

    /// Whether the connection is joined.
    #[must_use]
    pub fn is_live(&self) -> bool {
        matches!(self.state, State::Live { .. })
    }
}
