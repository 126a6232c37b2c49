//! Changes the text of the composer at the caret, so that the person can undo it and the composer hears of it.

use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, HtmlTextAreaElement, InputEvent, InputEventInit};

use crate::browser::document;

/// The text before the caret; none while something is selected.
#[must_use]
pub fn text_before_caret(area: &HtmlTextAreaElement) -> Option<String> {
    let (from, to) = selection(area)?;
    let value: Vec<u16> = area.value().encode_utf16().take(to as usize).collect();
    (from == to).then(|| String::from_utf16_lossy(&value))
}

/// Puts `text` in the place of as many bytes before the caret.
pub fn before_caret(area: &HtmlTextAreaElement, bytes: usize, text: &str) {
    let Some(before) = text_before_caret(area) else {
        return;
    };
    let replaced = before
        .get(before.len().saturating_sub(bytes)..)
        .unwrap_or_default();
    let to = before.encode_utf16().count();
    replace(area, to - replaced.encode_utf16().count(), to, text);
}

/// Puts `text` in the place of what is selected, or at the caret.
pub fn at_caret(area: &HtmlTextAreaElement, text: &str) {
    if let Some((from, to)) = selection(area) {
        replace(area, from as usize, to as usize, text);
    }
}

/// In the units of the browser, UTF-16.
fn selection(area: &HtmlTextAreaElement) -> Option<(u32, u32)> {
    let from = area.selection_start().ok().flatten()?;
    let to = area.selection_end().ok().flatten()?;
    Some((from, to))
}

fn replace(area: &HtmlTextAreaElement, from: usize, to: usize, text: &str) {
    let (from, to) = (from as u32, to as u32);
    let _ = area.focus();
    let _ = area.set_selection_range(from, to);
    // The only way that keeps the history of what can be undone.
    let document = document().dyn_into::<HtmlDocument>().ok();
    let done = document.map(|it| it.exec_command_with_show_ui_and_value("insertText", false, text));
    if matches!(done, Some(Ok(true))) {
        return;
    }
    let _ = area.set_range_text(text);
    let caret = from + text.encode_utf16().count() as u32;
    let _ = area.set_selection_range(caret, caret);
    let init = InputEventInit::new();
    init.set_bubbles(true);
    if let Ok(event) = InputEvent::new_with_event_init_dict("input", &init) {
        let _ = area.dispatch_event(&event);
    }
}
