//! Emoji to choose from: by name while one writes, or from a picker. Their names come from a file of our own that is
//! fetched when they are first needed.

pub mod index;
pub mod picker;

mod grid;
mod recent;

use std::cell::RefCell;
use std::rc::Rc;

use gloo_net::http::Request;
use wasm_bindgen_futures::spawn_local;

use crate::composer::completion::{Choice, Found};
use crate::emoji::index::Index;

/// Made by `frontend/emoji/make.mjs`; its licences are beside it.
const FILE: &str = "/emoji.txt";

/// How many are offered while one writes.
const OFFERED: usize = 6;

/// A name is looked up from this many letters on.
const LETTERS: usize = 2;

thread_local! {
    static INDEX: RefCell<Option<Rc<Index>>> = const { RefCell::new(None) };
}

/// The emoji, if they were fetched.
#[must_use]
pub fn held() -> Option<Rc<Index>> {
    INDEX.with_borrow(Clone::clone)
}

/// Fetches the emoji, once.
pub async fn fetch() -> Option<Rc<Index>> {
    if let Some(index) = held() {
        return Some(index);
    }
    let answer = Request::get(FILE).send().await.ok()?;
    let text = if answer.ok() {
        answer.text().await.ok()?
    } else {
        return None;
    };
    // For the life of the page, of which there is one.
    let index = Rc::new(Index::read(Box::leak(text.into_boxed_str())));
    INDEX.set(Some(Rc::clone(&index)));
    Some(index)
}

/// The name that the text before the caret begins with a colon, without the colon.
#[must_use]
pub fn name_before(before: &str) -> Option<&str> {
    let name = |c: char| c.is_ascii_alphanumeric() || "_+-".contains(c);
    let open = before.strip_suffix(':').unwrap_or(before);
    let start = open.trim_end_matches(name);
    let ahead = start.strip_suffix(':')?;
    // `10:30`, `a::b` and `https://` are something else.
    let apart =
        !ahead.ends_with(|c: char| c.is_ascii() && !c.is_whitespace() && !"([{\"'*_~".contains(c));
    let name = &before[start.len()..];
    (apart && name.trim_end_matches(':').len() >= LETTERS).then_some(name)
}

/// What a composer offers for the text before the caret. The first name of an emoji that is begun fetches them all.
#[must_use]
pub fn offer(before: &str) -> Option<Found> {
    name_before(before)?;
    if held().is_none() {
        spawn_local(async {
            fetch().await;
        });
    }
    complete(before)
}

/// What the text before the caret may become: `:name` is offered, `:name:` becomes its emoji at once.
fn complete(before: &str) -> Option<Found> {
    let name = name_before(before)?;
    let index = held()?;
    let replaces = name.len() + 1;
    let choice = |entry: &index::Entry| Choice {
        sign: entry.emoji.into(),
        name: format!(":{}:", entry.name()).into(),
        text: recent::toned(entry).to_string(),
    };
    if let Some(whole) = name.strip_suffix(':') {
        let entry = index.named(whole)?;
        return Some(Found {
            replaces,
            choices: vec![choice(entry)],
            at_once: true,
        });
    }
    let found = index.by_name(&name.to_ascii_lowercase(), OFFERED);
    let choices: Vec<Choice> = found.into_iter().map(choice).collect();
    (!choices.is_empty()).then_some(Found {
        replaces,
        choices,
        at_once: false,
    })
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::name_before;

    #[wasm_bindgen_test]
    fn a_name_begins_with_a_colon_that_stands_apart() {
        for (text, name) in [
            (":sm", "sm"),
            ("hi :smile", "smile"),
            ("(:+1:", "+1:"),
            ("好:tada", "tada"),
            ("**:a_b", "a_b"),
        ] {
            assert_eq!(name_before(text), Some(name), "{text}");
        }
        for text in [
            "", ":", ":)", ":s", "10:30", "a::bc", "https:", "std::fs:", "::", ":: ", "x:smile",
            ":好的",
        ] {
            assert_eq!(name_before(text), None, "{text}");
        }
    }
}
