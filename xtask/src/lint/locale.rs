//! The languages say the same: what has a part in it in one has it in the other, and under the name that the app gives it.
//!
//! That no text is missing is what the compiler checks.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context, Result};

use super::source;
use crate::checks::Tally;
use crate::workspace::Workspace;

const FILES: [&str; 4] = ["en", "zh-CN", "inspector-en", "inspector-zh-CN"];

/// The parts of each text, by its name; a name that stands several times has those of all of them.
type Parts = BTreeMap<String, BTreeSet<String>>;

pub(crate) fn languages(ws: &Workspace) -> Result<Tally> {
    let sources = source::below(ws.root(), "frontend/src/locale", &[".rs"])?;
    let wanted = sources
        .iter()
        .filter(|source| source.path.contains("/words"))
        .flat_map(|source| source.product().map(|(_, line)| line))
        .fold(Parts::new(), declared);
    let mut complaints = Vec::new();
    for file in FILES {
        let name = format!("frontend/locale/{file}.txt");
        let path = ws.root().join(&name);
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
        complaints.extend(
            compare(&wanted, &text)
                .into_iter()
                .map(|it| format!("{name}: {it}")),
        );
    }
    Ok(Tally::of_rule(&complaints))
}

/// `name(part, other);`
fn declared(mut parts: Parts, line: &str) -> Parts {
    let Some(line) = line.trim().strip_suffix(';') else {
        return parts;
    };
    let (name, list) = line.split_once('(').unwrap_or((line, ""));
    let list = list.trim_end_matches(')').split(',').map(str::trim);
    let of_name = parts.entry(name.to_owned()).or_default();
    of_name.extend(list.filter(|part| !part.is_empty()).map(str::to_owned));
    parts
}

fn compare(wanted: &Parts, file: &str) -> Vec<String> {
    let texts = file.lines().filter_map(|line| line.split_once(" = "));
    let texts = texts.filter(|(name, _)| !name.starts_with('#'));
    let found = texts.fold(Parts::new(), |mut parts, (name, text)| {
        let places = text.split('{').skip(1);
        let names = places.map(|place| place.split([':', '}']).next().unwrap_or_default());
        let of_name = parts.entry(name.to_owned()).or_default();
        of_name.extend(names.map(str::to_owned));
        parts
    });
    let differs = |(name, parts): &(&String, &BTreeSet<String>)| {
        wanted.get(*name).is_some_and(|wanted| wanted != *parts)
    };
    found
        .iter()
        .filter(differs)
        .map(|(name, parts)| format!("{name} has {parts:?}, and the app gives {:?}", wanted[name]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(file: &str) -> Vec<String> {
        let words = ["plain;", "said(who, n);", "// a note"];
        compare(&words.into_iter().fold(Parts::new(), declared), file)
    }

    #[test]
    fn parts_may_stand_in_any_order_and_more_than_once() {
        let file = "# said = {x}\nplain = Yes\nsaid = {n} {n:one|many} by {who}";
        assert_eq!(complaints(file), Vec::<String>::new());
    }

    #[test]
    fn a_part_that_is_missing_or_unknown_is_found() {
        for file in [
            "said = {n}",
            "said = {n} {whom}",
            "said = {n} {who} {m:one|many}",
            "plain = {who}",
        ] {
            assert_eq!(complaints(file).len(), 1, "{file}");
        }
    }
}
