//! Edits, deletions, reactions, and the chain of links.

use shared::ids::PersonId;

use super::*;
use crate::speech::EMOJI;

/// A fourth thing is said, by client 1, and everyone is shown it; `after` is what the message at 2 is then.
fn with(case: &mut Case, said: Said, after: &State) {
    let key = case.history.wrote(1, 0, said);
    case.rows().push(Stored {
        said: Some(said),
        ..row(5, key)
    });
    for view in &mut case.history.views {
        view.appended.push((5, key));
        view.shown[1].state = Some(after.digest());
        view.shown.push(Shown {
            state: None,
            ..shown(5, key)
        });
    }
}

fn changed(change: impl FnOnce(&mut State)) -> State {
    let mut state = State::new(Key::new(0, 0));
    change(&mut state);
    state
}

#[test]
fn changes_that_everyone_shows_are_fine() {
    let (target, by) = (2, Key::new(1, 1));
    found(
        |case| {
            with(
                case,
                Said::Edit { target },
                &changed(|state| state.edit(5, by)),
            )
        },
        &[],
    );
    let reaction = |on| Said::React {
        target,
        emoji: 0,
        on,
    };
    let reacted = |on| changed(|state| state.react(5, PersonId(101), EMOJI[0], on));
    let pin = |on| Said::Pin { target, on };
    let pinned = |on| changed(|state| state.pin(5, on));
    found(|case| with(case, pin(true), &pinned(true)), &[]);
    found(|case| with(case, pin(false), &pinned(false)), &[]);
    // A pin that some do not show.
    found(
        |case| with(case, pin(true), &pinned(false)),
        &[(Kind::Stale, 2)],
    );
    found(|case| with(case, reaction(true), &reacted(true)), &[]);
    found(|case| with(case, reaction(false), &reacted(false)), &[]);
    found(
        |case| {
            with(
                case,
                Said::Delete { target },
                &changed(|state| state.delete(5)),
            );
            case.rows()[1].text = Text::Destroyed;
        },
        &[],
    );
}

#[test]
fn a_change_that_a_client_does_not_show_is_stale() {
    found(
        |case| {
            with(
                case,
                Said::Edit { target: 2 },
                &changed(|state| state.edit(5, Key::new(1, 1))),
            );
            case.view().shown[1] = shown(2, Key::new(0, 0));
        },
        &[(Kind::Stale, 1)],
    );
    // While there was something on its way, it may have been missing.
    found(
        |case| {
            case.view().shown[1].state = None;
            case.view().complete = false;
        },
        &[],
    );
}

#[test]
fn a_deleted_text_that_is_still_there_and_a_lost_one_are_altered() {
    found(
        |case| {
            with(
                case,
                Said::Delete { target: 2 },
                &changed(|state| state.delete(5)),
            )
        },
        &[(Kind::Altered, 1)],
    );
    found(
        |case| case.rows()[1].text = Text::Destroyed,
        &[(Kind::Altered, 1)],
    );
}

#[test]
fn a_stored_action_that_is_not_the_one_written_is_a_phantom() {
    found(
        |case| {
            with(case, Said::Topic, &State::new(Key::new(0, 0)));
            case.history.written[1][1].said = Said::Edit { target: 3 };
        },
        &[(Kind::Phantom, 1)],
    );
}

#[test]
fn a_broken_chain_and_a_link_told_otherwise_are_unlinked() {
    found(
        |case| case.rows()[2].is_linked = false,
        &[(Kind::Unlinked, 1)],
    );
    found(
        |case| {
            if let Some(heard) = &mut case.history.heard[0][2] {
                heard.link += 1;
            }
        },
        &[(Kind::Unlinked, 1)],
    );
}
