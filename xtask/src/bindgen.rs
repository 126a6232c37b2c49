//! The app as wasm: cargo compiles it, wasm-bindgen (as a library, in the locked version) makes the glue.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::parts::{self, Parts, Split};
use crate::process::run;
use crate::toolchain::{WASM, sysroot};
use crate::workspace::Workspace;

#[derive(Debug)]
pub(crate) struct Glued {
    pub(crate) js: Vec<u8>,
    pub(crate) wasm: Vec<u8>,
    pub(crate) parts: Parts,
}

/// Compiles the app in its release profile; cargo itself knows when nothing changed.
///
/// # Errors
/// When it does not compile.
pub(crate) fn compile(ws: &Workspace) -> Result<PathBuf> {
    let flags = rustflags(ws.root(), &cargo_home()?, &sysroot(ws)?);
    run(ws
        .cargo()
        .args(["build", "-p", "frontend", "--features", "parts"])
        .args(["--target", WASM])
        .args(["--profile", "wasm-release"])
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f")))?;
    Ok(ws.target().join(WASM).join("wasm-release/frontend.wasm"))
}

/// Takes the parts out and makes the glue of what stays.
///
/// # Errors
/// When wasm-bindgen does not accept the module, or it asks for files that `pack` does not carry.
pub(crate) fn glue(wasm: &Path) -> Result<Glued> {
    let Split { main, parts } = parts::split(wasm)?;
    let mut output = Bindgen::new()
        .input_path(&main)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .omit_default_module_path(true)
        // The table through which the parts call each other is one of them.
        .keep_lld_exports(true)
        .generate_output()?;
    // Every crate that could have snippets has an entry here, mostly an empty one.
    let inline = output.snippets().values().any(|list| !list.is_empty());
    if inline || !output.local_modules().is_empty() {
        bail!(
            "the app uses JavaScript snippets of its own, which are not packed; write them as web-sys calls"
        );
    }
    // Through a folder, because only that way the glue's indentation is put in order.
    let folder = wasm.with_extension("bindgen");
    output.emit(&folder)?;
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    Ok(Glued {
        js: read("frontend.js")?,
        wasm: read("frontend_bg.wasm")?,
        parts,
    })
}

/// What `.cargo/config.toml` says for wasm (the variable replaces it), and no path of this machine in panic messages.
fn rustflags(root: &Path, cargo_home: &Path, sysroot: &Path) -> Vec<String> {
    let remap = |from: &Path, to: &str| format!("--remap-path-prefix={}={to}", from.display());
    vec![
        "-Clink-arg=--keep-section=target_features".to_owned(),
        // SHA-256 in a loop: half as fast for 6 KB less, and a few messages are all that it is for.
        "--cfg=sha2_backend_soft=\"compact\"".to_owned(),
        // What leads to what, by which the app is taken apart.
        "-Clink-arg=--emit-relocs".to_owned(),
        remap(root, "parlance"),
        remap(&sysroot.join("lib/rustlib/src/rust"), "rust"),
        remap(&cargo_home.join("registry/src"), "crates"),
    ]
}

fn cargo_home() -> Result<PathBuf> {
    if let Some(home) = env::var_os("CARGO_HOME") {
        return Ok(home.into());
    }
    let home = env::home_dir().context("no home folder is known: set CARGO_HOME")?;
    Ok(home.join(".cargo"))
}
