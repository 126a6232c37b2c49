//! `cargo xtask chaos`: the server, and the runner that breaks it in every way it can. `docs/chaos/README.md` says how.

use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::checks::{self, Tally};
use crate::dist;
use crate::process::{listen, listen_for, run, say};
use crate::workspace::Workspace;

/// A run that is short enough for every change: some 25 s, of which 18 s are faults.
const SHORT: &str =
    "mixed --seed 1 --minutes 0.3 --kills 8 --sends 6000 --clients 32 --transport mixed";

/// The server built with the feature `failpoints`.
const WITH_FAILPOINTS: &str = "parlance-failpoints";

/// For that run, on a busy machine: settling down takes a minute before it fails.
const SHORT_LIMIT: Duration = Duration::from_secs(5 * 60);

/// `cargo xtask chaos [FLAGS]`: what stands after `chaos` is for the runner.
pub(crate) fn command(ws: &Workspace, args: &[String]) -> Result<ExitCode> {
    say("Building the server and the runner");
    for mut cargo in builds(ws, Profile::Release) {
        run(&mut cargo)?;
    }
    let status = runner(ws, Profile::Release)
        .args(args)
        .status()
        .context("cannot start the runner")?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// The tests of the runner: above all those of its checker.
pub(crate) fn tests(ws: &Workspace) -> Result<Tally> {
    let heard = listen(ws.cargo().args(["test", "--no-fail-fast", "-p", "chaos"]))?;
    Ok(Tally::of_libtest(heard))
}

/// A short run with a fixed seed.
pub(crate) fn short(ws: &Workspace) -> Result<Tally> {
    checks::binary(ws)?;
    for mut cargo in builds(ws, Profile::Debug) {
        let built = listen(&mut cargo)?;
        if !built.success {
            return Ok(Tally::of_one(built));
        }
    }
    let heard = listen_for(
        runner(ws, Profile::Debug).args(SHORT.split(' ')),
        SHORT_LIMIT,
    )?;
    Ok(Tally::of_one(heard))
}

/// How what is not shipped is compiled: the runner, and the server that can be told to die at a bad moment.
#[derive(Debug, Clone, Copy)]
enum Profile {
    /// In a quarter of the time, and with checks of its own.
    Debug,
    /// For long runs.
    Release,
}

impl Profile {
    fn cargo(self, ws: &Workspace, words: &[&str]) -> Command {
        let mut cargo = ws.cargo();
        cargo.args(["build", "-p"]).args(words);
        if let Self::Release = self {
            cargo.arg("--release");
        }
        cargo
    }

    /// How the server beside it is compiled that does not die by itself.
    fn of_server(self) -> dist::Profile {
        match self {
            Self::Debug => dist::Profile::Quick,
            Self::Release => dist::Profile::Release,
        }
    }

    fn program(self, ws: &Workspace, name: &str) -> PathBuf {
        let folder = match self {
            Self::Debug => "debug",
            Self::Release => "release",
        };
        ws.target()
            .join(folder)
            .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }
}

/// The server as it is tried or shipped, the one that can be told to die, and the runner: one by one, for together they would have
/// other features of the same crates, and everything below would be compiled anew.
fn builds(ws: &Workspace, profile: Profile) -> [Command; 3] {
    let failpoints = [
        "backend",
        "--features",
        "failpoints",
        "--bin",
        WITH_FAILPOINTS,
    ];
    [
        dist::server(ws, profile.of_server()),
        profile.cargo(ws, &failpoints),
        profile.cargo(ws, &["chaos"]),
    ]
}

fn runner(ws: &Workspace, profile: Profile) -> Command {
    let mut runner = Command::new(profile.program(ws, "chaos"));
    runner
        .current_dir(ws.root())
        .arg("--server")
        .arg(ws.binary(profile.of_server()))
        .arg("--server-with-failpoints")
        .arg(profile.program(ws, WITH_FAILPOINTS))
        .args(["--commit", &commit(ws)]);
    runner
}

/// What is checked out, as git calls it; the report says so.
fn commit(ws: &Workspace) -> String {
    let said = Command::new("git")
        .args(["describe", "--always", "--dirty"])
        .current_dir(ws.root())
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output();
    let name = said.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    name.ok()
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "unknown".to_owned())
}
