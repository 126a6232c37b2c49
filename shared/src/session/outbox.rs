//! Messages that were written and are not known to be stored yet.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::{ClientId, RoomId, Seq, Timestamp};
use crate::limits;
use crate::problem::Problem;
use crate::session::time::Ticks;
use crate::text::Body;

/// A message as it is kept across a reload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The room it was written in.
    pub room: RoomId,
    /// Its name for ever: a repeat with the same one is the same message.
    pub client_id: ClientId,
    /// What it says.
    pub body: Body,
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

/// All messages that wait, in the order they were written. One of each room is on its way at a time:
/// so a refusal can never let a later one overtake.
#[derive(Debug, Clone, Default)]
pub(super) struct Outbox {
    entries: Vec<Entry>,
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

    /// Takes a message at the end. One that is here already stays as it is.
    pub(super) fn push(&mut self, draft: Draft) -> Result<(), OutboxFull> {
        if self.position(draft.client_id).is_some() {
            return Ok(());
        }
        if self.entries.len() >= limits::OUTBOX_MESSAGES {
            return Err(OutboxFull);
        }
        self.entries.push(Entry {
            draft,
            progress: Progress::Queued,
            attempts: 0,
        });
        Ok(())
    }

    /// Marks the messages that may go now as being sent, and returns them in order.
    pub(super) fn take_ready(&mut self, now: Ticks) -> Vec<Draft> {
        let mut held_back = BTreeSet::new();
        let mut ready = Vec::new();
        for entry in &mut self.entries {
            let waits = match entry.progress {
                Progress::Stored { .. } | Progress::Failed { .. } => continue,
                Progress::Queued => false,
                Progress::Waiting { until, .. } => now < until,
                Progress::Sending { .. } => true,
            };
            let first_of_room = held_back.insert(entry.draft.room);
            if first_of_room && !waits {
                entry.progress = Progress::Sending { since: now };
                entry.attempts += 1;
                ready.push(entry.draft.clone());
            }
        }
        ready
    }

    /// The connection is gone: what was on its way is queued again (C10).
    pub(super) fn disconnected(&mut self) {
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

    /// The server has it on disk. It stays on the screen until its event is read.
    pub(super) fn stored(&mut self, client_id: ClientId, seq: Seq) {
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

    /// Refused: waits if the server says that a repeat may help, else failed for good.
    pub(super) fn refused(&mut self, client_id: ClientId, problem: Problem, now: Ticks) {
        let Some(at) = self.position(client_id) else {
            return;
        };
        let entry = &mut self.entries[at];
        if !entry.is_unsent() {
            return;
        }
        entry.progress = match problem.retry_after_ms() {
            Some(wait) => Progress::Waiting {
                until: now + wait,
                problem,
            },
            None => Progress::Failed { problem },
        };
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
