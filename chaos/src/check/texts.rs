//! What edits, deletions and reactions do to messages: whether the texts on disk are what they should be, and how each
//! message must stand on every screen.

use std::collections::{BTreeMap, BTreeSet};

use super::{Findings, Kind};
use crate::database::{Stored, Text};
use crate::speech::{EMOJI, Said};
use crate::state::State;

/// Per room and place (from 1 on) the digest of the message there.
pub(super) type States = Vec<BTreeMap<u64, u64>>;

/// Checks the texts of all rooms, and computes how their messages stand.
pub(super) fn check(log: &[Vec<Stored>], findings: &mut Findings) -> States {
    let rooms = log.iter().enumerate();
    rooms
        .map(|(room, rows)| {
            texts(room, rows, findings);
            let states = states(rows).into_iter();
            states.map(|(seq, state)| (seq, state.digest())).collect()
        })
        .collect()
}

/// A text is destroyed if, and only if, its message was deleted.
fn texts(room: usize, rows: &[Stored], findings: &mut Findings) {
    let deleted: BTreeSet<u64> = rows
        .iter()
        .filter_map(|row| match row.said {
            Some(Said::Delete { target }) => Some(target),
            _ => None,
        })
        .collect();
    for row in rows {
        let due = match row.said {
            Some(said) if said.is_message() && deleted.contains(&row.seq) => Text::Destroyed,
            Some(Said::Edit { target }) if deleted.contains(&target) => Text::Destroyed,
            _ => Text::Intact,
        };
        if row.text != due {
            findings.add(Kind::Altered, || {
                let (key, seq, text) = (row.key, row.seq, row.text);
                format!("the text of {key} in room {room} at {seq} is {text:?} and not {due:?}")
            });
        }
    }
}

/// How the messages stand when every event has done its work, in the order of the log.
fn states(rows: &[Stored]) -> BTreeMap<u64, State> {
    let mut states = BTreeMap::new();
    for row in rows {
        match row.said {
            Some(said) if said.is_message() => {
                states.insert(row.seq, State::new(row.says));
            }
            Some(Said::Edit { target }) => {
                if let Some(state) = states.get_mut(&target) {
                    state.edit(row.seq, row.key);
                }
            }
            Some(Said::Delete { target }) => {
                if let Some(state) = states.get_mut(&target) {
                    state.delete(row.seq);
                }
            }
            Some(Said::React { target, emoji, on }) => {
                if let (Some(state), Some(emoji)) = (states.get_mut(&target), EMOJI.get(emoji)) {
                    state.react(row.seq, row.author, emoji, on);
                }
            }
            Some(Said::Pin { target, on }) => {
                if let Some(state) = states.get_mut(&target) {
                    state.pin(row.seq, on);
                }
            }
            _ => {}
        }
    }
    states
}
