//! `cargo xtask dev`: trunk with live reload, and a backend behind its proxies.

use std::path::Path;
use std::process::{Child, Command, ExitCode, ExitStatus};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process::{path_with, run, say};
use crate::toolchain;
use crate::tools::trunk;
use crate::workspace::Workspace;

/// Runs both until one ends. Arguments go to the backend.
pub(crate) fn command(ws: &Workspace, args: &[String]) -> Result<ExitCode> {
    toolchain::ensure_wasm_target(ws)?;
    let trunk = trunk::ensure(ws)?;
    say("Building wasm-bindgen");
    let bindgen = trunk::bindgen(ws)?;
    say("Building the server");
    run(ws.cargo().args(["build", "-p", "backend"]))?;

    let binary = ws
        .target()
        .join("debug")
        .join(format!("parlance{}", std::env::consts::EXE_SUFFIX));
    let mut backend = Command::new(binary);
    backend.current_dir(ws.root()).args(args);

    say("Open http://127.0.0.1:8000 once the app is built");
    let backend = start(&mut backend)?;
    let trunk = start(trunk_command(ws, &trunk, &bindgen)?.arg("serve"))?;
    let (name, status) = first_to_end([("parlance", backend), ("trunk", trunk)])?;
    bail!("{name} ended ({status})")
}

/// A trunk that finds our wasm-bindgen, for whatever it is told to do.
///
/// # Errors
/// When a folder cannot be part of `PATH`.
pub(crate) fn trunk_command(ws: &Workspace, trunk: &Path, bindgen: &Path) -> Result<Command> {
    let mut command = Command::new(trunk);
    command
        .current_dir(ws.root())
        .env("CARGO_TARGET_DIR", ws.target())
        .env("PATH", path_with(&[bindgen])?)
        // Some systems set it to a number, which trunk refuses.
        .env_remove("NO_COLOR");
    Ok(command)
}

fn start(command: &mut Command) -> Result<Child> {
    let program = command.get_program().to_string_lossy().into_owned();
    command
        .spawn()
        .with_context(|| format!("cannot start {program}"))
}

/// Waits until one of them ends, and ends the others.
fn first_to_end<const N: usize>(mut children: [(&str, Child); N]) -> Result<(&str, ExitStatus)> {
    loop {
        let mut ended = None;
        for (name, child) in &mut children {
            if let Some(status) = child.try_wait()? {
                ended = Some((*name, status));
            }
        }
        if let Some(ended) = ended {
            for (_, child) in &mut children {
                // One that ended by itself cannot be killed, which is fine.
                let _ = child.kill();
                child.wait()?;
            }
            return Ok(ended);
        }
        sleep(Duration::from_millis(100));
    }
}
