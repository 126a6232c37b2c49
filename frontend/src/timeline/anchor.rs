//! Keeps what the reader looks at where it is on the screen, whatever comes or goes above it.
//!
//! Browsers that anchor by themselves do it best: a script that scrolls while a wheel's animation runs is overruled by
//! it. What is here is for Safari, which has no anchoring, and for the others where they have none: at the very top, and
//! when what they hold on to goes: a row, or a part of it.

use web_sys::{Element, HtmlElement};

/// Pixels from the end within which the reader counts as being there.
const END_SLACK: i32 = 8;

/// Pixels that nobody sees.
const SLACK: f64 = 0.5;

/// The rows on the screen.
#[derive(Debug, Default)]
pub struct Anchor(Vec<Held>);

#[derive(Debug)]
struct Held {
    row: Element,
    /// Pixels below the upper edge of the screen.
    top: f64,
    height: f64,
}

impl Anchor {
    /// Notes the rows on the screen. Several, since the first one may go.
    pub fn take(scroller: &HtmlElement, list: &Element) -> Self {
        let edge = scroller.get_bounding_client_rect().top();
        let bottom = f64::from(scroller.client_height());
        let rows = list.children();
        let first = first_below(&rows, edge);
        let visible = (first..rows.length()).filter_map(|at| rows.item(at));
        let held = visible.map(|row| {
            let rect = row.get_bounding_client_rect();
            let (top, height) = (rect.top() - edge, rect.height());
            Held { row, top, height }
        });
        Self(held.take_while(|held| held.top < bottom).collect())
    }

    /// Whether a browser that anchors may have lost its hold: the first of the noted rows is gone, or something in it is,
    /// as when the message before it turns out to be by the same person.
    pub fn is_lost(&self) -> bool {
        let first = self.0.first();
        first.is_some_and(|held| !held.row.is_connected() || held.grown() < -SLACK)
    }

    /// Scrolls so that the first of the noted rows that is as it was is where it was.
    pub fn restore(&self, scroller: &HtmlElement) {
        let mut left = self.0.iter().filter(|held| held.row.is_connected());
        let first = left.clone().next();
        let Some(held) = left.find(|held| held.grown().abs() < SLACK).or(first) else {
            return;
        };
        let edge = scroller.get_bounding_client_rect().top();
        let moved = held.row.get_bounding_client_rect().top() - edge - held.top;
        if moved.abs() >= SLACK {
            scroller.scroll_by_with_x_and_y(0.0, moved);
        }
    }
}

impl Held {
    /// Pixels that the row is taller than it was.
    fn grown(&self) -> f64 {
        self.row.get_bounding_client_rect().height() - self.height
    }
}

/// The first row whose lower edge is below `top`; the rows are in order, so half of them need no look.
pub fn first_below(rows: &web_sys::HtmlCollection, top: f64) -> u32 {
    let (mut low, mut high) = (0, rows.length());
    while low < high {
        let middle = (low + high) / 2;
        let above = rows
            .item(middle)
            .is_some_and(|row| row.get_bounding_client_rect().bottom() <= top);
        if above {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// Whether the browser keeps the place by itself. One that does not drops the property.
pub fn is_native(scroller: &HtmlElement) -> bool {
    let style = scroller.style();
    let _ = style.set_property("overflow-anchor", "auto");
    let value = style.get_property_value("overflow-anchor");
    value.is_ok_and(|value| !value.is_empty())
}

/// Pixels above and below what is on the screen.
pub fn room_around(scroller: &HtmlElement) -> (i32, i32) {
    let top = scroller.scroll_top();
    (
        top,
        scroller.scroll_height() - scroller.client_height() - top,
    )
}

/// Whether the end is on the screen.
pub fn is_at_end(scroller: &HtmlElement) -> bool {
    room_around(scroller).1 <= END_SLACK
}

/// Shows the end.
pub fn to_end(scroller: &HtmlElement) {
    scroller.set_scroll_top(scroller.scroll_height());
}
