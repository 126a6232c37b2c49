//! The protocol: every message in each direction, one enum each. `docs/PROTOCOL.md` has the rules.
//!
//! A message is one WebSocket text message holding one JSON object whose `type` names the variant.
//! Fields that a reader does not know are ignored; kinds that it does not know are reported
//! as not understood and change nothing.

mod choice;
mod file;
mod handshake;
mod log;
mod message;
mod order;
mod presence;
mod reading;
mod search;

use crate::sorted::Map;

use serde::Serialize;

pub use self::choice::{Choice, Choices, FOREVER, Level};
pub use self::file::{Attachment, Extent};
pub(crate) use self::handshake::value;
pub use self::handshake::{Handshake, Header, SWITCHING};
pub use self::log::{Action, Content, Cursor, Event, Page, Post, Span};
pub use self::message::{Forwarded, Message, Origin, Pin, Quote, Reaction, Version, names};
pub use self::order::{Pace, TakenOut};
pub use self::presence::{Here, Presence};
pub use self::reading::{ReadAsOf, Reading, Receipt};
pub use self::search::{Hit, Mark};
use crate::ids::{ClientId, Epoch, PersonId, RequestId, RoomId, Seq, Timestamp};
use crate::json::{FromJson, Json};
use crate::people::Profile;
use crate::problem::Problem;
use crate::text::{PersonName, RoomName, SearchText, Topic};

/// From the client to the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientMessage {
    /// First message of a connection: who speaks, and up to where it has read.
    Hello(Hello),
    /// Adds an event to a room's log. Answered by `stored` or by `refused` with the client id.
    Send {
        room: RoomId,
        client_id: ClientId,
        /// Only if this one of the same author is stored: so a refusal lets none overtake that was sent right behind.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<ClientId>,
        action: Action,
    },
    /// Asks for the events `from..=to` of a room's log. Answered by `page`, which may end early.
    Read {
        request: RequestId,
        room: RoomId,
        from: Seq,
        to: Seq,
    },
    /// Asks where a moment is in a room's log. Answered by `place`.
    PlaceAt {
        request: RequestId,
        room: RoomId,
        at: Timestamp,
    },
    /// Makes a room and joins it. Answered by `joined`.
    Create {
        request: RequestId,
        client_id: ClientId,
        name: RoomName,
        /// Whether only those know of it who are in it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        private: bool,
    },
    /// Joins a room. Answered by `joined`, also when already in it.
    Join {
        request: RequestId,
        client_id: ClientId,
        room: RoomId,
    },
    /// Opens the direct room of exactly these people and the sender, which is made if there is none. Answered by `joined`.
    OpenDirect {
        request: RequestId,
        client_id: ClientId,
        people: Vec<PersonId>,
    },
    /// Asks which public rooms there are. Answered by `directory`.
    Directory { request: RequestId },
    /// Looks for messages in the rooms that the person is in. Answered by `found`.
    Search {
        request: RequestId,
        text: SearchText,
        /// Minutes by which the person's clock is ahead of UTC: where days begin.
        #[serde(default)]
        offset: i16,
        /// Where an earlier answer ended, to go on from there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        older: Option<u64>,
    },
    /// Asks what is pinned to a room. Answered by `pins`.
    Pins { request: RequestId, room: RoomId },
    /// Asks what a message said before. Answered by `history`.
    HistoryOf {
        request: RequestId,
        room: RoomId,
        target: Seq,
    },
    /// Asks where a message of one's own has arrived. Answered by `journey`.
    Journey {
        request: RequestId,
        room: RoomId,
        seq: Seq,
    },
    /// Asks how far the others in a room have read. Answered by `receipts`.
    Receipts { request: RequestId, room: RoomId },
    /// Asks who is in a room. Answered by `members`.
    Members { request: RequestId, room: RoomId },
    /// Says that the person has noted that they were taken out of a room. Answered by `noted` on every connection of the person.
    Noted { request: RequestId, room: RoomId },
    /// Asks who there is with this in their name. Answered by `people_found`.
    FindPeople { request: RequestId, text: String },
    /// States up to where rooms were applied, so that the server can compare. Answered only by `diverged`, if at all.
    Applied { cursors: Map<RoomId, Cursor> },
    /// Says up to where the person has read rooms: it never goes back. Answered by `seen` on every connection of the person.
    Seen { rooms: Map<RoomId, Seq> },
    /// Makes a room unread from a place on. Answered like `seen`.
    Unread { room: RoomId, from: Seq },
    /// Chooses how to be told of things. Answered by `done`; `chosen` goes to every connection of the person.
    Choose { request: RequestId, choice: Choice },
    /// Asks to know of these people whether they are here, from now on and instead of those asked for before; at most
    /// [`crate::limits::WATCHED`]. Answered by `presence`.
    Watch {
        request: RequestId,
        people: Vec<PersonId>,
    },
    /// Says that the person has not looked at this client for a while, or does again. Not answered.
    Away { on: bool },
    /// Says that this person is writing in a room. Not answered.
    Typing { room: RoomId },
    /// Asks for a sign of life. Answered at once by `pong` with the same number.
    Ping { n: u64 },
}

/// From the server to the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerMessage {
    /// Answers `hello`: the facts about this person, complete.
    Welcome(Welcome),
    /// Part of a room's log: replayed after `welcome` (no request), or the answer to `read`.
    Page(Page),
    /// Answers `place_at`: the first event at or after the moment; the last one, if all are earlier.
    Place {
        request: RequestId,
        room: RoomId,
        seq: Seq,
    },
    /// Every replay of this connection has been sent; what follows is live.
    Resumed,
    /// One event, as it was committed, with the message that it answers. The same bytes go to everyone in the room.
    Event {
        room: RoomId,
        event: Event,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quote: Option<Box<Quote>>,
    },
    /// The event is on disk. `repeat` says that it had been before this send.
    Stored {
        room: RoomId,
        client_id: ClientId,
        seq: Seq,
        at: Timestamp,
        repeat: bool,
        /// When it was on disk, for a client that wants to be explained to, unless it had been before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        committed: Option<Timestamp>,
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
    /// This person is not in a room any more; with how that came about if others did it.
    Left {
        room: RoomId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        taken_out: Option<Box<TakenOut>>,
    },
    /// This person has noted that they were taken out of a room, here or elsewhere (no request).
    Noted {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request: Option<RequestId>,
        room: RoomId,
    },
    /// The cursor that the client stated is not of this log: what was read of the room has to be read anew.
    Diverged { room: RoomId, seq: Seq },
    /// The public rooms there are, by name; `more` says that the list was cut.
    Directory {
        request: RequestId,
        rooms: Vec<DirectoryRoom>,
        more: bool,
    },
    /// Messages, the newest first. With `older` there may be more.
    Found {
        request: RequestId,
        hits: Vec<Hit>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        older: Option<u64>,
    },
    /// What is pinned to a room as its log ends at `head`, what was pinned last first.
    Pins {
        request: RequestId,
        room: RoomId,
        head: Seq,
        pins: Vec<Pin>,
    },
    /// What a message has said, the newest first; `more` says that the list was cut. Empty when it was deleted.
    History {
        request: RequestId,
        room: RoomId,
        target: Seq,
        versions: Vec<Version>,
        more: bool,
    },
    /// Where a message of this person has arrived: on so many of so many devices.
    Journey {
        request: RequestId,
        room: RoomId,
        seq: Seq,
        devices: u64,
        delivered: u64,
    },
    /// How far this person has read these rooms, as was said here or elsewhere.
    Seen { rooms: Map<RoomId, ReadAsOf> },
    /// What was asked for is done. What follows from it is told besides.
    Done { request: RequestId },
    /// What this person has chosen, here or elsewhere. Of two the later one counts.
    Chosen { choice: Choice },
    /// Who is here: of those asked for all who are, as the answer to `watch`; else those whose presence has changed.
    Presence {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request: Option<RequestId>,
        people: Vec<Here>,
    },
    /// How far others have read: the answer to `receipts`, or news (no request).
    Receipts {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request: Option<RequestId>,
        room: RoomId,
        read: Vec<Receipt>,
    },
    /// Somebody is writing in a room. It is in no log, and may be left out.
    Typing { room: RoomId, person: Person },
    /// Who is in a room as of `head`, by name; `more` says that the list was cut.
    Members {
        request: RequestId,
        room: RoomId,
        head: Seq,
        people: Vec<Person>,
        more: bool,
        /// Who is banned from it, for those who may take that back.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        banned: Vec<Person>,
    },
    /// People that were asked for, those first whose name begins so; `more` says that the list was cut.
    PeopleFound {
        request: RequestId,
        people: Vec<Person>,
        more: bool,
    },
    /// Live events were dropped because this connection was slow: the rooms' heads, to read up to.
    Behind { heads: Map<RoomId, Seq> },
    /// Something about people who share a room with this person, or about this person, has changed.
    People { people: Vec<Profile> },
    /// Answers `ping`, with the server's clock.
    Pong { n: u64, now: Timestamp },
    /// The server is about to close for a restart: return after a random part of `spread_ms`.
    Restarting { spread_ms: u64 },
    /// A kind that this version does not know, kept as it came.
    #[serde(untagged)]
    NotUnderstood(Json<'static>),
}

/// Who speaks, and up to where it has read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Hello {
    /// Protocol version; the server answers one it does not speak with `refused` and close 4406.
    pub protocol: u16,
    /// Name and version of the program, for logs.
    pub client: String,
    /// The history that the cursors belong to, if there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<Epoch>,
    /// Per room, the last event that was applied; at most [`crate::limits::CURSORS`]. A room left out is not replayed.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub cursors: Map<RoomId, Cursor>,
    /// The newest version of what is known about people that the client has; of the history that `epoch` names.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub people: u64,
    /// Whether the client wants to know how things come about, for those who look: the handshake with the welcome, and in
    /// `stored` when it was on disk.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub explain: bool,
}

/// The facts about this person, complete. Changes come as messages of their own afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
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
    /// The rooms that others took the person out of, as long as that is not noted; the newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken_out: Vec<TakenOut>,
    /// Those who share a room with the person and about whom something has changed since what Hello states; at most
    /// [`crate::limits::PROFILES`], the newest changes first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Profile>,
    /// The newest version of what is known about people.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub people_version: u64,
    /// What the person has chosen for all rooms together.
    #[serde(default, skip_serializing_if = "Choices::is_usual")]
    pub choices: Choices,
    /// The handshake of this connection, for a client that wants to be explained to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handshake: Option<Box<Handshake>>,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// A person, as others see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Person {
    /// Never changes.
    pub id: PersonId,
    /// Display name.
    pub name: PersonName,
}

/// What kind of place a room is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum RoomKind {
    /// In the directory; everyone may join.
    #[default]
    Public,
    /// Only those know of it who are in it; they put others in.
    Private,
    /// Of the same people for ever, whose names are its name.
    Direct,
}

impl RoomKind {
    /// Whether it is the kind that is not written.
    #[must_use]
    pub fn is_public(&self) -> bool {
        *self == Self::Public
    }
}

/// A room that the reader is in, as the reader sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Room {
    /// Never changes.
    pub id: RoomId,
    /// What kind of place it is; never changes.
    #[serde(default, skip_serializing_if = "RoomKind::is_public")]
    pub kind: RoomKind,
    /// What it is called, as of `head`; a direct room by the names of the others.
    pub name: RoomName,
    /// Newest place of its log.
    pub head: Seq,
    /// What it is about, as of `head`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Topic>,
    /// Whether nothing more is said in it, as of `head`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
    /// How long one waits between two messages, as of `head`.
    #[serde(default, skip_serializing_if = "Pace::is_none")]
    pub pace: Pace,
    /// Whether the reader keeps order in it: renames and archives it, takes people out, deletes what others said.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own: bool,
    /// Of a direct room: whose it is, the reader among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Person>,
    /// Of a direct room: when its newest event was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<Timestamp>,
    /// How far this person has read it, as of `head`.
    #[serde(default)]
    pub reading: Reading,
    /// Of what this person wants to be told, if they have chosen that; else it follows from the kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
}

impl Room {
    /// A public room, read to its end, of which nothing more is to be said.
    #[must_use]
    pub fn public(id: RoomId, name: RoomName, head: Seq) -> Self {
        Self {
            id,
            kind: RoomKind::Public,
            name,
            head,
            topic: None,
            archived: false,
            pace: Pace::NONE,
            own: false,
            people: Vec::new(),
            active: None,
            reading: Reading {
                to: head,
                ..Reading::default()
            },
            level: None,
        }
    }
}

/// A room as the directory lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct DirectoryRoom {
    /// Never changes.
    pub id: RoomId,
    /// What it is called.
    pub name: RoomName,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Topic>,
    /// Whether nothing more is said in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
    /// How many people are in it, counted up to [`crate::limits::MEMBERS_COUNTED`].
    pub members: u64,
    /// Whether the reader is one of them.
    pub joined: bool,
}
