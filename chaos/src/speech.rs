//! The one place that knows how a client says what it wants to say: the rest of the runner is about keys and rooms.

use serde::Deserialize;
use shared::ids::{ClientId, RoomId, Timestamp};
use shared::protocol::Action;
use shared::session::outbox::Draft;
use shared::text::Body;

use crate::names;

/// How the text of every `send` begins.
const SEND: &str = "{\"type\":\"send\"";

/// A message as a person would write it, ready for the Session.
///
/// # Panics
/// Never: the bodies of [`names::body`] are accepted.
pub(crate) fn message(
    room: RoomId,
    client_id: ClientId,
    extra: usize,
    written: Timestamp,
) -> Draft {
    Draft {
        room,
        client_id,
        action: Action::Message {
            body: Body::parse(&names::body(client_id, extra)).expect("made to be accepted"),
        },
        written,
    }
}

/// The same as text for a connection without a Session.
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
        let draft = message(room, id, 0, Timestamp(0));
        let message = ClientMessage::Send {
            room,
            client_id: id,
            after: None,
            action: draft.action,
        };
        assert_eq!(sent_by(&wire::encode(&message)), Some(id));
        assert_eq!(wire::decode_client(&raw_send(room, id, 0)), Ok(message));
        assert_eq!(sent_by(&wire::encode(&ClientMessage::Ping { n: 1 })), None);
    }
}
