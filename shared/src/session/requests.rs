//! Questions that wait for an answer: reads of the log, and what the person asked for.

use crate::sorted::Map;

use crate::ids::{ClientId, PersonId, RequestId, RoomId, Seq, Timestamp};
use crate::limits;
use crate::protocol::{Choice, ClientMessage, Span};
use crate::session::time::Ticks;
use crate::text::{RoomName, SearchText};

/// Reads under way at once: enough to fill the pipe, few enough to stay within the rate limit.
pub(super) const READS_AT_ONCE: usize = 8;

/// What a person asked for that is not sent yet or not answered; more are refused by taking the oldest away.
pub(super) const ASKS_KEPT: usize = 32;

/// What was asked for, to name it when it is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// To join a room.
    Join { room: RoomId, client_id: ClientId },
    /// To make a room.
    Create {
        name: RoomName,
        private: bool,
        client_id: ClientId,
    },
    /// To talk with exactly these people.
    OpenDirect {
        people: Vec<PersonId>,
        client_id: ClientId,
    },
    /// Which rooms there are.
    ListRooms,
    /// What is pinned to a room.
    Pins { room: RoomId },
    /// What a message said before.
    History { room: RoomId, target: Seq },
    /// Where a message of one's own has arrived.
    Journey { room: RoomId, seq: Seq },
    /// Where a moment is in a room's log.
    PlaceAt { room: RoomId, at: Timestamp },
    /// Whether these are here.
    Watch { people: Vec<PersonId> },
    /// How far the others in a room have read.
    Receipts { room: RoomId },
    /// Who is in a room.
    ListMembers { room: RoomId },
    /// To hear no more of having been taken out of a room.
    Noted { room: RoomId },
    /// Who has this in their name.
    FindPeople { text: String },
    /// To be told of things in another way.
    Choose(Choice),
    /// Part of a room's log.
    Read { room: RoomId, span: Span },
    /// For messages.
    Search {
        text: SearchText,
        offset: i16,
        older: Option<u64>,
    },
}

impl Asked {
    fn message(&self, request: RequestId) -> ClientMessage {
        match self.clone() {
            Self::Join { room, client_id } => ClientMessage::Join {
                request,
                client_id,
                room,
            },
            Self::Create {
                name,
                private,
                client_id,
            } => ClientMessage::Create {
                request,
                client_id,
                name,
                private,
            },
            Self::PlaceAt { room, at } => ClientMessage::PlaceAt { request, room, at },
            Self::OpenDirect { people, client_id } => ClientMessage::OpenDirect {
                request,
                client_id,
                people,
            },
            Self::Noted { room } => ClientMessage::Noted { request, room },
            Self::FindPeople { text } => ClientMessage::FindPeople { request, text },
            Self::ListRooms => ClientMessage::Directory { request },
            Self::Choose(choice) => ClientMessage::Choose { request, choice },
            Self::Search {
                text,
                offset,
                older,
            } => ClientMessage::Search {
                request,
                text,
                offset,
                older,
            },
            Self::Pins { room } => ClientMessage::Pins { request, room },
            Self::History { room, target } => ClientMessage::HistoryOf {
                request,
                room,
                target,
            },
            Self::Journey { room, seq } => ClientMessage::Journey { request, room, seq },
            Self::Watch { people } => ClientMessage::Watch { request, people },
            Self::Receipts { room } => ClientMessage::Receipts { request, room },
            Self::ListMembers { room } => ClientMessage::Members { request, room },
            Self::Read { room, span } => ClientMessage::Read {
                request,
                room,
                from: span.from,
                to: span.to,
            },
        }
    }
}

#[derive(Debug, Clone)]
struct Sent {
    asked: Asked,
    since: Ticks,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Requests {
    last: u64,
    /// Asked by the person, not sent on this connection yet.
    queued: Vec<Asked>,
    sent: Map<RequestId, Sent>,
    /// Nothing goes before this: the server asked to wait.
    not_before: Ticks,
}

impl Requests {
    /// Whether this is asked and not answered.
    pub(super) fn waits_for(&self, asked: &Asked) -> bool {
        self.queued.contains(asked) || self.sent.values().any(|sent| sent.asked == *asked)
    }

    /// Queues what the person asked for; the same question twice is one question.
    pub(super) fn ask(&mut self, asked: Asked) {
        if let Asked::Choose(choice) = &asked {
            // Also if the same is on its way already: what was chosen between the two comes before it.
            self.queued.retain(|before| !is_replaced(before, choice));
        } else if is_watch(&asked) {
            self.queued.retain(|before| !is_watch(before));
        } else if self.waits_for(&asked) {
            return;
        }
        if matches!(asked, Asked::FindPeople { .. }) {
            // Only what was typed last is of use.
            self.queued
                .retain(|asked| !matches!(asked, Asked::FindPeople { .. }));
        }
        if self.queued.len() == ASKS_KEPT {
            self.queued.remove(0);
        }
        self.queued.push(asked);
    }

    /// The messages to send now: what is queued, and as many of the `wanted` reads as may be under way.
    pub(super) fn take_ready(
        &mut self,
        wanted: impl Iterator<Item = (RoomId, Span)>,
        now: Ticks,
    ) -> Vec<ClientMessage> {
        if now < self.not_before {
            return Vec::new();
        }
        let mut ready = std::mem::take(&mut self.queued);
        let mut reads = self
            .sent
            .values()
            .filter(|sent| is_read(&sent.asked))
            .count();
        for (room, span) in wanted {
            if reads == READS_AT_ONCE {
                break;
            }
            if !self.is_reading(room, span.from) {
                ready.push(Asked::Read { room, span });
                reads += 1;
            }
        }
        ready
            .into_iter()
            .map(|asked| self.send(asked, now))
            .collect()
    }

    fn send(&mut self, asked: Asked, now: Ticks) -> ClientMessage {
        self.last += 1;
        let request = RequestId(self.last);
        let message = asked.message(request);
        self.sent.insert(request, Sent { asked, since: now });
        message
    }

    fn is_reading(&self, room: RoomId, from: Seq) -> bool {
        self.sent.values().any(|sent| {
            matches!(&sent.asked, Asked::Read { room: r, span } if *r == room && span.from == from)
        })
    }

    /// An answer came. `None` when nobody waits for it any more.
    pub(super) fn answered(&mut self, request: RequestId) -> Option<Asked> {
        self.sent.remove(&request).map(|sent| sent.asked)
    }

    /// The server asked to wait: what it was is asked again after that.
    pub(super) fn postpone(&mut self, asked: Asked, until: Ticks) {
        self.not_before = self.not_before.max(until);
        self.ask_anew(asked);
    }

    /// The connection is gone: what the person asked for is asked again on the next one;
    /// reads follow from what is missing then.
    pub(super) fn disconnected(&mut self) {
        self.not_before = Ticks(0);
        self.ask_again(|_| true);
    }

    /// The same for what was sent before `before` and never answered.
    pub(super) fn ask_unanswered_again(&mut self, before: Ticks) {
        self.ask_again(|sent| sent.since <= before);
    }

    fn ask_again(&mut self, which: impl Fn(&Sent) -> bool) {
        let lost: Vec<RequestId> = self
            .sent
            .iter()
            .filter(|(_, sent)| which(sent))
            .map(|(id, _)| *id)
            .collect();
        for id in lost {
            if let Some(asked) = self.answered(id) {
                self.ask_anew(asked);
            }
        }
    }

    /// Asks for something once more, unless that was overtaken meanwhile.
    fn ask_anew(&mut self, asked: Asked) {
        let overtaken = match &asked {
            Asked::Read { .. } => true,
            Asked::Choose(choice) => self.is_choosing(choice),
            Asked::Watch { .. } => self.asked().any(is_watch),
            _ => false,
        };
        if !overtaken {
            self.ask(asked);
        }
    }

    /// Whether something is on its way, or waits to be, that takes the place of a choice.
    pub(super) fn is_choosing(&self, choice: &Choice) -> bool {
        self.asked().any(|asked| is_replaced(asked, choice))
    }

    /// What was chosen and is not known to be done.
    pub(super) fn choices(&self) -> Vec<Choice> {
        let choice = |asked: &Asked| match asked {
            Asked::Choose(choice) => Some(*choice),
            _ => None,
        };
        self.asked().filter_map(choice).collect()
    }

    /// Everything that is not answered, in the order in which it was asked.
    fn asked(&self) -> impl Iterator<Item = &Asked> {
        let sent = self.sent.values().map(|sent| &sent.asked);
        sent.chain(&self.queued)
    }

    pub(super) fn oldest_unanswered(&self) -> Option<Ticks> {
        self.sent.values().map(|sent| sent.since).min()
    }

    /// When the wait that the server asked for ends, if one is under way.
    pub(super) fn wait_ends(&self, now: Ticks) -> Option<Ticks> {
        (now < self.not_before).then_some(self.not_before)
    }
}

fn is_replaced(before: &Asked, by: &Choice) -> bool {
    matches!(before, Asked::Choose(before) if by.replaces(before))
}

fn is_watch(asked: &Asked) -> bool {
    matches!(asked, Asked::Watch { .. })
}

fn is_read(asked: &Asked) -> bool {
    matches!(asked, Asked::Read { .. })
}

/// A question unanswered for this long is asked again on a connection that lives: twice the time after which
/// the link itself is doubted.
pub(super) const ASK_AGAIN_MS: u64 = limits::SEND_ANSWER_MS * 2;
