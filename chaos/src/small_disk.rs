//! A file system of a few megabytes that can be filled up. Only root can mount one.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

/// A tmpfs, gone with this.
#[derive(Debug)]
pub(crate) struct SmallDisk {
    folder: PathBuf,
}

impl SmallDisk {
    /// Mounts one at a folder, which is made. `None` when that is not allowed here.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub(crate) fn mount(folder: &Path, mib: u64) -> Result<Option<Self>> {
        fs::create_dir_all(folder)?;
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={mib}m"), "chaos"])
            .arg(folder)
            .stderr(Stdio::null())
            .status();
        let disk = mounted.is_ok_and(|status| status.success()).then(|| Self {
            folder: folder.to_owned(),
        });
        Ok(disk)
    }

    /// Writes a ballast until nothing more fits; returns its size in bytes.
    ///
    /// # Errors
    /// When writing fails for another reason.
    pub(crate) fn fill(&self) -> Result<u64> {
        let mut ballast = File::options()
            .create(true)
            .append(true)
            .open(self.ballast())?;
        // In pages, for the last one to fit too.
        let page = [0_u8; 4_096];
        loop {
            match ballast.write_all(&page) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => {
                    return Ok(ballast.metadata()?.len());
                }
                Err(error) => return Err(error).context("cannot write the ballast"),
            }
        }
    }

    /// Takes the ballast away.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub(crate) fn empty(&self) -> Result<()> {
        fs::remove_file(self.ballast()).context("cannot remove the ballast")
    }

    fn ballast(&self) -> PathBuf {
        self.folder.join("ballast")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: whoever still has a file open there shall not keep it mounted.
        let mut umount = Command::new("umount");
        let _ = umount
            .arg("-l")
            .arg(&self.folder)
            .stderr(Stdio::null())
            .status();
    }
}
