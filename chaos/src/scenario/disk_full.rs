//! The file system of the database fills up under load, and space comes back: no false acknowledgement, reading goes on,
//! and no restart is needed.

use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::time::{Instant, sleep};

use crate::client::{Command, Writing};
use crate::crowd::{Crowd, Shape};
use crate::history::History;
use crate::options::Options;
use crate::plan::ClientFault;
use crate::report::{Bar, Report};
use crate::run::Run;
use crate::small_disk::SmallDisk;
use crate::stage::Stage;

/// Size of the file system: room for a write-ahead log of 32 MiB.
const DISK_MIB: u64 = 64;

/// Clients, each of which writes ten messages a second all the time.
const CLIENTS: usize = 20;

/// Before the disk is filled, while it is full, and after it was emptied.
const STEP: Duration = Duration::from_secs(6);

/// The promise, in milliseconds.
const RECOVERY_MS: f64 = 5_000.0;

/// The promise for reading while the disk is full, in milliseconds: as fast as ever.
const READING_MS: f64 = 2_000.0;

/// For each step.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often the state is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Plays it.
pub(crate) async fn play(options: &Options) -> Result<Report> {
    let stage = Stage::set(options, "disk-full")?;
    let Some(disk) = SmallDisk::mount(stage.folder(), DISK_MIB)? else {
        let run = Run::new(options.seed, History::default());
        let mut report = stage.report(options, "disk-full", &run, Default::default());
        report.skipped = Some("mounting a small file system needs root".into());
        return Ok(report);
    };
    let server = stage.start().await?;
    let shape = Shape {
        clients: CLIENTS,
        proxied: false,
        small_buffers: None,
    };
    let mut crowd = Crowd::gather(stage.recipe.address, options.seed, &shape, |_| {}).await?;
    let lobby = stage.lobby()?;
    crowd.watch_one(lobby);
    ensure!(
        crowd.all_caught_up(PATIENCE).await,
        "the clients do not get connected"
    );
    for (client, handle) in crowd.handles.iter().enumerate() {
        let writing = Writing::new(
            options.seed,
            client,
            vec![lobby],
            300,
            100_000,
            Instant::now(),
        );
        handle.tell(Command::Write(writing));
    }
    sleep(STEP).await;
    let ballast = disk.fill()?;
    let full = Instant::now();
    until(&crowd.run, |history| refusals(history) > 0).await?;
    let refused_after = full.elapsed();
    sleep(STEP).await;
    let acks = crowd.run.history.borrow().acks.len();

    // A tab that crashes now reads everything anew.
    let crashed = Instant::now();
    let views = crowd.run.history.borrow().views.len();
    crowd.suffer(CLIENTS - 1, ClientFault::Crash);
    until(&crowd.run, |history| history.views.len() > views).await?;
    let shown = crowd.all_caught_up(PATIENCE).await;
    let reading_ms = crashed.elapsed().as_secs_f64() * 1e3;
    ensure!(shown, "nothing can be read while the disk is full");
    let acked_while_full = crowd.run.history.borrow().acks.len() - acks;

    let before = crowd.run.history.borrow().acks.len();
    disk.empty()?;
    let emptied = Instant::now();
    until(&crowd.run, |history| history.acks.len() > before).await?;
    let recovery_ms = emptied.elapsed().as_secs_f64() * 1e3;
    sleep(STEP).await;
    let (run, findings) = stage.verdict(crowd, server).await?;
    let mut report = stage.report(options, "disk-full", &run, findings);
    report.faults.insert("full disk".into(), 1);
    report.bars.push(Bar::at_most(
        "first acknowledgement after space came back, ms",
        recovery_ms,
        RECOVERY_MS,
    ));
    report.bars.push(Bar::at_most(
        "a new tab shows the room while the disk is full, ms",
        reading_ms,
        READING_MS,
    ));
    report.bars.push(Bar::at_most(
        "acknowledgements while nothing can be written",
        acked_while_full as f64,
        0.0,
    ));
    report.notes.push(format!(
        "{DISK_MIB} MiB, of which a ballast of {ballast} bytes; the first refusal came {} ms after the disk was full (the \
         write-ahead log has space of its own until it has to grow)",
        refused_after.as_millis()
    ));
    Ok(report)
}

fn refusals(history: &History) -> u64 {
    history
        .postponed
        .get("send storage_unavailable")
        .copied()
        .unwrap_or(0)
}

async fn until(run: &Run, is_there: impl Fn(&History) -> bool) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while !is_there(&run.history.borrow()) {
        ensure!(
            Instant::now() < deadline,
            "what was waited for did not happen"
        );
        sleep(LOOK_EVERY).await;
    }
    Ok(())
}
