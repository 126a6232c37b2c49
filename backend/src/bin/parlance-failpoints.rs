//! The server with failpoints, for `cargo xtask chaos`: otherwise the binary `parlance`.

#![forbid(unsafe_code)]

use std::process::ExitCode;

use backend::config::Cli;
use clap::Parser;

fn main() -> ExitCode {
    match backend::server::run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("parlance-failpoints: {error}");
            ExitCode::FAILURE
        }
    }
}
