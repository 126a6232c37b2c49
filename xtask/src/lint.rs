//! Rules about the text of the repository, kept by a machine so that no reviewer has to.
//!
//! Each is a function from text to complaints, so that a test can show it complaining.

mod citations;
mod flags;
mod layers;
mod literals;
mod locale;
mod purity;
mod source;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::checks::{self, Tally};
use crate::process::listen;
use crate::toolchain::{self, WASM};
use crate::workspace::Workspace;

pub(crate) use citations::rules;
pub(crate) use flags::flags;
pub(crate) use layers::{crates, layers};
pub(crate) use literals::words;
pub(crate) use locale::languages;
pub(crate) use purity::purity;

/// `cargo xtask lint [--fix]`: the checks of the list that are about text.
pub(crate) fn command(ws: &Workspace, args: &[String]) -> Result<ExitCode> {
    match args {
        [] => {}
        [flag] if flag == "--fix" => {
            crate::process::run(ws.cargo().args(["fmt", "--all"]))?;
            flags::write(ws)?;
        }
        _ => bail!("usage: cargo xtask lint [--fix]"),
    }
    checks::run(ws, "lint:")
}

pub(crate) fn formatting(ws: &Workspace) -> Result<Tally> {
    Ok(Tally::of_one(listen(
        ws.cargo().args(["fmt", "--all", "--check"]),
    )?))
}

/// Everything but the app, which is never built for this machine.
pub(crate) fn clippy(ws: &Workspace) -> Result<Tally> {
    let mut cargo = ws.cargo();
    cargo
        .args([
            "clippy",
            "--quiet",
            "--workspace",
            "--exclude",
            "frontend",
            "--all-targets",
        ])
        .args(["--", "-D", "warnings"]);
    Ok(Tally::of_one(listen(&mut cargo)?))
}

pub(crate) fn clippy_wasm(ws: &Workspace) -> Result<Tally> {
    toolchain::ensure_wasm_target(ws)?;
    let mut cargo = ws.cargo();
    cargo
        .args([
            "clippy",
            "--quiet",
            "-p",
            "frontend",
            "-p",
            "shared",
            "--all-targets",
            "--features",
            "frontend/parts",
            "--target",
            WASM,
        ])
        .args(["--", "-D", "warnings"]);
    Ok(Tally::of_one(listen(&mut cargo)?))
}
