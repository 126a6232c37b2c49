//! From the text of a frame to a request, or to the refusal that names what it answers (M3, M5, S4).

use serde::Deserialize;
use shared::ids::{ClientId, RequestId};
use shared::problem::Problem;
use shared::protocol::{ClientMessage, ServerMessage};
use shared::text::{Body, Emoji, RoomName, SearchText, TextProblem, Topic};
use shared::wire;

use crate::rooms::requests::refused;

/// Characters of a kind that is not known which the refusal repeats.
const QUOTED_CHARS: usize = 80;

/// What a client asks, or the answer to what cannot be understood.
pub(super) fn decode(text: &str) -> Result<ClientMessage, Box<ServerMessage>> {
    wire::decode_client(text).map_err(|problem| {
        let peek = Peek::into(text);
        let (request, client_id) = (peek.request, peek.client_id);
        let problem = match problem {
            Problem::Malformed { detail } => {
                peek.problem().unwrap_or(Problem::Malformed { detail })
            }
            other => other,
        };
        Box::new(refused(request, client_id, problem))
    })
}

/// What a request answers to, whatever kind it is.
#[must_use]
pub(super) fn names(message: &ClientMessage) -> (Option<RequestId>, Option<ClientId>) {
    match message {
        ClientMessage::Send { client_id, .. } => (None, Some(*client_id)),
        ClientMessage::Read { request, .. }
        | ClientMessage::PlaceAt { request, .. }
        | ClientMessage::Create { request, .. }
        | ClientMessage::Join { request, .. }
        | ClientMessage::Pins { request, .. }
        | ClientMessage::HistoryOf { request, .. }
        | ClientMessage::Journey { request, .. }
        | ClientMessage::Directory { request }
        | ClientMessage::Search { request, .. }
        | ClientMessage::Members { request, .. }
        | ClientMessage::OpenDirect { request, .. }
        | ClientMessage::Choose { request, .. }
        | ClientMessage::Noted { request, .. }
        | ClientMessage::Watch { request, .. }
        | ClientMessage::Receipts { request, .. }
        | ClientMessage::FindPeople { request, .. } => (Some(*request), None),
        ClientMessage::Hello(_)
        | ClientMessage::Applied { .. }
        | ClientMessage::Seen { .. }
        | ClientMessage::Away { .. }
        | ClientMessage::Typing { .. }
        | ClientMessage::Unread { .. }
        | ClientMessage::Ping { .. } => (None, None),
    }
}

/// What can be read of a message that as a whole cannot. Each field is read by itself.
#[derive(Default)]
struct Peek {
    kind: Option<String>,
    request: Option<RequestId>,
    client_id: Option<ClientId>,
    name: Option<String>,
    text: Option<String>,
    action: PeekAction,
}

/// The same of the action in a `send`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct PeekAction {
    kind: Option<serde_json::Value>,
    body: Option<serde_json::Value>,
    topic: Option<serde_json::Value>,
    emoji: Option<serde_json::Value>,
    name: Option<serde_json::Value>,
}

fn read<T: serde::de::DeserializeOwned>(value: Option<serde_json::Value>) -> Option<T> {
    serde_json::from_value(value?).ok()
}

impl Peek {
    fn into(text: &str) -> Self {
        #[derive(Deserialize)]
        struct Fields {
            r#type: Option<serde_json::Value>,
            request: Option<serde_json::Value>,
            client_id: Option<serde_json::Value>,
            name: Option<serde_json::Value>,
            text: Option<serde_json::Value>,
            action: Option<serde_json::Value>,
        }
        serde_json::from_str::<Fields>(text).map_or_else(
            |_| Self::default(),
            |fields| Self {
                kind: read(fields.r#type),
                request: read(fields.request),
                client_id: read(fields.client_id),
                name: read(fields.name),
                text: read(fields.text),
                action: read(fields.action).unwrap_or_default(),
            },
        )
    }

    /// Whether the fault is in a text that a person wrote, or in a kind of action that is not known.
    fn problem(self) -> Option<Problem> {
        match self.kind.as_deref()? {
            "send" => self.action.problem(),
            "create" => {
                fault(self.name, RoomName::parse).map(|problem| Problem::BadName { problem })
            }
            "search" => {
                fault(self.text, SearchText::parse).map(|problem| Problem::BadSearch { problem })
            }
            _ => None,
        }
    }
}

impl PeekAction {
    fn problem(self) -> Option<Problem> {
        match read::<String>(self.kind)?.as_str() {
            "message" | "edit" => {
                fault(read(self.body), Body::parse).map(|problem| Problem::BadBody { problem })
            }
            "topic" => {
                fault(read(self.topic), Topic::parse).map(|problem| Problem::BadTopic { problem })
            }
            "react" => {
                fault(read(self.emoji), Emoji::parse).map(|problem| Problem::BadEmoji { problem })
            }
            "rename" => {
                fault(read(self.name), RoomName::parse).map(|problem| Problem::BadName { problem })
            }
            "delete" | "leave" | "pin" | "forward" | "archive" | "add" | "remove" | "ban"
            | "pace" => None,
            other => Some(Problem::NotUnderstood {
                kind: other.chars().take(QUOTED_CHARS).collect(),
            }),
        }
    }
}

/// What is wrong with a text, if it is there.
fn fault<T>(
    text: Option<String>,
    parse: impl FnOnce(&str) -> Result<T, TextProblem>,
) -> Option<TextProblem> {
    parse(&text?).err()
}

#[cfg(test)]
mod tests {
    use shared::ids::{PersonId, RoomId, Seq};
    use shared::protocol::{Action, Pace, Person};
    use shared::text::PersonName;

    use super::*;

    fn refusal(text: &str) -> (Option<u64>, Option<u128>, Problem) {
        match *decode(text).unwrap_err() {
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

    fn send(action: &str) -> String {
        let (room, client_id) = (RoomId(1), ClientId(5));
        format!(r#"{{"type":"send","room":"{room}","client_id":"{client_id}","action":{action}}}"#)
    }

    /// S4, S10: each text has a refusal of its own, which names the client id.
    #[test]
    fn a_bad_text_is_told_from_a_malformed_message() {
        let blank = TextProblem::Blank;
        for (action, expected) in [
            (
                r#"{"kind":"message","body":" "}"#,
                Problem::BadBody { problem: blank },
            ),
            (
                r#"{"kind":"edit","target":1,"body":""}"#,
                Problem::BadBody { problem: blank },
            ),
            (
                r#"{"kind":"topic","topic":" "}"#,
                Problem::BadTopic { problem: blank },
            ),
            (
                r#"{"kind":"rename","name":""}"#,
                Problem::BadName { problem: blank },
            ),
            (
                r#"{"kind":"react","target":1,"emoji":"","on":true}"#,
                Problem::BadEmoji { problem: blank },
            ),
        ] {
            assert_eq!(refusal(&send(action)), (None, Some(5), expected));
        }
        for action in [
            r#"{"kind":"message","body":7}"#,
            r#"{"kind":"message","attachments":7}"#,
            r#"{"kind":"edit","body":"hi"}"#,
            r#"{"kind":"delete"}"#,
            r#"{"body":"hi"}"#,
            r#""leave""#,
            "[]",
        ] {
            let (_, client_id, problem) = refusal(&send(action));
            assert_eq!(client_id, Some(5));
            assert!(matches!(problem, Problem::Malformed { .. }), "{action}");
        }
    }

    /// M3: so is a kind of action that only a later version knows; and every kind there is, is known.
    #[test]
    fn an_unknown_kind_of_action_is_named() {
        let (_, client_id, problem) = refusal(&send(r#"{"kind":"sing","target":1}"#));
        assert_eq!(client_id, Some(5));
        let kind = "sing".to_owned();
        assert_eq!(problem, Problem::NotUnderstood { kind });
        let somebody = Person {
            id: PersonId(1),
            name: PersonName::parse("Ada").unwrap(),
        };
        for action in [
            Action::message(Body::parse("hi").unwrap()),
            Action::edit(Seq(1), Body::parse("hi").unwrap()),
            Action::Delete { target: Seq(1) },
            Action::React {
                target: Seq(1),
                emoji: Emoji::parse("👍").unwrap(),
                on: true,
            },
            Action::Pin {
                target: Seq(1),
                on: true,
            },
            Action::Forward {
                from: RoomId(1),
                target: Seq(1),
            },
            Action::Topic { topic: None },
            Action::Leave,
            Action::Rename {
                name: RoomName::parse("tea").unwrap(),
            },
            Action::Archive { on: true },
            Action::Add {
                person: somebody.clone(),
            },
            Action::Remove {
                person: somebody.clone(),
            },
            Action::Ban {
                person: somebody,
                on: true,
                erase: true,
            },
            Action::Pace {
                pace: Pace::of_seconds(30).unwrap(),
            },
        ] {
            let whole = wire::encode(&action);
            assert!(decode(&send(&whole)).is_ok(), "{whole}");
            let kind = serde_json::to_value(&action).unwrap()["kind"].clone();
            let alone = PeekAction {
                kind: Some(kind),
                ..PeekAction::default()
            };
            assert_eq!(alone.problem(), None, "{whole}");
        }
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
