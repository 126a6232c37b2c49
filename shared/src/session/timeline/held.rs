//! An event that is held, and what later events make of it.

use std::rc::Rc;

use crate::ids::{Link, PersonId, Seq};
use crate::protocol::{Content, Event, Message, Person, Quote, Reaction};
use crate::session::people::People;
use crate::text::{Body, Emoji};

/// An event, and the place of the log up to which it has taken the changes in.
#[derive(Debug, Clone)]
pub(super) struct Held {
    event: Rc<Event>,
    as_of: Seq,
}

impl Held {
    pub(super) fn new(event: Event, as_of: Seq) -> Self {
        Self {
            event: Rc::new(event),
            as_of,
        }
    }

    pub(super) fn event(&self) -> &Rc<Event> {
        &self.event
    }

    pub(super) fn seq(&self) -> Seq {
        self.event.seq
    }

    pub(super) fn link(&self) -> Link {
        self.event.link
    }

    pub(super) fn as_of(&self) -> Seq {
        self.as_of
    }

    /// Gives everybody in it the name that they have now, and says whether that changed anything.
    pub(super) fn name(&mut self, people: &People) -> bool {
        let mut named = Event::clone(&self.event);
        people.name(&mut named);
        let changed = named != *self.event;
        if changed {
            self.event = Rc::new(named);
        }
        changed
    }

    /// Takes a change in, unless it is in already.
    pub(super) fn change(&mut self, by: &Event) {
        if by.seq > self.as_of {
            Rc::make_mut(&mut self.event).change(by);
        }
    }
}

impl Event {
    /// Who is not in the room any more after it.
    pub(in crate::session) fn gone(&self) -> Option<PersonId> {
        match &self.content {
            Content::Left => Some(self.author.id),
            Content::Removed { person } | Content::Banned { person, on: true } => Some(person.id),
            _ => None,
        }
    }

    /// Everybody whom it names, as they were called then.
    pub fn people_mut(&mut self, mut each: impl FnMut(&mut Person)) {
        each(&mut self.author);
        if let Content::Added { person }
        | Content::Removed { person }
        | Content::Banned { person, .. } = &mut self.content
        {
            each(person);
        }
        if let Content::Message(message) = &mut self.content {
            message.deleted_by.iter_mut().for_each(&mut each);
            message
                .reactions
                .iter_mut()
                .for_each(|reaction| each(&mut reaction.by));
        }
    }

    /// Takes in what a later event does to this message, or to this edit of it. The newest change wins, in whatever
    /// order they come.
    pub fn change(&mut self, by: &Event) {
        match &mut self.content {
            Content::Message(message) => message.change(self.author.id, by),
            Content::Edited { body, mentions, .. }
                if matches!(by.content, Content::Deleted { .. }) =>
            {
                *body = None;
                mentions.clear();
            }
            _ => {}
        }
    }
}

impl Message {
    fn change(&mut self, author: PersonId, by: &Event) {
        let newer = self.changed.is_none_or(|changed| changed < by.seq);
        match &by.content {
            Content::Edited { body, mentions, .. } if newer => {
                self.body.clone_from(body);
                self.mentions.clone_from(mentions);
                self.changed = Some(by.seq);
            }
            // Nothing stays of it but its place, and that it was deleted.
            Content::Deleted { .. } if newer => {
                *self = Self {
                    changed: Some(by.seq),
                    deleted_by: (by.author.id != author).then(|| by.author.clone()),
                    ..Self::default()
                };
            }
            Content::Reacted { emoji, on, .. } => {
                react(&mut self.reactions, by.seq, &by.author, emoji, *on);
            }
            Content::Pinned { on, .. } if self.pinned < Some(by.seq) => {
                self.pinned = on.then_some(by.seq);
            }
            _ => {}
        }
    }
}

impl Quote {
    /// The quote of an event, if that is a message.
    #[must_use]
    pub fn of(event: &Event) -> Option<Self> {
        let Content::Message(message) = &event.content else {
            return None;
        };
        Some(Self {
            seq: event.seq,
            author: event.author.clone(),
            text: message.body.as_ref().map(Body::beginning),
            file: message.file(),
            changed: message.changed,
        })
    }

    /// Takes in what an event does to the message; the newest change wins, in whatever order they come.
    pub fn change(&mut self, by: &Event) {
        let text = match &by.content {
            Content::Edited { body, .. } => body.as_ref().map(Body::beginning),
            Content::Deleted { .. } => None,
            _ => return,
        };
        if self.changed < Some(by.seq) {
            if matches!(by.content, Content::Deleted { .. }) {
                self.file = None;
            }
            self.text = text;
            self.changed = Some(by.seq);
        }
    }
}

fn react(reactions: &mut Vec<Reaction>, seq: Seq, by: &Person, emoji: &Emoji, on: bool) {
    let same = |one: &Reaction| one.by.id == by.id && one.emoji == *emoji;
    if reactions.iter().any(|one| same(one) && one.seq >= seq) {
        return;
    }
    reactions.retain(|one| !same(one));
    if on {
        let at = reactions.partition_point(|one| one.seq < seq);
        reactions.insert(
            at,
            Reaction {
                seq,
                emoji: emoji.clone(),
                by: by.clone(),
            },
        );
    }
}
