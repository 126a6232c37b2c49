//! Messages that were written and are not known to be stored yet.

use crate::sorted::Map;
use std::fmt;

use serde::Serialize;

use crate::ids::{ClientId, FileId, RoomId, Seq, Timestamp};
use crate::json::FromJson;
use crate::limits;
use crate::problem::Problem;
use crate::protocol::Action;
use crate::session::time::Ticks;

/// So often a message is sent whose files the server has, as it says, and then has not: it let go of them in between.
const SENDS_FOR_FILES: u32 = 3;

/// What a person did, as it is kept across a reload: most often a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Draft {
    /// The room it was written in.
    pub room: RoomId,
    /// Its name for ever: a repeat with the same one is the same message.
    pub client_id: ClientId,
    /// What shall stand in the log.
    pub action: Action,
    /// When it was written, by the wall clock.
    pub written: Timestamp,
}

/// A message in the outbox and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The message.
    pub draft: Draft,
    /// How far it has come.
    pub progress: Progress,
    /// How often it was sent.
    pub attempts: u32,
    /// Its files that are not known to be at the server: it waits for them, and what was written in the room later waits
    /// behind it.
    pub files: Vec<FileId>,
}

/// How far a message has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Waits for a connection or for the message before it.
    Queued,
    /// Sent on the current connection and not answered yet.
    Sending { since: Ticks },
    /// The server asked to wait.
    Waiting { until: Ticks, problem: Problem },
    /// On disk at the server; its event has not been read yet.
    Stored { seq: Seq },
    /// Refused for good: retry, or discard.
    Failed { problem: Problem },
}

impl Entry {
    fn of(draft: Draft) -> Self {
        Self {
            files: files(&draft),
            draft,
            progress: Progress::Queued,
            attempts: 0,
        }
    }

    /// Waits if a repeat may help, goes again behind the one before it if that was refused as well, else has failed; whether
    /// it has.
    fn put_off(&mut self, problem: Problem, now: Ticks) -> bool {
        self.progress = match problem.retry_after_ms() {
            Some(wait) => Progress::Waiting {
                until: now + wait,
                problem,
            },
            None if problem == Problem::NotInOrder => Progress::Queued,
            None => Progress::Failed { problem },
        };
        self.has_failed()
    }

    /// Whether it was refused for good.
    fn has_failed(&self) -> bool {
        matches!(self.progress, Progress::Failed { .. })
    }

    /// Whether the message still has to reach the server's disk.
    #[must_use]
    pub fn is_unsent(&self) -> bool {
        !matches!(self.progress, Progress::Stored { .. })
    }
}

/// The outbox holds as many messages as the limit allows; nothing was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutboxFull;

impl fmt::Display for OutboxFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} messages are waiting, which is the limit",
            limits::OUTBOX_MESSAGES
        )
    }
}

impl std::error::Error for OutboxFull {}

/// A message that goes now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ready {
    pub(super) draft: Draft,
    /// The one before it in its room, if that is on its way as well.
    pub(super) after: Option<ClientId>,
}

/// All messages that wait, in the order they were written. A few of each room are on their way at a time, each
/// tied to the one before it: so a refusal can never let a later one overtake.
#[derive(Debug, Clone, Default)]
pub(super) struct Outbox {
    entries: Vec<Entry>,
    /// How often each was sent on this connection without an answer yet: each of them gets one (M9).
    unanswered: Map<ClientId, u32>,
}

impl Outbox {
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What has to survive a reload.
    pub(super) fn drafts(&self) -> Vec<Draft> {
        self.unsent().map(|entry| entry.draft.clone()).collect()
    }

    pub(super) fn unsent(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.is_unsent())
    }

    /// What goes out by itself once that is possible.
    pub(super) fn waiting(&self) -> impl Iterator<Item = &Entry> {
        self.unsent().filter(|entry| !entry.has_failed())
    }

    /// Takes a message at the end, and says whether it is new. One that is here already stays as it is.
    pub(super) fn push(&mut self, draft: Draft) -> Result<bool, OutboxFull> {
        if self.position(draft.client_id).is_some() {
            return Ok(false);
        }
        if self.entries.len() >= limits::OUTBOX_MESSAGES {
            return Err(OutboxFull);
        }
        self.entries.push(Entry::of(draft));
        Ok(true)
    }

    /// Marks the messages that may go now as being sent, and returns them in order.
    pub(super) fn take_ready(&mut self, now: Ticks) -> Vec<Ready> {
        let mut rooms: Map<RoomId, Flight> = Map::new();
        let mut ready = Vec::new();
        for entry in &mut self.entries {
            let flight = rooms.or_default(entry.draft.room);
            if matches!(entry.progress, Progress::Waiting { until, .. } if now >= until) {
                // Its wait is over, whether it may go or not: one that stayed due would wake the session without end.
                entry.progress = Progress::Queued;
            }
            let goes = match entry.progress {
                Progress::Stored { .. } | Progress::Failed { .. } => continue,
                Progress::Sending { .. } | Progress::Waiting { .. } => false,
                Progress::Queued => flight.has_place() && entry.files.is_empty(),
            };
            if goes {
                entry.progress = Progress::Sending { since: now };
                entry.attempts += 1;
                *self.unanswered.or_default(entry.draft.client_id) += 1;
                ready.push(Ready {
                    draft: entry.draft.clone(),
                    after: flight.last,
                });
            }
            let on_its_way = matches!(entry.progress, Progress::Sending { .. });
            flight.pass(entry.draft.client_id, on_its_way);
        }
        ready
    }

    /// The connection is gone: what was on its way is queued again (C10).
    pub(super) fn disconnected(&mut self) {
        self.unanswered.clear();
        for entry in &mut self.entries {
            if matches!(
                entry.progress,
                Progress::Sending { .. } | Progress::Waiting { .. }
            ) {
                entry.progress = Progress::Queued;
            }
        }
    }

    /// Queues again what was sent before `before` and never answered.
    pub(super) fn resend_unanswered(&mut self, before: Ticks) {
        for entry in &mut self.entries {
            if matches!(entry.progress, Progress::Sending { since } if since <= before) {
                entry.progress = Progress::Queued;
            }
        }
    }

    /// When the oldest unanswered send was made.
    pub(super) fn oldest_unanswered(&self) -> Option<Ticks> {
        let since = |entry: &Entry| match entry.progress {
            Progress::Sending { since } => Some(since),
            _ => None,
        };
        self.entries.iter().filter_map(since).min()
    }

    /// When the next message that was asked to wait may go.
    pub(super) fn next_wait_ends(&self) -> Option<Ticks> {
        let until = |entry: &Entry| match entry.progress {
            Progress::Waiting { until, .. } => Some(until),
            _ => None,
        };
        self.entries.iter().filter_map(until).min()
    }

    /// The message whose file the server needs next, and that file. One that failed or waits does not hold up others.
    pub(super) fn next_upload(&self) -> Option<(&Draft, FileId)> {
        let mut entries = self.entries.iter();
        entries.find_map(|entry| match entry.progress {
            Progress::Queued => Some((&entry.draft, *entry.files.first()?)),
            _ => None,
        })
    }

    /// The server has a file.
    pub(super) fn uploaded(&mut self, file: FileId) {
        for entry in &mut self.entries {
            entry.files.retain(|one| *one != file);
        }
    }

    /// A file of a message does not get to the server: the message waits if a repeat may help, else it has failed; whether
    /// it has now.
    pub(super) fn not_uploaded(
        &mut self,
        client_id: ClientId,
        problem: Problem,
        now: Ticks,
    ) -> bool {
        match self.position(client_id) {
            Some(at) if self.entries[at].progress == Progress::Queued => {
                self.entries[at].put_off(problem, now)
            }
            _ => false,
        }
    }

    /// Until when a message of a room waits because one waits between two there.
    pub(super) fn paced_until(&self, room: RoomId) -> Option<Ticks> {
        let mut here = self.entries.iter().filter(|entry| entry.draft.room == room);
        here.find_map(|entry| match &entry.progress {
            Progress::Waiting {
                until,
                problem: Problem::TooSoon { .. },
            } => Some(*until),
            _ => None,
        })
    }

    /// The server has it on disk. It stays on the screen until its event is read.
    pub(super) fn stored(&mut self, client_id: ClientId, seq: Seq) {
        self.is_last_answer(client_id);
        if let Some(at) = self.position(client_id) {
            self.entries[at].progress = Progress::Stored { seq };
        }
    }

    /// Its event was read.
    pub(super) fn applied(&mut self, client_id: ClientId) -> bool {
        self.remove(client_id)
    }

    /// Forgets the stored messages of a room up to `seq`: the log that covers them has been read.
    pub(super) fn covered(&mut self, room: RoomId, seq: Seq) {
        self.entries.retain(|entry| {
            let is_covered = matches!(entry.progress, Progress::Stored { seq: at } if at <= seq);
            entry.draft.room != room || !is_covered
        });
    }

    /// Refused: waits if the server says that a repeat may help, goes again behind the one before it if that was
    /// refused as well, else has failed for good; whether it has now.
    pub(super) fn refused(&mut self, client_id: ClientId, problem: Problem, now: Ticks) -> bool {
        if !self.is_last_answer(client_id) {
            return false;
        }
        let Some(at) = self.position(client_id) else {
            return false;
        };
        let entry = &mut self.entries[at];
        if matches!(
            entry.progress,
            Progress::Stored { .. } | Progress::Failed { .. }
        ) {
            return false;
        }
        let was_sent = matches!(entry.progress, Progress::Sending { .. });
        if was_sent && problem == Problem::NoSuchFile && entry.attempts < SENDS_FOR_FILES {
            entry.files = files(&entry.draft);
            entry.progress = Progress::Queued;
            return false;
        }
        entry.put_off(problem, now)
    }

    /// The person wants another try of a failed or waiting message.
    pub(super) fn retry(&mut self, client_id: ClientId) {
        if let Some(at) = self.position(client_id)
            && matches!(
                self.entries[at].progress,
                Progress::Failed { .. } | Progress::Waiting { .. }
            )
        {
            self.entries[at].progress = Progress::Queued;
        }
    }

    /// The person gives a message up. One that is on its way may be stored all the same, so it stays.
    pub(super) fn discard(&mut self, client_id: ClientId) -> bool {
        let on_its_way = |entry: &Entry| matches!(entry.progress, Progress::Sending { .. });
        match self.position(client_id) {
            Some(at) if !on_its_way(&self.entries[at]) => self.remove(client_id),
            _ => false,
        }
    }

    /// Takes note of an answer. What was sent again may still be stored, whatever its first answer says.
    fn is_last_answer(&mut self, client_id: ClientId) -> bool {
        match self.unanswered.get_mut(&client_id) {
            Some(count) if *count > 1 => {
                *count -= 1;
                false
            }
            _ => {
                self.unanswered.remove(&client_id);
                true
            }
        }
    }

    fn remove(&mut self, client_id: ClientId) -> bool {
        let before = self.entries.len();
        self.entries
            .retain(|entry| entry.draft.client_id != client_id);
        self.entries.len() < before
    }

    fn position(&self, client_id: ClientId) -> Option<usize> {
        self.entries
            .iter()
            .position(|entry| entry.draft.client_id == client_id)
    }
}

/// The files that have to be at the server before a message.
fn files(draft: &Draft) -> Vec<FileId> {
    let attachments = draft.action.attachments().iter();
    attachments.map(|file| file.id).collect()
}

/// What of one room is on its way, up to the entry that is looked at.
#[derive(Debug, Default)]
struct Flight {
    sending: usize,
    last: Option<ClientId>,
    /// One that has to go first does not go yet.
    held_up: bool,
}

impl Flight {
    fn has_place(&self) -> bool {
        !self.held_up && self.sending < limits::SENDS_IN_FLIGHT
    }

    fn pass(&mut self, client_id: ClientId, on_its_way: bool) {
        if on_its_way {
            self.sending += 1;
            self.last = Some(client_id);
        } else {
            self.held_up = true;
        }
    }
}
