//! When the app itself fails, it says so. A page that merely stops answering would leave people guessing.

use std::panic;

use crate::browser::document;
use crate::locale::texts;
use crate::settings::Settings;

/// From now on a panic puts words on the page; what was written is kept by then.
pub fn watch() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        usual(info);
        show();
    }));
}

fn show() {
    let words = texts::held(Settings::load().language());
    let document = document();
    let (Some(words), Some(body), Ok(line)) =
        (words, document.body(), document.create_element("div"))
    else {
        return;
    };
    line.set_class_name("crash");
    let _ = line.set_attribute("role", "alert");
    line.set_text_content(Some(words.crashed));
    let _ = body.append_child(&line);
}
