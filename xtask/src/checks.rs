//! Everything that must hold before a change goes in: `cargo xtask test` runs this list, and so does CI.
//!
//! A check that fails does not stop the others. One that ran no test has failed. Two run at a time: compilers end in
//! one thread, and tests wait. What measures time has the machine to itself at the end.

mod app;
mod bench;
mod cargo;
mod e2e;
mod peers;
mod report;
mod server;

use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Result, anyhow, bail};

use crate::chaos;
use crate::lint;
use crate::tools::browser;
use crate::workspace::Workspace;

pub(crate) use app::binary;
pub(crate) use report::Tally;

#[derive(Debug, Clone, Copy)]
struct Check {
    name: &'static str,
    run: fn(&Workspace) -> Result<Tally>,
    /// Installs what takes minutes and is used late.
    ahead: Option<fn(&Workspace) -> Result<()>>,
    /// Runs when no other check does.
    alone: bool,
}

const fn check(name: &'static str, run: fn(&Workspace) -> Result<Tally>) -> Check {
    Check {
        name,
        run,
        ahead: None,
        alone: false,
    }
}

impl Check {
    /// Begins with an installation while other checks are run: they leave parts of the machine idle.
    const fn installing(mut self, ahead: fn(&Workspace) -> Result<()>) -> Self {
        self.ahead = Some(ahead);
        self
    }

    const fn alone(mut self) -> Self {
        self.alone = true;
        self
    }

    fn run(&self, ws: &Workspace) -> Tally {
        report::begins(self.name);
        let started = Instant::now();
        let tally = (self.run)(ws)
            .unwrap_or_else(Tally::from_error)
            .at_least_one();
        report::ended(self.name, &tally, started.elapsed());
        Tally {
            output: String::new(),
            ..tally
        }
    }
}

/// In the order in which they begin. What compiles into the same folder waits for the other, so the release stands
/// between the parts, which are compiled for tests.
const CHECKS: [Check; 23] = [
    // The text.
    check("lint: formatting", lint::formatting),
    check("lint: dependencies point one way", lint::crates),
    check("lint: backend layers point one way", lint::layers),
    check("lint: no clock, IO or chance in shared", lint::purity),
    check("lint: a test for each protocol rule", lint::rules),
    check("lint: words come from the locale", lint::words),
    check("lint: the languages say the same", lint::languages),
    check("lint: clippy", lint::clippy),
    // The whole, and the parts, each by itself.
    check("app: builds", app::builds),
    check("lint: clippy for wasm", lint::clippy_wasm),
    check("lint: flags in the READMEs", lint::flags),
    check("tests of backend", cargo::backend),
    check("app: budget, nothing foreign in it", app::contents),
    // It compiles trunk, in a folder of its own.
    check("app: trunk builds it too", app::trunk),
    check("chaos: a short run", chaos::short),
    check("tests of xtask", cargo::xtask),
    check("tests of shared", cargo::shared),
    check("tests of chaos", chaos::tests),
    check("bench: counts right, delivers everything", bench::delivers),
    check("conformance: the Autobahn cases", peers::conformance),
    check("client: the example of the docs", peers::client),
    check("tests in the browser: shared, frontend", cargo::wasm)
        .installing(|_| browser::ensure().map(drop)),
    check("end to end: browsers, whole binary", e2e::browsers).alone(),
];

/// How many checks run at a time.
const LANES: usize = 2;

/// `cargo xtask test [FILTER]`
pub(crate) fn test(ws: &Workspace, args: &[String]) -> Result<ExitCode> {
    match args {
        [] => run(ws, ""),
        [filter] if !filter.starts_with('-') => run(ws, filter),
        _ => bail!("usage: cargo xtask test [part of a check's name]"),
    }
}

/// `cargo xtask ci`: the same, with the list first.
pub(crate) fn ci(ws: &Workspace) -> Result<ExitCode> {
    for check in CHECKS {
        println!("        {}", check.name);
    }
    run(ws, "")
}

/// Runs each check whose name contains `filter`. The last line that this prints is the sum.
///
/// # Errors
/// When no check has such a name.
pub(crate) fn run(ws: &Workspace, filter: &str) -> Result<ExitCode> {
    let chosen = || CHECKS.iter().filter(|check| check.name.contains(filter));
    if chosen().next().is_none() {
        bail!("no check has `{filter}` in its name; `cargo xtask ci` lists them");
    }
    for install in chosen().filter_map(|check| check.ahead) {
        let ws = ws.clone();
        // If it fails, the check tries again, and says why.
        std::thread::spawn(move || install(&ws));
    }
    let together = Mutex::new(chosen().filter(|check| !check.alone));
    let lane = || {
        let next = || {
            together
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .next()
        };
        std::iter::from_fn(next).fold(Tally::default(), |sum, check| sum + check.run(ws))
    };
    let mut total = std::thread::scope(|scope| {
        let lanes = [(); LANES].map(|()| scope.spawn(lane));
        let tallies = lanes.into_iter().map(|lane| lane.join());
        tallies.fold(Tally::default(), |sum, tally| {
            sum + tally.unwrap_or_else(|_| Tally::from_error(anyhow!("a check panicked")))
        })
    });
    for check in chosen().filter(|check| check.alone) {
        total = total + check.run(ws);
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    Ok(if total.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
