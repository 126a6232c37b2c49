//! A log that a server could have, with its pages as they stand at any head.

use arbitrary::{Result, Unstructured};
use shared::ids::{ClientId, Link, PersonId, RoomId, Seq, Timestamp};
use shared::protocol::{Content, Event, Message, Pace, Person, Quote, Reaction};
use shared::text::{Body, Emoji, PersonName, RoomName, Topic};

pub(crate) const ROOM: RoomId = RoomId(1);

/// What each event says when it is committed; how it stands later follows.
pub(crate) struct History {
    events: Vec<Event>,
}

impl History {
    pub(crate) fn new() -> Self {
        Self { events: Vec::new() }
    }

    pub(crate) fn head(&self) -> Seq {
        Seq(self.events.len() as u64)
    }

    /// The event as it was committed.
    pub(crate) fn at(&self, seq: Seq) -> Option<&Event> {
        self.events
            .get(usize::try_from(seq.0.checked_sub(1)?).ok()?)
    }

    /// Lets someone do something; what a server would refuse is not done.
    pub(crate) fn grow(&mut self, bytes: &mut Unstructured<'_>) -> Result<()> {
        let author = person(bytes.int_in_range(1..=3)?);
        let head = self.head().0;
        let target = Seq(head
            .saturating_sub(u64::from(bytes.arbitrary::<u8>()?))
            .max(1));
        let standing = self.at(target).map(|event| self.standing(event, Seq(head)));
        let is_message = matches!(
            standing,
            Some(Content::Message(Message { body: Some(_), .. }))
        );
        let own = is_message && self.at(target).is_some_and(|event| event.author == author);
        let content = match bytes.int_in_range(0..=13)? {
            // Those who keep order delete what others said.
            0 if is_message => Content::Deleted { target },
            1 | 2 if own => Content::Edited {
                target,
                body: Some(text(head)),
                mentions: vec![person(1)],
            },
            3 if is_message => Content::Pinned {
                target,
                on: bytes.arbitrary()?,
            },
            4..=5 if is_message => Content::Reacted {
                target,
                emoji: emoji(bytes.arbitrary()?),
                on: bytes.arbitrary()?,
            },
            6 => Content::Topic {
                topic: Topic::parse("tea").ok(),
            },
            8 if self.at(target).is_some_and(is_said) => Content::Message(Message {
                body: Some(text(head)),
                reply_to: Some(target),
                ..Message::default()
            }),
            7 => Content::of_kind("later"),
            10 => Content::Renamed {
                name: RoomName::parse("cake").expect("a word is a name"),
            },
            11 => Content::Archived {
                on: bytes.arbitrary()?,
            },
            13 => Content::Paced {
                pace: Pace::of_seconds(30).expect("within the limits"),
            },
            12 => {
                let person = person(bytes.int_in_range(1..=3)?);
                match bytes.int_in_range(0..=3)? {
                    0 => Content::Added { person },
                    1 => Content::Removed { person },
                    on => {
                        let on = on == 2;
                        Content::Banned { person, on }
                    }
                }
            }
            _ => Content::message(text(head)),
        };
        self.push(author, content);
        Ok(())
    }

    fn push(&mut self, author: Person, content: Content) {
        let seq = self.head().next();
        let before = self
            .events
            .last()
            .map_or(Link::first(ROOM), |event| event.link);
        let mut event = Event {
            seq,
            at: Timestamp(seq.0),
            author,
            client_id: ClientId(seq.0.into()),
            link: before,
            content,
        };
        event.link = before.next(&event);
        self.events.push(event);
    }

    /// The event as a page shows it that is answered when the log ends at `head`.
    pub(crate) fn as_it_stands(&self, seq: Seq, head: Seq) -> Option<Event> {
        let event = self.at(seq)?;
        let content = self.standing(event, head);
        Some(Event {
            content,
            ..event.clone()
        })
    }

    fn standing(&self, event: &Event, head: Seq) -> Content {
        let is_deleted = |target: Seq| {
            let deleted = Content::Deleted { target };
            self.about(target, head)
                .any(|later| later.content == deleted)
        };
        match &event.content {
            Content::Message(said) => Content::Message(self.message(event, said.clone(), head)),
            Content::Edited { target, .. } if is_deleted(*target) => {
                let target = *target;
                let (body, mentions) = (None, Vec::new());
                Content::Edited {
                    target,
                    body,
                    mentions,
                }
            }
            other => other.clone(),
        }
    }

    fn message(&self, event: &Event, mut message: Message, head: Seq) -> Message {
        for later in self.about(event.seq, head) {
            match &later.content {
                Content::Edited { body, mentions, .. } => {
                    (message.body, message.mentions) = (body.clone(), mentions.clone());
                    message.changed = Some(later.seq);
                }
                Content::Deleted { .. } => {
                    message = Message::default();
                    message.changed = Some(later.seq);
                    let by_other = later.author != event.author;
                    message.deleted_by = by_other.then(|| later.author.clone());
                }
                Content::Pinned { on, .. } => message.pinned = on.then_some(later.seq),
                Content::Reacted { emoji, on, .. } => {
                    let same = |one: &Reaction| one.by == later.author && one.emoji == *emoji;
                    message.reactions.retain(|one| !same(one));
                    if *on {
                        let (seq, emoji, by) = (later.seq, emoji.clone(), later.author.clone());
                        message.reactions.push(Reaction { seq, emoji, by });
                    }
                }
                _ => {}
            }
        }
        message
    }

    /// The message that an event answers, as it stands at `head`.
    pub(crate) fn quote(&self, event: &Event, head: Seq) -> Option<Quote> {
        Quote::of(&self.as_it_stands(event.content.answers()?, head)?)
    }

    fn about(&self, target: Seq, head: Seq) -> impl Iterator<Item = &Event> {
        let later = self
            .events
            .iter()
            .take_while(move |event| event.seq <= head);
        later.filter(move |event| event.content.target() == Some(target))
    }
}

fn is_said(event: &Event) -> bool {
    matches!(event.content, Content::Message(_))
}

fn person(number: u64) -> Person {
    Person {
        id: PersonId(number),
        name: PersonName::parse("Someone").expect("a word is a name"),
    }
}

fn text(number: u64) -> Body {
    Body::parse(&format!("text {number}")).expect("words are a body")
}

fn emoji(which: bool) -> Emoji {
    Emoji::parse(if which { "👍" } else { "🎉" }).expect("a sign is an emoji")
}
