//! Where things are: the repository, cargo's target directory, and the tools kept below it.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::dist::Profile;

#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Finds the repository from what cargo tells its child, and the target directory from where this program lies.
    ///
    /// # Errors
    /// When started neither by cargo nor from a target directory.
    pub(crate) fn find() -> Result<Self> {
        let member = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = member
            .parent()
            .context("the xtask member has no parent folder")?
            .to_owned();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(dir) => env::current_dir()?.join(dir),
            None => target_above(&env::current_exe()?)
                .map_or_else(|| root.join("target"), Path::to_owned),
        };
        Ok(Self { root, target })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Tools that only this repository uses; never the person's own `~/.cargo`.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    pub(crate) fn frontend(&self) -> PathBuf {
        self.root.join("frontend")
    }

    /// What the backend embeds.
    pub(crate) fn dist(&self) -> PathBuf {
        self.frontend().join("dist")
    }

    /// The server, compiled in this profile.
    pub(crate) fn binary(&self, profile: Profile) -> PathBuf {
        self.target
            .join(profile.name())
            .join(format!("parlance{}", env::consts::EXE_SUFFIX))
    }

    /// A cargo that works in this repository and writes to the same target directory as the one that started us.
    pub(crate) fn cargo(&self) -> Command {
        self.here(Command::new(cargo()))
    }

    /// The same, which leaves the cores to others that want them. Where there is no `nice`, it does not start.
    pub(crate) fn patient_cargo(&self) -> Command {
        let mut nice = Command::new("nice");
        nice.arg(cargo());
        self.here(nice)
    }

    fn here(&self, mut command: Command) -> Command {
        command
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target);
        command
    }
}

fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The folder that holds the profile folder that `program` lies in.
fn target_above(program: &Path) -> Option<&Path> {
    program
        .ancestors()
        .find(|dir| dir.ends_with("debug") || dir.ends_with("release"))?
        .parent()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_directory_is_above_the_profile() {
        let found = |program: &str| target_above(Path::new(program)).map(Path::to_owned);
        assert_eq!(found("/w/target/debug/xtask"), Some("/w/target".into()));
        assert_eq!(found("/t/debug/deps/xtask-0123"), Some("/t".into()));
        assert_eq!(found("/usr/bin/xtask"), None);
    }
}
