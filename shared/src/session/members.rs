//! Who is in a room, listed by the server when a view asks and kept up to date by the room's events; and who was found
//! by name.

use crate::ids::{RoomId, Seq};
use crate::protocol::{Content, Event, Person};
use crate::session::Session;
use crate::session::requests::Asked;

/// The people in one room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Members {
    /// The room.
    pub room: RoomId,
    /// In the order of the server's list; who came since is at the end.
    pub people: Vec<Person>,
    /// Whether there are more than the list holds.
    pub more: bool,
    /// Who is banned from it, as far as the person may take that back.
    pub banned: Vec<Person>,
}

/// The people with something in their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What was looked for.
    pub text: String,
    /// Those first whose name begins so.
    pub people: Vec<Person>,
    /// Whether there are more.
    pub more: bool,
}

impl Session {
    /// Who was found by name, as the server answered last.
    #[must_use]
    pub fn found_people(&self) -> Option<&Found> {
        self.found_people.as_ref()
    }

    pub(super) fn people_found(&mut self, asked: Option<Asked>, people: Vec<Person>, more: bool) {
        if let Some(Asked::FindPeople { text }) = asked {
            self.found_people = Some(Found { text, people, more });
            self.revisions.members += 1;
        }
    }

    /// Who is in the room that was asked for last, once that is known.
    #[must_use]
    pub fn members(&self) -> Option<&Members> {
        self.members.as_ref()
    }

    pub(super) fn list_members(&mut self, room: RoomId) {
        if self.members.as_ref().is_some_and(|list| list.room != room) {
            self.members = None;
            self.revisions.members += 1;
        }
        self.requests.ask(Asked::ListMembers { room });
    }

    /// Events may have been missed: a list that is held is asked for anew.
    pub(super) fn list_members_again(&mut self) {
        if let Some(Members { room, .. }) = self.members {
            self.requests.ask(Asked::ListMembers { room });
        }
    }

    /// The list as of a place. What came after that and overtook the answer is taken in.
    pub(super) fn members_listed(&mut self, mut list: Members, as_of: Seq) {
        if let Some(timeline) = self.timeline(list.room) {
            let newer = timeline.events().filter(|event| event.seq > as_of);
            newer.for_each(|event| list.take(event));
        }
        self.members = Some(list);
        self.around.look_again();
        self.revisions.members += 1;
    }

    pub(super) fn members_changed(&mut self, room: RoomId, event: &Event) {
        if let Some(list) = self.members.as_mut().filter(|list| list.room == room) {
            list.take(event);
            self.around.look_again();
            self.revisions.members += 1;
        }
    }
}

impl Members {
    /// Takes in what an event does. One that is in the list already changes nothing more.
    fn take(&mut self, event: &Event) {
        match &event.content {
            Content::Joined => self.enter(&event.author),
            Content::Left => self.exit(&event.author),
            Content::Added { person } => self.enter(person),
            Content::Removed { person } => self.exit(person),
            Content::Banned { person, on } => {
                self.exit(person);
                self.banned.retain(|one| one.id != person.id);
                if *on {
                    self.banned.push(person.clone());
                }
            }
            _ => {}
        }
    }

    fn enter(&mut self, person: &Person) {
        if self.people.iter().all(|one| one.id != person.id) {
            self.people.push(person.clone());
        }
    }

    fn exit(&mut self, person: &Person) {
        self.people.retain(|one| one.id != person.id);
    }
}
