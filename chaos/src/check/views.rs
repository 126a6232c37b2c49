//! What one application was shown, against the log.

use std::collections::{BTreeSet, HashMap};

use super::texts::States;
use super::{Findings, Kind, at};
use crate::database::Stored;
use crate::history::{Shown, View};
use crate::names::Key;

/// What is known of one place of a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Covered as a gap.
    Missing,
    /// Its event was shown.
    Shown,
}

/// What the log says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) log: &'a [Vec<Stored>],
    /// Where each event is.
    pub(super) places: &'a HashMap<Key, (usize, u64)>,
    /// How each message stands.
    pub(super) states: &'a States,
}

pub(super) fn check(view: &View, known: Known<'_>, findings: &mut Findings) {
    let mut covered =
        vec![Place::Missing; (view.opened_at + 1).saturating_sub(view.floor) as usize];
    appended(view, &mut covered, findings);
    filled(view, &mut covered, findings);
    for (seq, key) in view.appended.iter().chain(&view.filled) {
        stored(view, *seq, *key, known, findings);
    }
    shown(view, known, findings);
    if view.complete {
        complete(view, &covered, known.log, findings);
        states(view, known.states, findings);
    }
}

/// Events are added at `last + 1`, or behind places that were said to be skipped.
fn appended(view: &View, covered: &mut Vec<Place>, findings: &mut Findings) {
    let mut skips = view.skipped.iter().peekable();
    let mut next = view.opened_at + 1;
    let mut skip = |next: &mut u64, covered: &mut Vec<Place>| {
        while let Some(span) = skips.next_if(|span| span.from.0 <= *next) {
            while *next <= span.to.0 {
                covered.push(Place::Missing);
                *next += 1;
            }
        }
    };
    for (seq, key) in &view.appended {
        skip(&mut next, covered);
        if *seq < next {
            let kind =
                if covered.get((*seq).saturating_sub(view.floor) as usize) == Some(&Place::Shown) {
                    Kind::Doubled
                } else {
                    Kind::Disordered
                };
            findings.add(kind, || {
                format!("{} was shown {key} at {seq} where {next} is due", who(view))
            });
            continue;
        }
        if *seq > next {
            findings.add(Kind::Disordered, || {
                format!("{} was shown {key} at {seq} where {next} is due", who(view))
            });
            covered.resize(covered.len() + (*seq - next) as usize, Place::Missing);
        }
        covered.push(Place::Shown);
        next = seq + 1;
    }
    skip(&mut next, covered);
}

fn filled(view: &View, covered: &mut [Place], findings: &mut Findings) {
    for (seq, key) in &view.filled {
        let place = seq
            .checked_sub(view.floor)
            .and_then(|at| covered.get_mut(at as usize));
        match place {
            Some(place @ Place::Missing) => *place = Place::Shown,
            Some(Place::Shown) => findings.add(Kind::Doubled, || {
                format!("{} was shown {key} at {seq} a second time", who(view))
            }),
            // Older than what was opened: a step back into history, which the runner never makes.
            None => findings.add(Kind::Disordered, || {
                format!(
                    "{} was shown {key} at {seq}, outside of what it covers",
                    who(view)
                )
            }),
        }
    }
}

/// A shown event is the one in the database at that place.
fn stored(view: &View, seq: u64, key: Key, known: Known<'_>, findings: &mut Findings) {
    if at(known.log, view.room, seq).is_some_and(|row| row.key == key) {
        return;
    }
    let kind = if known.places.contains_key(&key) {
        Kind::Disordered
    } else {
        Kind::Phantom
    };
    findings.add(kind, || {
        format!(
            "{} was shown {key} at {seq}, which is not stored there",
            who(view)
        )
    });
}

/// The rows as they stood on the screen at the end.
fn shown(view: &View, known: Known<'_>, findings: &mut Findings) {
    for pair in view.shown.windows(2) {
        let (before, Shown { seq, key, .. }) = (pair[0].seq, pair[1]);
        if seq <= before {
            let kind = if seq == before {
                Kind::Doubled
            } else {
                Kind::Disordered
            };
            findings.add(kind, || {
                format!("{} has {key} at {seq} below the row of {before}", who(view))
            });
        }
    }
    for row in &view.shown {
        stored(view, row.seq, row.key, known, findings);
    }
}

/// Each message stands as the log says, when nothing is on its way any more.
fn states(view: &View, states: &States, findings: &mut Findings) {
    let Some(due) = states.get(view.room) else {
        return;
    };
    for row in &view.shown {
        if due.get(&row.seq).copied() != row.state {
            findings.add(Kind::Stale, || {
                format!(
                    "{} shows {} at {} otherwise than it stands",
                    who(view),
                    row.key,
                    row.seq
                )
            });
        }
    }
}

/// Everything from the floor to the end of the log was shown.
fn complete(view: &View, covered: &[Place], log: &[Vec<Stored>], findings: &mut Findings) {
    let head = log
        .get(view.room)
        .and_then(|rows| rows.last())
        .map_or(0, |row| row.seq);
    // What was let go of before its gap was filled is older than anything on the screen.
    let from = view.floor.max(view.floor_at_end.min(head + 1));
    for seq in from..=head {
        let place = covered.get((seq - view.floor) as usize);
        if place != Some(&Place::Shown) {
            findings.add(Kind::NeverArrived, || {
                format!("{} was never shown {seq} of {head}", who(view))
            });
        }
    }
    on_screen(view, head, findings);
}

/// The screen has every place from its top to the end of the log: nothing is missing there without a word.
fn on_screen(view: &View, head: u64, findings: &mut Findings) {
    let mut due = view.floor_at_end;
    // What is doubled or out of order has been found already.
    let rows: BTreeSet<u64> = view.shown.iter().map(|row| row.seq).collect();
    for row in rows {
        if row > due {
            findings.add(Kind::NeverArrived, || {
                format!("{} has no row for {due} to {}", who(view), row - 1)
            });
        }
        due = due.max(row + 1);
    }
    if due <= head {
        findings.add(Kind::NeverArrived, || {
            format!(
                "{} ends at {} on the screen, the log at {head}",
                who(view),
                due - 1
            )
        });
    }
}

fn who(view: &View) -> String {
    format!("client {} in room {}", view.client, view.room)
}
