//! An event that is held, and what later events make of it.

use std::rc::Rc;

use crate::ids::{Link, Seq};
use crate::protocol::{Content, Event, Person, Reaction};
use crate::session::people::People;
use crate::text::Emoji;

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
            Rc::make_mut(&mut self.event).content.change(by);
        }
    }
}

impl Event {
    /// Everybody whom it names, as they were called then.
    pub fn people_mut(&mut self, mut each: impl FnMut(&mut Person)) {
        each(&mut self.author);
        if let Content::Message { reactions, .. } = &mut self.content {
            reactions
                .iter_mut()
                .for_each(|reaction| each(&mut reaction.by));
        }
    }
}

impl Content {
    /// Takes in what a later event does to this message, or to this edit of it. The newest change wins, in whatever
    /// order they come.
    pub fn change(&mut self, by: &Event) {
        let (body, changed, reactions) = match self {
            Self::Message {
                body,
                changed,
                reactions,
            } => (body, changed, reactions),
            Self::Edited { body, .. } if matches!(by.content, Self::Deleted { .. }) => {
                *body = None;
                return;
            }
            _ => return,
        };
        let newer = changed.is_none_or(|changed| changed < by.seq);
        match &by.content {
            Self::Edited { body: new, .. } if newer => {
                body.clone_from(new);
                *changed = Some(by.seq);
            }
            Self::Deleted { .. } if newer => {
                *body = None;
                *changed = Some(by.seq);
                reactions.clear();
            }
            Self::Reacted { emoji, on, .. } => react(reactions, by.seq, &by.author, emoji, *on),
            _ => {}
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
