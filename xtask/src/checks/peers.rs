//! Other people's code against ours: the Autobahn cases, and a client written from the documentation alone.

use std::fs;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::app;
use super::report::Tally;
use super::server::{Server, after_listening_on, local_url};
use crate::process::{Heard, listen, listen_for, quietly};
use crate::tools::python;
use crate::workspace::Workspace;

/// All cases but those of compression (12 and 13), which we do not offer.
const CORE_CASES: usize = 301;

/// The client tries again for ever, as a client should.
const CLIENT_LIMIT: Duration = Duration::from_secs(30);

pub(super) fn conformance(ws: &Workspace) -> Result<Tally> {
    let python = python::ensure(ws)?;
    quietly(
        ws.cargo()
            .args(["build", "-p", "backend", "--example", "echo"]),
    )?;
    let echo = ws
        .target()
        .join("debug/examples")
        .join(format!("echo{}", std::env::consts::EXE_SUFFIX));
    let server = Server::start(Command::new(echo).args(["--port", "0"]), after_listening_on)?;
    let heard = listen(
        Command::new(python.join("kosoku"))
            .arg(&server.address)
            .args([
                "--exclude",
                "12.*",
                "--exclude",
                "13.*",
                "--parallelism",
                "4",
            ])
            .arg("--outdir")
            .arg(ws.target().join("conformance")),
    )?;
    Ok(cases(heard))
}

/// Kosoku succeeds only if each case is OK, NON-STRICT or INFORMATIONAL. One case too few is a failure too.
fn cases(heard: Heard) -> Tally {
    let (all, failed) = heard.output.lines().find_map(verdict).unwrap_or((0, 0));
    let failed = if heard.success && all == CORE_CASES {
        failed
    } else {
        failed.max(1)
    };
    Tally {
        passed: all.saturating_sub(failed),
        failed,
        output: heard.output,
    }
}

/// How many cases there were and how many failed: `301 cases passed` or `2 of 301 cases failed:`.
fn verdict(line: &str) -> Option<(usize, usize)> {
    if let Some(all) = line.strip_suffix(" cases passed") {
        return Some((all.parse().ok()?, 0));
    }
    let (failed, all) = line.strip_suffix(" cases failed:")?.split_once(" of ")?;
    Some((all.parse().ok()?, failed.parse().ok()?))
}

/// Two people with the client of `docs/`, one after the other: the second reads what the first said.
pub(super) fn client(ws: &Workspace) -> Result<Tally> {
    let python = python::ensure(ws)?.join("python");
    let data = ws.target().join("client-test");
    if data.exists() {
        fs::remove_dir_all(&data).with_context(|| format!("cannot remove {}", data.display()))?;
    }
    let mut parlance = Command::new(app::binary(ws)?);
    parlance.args(["--port", "0", "--data-dir"]).arg(&data);
    let server = Server::start(&mut parlance, local_url)?;

    let says = |name: &str, text: &str, expected: &[&str]| -> Result<Tally> {
        let mut client = Command::new(&python);
        client
            .current_dir(ws.root())
            .arg("docs/client.py")
            .args([&server.address, name, text]);
        let mut heard = listen_for(&mut client, CLIENT_LIMIT)?;
        heard.success &= expected.iter().all(|line| heard.output.contains(line));
        Ok(Tally::of_one(heard))
    };
    let ada = says("Ada", "hello", &["Ada hello"])?;
    let grace = says(
        "Grace",
        "good evening",
        &["Ada hello", "Grace good evening"],
    )?;
    Ok(ada + grace)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(success: bool, output: &str) -> (usize, usize) {
        let tally = cases(Heard {
            success,
            output: output.to_owned(),
        });
        (tally.passed, tally.failed)
    }

    #[test]
    fn exactly_the_core_cases_must_have_passed() {
        assert_eq!(counted(true, "wrote reports\n301 cases passed\n"), (301, 0));
        assert_eq!(counted(true, "300 cases passed\n"), (299, 1));
        assert_eq!(
            counted(false, "2 of 301 cases failed:\n  7.1.5: x\n"),
            (299, 2)
        );
        assert_eq!(counted(false, "Traceback"), (0, 1));
        assert_eq!(counted(true, ""), (0, 1));
    }
}
