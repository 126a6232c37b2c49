//! The estimate of an event's size.

use shared::ids::{ClientId, FileId, Link, Timestamp};
use shared::protocol::{Extent, Forwarded, Origin};
use shared::text::{Body, Emoji, FileName, PersonName, RoomName};

use super::*;

const LAST: Seq = Seq(limits::SAFE_INTEGER);

fn person() -> Person {
    Person {
        id: PersonId(u64::MAX),
        name: PersonName::parse("Ada \"the first\" \\o/").unwrap(),
    }
}

fn forwarded(body: Option<Body>, from: Option<Origin>) -> Content {
    let author = person();
    Content::Message(Message {
        body,
        forwarded: Some(Box::new(Forwarded { author, from })),
        ..Message::default()
    })
}

fn contents(text: &str) -> Vec<Content> {
    let body = Body::parse(text).ok();
    let emoji = Emoji::parse("👩‍❤️‍💋‍👨").unwrap();
    let reaction = Reaction {
        seq: LAST,
        emoji: emoji.clone(),
        by: person(),
    };
    let file = Attachment {
        id: FileId(u128::MAX),
        name: FileName::of("the \"last\" photograph.jpeg"),
        size: limits::SAFE_INTEGER,
        image: Some(Extent {
            width: 50_000,
            height: 50_000,
        }),
    };
    let origin = Origin {
        room: RoomId(u64::MAX),
        name: RoomName::parse("\"the\" room").unwrap(),
        seq: LAST,
    };
    vec![
        Content::Message(Message {
            body: body.clone(),
            changed: Some(LAST),
            ..Message::default()
        }),
        Content::Message(Message {
            body: body.clone(),
            reactions: vec![reaction; limits::REACTIONS_PER_MESSAGE],
            ..Message::default()
        }),
        Content::Message(Message {
            body: body.clone(),
            reply_to: Some(LAST),
            mentions: vec![person(); limits::MENTIONS_PER_MESSAGE],
            pinned: Some(LAST),
            ..Message::default()
        }),
        Content::Message(Message {
            attachments: vec![file; limits::FILES_PER_MESSAGE],
            ..Message::default()
        }),
        forwarded(body.clone(), None),
        forwarded(body.clone(), Some(origin)),
        Content::Edited {
            target: LAST,
            body: body.clone(),
            mentions: Vec::new(),
        },
        Content::Edited {
            target: LAST,
            body,
            mentions: vec![person()],
        },
        Content::Pinned {
            target: LAST,
            on: false,
        },
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

/// R2: neither must that of a quote.
#[test]
fn the_estimated_size_of_a_quote_is_not_below_its_true_size() {
    for text in [None, Body::parse("\"漢字\" and 😀").ok()] {
        let quote = Quote {
            seq: LAST,
            author: person(),
            text,
            file: Some(FileName::of("a \"file\".txt")),
            changed: Some(LAST),
        };
        let truth = shared::wire::encode(&quote).len();
        let estimate = quote_bytes(&quote);
        assert!(
            truth < estimate && estimate < truth + 64,
            "{truth} {estimate}"
        );
    }
}
