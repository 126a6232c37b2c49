//! The binary `parlance`: flags in, a server out.

#![forbid(unsafe_code)]

use std::process::ExitCode;

use backend::config::{Cli, flags_markdown};
use clap::Parser;

/// The exit code for what the person who starts the server has to change.
const EXIT_USAGE: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::parse();
    if cli.flags_markdown {
        print!("{}", flags_markdown());
        return ExitCode::SUCCESS;
    }
    match backend::server::run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("parlance: {error}");
            ExitCode::from(EXIT_USAGE)
        }
    }
}
