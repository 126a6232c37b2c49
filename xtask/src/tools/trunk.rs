//! The development server, and the wasm-bindgen command that it calls.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;

use anyhow::{Context, Result};

use super::{turn, version};
use crate::process::{on_path, quietly, read, say};
use crate::workspace::Workspace;

/// 0.21 loses the WebSocket subprotocol in its proxy.
const VERSION: [u32; 3] = [0, 22, 1];

/// A trunk that fits, from `PATH` or from our own tools.
///
/// # Errors
/// When it is missing and cannot be installed.
pub(crate) fn ensure(ws: &Workspace) -> Result<PathBuf> {
    static INSTALLING: Mutex<()> = Mutex::new(());
    let _turn = turn(&INSTALLING);
    let own = ws
        .tools()
        .join("bin")
        .join(format!("trunk{}", std::env::consts::EXE_SUFFIX));
    let known = [on_path("trunk"), Some(own.clone())];
    if let Some(trunk) = known.into_iter().flatten().find(fits) {
        return Ok(trunk);
    }
    let wanted = VERSION.map(|number| number.to_string()).join(".");
    say(format!(
        "Installing trunk {wanted} into target/tools (about three minutes, once)"
    ));
    let build = ws.tools().join("trunk-build");
    quietly(
        ws.cargo()
            // 0.22.1 asks for a newer Rust than it needs.
            .args(["install", "--locked", "--ignore-rust-version"])
            .args(["--no-default-features", "--features", "rustls"])
            .arg(format!("trunk@{wanted}"))
            .arg("--root")
            .arg(ws.tools())
            .env("CARGO_TARGET_DIR", &build)
            // Unoptimised it is built in a third of the time, and fast enough.
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_STRIP", "true"),
    )?;
    std::fs::remove_dir_all(&build)
        .with_context(|| format!("cannot remove {}", build.display()))?;
    Ok(own)
}

/// The folder with `wasm-bindgen` and `wasm-bindgen-test-runner` in the version of our lock file.
///
/// # Errors
/// When they do not compile.
pub(crate) fn bindgen(ws: &Workspace) -> Result<PathBuf> {
    quietly(ws.cargo().args(["build", "-p", "bindgen"]))?;
    Ok(ws.target().join("debug"))
}

/// The same minor version, and not older.
fn fits(trunk: &PathBuf) -> bool {
    let answer = read(Command::new(trunk).arg("--version")).unwrap_or_default();
    version(&answer).is_some_and(|found| found[..] >= VERSION[..] && found[..2] == VERSION[..2])
}
