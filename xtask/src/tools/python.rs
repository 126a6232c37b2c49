//! A Python of our own with the two packages that tests use.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use anyhow::{Context, Result, bail};

use super::{apt_install, turn, version};
use crate::process::{quietly, read, say};
use crate::workspace::Workspace;

/// The Autobahn cases, and the WebSocket library of the example client.
const PACKAGES: [&str; 2] = ["kosoku==0.1.0", "websockets==16.1.1"];
/// What the first of them needs.
const OLDEST: [u32; 2] = [3, 10];

/// The folder with `python` and the commands of the packages.
///
/// # Errors
/// When Python is missing, too old, or the packages cannot be had.
pub(crate) fn ensure(ws: &Workspace) -> Result<PathBuf> {
    static INSTALLING: Mutex<()> = Mutex::new(());
    let _turn = turn(&INSTALLING);
    let venv = ws.tools().join("venv");
    let bin = venv.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let stamp = venv.join("packages");
    let wanted = PACKAGES.join("\n");
    if fs::read_to_string(&stamp).is_ok_and(|have| have == wanted) && bin.join("python").exists() {
        return Ok(bin);
    }
    say(format!(
        "Installing {} into target/tools",
        PACKAGES.join(" and ")
    ));
    create(&venv)?;
    quietly(
        Command::new(bin.join("python"))
            .args(["-m", "pip", "install", "--quiet"])
            .args(PACKAGES),
    )?;
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(bin)
}

fn create(venv: &Path) -> Result<()> {
    let make = || {
        quietly(
            Command::new("python3")
                .args(["-m", "venv", "--clear"])
                .arg(venv),
        )
    };
    if make().is_err() {
        // Debian has the module in a package of its own.
        apt_install(
            "Python with venv",
            &["python3", "python3-venv"],
            "brew install python",
        )?;
        make()?;
    }
    let answer = read(Command::new("python3").arg("--version"))?;
    if version(&answer).is_none_or(|found| found[..2] < OLDEST[..]) {
        bail!(
            "the tests need Python 3.10 or newer, and this is {}",
            answer.trim()
        );
    }
    Ok(())
}
