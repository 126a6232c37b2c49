//! A tenth of the clients does not read for a minute. The others do not feel it, the server's memory stays bounded, and
//! everyone has everything at the end.

use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::time::{Instant, sleep};

use crate::client::{Command, Writing};
use crate::crowd::{Crowd, Shape};
use crate::measure::Samples;
use crate::options::Options;
use crate::plan::ClientFault;
use crate::report::{Bar, Report};
use crate::server::Server;
use crate::stage::Stage;

/// One in so many clients is slow.
const ONE_IN: usize = 10;

/// Messages a second; everyone hears each.
const PER_SECOND: u64 = 10;

/// Clients that write them.
const WRITERS: usize = 20;

/// Bytes of a message on top of its usual length: enough to fill every buffer of those who do not read.
const EXTRA_BYTES: usize = 4 * 1024;

/// Bytes that the kernel keeps for those who do not read; it doubles that.
const RECEIVE_BYTES: u32 = 16 * 1024;

/// The promise: how much longer delivery to the others may take.
const TIMES: f64 = 1.2;

/// The most that a connection's queue holds, in bytes.
const QUEUE_BYTES: u64 = 1024 * 1024;

/// For each step.
const PATIENCE: Duration = Duration::from_secs(120);

/// Plays it.
pub(crate) async fn play(options: &Options) -> Result<Report> {
    let clients = options.clients.unwrap_or(1_000);
    let slow = clients / ONE_IN;
    let length = Duration::from_secs_f64(options.minutes.unwrap_or(1.0) * 60.0);
    let stage = Stage::set(options, "slow-readers")?;
    let server = stage.start().await?;
    let shape = Shape {
        clients,
        proxied: false,
        small_buffers: Some((slow, RECEIVE_BYTES)),
    };
    let gathered = Crowd::gather(stage.recipe.address, options.seed, &shape, |run| {
        run.extra = EXTRA_BYTES
    });
    let mut crowd = gathered.await?;
    let lobby = stage.lobby()?;
    crowd.watch_one(lobby);
    ensure!(
        crowd.all_caught_up(PATIENCE).await,
        "the clients do not get connected"
    );

    let cable =
        |there| (0..slow).for_each(|client| crowd.handles[client].tell(Command::Cable(there)));
    cable(false);
    let mut without = phase(&crowd, options.seed, slow, length / 2, &server).await;
    cable(true);
    ensure!(
        crowd.all_caught_up(PATIENCE).await,
        "the slow ones do not get connected"
    );
    let for_ms = length.as_millis() as u64;
    (0..slow).for_each(|client| {
        crowd.suffer(
            client,
            ClientFault::Deaf {
                for_ms: for_ms + 500,
            },
        )
    });
    let with = phase(&crowd, options.seed, slow, length, &server).await;
    let again = Instant::now();
    ensure!(
        crowd.all_caught_up(PATIENCE).await,
        "{} of {clients} are caught up",
        crowd.caught_up()
    );
    let back = again.elapsed();
    // One half before and one half after, for the machine may change meanwhile.
    cable(false);
    let after = phase(&crowd, options.seed, slow, length / 2, &server).await;
    without.0.extend(&after.0);
    cable(true);
    let (with, without) = ((with.0.summary(), with.1), (without.0.summary(), without.1));
    let (run, findings) = stage.verdict(crowd, server).await?;

    let mut report = stage.report(options, "slow-readers", &run, findings);
    report.faults.insert(
        format!("does not read for {} s", length.as_secs()),
        slow as u64,
    );
    let ratio = with.0.p99_ms / without.0.p99_ms.max(0.001);
    report.bars.push(Bar::at_most(
        "delivery to the others, p99 with / without",
        ratio,
        TIMES,
    ));
    let bound = (without.1 + slow as u64 * QUEUE_BYTES) as f64 / 1e6;
    report.bars.push(Bar::at_most(
        "resident memory of the server, MB",
        with.1 as f64 / 1e6,
        bound,
    ));
    report.measures.insert(
        "delivery to the others without slow readers".into(),
        without.0,
    );
    report
        .measures
        .insert("delivery to the others with slow readers".into(), with.0);
    report.notes.push(format!(
        "delivery is measured from the author's send to the frame's arrival at another client, all on the one thread that \
         plays all clients; resident memory was {:.1} MB without and at most {:.1} MB with slow readers; everyone was caught up {} ms after they read \
         again",
        without.1 as f64 / 1e6,
        with.1 as f64 / 1e6,
        back.as_millis()
    ));
    Ok(report)
}

/// Lets the others talk and measures: delivery, and the most memory that the server had.
async fn phase(
    crowd: &Crowd,
    seed: u64,
    slow: usize,
    length: Duration,
    server: &Server,
) -> (Samples, u64) {
    let begun = Instant::now();
    let sends = length.as_secs() * PER_SECOND / WRITERS as u64;
    let every_us = WRITERS as u64 * 1_000_000 / PER_SECOND;
    crowd.run.history.borrow_mut().delivery = Some(Samples::default());
    for client in slow..slow + WRITERS {
        let rooms = crowd.rooms_of[client].clone();
        let writing = Writing::new(seed, client, rooms, sends, every_us, begun);
        crowd.handles[client].tell(Command::Write(writing));
    }
    let mut most = 0;
    while begun.elapsed() < length {
        sleep(Duration::from_millis(200)).await;
        most = most.max(server.resident_bytes());
    }
    let samples = crowd.run.history.borrow_mut().delivery.take();
    (samples.unwrap_or_default(), most)
}
