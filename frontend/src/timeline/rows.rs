//! What follows from the order of rows: their keys, which of them form a group, and where a day begins.

use shared::ids::{ClientId, PersonId, Seq, Timestamp};
use shared::protocol::{Content, Message, Person};
use shared::session::views::Row;

use crate::conversation::Editing;
use crate::locale::format::Day;

/// Milliseconds within which messages of one author form a group.
const GROUP_MS: u64 = 5 * 60 * 1_000;

/// The identity of a row. An own message has the same one while it waits and when it is stored, so that its place
/// in the page is the same element throughout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowKey {
    /// The beginning of the room, or the promise of more before.
    Top,
    /// A gap, by its last place: it is filled from its first.
    Gap(Seq),
    /// An event of somebody else.
    Event(Seq),
    /// An own event or message.
    Mine(ClientId),
}

impl RowKey {
    /// The key of a row in the eyes of `me`.
    #[must_use]
    pub fn of(row: &Row, me: PersonId) -> Self {
        match row {
            Row::Beginning | Row::Older(_) => Self::Top,
            Row::Gap { span, .. } => Self::Gap(span.to),
            Row::Event(event) if event.author.id == me => Self::Mine(event.client_id),
            Row::Event(event) => Self::Event(event.seq),
            // As the first of them, which had a row of its own before the others came.
            Row::Joined(several) => match several.first() {
                Some(event) if event.author.id == me => Self::Mine(event.client_id),
                Some(event) => Self::Event(event.seq),
                None => Self::Top,
            },
            Row::Pending(entry) => Self::Mine(entry.draft.client_id),
        }
    }

    /// The key as the list of elements wants it.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::Top => "top".to_owned(),
            Self::Gap(to) => format!("g{to}"),
            Self::Event(seq) => format!("s{seq}"),
            Self::Mine(id) => id.to_string(),
        }
    }
}

/// How a row stands to the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// It shows its author and time.
    pub starts_group: bool,
    /// It is the first of its day.
    pub starts_day: Option<Timestamp>,
}

/// The place of a row after the rows `before` it.
#[must_use]
pub fn place(before: &[Row], row: &Row, me: PersonId) -> Place {
    let at = moment(row);
    // Over a gap: what stands between has no time of its own.
    let earlier = before.iter().rev().find_map(moment);
    let starts_day = at.filter(|at| earlier.map(Day::of) != Some(Day::of(*at)));
    let continues = before
        .last()
        .is_some_and(|before| continues(before, row, me));
    Place {
        starts_group: starts_day.is_some() || !continues,
        starts_day,
    }
}

fn continues(before: &Row, row: &Row, me: PersonId) -> bool {
    let (Some((who, at)), Some((author, later))) = (said(before, me), said(row, me)) else {
        return false;
    };
    who == author && at.0.abs_diff(later.0) <= GROUP_MS
}

/// Who said something and when, if the row says something.
fn said(row: &Row, me: PersonId) -> Option<(PersonId, Timestamp)> {
    match row {
        Row::Event(event) if matches!(event.content, Content::Message { .. }) => {
            Some((event.author.id, event.at))
        }
        Row::Pending(entry) => Some((me, entry.draft.written)),
        _ => None,
    }
}

/// When it was.
#[must_use]
pub fn moment(row: &Row) -> Option<Timestamp> {
    match row {
        Row::Event(event) => Some(event.at),
        Row::Joined(several) => several.last().map(|event| event.at),
        Row::Pending(entry) => Some(entry.draft.written),
        _ => None,
    }
}

/// Whether it is the reader's own.
#[must_use]
pub fn is_mine(row: &Row, me: PersonId) -> bool {
    match row {
        Row::Event(event) => event.author.id == me,
        Row::Pending(_) => true,
        _ => false,
    }
}

/// The place of a message that something can be done with, and of what changed it last.
#[must_use]
pub fn message(row: &Row) -> (Option<Seq>, Option<Seq>) {
    match row {
        Row::Event(event) => match &event.content {
            Content::Message(message) if !message.is_deleted() => {
                (Some(event.seq), message.changed)
            }
            _ => (None, None),
        },
        _ => (None, None),
    }
}

/// The place of a row that is an event, or the last one of a row of several.
#[must_use]
pub fn seq(row: &Row) -> Option<Seq> {
    match row {
        Row::Event(event) => Some(event.seq),
        Row::Joined(several) => several.last().map(|event| event.seq),
        _ => None,
    }
}

/// The row of a place, or the next one where it has none of its own; beyond the end, the last. None while it is not
/// held.
#[must_use]
pub fn at_place(rows: &[Row], place: Seq) -> Option<usize> {
    let missing = |row: &Row| matches!(row, Row::Gap { span, .. } if span.holds(place));
    if rows.iter().any(missing) {
        return None;
    }
    let next = rows.iter().position(|row| seq(row) >= Some(place));
    next.or_else(|| rows.iter().rposition(|row| seq(row).is_some()))
}

/// The message that a row answers.
#[must_use]
pub fn answers(row: &Row) -> Option<Seq> {
    match row {
        Row::Event(event) => event.content.answers(),
        Row::Pending(entry) => entry.draft.action.content().answers(),
        _ => None,
    }
}

/// The newest message of the reader that can be edited.
#[must_use]
pub fn last_own(rows: &[Row], me: PersonId) -> Option<Editing> {
    rows.iter().rev().find_map(|row| match row {
        Row::Event(event) if event.author.id == me => match &event.content {
            Content::Message(Message {
                body: Some(body), ..
            }) => Some(Editing {
                target: event.seq,
                body: body.clone(),
            }),
            _ => None,
        },
        _ => None,
    })
}

/// The newest event of these rows.
#[must_use]
pub fn last_seq(rows: &[Row]) -> Option<Seq> {
    rows.iter().rev().find_map(seq)
}

/// What others said after `seen`: how many, and the last of it.
#[must_use]
pub fn news(rows: &[Row], seen: Seq, me: PersonId) -> (u64, Option<(&Person, &str)>) {
    let newer = rows.iter().rev().map_while(|row| match row {
        Row::Event(event) => (event.seq > seen).then_some(Some(event)),
        Row::Pending(_) => Some(None),
        Row::Joined(several) => several
            .last()
            .filter(|event| event.seq > seen)
            .map(|_| None),
        _ => None,
    });
    let mut count = 0;
    let mut last = None;
    for event in newer.flatten().filter(|event| event.author.id != me) {
        if let Content::Message(Message {
            body: Some(body), ..
        }) = &event.content
        {
            count += 1;
            last.get_or_insert((&event.author, &**body));
        }
    }
    (count, last)
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use shared::ids::{Link, RoomId};
    use shared::protocol::{Action, Event, Span};
    use shared::session::outbox::{Draft, Entry, Progress};
    use shared::text::{Body, PersonName};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    const ADA: PersonId = PersonId(1);
    const BOB: PersonId = PersonId(2);
    const MINUTE: u64 = 60_000;

    fn noon() -> u64 {
        js_sys::Date::new_with_year_month_day_hr(2026, 10, 23, 12).get_time() as u64
    }

    fn event(seq: u64, author: PersonId, at: u64, content: Content) -> Row {
        Row::Event(Rc::new(Event {
            seq: Seq(seq),
            at: Timestamp(at),
            author: Person {
                id: author,
                name: PersonName::parse("Somebody").unwrap(),
            },
            client_id: ClientId(u128::from(seq)),
            link: Link(seq),
            content,
        }))
    }

    fn message(seq: u64, author: PersonId, at: u64) -> Row {
        let body = Body::parse(&format!("message {seq}")).unwrap();
        event(seq, author, at, Content::message(body))
    }

    fn pending(n: u128, at: u64) -> Row {
        Row::Pending(Entry {
            draft: Draft {
                room: RoomId(1),
                client_id: ClientId(n),
                action: Action::message(Body::parse("waits").unwrap()),
                written: Timestamp(at),
            },
            progress: Progress::Queued,
            attempts: 0,
            files: Vec::new(),
        })
    }

    fn groups(rows: &[Row]) -> Vec<bool> {
        (0..rows.len())
            .map(|at| place(&rows[..at], &rows[at], ADA).starts_group)
            .collect()
    }

    #[wasm_bindgen_test]
    fn one_author_within_five_minutes_is_one_group() {
        let t = noon();
        let rows = [
            message(1, ADA, t),
            message(2, ADA, t + 5 * MINUTE),
            message(3, ADA, t + 10 * MINUTE + 1),
            message(4, BOB, t + 10 * MINUTE + 2),
            message(5, BOB, t + 10 * MINUTE + 3),
        ];
        assert_eq!(groups(&rows), [true, false, true, true, false]);
    }

    #[wasm_bindgen_test]
    fn a_message_that_waits_continues_ones_own_group() {
        let t = noon();
        let rows = [
            message(1, ADA, t),
            pending(9, t + MINUTE),
            message(3, BOB, t),
            pending(10, t),
        ];
        assert_eq!(groups(&rows), [true, false, true, true]);
    }

    #[wasm_bindgen_test]
    fn what_is_not_said_parts_groups() {
        let t = noon();
        let joined = event(2, ADA, t, Content::Joined);
        assert_eq!(
            groups(&[message(1, ADA, t), joined, message(3, ADA, t)]),
            [true, true, true]
        );
    }

    #[wasm_bindgen_test]
    fn a_day_begins_at_midnight_of_the_reader() {
        let midnight = noon() + 12 * 60 * MINUTE;
        let before = message(1, ADA, midnight - 1);
        let after = message(2, ADA, midnight + 1);
        let place = place(&[before], &after, ADA);
        assert_eq!(place.starts_day, Some(Timestamp(midnight + 1)));
        assert!(place.starts_group, "a new day shows the author again");
    }

    #[wasm_bindgen_test]
    fn the_first_row_after_the_beginning_starts_a_day() {
        let row = message(1, ADA, noon());
        assert!(place(&[Row::Beginning], &row, ADA).starts_day.is_some());
        assert_eq!(place(&[], &Row::Older(Seq(9)), ADA).starts_day, None);
    }

    #[wasm_bindgen_test]
    fn a_gap_within_a_day_does_not_begin_it_again() {
        let (from, to) = (Seq(2), Seq(8));
        let gap = Row::Gap {
            span: Span { from, to },
            loading: false,
        };
        let rows = [
            message(1, ADA, noon()),
            gap,
            message(9, ADA, noon() + MINUTE),
        ];
        let place = place(&rows[..2], &rows[2], ADA);
        assert_eq!(place.starts_day, None);
        assert!(place.starts_group, "what is missing parts the group");
    }

    #[wasm_bindgen_test]
    fn an_own_message_has_one_key_for_life() {
        let waits = pending(7, noon());
        let stored = message(7, ADA, noon());
        assert_eq!(RowKey::of(&waits, ADA), RowKey::of(&stored, ADA));
        assert_ne!(RowKey::of(&stored, ADA), RowKey::of(&stored, BOB));
        assert_ne!(
            RowKey::of(&message(7, BOB, noon()), ADA),
            RowKey::of(&stored, ADA),
            "another person may have drawn the same client id"
        );
    }

    #[wasm_bindgen_test]
    fn a_place_has_a_row_as_soon_as_it_is_held() {
        let gap = |from, to| Row::Gap {
            span: Span {
                from: Seq(from),
                to: Seq(to),
            },
            loading: true,
        };
        let rows = [
            Row::Older(Seq(3)),
            gap(3, 4),
            message(5, BOB, noon()),
            // An event without a row of its own.
            message(7, BOB, noon()),
            gap(8, 20),
            message(21, ADA, noon()),
            pending(1, noon()),
        ];
        let found: Vec<_> = [3, 4, 5, 6, 7, 8, 20, 21, 22, 99]
            .map(|place| at_place(&rows, Seq(place)))
            .into();
        let (none, five, seven, last) = (None, Some(2), Some(3), Some(5));
        let expected = [none, none, five, seven, seven, none, none, last, last, last];
        assert_eq!(found, expected);
        assert_eq!(at_place(&[Row::Older(Seq(1)), gap(1, 50)], Seq(60)), None);
    }

    #[wasm_bindgen_test]
    fn news_is_what_others_said() {
        let t = noon();
        let rows = [
            message(1, BOB, t),
            message(2, BOB, t),
            event(3, BOB, t, Content::Joined),
            message(4, ADA, t),
            message(5, BOB, t),
            pending(9, t),
        ];
        let (count, last) = news(&rows, Seq(1), ADA);
        assert_eq!(count, 2);
        assert_eq!(last.map(|(_, body)| body), Some("message 5"));
        assert_eq!(news(&rows, Seq(5), ADA).0, 0);
    }
}
