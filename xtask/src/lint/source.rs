//! Source files as the rules see them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Folders that hold nothing written by hand.
const SKIPPED: [&str; 6] = [
    "target",
    "node_modules",
    "dist",
    "dist-dev",
    "data",
    "__pycache__",
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    /// With `/`, relative to the repository.
    pub(super) path: String,
    pub(super) text: String,
}

impl Source {
    #[cfg(test)]
    pub(super) fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    /// Whether all of it is about tests.
    pub(super) fn is_test(&self) -> bool {
        let mut parts = self.path.split('/');
        let file = parts.next_back().unwrap_or_default();
        file == "tests.rs" || parts.any(|folder| folder == "tests" || folder == "e2e")
    }

    /// The lines with their numbers up to the tests at the end; none of a test file.
    pub(super) fn product(&self) -> impl Iterator<Item = (usize, &str)> {
        let all = if self.is_test() {
            ""
        } else {
            self.text.as_str()
        };
        let numbered = (1..).zip(all.lines());
        numbered.take_while(|(_, line)| line.trim() != "#[cfg(test)]")
    }

    /// The part that is about tests.
    pub(super) fn tests(&self) -> &str {
        if self.is_test() {
            return &self.text;
        }
        self.text
            .find("#[cfg(test)]")
            .map_or("", |at| &self.text[at..])
    }
}

/// A line without its comment. (A `//` inside a string ends the line too; no rule minds.)
pub(super) fn code(line: &str) -> &str {
    line.split_once("//").map_or(line, |(code, _)| code)
}

/// The comment of a line, if it has one.
pub(super) fn comment(line: &str) -> Option<&str> {
    line.split_once("//").map(|(_, comment)| comment)
}

/// Words as the compiler would cut them, but `a::b` is one.
pub(super) fn paths(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':')
}

/// All files below `folder` whose name ends in one of `kinds`, in the order of their paths.
///
/// # Errors
/// When one cannot be read; a folder that is not there has no files.
pub(super) fn below(root: &Path, folder: &str, kinds: &[&str]) -> Result<Vec<Source>> {
    let mut found = Vec::new();
    walk(root, folder, kinds, &mut found)?;
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn walk(root: &Path, folder: &str, kinds: &[&str], found: &mut Vec<Source>) -> Result<()> {
    let here = root.join(folder);
    if !here.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(&here).with_context(|| format!("cannot read {}", here.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{folder}/{name}");
        if entry.file_type()?.is_dir() {
            if !name.starts_with('.') && !SKIPPED.contains(&name.as_str()) {
                walk(root, &path, kinds, found)?;
            }
        } else if kinds.iter().any(|kind| name.ends_with(kind)) {
            let text =
                fs::read_to_string(entry.path()).with_context(|| format!("cannot read {path}"))?;
            found.push(Source { path, text });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_told_from_the_product() {
        let mixed = Source::new("a/src/x.rs", "fn x() {}\n#[cfg(test)]\nmod tests {}\n");
        assert_eq!(mixed.product().collect::<Vec<_>>(), [(1, "fn x() {}")]);
        assert_eq!(mixed.tests(), "#[cfg(test)]\nmod tests {}\n");
        for path in [
            "a/tests/x.rs",
            "a/src/x/tests.rs",
            "e2e/x.mjs",
            "a/tests/common/x.rs",
        ] {
            let whole = Source::new(path, "x");
            assert_eq!((whole.product().count(), whole.tests()), (0, "x"), "{path}");
        }
    }
}
