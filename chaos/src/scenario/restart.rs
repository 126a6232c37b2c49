//! A thousand clients, kill -9, and everyone is back: by their own backoff, without anyone's help.

use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::time::{Instant, sleep};

use crate::client::{Command, Writing};
use crate::crowd::{Crowd, Shape};
use crate::options::Options;
use crate::report::{Bar, Report};
use crate::stage::Stage;

/// The promise, in milliseconds.
const P50_MS: f64 = 1_500.0;

/// The promise, in milliseconds.
const P99_MS: f64 = 4_000.0;

/// Between two kills: longer than 10 s of being live, after which a client's backoff starts anew.
const CALM: Duration = Duration::from_secs(13);

/// For everyone to be back.
const PATIENCE: Duration = Duration::from_secs(60);

/// Messages a second, all clients together: each is heard by everyone.
const PER_SECOND: u64 = 4;

/// Plays it.
pub(crate) async fn play(options: &Options) -> Result<Report> {
    let clients = options.clients.unwrap_or(1_000);
    let kills = options.kills.unwrap_or(5);
    let stage = Stage::set(options, "restart")?;
    let mut server = stage.start().await?;
    let shape = Shape {
        clients,
        proxied: false,
        small_buffers: None,
    };
    let mut crowd = Crowd::gather(stage.recipe.address, options.seed, &shape, |_| {}).await?;
    crowd.watch_one(stage.lobby()?);
    ensure!(
        crowd.all_caught_up(PATIENCE).await,
        "the clients do not get connected"
    );

    let begun = Instant::now();
    let rooms = &crowd.rooms_of[0];
    let sends = (CALM.as_secs() + 4) * kills * PER_SECOND;
    for (client, handle) in crowd.handles.iter().enumerate() {
        // Spread: few clients write one message each.
        let writes = (client as u64) < sends;
        let every_us = 1_000_000 * sends / PER_SECOND / 2;
        let left = u64::from(writes) * sends.div_ceil(clients as u64).max(1);
        let writing = Writing::new(options.seed, client, rooms.clone(), left, every_us, begun);
        handle.tell(Command::Write(writing));
    }
    let mut starts = crate::measure::Samples::default();
    for kill in 1..=kills {
        sleep(CALM).await;
        server.kill().await?;
        server = stage.start().await?;
        starts.push(server.start_took.as_micros() as u64);
        crowd.run.server_is_back();
        let back = Instant::now();
        let all = crowd.all_caught_up(PATIENCE).await;
        ensure!(all, "{} of {clients} are back", crowd.caught_up());
        eprintln!(
            "kill {kill}: all back after {} ms",
            back.elapsed().as_millis()
        );
    }
    let recovery = crowd.run.recovery.take().summary();
    let (run, findings) = stage.verdict(crowd, server).await?;
    let mut report = stage.report(options, "restart", &run, findings);
    report.faults.insert("SIGKILL".into(), kills);
    report.bars.push(Bar::at_most(
        "back and caught up, p50, ms",
        recovery.p50_ms,
        P50_MS,
    ));
    report.bars.push(Bar::at_most(
        "back and caught up, p99, ms",
        recovery.p99_ms,
        P99_MS,
    ));
    report
        .measures
        .insert("back and caught up".into(), recovery);
    report
        .measures
        .insert("start of the server".into(), starts.summary());
    let back = recovery.count as u64;
    if back < kills * clients as u64 {
        report.notes.push(format!(
            "{back} of {} returns were measured",
            kills * clients as u64
        ));
    }
    Ok(report)
}
