//! The estimate of an event's size.

use shared::ids::{ClientId, Link, Timestamp};
use shared::protocol::Person;
use shared::text::{Body, Emoji, PersonName};

use super::*;

const LAST: Seq = Seq(limits::SAFE_INTEGER);

fn person() -> Person {
    Person {
        id: PersonId(u64::MAX),
        name: PersonName::parse("Ada \"the first\" \\o/").unwrap(),
    }
}

fn contents(text: &str) -> Vec<Content> {
    let body = Body::parse(text).ok();
    let emoji = Emoji::parse("👩‍❤️‍💋‍👨").unwrap();
    let reaction = Reaction {
        seq: LAST,
        emoji: emoji.clone(),
        by: person(),
    };
    vec![
        Content::Message {
            body: body.clone(),
            changed: Some(LAST),
            reactions: Vec::new(),
        },
        Content::Message {
            body: body.clone(),
            changed: None,
            reactions: vec![reaction; limits::REACTIONS_PER_MESSAGE],
        },
        Content::Edited { target: LAST, body },
        Content::Deleted { target: LAST },
        Content::Reacted {
            target: LAST,
            emoji,
            on: false,
        },
        Content::Topic {
            topic: Topic::parse(text).ok(),
        },
        Content::Left,
    ]
}

/// R2: the estimate must not be below the truth, or a page could exceed its bound.
#[test]
fn the_estimated_size_of_an_event_is_not_below_its_true_size() {
    for text in [
        "hi",
        "\"\"\\\\\n\n\t\t",
        "漢字 and 😀",
        &"\"".repeat(16_000),
    ] {
        for content in contents(text) {
            let event = Event {
                seq: LAST,
                at: Timestamp(limits::SAFE_INTEGER),
                author: person(),
                client_id: ClientId(u128::MAX),
                link: Link(u64::MAX),
                content,
            };
            let truth = shared::wire::encode(&event).len();
            let estimate = encoded_bytes(&event);
            let slack = 64 + truth / 20;
            assert!(
                truth < estimate && estimate < truth + slack,
                "{truth} {estimate} {}",
                event.content.kind()
            );
        }
    }
}
