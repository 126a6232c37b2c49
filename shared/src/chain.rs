//! The proof of delivery: each event carries a link, a rolling hash over the room's log up to it.
//!
//! The server computes it at the commit, every client computes it again while it applies. Two logs whose links are
//! equal at one place hold the same events in the same order up to there.

use sha2::{Digest, Sha256};

use crate::ids::{Link, RoomId};
use crate::protocol::Event;

impl Link {
    /// The link before a room's first event.
    #[must_use]
    pub fn first(room: RoomId) -> Self {
        Self(room.0)
    }

    /// The link of `event`, given that of the event before it: the first eight bytes of the SHA-256 of the text
    /// `LINK SEQ AT AUTHOR CLIENT_ID KIND TARGET`.
    ///
    /// It covers who did what kind of thing to which event, when, and under which client id; not what was said: a
    /// deletion destroys that, and a hash of a short text would be as good as the text.
    #[must_use]
    pub fn next(self, event: &Event) -> Self {
        let target = event.content.target().unwrap_or_default();
        let leaf = format!(
            "{self} {} {} {} {} {} {target}",
            event.seq,
            event.at.0,
            event.author.id,
            event.client_id,
            event.content.kind(),
        );
        let hash = Sha256::digest(leaf);
        let head = hash.first_chunk().copied().unwrap_or_default();
        Self(u64::from_be_bytes(head))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ClientId, PersonId, Seq, Timestamp};
    use crate::protocol::{Content, Message, Person};
    use crate::text::{Body, PersonName};

    fn event(content: Content) -> Event {
        Event {
            seq: Seq(2),
            at: Timestamp(1_795_435_509_000),
            author: Person {
                id: PersonId(0xada),
                name: PersonName::parse("Ada").unwrap(),
            },
            client_id: ClientId(7),
            link: Link(0),
            content,
        }
    }

    fn message(text: &str) -> Content {
        Content::message(Body::parse(text).unwrap())
    }

    /// R10, in the words of a stranger: printf '%s' '…' | sha256sum | cut -c1-16
    #[test]
    fn the_link_is_what_the_protocol_says() {
        let link = Link::first(RoomId(0x10bb1)).next(&event(message("hi")));
        assert_eq!(link.to_string(), "1247c4b2fd000433");
    }

    /// R10: destroying the text, as a deletion does, keeps the chain; everything else breaks it.
    #[test]
    fn it_covers_everything_but_the_text() {
        let first = Link::first(RoomId(1));
        let link = first.next(&event(message("hi")));
        let deleted = Content::Message(Message {
            changed: Some(Seq(3)),
            ..Message::default()
        });
        assert_eq!(first.next(&event(deleted)), link);
        let target = |n| Content::Deleted { target: Seq(n) };
        let mut others = vec![
            Link::first(RoomId(2)).next(&event(message("hi"))),
            first.next(&event(Content::Joined)),
            first.next(&event(target(1))),
            first.next(&event(target(2))),
        ];
        let changes: [fn(&mut Event); 4] = [
            |event| event.seq = Seq(3),
            |event| event.at = Timestamp(1),
            |event| event.author.id = PersonId(1),
            |event| event.client_id = ClientId(8),
        ];
        for change in changes {
            let mut other = event(message("hi"));
            change(&mut other);
            others.push(first.next(&other));
        }
        others.push(link);
        let count = others.len();
        others.sort_unstable();
        others.dedup();
        assert_eq!(others.len(), count);
    }
}
