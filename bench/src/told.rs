//! What the server's messages say, without parsing JSON: the places at which the fields that count stand.
//!
//! Field order is not part of the protocol, so only the generator may read like this: a message of ours that it does
//! not recognise makes a run fail instead of being miscounted.

/// What a text message is, as far as the generator cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// A live event.
    Event { seq: u64 },
    /// A send is on disk.
    Stored { seq: u64 },
    /// Part of a log.
    Page(PageHead),
    /// The connection is joined.
    Resumed,
    /// Live events were dropped.
    Behind,
    /// Something that was asked is not done.
    Refused,
    /// Anything else.
    Other,
}

/// The beginning of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageHead {
    /// What was left out before it.
    pub gap: Option<(u64, u64)>,
    /// Place of its first event.
    pub from: u64,
    /// Place of its last event.
    pub to: u64,
    /// End of the log.
    pub head: u64,
}

const EVENT: &[u8] = br#"{"type":"event","room":""#;
const EVENT_SEQ: &[u8] = br#"","event":{"seq":"#;
const STORED: &[u8] = br#"{"type":"stored","room":""#;
const STORED_ID: &[u8] = br#"","client_id":""#;
const STORED_SEQ: &[u8] = br#"","seq":"#;
const PAGE: &[u8] = br#"{"type":"page","#;

/// Digits of a room's id.
const ROOM_DIGITS: usize = 16;
/// Digits of a client id.
const CLIENT_ID_DIGITS: usize = 32;
/// Where the events of a page must have begun.
const PAGE_HEAD_BYTES: usize = 1_024;

/// Recognises a message by its beginning.
#[must_use]
pub fn told(text: &[u8]) -> Told {
    if let Some(rest) = text.strip_prefix(EVENT) {
        return field(rest, ROOM_DIGITS, EVENT_SEQ)
            .and_then(number)
            .map_or(Told::Other, |seq| Told::Event { seq });
    }
    if let Some(rest) = text.strip_prefix(STORED) {
        return field(rest, ROOM_DIGITS, STORED_ID)
            .and_then(|rest| field(rest, CLIENT_ID_DIGITS, STORED_SEQ))
            .and_then(number)
            .map_or(Told::Other, |seq| Told::Stored { seq });
    }
    if text.starts_with(PAGE) {
        return page(text).map_or(Told::Other, Told::Page);
    }
    let is = |kind: &[u8]| text.starts_with(kind);
    match () {
        () if is(br#"{"type":"resumed""#) => Told::Resumed,
        () if is(br#"{"type":"behind""#) => Told::Behind,
        () if is(br#"{"type":"refused""#) => Told::Refused,
        () => Told::Other,
    }
}

/// What follows `mark`, if that stands behind `skip` bytes.
fn field<'a>(bytes: &'a [u8], skip: usize, mark: &[u8]) -> Option<&'a [u8]> {
    bytes.get(skip..)?.strip_prefix(mark)
}

/// The number at the start.
fn number(bytes: &[u8]) -> Option<u64> {
    let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    if digits == 0 || digits > 16 {
        return None;
    }
    let add = |sum: u64, digit: &u8| sum * 10 + u64::from(digit - b'0');
    Some(bytes[..digits].iter().fold(0, add))
}

fn page(text: &[u8]) -> Option<PageHead> {
    let head = &text[..text.len().min(PAGE_HEAD_BYTES)];
    let (gap, rest) = match after(head, br#""gap":{"from":"#) {
        Some(rest) => {
            let to = after(rest, br#""to":"#)?;
            (Some((number(rest)?, number(to)?)), to)
        }
        None => (None, head),
    };
    let rest = after(rest, br#""from":"#)?;
    let from = number(rest)?;
    let rest = after(rest, br#""to":"#)?;
    let to = number(rest)?;
    let head = number(after(rest, br#""head":"#)?)?;
    Some(PageHead {
        gap,
        from,
        to,
        head,
    })
}

/// What follows the first `mark`.
fn after<'a>(bytes: &'a [u8], mark: &[u8]) -> Option<&'a [u8]> {
    let at = bytes
        .windows(mark.len())
        .position(|window| window == mark)?;
    Some(&bytes[at + mark.len()..])
}

#[cfg(test)]
mod tests {
    use shared::ids::{ClientId, Link, PersonId, RequestId, RoomId, Seq, Timestamp};
    use shared::problem::Problem;
    use shared::protocol::{Content, Event, Pace, Page, Person, ServerMessage, Span};
    use shared::text::{Body, PersonName};
    use shared::wire;

    use super::*;

    fn event(seq: u64) -> Event {
        Event {
            seq: Seq(seq),
            at: Timestamp(1_795_435_509_000),
            author: Person {
                id: PersonId(1),
                name: PersonName::parse("Ada").unwrap(),
            },
            client_id: ClientId(7),
            link: Link(0),
            content: Content::message(Body::parse("\"seq\":9, \"from\":9").unwrap()),
        }
    }

    fn read(message: &ServerMessage) -> Told {
        told(wire::encode(message).as_bytes())
    }

    /// The messages are made by the very code that the server uses, so a field that moves is noticed here.
    #[test]
    fn messages_are_recognised_as_the_server_writes_them() {
        let room = RoomId(0x10bb1);
        for seq in [1, 42, 1_234_567, (1 << 53) - 1] {
            let live = ServerMessage::Event {
                room,
                event: event(seq),
                quote: None,
            };
            assert_eq!(read(&live), Told::Event { seq });
            let stored = ServerMessage::Stored {
                room,
                client_id: ClientId(u128::MAX),
                seq: Seq(seq),
                at: Timestamp(1),
                repeat: false,
                committed: None,
            };
            assert_eq!(read(&stored), Told::Stored { seq });
        }
        assert_eq!(read(&ServerMessage::Resumed), Told::Resumed);
        let heads = [(room, Seq(3))].into();
        assert_eq!(read(&ServerMessage::Behind { heads }), Told::Behind);
        let refused = ServerMessage::Refused {
            request: None,
            client_id: None,
            problem: Problem::NoSuchRoom,
        };
        assert_eq!(read(&refused), Told::Refused);
        let pong = ServerMessage::Pong {
            n: 1,
            now: Timestamp(1),
        };
        assert_eq!(read(&pong), Told::Other);
    }

    #[test]
    fn a_page_is_read_with_and_without_a_gap_and_request() {
        let mut page = Page {
            request: None,
            room: RoomId(1),
            gap: Some(Span {
                from: Seq(2),
                to: Seq(900),
            }),
            from: Seq(901),
            to: Seq(902),
            head: Seq(1_000),
            topic: None,
            name: None,
            archived: false,
            pace: Pace::NONE,
            events: vec![event(901), event(902)],
            quotes: Vec::new(),
        };
        let mut expected = PageHead {
            gap: Some((2, 900)),
            from: 901,
            to: 902,
            head: 1_000,
        };
        assert_eq!(
            read(&ServerMessage::Page(page.clone())),
            Told::Page(expected)
        );
        (page.gap, page.request) = (None, Some(RequestId(77)));
        expected.gap = None;
        assert_eq!(read(&ServerMessage::Page(page)), Told::Page(expected));
    }

    #[test]
    fn what_is_cut_or_foreign_is_nothing_that_counts() {
        for text in [
            &b""[..],
            br#"{"type":"event","room":"0000"#,
            br#"{"type":"event","room":"0000000000000001","event":{"seq":x"#,
            br#"{"type":"stored","room":"0000000000000001","client_id":"7","seq":1}"#,
            br#"{"type":"page","from":1}"#,
            br#"{"event":{"seq":1},"type":"event"}"#,
        ] {
            assert_eq!(told(text), Told::Other);
        }
    }
}
