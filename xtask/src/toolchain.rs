//! The wasm half of the Rust toolchain.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::process::{on_path, read, run, say};
use crate::workspace::Workspace;

pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Makes sure that rustc can compile for the browser.
///
/// # Errors
/// Without rustup; the error says what to type.
pub(crate) fn ensure_wasm_target(ws: &Workspace) -> Result<()> {
    let library = sysroot(ws)?.join("lib/rustlib").join(WASM).join("lib");
    if library.is_dir() {
        return Ok(());
    }
    if on_path("rustup").is_none() {
        bail!(
            "rustc has no standard library for {WASM}: install it with \
             `rustup target add {WASM}`, or by the package that your system has for it"
        );
    }
    say(format!("Installing the Rust target {WASM}"));
    run(Command::new("rustup")
        .args(["target", "add", WASM])
        .current_dir(ws.root()))
}

/// Where the toolchain of this repository lies.
///
/// # Errors
/// When there is no rustc.
pub(crate) fn sysroot(ws: &Workspace) -> Result<PathBuf> {
    let path = read(
        Command::new("rustc")
            .args(["--print", "sysroot"])
            .current_dir(ws.root()),
    )?;
    Ok(path.trim().into())
}
