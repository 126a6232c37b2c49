//! More sends than the server can store: it refuses what is too much, at once, and stores as much as ever.

use std::rc::Rc;
use std::time::Duration;

use anyhow::{Result, ensure};
use futures_util::future::join_all;
use tokio::time::Instant;

use crate::client::raw::{Outcome, Raw};
use crate::crowd;
use crate::history::History;
use crate::measure::Samples;
use crate::options::Options;
use crate::report::{Bar, Report};
use crate::run::Run;
use crate::stage::Stage;

/// Connections that find out how much the server can store.
const PEAK_CLIENTS: usize = 64;

/// Connections that offer too much: with the 64 requests that the server takes of each they fill its queue many times.
const OVERLOAD_CLIENTS: usize = 256;

/// Unanswered sends of each connection while the peak is looked for.
const WINDOWS: [usize; 3] = [2, 6, 12];

/// How long each is kept up.
const PEAK_FOR: Duration = Duration::from_secs(5);

/// How long the overload is kept up.
const OVERLOAD_FOR: Duration = Duration::from_secs(15);

/// Unanswered sends of each connection under overload, whatever the answers say: what the server takes of one. All together
/// are sixteen times its queue. A load by the clock is of no use here: four times the peak is more than one core can send.
const OVERLOAD_WINDOW: usize = 64;

/// The promise: so much of the peak is still stored.
const GOODPUT: f64 = 0.9;

/// Far above what is offered: the budgets of single people are not what is tested here.
const SEND_RATE: u32 = 1_000_000;

/// Plays it.
pub(crate) async fn play(options: &Options) -> Result<Report> {
    let mut stage = Stage::set(options, "overload")?;
    stage.recipe.send_rate = SEND_RATE;
    let mut server = stage.start().await?;
    let address = stage.recipe.address;
    let guests = crowd::guests(address, OVERLOAD_CLIENTS).await?;
    let people = guests.iter().map(|guest| guest.me.id).collect();
    let run = Rc::new(Run::new(options.seed, History::new(options.seed, people)));
    let mut raws = Vec::new();
    for (index, guest) in guests.into_iter().enumerate() {
        raws.push(Raw::connect(index, Rc::clone(&run), address, guest).await?);
    }
    let mut peak = 0.0_f64;
    for window in WINDOWS {
        let outcome = phase(&mut raws[..PEAK_CLIENTS], window, PEAK_FOR).await?;
        let rate = outcome.stored as f64 / PEAK_FOR.as_secs_f64();
        eprintln!(
            "window {window}: {rate:.0} a second, {}",
            outcome.took.summary()
        );
        peak = peak.max(rate);
    }
    ensure!(peak > 0.0, "nothing was stored");
    let over = phase(&mut raws, OVERLOAD_WINDOW, OVERLOAD_FOR).await?;
    let seconds = OVERLOAD_FOR.as_secs_f64();
    let goodput = over.stored as f64 / seconds;
    // A third measurement of the peak right after, for the machine may have slowed down meanwhile.
    let after = phase(&mut raws[..PEAK_CLIENTS], WINDOWS[1], PEAK_FOR).await?;
    drop(raws);
    let status = server.terminate().await?;
    ensure!(status.success(), "the server ended with {status}");
    let findings = stage.check(&run)?;
    let mut report = stage.report(options, "overload", &run, findings);
    report.bars.push(Bar::at_least(
        "goodput under overload / peak",
        goodput / peak,
        GOODPUT,
    ));
    report.bars.push(Bar::at_least(
        "refused with retry_after under overload",
        over.refused as f64,
        1.0,
    ));
    report
        .measures
        .insert("acknowledgement under overload".into(), over.took.summary());
    report.notes.push(format!(
        "stored a second: {peak:.0} at the peak, {goodput:.0} under overload, {:.0} at the peak afterwards; offered a \
         second: {:.0}, which is {:.1} times the peak; refused a second: {:.0}; server and load share the machine",
        after.stored as f64 / PEAK_FOR.as_secs_f64(),
        over.offered as f64 / seconds,
        over.offered as f64 / seconds / peak,
        over.refused as f64 / seconds,
    ));
    Ok(report)
}

/// All of them with the same window for a time.
async fn phase(raws: &mut [Raw], window: usize, length: Duration) -> Result<Outcome> {
    let until = Instant::now() + length;
    let all = join_all(raws.iter_mut().map(|raw| raw.send(window, until))).await;
    let mut sum = Outcome {
        took: Samples::default(),
        ..Outcome::default()
    };
    for outcome in all {
        let outcome = outcome?;
        sum.offered += outcome.offered;
        sum.stored += outcome.stored;
        sum.refused += outcome.refused;
        sum.took.extend(&outcome.took);
    }
    Ok(sum)
}
