//! What a person reads comes from the locale, so that no language has a hole: components hold no words of their own.
//!
//! Looked for: `{ "Some words" }` as a child in `html!`, and words in attributes that are shown or read out.

use anyhow::Result;

use super::source::{self, Source, code};
use crate::checks::Tally;
use crate::workspace::Workspace;

const SHOWN_ATTRIBUTES: [&str; 6] = [
    "alt",
    "aria-label",
    "aria-description",
    "label",
    "placeholder",
    "title",
];

/// The same in every language.
const NAMES: [&str; 1] = ["Parlance"];

pub(crate) fn words(ws: &Workspace) -> Result<Tally> {
    let sources = source::below(ws.root(), "frontend/src", &[".rs"])?;
    let components = sources
        .iter()
        .filter(|source| !source.path.contains("/locale"));
    let complaints: Vec<String> = components.flat_map(complaints).collect();
    Ok(Tally::of_rule(&complaints))
}

fn complaints(source: &Source) -> Vec<String> {
    let mut complaints = Vec::new();
    for (number, line) in source.product() {
        let line = code(line);
        let shown = attributes(line).chain(children(line));
        let words = shown.filter(|text| is_words(text));
        complaints.extend(
            words.map(|text| format!("{}:{number}: {text:?} belongs to the locale", source.path)),
        );
    }
    complaints
}

/// Literals that are children: alone between braces, after a tag or another child. (After `if …` or `else`
/// they are values, such as a class.)
fn children(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices('{').filter_map(|(at, _)| {
        let before = line[..at].trim_end();
        let is_child = before.is_empty() || before.ends_with(['>', '}']);
        let (text, rest) = line[at + 1..]
            .trim_start()
            .strip_prefix('"')?
            .split_once('"')?;
        (is_child && rest.trim_start().starts_with('}')).then_some(text)
    })
}

fn attributes(line: &str) -> impl Iterator<Item = &str> {
    SHOWN_ATTRIBUTES.into_iter().filter_map(move |name| {
        let (before, rest) = line.split_once(&format!("{name}=\""))?;
        let whole = before.ends_with(|c: char| c.is_whitespace());
        whole.then(|| rest.split('"').next().unwrap_or_default())
    })
}

/// At least two letters in a row, and not only a name.
fn is_words(text: &str) -> bool {
    let letters = text.split(|c: char| !c.is_alphabetic());
    let long = letters.filter(|part| part.chars().count() > 1);
    long.into_iter().any(|part| !NAMES.contains(&part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> usize {
        complaints(&Source::new("frontend/src/x.rs", line)).len()
    }

    #[test]
    fn words_in_a_component_are_found() {
        for line in [
            r#"html! { <p>{ "Try again" }</p> }"#,
            r#"<p>{"再试一次"}</p>"#,
            r#"    { "Try again" }"#,
            r#"<button aria-label="Close">"#,
            r#"<input type="text" placeholder="Your name" />"#,
        ] {
            assert_eq!(found(line), 1, "{line}");
        }
    }

    #[test]
    fn signs_names_and_classes_are_fine() {
        for line in [
            r#"<p class="words here">{ "·" }</p>"#,
            r#"<h1>{ "Parlance" }</h1>"#,
            r#"<p title={words.close}>{ words.retry }</p>"#,
            r#"format!("{seconds} s")"#,
            r#"// { "Try again" }"#,
            r#"let class = if busy { "busy" } else { "calm" };"#,
            r#"<i data-title="x" />"#,
        ] {
            assert_eq!(found(line), 0, "{line}");
        }
    }
}
