//! The one place that knows how a client says what it wants to say: the rest of the runner is about keys and rooms.

use serde::Deserialize;
use shared::ids::{ClientId, RoomId, Seq, Timestamp};
use shared::protocol::Action;
use shared::session::outbox::Draft;
use shared::text::{Body, Emoji, Topic};

use crate::names;

/// How the text of every `send` begins.
const SEND: &str = "{\"type\":\"send\"";

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
        action: action(client_id, said, extra),
        written,
    }
}

/// # Panics
/// Never: the texts are made to be accepted.
fn action(client_id: ClientId, said: Said, extra: usize) -> Action {
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
    }
}

/// What the event of this client id makes the room be about.
pub(crate) fn topic(client_id: ClientId) -> String {
    format!("about {client_id}")
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
