//! Every numbered rule of `docs/PROTOCOL.md` is cited by a test, as `// C4` or `/// C4: …`.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result};

use super::source::{self, Source, comment};
use crate::checks::Tally;
use crate::workspace::Workspace;

const FOLDERS: [&str; 4] = ["shared", "backend", "frontend", "e2e"];

pub(crate) fn rules(ws: &Workspace) -> Result<Tally> {
    let page = fs::read_to_string(ws.root().join("docs/PROTOCOL.md"))
        .context("cannot read docs/PROTOCOL.md")?;
    let mut sources = Vec::new();
    for folder in FOLDERS {
        sources.extend(source::below(ws.root(), folder, &[".rs", ".mjs", ".js"])?);
    }
    let rules = numbered(&page);
    let mut complaints = doubled(&rules);
    if rules.is_empty() {
        complaints.push("docs/PROTOCOL.md has no numbered rule".to_owned());
    }
    let cited = cited(&sources);
    let uncited = rules.iter().filter(|rule| !cited.contains(rule.as_str()));
    complaints.extend(uncited.map(|rule| format!("{rule} is cited by no test")));
    Ok(Tally::of_rule(&complaints))
}

/// The rules in the order of the page: lines that begin with `**C4**`, as an item of a list or not.
fn numbered(page: &str) -> Vec<String> {
    let names = page.lines().filter_map(|line| {
        let line = line.trim_start().trim_start_matches("- ");
        let (name, _) = line.strip_prefix("**")?.split_once("**")?;
        is_rule(name).then(|| name.to_owned())
    });
    names.collect()
}

fn doubled(rules: &[String]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let twice = rules.iter().filter(|rule| !seen.insert(rule.as_str()));
    twice
        .map(|rule| format!("docs/PROTOCOL.md has two rules {rule}"))
        .collect()
}

/// Every word in a comment of a test that could be a rule.
fn cited(sources: &[Source]) -> BTreeSet<&str> {
    let comments = sources
        .iter()
        .flat_map(|source| source.tests().lines().filter_map(comment));
    let words = comments.flat_map(|comment| comment.split(|c: char| !c.is_alphanumeric()));
    words.filter(|word| is_rule(word)).collect()
}

/// Capital letters, then digits.
fn is_rule(name: &str) -> bool {
    let digits = name.trim_start_matches(|c: char| c.is_ascii_uppercase());
    digits.len() < name.len() && !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_bold_at_the_beginning_of_a_line() {
        let page = "- **C1** first\n**HB22** second\n  - **C2** third\nsee **C9**\n**not** one\n**C** none\n";
        assert_eq!(numbered(page), ["C1", "HB22", "C2"]);
        assert_eq!(doubled(&["C1".into(), "C2".into(), "C1".into()]).len(), 1);
    }

    #[test]
    fn only_comments_of_tests_cite() {
        let sources = [
            Source::new(
                "shared/src/a.rs",
                "// C1\nfn f() {}\n#[cfg(test)]\nmod tests {\n    // C2, C3: why\n}\n",
            ),
            Source::new(
                "shared/tests/b.rs",
                "//! Rules C4 and C5.\nlet C6 = \"\";\n/// C77\n",
            ),
            Source::new("e2e/c.mjs", "  test('x') // C8\n"),
        ];
        let cited = cited(&sources);
        assert_eq!(
            cited.into_iter().collect::<Vec<_>>(),
            ["C2", "C3", "C4", "C5", "C77", "C8"]
        );
    }
}
