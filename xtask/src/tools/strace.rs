//! Strace, with which a test watches when the server writes, syncs and answers.

use anyhow::Result;

use super::apt_install;
use crate::process::on_path;

/// Makes sure that strace is on `PATH`. Only Linux has it, and only there the test is one.
///
/// # Errors
/// When it is missing and cannot be installed; the error has the command to type.
pub(crate) fn ensure() -> Result<()> {
    if !cfg!(target_os = "linux") || on_path("strace").is_some() {
        return Ok(());
    }
    apt_install("Strace", &["strace"], "dnf install strace")
}
