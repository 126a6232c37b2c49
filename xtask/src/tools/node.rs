//! Node.js with npm, for the browser tests.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use super::{apt_install, version};
use crate::process::{on_path, quietly, read, say};
use crate::workspace::Workspace;

const OLDEST: u32 = 20;

/// A node that is new enough; its folder belongs at the front of `PATH`.
///
/// # Errors
/// When it is missing and cannot be installed.
pub(crate) fn ensure(ws: &Workspace) -> Result<PathBuf> {
    let own = ws.tools().join("node");
    let ours = own.join("node_modules/.bin/node");
    let known = || {
        [on_path("node"), Some(ours.clone())]
            .into_iter()
            .flatten()
            .find(|node| fits(node))
    };
    if on_path("npm").is_none() {
        apt_install("Node.js with npm", &["nodejs", "npm"], "brew install node")?;
    }
    if let Some(node) = known() {
        return Ok(node);
    }
    say("Installing Node.js 22 into target/tools");
    std::fs::create_dir_all(&own)?;
    quietly(
        Command::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--prefix"])
            .arg(&own)
            .arg("node@22"),
    )?;
    match known() {
        Some(node) => Ok(node),
        None => {
            bail!("Node.js {OLDEST} or newer is missing, and the one from npm does not start here")
        }
    }
}

fn fits(node: &Path) -> bool {
    let answer = read(Command::new(node).arg("--version")).unwrap_or_default();
    version(&answer).is_some_and(|found| found[0] >= OLDEST)
}
