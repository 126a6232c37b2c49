//! `cargo xtask …`: everything a person does with this repository beyond writing code.
//!
//! Each command finds out what it needs, installs what is missing below `target/tools`, and says so.
//! Nothing here is part of what runs in production.

mod bindgen;
mod compress;
mod dist;
mod open;
mod pack;
mod page;
mod process;
mod run;
mod toolchain;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::workspace::Workspace;

const HELP: &str = "\
usage: cargo xtask <command>

  run [--port N] [--data-dir DIR] [--open] [-- FLAGS]   build everything and serve it
  dist                                                  build the release binary with the app inside
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&args) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[String]) -> Result<ExitCode> {
    let (command, rest) = match args.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", args),
    };
    let ws = Workspace::find()?;
    match command {
        "run" => run::run(&ws, rest),
        "dist" => dist::command(&ws, rest),
        open::WHEN_READY => open::when_ready(rest),
        "help" | "-h" | "--help" => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        other => bail!("no command `{other}`; `cargo xtask help` lists them"),
    }
}
