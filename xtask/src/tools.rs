//! Programs that this repository uses but does not build: found on `PATH` if they fit, else installed.
//!
//! What can be installed without rights goes to `target/tools`. What only the system's package manager has is
//! installed when we are root on a system with apt; otherwise the error is the command to type.

pub(crate) mod browser;
pub(crate) mod cargo_fuzz;
pub(crate) mod node;
pub(crate) mod proxies;
pub(crate) mod python;
pub(crate) mod strace;
pub(crate) mod trunk;
pub(crate) mod wireshark;

use std::process::Command;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use anyhow::{Result, bail};

use crate::process::{on_path, quietly, read, say};

/// Who has it looks for a tool and installs it, say; whoever else needs the tool waits, and finds it.
pub(crate) fn turn(installing: &Mutex<()>) -> MutexGuard<'_, ()> {
    installing.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Installs packages of the system, or says how.
///
/// # Errors
/// When the person has to do it; the error is one line with the command.
fn apt_install(what: &str, packages: &[&str], elsewhere: &str) -> Result<()> {
    static INSTALLING: Mutex<()> = Mutex::new(());
    static UPDATE: Once = Once::new();

    let _turn = turn(&INSTALLING);
    let list = packages.join(" ");
    if on_path("apt-get").is_none() {
        bail!("{what} is missing: install it with `{elsewhere}`");
    }
    if !is_root() {
        bail!(
            "{what} is missing: install it with `sudo apt-get install --no-install-recommends {list}`"
        );
    }
    say(format!("Installing {list}"));
    let mut updated = Ok(());
    UPDATE.call_once(|| updated = quietly(apt().arg("update")));
    updated?;
    quietly(
        apt()
            .args(["install", "--yes", "--no-install-recommends"])
            .args(packages),
    )
}

fn apt() -> Command {
    let mut apt = Command::new("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive");
    // A fresh machine may be updating itself just now.
    apt.args(["-o", "DPkg::Lock::Timeout=120"]);
    apt
}

fn is_root() -> bool {
    read(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// The numbers at the first place where a program's answer to `--version` has some with a dot between.
fn version(answer: &str) -> Option<Vec<u32>> {
    let word = answer
        .split_whitespace()
        .map(|word| word.trim_start_matches('v'))
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.'))?;
    let numbers = word
        .split(['.', '-', '+'])
        .map_while(|part| part.parse().ok());
    Some(numbers.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_programs_print() {
        assert_eq!(version("trunk 0.22.1\n"), Some(vec![0, 22, 1]));
        assert_eq!(version("v20.20.2"), Some(vec![20, 20, 2]));
        assert_eq!(version("Python 3.11.7"), Some(vec![3, 11, 7]));
        assert_eq!(version("trunk 0.23.0-rc.1"), Some(vec![0, 23, 0]));
        assert_eq!(version("command not found"), None);
    }
}
