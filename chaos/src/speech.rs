//! The one place that knows how a client says what it wants to say: the rest of the runner is about keys and rooms.

use serde::Deserialize;
use shared::ids::{ClientId, RoomId, Seq, Timestamp};
use shared::protocol::{Action, Pace, Post};
use shared::session::outbox::Draft;
use shared::text::{Body, Emoji, RoomName, Topic};

use crate::names;

/// How the text of every `send` begins.
const SEND: &str = "{\"type\":\"send\"";

/// Seconds of a slow room.
const PACE: u32 = 5;

/// What is put on messages.
pub(crate) const EMOJI: [&str; 4] = ["👍", "🎉", "👀", "🍵"];

/// What somebody does in a room. Targets are places in its log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    Message,
    Edit {
        target: u64,
    },
    Delete {
        target: u64,
    },
    /// Puts one of [`EMOJI`] on a message, or takes it back.
    React {
        target: u64,
        emoji: usize,
        on: bool,
    },
    Topic,
    /// Says something that answers a message.
    Answer {
        target: u64,
    },
    /// Says again what a message of the room says.
    Forward {
        target: u64,
    },
    Pin {
        target: u64,
        on: bool,
    },
    /// What only who made the room may do: gives it another name, or makes it slow, or that no more.
    Rename,
    Pace {
        on: bool,
    },
}

impl Said {
    /// Whether it is a message; when that was deleted, nothing tells one kind from another.
    pub(crate) fn is_message(self) -> bool {
        matches!(
            self,
            Self::Message | Self::Answer { .. } | Self::Forward { .. }
        )
    }

    /// Whether its author can edit it. (The text of another one stays as it was brought.)
    pub(crate) fn is_own_text(self) -> bool {
        matches!(self, Self::Message | Self::Answer { .. })
    }
}

/// The same, ready for the Session.
pub(crate) fn draft(
    room: RoomId,
    client_id: ClientId,
    said: Said,
    extra: usize,
    written: Timestamp,
) -> Draft {
    Draft {
        room,
        client_id,
        action: action(room, client_id, said, extra),
        written,
    }
}

/// # Panics
/// Never: the texts are made to be accepted.
fn action(room: RoomId, client_id: ClientId, said: Said, extra: usize) -> Action {
    let body = || Body::parse(&names::body(client_id, extra)).expect("a body");
    match said {
        Said::Message => Action::message(body()),
        Said::Edit { target } => Action::edit(Seq(target), body()),
        Said::Delete { target } => Action::Delete {
            target: Seq(target),
        },
        Said::React { target, emoji, on } => Action::React {
            target: Seq(target),
            emoji: Emoji::parse(EMOJI[emoji]).expect("an emoji"),
            on,
        },
        Said::Topic => Action::Topic {
            topic: Some(Topic::parse(&topic(client_id)).expect("a topic")),
        },
        Said::Answer { target } => Action::Message(Post {
            reply_to: Some(Seq(target)),
            ..Post::from(body())
        }),
        Said::Forward { target } => Action::Forward {
            from: room,
            target: Seq(target),
        },
        Said::Pin { target, on } => Action::Pin {
            target: Seq(target),
            on,
        },
        Said::Rename => Action::Rename {
            name: RoomName::parse(&name(client_id)).expect("a name"),
        },
        Said::Pace { on } => Action::Pace {
            pace: Pace::of_seconds(if on { PACE } else { 0 }).expect("a pace"),
        },
    }
}

/// What the event of this client id makes the room be about.
pub(crate) fn topic(client_id: ClientId) -> String {
    format!("about {client_id}")
}

/// What the event of this client id makes the room be called.
pub(crate) fn name(client_id: ClientId) -> String {
    format!("Room {client_id}")
}

/// A message as text for a connection without a Session.
pub(crate) fn raw_send(room: RoomId, client_id: ClientId, extra: usize) -> String {
    let body = names::body(client_id, extra);
    format!(
        "{SEND},\"room\":\"{room}\",\"client_id\":\"{client_id}\",\"action\":{{\"kind\":\"message\",\"body\":\"{body}\"}}}}"
    )
}

/// Which message a text on its way to the server sends, if it is a `send`.
pub(crate) fn sent_by(text: &str) -> Option<ClientId> {
    #[derive(Deserialize)]
    struct Send {
        client_id: ClientId,
    }
    if !text.starts_with(SEND) {
        return None;
    }
    serde_json::from_str::<Send>(text)
        .ok()
        .map(|send| send.client_id)
}

#[cfg(test)]
mod tests {
    use shared::protocol::ClientMessage;
    use shared::wire;

    use super::*;
    use crate::names::Key;

    #[test]
    fn what_a_session_would_send_is_recognised() {
        let (room, id) = (RoomId(3), Key::new(1, 2).client_id(3));
        let message = |said| ClientMessage::Send {
            room,
            client_id: id,
            after: None,
            action: draft(room, id, said, 0, Timestamp(0)).action,
        };
        let target = 7;
        for said in [
            Said::Message,
            Said::Edit { target },
            Said::Delete { target },
            Said::React {
                target,
                emoji: 3,
                on: true,
            },
            Said::Topic,
            Said::Answer { target },
            Said::Forward { target },
            Said::Pin { target, on: true },
            Said::Rename,
            Said::Pace { on: true },
        ] {
            assert_eq!(sent_by(&wire::encode(&message(said))), Some(id));
        }
        assert_eq!(
            wire::decode_client(&raw_send(room, id, 0)),
            Ok(message(Said::Message))
        );
        assert_eq!(sent_by(&wire::encode(&ClientMessage::Ping { n: 1 })), None);
    }
}
