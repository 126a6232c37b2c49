//! What can go wrong with a request, as data: code decides by the kind, people read the text that the app makes of it.

use std::fmt;

use serde::Serialize;

use crate::json::FromJson;
use crate::text::TextProblem;

/// Why a request was not carried out. Nothing was changed unless the variant says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Problem {
    /// The message is not JSON, or lacks a field, or a field has the wrong type.
    Malformed { detail: String },
    /// The message is well-formed, but its `type` is unknown to this server.
    NotUnderstood { kind: String },
    /// A binary message came where text is due.
    BinaryRefused,
    /// The first message must be Hello, and Hello comes only once.
    OutOfTurn,
    /// No session, or one that was revoked or has expired: sign in again.
    Unauthenticated,
    /// The request came from a page of another origin.
    ForeignOrigin,
    /// There is no such room, or this person is not in it: the two are not told apart.
    NoSuchRoom,
    /// The body of a message was not accepted.
    BadBody { problem: TextProblem },
    /// The name of a person or a room was not accepted.
    BadName { problem: TextProblem },
    /// What a room is about was not accepted.
    BadTopic { problem: TextProblem },
    /// The emoji of a reaction was not accepted.
    BadEmoji { problem: TextProblem },
    /// What was to be looked for was not accepted.
    BadSearch { problem: TextProblem },
    /// There is no such message in the room, or it was deleted.
    NoSuchMessage,
    /// Only the author of a message may change it.
    NotYours,
    /// The room is archived: it takes nothing more until that is taken back.
    Archived,
    /// A direct room has no name or topic of its own and always the same people, and is not archived.
    DirectRoom,
    /// The person is in the room already.
    AlreadyIn,
    /// The person is banned from the room.
    Banned,
    /// Those who keep order on this server have shut the person out.
    ShutOut,
    /// One waits between two messages in this room. The same request may be made again after the wait.
    TooSoon { retry_after_ms: u64 },
    /// A direct room is of no more people than this.
    TooManyPeople { limit: usize },
    /// The message has as many reactions as the limit allows.
    TooManyReactions { limit: usize },
    /// As many messages as the limit allows are pinned to the room.
    TooManyPins { limit: usize },
    /// The message names more people than the limit allows.
    TooManyMentions { limit: usize },
    /// The message carries more files than the limit allows.
    TooManyFiles { limit: usize },
    /// The person has not brought such a file, or it was taken away since; or they may not see it: these are not told apart.
    NoSuchFile,
    /// The file has more bytes than the limit allows, or none.
    BadFileSize { limit: u64 },
    /// The image has more pixels than the limit allows.
    ImageTooLarge { limit: u64 },
    /// This part does not begin where what the server holds of the file ends.
    WrongPlace { held: u64 },
    /// As many uploads of this person are unfinished as the limit allows.
    TooManyUploads { limit: usize },
    /// The person has brought as many bytes today, or the server holds as many, as it takes.
    NoRoomForFiles,
    /// The one that this should come after is not stored. The same request may be made again behind that one.
    NotInOrder,
    /// Another room, or another person, has this name already, or one that looks like it.
    NameTaken,
    /// The name or the password is wrong; which of them is not told.
    WrongPassword,
    /// The password has too few characters or too many bytes.
    BadPassword { least: usize, most: usize },
    /// What somebody says about themselves was not accepted.
    BadStatus { problem: TextProblem },
    /// The link was used, has run out, was withdrawn or never was one.
    NoSuchLink,
    /// One comes to this server with an invitation only.
    InviteNeeded,
    /// The person's role does not allow it.
    NotAllowed,
    /// There is no such person.
    NoSuchPerson,
    /// It would leave the server without an owner.
    LastOwner,
    /// As many invitations work at once as the limit allows.
    TooManyInvites { limit: usize },
    /// The person has used this client id for another message (another room or another body).
    ClientIdReused,
    /// The person is in as many rooms as the limit allows.
    TooManyRooms { limit: usize },
    /// The range asked for is empty, reversed or beyond the limit.
    BadRange { limit: u64 },
    /// Too much in too short a time. The same request may be made again after the wait.
    RateLimited { retry_after_ms: u64 },
    /// The server has more work than it can take. The same request may be made again after the wait.
    Overloaded { retry_after_ms: u64 },
    /// The server could not write to its disk (full or broken). The same request may be made again after the wait.
    StorageUnavailable { retry_after_ms: u64 },
    /// The server is going away. The same request may be made again, most likely on the next connection.
    Draining,
    /// The client speaks a protocol version that this server does not.
    VersionUnsupported { supported: Vec<u16> },
    /// What this version of the client does not know.
    #[serde(other)]
    Other,
}

impl Problem {
    /// How long to wait before the same request may succeed; `None` when repeating it is pointless.
    #[must_use]
    pub fn retry_after_ms(&self) -> Option<u64> {
        match self {
            Self::RateLimited { retry_after_ms }
            | Self::TooSoon { retry_after_ms }
            | Self::Overloaded { retry_after_ms }
            | Self::StorageUnavailable { retry_after_ms } => Some(*retry_after_ms),
            Self::Draining => Some(1_000),
            _ => None,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { detail } => write!(f, "malformed message: {detail}"),
            Self::NotUnderstood { kind } => write!(f, "message kind {kind:?} is not understood"),
            Self::BinaryRefused => f.write_str("binary messages are not part of the protocol"),
            Self::OutOfTurn => f.write_str("hello must come first and only once"),
            Self::Unauthenticated => f.write_str("no valid session"),
            Self::ForeignOrigin => f.write_str("requests from this origin are not accepted"),
            Self::NoSuchRoom => f.write_str("no such room"),
            Self::BadBody { problem } => write!(f, "message body: {problem}"),
            Self::BadName { problem } => write!(f, "name: {problem}"),
            Self::BadTopic { problem } => write!(f, "topic: {problem}"),
            Self::BadEmoji { problem } => write!(f, "emoji: {problem}"),
            Self::BadSearch { problem } => write!(f, "search: {problem}"),
            Self::NoSuchMessage => f.write_str("no such message"),
            Self::NotYours => f.write_str("the message is someone else's"),
            Self::Archived => f.write_str("the room is archived"),
            Self::DirectRoom => f.write_str("not in a direct room"),
            Self::AlreadyIn => f.write_str("the person is in the room already"),
            Self::Banned => f.write_str("the person is banned from the room"),
            Self::ShutOut => f.write_str("shut out of this server"),
            Self::TooSoon { retry_after_ms } => {
                write!(
                    f,
                    "too soon after the last one, retry in {retry_after_ms} ms"
                )
            }
            Self::TooManyPeople { limit } => write!(f, "a direct room has {limit} people at most"),
            Self::TooManyReactions { limit } => {
                write!(f, "the message has {limit} reactions, which is the limit")
            }
            Self::TooManyPins { limit } => {
                write!(f, "{limit} messages are pinned, which is the limit")
            }
            Self::TooManyMentions { limit } => write!(f, "at most {limit} people can be named"),
            Self::TooManyFiles { limit } => write!(f, "a message carries {limit} files at most"),
            Self::NoSuchFile => f.write_str("no such file"),
            Self::BadFileSize { limit } => write!(f, "a file has 1 to {limit} bytes"),
            Self::ImageTooLarge { limit } => write!(f, "an image has {limit} pixels at most"),
            Self::WrongPlace { held } => write!(f, "{held} bytes of the file are held"),
            Self::TooManyUploads { limit } => write!(f, "{limit} uploads are unfinished already"),
            Self::NoRoomForFiles => f.write_str("no more files are taken at the moment"),
            Self::NotInOrder => f.write_str("the one before it is not stored"),
            Self::NameTaken => f.write_str("the name is taken"),
            Self::WrongPassword => f.write_str("wrong name or password"),
            Self::BadPassword { least, most } => {
                write!(
                    f,
                    "a password has {least} characters at least and {most} bytes at most"
                )
            }
            Self::BadStatus { problem } => write!(f, "status: {problem}"),
            Self::NoSuchLink => f.write_str("the link does not work any more"),
            Self::InviteNeeded => f.write_str("an invitation is needed"),
            Self::NotAllowed => f.write_str("not allowed"),
            Self::NoSuchPerson => f.write_str("no such person"),
            Self::LastOwner => f.write_str("a server has one owner at least"),
            Self::TooManyInvites { limit } => {
                write!(f, "{limit} invitations work already, which is the limit")
            }
            Self::ClientIdReused => f.write_str("the client id belongs to another message"),
            Self::TooManyRooms { limit } => {
                write!(f, "in {limit} rooms already, which is the limit")
            }
            Self::BadRange { limit } => write!(f, "the range must hold 1 to {limit} events"),
            Self::RateLimited { retry_after_ms } => {
                write!(f, "too fast, retry in {retry_after_ms} ms")
            }
            Self::Overloaded { retry_after_ms } => {
                write!(f, "overloaded, retry in {retry_after_ms} ms")
            }
            Self::StorageUnavailable { retry_after_ms } => {
                write!(f, "storage unavailable, retry in {retry_after_ms} ms")
            }
            Self::Draining => f.write_str("the server is going away"),
            Self::VersionUnsupported { supported } => {
                write!(f, "protocol version unsupported, supported: {supported:?}")
            }
            Self::Other => f.write_str("refused for a reason this version does not know"),
        }
    }
}

impl std::error::Error for Problem {}
