//! The command line, and the run that it asks for.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Parser;

use crate::machine::{self, Cores};
use crate::report::{Report, Table};
use crate::scenarios::{ALL, Bench, Scenario, Size};
use crate::system::Place;

/// Measures Parlance next to the floor and to stock warp; docs/PERFORMANCE.md explains the figures
#[derive(Debug, Parser)]
#[command(name = "bench", version, about)]
pub struct Cli {
    /// What to measure; everything if nothing is named
    scenarios: Vec<String>,

    /// The server binary
    #[arg(long, value_name = "FILE", required_unless_present = "list")]
    server: Option<PathBuf>,

    /// Folder for the databases: the disk that is measured
    #[arg(long, value_name = "FOLDER", default_value = "target/bench")]
    data_dir: PathBuf,

    /// How often each case is run; the tables have medians
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=100))]
    runs: u16,

    /// Smaller sizes, a few minutes in all
    #[arg(long)]
    quick: bool,

    /// Tiny sizes, once: shows that everything arrives, measures nothing
    #[arg(long, conflicts_with = "quick")]
    tiny: bool,

    /// Where to write all values, runs and ratios
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Name the scenarios and do nothing
    #[arg(long)]
    list: bool,
}

/// Does what was asked; the last line that it prints is the sum. False if a scenario failed.
///
/// # Errors
/// When a scenario does not exist, or the machine does not let us measure.
pub fn run(cli: &Cli) -> Result<bool> {
    if cli.list {
        for scenario in ALL {
            println!("{:<8} {}", scenario.name, scenario.about);
        }
        return Ok(true);
    }
    let chosen = chosen(&cli.scenarios)?;
    let bench = bench(cli)?;
    let mut report = Report {
        machine: machine::description(),
        cores: bench
            .place
            .cores
            .map(|cores| (cores.server, cores.generator)),
        runs: bench.runs,
        size: format!("{:?}", bench.size).to_lowercase(),
        cases: Vec::new(),
    };
    print_head(&report);
    let (mut passed, mut failed) = (0, 0);
    for scenario in chosen {
        eprintln!("{}", scenario.name);
        match (scenario.run)(&bench) {
            Ok(cases) => {
                passed += 1;
                report.cases.extend(cases.iter().map(Table::of));
            }
            Err(error) => {
                failed += 1;
                println!("\nFAILED {}: {error:#}", scenario.name);
            }
        }
        if let Some(path) = &cli.json {
            std::fs::write(path, serde_json::to_vec_pretty(&report)?)
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
    }
    println!("\n{passed} passed, {failed} failed");
    Ok(failed == 0)
}

fn chosen(names: &[String]) -> Result<Vec<Scenario>> {
    for name in names {
        if !ALL.iter().any(|scenario| scenario.name == name) {
            bail!("no scenario `{name}`; --list names them");
        }
    }
    let is_chosen =
        |scenario: &Scenario| names.is_empty() || names.iter().any(|name| name == scenario.name);
    Ok(ALL.into_iter().filter(is_chosen).collect())
}

fn bench(cli: &Cli) -> Result<Bench> {
    let server = cli.server.clone().context("--server is missing")?;
    let files = machine::raise_open_files()?;
    let cores = Cores::choose();
    if let Some(cores) = cores {
        machine::pin(cores.generator)?;
    }
    let size = match (cli.tiny, cli.quick) {
        (true, _) => Size::Tiny,
        (_, true) => Size::Quick,
        _ => Size::Full,
    };
    Ok(Bench {
        place: Place {
            server,
            data: cli.data_dir.clone(),
            cores,
        },
        size,
        runs: if cli.tiny { 1 } else { usize::from(cli.runs) },
        files,
    })
}

fn print_head(report: &Report) {
    let pinned = match report.cores {
        Some((server, generator)) => {
            format!("server on core {server}, generator on core {generator}")
        }
        None => "server and generator share one core: the figures mean little".into(),
    };
    let (runs, size) = (report.runs, &report.size);
    println!(
        "{}; {pinned}; {size}, medians of {runs} run(s)",
        report.machine
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scenarios_are_chosen_by_name_and_mistakes_are_named() {
        let names = |names: &[&str]| names.iter().map(|&n| n.to_owned()).collect::<Vec<_>>();
        assert_eq!(chosen(&[]).unwrap().len(), ALL.len());
        let two = chosen(&names(&["sends", "room"])).unwrap();
        let two: Vec<_> = two.iter().map(|scenario| scenario.name).collect();
        assert_eq!(two, ["room", "sends"]);
        let error = chosen(&names(&["romo"])).unwrap_err();
        assert!(error.to_string().contains("`romo`"));
    }

    #[test]
    fn the_flags_are_consistent() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }
}
