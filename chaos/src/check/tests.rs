//! Hand-made histories: a good one passes, and each way of being bad is found.

use shared::ids::{PersonId, RoomId, Seq};
use shared::protocol::Span;

use super::*;
use crate::database::Text;
use crate::history::{Contradiction, Shown, View};
use crate::speech::Said;
use crate::state::State;

const SEED: u64 = 1;

/// Two clients in one room: client 0 wrote #0 and #1, client 1 wrote #0. The log begins with the making of the room.
struct Case {
    history: History,
    log: Vec<Vec<Stored>>,
}

fn created() -> Key {
    Key::of(shared::ids::ClientId(77), SEED)
}

fn row(seq: u64, key: Key) -> Stored {
    let author = key.parts().map_or(PersonId(900), |(client, _)| {
        PersonId(100 + u64::from(client))
    });
    Stored {
        seq,
        key,
        says: key,
        author,
        link: link(seq),
        is_linked: true,
        said: key.parts().map(|_| Said::Message),
        text: Text::Intact,
    }
}

/// Any number will do, if it is the same everywhere.
fn link(seq: u64) -> u64 {
    seq * 1_000
}

fn heard(seq: u64, key: Key) -> Heard {
    let link = link(seq);
    Heard { key, link }
}

fn shown(seq: u64, key: Key) -> Shown {
    let state = key.parts().map(|_| State::new(key).digest());
    Shown { seq, key, state }
}

fn view(client: usize, keys: &[Key]) -> View {
    let rows: Vec<(u64, Key)> = (1..).zip(keys.iter().copied()).collect();
    View {
        client,
        room: 0,
        floor: 1,
        opened_at: 0,
        appended: rows.clone(),
        filled: Vec::new(),
        skipped: Vec::new(),
        shown: rows.iter().map(|(seq, key)| shown(*seq, *key)).collect(),
        floor_at_end: 1,
        complete: true,
    }
}

impl Case {
    /// Everything as it should be.
    fn good() -> Self {
        let mut history = History::new(SEED, vec![PersonId(100), PersonId(101)]);
        history.add_room(RoomId(5));
        let keys = [
            created(),
            history.wrote(0, 0, Said::Message),
            history.wrote(1, 0, Said::Message),
            history.wrote(0, 0, Said::Message),
        ];
        for (seq, key) in (1..).zip(keys) {
            history.hear(0, 0, seq, heard(seq, key));
            if key != created() {
                history.acknowledged(key, 0, seq);
            }
        }
        history.views = vec![view(0, &keys), view(1, &keys)];
        let rows = (1..).zip(keys).map(|(seq, key)| row(seq, key));
        let log = vec![rows.collect()];
        Self { history, log }
    }

    fn findings(&self) -> Findings {
        check(&self.history, &self.log)
    }

    fn rows(&mut self) -> &mut Vec<Stored> {
        &mut self.log[0]
    }

    fn view(&mut self) -> &mut View {
        &mut self.history.views[1]
    }
}

/// Changes a good case and expects exactly these kinds to be found.
fn found(change: impl FnOnce(&mut Case), expected: &[(Kind, u64)]) {
    let mut case = Case::good();
    change(&mut case);
    let findings = case.findings();
    let counts: Vec<(Kind, u64)> = findings.counts.into_iter().collect();
    assert_eq!(counts, expected, "{:#?}", findings.examples);
}

fn span(from: u64, to: u64) -> Span {
    Span {
        from: Seq(from),
        to: Seq(to),
    }
}

#[test]
fn a_good_history_is_clean() {
    found(|_| {}, &[]);
    assert!(Case::good().findings().is_clean());
}

#[test]
fn an_acknowledged_message_that_is_not_in_the_log_is_lost() {
    found(
        |case| {
            // The last one: nobody saw it, but its author was told that it is stored.
            case.rows().pop();
            case.history.heard[0].pop();
            for view in &mut case.history.views {
                view.appended.pop();
                view.shown.pop();
            }
        },
        &[(Kind::Lost, 1), (Kind::Unsent, 1)],
    );
}

#[test]
fn an_acknowledgement_with_another_place_is_a_loss() {
    found(|case| case.history.acks[0].seq = 3, &[(Kind::Lost, 1)]);
}

#[test]
fn a_message_that_was_written_and_never_stored_is_unsent() {
    found(
        |case| {
            case.history.wrote(1, 0, Said::Message);
        },
        &[(Kind::Unsent, 1)],
    );
}

#[test]
fn a_refused_message_that_is_stored_all_the_same_is_a_phantom() {
    found(
        |case| {
            case.history.written[1][0].given_up = true;
        },
        &[(Kind::Phantom, 1)],
    );
    found(
        |case| {
            case.history.wrote(1, 0, Said::Message);
            case.history.written[1][1].given_up = true;
        },
        &[],
    );
}

#[test]
fn a_message_twice_in_the_log_is_doubled() {
    found(
        |case| {
            let again = row(5, Key::new(1, 0));
            case.rows().push(again);
            for view in &mut case.history.views {
                view.appended.push((5, again.key));
                view.shown.push(shown(5, again.key));
            }
        },
        &[(Kind::Doubled, 1)],
    );
}

#[test]
fn an_authors_messages_in_another_order_are_disordered() {
    found(
        |case| {
            let (first, second) = (Key::new(0, 0), Key::new(0, 1));
            let swap = |key: &mut Key| {
                *key = if *key == first {
                    second
                } else if *key == second {
                    first
                } else {
                    *key
                };
            };
            for row in case.rows().iter_mut() {
                swap(&mut row.key);
                swap(&mut row.says);
            }
            case.history
                .acks
                .iter_mut()
                .for_each(|ack| swap(&mut ack.key));
            let heard = case.history.heard[0].iter_mut().flatten();
            heard.for_each(|heard| swap(&mut heard.key));
            for view in &mut case.history.views {
                view.appended.iter_mut().for_each(|(_, key)| swap(key));
                let rows = view.shown.iter_mut();
                rows.for_each(|row| {
                    swap(&mut row.key);
                    *row = shown(row.seq, row.key);
                });
            }
        },
        &[(Kind::Disordered, 1)],
    );
}

#[test]
fn a_missing_number_is_a_hole() {
    found(
        |case| {
            // Everything after the second event moves up by one, everywhere.
            let moved = |seq: &mut u64| *seq += u64::from(*seq > 2);
            case.rows().iter_mut().for_each(|row| moved(&mut row.seq));
            case.history
                .acks
                .iter_mut()
                .for_each(|ack| moved(&mut ack.seq));
            case.history.heard[0].insert(2, None);
            for view in &mut case.history.views {
                view.complete = false;
                view.skipped.push(span(3, 3));
                view.appended.iter_mut().for_each(|(seq, _)| moved(seq));
                view.shown.iter_mut().for_each(|row| moved(&mut row.seq));
            }
        },
        &[(Kind::Hole, 1)],
    );
}

#[test]
fn a_stored_message_that_nobody_wrote_is_a_phantom() {
    let extra = |case: &mut Case, row: Stored| {
        case.rows().push(row);
        for view in &mut case.history.views {
            view.appended.push((row.seq, row.key));
            let state = Some(State::new(row.key).digest());
            view.shown.push(Shown {
                state,
                ..shown(row.seq, row.key)
            });
        }
    };
    found(
        |case| extra(case, row(5, Key::new(1, 9))),
        &[(Kind::Phantom, 1)],
    );
    let mut foreign = row(5, Key::of(shared::ids::ClientId(4), SEED));
    foreign.said = Some(Said::Message);
    found(|case| extra(case, foreign), &[(Kind::Phantom, 1)]);
    // Stored, but under another name than its author's.
    found(
        |case| case.rows()[1].author = PersonId(101),
        &[(Kind::Phantom, 1)],
    );
}

#[test]
fn an_event_that_was_heard_and_is_not_stored_is_a_phantom() {
    found(
        |case| {
            let key = Key::new(0, 7);
            case.history.hear(1, 0, 5, heard(5, key));
        },
        &[(Kind::Phantom, 1)],
    );
}

#[test]
fn an_event_that_was_shown_and_is_not_stored_is_a_phantom() {
    found(
        |case| case.view().appended.push((5, Key::new(0, 7))),
        &[(Kind::Phantom, 1)],
    );
}

#[test]
fn two_events_for_one_place_contradict_each_other() {
    found(
        |case| case.history.hear(1, 0, 2, heard(2, Key::new(0, 1))),
        &[(Kind::Disordered, 1)],
    );
}

#[test]
fn another_text_is_altered_in_the_log_and_in_a_frame() {
    found(
        |case| case.rows()[2].text = Text::Altered,
        &[(Kind::Altered, 1)],
    );
    found(
        |case| {
            case.history.altered.push(Contradiction {
                client: 1,
                room: 0,
                seq: 2,
                key: Key::new(0, 0),
            });
        },
        &[(Kind::Altered, 1)],
    );
}

#[test]
fn a_client_that_lacks_the_end_is_found() {
    found(
        |case| {
            case.view().appended.pop();
            case.view().shown.pop();
        },
        // The event, and the screen that ends before the log.
        &[(Kind::NeverArrived, 2)],
    );
}

#[test]
fn a_gap_that_was_never_filled_is_found() {
    found(
        |case| {
            case.view().skipped.push(span(2, 2));
            case.view().appended.remove(1);
            case.view().shown.remove(1);
        },
        // The event, and the row.
        &[(Kind::NeverArrived, 2)],
    );
}

#[test]
fn a_row_that_is_missing_on_the_screen_at_the_end_is_found() {
    found(
        |case| {
            case.view().shown.remove(1);
        },
        &[(Kind::NeverArrived, 1)],
    );
}

#[test]
fn a_gap_that_was_filled_is_fine() {
    found(
        |case| {
            case.view().skipped.push(span(2, 2));
            let late = case.view().appended.remove(1);
            case.view().filled.push(late);
        },
        &[],
    );
}

#[test]
fn a_silent_gap_is_disordered() {
    found(
        |case| {
            let late = case.view().appended.remove(1);
            case.view().filled.push(late);
        },
        &[(Kind::Disordered, 1)],
    );
}

#[test]
fn events_applied_in_another_order_are_disordered() {
    found(
        |case| case.view().appended.swap(1, 2),
        // 3 came where 2 was due, 2 where 4 was; and 2 is missing, for what was behind is not applied.
        &[(Kind::Disordered, 2), (Kind::NeverArrived, 1)],
    );
}

#[test]
fn an_event_that_is_shown_twice_is_doubled() {
    found(
        |case| {
            let again = case.view().appended[1];
            case.view().appended.insert(2, again);
        },
        &[(Kind::Doubled, 1)],
    );
    found(
        |case| {
            let again = case.view().shown[1];
            case.view().shown.insert(2, again);
        },
        &[(Kind::Doubled, 1)],
    );
    found(
        |case| {
            let again = case.view().appended[1];
            case.view().filled.push(again);
        },
        &[(Kind::Doubled, 1)],
    );
}

#[test]
fn rows_in_another_order_on_the_screen_are_disordered() {
    found(
        |case| case.view().shown.swap(1, 2),
        &[(Kind::Disordered, 1)],
    );
}

#[test]
fn an_event_shown_at_a_place_that_is_not_its_own_is_disordered() {
    found(
        |case| case.view().shown[1].key = Key::new(1, 0),
        &[(Kind::Disordered, 1)],
    );
}

#[test]
fn a_refusal_that_was_not_due_and_a_forgotten_history_are_found() {
    found(
        |case| case.history.refused.push("no".into()),
        &[(Kind::Refused, 1)],
    );
    found(|case| case.history.forgotten = 1, &[(Kind::Refused, 1)]);
}

#[test]
fn a_client_that_crashed_need_not_have_everything() {
    found(
        |case| {
            case.view().complete = false;
            case.view().appended.truncate(2);
            case.view().shown.truncate(2);
        },
        &[],
    );
}

#[test]
fn what_was_let_go_of_at_the_top_need_not_be_there() {
    found(
        |case| {
            case.view().skipped.push(span(1, 2));
            case.view().appended.drain(..2);
            case.view().shown.drain(..2);
            case.view().floor_at_end = 3;
        },
        &[],
    );
}

mod changes;
