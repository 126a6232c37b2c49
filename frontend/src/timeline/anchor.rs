//! Keeps what the reader looks at where it is on the screen, whatever comes or goes above it.
//!
//! Browsers that anchor by themselves do it best: a script that scrolls while a wheel's animation runs is overruled by
//! it. What is here is for Safari, which has no anchoring, and for the others where they have none: at the very top, and
//! when the row goes that they hold on to.

use web_sys::{Element, HtmlElement};

/// Pixels from the end within which the reader counts as being there.
const END_SLACK: i32 = 8;

/// The rows on the screen and how far below the upper edge each of them was.
#[derive(Debug, Default)]
pub struct Anchor(Vec<(Element, f64)>);

impl Anchor {
    /// Notes the rows on the screen. Several, since the first one may go.
    pub fn take(scroller: &HtmlElement, list: &Element) -> Self {
        let top = scroller.get_bounding_client_rect().top();
        let bottom = top + f64::from(scroller.client_height());
        let rows = list.children();
        let first = first_below(&rows, top);
        let visible = (first..rows.length()).filter_map(|at| rows.item(at));
        let placed = visible.map(|row| {
            let rect = row.get_bounding_client_rect();
            (row, rect.top())
        });
        Self(
            placed
                .take_while(|(_, row_top)| *row_top < bottom)
                .map(|(row, row_top)| (row, row_top - top))
                .collect(),
        )
    }

    /// Whether the first of the noted rows is gone, with which a browser that anchors has lost its hold.
    pub fn is_lost(&self) -> bool {
        let first = self.0.first();
        first.is_some_and(|(row, _)| !row.is_connected())
    }

    /// Scrolls so that the first of the noted rows that is still in the page is where it was.
    pub fn restore(&self, scroller: &HtmlElement) {
        let Some((row, offset)) = self.0.iter().find(|(row, _)| row.is_connected()) else {
            return;
        };
        let top = scroller.get_bounding_client_rect().top();
        let moved = row.get_bounding_client_rect().top() - top - offset;
        if moved.abs() >= 0.5 {
            scroller.scroll_by_with_x_and_y(0.0, moved);
        }
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
