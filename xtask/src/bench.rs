//! `cargo xtask bench`: the shipped server, and the load generator that measures it. `docs/PERFORMANCE.md` says how.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::dist::{self, Profile};
use crate::process::{run, say};
use crate::workspace::Workspace;

/// Flags that ask for words only, so that nothing has to be measured.
const WORDS: [&str; 3] = ["--list", "--help", "-h"];

/// `cargo xtask bench [SCENARIO…] [FLAGS]`: what stands after `bench` is for the generator.
pub(crate) fn command(ws: &Workspace, args: &[String]) -> Result<ExitCode> {
    let server = match args.iter().any(|arg| WORDS.contains(&arg.as_str())) {
        true => ws.binary(Profile::Release),
        false => dist::build(ws, Profile::Release)?,
    };
    // By itself: together with the server, the features of its baselines would get into the server.
    say("Building the load generator and the baselines");
    run(ws.cargo().args(["build", "--release", "-p", "bench"]))?;
    let status = generator(ws, "release", &server)
        .args(args)
        .status()
        .context("cannot start the generator")?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// The generator of a profile, for a server; it writes its databases below the target directory.
pub(crate) fn generator(ws: &Workspace, profile: impl AsRef<OsStr>, server: &Path) -> Command {
    let mut generator = Command::new(program(ws, profile.as_ref()));
    generator.arg("--server").arg(server);
    generator.arg("--data-dir").arg(ws.target().join("bench"));
    generator
}

fn program(ws: &Workspace, profile: &OsStr) -> PathBuf {
    ws.target()
        .join(profile)
        .join(format!("bench{}", std::env::consts::EXE_SUFFIX))
}
