//! Sessions as the engine knows them: by the hash of their token, never by the token.

use sha2::{Digest, Sha256};
use shared::ids::Timestamp;
use shared::protocol::Person;

/// A session's place in the table. It tells connections of one session from those of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionId(pub i64);

/// SHA-256 of a session's token. The token has 256 random bits, so that no salt and no slow hash are needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenHash(pub [u8; 32]);

impl TokenHash {
    /// The hash of a token.
    #[must_use]
    pub fn of(token: &[u8; 32]) -> Self {
        Self(Sha256::digest(token).into())
    }
}

/// Whom a token stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The person.
    pub person: Person,
    /// The session.
    pub session: SessionId,
    /// When it was used last, to some minutes.
    pub used: Timestamp,
}
