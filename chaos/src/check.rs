//! The verdict: the history of all clients against the database. It asks no Session for its opinion.

mod texts;
mod views;

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use crate::database::{Stored, Text};
use crate::history::{Heard, History};
use crate::names::Key;
use crate::speech::Said;

/// Examples that are kept of each kind.
const EXAMPLES: usize = 5;

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// Acknowledged, and not in the database at that place.
    Lost,
    /// Written, and never stored although everyone had the time to.
    Unsent,
    /// The same author and client id, or the same text, twice in the database; or shown twice.
    Doubled,
    /// Shown in another order than stored, or an author's messages in another order than written.
    Disordered,
    /// Sequence numbers that are not 1, 2, 3 …
    Hole,
    /// Heard or shown, and not in the database; or in the database, and never written there.
    Phantom,
    /// Text that is not what was written.
    Altered,
    /// An event whose link is not the one that the event before it asks for, or that was told with another link.
    Unlinked,
    /// A client that was live at the end lacks an event.
    NeverArrived,
    /// A message that stands otherwise on a client's screen than the log's edits, deletions and reactions say.
    Stale,
    /// A refusal that was not due, a client that had to forget what it had or broke down, a server that ended by itself.
    Refused,
}

impl Kind {
    /// All of them, in the order of the report.
    pub(crate) const ALL: [Self; 11] = [
        Self::Lost,
        Self::Unsent,
        Self::Doubled,
        Self::Disordered,
        Self::Hole,
        Self::Phantom,
        Self::Altered,
        Self::Unlinked,
        Self::NeverArrived,
        Self::Stale,
        Self::Refused,
    ];
}

/// What was found, per kind: how many, and a few examples.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Findings {
    /// How many of each kind that occurred.
    pub(crate) counts: BTreeMap<Kind, u64>,
    /// The first few.
    pub(crate) examples: Vec<String>,
}

impl Findings {
    /// Notes one.
    pub(crate) fn add(&mut self, kind: Kind, what: impl FnOnce() -> String) {
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        if *count <= EXAMPLES as u64 {
            self.examples.push(format!("{kind:?}: {}", what()));
        }
    }

    pub(crate) fn count(&self, kind: Kind) -> u64 {
        self.counts.get(&kind).copied().unwrap_or(0)
    }

    /// Whether nothing was found.
    pub(crate) fn is_clean(&self) -> bool {
        self.counts.is_empty()
    }
}

/// Compares everything with everything. `log` has the rows of each room of the history.
pub(crate) fn check(history: &History, log: &[Vec<Stored>]) -> Findings {
    let mut findings = Findings::default();
    let places = places(log, &mut findings);
    rows(history, log, &mut findings);
    let states = texts::check(log, &mut findings);
    authors_order(log, &mut findings);
    acknowledged(history, log, &mut findings);
    unsent(history, &places, &mut findings);
    heard(history, log, &mut findings);
    for view in &history.views {
        let known = views::Known {
            log,
            places: &places,
            states: &states,
        };
        views::check(view, known, &mut findings);
    }
    refusals(history, &mut findings);
    findings
}

/// Where each event is. What is there twice is found here.
fn places(log: &[Vec<Stored>], findings: &mut Findings) -> HashMap<Key, (usize, u64)> {
    let mut places = HashMap::with_capacity(log.iter().map(Vec::len).sum());
    for (room, rows) in log.iter().enumerate() {
        for row in rows {
            // The text begins with the client id, so that the same text is the same key too.
            if let Some((other, seq)) = places.insert(row.key, (room, row.seq)) {
                findings.add(Kind::Doubled, || {
                    format!(
                        "{} is in room {other} at {seq} and in room {room} at {}",
                        row.key, row.seq
                    )
                });
            }
        }
    }
    places
}

/// Each row by itself: dense numbers, and nothing that nobody wrote.
fn rows(history: &History, log: &[Vec<Stored>], findings: &mut Findings) {
    for (room, rows) in log.iter().enumerate() {
        let mut expected = 1;
        for row in rows {
            if row.seq != expected {
                findings.add(Kind::Hole, || {
                    format!("room {room} has {} where {expected} is due", row.seq)
                });
            }
            expected = row.seq + 1;
            if !row.is_linked {
                findings.add(Kind::Unlinked, || {
                    format!("{} in room {room} at {} does not follow", row.key, row.seq)
                });
            }
            if row.said.is_some() && !was_written(history, room, row) {
                findings.add(Kind::Phantom, || {
                    format!(
                        "{} in room {room} at {} was not written there",
                        row.key, row.seq
                    )
                });
            }
        }
    }
}

fn was_written(history: &History, room: usize, row: &Stored) -> bool {
    row.key.action().is_some_and(|(client, n)| {
        history.people.get(client) == Some(&row.author)
            && history.written[client]
                .get(n)
                .is_some_and(|written| written.room == room && is_same(written.said, row))
    })
}

/// Whether a row is what was said, as far as the database keeps it: a forwarded message has the place where it was said
/// first, and one that was deleted has nothing but that it was a message.
fn is_same(said: Said, row: &Stored) -> bool {
    match (said, row.said) {
        (Said::Forward { .. }, Some(Said::Forward { .. })) => true,
        (said, Some(Said::Message)) if row.text == Text::Destroyed => said.is_message(),
        (said, stored) => Some(said) == stored,
    }
}

/// An author's messages are in a room in the order in which they were written.
fn authors_order(log: &[Vec<Stored>], findings: &mut Findings) {
    for (room, rows) in log.iter().enumerate() {
        let mut newest: HashMap<usize, usize> = HashMap::new();
        for (client, n) in rows.iter().filter_map(|row| row.key.action()) {
            if let Some(before) = newest.insert(client, n)
                && before > n
            {
                findings.add(Kind::Disordered, || {
                    format!("room {room} has #{n} of client {client} after #{before}")
                });
            }
        }
    }
}

fn acknowledged(history: &History, log: &[Vec<Stored>], findings: &mut Findings) {
    for ack in &history.acks {
        let found = at(log, ack.room, ack.seq);
        if found.is_none_or(|row| row.key != ack.key) {
            findings.add(Kind::Lost, || {
                let there = found.map_or("nothing".to_owned(), |row| row.key.to_string());
                format!(
                    "{} was acknowledged in room {} at {}, where there is {there}",
                    ack.key, ack.room, ack.seq
                )
            });
        }
    }
}

fn unsent(history: &History, places: &HashMap<Key, (usize, u64)>, findings: &mut Findings) {
    for (client, written) in history.written.iter().enumerate() {
        for (n, written) in written.iter().enumerate() {
            let key = Key::new(client as u32, n as u32);
            match (places.contains_key(&key), written.given_up) {
                (true, false) | (false, true) => {}
                (false, false) => findings.add(Kind::Unsent, || {
                    format!("{key} was written and never stored")
                }),
                (true, true) => findings.add(Kind::Phantom, || {
                    format!("{key} was refused, given up and stored all the same")
                }),
            }
        }
    }
}

fn heard(history: &History, log: &[Vec<Stored>], findings: &mut Findings) {
    for (room, heard) in history.heard.iter().enumerate() {
        for (seq, heard) in (1..).zip(heard) {
            let Some(Heard { key, link }) = heard else {
                continue;
            };
            match at(log, room, seq).filter(|row| row.key == *key) {
                None => findings.add(Kind::Phantom, || {
                    format!("{key} was heard in room {room} at {seq}")
                }),
                Some(row) if row.link != *link => findings.add(Kind::Unlinked, || {
                    format!("{key} was heard in room {room} at {seq} with another link")
                }),
                Some(_) => {}
            }
        }
    }
    for other in &history.contradictions {
        findings.add(Kind::Disordered, || {
            format!(
                "client {} heard {} in room {} at {}, others something else",
                other.client, other.key, other.room, other.seq
            )
        });
    }
    for other in &history.altered {
        findings.add(Kind::Altered, || {
            format!(
                "client {} got {} in room {} at {} with another text or author",
                other.client, other.key, other.room, other.seq
            )
        });
    }
}

fn refusals(history: &History, findings: &mut Findings) {
    for refused in &history.refused {
        findings.add(Kind::Refused, || refused.clone());
    }
    for _ in 0..history.forgotten {
        findings.add(Kind::Refused, || {
            "a client had to forget what it had applied".to_owned()
        });
    }
}

/// The row at a place, also if there are holes.
fn at(log: &[Vec<Stored>], room: usize, seq: u64) -> Option<&Stored> {
    let rows = log.get(room)?;
    let found = rows.partition_point(|row| row.seq < seq);
    rows.get(found).filter(|row| row.seq == seq)
}

#[cfg(test)]
mod tests;
