//! The seeds of the fuzz targets, run as ordinary tests: so the targets keep compiling and what was found stays fixed.
//! `cargo xtask fuzz` goes on from these seeds for as long as one likes.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

#[path = "../../../fuzz/src"]
#[allow(dead_code, reason = "libFuzzer calls the rest")]
mod targets {
    pub(crate) mod client_frames;
    pub(crate) mod client_messages;
    pub(crate) mod log_replay;
    pub(crate) mod markdown;
    pub(crate) mod search_queries;
    pub(crate) mod server_messages;

    mod history;
    mod places;
}

use std::path::Path;

/// Runs each file of a target's folder; there must be at least as many as were committed first.
fn run_seeds(target: &str, run: fn(&[u8]), at_least: usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds");
    let files = std::fs::read_dir(folder.join(target)).unwrap();
    let mut count = 0;
    for file in files {
        let file = file.unwrap().path();
        println!("{}", file.display());
        run(&std::fs::read(file).unwrap());
        count += 1;
    }
    assert!(count >= at_least, "{count} seeds");
}

/// M5, M7
#[test]
fn client_frames() {
    run_seeds("client_frames", targets::client_frames::run, 9);
}

/// M2, M3, M5
#[test]
fn client_messages() {
    run_seeds("client_messages", targets::client_messages::run, 17);
}

/// M2, M4, C5
#[test]
fn server_messages() {
    run_seeds("server_messages", targets::server_messages::run, 8);
}

/// D2, R6
#[test]
fn log_replay() {
    run_seeds("log_replay", targets::log_replay::run, 4);
}

/// F1, F3, F4
#[test]
fn search_queries() {
    run_seeds("search_queries", targets::search_queries::run, 8);
}

/// What a message looks like has no rules in the protocol.
#[test]
fn markdown() {
    run_seeds("markdown", targets::markdown::run, 8);
}
