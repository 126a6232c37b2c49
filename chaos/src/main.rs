//! `chaos`: breaks a Parlance server in every way it can, and checks that nothing is lost, doubled or out of order.
//!
//! Many clients run the Session of `shared` as the browser does. What they write, hear and show is recorded without the
//! Session's help, and compared with the database at the end. It exits with 1 if anything is wrong, with 2 if it could not
//! be played.

#![forbid(unsafe_code)]

mod options;

mod scenario;

mod director;
mod plan;
mod stage;

mod client;
mod crowd;
mod http;
mod names;
mod proxy;
mod run;
mod server;
mod small_disk;
mod speech;

mod check;
mod database;
mod history;
mod state;

mod measure;
mod random;
mod report;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use tokio::task::LocalSet;

use options::{Options, Scenario};
use report::Report;

/// The exit code for a scenario that could not be played to its end.
const EXIT_UNPLAYED: u8 = 2;

fn main() -> ExitCode {
    let options = Options::parse();
    match play(&options) {
        Ok(reports) if reports.iter().all(Report::is_good) => ExitCode::SUCCESS,
        Ok(reports)
            if reports
                .iter()
                .all(|report| report.is_good() || report.skipped.is_some()) =>
        {
            ExitCode::from(EXIT_UNPLAYED)
        }
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("chaos: {error:#}");
            ExitCode::from(EXIT_UNPLAYED)
        }
    }
}

/// Everything runs on one thread, so that the server has the other core for itself.
fn play(options: &Options) -> Result<Vec<Report>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut reports = Vec::new();
    for scenario in scenarios(options.scenario) {
        let report = LocalSet::new().block_on(&runtime, scenario::play(*scenario, options))?;
        print!("{}", report.table());
        reports.push(report);
    }
    if let Some(file) = &options.json {
        stage::write_json(file, &reports)?;
    }
    Ok(reports)
}

fn scenarios(chosen: Scenario) -> &'static [Scenario] {
    use Scenario::{All, DiskFull, Flood, Mixed, Overload, Restart, Resume, SlowReaders};
    match chosen {
        Mixed => &[Mixed],
        Restart => &[Restart],
        SlowReaders => &[SlowReaders],
        DiskFull => &[DiskFull],
        Overload => &[Overload],
        Flood => &[Flood],
        Resume => &[Resume],
        All => &[
            Mixed,
            Restart,
            SlowReaders,
            DiskFull,
            Overload,
            Flood,
            Resume,
        ],
    }
}
