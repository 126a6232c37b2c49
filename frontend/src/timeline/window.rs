//! Which rows of a long timeline are in the page: a run of at most [`MOST`] around what the reader looks at.

use std::ops::Range;

/// Rows in the page at most.
pub const MOST: usize = 300;

/// Rows in the page when a room is opened: several screens.
pub const FIRST: usize = 80;

/// Rows that come into the page at once as the reader nears an edge.
const STEP: usize = 60;

/// A run of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Window {
    start: usize,
    end: usize,
}

impl Window {
    /// The newest rows of `len`.
    #[must_use]
    pub fn newest(len: usize) -> Self {
        Self {
            start: len.saturating_sub(FIRST),
            end: len,
        }
    }

    /// The rows on both sides of one of `len`.
    #[must_use]
    pub fn around(at: usize, len: usize) -> Self {
        let end = (at + FIRST / 2).min(len);
        let start = end.saturating_sub(FIRST);
        Self {
            start,
            end: (start + FIRST).min(len),
        }
    }

    /// The rows in the page.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// Whether the oldest row is in the page.
    #[must_use]
    pub fn is_at_start(self) -> bool {
        self.start == 0
    }

    /// Whether the newest of `len` rows is in the page.
    #[must_use]
    pub fn is_at_end(self, len: usize) -> bool {
        self.end >= len
    }

    /// More of the older rows; the newest leave when there would be too many.
    #[must_use]
    pub fn older(self) -> Self {
        let start = self.start.saturating_sub(STEP);
        Self {
            start,
            end: self.end.min(start + MOST),
        }
    }

    /// More of the newer rows of `len`; the oldest leave when there would be too many.
    #[must_use]
    pub fn newer(self, len: usize) -> Self {
        let end = (self.end + STEP).min(len);
        Self {
            start: self.start.max(end.saturating_sub(MOST)),
            end,
        }
    }

    /// The same rows after the list has changed: a row of the window that was at `before` is at `now` among `len`.
    /// At the end it `follows` what is appended; the oldest leave many at a time, so that this is rare.
    #[must_use]
    pub fn moved(self, before: usize, now: usize, len: usize, follows: bool) -> Self {
        let start = (self.start + now).saturating_sub(before).min(len);
        let end = (self.end + now).saturating_sub(before).min(len);
        if follows {
            let start = if len.saturating_sub(start) > MOST {
                len - (MOST - STEP)
            } else {
                start
            };
            return Self { start, end: len };
        }
        // A window that was small because the list was may grow with it; one that is full stays as it is.
        let end = if end - start < FIRST {
            (start + FIRST).min(len)
        } else {
            end
        };
        Self { start, end }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn it_never_holds_more_than_the_limit() {
        let len = 5_000;
        let mut window = Window::newest(len);
        for _ in 0..100 {
            window = window.older();
            assert!(window.range().len() <= MOST);
        }
        assert_eq!(window.range(), 0..MOST);
        for _ in 0..100 {
            window = window.newer(len);
            assert!(window.range().len() <= MOST);
        }
        assert_eq!(window.range(), len - MOST..len);
    }

    #[wasm_bindgen_test]
    fn around_a_row_there_are_as_many_as_there_can_be() {
        for (at, expected) in [(0, 0..80), (10, 0..80), (500, 460..540), (999, 920..1_000)] {
            assert_eq!(Window::around(at, 1_000).range(), expected);
        }
        assert_eq!(Window::around(3, 7).range(), 0..7);
    }

    #[wasm_bindgen_test]
    fn prepended_rows_leave_it_where_it_was() {
        let window = Window::newest(100);
        let moved = window.moved(20, 70, 150, false);
        assert_eq!(moved.range(), 70..150);
    }

    #[wasm_bindgen_test]
    fn at_the_end_it_follows_and_lets_the_oldest_go() {
        let mut window = Window::newest(10);
        for len in 11..1_000 {
            window = window.moved(0, 0, len, true);
            assert!(window.is_at_end(len));
            assert!(window.range().len() <= MOST);
        }
    }

    #[wasm_bindgen_test]
    fn away_from_the_end_appended_rows_do_not_move_it() {
        let window = Window::newest(1_000).older().older();
        let moved = window.moved(950, 950, 1_010, false);
        assert_eq!(moved, window);
    }

    #[wasm_bindgen_test]
    fn it_survives_a_list_that_became_shorter() {
        let window = Window::newest(1_000);
        let moved = window.moved(990, 0, 3, false);
        assert!(moved.range().end <= 3);
        assert!(moved.range().start <= moved.range().end);
    }
}
