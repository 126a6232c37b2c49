//! What a frame of the server says, read without the Session and without its types for events, so that
//! the record does not depend on what is being tested.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;
use shared::ids::{ClientId, Link, PersonId, RoomId};

/// As far as the record is concerned.
#[derive(Debug)]
pub(super) enum Frame<'a> {
    Event(Event<'a>),
    Page(Page<'a>),
    Stored(Stored),
    Refused(Refused),
    Welcome,
    Resumed,
    Diverged,
    Other,
}

#[derive(Debug, Deserialize)]
pub(super) struct Event<'a> {
    pub(super) room: RoomId,
    #[serde(borrow)]
    pub(super) event: Entry<'a>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Page<'a> {
    pub(super) room: RoomId,
    pub(super) from: u64,
    pub(super) to: u64,
    #[serde(borrow)]
    pub(super) events: Vec<Entry<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Entry<'a> {
    pub(super) seq: u64,
    pub(super) author: Author,
    pub(super) client_id: ClientId,
    pub(super) link: Link,
    #[serde(borrow)]
    pub(super) content: Content<'a>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Author {
    pub(super) id: PersonId,
}

#[derive(Debug, Deserialize)]
pub(super) struct Content<'a> {
    #[serde(borrow)]
    pub(super) kind: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) body: Option<Cow<'a, str>>,
    pub(super) target: Option<u64>,
    pub(super) reply_to: Option<u64>,
    pub(super) forwarded: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Stored {
    pub(super) room: RoomId,
    pub(super) client_id: ClientId,
    pub(super) seq: u64,
    pub(super) repeat: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct Refused {
    pub(super) client_id: Option<ClientId>,
    pub(super) problem: Problem,
}

#[derive(Debug, Deserialize)]
pub(super) struct Problem {
    pub(super) code: String,
    pub(super) retry_after_ms: Option<u64>,
}

/// Reads a frame; an error says that it is none of the protocol's.
pub(super) fn read(text: &str) -> Result<Frame<'_>, serde_json::Error> {
    let kind = text.strip_prefix("{\"type\":\"").unwrap_or_default();
    let kind = kind.split('"').next().unwrap_or_default();
    Ok(match kind {
        "event" => Frame::Event(serde_json::from_str(text)?),
        "page" => Frame::Page(serde_json::from_str(text)?),
        "stored" => Frame::Stored(serde_json::from_str(text)?),
        "refused" => Frame::Refused(serde_json::from_str(text)?),
        "welcome" => Frame::Welcome,
        "resumed" => Frame::Resumed,
        "diverged" => Frame::Diverged,
        _ => Frame::Other,
    })
}

#[cfg(test)]
mod tests {
    use shared::ids::{Seq, Timestamp};
    use shared::protocol::{self, Person, ServerMessage};
    use shared::text::{Body, PersonName};
    use shared::wire;

    use super::*;

    #[test]
    fn an_event_of_the_server_is_read() {
        let body = "a \"quoted\" line\nand a second";
        let event = protocol::Event {
            seq: Seq(7),
            at: Timestamp(1),
            author: Person {
                id: PersonId(5),
                name: PersonName::parse("Ada").unwrap(),
            },
            client_id: ClientId(9),
            link: Link(11),
            content: protocol::Content::message(Body::parse(body).unwrap()),
        };
        let text = wire::encode(&ServerMessage::Event {
            room: RoomId(3),
            event,
            quote: None,
        });
        let Frame::Event(Event { room, event }) = read(&text).unwrap() else {
            panic!("{text}");
        };
        assert_eq!(
            (room, event.seq, event.author.id),
            (RoomId(3), 7, PersonId(5))
        );
        assert_eq!((event.client_id, event.link), (ClientId(9), Link(11)));
        assert_eq!(
            (&*event.content.kind, event.content.body.as_deref()),
            ("message", Some(body))
        );
    }

    #[test]
    fn an_acknowledgement_is_read() {
        let text = wire::encode(&ServerMessage::Stored {
            room: RoomId(3),
            client_id: ClientId(9),
            seq: Seq(4),
            at: Timestamp(0),
            repeat: true,
            committed: None,
        });
        let Frame::Stored(stored) = read(&text).unwrap() else {
            panic!("{text}");
        };
        assert_eq!(
            (stored.room, stored.seq, stored.repeat),
            (RoomId(3), 4, true)
        );
    }
}
