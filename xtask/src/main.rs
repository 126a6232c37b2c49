//! `cargo xtask …`: everything a person does with this repository beyond writing code.
//!
//! Each command finds out what it needs, installs what is missing below `target/tools`, and says so.
//! Nothing here is part of what runs in production.

mod alike;
mod bench;
mod bindgen;
mod chaos;
mod checks;
mod compress;
mod dev;
mod dist;
mod fuzz;
mod lint;
mod minify;
mod names;
mod open;
mod pack;
mod page;
mod parts;
mod process;
mod run;
mod toolchain;
mod tools;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::workspace::Workspace;

const HELP: &str = "\
usage: cargo xtask <command>

  run [--port N] [--data-dir DIR] [--open] [-- FLAGS]   build everything and serve it
  dist [--quick]                                        build the release binary with the app inside
  dev [FLAGS]                                           live reload on port 8000, the server behind it
  lint [--fix]                                          the rules about the text alone
  bench [SCENARIO…] [--runs N] [--quick] [--json FILE]  measure the server next to the floor and to stock warp
  chaos [SCENARIO] [FLAGS]                              break the server and check that nothing is lost
  test [FILTER]                                         every check, or those with FILTER in their name
  fuzz [TARGET] [--seconds N]                           random input for what reads from others, 60 s each
  ci                                                    every check, listed first

FLAGS are those of the server: cargo run -p backend -- --help
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
        "dev" => dev::command(&ws, rest),
        "lint" => lint::command(&ws, rest),
        "bench" => bench::command(&ws, rest),
        "chaos" => chaos::command(&ws, rest),
        "test" => checks::test(&ws, rest),
        "fuzz" => fuzz::command(&ws, rest),
        "ci" => checks::ci(&ws),
        open::WHEN_READY => open::when_ready(rest),
        "help" | "-h" | "--help" => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        other => bail!("no command `{other}`; `cargo xtask help` lists them"),
    }
}
