//! When the person is told of what was said while they look elsewhere.
//!
//! What concerns them in a room is a number: the unread messages, or those that name them, as the level says. A message
//! that raises it is told of, after a moment: what is read within it, here or on another device, needs no telling. What raises
//! it otherwise was missed, and is told of in one sentence. When there is nothing left to read, what was told is withdrawn.

use crate::attention::{Arrival, Attention};
use crate::ids::{RoomId, Seq};
use crate::limits;
use crate::protocol::{Event, Level, Person};
use crate::session::Session;
use crate::session::io::Output;
use crate::session::reading::is_mine;
use crate::session::rooms::RoomState;
use crate::session::time::Ticks;
use crate::text::Body;

/// What the person is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alert {
    /// There is something new, and the person is in front of the page.
    Sound,
    /// Somebody said something.
    Said {
        room: RoomId,
        seq: Seq,
        author: Person,
        /// The beginning of it.
        text: Body,
    },
    /// So much is unread in so many rooms; the room, if it is one.
    Several {
        messages: u64,
        rooms: u64,
        room: Option<RoomId>,
    },
}

#[derive(Debug, Clone, Default)]
pub(super) struct Alerts {
    /// The page is in front of the person.
    watched: bool,
    /// What was there when the session began is known.
    begun: bool,
    /// One for each room at most.
    waiting: Vec<Waiting>,
    due: Option<Ticks>,
}

/// What the person is to be told about a room, unless it is read before.
#[derive(Debug, Clone)]
struct Waiting {
    room: RoomId,
    attention: Attention,
    messages: u64,
    /// The newest message; none if it was missed.
    said: Option<Said>,
}

#[derive(Debug, Clone)]
struct Said {
    seq: Seq,
    author: Person,
    text: Body,
}

/// How something came.
pub(super) enum Came {
    /// As an event that says nothing of which the person is told.
    Unremarkable,
    /// As a message of which they are.
    Live(Remark),
    /// Otherwise.
    Missed,
}

pub(super) struct Remark(Attention, Said);

impl Alerts {
    pub(super) fn due_at(&self) -> Option<Ticks> {
        self.due
    }

    /// Nothing is known any more but where the person looks.
    pub(super) fn forget(&mut self) {
        *self = Self {
            watched: self.watched,
            ..Self::default()
        };
    }

    fn add(&mut self, new: Waiting, now: Ticks) {
        self.due.get_or_insert_with(|| now + limits::ALERT_AFTER_MS);
        match self.waiting.iter_mut().find(|old| old.room == new.room) {
            Some(old) => {
                old.attention = old.attention.max(new.attention);
                old.messages += new.messages;
                // Where something was missed, one message does not tell it all.
                old.said = old.said.take().and(new.said);
            }
            None => self.waiting.push(new),
        }
    }
}

impl RoomState {
    /// How much there is that concerns the person.
    fn concern(&self) -> u64 {
        let reading = &self.progress.reading;
        match self.level() {
            Level::Everything => reading.unread,
            Level::Mentions => reading.mentions,
            Level::Nothing => 0,
        }
    }
}

impl Session {
    /// The page is in front of the person, or not any more.
    pub(super) fn watched(&mut self, watched: bool) {
        self.alerts.watched = watched;
    }

    /// What a live event is to the person, before it is applied.
    pub(super) fn remark(&self, room: RoomId, event: &Event) -> Came {
        let Some((state, message)) = self.rooms.get(room).zip(event.content.as_message()) else {
            return Came::Unremarkable;
        };
        let me = self.me.as_ref();
        let arrival = Arrival {
            mine: is_mine(event, me),
            named: me.is_some_and(|me| message.names(me.id)),
            live: true,
            level: state.level(),
            quiet: self.is_quiet(),
            watched: self.alerts.watched,
            shown: self.rooms.shown() == Some(room),
        };
        let attention = arrival.attention();
        match &message.body {
            Some(body) if attention > Attention::None => {
                let said = Said {
                    seq: event.seq,
                    author: event.author.clone(),
                    text: body.beginning(),
                };
                Came::Live(Remark(attention, said))
            }
            _ => Came::Unremarkable,
        }
    }

    /// Looks at what concerns the person in a room, after something has come or was read.
    pub(super) fn mind(&mut self, room: RoomId, came: Came) {
        let (quiet, now) = (self.is_quiet(), self.now.ticks);
        let live = self.alerts.begun && self.link.record.is_live();
        let Some(state) = self.rooms.get_mut(room) else {
            return;
        };
        let concern = state.concern();
        if concern == 0 {
            self.alerts.waiting.retain(|one| one.room != room);
            if std::mem::take(&mut state.told) {
                self.outputs.push_back(Output::Withdraw { room });
            }
        }
        // While it joins, the count is that of the welcome: what is missed is known at the end.
        if !live && concern > state.minded {
            return;
        }
        let messages = concern.saturating_sub(std::mem::replace(&mut state.minded, concern));
        if messages == 0 {
            return;
        }
        let (attention, said) = match came {
            Came::Unremarkable => return,
            Came::Live(Remark(attention, said)) => (attention, Some(said)),
            Came::Missed => {
                let arrival = Arrival {
                    mine: false,
                    named: true,
                    live: false,
                    level: state.level(),
                    quiet,
                    watched: self.alerts.watched,
                    shown: false,
                };
                (arrival.attention(), None)
            }
        };
        if attention > Attention::None {
            let waiting = Waiting {
                room,
                attention,
                messages,
                said,
            };
            self.alerts.add(waiting, now);
        }
    }

    /// What concerns the person in a room is what it is because they want it so.
    pub(super) fn mind_as_it_is(&mut self, room: RoomId) {
        if let Some(state) = self.rooms.get_mut(room) {
            state.minded = state.concern();
        }
        self.mind(room, Came::Unremarkable);
    }

    /// Everything that was missed has been told by the server, or is counted in its welcome.
    pub(super) fn mind_all(&mut self) {
        let rooms: Vec<RoomId> = self.rooms.iter().map(|state| state.room.id).collect();
        let begins = !std::mem::replace(&mut self.alerts.begun, true);
        for room in rooms {
            if begins {
                self.mind_as_it_is(room);
            } else {
                self.mind(room, Came::Missed);
            }
        }
    }

    /// Tells what waits, in few words. Of several tabs one does.
    pub(super) fn tell_alerts(&mut self) {
        if self.alerts.due.is_none_or(|due| due > self.now.ticks) {
            return;
        }
        self.alerts.due = None;
        let mut waiting = std::mem::take(&mut self.alerts.waiting);
        waiting.retain(|one| self.is_unread(one));
        if waiting.is_empty() || !self.sending || self.is_quiet() {
            return;
        }
        let called = |one: &Waiting| one.attention == Attention::Notification;
        if !waiting.iter().any(called) {
            self.outputs.push_back(Output::Alert(Alert::Sound));
            return;
        }
        waiting.retain(called);
        for one in &waiting {
            if let Some(state) = self.rooms.get_mut(one.room) {
                state.told = true;
            }
        }
        let few = waiting.len() <= limits::ALERT_ROOMS;
        if few && waiting.iter().all(|one| one.said.is_some()) {
            let said = waiting
                .into_iter()
                .filter_map(|one| Some((one.room, one.said?)));
            self.outputs.extend(said.map(|(room, said)| {
                Output::Alert(Alert::Said {
                    room,
                    seq: said.seq,
                    author: said.author,
                    text: said.text,
                })
            }));
            return;
        }
        let room = waiting.first().map(|one| one.room);
        self.outputs.push_back(Output::Alert(Alert::Several {
            messages: waiting.iter().map(|one| one.messages).sum(),
            rooms: waiting.len() as u64,
            room: room.filter(|_| waiting.len() == 1),
        }));
    }

    fn is_unread(&self, one: &Waiting) -> bool {
        let unread = |state: &RoomState| {
            let said = one.said.as_ref();
            state.concern() > 0 && said.is_none_or(|said| said.seq > state.progress.reading.to)
        };
        self.rooms.get(one.room).is_some_and(unread)
    }
}
