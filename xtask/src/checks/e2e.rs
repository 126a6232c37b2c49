//! The browser tests: real pages, real clicks, the binary that `cargo xtask run` starts.

use std::process::Command;

use anyhow::{Context, Result, bail};

use super::app;
use super::report::Tally;
use crate::process::{listen, path_with, quietly, say};
use crate::tools::{browser, node, proxies};
use crate::workspace::Workspace;

pub(super) fn browsers(ws: &Workspace) -> Result<Tally> {
    let folder = ws.root().join("e2e");
    if !folder.join("run.mjs").is_file() {
        bail!("e2e/run.mjs is missing");
    }
    // Without it one test fails; the others run.
    if let Err(error) = proxies::ensure() {
        say(format!("{error:#}"));
    }
    let node = node::ensure(ws)?;
    let browser = browser::ensure()?;
    let path = path_with(&[node.parent().context("node lies in no folder")?])?;
    quietly(
        Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund"])
            .current_dir(&folder)
            .env("PATH", &path),
    )?;
    let heard = listen(
        Command::new(node)
            .arg("run.mjs")
            .current_dir(&folder)
            .env("PATH", path)
            .env("PARLANCE_BIN", app::binary(ws)?)
            .env("HEADLESS_SHELL", browser::headless(&browser))
            .env("CHROMIUM", browser.chromium),
    )?;
    Ok(Tally::of_last_line(heard))
}
