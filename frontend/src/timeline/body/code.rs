//! A block of code: its colours, and a button that copies it.

use gloo_timers::callback::Timeout;
use shared::markdown::highlight::{Kind, highlight};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::browser::clipboard;
use crate::icon::{Glyph, icon};
use crate::locale::use_locale;
use crate::locale::words::Words;

/// Milliseconds for which the button says that it is done.
const COPIED_MS: u32 = 2_000;

/// The block. What is too long for the screen scrolls inside of it.
pub(super) fn block(language: &str, code: String, words: &Words) -> Html {
    let pieces: Html = highlight(language, &code)
        .into_iter()
        .map(|(kind, text)| match class(kind) {
            "" => Html::from(text.to_owned()),
            class => html! { <span {class}>{ text.to_owned() }</span> },
        })
        .collect();
    html! {
        <div class="code-block" dir="ltr">
            <pre tabindex="0" role="group" aria-label={(words.code_block)(language)}><code>{ pieces }</code></pre>
            <CopyButton text={code} />
        </div>
    }
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

#[derive(Debug, Clone, PartialEq, Properties)]
struct CopyButtonProps {
    text: AttrValue,
}

#[component]
fn CopyButton(props: &CopyButtonProps) -> Html {
    let words = use_locale().words;
    let copied = use_state(|| false);
    let timer = use_mut_ref(|| None::<Timeout>);
    let onclick = {
        let (text, copied) = (props.text.to_string(), copied.setter());
        move |_: MouseEvent| {
            let (text, copied, timer) = (text.clone(), copied.clone(), timer.clone());
            spawn_local(async move {
                if clipboard::copy(text).await.is_err() {
                    return;
                }
                copied.set(true);
                let over = move || copied.set(false);
                *timer.borrow_mut() = Some(Timeout::new(COPIED_MS, over));
            });
        }
    };
    let (glyph, name) = if *copied {
        (Glyph::Check, words.copied)
    } else {
        (Glyph::Copy, words.copy_code)
    };
    html! {
        <button type="button" class="code-copy" aria-label={name} title={name} {onclick}>{ icon(glyph) }</button>
    }
}
