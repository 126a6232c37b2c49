//! What the app asks of the browser beyond the page: the clocks, randomness, storage, the window.
//!
//! Everything here may be missing or refused (storage blocked, no secure context) and says so by its type.

pub mod channel;
pub mod clipboard;
pub mod clock;
pub mod database;
pub mod lock;
pub mod random;
pub mod storage;

use web_sys::Window;

/// The window that the app runs in.
pub fn window() -> Window {
    web_sys::window().expect("the app runs in a window")
}

/// The document of [`window`].
pub fn document() -> web_sys::Document {
    window().document().expect("a window has a document")
}

/// Whether a media query holds now.
pub fn media_matches(query: &str) -> bool {
    window()
        .match_media(query)
        .ok()
        .flatten()
        .is_some_and(|list| list.matches())
}

/// Whether the layout has one column: the same width as in the style sheets.
pub fn is_narrow() -> bool {
    media_matches("(max-width: 720px)")
}

/// Whether focusing a text field would raise a keyboard over the page.
pub fn has_touch_keyboard() -> bool {
    media_matches("(hover: none) and (pointer: coarse)")
}

/// Whether the person can see the page now.
pub fn is_visible() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Visible
}

/// Whether the page is in front of the person.
pub fn is_watched() -> bool {
    is_visible() && document().has_focus().unwrap_or(true)
}

/// The languages that the person prefers, best first.
pub fn languages() -> Vec<String> {
    let languages = window().navigator().languages();
    languages.iter().filter_map(|tag| tag.as_string()).collect()
}

/// Whether the keyboard has a ⌘ where others have Ctrl.
pub fn is_apple() -> bool {
    let platform = window().navigator().platform();
    platform.is_ok_and(|platform| platform.starts_with("Mac") || platform.starts_with("iP"))
}
