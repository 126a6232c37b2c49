//! What owners and moderators are told over HTTP about keeping order: what was done, the rooms there are, the limits.

use serde::Serialize;

use crate::ids::{PersonId, RoomId, Timestamp};
use crate::json::FromJson;
use crate::protocol::{Person, RoomKind};
use crate::text::RoomName;

macro_rules! deed_kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal,)*) => {
        /// What can be done to keep order.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromJson)]
        #[serde(rename_all = "snake_case")]
        pub enum DeedKind {
            $($(#[$doc])* $kind,)*
        }

        impl DeedKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// Its name on the wire and on the disk.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }
        }
    };
}

deed_kinds! {
    /// Somebody got another role, which is the detail.
    Role = "role",
    /// Somebody was shut out of the server.
    ShutOut = "shut_out",
    /// Somebody may come again.
    LetIn = "let_in",
    /// Everything that somebody said is being deleted.
    Erased = "erased",
    /// An invitation was made, as the detail.
    Invited = "invited",
    /// An invitation was withdrawn.
    Withdrew = "withdrew",
    /// Who may come was changed: the detail is `guests` or `invited`.
    Door = "door",
    /// Somebody was taken out of a room.
    TakenOut = "taken_out",
    /// Somebody was banned from a room.
    Banned = "banned",
    /// Somebody may come into a room again.
    Unbanned = "unbanned",
    /// A message of somebody was deleted by another.
    Deleted = "deleted",
    /// A room got another name, which is the detail.
    Renamed = "renamed",
    /// A room was archived.
    Archived = "archived",
    /// A room was taken out of the archive.
    Unarchived = "unarchived",
    /// Seconds that one waits between two messages in a room, which are the detail.
    Paced = "paced",
}

/// Something that was done, in the answer to `GET /api/deeds`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Deed {
    /// Its number; the newest has the highest.
    pub id: u64,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Person,
    /// What.
    pub kind: DeedKind,
    /// To whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    /// In which room, as it is called now; left out for one that the reader may not know of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomName>,
    /// What else there is to say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

/// `GET /api/deeds`, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Deeds {
    /// At most [`crate::limits::DEEDS_LISTED`].
    pub deeds: Vec<Deed>,
    /// The number of the last one, if there are older ones: the same request with `before` goes on from there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub older: Option<u64>,
}

/// Which deeds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeedQuery {
    /// By or to this person.
    pub person: Option<PersonId>,
    /// Older than this one.
    pub before: Option<u64>,
}

/// A room in the answer to `GET /api/rooms`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct ListedRoom {
    /// Which, for `GET` and `POST /api/rooms/<id>`.
    pub id: RoomId,
    /// What kind of place it is.
    #[serde(default, skip_serializing_if = "RoomKind::is_public")]
    pub kind: RoomKind,
    /// What it is called.
    pub name: RoomName,
    /// Whether nothing more is said in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
    /// How many people are in it, counted up to [`crate::limits::MEMBERS_COUNTED`].
    pub members: u64,
    /// How many events its log has.
    pub events: u64,
}

/// `GET /api/rooms`: the public rooms, and the private ones that the reader is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct RoomList {
    /// By name.
    pub rooms: Vec<ListedRoom>,
    /// Whether there are more than the list holds.
    pub more: bool,
}

/// `GET /api/rooms/<id>`: who is in one of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct RoomMembers {
    /// By name.
    pub people: Vec<Person>,
    /// Whether there are more than the list holds.
    pub more: bool,
}

/// `POST /api/rooms/<id>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct RoomChange {
    /// Whether nothing more is to be said in it.
    pub archived: bool,
}

/// `GET /api/limits`: what holds on this server, whatever the defaults are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct EffectiveLimits {
    /// Sends of one person a second in the long run.
    pub sends_per_second: u32,
    /// Sends of one person at once after a pause.
    pub send_burst: u32,
    /// Rooms that one person makes in an hour in the long run.
    pub rooms_per_hour: u32,
    /// Invitations that one person makes in an hour in the long run.
    pub invites_per_hour: u32,
    /// Searches of one person a second in the long run.
    pub searches_per_second: u32,
    /// Guests who come from one address in an hour in the long run.
    pub guests_per_hour: u32,
    /// Sockets of one person.
    pub sockets: usize,
    /// Rooms that one person is in.
    pub rooms: usize,
    /// Bytes of one message.
    pub body_bytes: usize,
    /// What was done that is remembered.
    pub deeds: u64,
}
