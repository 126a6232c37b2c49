//! Between messages and the text of a frame: JSON, with the depth checked first and every failure typed.

use std::fmt;

use crate::json::{self, FromJson, Json};
use crate::limits;
use crate::problem::Problem;
use crate::protocol::{ClientMessage, ServerMessage};

/// The kinds of [`ClientMessage`], to tell a malformed message from one of a later version.
pub const CLIENT_KINDS: [&str; 24] = [
    "hello",
    "send",
    "read",
    "place_at",
    "create",
    "join",
    "open_direct",
    "directory",
    "search",
    "pins",
    "history_of",
    "journey",
    "receipts",
    "members",
    "noted",
    "find_people",
    "applied",
    "seen",
    "unread",
    "choose",
    "watch",
    "away",
    "typing",
    "ping",
];

/// Characters of foreign text that a problem repeats.
const QUOTED_CHARS: usize = 80;

/// The text of a message.
///
/// # Panics
///
/// Never: every message type serialises to JSON (string keys, no failing `Serialize`).
#[must_use]
pub fn encode<T: serde::Serialize>(message: &T) -> String {
    serde_json::to_string(message).expect("messages have string keys and no failing fields")
}

/// What a client sent, or the [`Problem`] to answer with.
pub fn decode_client(text: &str) -> Result<ClientMessage, Problem> {
    let json = tree(text)?;
    ClientMessage::from_json(&json).map_err(|mismatch| match json.text_field("type") {
        Ok(kind) if !CLIENT_KINDS.contains(&kind) => Problem::NotUnderstood { kind: quoted(kind) },
        _ => malformed(&mismatch),
    })
}

/// What the server sent. A kind of a later version comes as [`ServerMessage::NotUnderstood`].
pub fn decode_server(text: &str) -> Result<ServerMessage, Problem> {
    ServerMessage::from_json(&tree(text)?).map_err(|mismatch| malformed(&mismatch))
}

/// Anything else that is kept or answered as JSON; none if it is not what is expected.
#[must_use]
pub fn decode<T: FromJson>(text: &str) -> Option<T> {
    T::from_json(&tree(text).ok()?).ok()
}

/// The tree of a text, which is not deeper than the limit.
pub fn tree(text: &str) -> Result<Json<'_>, Problem> {
    check_depth(text)?;
    json::text::read(text).map_err(|error| malformed(&error))
}

fn malformed(error: &dyn fmt::Display) -> Problem {
    Problem::Malformed {
        detail: quoted(&error.to_string()),
    }
}

fn quoted(text: &str) -> String {
    text.chars().take(QUOTED_CHARS).collect()
}

/// Refuses nesting beyond [`limits::JSON_DEPTH`] before any of it is built.
fn check_depth(text: &str) -> Result<(), Problem> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > limits::JSON_DEPTH {
            return Err(Problem::Malformed {
                detail: format!("nested deeper than {}", limits::JSON_DEPTH),
            });
        }
    }
    Ok(())
}
