//! The server with failpoints, for `cargo xtask chaos`: otherwise the binary `parlance`, without the app.

#![forbid(unsafe_code)]

use std::process::ExitCode;

use backend::config::Cli;
use backend::web::assets;
use clap::Parser;

fn main() -> ExitCode {
    match backend::server::run(&Cli::parse(), assets::none) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("parlance-failpoints: {error}");
            ExitCode::FAILURE
        }
    }
}
