//! What a client says next: a message most often, or a change to one that it knows the place of.

use std::collections::{BTreeMap, VecDeque};

use crate::history::{History, RoomAt};
use crate::names::Key;
use crate::random::Random;
use crate::speech::{EMOJI, Said};

/// Messages that are remembered, and places at the end of a room that are looked at.
const KEPT: usize = 40;

/// A client's own messages whose place is known and that it has not deleted, the newest last.
#[derive(Debug, Default)]
pub(super) struct Mine {
    places: VecDeque<(RoomAt, u64)>,
    /// Per room the newest place that was ever among them.
    newest: BTreeMap<RoomAt, u64>,
    /// A room that it has made slow.
    slow: Option<RoomAt>,
}

impl Mine {
    /// A message of this client has its place.
    pub(super) fn stored(&mut self, history: &History, client: usize, key: Key, seq: u64) {
        let own = key.action().is_some_and(|(author, _)| author == client);
        let Some(written) = history.written(key).filter(|_| own) else {
            return;
        };
        // The answer to a repeat comes when the message may have been deleted already.
        let newest = self.newest.entry(written.room).or_default();
        if !written.said.is_own_text() || seq <= *newest {
            return;
        }
        *newest = seq;
        self.places.push_back((written.room, seq));
        if self.places.len() > KEPT {
            self.places.pop_front();
        }
    }

    /// The room that it has made slow and makes slow no more with the next thing that it does.
    pub(super) fn slow(&self) -> Option<RoomAt> {
        self.slow
    }

    /// Draws what to say in a room. Where there is nothing to change yet, it is a message.
    /// `own`: the client may do what is for its maker.
    pub(super) fn choose(
        &mut self,
        random: &mut Random,
        history: &History,
        room: RoomAt,
        own: bool,
    ) -> Said {
        if self.slow.take_if(|slow| *slow == room).is_some() {
            return Said::Pace { on: false };
        }
        let (kind, which) = (random.below(100), random.any());
        let found = match kind {
            0..=5 => self
                .one_of(room, which)
                .map(|(_, target)| Said::Edit { target }),
            6..=8 => self.one_of(room, which).map(|(at, target)| {
                self.places.remove(at);
                Said::Delete { target }
            }),
            9..=18 => heard(history, room, which).map(|target| Said::React {
                target,
                emoji: (which >> 32) as usize % EMOJI.len(),
                on: kind < 16,
            }),
            19..=20 => Some(Said::Topic),
            21..=24 => heard(history, room, which).map(|target| Said::Answer { target }),
            25..=26 => heard(history, room, which).map(|target| Said::Forward { target }),
            27..=29 => heard(history, room, which).map(|target| Said::Pin {
                target,
                on: kind < 28,
            }),
            30..=31 if own => Some(Said::Rename),
            32 if own && self.slow.is_none() => {
                self.slow = Some(room);
                Some(Said::Pace { on: true })
            }
            _ => None,
        };
        found.unwrap_or(Said::Message)
    }

    fn one_of(&self, room: RoomAt, which: u64) -> Option<(usize, u64)> {
        let here: Vec<(usize, u64)> = (0..)
            .zip(&self.places)
            .filter(|(_, (other, _))| *other == room)
            .map(|(at, (_, seq))| (at, *seq))
            .collect();
        here.get(which as usize % here.len().max(1)).copied()
    }
}

/// A message near the end of a room, anyone's.
fn heard(history: &History, room: RoomAt, which: u64) -> Option<u64> {
    let heard = &history.heard[room];
    let back = which as usize % KEPT + 1;
    let at = heard.len().checked_sub(back)?;
    let written = history.written(heard[at]?.key)?;
    written.said.is_message().then_some(at as u64 + 1)
}

#[cfg(test)]
mod tests {
    use shared::ids::{PersonId, RoomId};

    use super::*;
    use crate::history::Heard;

    fn history() -> History {
        let mut history = History::new(1, vec![PersonId(1), PersonId(2)]);
        history.add_room(RoomId(5));
        for seq in 1..=60 {
            let key = history.wrote(0, 0, Said::Message);
            history.hear(0, 0, seq, Heard { key, link: 0 });
        }
        history
    }

    #[test]
    fn what_was_deleted_is_not_touched_again_also_when_a_repeat_is_answered_late() {
        let (history, mut mine) = (history(), Mine::default());
        for seq in 1..=60 {
            mine.stored(&history, 0, Key::new(0, seq as u32 - 1), seq);
        }
        let mut random = Random::stream(1, "test", 0);
        let mut gone = Vec::new();
        for _ in 0..400 {
            let said = mine.choose(&mut random, &history, 0, true);
            if let Said::Edit { target } | Said::Delete { target } = said {
                assert!(!gone.contains(&target), "{said:?}");
            }
            if let Said::Delete { target } = said {
                gone.push(target);
                mine.stored(&history, 0, Key::new(0, target as u32 - 1), target);
            }
        }
        assert!(gone.len() > 5, "{gone:?}");
    }

    #[test]
    fn a_message_of_another_or_of_another_kind_is_not_ones_own() {
        let (mut history, mut mine) = (history(), Mine::default());
        mine.stored(&history, 1, Key::new(0, 3), 4);
        let topic = history.wrote(0, 0, Said::Topic);
        mine.stored(&history, 0, topic, 61);
        assert!(mine.places.is_empty());
    }
}
