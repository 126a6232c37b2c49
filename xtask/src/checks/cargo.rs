//! Tests that cargo runs, natively and in a browser.

use anyhow::Result;

use super::report::Tally;
use crate::process::{listen, path_with, say};
use crate::toolchain::{self, WASM};
use crate::tools::{browser, proxies, strace, trunk, wireshark};
use crate::workspace::Workspace;

pub(super) fn xtask(ws: &Workspace) -> Result<Tally> {
    natively(ws, "xtask")
}

pub(super) fn shared(ws: &Workspace) -> Result<Tally> {
    natively(ws, "shared")
}

pub(super) fn backend(ws: &Workspace) -> Result<Tally> {
    // Without them some tests fail and say what to type; the others run.
    for ensured in [strace::ensure(), proxies::ensure(), wireshark::ensure()] {
        if let Err(error) = ensured {
            say(format!("{error:#}"));
        }
    }
    natively(ws, "backend")
}

fn natively(ws: &Workspace, package: &str) -> Result<Tally> {
    let heard = listen(ws.cargo().args(["test", "--no-fail-fast", "-p", package]))?;
    Ok(Tally::of_libtest(heard))
}

/// Each test binary is a page in headless Chromium.
pub(super) fn wasm(ws: &Workspace) -> Result<Tally> {
    toolchain::ensure_wasm_target(ws)?;
    let browser = browser::ensure()?;
    let bindgen = trunk::bindgen(ws)?;
    let runner = bindgen.join(format!(
        "wasm-bindgen-test-runner{}",
        std::env::consts::EXE_SUFFIX
    ));
    // Documentation tests would each be a browser of their own.
    let heard = listen(
        ws.cargo()
            .args(["test", "--no-fail-fast", "-p", "shared", "-p", "frontend"])
            .args(["--lib", "--bins", "--tests", "--target", WASM])
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
            .env("CHROMEDRIVER", browser.chromedriver)
            .env("WASM_BINDGEN_USE_BROWSER", "1")
            // The defaults, 5 and 20 seconds, are too short for a busy machine.
            .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60")
            .env("WASM_BINDGEN_TEST_TIMEOUT", "180")
            .env("PATH", path_with(&[&bindgen])?),
    )?;
    Ok(Tally::of_libtest(heard))
}
