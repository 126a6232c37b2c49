//! The protocol: every message in each direction, one enum each. `docs/PROTOCOL.md` has the rules.
//!
//! A message is one WebSocket text message holding one JSON object whose `type` names the variant.
//! Fields that a reader does not know are ignored; kinds that it does not know are reported
//! as not understood and change nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{ClientId, Epoch, PersonId, RequestId, RoomId, Seq, Timestamp};
use crate::problem::Problem;
use crate::text::{Body, PersonName, RoomName};

/// From the client to the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientMessage {
    /// First message of a connection: who speaks, and up to where it has read.
    Hello(Hello),
    /// Stores a message in a room. Answered by `stored` or by `refused` with the client id.
    Send {
        room: RoomId,
        client_id: ClientId,
        body: Body,
    },
    /// Asks for the events `from..=to` of a room's log. Answered by `page`, which may end early.
    Read {
        request: RequestId,
        room: RoomId,
        from: Seq,
        to: Seq,
    },
    /// Makes a room and joins it. Answered by `joined`.
    Create {
        request: RequestId,
        client_id: ClientId,
        name: RoomName,
    },
    /// Joins a room. Answered by `joined`, also when already in it.
    Join {
        request: RequestId,
        client_id: ClientId,
        room: RoomId,
    },
    /// Asks which rooms there are. Answered by `directory`.
    Directory { request: RequestId },
    /// Asks for a sign of life. Answered at once by `pong` with the same number.
    Ping { n: u64 },
}

/// From the server to the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerMessage {
    /// Answers `hello`: the facts about this person, complete.
    Welcome(Welcome),
    /// Part of a room's log: replayed after `welcome` (no request), or the answer to `read`.
    Page(Page),
    /// Every replay of this connection has been sent; what follows is live.
    Resumed,
    /// One event, as it was committed. The same bytes go to everyone in the room.
    Event { room: RoomId, event: Event },
    /// The message is on disk. `repeat` says that it had been before this send.
    Stored {
        room: RoomId,
        client_id: ClientId,
        seq: Seq,
        at: Timestamp,
        repeat: bool,
    },
    /// A request or send was not carried out; names the one it answers, if it could be read.
    Refused {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request: Option<RequestId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<ClientId>,
        problem: Problem,
    },
    /// This person is in a room now: the answer to `join` or `create`, or done from elsewhere (no request).
    Joined {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request: Option<RequestId>,
        room: Room,
    },
    /// The rooms there are, by name; `more` says that the list was cut.
    Directory {
        request: RequestId,
        rooms: Vec<DirectoryRoom>,
        more: bool,
    },
    /// Live events were dropped because this connection was slow: the rooms' heads, to read up to.
    Behind { heads: BTreeMap<RoomId, Seq> },
    /// Answers `ping`, with the server's clock.
    Pong { n: u64, now: Timestamp },
    /// The server is about to close for a restart: return after a random part of `spread_ms`.
    Restarting { spread_ms: u64 },
    /// A kind that this version does not know, kept as it came.
    #[serde(untagged)]
    NotUnderstood(serde_json::Value),
}

/// Who speaks, and up to where it has read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// Protocol version; the server answers one it does not speak with `refused` and close 4406.
    pub protocol: u16,
    /// Name and version of the program, for logs.
    pub client: String,
    /// The history that the cursors belong to, if there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<Epoch>,
    /// Per room, the last event that was applied; at most [`crate::limits::CURSORS`]. A room left out is not replayed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub cursors: BTreeMap<RoomId, Seq>,
}

/// The facts about this person, complete. Changes come as messages of their own afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// Name and version of the server.
    pub server: String,
    /// This history. If it is not the one of Hello, the cursors meant nothing and there is no replay.
    pub epoch: Epoch,
    /// The server's clock.
    pub now: Timestamp,
    /// The person this connection belongs to.
    pub me: Person,
    /// Every room that the person is in.
    pub rooms: Vec<Room>,
}

/// Part of a room's log, dense and in order: `events` are exactly `from..=to`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The `read` that this answers; none when it is a replay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestId>,
    /// The room.
    pub room: RoomId,
    /// In a replay of more than [`crate::limits::REPLAY_EVENTS`]: the events left out, just before `from`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<Span>,
    /// Place of the first event.
    pub from: Seq,
    /// Place of the last event; less than asked for when the page was full, `from - 1` when it is empty.
    pub to: Seq,
    /// Newest place of the room's log.
    pub head: Seq,
    /// The events.
    pub events: Vec<Event>,
}

/// A run of places, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First place.
    pub from: Seq,
    /// Last place.
    pub to: Seq,
}

impl Span {
    /// How many places it holds.
    #[must_use]
    pub fn len(self) -> u64 {
        (self.to.0 + 1).saturating_sub(self.from.0)
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
}

/// One entry of a room's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its place in the room's log.
    pub seq: Seq,
    /// When it was committed, by the server's clock.
    pub at: Timestamp,
    /// Who did it.
    pub author: Person,
    /// The author's own name for it.
    pub client_id: ClientId,
    /// What was done.
    pub content: Content,
}

/// What was done in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    /// The room was made. Always event 1.
    Created { name: RoomName },
    /// The author joined.
    Joined,
    /// The author said something.
    Message { body: Body },
    /// A kind that this version does not know, kept as it came. It has its place in the log all the same.
    #[serde(untagged)]
    NotUnderstood(serde_json::Value),
}

/// A person, as others see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Never changes.
    pub id: PersonId,
    /// Display name.
    pub name: PersonName,
}

/// A room that the reader is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// Never changes.
    pub id: RoomId,
    /// What it is called.
    pub name: RoomName,
    /// Newest place of its log.
    pub head: Seq,
}

/// A room as the directory lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryRoom {
    /// Never changes.
    pub id: RoomId,
    /// What it is called.
    pub name: RoomName,
    /// How many people are in it.
    pub members: u64,
    /// Whether the reader is one of them.
    pub joined: bool,
}
