//! Where a scenario is played: a folder, a server in it, and at the end the verdict over its database.

use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use tokio::time::Instant;

use crate::check::{self, Findings, Kind};
use crate::crowd::Crowd;
use crate::database;
use crate::options::Options;
use crate::report::Report;
use crate::run::Run;
use crate::server::{self, Armed, Recipe, Server};

/// Sends a second that one person may make: not what is tested here, but for `overload`.
const SEND_RATE: u32 = 100_000;

/// How long nothing may move after the last fault, when not everything is at rest: longer than it takes to notice a dead link.
const REST: Duration = Duration::from_secs(60);

/// The folder and the recipe; removed with everything in it, unless the person named it.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) recipe: Recipe,
    begun: Instant,
    _temporary: Option<TempDir>,
}

impl Stage {
    /// Finds a folder and a port.
    ///
    /// # Errors
    /// When the folder is not empty, or there is no port.
    pub(crate) fn set(options: &Options, name: &str) -> Result<Self> {
        let (folder, temporary) = match &options.folder {
            Some(folder) => (folder.join(name), None),
            None => {
                let temporary = TempDir::with_prefix("chaos-")?;
                (temporary.path().to_owned(), Some(temporary))
            }
        };
        let data = folder.join("data");
        ensure!(!data.exists(), "{} exists already", data.display());
        fs::create_dir_all(&folder)?;
        let recipe = Recipe {
            binary: options.server.clone(),
            with_failpoints: options.server_with_failpoints.clone(),
            log: folder.join("server.log"),
            data,
            send_rate: SEND_RATE,
            address: server::free_address()?,
        };
        Ok(Self {
            recipe,
            begun: Instant::now(),
            _temporary: temporary,
        })
    }

    /// Starts the server, without anything armed.
    pub(crate) async fn start(&self) -> Result<Server> {
        self.start_armed(Armed::default()).await
    }

    /// Starts the server with what it is to do besides serving.
    pub(crate) async fn start_armed(&self, armed: Armed) -> Result<Server> {
        Server::start(&self.recipe, armed).await
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.recipe.data
    }

    /// The room that everyone is in from the start.
    pub(crate) fn lobby(&self) -> Result<shared::ids::RoomId> {
        database::lobby(self.folder())
    }

    /// Lets everything come to rest, ends clients and server, and compares what they say with the database.
    ///
    /// # Errors
    /// When the server does not end well, or the database cannot be read.
    pub(crate) async fn verdict(
        &self,
        crowd: Crowd,
        mut server: Server,
    ) -> Result<(Rc<Run>, Findings)> {
        let rested = crowd.settle(REST).await;
        let waiting: usize = crowd
            .handles
            .iter()
            .map(|handle| handle.status.outbox.get())
            .sum();
        let caught_up = format!("{} of {}", crowd.caught_up(), crowd.handles.len());
        let run = crowd.dismiss(true).await;
        let status = server.terminate().await?;
        ensure!(status.success(), "the server ended with {status}");
        let mut findings = self.check(&run)?;
        if !rested {
            findings.add(Kind::NeverArrived, || {
                format!(
                    "nothing moves for {} s: {caught_up} caught up, {waiting} messages wait",
                    REST.as_secs()
                )
            });
        }
        Ok((run, findings))
    }

    /// Compares a history with the database of a server that has ended.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn check(&self, run: &Run) -> Result<Findings> {
        let history = run.history.borrow();
        let log = database::read(self.folder(), &history.rooms, run.seed, run.extra)?;
        Ok(check::check(&history, &log))
    }

    /// A report with the sums of a run.
    pub(crate) fn report(
        &self,
        options: &Options,
        scenario: &'static str,
        run: &Run,
        findings: Findings,
    ) -> Report {
        let history = run.history.borrow();
        Report {
            scenario,
            commit: options.commit.clone(),
            seed: options.seed,
            schedule: "none".to_owned(),
            clients: history.people.len(),
            rooms: history.rooms.len(),
            seconds: self.begun.elapsed().as_secs_f64(),
            messages: history.messages(),
            said: history.kinds(),
            acknowledged: history.acks.len() as u64,
            postponed: history.postponed.clone(),
            counts: history.counts,
            faults: Default::default(),
            findings,
            bars: Vec::new(),
            measures: Default::default(),
            skipped: None,
            notes: Vec::new(),
        }
    }

    /// What the server wrote to its standard error, at most the last few lines.
    pub(crate) fn words(&self) -> String {
        let said = fs::read_to_string(&self.recipe.log).unwrap_or_default();
        let lines: Vec<&str> = said.lines().collect();
        lines[lines.len().saturating_sub(5)..].join("\n")
    }
}

/// Writes the reports as JSON.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn write_json(file: &PathBuf, reports: &[Report]) -> Result<()> {
    let text = serde_json::to_string_pretty(reports)?;
    fs::write(file, text + "\n").with_context(|| format!("cannot write {}", file.display()))
}
