//! Puts a text on the clipboard. Over plain http, browsers have only the old way to do so.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlDocument, HtmlElement, HtmlTextAreaElement};

use crate::browser::{document, window};

/// The browser would not take it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused;

/// Puts `text` on the clipboard. To be called while a click or a key is handled.
pub async fn copy(text: String) -> Result<(), Refused> {
    let clipboard = window().navigator().clipboard();
    if clipboard.is_undefined() {
        return copy_selected(&text).ok_or(Refused);
    }
    let written = JsFuture::from(clipboard.write_text(&text)).await;
    written.map(|_| ()).map_err(|_| Refused)
}

/// By way of a field that is there for a moment.
fn copy_selected(text: &str) -> Option<()> {
    let document = document().dyn_into::<HtmlDocument>().ok()?;
    let before = document.active_element();
    let field = document.create_element("textarea").ok()?;
    let field = field.dyn_into::<HtmlTextAreaElement>().ok()?;
    field.set_class_name("unseen");
    field.set_value(text);
    // A dialog that is open takes the focus from everything outside of it.
    let around = before
        .as_ref()
        .and_then(|at| at.closest("dialog").ok().flatten());
    let around = around.or_else(|| document.body().map(Into::into))?;
    around.append_child(&field).ok()?;
    field.select();
    let done = document.exec_command("copy");
    field.remove();
    if let Some(before) = before.and_then(|before| before.dyn_into::<HtmlElement>().ok()) {
        let _ = before.focus();
    }
    done.ok().filter(|done| *done).map(|_| ())
}
