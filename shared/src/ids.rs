//! Names for things: one type per kind of id, so that a room can never be passed for a person.
//!
//! On the wire every id is lower-case hexadecimal text of a fixed length, because a
//! JavaScript number holds only 53 bits. Sequence numbers and times are plain numbers and
//! stay below 2^53.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::json::{self, FromJson, Json, Mismatch};
use crate::limits;

/// The text is not the fixed number of lower-case hexadecimal digits that the id has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MalformedId {
    /// How many digits were expected.
    pub digits: usize,
}

impl fmt::Display for MalformedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {} lower-case hexadecimal digits", self.digits)
    }
}

impl std::error::Error for MalformedId {}

macro_rules! hex_id {
    ($(#[$doc:meta])* $name:ident($inner:ty), $digits:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!("{:0", $digits, "x}"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = MalformedId;

            fn from_str(text: &str) -> Result<Self, MalformedId> {
                let lower_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
                if text.len() != $digits || !text.bytes().all(lower_hex) {
                    return Err(MalformedId { digits: $digits });
                }
                <$inner>::from_str_radix(text, 16)
                    .map(Self)
                    .map_err(|_| MalformedId { digits: $digits })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl FromJson for $name {
            fn from_json(json: &Json<'_>) -> Result<Self, Mismatch> {
                let id = json.text()?.parse();
                id.map_err(|_| Mismatch::expected("an id in lower-case hexadecimal"))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                json::deserialize(deserializer)
            }
        }
    };
}

hex_id! {
    /// A room. Random, below 2^63 (it is also the key in SQLite, whose integers are signed).
    RoomId(u64), 16
}
hex_id! {
    /// A person: whoever signs in. Random, below 2^63.
    PersonId(u64), 16
}

impl PersonId {
    /// Nobody's id: among those whom a message names it stands for everyone in the room.
    pub const EVERYONE: Self = Self(0);
}

hex_id! {
    /// One history of the database. It changes when a backup is restored, so that a cursor
    /// into another history is recognised and not mistaken for a place in this one.
    Epoch(u64), 16
}
hex_id! {
    /// The author's own name for a message: 128 random bits drawn by the client before the first
    /// attempt. The same author and client id mean the same message, for ever.
    ClientId(u128), 32
}

hex_id! {
    /// A file: 128 random bits drawn by the client that brings it, before the first attempt.
    FileId(u128), 32
}

hex_id! {
    /// The rolling hash of a room's log up to one event: see [`crate::chain`].
    Link(u64), 16
}

/// A place in a room's log. The first event is 1 and there are no holes; 0 means "before the first".
/// None that comes over the wire is beyond [`Seq::MAX`], so that one can go on counting from it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Seq(pub u64);

impl FromJson for Seq {
    fn from_json(json: &Json<'_>) -> Result<Self, Mismatch> {
        let place = u64::from_json(json)?.try_into();
        place.map_err(|BeyondCounting| Mismatch::expected("a place, which is a number below 2^53"))
    }
}

impl<'de> Deserialize<'de> for Seq {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        json::deserialize(deserializer)
    }
}

/// The number is no place: a JavaScript client could not count that far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BeyondCounting;

impl fmt::Display for BeyondCounting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a place is a number below 2^53")
    }
}

impl std::error::Error for BeyondCounting {}

impl TryFrom<u64> for Seq {
    type Error = BeyondCounting;

    fn try_from(number: u64) -> Result<Self, BeyondCounting> {
        Some(Self(number))
            .filter(|seq| *seq <= Self::MAX)
            .ok_or(BeyondCounting)
    }
}

impl Seq {
    /// Before the first event.
    pub const ZERO: Seq = Seq(0);

    /// The last that can be written down.
    pub const MAX: Seq = Seq(limits::SAFE_INTEGER);

    /// The place after this one.
    #[must_use]
    pub fn next(self) -> Seq {
        Seq(self.0 + 1)
    }

    /// The place `n` before this one, or zero.
    #[must_use]
    pub fn back(self, n: u64) -> Seq {
        Seq(self.0.saturating_sub(n))
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Milliseconds since 1970-01-01T00:00:00Z. It is shown to people and never used to order anything.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, FromJson,
)]
#[serde(transparent)]
pub struct Timestamp(pub u64);

/// Ties an answer to the request that it answers. The client counts up from 1 on each connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, FromJson)]
#[serde(transparent)]
pub struct RequestId(pub u64);
