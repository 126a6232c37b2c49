//! What is known about people besides what they did: facts, which come as a snapshot and then as changes.

use serde::Serialize;

use crate::ids::PersonId;
use crate::json::FromJson;
use crate::protocol::Person;
use crate::text::{PersonName, Status};

/// What a person may do on this server, from the least to the most.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, FromJson,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Came with a name only, and is gone with the session.
    #[default]
    Guest,
    /// Has an account.
    Member,
    /// Also invites people and keeps order.
    Moderator,
    /// Also decides who has which role and who may come.
    Owner,
}

impl Role {
    /// Every role, from the least to the most.
    pub const ALL: [Self; 4] = [Self::Guest, Self::Member, Self::Moderator, Self::Owner];

    /// Its name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::Member => "member",
            Self::Moderator => "moderator",
            Self::Owner => "owner",
        }
    }

    /// Whether one who keeps order may act against somebody with another role: nobody but an owner may against those
    /// who keep order themselves.
    #[must_use]
    pub fn may_act_against(self, other: Self) -> bool {
        self == Self::Owner || other < Self::Moderator
    }

    /// Whether such a person may invite others, and as what at most.
    #[must_use]
    pub fn may_invite(self) -> Option<Self> {
        match self {
            Self::Guest | Self::Member => None,
            Self::Moderator => Some(Self::Member),
            Self::Owner => Some(Self::Moderator),
        }
    }
}

/// A person as others see them: complete, and as of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Profile {
    /// Never changes.
    pub id: PersonId,
    /// What they are called now. Events that were made before say what they were called then.
    pub name: PersonName,
    /// What they may do.
    #[serde(default, skip_serializing_if = "is_guest")]
    pub role: Role,
    /// Which of the [`crate::limits::COLORS`] colours they chose; else one follows from the id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<u8>,
    /// What they say about themselves at the moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Whether the owner has shut them out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gone: bool,
    /// Grows with every change to anyone; of two profiles of a person the one with the higher version is newer. 0 for
    /// somebody about whom nothing has changed since they came.
    #[serde(default)]
    pub version: u64,
}

impl Profile {
    /// The person as events name them.
    #[must_use]
    pub fn person(&self) -> Person {
        Person {
            id: self.id,
            name: self.name.clone(),
        }
    }
}

fn is_guest(role: &Role) -> bool {
    *role == Role::Guest
}
