//! From the text of a frame to a request, or to the refusal that names what it answers (M3, M5, S4).

use serde::Deserialize;
use shared::ids::{ClientId, RequestId};
use shared::problem::Problem;
use shared::protocol::{ClientMessage, ServerMessage};
use shared::text::{Body, RoomName};
use shared::wire;

use crate::rooms::requests::refused;

/// What a client asks, or the answer to what cannot be understood.
pub(super) fn decode(text: &str) -> Result<ClientMessage, ServerMessage> {
    wire::decode_client(text).map_err(|problem| {
        let peek = Peek::into(text);
        let problem = match problem {
            Problem::Malformed { detail } => {
                peek.text_problem().unwrap_or(Problem::Malformed { detail })
            }
            other => other,
        };
        refused(peek.request, peek.client_id, problem)
    })
}

/// What a request answers to, whatever kind it is.
#[must_use]
pub(super) fn names(message: &ClientMessage) -> (Option<RequestId>, Option<ClientId>) {
    match message {
        ClientMessage::Send { client_id, .. } => (None, Some(*client_id)),
        ClientMessage::Read { request, .. }
        | ClientMessage::Create { request, .. }
        | ClientMessage::Join { request, .. }
        | ClientMessage::Directory { request } => (Some(*request), None),
        ClientMessage::Hello(_) | ClientMessage::Ping { .. } => (None, None),
    }
}

/// What can be read of a message that as a whole cannot. Each field is read by itself.
#[derive(Default)]
struct Peek {
    kind: Option<String>,
    request: Option<RequestId>,
    client_id: Option<ClientId>,
    body: Option<String>,
    name: Option<String>,
}

impl Peek {
    fn into(text: &str) -> Self {
        #[derive(Deserialize)]
        struct Fields {
            r#type: Option<serde_json::Value>,
            request: Option<serde_json::Value>,
            client_id: Option<serde_json::Value>,
            body: Option<serde_json::Value>,
            name: Option<serde_json::Value>,
        }
        fn read<T: serde::de::DeserializeOwned>(value: Option<serde_json::Value>) -> Option<T> {
            serde_json::from_value(value?).ok()
        }
        serde_json::from_str::<Fields>(text).map_or_else(
            |_| Self::default(),
            |fields| Self {
                kind: read(fields.r#type),
                request: read(fields.request),
                client_id: read(fields.client_id),
                body: read(fields.body),
                name: read(fields.name),
            },
        )
    }

    /// Whether the fault is in a text that a person wrote.
    fn text_problem(&self) -> Option<Problem> {
        match self.kind.as_deref()? {
            "send" => Body::parse(self.body.as_deref()?)
                .err()
                .map(|problem| Problem::BadBody { problem }),
            "create" => RoomName::parse(self.name.as_deref()?)
                .err()
                .map(|problem| Problem::BadName { problem }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> (Option<u64>, Option<u128>, Problem) {
        match decode(text).unwrap_err() {
            ServerMessage::Refused {
                request,
                client_id,
                problem,
            } => (request.map(|r| r.0), client_id.map(|c| c.0), problem),
            other => panic!("{other:?}"),
        }
    }

    /// M5
    #[test]
    fn a_malformed_request_is_named_if_its_number_can_be_read() {
        let (request, _, problem) = refusal(r#"{"type":"read","request":7,"room":12}"#);
        assert_eq!(request, Some(7));
        assert!(matches!(problem, Problem::Malformed { .. }));
        let (request, client_id, _) = refusal(r#"{"type":"read","request":"x""#);
        assert_eq!((request, client_id), (None, None));
    }

    /// S4
    #[test]
    fn a_bad_body_is_told_from_a_malformed_message() {
        let send = |body: &str| {
            let client_id = ClientId(5);
            format!(
                r#"{{"type":"send","room":"{:016x}","client_id":"{client_id}","body":{body}}}"#,
                1
            )
        };
        let (_, client_id, problem) = refusal(&send(r#"" ""#));
        assert_eq!(client_id, Some(5));
        assert!(matches!(problem, Problem::BadBody { .. }));
        let (_, _, problem) = refusal(&send("7"));
        assert!(matches!(problem, Problem::Malformed { .. }));
    }

    /// M3
    #[test]
    fn an_unknown_kind_is_named_with_its_request() {
        let (request, _, problem) = refusal(r#"{"type":"dance","request":3}"#);
        assert_eq!(request, Some(3));
        let kind = "dance".to_owned();
        assert_eq!(problem, Problem::NotUnderstood { kind });
    }
}
