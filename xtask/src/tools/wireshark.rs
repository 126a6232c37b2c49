//! Tshark, Wireshark without windows, which a test has read what is exported for it.

use anyhow::Result;

use super::apt_install;
use crate::process::on_path;

/// Makes sure that tshark is on `PATH`. Only on Linux that test is one.
///
/// # Errors
/// When it is missing and cannot be installed; the error has the command to type.
pub(crate) fn ensure() -> Result<()> {
    if !cfg!(target_os = "linux") || on_path("tshark").is_some() {
        return Ok(());
    }
    apt_install("Tshark", &["tshark"], "dnf install wireshark-cli")
}
