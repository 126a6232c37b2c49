//! The two sides of the session: what can happen to it, and what it wants done.

use crate::close::CloseCode;
use crate::ids::{ClientId, FileId, PersonId, RoomId, Seq, Timestamp};
use crate::problem::Problem;
use crate::protocol::{Choice, Person, Span};
use crate::session::alerts::Alert;
use crate::session::connection::Generation;
use crate::session::outbox::Draft;
use crate::session::requests::Asked;
use crate::text::{RoomName, SearchText};
use crate::transport::Transport;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Somebody is signed in: connect. `restored` is the outbox that was kept for this person.
    SignedIn { me: Person, restored: Vec<Draft> },
    /// The person signed out: close for good and forget.
    SignedOut,
    /// The socket opened.
    Opened { generation: Generation },
    /// A text message arrived.
    Received {
        generation: Generation,
        text: String,
    },
    /// The socket closed, or could not be opened.
    Closed {
        generation: Generation,
        code: CloseCode,
        reason: String,
        clean: bool,
    },
    /// The time that [`crate::session::Session::wake_at`] named has come.
    Timer,
    /// The page became visible or was shown again.
    Wake,
    /// The browser says whether there is a network.
    Online(bool),
    /// The person does not want to wait for the next attempt.
    ConnectNow,
    /// The person wants this way, or leaves it to the session, which then expects the shell to be able to do all of them.
    /// `blocked`: WebSockets did not open when this browser tried last. Without this input there are WebSockets only.
    Transport {
        chosen: Option<Transport>,
        blocked: bool,
    },
    /// The view shows this room.
    Open { room: RoomId },
    /// The view shows this room at a place, which is read if it is not held.
    OpenAt { room: RoomId, seq: Seq },
    /// The view shows this room as it was at a moment.
    OpenWhen { room: RoomId, at: Timestamp },
    /// The reader has seen a room up to here.
    Seen { room: RoomId, seq: Seq },
    /// The view of a room goes; the reader was here, unless at the end.
    Left { room: RoomId, at: Option<Seq> },
    /// The person types in a room.
    Typing { room: RoomId },
    /// The page cannot be seen any more, and may be gone soon.
    Hidden,
    /// The page is in front of the person, or not any more. At first it is not.
    Watched(bool),
    /// The person says that a room is read, or, without one, that all are.
    MarkRead { room: Option<RoomId> },
    /// The person wants a room to be unread from a place on.
    MarkUnread { room: RoomId, from: Seq },
    /// The reader comes back to a room that was open meanwhile.
    Returned { room: RoomId },
    /// The reader nears the oldest event that is held.
    LoadOlder { room: RoomId },
    /// The reader nears a gap, or wants it filled: what this span has of gaps is read.
    LoadGap { room: RoomId, span: Span },
    /// The person wants to be in a room.
    Join { room: RoomId, client_id: ClientId },
    /// The person wants a new room.
    Create {
        name: RoomName,
        private: bool,
        client_id: ClientId,
    },
    /// The person wants to talk with exactly these.
    OpenDirect {
        people: Vec<PersonId>,
        client_id: ClientId,
    },
    /// The person wants to know which rooms there are.
    ListRooms,
    /// The person looks for messages; days begin so many minutes before they do in UTC.
    Search { text: SearchText, offset: i16 },
    /// The person wants to see older ones.
    SearchOlder,
    /// What was found is not looked at any more.
    SearchClosed,
    /// The person looks at what is pinned to a room, or does so no more.
    ShowPins(Option<RoomId>),
    /// The person looks at what a message said before, or does so no more.
    ShowHistory(Option<(RoomId, Seq)>),
    /// The person looks at the way of a message of their own, or does so no more; said again, it is asked for anew.
    ShowJourney(Option<(RoomId, Seq)>),
    /// The view wants to know who is in a room, and keep knowing it while this is the last one asked for.
    ListMembers { room: RoomId },
    /// The person chooses how to be told of things.
    Choose(Choice),
    /// The person has read that they were taken out of a room.
    Noted { room: RoomId },
    /// The person looks for others by name.
    FindPeople { text: String },
    /// Whether this tab sends what is in the outbox, or another one of the same person does. At first it does.
    Sending(bool),
    /// Another tab of this person has taken this into the outbox.
    Shared(Draft),
    /// Another tab says that this is stored, or was given up.
    Settled { client_id: ClientId },
    /// The tab that sends says that this was refused for good.
    Failed {
        client_id: ClientId,
        problem: Problem,
    },
    /// The server has this file ([`crate::session::Session::next_upload`]).
    Uploaded { file: FileId },
    /// A file of this message does not get to the server.
    NotUploaded {
        client_id: ClientId,
        problem: Problem,
    },
    /// Another try for a message that failed or waits.
    Retry { client_id: ClientId },
    /// The person gives a message up.
    Discard { client_id: ClientId },
}

/// What the shell must do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Open a socket and tag its events with this generation. There may be one already, which goes on until its own
    /// [`Output::Disconnect`]: then this is a try whether a better way is open.
    Connect {
        generation: Generation,
        transport: Transport,
    },
    /// Send a text message.
    Transmit {
        generation: Generation,
        text: String,
    },
    /// Close the socket and drop it; its further events do not matter.
    Disconnect {
        generation: Generation,
        code: CloseCode,
    },
    /// Keep this where a reload finds it, behind what is kept already, and tell the other tabs.
    Keep(Draft),
    /// Forget it there, and tell the other tabs: it is stored, or was given up.
    Forget { client_id: ClientId },
    /// Tell the other tabs that it was refused for good.
    Failed {
        client_id: ClientId,
        problem: Problem,
    },
    /// Tell the person.
    Alert(Alert),
    /// What was told of this room is read, or not of interest any more.
    Withdraw { room: RoomId },
    /// The room that this person asked to join or make is there: show it.
    Joined { room: RoomId },
    /// What was asked for is refused for good.
    Refused { asked: Asked, problem: Problem },
}
