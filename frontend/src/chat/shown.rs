//! What the views are given: copies of the session's facts, made anew only when they have changed.

use crate::matching::small;
use shared::sorted::{Map, Set, by_key};
use std::cmp::Reverse;
use std::rc::Rc;

use shared::ids::{PersonId, RoomId, Seq, Timestamp};
use shared::protocol::{
    Content, Level, Pace, Person, Presence, Quote, Receipt, RoomKind, TakenOut,
};
use shared::session::aside::{HistoryView, PinsView};
use shared::session::connection::{State, StopReason};
use shared::session::journey::{Arrived, Journey};
use shared::session::members::{Found, Members};
use shared::session::search::SearchView;
use shared::session::time::Ticks;
use shared::session::timeline::Timeline;
use shared::session::views::{Opening, RoomView, Row};
use shared::session::{DirectoryView, Revisions, Session};
use shared::text::{PersonName, RoomName, Topic};
use shared::transport::Transport;
use shared::weather::Weather;

use crate::chat::changes::{NotDone, show_waiting};
use crate::chat::frames::Change;
use crate::profiles::Profiles;

/// People who are offered to be named at most.
const PEOPLE: usize = 200;

/// A room in the rail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomItem {
    /// Which room.
    pub id: RoomId,
    /// What kind of place it is.
    pub kind: RoomKind,
    /// What it is called.
    pub name: RoomName,
    /// Messages that the person has not read.
    pub unread: u64,
    /// Those of them that name the person.
    pub mentions: u64,
    /// What it is about.
    pub topic: Option<Topic>,
    /// Nothing more is said in it.
    pub archived: bool,
    /// How long one waits between two messages.
    pub pace: Pace,
    /// The person keeps order in it.
    pub own: bool,
    /// Of a direct room: the others, or oneself if there are none.
    pub people: Vec<Person>,
    /// Of what the person wants to be told.
    pub level: Level,
    /// Whether the other one is here, in a direct room of two.
    pub presence: Option<Presence>,
}

impl RoomItem {
    /// How much of it concerns the person.
    #[must_use]
    pub fn calls(&self) -> u64 {
        match self.level {
            Level::Everything => self.unread,
            Level::Mentions | Level::Nothing => self.mentions,
        }
    }

    /// Whether it stands out because of what is unread in it. A muted one does only when it names the person.
    #[must_use]
    pub fn stands_out(&self) -> bool {
        self.unread > 0 && (self.level != Level::Nothing || self.mentions > 0)
    }
}

/// What belongs to the rows of a room and is in none of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beside {
    /// When messages were edited, by the place of the edit.
    pub edited: Map<Seq, Timestamp>,
    /// The last event that was applied.
    pub last: Option<Seq>,
    /// Messages that the person has not read.
    pub unread: u64,
    /// When the person may say the next thing, where one waits.
    pub paced_until: Option<Ticks>,
    /// How far others have read.
    pub receipts: Vec<Receipt>,
    /// Who is writing.
    pub writers: Vec<PersonName>,
    /// How the room was opened.
    pub opening: Opening,
    /// What is answered, by its place.
    pub quotes: Map<Seq, Quote>,
    /// Who can be named: who has done something in what is held, the last one first, then who else is in the room.
    pub people: Rc<Vec<Person>>,
    /// What is pinned, while that is looked at.
    pub pins: Option<PinsView>,
    /// What a message said before, while that is looked at.
    pub history: Option<HistoryView>,
    /// Where a message has arrived, and what this page saw of its way, while that is looked at.
    pub journey: Option<(Arrived, Option<Journey>)>,
}

/// The session's facts as of the last change.
#[derive(Debug, Default)]
pub struct Shown {
    revisions: Option<Revisions>,
    timeline: Option<(RoomId, u64, [u64; 3], usize)>,
    /// The rooms by name, then the direct ones, those first in which something was said last.
    pub rooms: Rc<Vec<RoomItem>>,
    /// What others took the person out of.
    pub taken_out: Rc<Vec<TakenOut>>,
    /// The rows of the room that is shown.
    pub rows: Rc<Vec<Row>>,
    /// What belongs to them.
    pub beside: Rc<Beside>,
    /// The rooms there are.
    pub directory: Option<Rc<DirectoryView>>,
    /// What is known about people.
    pub profiles: Profiles,
    /// Who is in the room that was asked for.
    pub members: Option<Rc<Members>>,
    /// Whether those are here.
    pub here: Rc<Vec<(PersonId, Presence)>>,
    /// Who was found by name.
    pub found: Option<Rc<Found>>,
    /// What was looked for, and found.
    pub search: Option<Rc<SearchView>>,
}

impl Shown {
    /// Copies what has changed, and says what that is.
    pub fn refresh(
        &mut self,
        session: &Session,
        room: Option<RoomId>,
        failures: &[NotDone],
    ) -> Change {
        let now = session.revisions();
        let before = self.revisions.replace(now);
        let moved =
            |counter: fn(&Revisions) -> u64| before.as_ref().map(counter) != Some(counter(&now));
        if moved(|r| r.rooms) || moved(|r| r.presence) {
            self.rooms = Rc::new(rooms(session));
            if session.taken_out() != &**self.taken_out {
                self.taken_out = Rc::new(session.taken_out().to_vec());
            }
        }
        if moved(|r| r.people) {
            self.profiles = Profiles(Rc::clone(session.profiles()));
        }
        if moved(|r| r.directory) {
            self.directory = session.directory().cloned().map(Rc::new);
        }
        if moved(|r| r.members) {
            self.members = session.members().cloned().map(Rc::new);
            self.found = session.found_people().cloned().map(Rc::new);
        }
        if moved(|r| r.members) || moved(|r| r.presence) {
            let members = session.members().into_iter().flat_map(|list| &list.people);
            let here = members.map(|person| (person.id, session.presence(person.id)));
            self.here = Rc::new(here.collect());
        }
        if moved(|r| r.search) {
            self.search = session.search().cloned().map(Rc::new);
        }
        // Before the first welcome the room is not known and has no revision, but its outbox is shown already.
        let timeline = room.map(|id| {
            let revision = session.timeline_revision(id);
            let others = [now.outbox, now.aside, now.members];
            (id, revision, others, failures.len())
        });
        let turned = self.timeline != timeline;
        if turned {
            let mut rows = room.map_or_else(Vec::new, |id| session.rows(id));
            if self.is_direct(room) {
                leave_out_entrances(&mut rows);
            }
            if let Some(room) = room {
                show_waiting(&mut rows, session, room, failures);
            }
            let beside = room.map_or_else(Beside::default, |id| beside(session, id, &rows));
            self.rows = Rc::new(rows);
            if *self.beside != beside {
                self.beside = Rc::new(beside);
            }
            self.timeline = timeline;
        }
        if turned {
            Change::Rows
        } else if before != Some(now) {
            Change::Beside
        } else {
            Change::None
        }
    }
}

impl Shown {
    fn is_direct(&self, room: Option<RoomId>) -> bool {
        let mut rooms = self.rooms.iter();
        rooms.any(|item| Some(item.id) == room && item.kind == RoomKind::Direct)
    }
}

fn beside(session: &Session, room: RoomId, rows: &[Row]) -> Beside {
    let Some(timeline) = session.timeline(room) else {
        return Beside::default();
    };
    let view = session.rooms().find(|view| view.id == room);
    let members = session.members().filter(|list| list.room == room);
    let edits = timeline
        .events()
        .filter(|event| matches!(event.content, Content::Edited { .. }));
    let answered = timeline
        .events()
        .filter_map(|event| event.content.answers());
    // Also what is stored and whose event has not come.
    let waiting = rows.iter().filter_map(|row| match row {
        Row::Pending(entry) => entry.draft.action.content().answers(),
        _ => None,
    });
    let quotes = answered.chain(waiting);
    let quotes = quotes.filter_map(|seq| Some((seq, timeline.quote(seq)?)));
    Beside {
        edited: edits.map(|event| (event.seq, event.at)).collect(),
        last: Some(timeline.last()),
        unread: view.map_or(0, |room| room.unread),
        paced_until: session.paced_until(room),
        receipts: session.receipts(room).cloned().collect(),
        writers: session.writers(room).map(|it| it.name.clone()).collect(),
        opening: session.opening(room),
        quotes: quotes.collect(),
        people: Rc::new(people(timeline, members)),
        pins: session.pins().filter(|view| view.room == room).cloned(),
        history: session.history().filter(|view| view.room == room).cloned(),
        journey: journey(session, timeline, room),
    }
}

fn journey(
    session: &Session,
    timeline: &Timeline,
    room: RoomId,
) -> Option<(Arrived, Option<Journey>)> {
    let arrived = session.arrived().filter(|it| it.room == room)?;
    let event = timeline.events_from(arrived.seq).next();
    let event = event.filter(|event| event.seq == arrived.seq);
    let way = event.and_then(|event| session.journey(event.client_id));
    Some((arrived, way.cloned()))
}

fn people(timeline: &Timeline, members: Option<&Members>) -> Vec<Person> {
    let mut known = Set::new();
    // Who made a room need not be in it.
    let acts = timeline.events().rev();
    let acts = acts.filter(|event| !matches!(event.content, Content::Created { .. }));
    let authors = acts.map(|event| &event.author);
    let first = authors.filter(|author| known.insert(author.id));
    let mut people: Vec<Person> = first.take(PEOPLE).cloned().collect();
    if let Some(list) = members {
        let inside = |person: &Person| list.people.iter().any(|one| one.id == person.id);
        // Who has left cannot be named; a list that was cut does not say who has.
        people.retain(|person| list.more || inside(person));
        let others = list.people.iter().filter(|one| known.insert(one.id));
        people.extend(others.cloned());
    }
    people
}

fn rooms(session: &Session) -> Vec<RoomItem> {
    let me = session.me().map(|me| me.id);
    let rooms = session
        .rooms()
        .map(|room| (room.active, item(session, &room, me)));
    let sorted = by_key(rooms, |(active, room)| {
        let is_direct = room.kind == RoomKind::Direct;
        (is_direct, Reverse(*active), small(&room.name))
    });
    sorted.into_iter().map(|(_, room)| room).collect()
}

fn item(session: &Session, room: &RoomView<'_>, me: Option<PersonId>) -> RoomItem {
    let others = room.people.iter().filter(|person| Some(person.id) != me);
    let mut people: Vec<Person> = others.cloned().collect();
    let presence = match people.as_slice() {
        [one] => Some(session.presence(one.id)),
        _ => None,
    };
    if people.is_empty() {
        people = room.people.to_vec();
    }
    RoomItem {
        id: room.id,
        kind: room.kind,
        name: room.name.clone(),
        unread: room.unread,
        mentions: room.mentions,
        topic: room.topic.cloned(),
        archived: room.archived,
        pace: room.pace,
        own: room.own,
        people,
        level: room.level,
        presence,
    }
}

/// In a direct room it goes without saying who is in it.
fn leave_out_entrances(rows: &mut Vec<Row>) {
    rows.retain(|row| match row {
        Row::Joined(_) => false,
        Row::Event(event) => !matches!(event.content, Content::Created { .. } | Content::Joined),
        _ => true,
    });
}

/// The connection as the dot and the banner show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// Where it stands.
    pub phase: Phase,
    /// Whether it has ever been live: first "connecting", later "reconnecting" (C12).
    pub been_live: bool,
    /// Whether the browser sees a network.
    pub online: bool,
    /// Messages that are not on the server's disk.
    pub unsent: usize,
    /// Those of them that go out by themselves.
    pub waiting: usize,
    /// Events that exist and are not shown yet.
    pub behind: u64,
    /// On which way messages travel.
    pub transport: Transport,
    /// What its connection is spoiled with.
    pub weather: Weather,
}

/// Where the connection stands, as far as a person cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// An attempt is under way.
    Connecting,
    /// Joined.
    Live,
    /// The next attempt starts then.
    Waiting { until: Ticks },
    /// It will not go on by itself.
    Stopped(StopReason),
}

impl Status {
    /// The status of a session now.
    #[must_use]
    pub fn of(session: &Session) -> Self {
        let connection = session.connection();
        Self {
            phase: match connection.state {
                State::Idle | State::Connecting { .. } | State::Joining { .. } => Phase::Connecting,
                State::Live { .. } => Phase::Live,
                State::Backoff { until } => Phase::Waiting { until },
                State::Stopped { reason } => Phase::Stopped(reason),
            },
            been_live: connection.been_live,
            online: connection.online,
            unsent: session.outbox_len(),
            waiting: session.waiting_len(),
            behind: session.behind(),
            transport: connection.transport,
            weather: Weather::Fair,
        }
    }

    /// Whether messages go out at once.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.phase == Phase::Live
    }
}
