//! Other people's code against ours: the Autobahn cases, and a client written from the documentation alone.

use std::process::Command;

use anyhow::{Result, bail};

use super::report::Tally;
use super::server::{Server, after_listening_on, local_url};
use crate::process::{Heard, listen, quietly};
use crate::tools::python;
use crate::workspace::Workspace;

/// All cases but those of compression (12 and 13), which we do not offer.
const CORE_CASES: usize = 301;

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
    let passed = |line: &str| {
        line.strip_suffix(" cases passed")
            .and_then(|count| count.parse().ok())
    };
    match heard.output.lines().find_map(passed) {
        Some(CORE_CASES) if heard.success => Tally {
            passed: CORE_CASES,
            ..Tally::default()
        },
        _ => Tally::of_one(Heard {
            success: false,
            ..heard
        }),
    }
}

pub(super) fn client(ws: &Workspace) -> Result<Tally> {
    let script = ws.root().join("docs/client.py");
    if !script.is_file() {
        bail!("docs/client.py is missing");
    }
    let python = python::ensure(ws)?;
    let data = ws.target().join("client-test-data");
    if data.exists() {
        std::fs::remove_dir_all(&data)?;
    }
    let mut parlance = Command::new(ws.release_binary());
    parlance.args(["--port", "0", "--data-dir"]).arg(&data);
    let server = Server::start(&mut parlance, local_url)?;
    let heard = listen(
        Command::new(python.join("python"))
            .arg(&script)
            .arg(&server.address),
    )?;
    Ok(Tally::of_one(heard))
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
        assert_eq!(counted(true, "300 cases passed\n"), (0, 1));
        assert_eq!(counted(false, "2 cases failed\n"), (0, 1));
        assert_eq!(counted(true, ""), (0, 1));
    }
}
