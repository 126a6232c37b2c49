//! How order is kept in a room: how fast one may speak, and what those are told who were taken out.

use serde::Serialize;

use super::Person;
use crate::ids::{RoomId, Timestamp};
use crate::json::{FromJson, Json, Mismatch};
use crate::limits;
use crate::text::RoomName;

/// Seconds that have to lie between two messages of one person in a room; none in most rooms. Who keeps order there does
/// not have to wait.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Pace(u32);

impl Pace {
    /// Nobody has to wait.
    pub const NONE: Self = Self(0);

    /// That many seconds, if they are none or within the limits.
    #[must_use]
    pub fn of_seconds(seconds: u32) -> Option<Self> {
        let allowed = seconds == 0 || limits::PACE_SECONDS.contains(&seconds);
        allowed.then_some(Self(seconds))
    }

    /// The seconds.
    #[must_use]
    pub fn seconds(self) -> u32 {
        self.0
    }

    /// The same in milliseconds.
    #[must_use]
    pub fn ms(self) -> u64 {
        u64::from(self.0) * 1_000
    }

    /// Whether nobody has to wait, which is not written.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.0 == 0
    }
}

impl FromJson for Pace {
    fn from_json(json: &Json<'_>) -> Result<Self, Mismatch> {
        let expected = Mismatch::expected("seconds within their limits");
        Self::of_seconds(u32::from_json(json)?).ok_or(expected)
    }
}

/// That others have taken this person out of a room. It is told until the person has noted it, or is in the room again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct TakenOut {
    /// Which room.
    pub room: RoomId,
    /// What it was called.
    pub name: RoomName,
    /// Who did it.
    pub by: Person,
    /// When.
    pub at: Timestamp,
    /// Whether they are banned from it, and cannot come back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub banned: bool,
}
