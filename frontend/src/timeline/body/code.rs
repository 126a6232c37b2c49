//! A block of code: its colours, and a button that copies it.

use gloo_timers::callback::Timeout;
use shared::markdown::highlight::{Kind, highlight};
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;
use yew::prelude::*;

use crate::browser::clipboard;
use crate::icon::{Glyph, icon};
use crate::locale::words::Words;
use crate::parts::TALK;

/// Milliseconds for which the button says that it is done.
const COPIED_MS: u32 = 2_000;

/// The block. What is too long for the screen scrolls inside of it.
pub(super) fn block(language: &str, code: String, words: &'static Words) -> Html {
    let plain = Html::from(code.clone());
    let pieces = TALK.show_or(
        plain,
        |talk| talk.colours,
        (language.to_owned(), code.clone()),
    );
    let onclick = Callback::from(move |event: MouseEvent| {
        let button = event.target_dyn_into::<Element>();
        let button = button.and_then(|at| at.closest("button").ok().flatten());
        spawn_local(copy(code.clone(), button, words));
    });
    html! {
        <div class="code-block" dir="ltr">
            <pre tabindex="0" role="group" aria-label={words.code_block(language).trim_end().to_owned()}><code>{ pieces }</code></pre>
            <button type="button" class="code-copy" aria-label={words.copy_code} title={words.copy_code} {onclick}>
                { icon(Glyph::Copy) }{ icon(Glyph::Check) }
            </button>
        </div>
    }
}

/// The button itself says for a moment that it is done; there is nothing that the program has to remember of it.
async fn copy(code: String, button: Option<Element>, words: &'static Words) {
    let done = clipboard::copy(code).await.is_ok();
    let Some(button) = button.filter(|_| done) else {
        return;
    };
    let say = |button: &Element, text, copied: &str| {
        for (name, value) in [
            ("aria-label", text),
            ("title", text),
            ("data-copied", copied),
        ] {
            let _ = button.set_attribute(name, value);
        }
    };
    say(&button, words.copied, "true");
    Timeout::new(COPIED_MS, move || say(&button, words.copy_code, "false")).forget();
}

/// The code with its colours.
pub fn colours(language: &str, code: &str) -> Html {
    let pieces = highlight(language, code).into_iter();
    let pieces = pieces.map(|(kind, text)| match class(kind) {
        "" => Html::from(text.to_owned()),
        class => html! { <span {class}>{ text.to_owned() }</span> },
    });
    pieces.collect()
}

fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Plain => "",
        Kind::Comment => "code-comment",
        Kind::Text => "code-text",
        Kind::Value => "code-value",
        Kind::Keyword => "code-keyword",
        Kind::Name => "code-name",
    }
}
