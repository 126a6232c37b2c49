//! Everything at once, by the schedule of a seed.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use anyhow::Result;
use tokio::time::{Instant, sleep, sleep_until};

use crate::check::{Findings, Kind};
use crate::client::{Command, Writing};
use crate::crowd::{Crowd, Shape};
use crate::director::{Director, HASTE_MS, HASTY_PERCENT};
use crate::options::Options;
use crate::plan::{ClientPlan, Plan};
use crate::report::Report;
use crate::run::Run;
use crate::stage::Stage;

/// Rooms that each client is in.
const ROOMS_EACH: usize = 3;

/// Of 100 messages, how many are sent twice on purpose.
const REPEAT_PERCENT: u64 = 30;

/// Plays it.
pub(crate) async fn play(options: &Options) -> Result<Report> {
    let length_ms = (options.minutes.unwrap_or(1.0) * 60_000.0) as u64;
    let clients = options.clients.unwrap_or(60);
    let rooms = options.rooms.unwrap_or(clients.div_ceil(4));
    let sends = options.sends.unwrap_or(20_000);
    let plan = Plan::mixed(
        options.seed,
        length_ms,
        options.kills.unwrap_or(20),
        clients,
    );

    let stage = Stage::set(options, "mixed")?;
    let mut server = stage.start().await?;
    let shape = Shape {
        clients,
        proxied: true,
        small_buffers: None,
    };
    let gathered = Crowd::gather(stage.recipe.address, options.seed, &shape, |run| {
        run.repeat_percent = REPEAT_PERCENT;
        run.transports = options.transport;
    });
    let mut crowd = gathered.await?;
    crowd.share_rooms(rooms, ROOMS_EACH).await?;
    let crowd = Rc::new(crowd);
    let begun = Instant::now();
    let each = sends.div_ceil(clients as u64);
    let every_us = length_ms * 1_000 / each.max(1);
    for (client, handle) in crowd.handles.iter().enumerate() {
        let rooms = crowd.rooms_of[client].clone();
        let writing = Writing::new(options.seed, client, rooms, each, every_us, begun);
        handle.tell(Command::Write(writing.varied()));
    }
    let (progress, faults_of_clients) = (
        tokio::task::spawn_local(tell_progress(Rc::clone(&crowd), begun, length_ms)),
        tokio::task::spawn_local(break_clients(
            Rc::clone(&crowd),
            plan.clients.clone(),
            begun,
        )),
    );
    let mut director = Director::new(&stage, &crowd, &plan, begun);
    let directed = director.direct(&mut server).await;
    let (mut faults, mut trouble, starts) = (director.faults, director.trouble, director.starts);
    directed?;
    sleep_until(begun + Duration::from_millis(length_ms)).await;
    faults_of_clients.await?;
    progress.abort();
    let _ = progress.await;
    for planned in &plan.clients {
        let name = format!("{:?}", planned.fault);
        let name = name
            .split([' ', '{'])
            .next()
            .unwrap_or_default()
            .to_lowercase();
        *faults.entry(format!("{name} (client)")).or_default() += 1;
    }
    let crowd = Rc::into_inner(crowd).ok_or_else(|| anyhow::anyhow!("the crowd is still held"))?;
    let (run, mut findings) = stage.verdict(crowd, server).await?;
    for what in trouble.drain(..) {
        findings.add(Kind::Refused, || what);
    }
    let mut report = report(options, &stage, &run, findings, &plan, faults);
    report
        .measures
        .insert("start of the server".into(), starts.summary());
    Ok(report)
}

fn report(
    options: &Options,
    stage: &Stage,
    run: &Run,
    findings: Findings,
    plan: &Plan,
    faults: BTreeMap<String, u64>,
) -> Report {
    let mut report = stage.report(options, "mixed", run, findings);
    report.schedule = format!("{:016x}", plan.digest());
    report.faults = faults;
    let recovery = run.recovery.take().summary();
    report
        .measures
        .insert("recovery of a client".into(), recovery);
    report.notes.push(format!(
        "recovery: from the server's listening until a client is live on a new connection and shows what anyone had \
         heard by then; only the cases that were over before the next kill; {HASTY_PERCENT} % of the clients do not \
         wait for their backoff (ConnectNow, Wake or Online within {HASTE_MS} ms)"
    ));
    if options.server_with_failpoints.is_none() {
        report.notes.push(
            "no server with failpoints: no death between commit and acknowledgement, the server's clock does not jump"
                .into(),
        );
    }
    report
}

/// Gives each client its faults in time.
async fn break_clients(crowd: Rc<Crowd>, planned: Vec<ClientPlan>, begun: Instant) {
    for plan in planned {
        sleep_until(begun + Duration::from_millis(plan.at_ms)).await;
        crowd.suffer(plan.client, plan.fault);
    }
}

async fn tell_progress(crowd: Rc<Crowd>, begun: Instant, length_ms: u64) {
    loop {
        sleep(Duration::from_secs(10)).await;
        let history = crowd.run.history.borrow();
        eprintln!(
            "{:>5} of {} s: {} written, {} acknowledged, {} heard, {} of {} caught up",
            begun.elapsed().as_secs(),
            length_ms / 1_000,
            history.messages(),
            history.acks.len(),
            history.counts.events_heard,
            crowd.caught_up(),
            crowd.handles.len(),
        );
    }
}
