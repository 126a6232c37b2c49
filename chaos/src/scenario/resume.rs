//! A client that missed a thousand events: from the network's return until all of them are on the screen.

use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::time::{Instant, sleep};

use crate::client::{Command, Writing};
use crate::crowd::{Crowd, Shape};
use crate::measure::Samples;
use crate::options::Options;
use crate::report::{Bar, Report};
use crate::stage::Stage;

/// The promise, in milliseconds.
const BOUND_MS: f64 = 200.0;

/// Events that are missed each time.
const MISSED: u64 = 1_000;

/// How often it is done.
const ROUNDS: u64 = 10;

/// For each step.
const PATIENCE: Duration = Duration::from_secs(60);

/// Clients that talk meanwhile.
const TALKERS: usize = 10;

/// Plays it.
pub(crate) async fn play(options: &Options) -> Result<Report> {
    let stage = Stage::set(options, "resume")?;
    let server = stage.start().await?;
    let shape = Shape {
        clients: TALKERS + 1,
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
    let absent = TALKERS;
    let mut took = Samples::default();
    for _ in 0..ROUNDS {
        crowd.handles[absent].tell(Command::Cable(false));
        let head = crowd.run.history.borrow().head(0);
        for client in 0..TALKERS {
            let each = MISSED / TALKERS as u64;
            let writing = Writing::new(
                options.seed,
                client,
                vec![lobby],
                each,
                1_000,
                Instant::now(),
            );
            crowd.handles[client].tell(Command::Write(writing));
        }
        let begun = Instant::now();
        while crowd.run.history.borrow().head(0) < head + MISSED {
            ensure!(begun.elapsed() < PATIENCE, "the others do not get through");
            sleep(Duration::from_millis(20)).await;
        }
        // The talkers are done too, so that only the return is measured.
        sleep(Duration::from_millis(200)).await;
        crowd.run.server_is_back();
        crowd.handles[absent].tell(Command::Cable(true));
        ensure!(
            crowd.all_caught_up(PATIENCE).await,
            "the client does not come back"
        );
        took.extend(&crowd.run.recovery.take());
    }
    let (run, findings) = stage.verdict(crowd, server).await?;
    let mut report = stage.report(options, "resume", &run, findings);
    let summary = took.summary();
    report
        .faults
        .insert(format!("absence of {MISSED} events"), ROUNDS);
    ensure!(
        summary.count as u64 == ROUNDS,
        "{} of {ROUNDS} returns were measured",
        summary.count
    );
    report.bars.push(Bar::at_most(
        "all missed events are shown, longest, ms",
        summary.max_ms,
        BOUND_MS,
    ));
    report
        .measures
        .insert("all missed events are shown".into(), summary);
    report.notes.push(
        "from the browser's word that there is a network: connecting, hello, the replay with its gap, and the pages \
         that fill it"
            .into(),
    );
    Ok(report)
}
