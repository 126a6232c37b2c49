//! The binary `parlance`: flags in, a server out; or one of the other things that it can do.

#![forbid(unsafe_code)]

use std::process::ExitCode;

use backend::config::{Cli, Command, flags_markdown};
use clap::Parser;
use rust_embed::RustEmbed;

/// The app inside of the binary; without it the server tells how to build it.
#[derive(RustEmbed)]
#[folder = "../frontend/dist"]
#[allow_missing = true]
struct Dist;

/// Which app that is, if `cargo xtask` has packed it: another one makes another binary.
const _: Option<&str> = option_env!("PARLANCE_APP");

/// The exit code for what the person who starts the server has to change.
const EXIT_USAGE: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::parse();
    if cli.flags_markdown {
        print!("{}", flags_markdown());
        return ExitCode::SUCCESS;
    }
    match &cli.command {
        Some(Command::Doctor(options)) => return backend::doctor::run(options),
        Some(Command::Recording(options)) => return backend::recording::run(options),
        None => {}
    }
    match backend::server::run(&cli, Dist::get) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("parlance: {error}");
            ExitCode::from(EXIT_USAGE)
        }
    }
}
