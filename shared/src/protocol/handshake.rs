//! The opening handshake, as the server saw it: browsers hide it from scripts.

use std::fmt;

use serde::Serialize;

use crate::ids::Timestamp;
use crate::json::FromJson;

/// The first line of the answer.
pub const SWITCHING: &str = "HTTP/1.1 101 Switching Protocols";

/// A request to upgrade and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Handshake {
    /// When the request was read, by the server's clock.
    pub at: Timestamp,
    /// Its first line.
    pub request: String,
    /// The headers of the request, in the order of their coming; at most [`crate::limits::SHOWN_HEADERS`].
    pub headers: Vec<Header>,
    /// The headers of the answer 101.
    pub answer: Vec<Header>,
}

/// A line of a head. Of one that may be secret only the length is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Header {
    /// In small letters, as servers read it.
    pub name: String,
    /// What it says, if that is no secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Bytes of what it says.
    pub bytes: usize,
}

impl fmt::Display for Header {
    /// As it stands in a head, without the end of the line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Some(value) => write!(f, "{}: {value}", self.name),
            None => write!(f, "{}: (hidden, {} bytes)", self.name, self.bytes),
        }
    }
}

impl Handshake {
    /// What a header of the request says, if it is there and no secret.
    #[must_use]
    pub fn asked(&self, name: &str) -> Option<&str> {
        value(&self.headers, name)
    }

    /// What a header of the answer says.
    #[must_use]
    pub fn answered(&self, name: &str) -> Option<&str> {
        value(&self.answer, name)
    }
}

/// What the first header of a name says, if it is there and no secret.
pub(crate) fn value<'a>(headers: &'a [Header], name: &str) -> Option<&'a str> {
    let header = headers.iter().find(|header| header.name == name)?;
    header.value.as_deref()
}
