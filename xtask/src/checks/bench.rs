//! The load generator counts right, and what it measures delivers everything. No time is asserted.

use std::time::Duration;

use anyhow::Result;

use super::app;
use super::report::Tally;
use crate::bench;
use crate::process::{listen, listen_for, quietly};
use crate::workspace::Workspace;

/// A run of tiny sizes takes some seconds.
const LIMIT: Duration = Duration::from_secs(120);

/// The tests of the generator, then each scenario at its tiny size against the binary that `cargo xtask run` starts.
pub(super) fn delivers(ws: &Workspace) -> Result<Tally> {
    let tests = listen(ws.cargo().args(["test", "--no-fail-fast", "-p", "bench"]))?;
    let tests = Tally::of_libtest(tests);
    let server = app::binary(ws)?;
    quietly(ws.cargo().args(["build", "-p", "bench"]))?;
    let mut generator = bench::generator(ws, "debug", &server);
    let heard = listen_for(generator.arg("--tiny"), LIMIT)?;
    Ok(tests + Tally::of_last_line(heard))
}
