//! Who is here, of those whom the page shows; and whether this person looks at the page.

use crate::ids::PersonId;
use crate::limits;
use crate::protocol::{ClientMessage, Here, Presence};
use crate::session::Session;
use crate::session::requests::Asked;
use crate::session::time::Ticks;

#[derive(Debug, Clone, Default)]
pub(super) struct Around {
    /// Those who are here.
    here: Vec<Here>,
    /// Whom the server was asked for on this connection.
    watched: Vec<PersonId>,
    /// Others may be shown than those.
    stale: bool,
    /// When the person is away, since they see the page no more.
    away_at: Option<Ticks>,
    /// The server believes that they are.
    told_away: bool,
}

impl Around {
    pub(super) fn disconnected(&mut self) {
        self.watched.clear();
        self.stale = true;
        self.told_away = false;
    }

    /// The people who are shown may be others now.
    pub(super) fn look_again(&mut self) {
        self.stale = true;
    }

    fn take(&mut self, one: Here) {
        self.here.retain(|known| known.id != one.id);
        if one.presence != Presence::Offline {
            self.here.push(one);
        }
    }
}

impl Session {
    /// Whether somebody is here, as far as that is known.
    #[must_use]
    pub fn presence(&self, person: PersonId) -> Presence {
        let mut here = self.around.here.iter();
        let found = here.find(|one| one.id == person);
        // Without a connection nobody knows.
        found
            .filter(|_| self.link.record.is_live())
            .map_or(Presence::Offline, |one| one.presence)
    }

    pub(super) fn take_presence(&mut self, people: Vec<Here>, is_answer: bool) {
        if is_answer {
            self.around.here.clear();
        }
        people.into_iter().for_each(|one| self.around.take(one));
        self.revisions.presence += 1;
    }

    /// The page cannot be seen any more, or can again.
    pub(super) fn page_hidden(&mut self, hidden: bool) {
        let from_now = self.now.ticks + limits::AWAY_AFTER_MS;
        let away_at = &mut self.around.away_at;
        *away_at = hidden.then(|| away_at.unwrap_or(from_now));
    }

    pub(super) fn away_at(&self) -> Option<Ticks> {
        self.around.away_at.filter(|_| !self.around.told_away)
    }

    /// Tells the server what it does not know yet: whom this person looks at, and whether they look.
    pub(super) fn tell_presence(&mut self) {
        let away = self.around.away_at.is_some_and(|at| at <= self.now.ticks);
        if away != self.around.told_away {
            self.around.told_away = away;
            self.transmit(&ClientMessage::Away { on: away });
        }
        if std::mem::take(&mut self.around.stale) {
            let people = self.to_watch();
            if people != self.around.watched {
                self.around.watched.clone_from(&people);
                self.requests.ask(Asked::Watch { people });
            }
        }
    }

    /// The people of direct rooms, then those of the list of members: what the page shows of them at most.
    fn to_watch(&self) -> Vec<PersonId> {
        let me = self.me.as_ref().map(|me| me.id);
        let members = self.members.iter().flat_map(|list| &list.people);
        let directs = self.rooms.iter().flat_map(|state| &state.room.people);
        let mut people: Vec<PersonId> = Vec::new();
        for person in directs.chain(members) {
            if people.len() == limits::WATCHED {
                break;
            }
            if Some(person.id) != me && !people.contains(&person.id) {
                people.push(person.id);
            }
        }
        people
    }
}
