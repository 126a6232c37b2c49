//! The plays: each sets a stage, lets something go wrong, and reports.

mod disk_full;
mod mixed;
mod overload;
mod restart;
mod resume;
mod slow_readers;

use anyhow::{Result, bail};

use crate::options::{Options, Scenario};
use crate::report::Report;

/// Plays one.
///
/// # Errors
/// When it could not be played to its end; what is wrong with the server is in the report.
pub(crate) async fn play(scenario: Scenario, options: &Options) -> Result<Report> {
    match scenario {
        Scenario::Mixed => mixed::play(options).await,
        Scenario::Restart => restart::play(options).await,
        Scenario::SlowReaders => slow_readers::play(options).await,
        Scenario::DiskFull => disk_full::play(options).await,
        Scenario::Overload => overload::play(options).await,
        Scenario::Flood => overload::flood(options).await,
        Scenario::Resume => resume::play(options).await,
        Scenario::All => bail!("that is not one scenario"),
    }
}
