//! The driver of libFuzzer.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::version;
use crate::process::{quietly, read, say};
use crate::workspace::Workspace;

const VERSION: &str = "0.13.2";

/// The folder with `cargo-fuzz`, to be put on `PATH`.
///
/// # Errors
/// When it is missing and cannot be installed.
pub(crate) fn ensure(ws: &Workspace) -> Result<PathBuf> {
    let bin = ws.tools().join("bin");
    let program = bin.join(format!("cargo-fuzz{}", std::env::consts::EXE_SUFFIX));
    let answer = read(Command::new(program).arg("--version")).unwrap_or_default();
    if version(&answer).is_some() && version(&answer) == version(VERSION) {
        return Ok(bin);
    }
    say(format!(
        "Installing cargo-fuzz {VERSION} into target/tools (about a minute, once)"
    ));
    let build = ws.tools().join("cargo-fuzz-build");
    quietly(
        ws.cargo()
            .args(["install", "--locked", "--force"])
            .arg(format!("cargo-fuzz@{VERSION}"))
            .arg("--root")
            .arg(ws.tools())
            .env("CARGO_TARGET_DIR", &build)
            // It only starts other programs.
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
    )?;
    std::fs::remove_dir_all(&build)
        .with_context(|| format!("cannot remove {}", build.display()))?;
    Ok(bin)
}
