//! The table of flags in the READMEs is the one that the program prints.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::checks::Tally;
use crate::process::read;
use crate::workspace::Workspace;

const BEGIN: &str = "<!-- flags -->";
const END: &str = "<!-- /flags -->";

pub(crate) fn flags(ws: &Workspace) -> Result<Tally> {
    let printed = printed(ws)?;
    let english = between(&text(ws, "README.md")?)
        .map(|table| differences("README.md", &printed, table, usize::MAX));
    // Flag, variable and default are the same in every language; the meaning is not.
    let chinese = between(&text(ws, "README.zh-CN.md")?)
        .map(|table| differences("README.zh-CN.md", &printed, table, 3));
    let mut complaints = english.context("in README.md")?;
    complaints.extend(chinese.context("in README.zh-CN.md")?);
    Ok(Tally::of_rule(&complaints))
}

/// Puts the printed table into the English page.
pub(super) fn write(ws: &Workspace) -> Result<()> {
    let path = ws.root().join("README.md");
    let page = text(ws, "README.md")?;
    let table = between(&page).context("in README.md")?;
    let fresh = page.replacen(table, &format!("\n{}\n", printed(ws)?.trim()), 1);
    if fresh != page {
        fs::write(&path, fresh).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn printed(ws: &Workspace) -> Result<String> {
    read(ws.cargo().args([
        "run",
        "--quiet",
        "-p",
        "backend",
        "--bin",
        "parlance",
        "--",
        "--flags-markdown",
    ]))
}

fn text(ws: &Workspace, name: &str) -> Result<String> {
    let path: PathBuf = ws.root().join(name);
    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}

fn between(page: &str) -> Result<&str> {
    let (_, rest) = page
        .split_once(BEGIN)
        .with_context(|| format!("there is no {BEGIN}"))?;
    let (table, _) = rest
        .split_once(END)
        .with_context(|| format!("there is no {END}"))?;
    Ok(table)
}

/// What differs in the first `columns` columns of the rows below the head.
fn differences(name: &str, printed: &str, written: &str, columns: usize) -> Vec<String> {
    let (printed, written) = (rows(printed, columns), rows(written, columns));
    let mut complaints = Vec::new();
    for row in printed.iter().filter(|row| !written.contains(row)) {
        complaints.push(format!("{name} lacks the row: {}", row.join(" | ")));
    }
    for row in written.iter().filter(|row| !printed.contains(row)) {
        complaints.push(format!("{name} has a row too many: {}", row.join(" | ")));
    }
    if complaints.is_empty() && printed != written {
        complaints.push(format!("{name} has the flags in another order"));
    }
    if !complaints.is_empty() {
        complaints.push("`cargo xtask lint --fix` rewrites the English table".to_owned());
    }
    complaints
}

fn rows(table: &str, columns: usize) -> Vec<Vec<&str>> {
    let lines = table
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with('|'));
    let cells = lines.map(|line| {
        line.trim_matches('|')
            .split('|')
            .map(str::trim)
            .take(columns)
            .collect()
    });
    // The head and the line below it.
    cells.skip(2).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "| Flag | Variable | Default | Meaning |\n|---|---|---|---|\n\
        | `--port` | `PORT` | 8080 | where to listen |\n| `--open` | | | opens |\n";

    #[test]
    fn the_same_table_is_fine_whatever_its_spacing() {
        let spaced = PRINTED.replace("8080", "  8080 ");
        assert!(differences("README.md", PRINTED, &spaced, usize::MAX).is_empty());
    }

    #[test]
    fn another_default_a_lost_row_and_another_order_are_found() {
        let changed = PRINTED.replace("8080", "80");
        assert_eq!(
            differences("README.md", PRINTED, &changed, usize::MAX).len(),
            3
        );
        let lost = PRINTED.replace("| `--open` | | | opens |\n", "");
        assert_eq!(
            differences("README.md", PRINTED, &lost, usize::MAX).len(),
            2
        );
        let mut lines: Vec<_> = PRINTED.lines().collect();
        lines.swap(2, 3);
        assert_eq!(
            differences("README.md", PRINTED, &lines.join("\n"), usize::MAX).len(),
            2
        );
    }

    #[test]
    fn another_language_may_explain_in_its_words() {
        let chinese = PRINTED
            .replace("where to listen", "监听端口")
            .replace("Flag", "参数");
        assert!(differences("README.zh-CN.md", PRINTED, &chinese, 3).is_empty());
        assert!(!differences("README.md", PRINTED, &chinese, usize::MAX).is_empty());
    }

    #[test]
    fn a_page_without_the_marks_is_an_error() {
        assert!(between("no table").is_err());
        assert_eq!(between("a<!-- flags -->b<!-- /flags -->c").unwrap(), "b");
    }
}
