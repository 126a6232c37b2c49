//! The part of a message around what was found in it.

use shared::protocol::Mark;

/// Bytes before the first mark and after it that are shown.
const BEFORE: usize = 60;
const AFTER: usize = 240;

/// A run of an excerpt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'a> {
    Plain(&'a str),
    Marked(&'a str),
    /// Something was left out here.
    Left,
}

/// The runs around the first mark. Marks that are no parts of the body are passed over: they came from elsewhere.
pub(super) fn excerpt<'a>(body: &'a str, marks: &[Mark]) -> Vec<Part<'a>> {
    let first = marks.first().map_or(0, |mark| mark.from);
    let from = boundary(body, first.saturating_sub(BEFORE));
    let to = boundary(body, first.saturating_add(AFTER));
    let (mut parts, mut at) = (Vec::new(), from);
    if from > 0 {
        parts.push(Part::Left);
    }
    for mark in marks {
        let (start, end) = (mark.from, mark.to.min(to));
        if start >= at
            && let (Some(plain), Some(marked)) = (body.get(at..start), body.get(start..end))
        {
            parts.extend((!plain.is_empty()).then_some(Part::Plain(plain)));
            parts.extend((!marked.is_empty()).then_some(Part::Marked(marked)));
            at = end;
        }
    }
    parts.extend((at < to).then(|| Part::Plain(&body[at..to])));
    if to < body.len() {
        parts.push(Part::Left);
    }
    parts
}

/// The place itself, or the next one before it that does not cut a character.
fn boundary(body: &str, place: usize) -> usize {
    let place = place.min(body.len());
    (0..=place)
        .rev()
        .find(|at| body.is_char_boundary(*at))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::Part::{Left, Marked, Plain};
    use super::*;

    fn mark(from: usize, to: usize) -> Mark {
        Mark { from, to }
    }

    #[wasm_bindgen_test]
    fn a_short_message_is_shown_whole() {
        let parts = excerpt("tea and 茶", &[mark(0, 3), mark(8, 11)]);
        assert_eq!(parts, [Marked("tea"), Plain(" and "), Marked("茶")]);
        assert_eq!(excerpt("tea", &[]), [Plain("tea")]);
    }

    #[wasm_bindgen_test]
    fn a_long_one_is_cut_around_the_first_mark_and_never_within_a_character() {
        let body = format!("{}tea{}", "茶".repeat(100), "杯".repeat(100));
        let parts = excerpt(&body, &[mark(300, 303)]);
        assert_eq!(parts[0], Left);
        assert_eq!(parts[2], Marked("tea"));
        assert_eq!(parts[4], Left);
        assert_eq!(parts.len(), 5);
    }

    #[wasm_bindgen_test]
    fn marks_that_are_no_parts_of_the_body_are_passed_over() {
        for marks in [
            [mark(1, 2), mark(0, 1)],
            [mark(5, 3), mark(2, 9)],
            [mark(900, 901), mark(0, 0)],
        ] {
            let text: String = excerpt("a茶b", &marks)
                .iter()
                .map(|part| match part {
                    Plain(text) | Marked(text) => *text,
                    Left => "",
                })
                .collect();
            assert!("a茶b".contains(&text), "{text}");
        }
    }
}
