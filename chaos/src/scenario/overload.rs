//! More sends than the server can store: it refuses what is too much, at once, and stores as much as ever.

use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use futures_util::future::join_all;
use tokio::task::spawn_local;
use tokio::time::Instant;

use crate::client::raw::{Load, Outcome, Raw};
use crate::crowd;
use crate::history::History;
use crate::options::Options;
use crate::report::{Bar, Report};
use crate::run::Run;
use crate::server::Armed;
use crate::stage::Stage;

/// Connections, each in a room of its own. The same ones find out how much the server can store and then offer too much: a commit
/// that touches more rooms writes more pages.
const CLIENTS: usize = 256;

/// Unanswered sends of each connection while the peak is looked for.
const WINDOWS: [usize; 3] = [1, 2, 3];

/// How long each is kept up.
const PEAK_FOR: Duration = Duration::from_secs(5);

/// How long the overload is kept up.
const OVERLOAD_FOR: Duration = Duration::from_secs(15);

/// Unanswered sends of each connection under overload: what the server takes of one. All together are sixteen times its queue.
const OVERLOAD_WINDOW: usize = 64;

/// What is offered under overload, in peaks: somewhat more than the promise is made for, so that it is not missed by chance.
const OFFERED_AIM: f64 = 4.4;

/// Milliseconds that each commit takes longer, as on a disk that syncs fifty times a second: what the server can store is then
/// bounded by the disk, and four times that is a load that one core can make.
const SLOW_COMMIT_MS: u64 = 20;

/// The promise is made for so many times the peak.
const OFFERED: f64 = 4.0;

/// The promise: so much of the peak is still stored.
const GOODPUT: f64 = 0.9;

/// Far above what is offered: the budgets of single people are not what is tested here.
const SEND_RATE: u32 = 1_000_000;

/// Plays it on a slow disk.
pub(crate) async fn play(options: &Options) -> Result<Report> {
    ensure!(
        options.server_with_failpoints.is_some(),
        "overload needs a server with failpoints, which make its disk slow"
    );
    let armed = Armed {
        commit_ms: Some(SLOW_COMMIT_MS),
        ..Armed::default()
    };
    let paced = |peak: f64| Load {
        window: OVERLOAD_WINDOW,
        rate: peak * OFFERED_AIM / CLIENTS as f64,
    };
    let (mut report, figures) = offer_too_much(options, "overload", armed, paced).await?;
    report.bars.push(Bar::at_least(
        "offered under overload / peak",
        figures.offered / figures.peak,
        OFFERED,
    ));
    report.bars.push(Bar::at_least(
        "goodput under overload / peak",
        figures.goodput / figures.peak,
        GOODPUT,
    ));
    Ok(report)
}

/// Plays it on the disk that is there. What the server can store is then bounded by the cores, which it shares with whoever makes
/// the load: a figure without a promise.
pub(crate) async fn flood(options: &Options) -> Result<Report> {
    let full = |_| Load::full(OVERLOAD_WINDOW);
    let (report, _) = offer_too_much(options, "flood", Armed::default(), full).await?;
    Ok(report)
}

/// Sends a second.
struct Figures {
    peak: f64,
    offered: f64,
    goodput: f64,
}

async fn offer_too_much(
    options: &Options,
    name: &'static str,
    armed: Armed,
    overload: impl Fn(f64) -> Load,
) -> Result<(Report, Figures)> {
    let mut stage = Stage::set(options, name)?;
    stage.recipe.send_rate = SEND_RATE;
    let mut server = stage.start_armed(armed).await?;
    let address = stage.recipe.address;
    let guests = crowd::guests(address, CLIENTS).await?;
    let people = guests.iter().map(|guest| guest.me.id).collect();
    let run = Rc::new(Run::new(options.seed, History::new(options.seed, people)));
    let mut raws = Vec::new();
    for (index, guest) in guests.into_iter().enumerate() {
        raws.push(Raw::connect(index, Rc::clone(&run), address, guest).await?);
    }
    let mut peak = 0.0_f64;
    for window in WINDOWS {
        let outcome = phase(&mut raws, Load::full(window), PEAK_FOR).await?;
        let rate = outcome.stored as f64 / PEAK_FOR.as_secs_f64();
        eprintln!(
            "window {window}: {rate:.0} a second, {}",
            outcome.took.summary()
        );
        peak = peak.max(rate);
    }
    ensure!(peak > 0.0, "nothing was stored");
    let over = phase(&mut raws, overload(peak), OVERLOAD_FOR).await?;
    let seconds = OVERLOAD_FOR.as_secs_f64();
    let figures = Figures {
        peak,
        offered: over.offered as f64 / seconds,
        goodput: over.stored as f64 / seconds,
    };
    // A third measurement of the peak right after, for the machine may have slowed down meanwhile.
    let after = Load::full(WINDOWS[2]);
    let after = phase(&mut raws, after, PEAK_FOR).await?;
    drop(raws);
    let status = server.terminate().await?;
    ensure!(status.success(), "the server ended with {status}");
    let findings = stage.check(&run)?;
    let mut report = stage.report(options, name, &run, findings);
    report.bars.push(Bar::at_least(
        "refused with retry_after under overload",
        over.refused as f64,
        1.0,
    ));
    report
        .measures
        .insert("acknowledgement under overload".into(), over.took.summary());
    report.notes.push(format!(
        "stored a second: {peak:.0} at the peak, {:.0} under overload, which is {:.0} % of it, {:.0} at the peak afterwards; \
         offered a second: {:.0}, which is {:.1} times the peak; refused a second: {:.0}; server and load share the machine",
        figures.goodput,
        100.0 * figures.goodput / peak,
        after.stored as f64 / PEAK_FOR.as_secs_f64(),
        figures.offered,
        figures.offered / peak,
        over.refused as f64 / seconds,
    ));
    Ok((report, figures))
}

/// All of them with the same load for a time. Each is a task of its own, so that none waits for another one's share of the runner.
async fn phase(raws: &mut Vec<Raw>, load: Load, length: Duration) -> Result<Outcome> {
    let until = Instant::now() + length;
    let sending = raws.drain(..).map(|mut raw| {
        spawn_local(async move {
            let outcome = raw.send(load, until).await?;
            anyhow::Ok((raw, outcome))
        })
    });
    let mut sum = Outcome::default();
    for done in join_all(sending).await {
        let (raw, outcome) = done.context("a sender broke down")??;
        raws.push(raw);
        sum.offered += outcome.offered;
        sum.stored += outcome.stored;
        sum.refused += outcome.refused;
        sum.took.extend(&outcome.took);
    }
    Ok(sum)
}
