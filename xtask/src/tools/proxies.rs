//! Nginx and HAProxy, which the tests of `parlance doctor` set up wrongly.

use std::path::Path;

use anyhow::Result;

use super::apt_install;
use crate::process::on_path;

/// Makes sure that both are there. Only on Linux those tests are ones.
///
/// # Errors
/// When one is missing and cannot be installed; the error has the command to type.
pub(crate) fn ensure() -> Result<()> {
    // Debian puts them where only the administrator's shell looks.
    let has = |program: &str| {
        let sbin = Path::new("/usr/sbin").join(program);
        on_path(program).is_some() || sbin.is_file()
    };
    if !cfg!(target_os = "linux") || (has("nginx") && has("haproxy")) {
        return Ok(());
    }
    apt_install(
        "Nginx or HAProxy",
        &["nginx-light", "haproxy", "openssl"],
        "dnf install nginx haproxy openssl",
    )
}
