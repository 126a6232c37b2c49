//! What happened, as the runner itself saw it: every message written, every acknowledgement, every event heard, and
//! what each client's application was shown. The checker reads this and the database, and nothing else.

use std::collections::BTreeMap;

use shared::ids::{PersonId, RoomId};
use shared::protocol::Span;

use crate::measure::Samples;
use crate::names::Key;
use crate::speech::Said;

/// A room, by its place in [`History::rooms`].
pub(crate) type RoomAt = usize;

/// Everything recorded in one run.
#[derive(Debug, Default)]
pub(crate) struct History {
    /// Makes client ids recognisable.
    pub(crate) seed: u64,
    /// The rooms that are watched.
    pub(crate) rooms: Vec<RoomId>,
    /// Who each client is.
    pub(crate) people: Vec<PersonId>,
    /// Per client, the messages it wrote: the `n`th is the one that its [`Key`] names.
    pub(crate) written: Vec<Vec<Written>>,
    /// Every `stored`, in the order of arrival.
    pub(crate) acks: Vec<Ack>,
    /// Per room, the first event that any client heard for a place.
    pub(crate) heard: Vec<Vec<Option<Heard>>>,
    /// Per room, the newest place that anyone has heard of, by an event or an acknowledgement.
    heads: Vec<u64>,
    /// A place for which two different events were heard.
    pub(crate) contradictions: Vec<Contradiction>,
    /// Events whose text is not what their author wrote.
    pub(crate) altered: Vec<Contradiction>,
    /// What the applications were shown.
    pub(crate) views: Vec<View>,
    /// Refusals without a `retry_after_ms`, and requests refused for good: none of them is due.
    pub(crate) refused: Vec<String>,
    /// Refusals after which the same may be asked again, by code: of sends, and of other requests.
    pub(crate) postponed: BTreeMap<String, u64>,
    /// Times that a client had to drop what it had applied (R8): there is one history only, so none is due.
    pub(crate) forgotten: u64,
    /// From the first transmission to another client's hearing it live, if it is being measured.
    pub(crate) delivery: Option<Samples>,
    pub(crate) counts: Counts,
}

/// Sums for the report.
#[derive(Debug, Default, Clone, Copy, serde::Serialize)]
pub(crate) struct Counts {
    /// Frames with a `send`, forced repeats and those after a reconnect included.
    pub(crate) sends_on_the_wire: u64,
    /// The same bytes again because the runner wanted it.
    pub(crate) forced_repeats: u64,
    /// `stored` with `repeat`.
    pub(crate) answered_as_repeat: u64,
    /// Events in `event` and `page` frames.
    pub(crate) events_heard: u64,
    /// Connections that were opened (101).
    pub(crate) connections: u64,
}

/// A message that was handed to a Session.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Written {
    pub(crate) room: RoomAt,
    pub(crate) said: Said,
    /// When its first `send` left, on the run's clock; 0 before.
    pub(crate) sent_us: u64,
    /// Refused for now, and its author did not try again: it must not be stored.
    pub(crate) given_up: bool,
}

/// An event as it came in a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) key: Key,
    /// Its link, as the server said.
    pub(crate) link: u64,
}

/// The server said that a message is stored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ack {
    pub(crate) key: Key,
    pub(crate) room: RoomAt,
    pub(crate) seq: u64,
}

/// Something about one place that does not fit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Contradiction {
    pub(crate) client: usize,
    pub(crate) room: RoomAt,
    pub(crate) seq: u64,
    pub(crate) key: Key,
}

/// What one Session showed of one room, from opening the room to the end of the Session.
#[derive(Debug, Clone)]
pub(crate) struct View {
    pub(crate) client: usize,
    pub(crate) room: RoomAt,
    /// The first place that it covered when the room was opened.
    pub(crate) floor: u64,
    /// The last place that it covered then; up to here everything comes by reading back.
    pub(crate) opened_at: u64,
    /// Events that were added at the end, in the order in which they were.
    pub(crate) appended: Vec<(u64, Key)>,
    /// Events that went into places that were covered as a gap.
    pub(crate) filled: Vec<(u64, Key)>,
    /// Places that the Session said are missing: skipped at the end of what it had.
    pub(crate) skipped: Vec<Span>,
    /// The rows at the end of the Session, as they were shown.
    pub(crate) shown: Vec<Shown>,
    /// The first place that was still covered then (older ones are let go).
    pub(crate) floor_at_end: u64,
    /// Whether it has to be complete: it was live at the end, with nothing going wrong any more.
    pub(crate) complete: bool,
}

/// An event as it stood on the screen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown {
    pub(crate) seq: u64,
    pub(crate) key: Key,
    /// Of a message: [`crate::state::State::digest`].
    pub(crate) state: Option<u64>,
}

impl History {
    /// For a run with these clients.
    pub(crate) fn new(seed: u64, people: Vec<PersonId>) -> Self {
        Self {
            seed,
            written: vec![Vec::new(); people.len()],
            people,
            ..Self::default()
        }
    }

    /// One more room is watched.
    pub(crate) fn add_room(&mut self, id: RoomId) {
        self.rooms.push(id);
        self.heard.push(Vec::new());
        self.heads.push(0);
    }

    /// Which of the watched rooms it is.
    pub(crate) fn room(&self, id: RoomId) -> Option<RoomAt> {
        self.rooms.iter().position(|room| *room == id)
    }

    /// The newest place of a room that anyone has heard of.
    pub(crate) fn head(&self, room: RoomAt) -> u64 {
        self.heads[room]
    }

    /// Somebody said something; returns its key.
    pub(crate) fn wrote(&mut self, client: usize, room: RoomAt, said: Said) -> Key {
        let written = &mut self.written[client];
        written.push(Written {
            room,
            said,
            sent_us: 0,
            given_up: false,
        });
        Key::new(client as u32, written.len() as u32 - 1)
    }

    /// The server said that a message is stored.
    pub(crate) fn acknowledged(&mut self, key: Key, room: RoomAt, seq: u64) {
        self.heads[room] = self.heads[room].max(seq);
        self.acks.push(Ack { key, room, seq });
    }

    /// An event came in a frame.
    pub(crate) fn hear(&mut self, client: usize, room: RoomAt, seq: u64, heard: Heard) {
        let key = heard.key;
        self.counts.events_heard += 1;
        self.heads[room] = self.heads[room].max(seq);
        let known = &mut self.heard[room];
        let Some(at) = (seq as usize).checked_sub(1) else {
            let key = Contradiction {
                client,
                room,
                seq,
                key,
            };
            return self.contradictions.push(key);
        };
        if known.len() <= at {
            known.resize(at + 1, None);
        }
        match known[at] {
            None => known[at] = Some(heard),
            Some(before) if before == heard => {}
            Some(_) => self.contradictions.push(Contradiction {
                client,
                room,
                seq,
                key,
            }),
        }
    }

    /// What somebody said, if it is known.
    pub(crate) fn written(&self, key: Key) -> Option<&Written> {
        let (client, n) = key.action()?;
        self.written.get(client)?.get(n)
    }

    /// Grows while anything is written, stored or shown for the first time.
    pub(crate) fn moved(&self) -> u64 {
        let shown = |view: &View| (view.appended.len() + view.filled.len()) as u64;
        let shown: u64 = self.views.iter().map(shown).sum();
        shown + self.heads.iter().sum::<u64>() + self.messages()
    }

    /// How many messages were written.
    pub(crate) fn messages(&self) -> u64 {
        self.written.iter().map(|list| list.len() as u64).sum()
    }

    /// The same by kind.
    pub(crate) fn kinds(&self) -> BTreeMap<&'static str, u64> {
        let mut kinds = BTreeMap::new();
        for written in self.written.iter().flatten() {
            let kind = match written.said {
                Said::Message => "messages",
                Said::Edit { .. } => "edits",
                Said::Delete { .. } => "deletions",
                Said::React { .. } => "reactions",
                Said::Topic => "topics",
                Said::Answer { .. } => "answers",
                Said::Forward { .. } => "forwards",
                Said::Pin { .. } => "pins",
                Said::Rename => "renames",
                Said::Pace { .. } => "paces",
            };
            *kinds.entry(kind).or_default() += 1;
        }
        kinds
    }
}
