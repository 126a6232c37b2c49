//! Moving between the emoji of a picker by the arrow keys. The browser knows how many fit into a row.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

/// Moves the focus from one emoji to a neighbour, and says whether the key was for that.
pub(super) fn step(event: &KeyboardEvent, grid: &Element) -> bool {
    let all = emoji(grid);
    let from = event
        .target()
        .and_then(|at| at.dyn_into::<HtmlElement>().ok());
    let Some(at) = from.and_then(|from| all.iter().position(|other| *other == from)) else {
        return false;
    };
    let to = match event.key().as_str() {
        "ArrowLeft" => at.checked_sub(1),
        "ArrowRight" => Some(at + 1),
        "ArrowUp" => below(&all[..at], &all[at], true),
        "ArrowDown" => below(&all[at..], &all[at], false).map(|ahead| at + ahead),
        "Home" => Some(0),
        "End" => Some(all.len() - 1),
        _ => return false,
    };
    if let Some(next) = to.and_then(|to| all.get(to)) {
        let _ = next.focus();
    }
    to.is_some() || event.key() != "ArrowUp"
}

/// Gives the focus to the first emoji.
pub(super) fn enter(grid: &Element) {
    if let Some(first) = emoji(grid).first() {
        let _ = first.focus();
    }
}

fn emoji(grid: &Element) -> Vec<HtmlElement> {
    let Ok(found) = grid.query_selector_all("[data-emoji]") else {
        return Vec::new();
    };
    let all = (0..found.length()).filter_map(|at| found.get(at));
    all.filter_map(|node| node.dyn_into().ok()).collect()
}

/// The one in the next row that is nearest to being above or below.
fn below(others: &[HtmlElement], from: &HtmlElement, up: bool) -> Option<usize> {
    let (top, left) = (from.offset_top(), from.offset_left());
    let rows = others.iter().map(HtmlElement::offset_top);
    let row = if up {
        rows.filter(|row| *row < top).max()
    } else {
        rows.filter(|row| *row > top).min()
    }?;
    let in_row = others
        .iter()
        .enumerate()
        .filter(|(_, other)| other.offset_top() == row);
    in_row
        .min_by_key(|(_, other)| other.offset_left().abs_diff(left))
        .map(|(at, _)| at)
}
