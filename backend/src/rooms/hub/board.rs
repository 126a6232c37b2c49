//! Who looks at whom, and what they were told last.
//!
//! It costs something only for who is looked at. A connection is the lease of its person; the last one that ends leaves a
//! lease of its own behind, for a while.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use shared::ids::{PersonId, RoomId};
use shared::protocol::{Here, Presence, ServerMessage};
use tokio::time::Instant;

use super::Tables;
use crate::rooms::mailbox::{ConnectionId, Mailbox};
use crate::rooms::parcel::Parcel;

#[derive(Debug, Default)]
pub(super) struct Board {
    watched: HashMap<PersonId, Watched>,
    /// Whom each connection looks at; none for those that look at nobody.
    looks: HashMap<ConnectionId, Vec<PersonId>>,
    leases: HashMap<PersonId, Lease>,
    /// Those of whom something may have changed since it was told.
    changed: BTreeSet<PersonId>,
    /// There is a task that tells it.
    telling: bool,
}

#[derive(Debug, Default)]
struct Watched {
    by: Vec<Arc<Mailbox>>,
    told: Presence,
}

/// Somebody was here a moment ago.
#[derive(Debug)]
struct Lease {
    until: Instant,
    was: Presence,
    rooms: BTreeSet<RoomId>,
}

impl Board {
    /// Something about somebody may have changed. Says whether a task is needed to tell it.
    fn note(&mut self, person: PersonId) -> bool {
        if !self.watched.contains_key(&person) {
            return false;
        }
        self.changed.insert(person);
        !std::mem::replace(&mut self.telling, true)
    }

    /// A connection looks at nobody any more.
    fn look_away(&mut self, connection: ConnectionId) {
        for person in self.looks.remove(&connection).unwrap_or_default() {
            if let Some(watched) = self.watched.get_mut(&person) {
                watched.by.retain(|one| one.connection != connection);
                if watched.by.is_empty() {
                    self.watched.remove(&person);
                }
            }
        }
    }
}

impl Tables {
    /// How somebody is here now, over all of their connections.
    fn presence(&self, person: PersonId) -> Presence {
        let connections = self.people.get(&person).into_iter();
        let mut greeted = connections.flat_map(|one| one.greeted()).peekable();
        if greeted.peek().is_none() {
            let lease = self.board.leases.get(&person);
            return lease.map_or(Presence::Offline, |lease| lease.was);
        }
        if greeted.all(|mailbox| mailbox.is_away()) {
            Presence::Away
        } else {
            Presence::Online
        }
    }

    /// Whether two people are in a room together, as far as it is heard.
    fn share_a_room(&self, one: PersonId, other: PersonId) -> bool {
        let rooms = |person| {
            let here = self.people.get(&person).map(|here| &here.rooms);
            let lease = || self.board.leases.get(&person).map(|lease| &lease.rooms);
            here.filter(|rooms| !rooms.is_empty()).or_else(lease)
        };
        let both = rooms(one).zip(rooms(other));
        both.is_some_and(|(one, other)| !one.is_disjoint(other))
    }

    /// What may be told of somebody to the person of a connection.
    fn presence_for(&self, reader: PersonId, person: PersonId) -> Presence {
        if self.share_a_room(reader, person) {
            let watched = self.board.watched.get(&person);
            watched.map_or(Presence::Offline, |watched| watched.told)
        } else {
            Presence::Offline
        }
    }

    /// P1: a connection looks at these people instead of those before. It is told within the lock, so that nothing comes
    /// between what it is told here and what it is told afterwards.
    pub(super) fn watch(
        &mut self,
        mailbox: &Arc<Mailbox>,
        people: Vec<PersonId>,
        answer: impl FnOnce(Vec<Here>) -> ServerMessage,
    ) {
        self.board.look_away(mailbox.connection);
        if mailbox.is_gone() {
            return;
        }
        for &id in &people {
            let now = self.presence(id);
            let told = || Watched {
                by: Vec::new(),
                told: now,
            };
            let watched = self.board.watched.entry(id).or_insert_with(told);
            watched.by.push(Arc::clone(mailbox));
        }
        let here = people.iter().map(|&id| Here {
            id,
            presence: self.presence_for(mailbox.person, id),
        });
        let here = here.filter(|one| one.presence != Presence::Offline);
        mailbox.notify(Parcel::message(&answer(here.collect())));
        if !people.is_empty() {
            self.board.looks.insert(mailbox.connection, people);
        }
    }

    /// Somebody has come, or looks at the page or not. Says whether a task is needed to tell it.
    pub(super) fn note_presence(&mut self, person: PersonId) -> bool {
        self.board.leases.remove(&person);
        self.board.note(person)
    }

    /// A connection has ended; with the last one goes where its person was. Says whether a task is needed to tell it.
    pub(super) fn note_leaving(
        &mut self,
        mailbox: &Mailbox,
        rooms: Option<BTreeSet<RoomId>>,
        until: Instant,
    ) -> bool {
        self.board.look_away(mailbox.connection);
        if let Some(rooms) = rooms.filter(|_| mailbox.is_greeted()) {
            let was = if mailbox.is_away() {
                Presence::Away
            } else {
                Presence::Online
            };
            self.board
                .leases
                .insert(mailbox.person, Lease { until, was, rooms });
            return !std::mem::replace(&mut self.board.telling, true);
        }
        self.board.note(mailbox.person)
    }

    /// P2: tells what has changed, one frame for each person, the same to all who look at them and share a room with
    /// them. Says whether anything is left to be looked at later.
    pub(super) fn tell_presence(&mut self, now: Instant) -> bool {
        let mut over = HashMap::new();
        for (person, lease) in self.board.leases.extract_if(|_, lease| lease.until <= now) {
            self.board.changed.insert(person);
            over.insert(person, lease.rooms);
        }
        for person in std::mem::take(&mut self.board.changed) {
            self.tell_of(person, over.remove(&person));
        }
        self.board.telling = !self.board.leases.is_empty();
        self.board.telling
    }

    fn tell_of(&mut self, person: PersonId, was_in: Option<BTreeSet<RoomId>>) {
        let presence = self.presence(person);
        let Some(watched) = self.board.watched.get_mut(&person) else {
            return;
        };
        if std::mem::replace(&mut watched.told, presence) == presence {
            return;
        }
        let id = person;
        let people = vec![Here { id, presence }];
        let parcel = Parcel::message(&ServerMessage::Presence {
            request: None,
            people,
        });
        let Some(watched) = self.board.watched.get(&person) else {
            return;
        };
        for mailbox in &watched.by {
            let shared = match (&was_in, self.people.get(&mailbox.person)) {
                (Some(was_in), Some(reader)) => !was_in.is_disjoint(&reader.rooms),
                _ => self.share_a_room(mailbox.person, person),
            };
            if shared {
                mailbox.notify(Arc::clone(&parcel));
            }
        }
    }
}
