//! From nothing to the first answer, and what a server takes that nobody talks to.

use std::io::Write;
use std::iter::repeat_n;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::{BODY, Bench, Case};
use crate::errands;
use crate::figures::{FIRST_ANSWER, IDLE_PSS, IDLE_RSS, Sample, ms};
use crate::machine::{pss_kib, rss_kib};
use crate::people::{self, answer, upgrade};
use crate::process::Process;
use crate::system::{Running, System};

/// How long a new server is left alone before its memory is looked at.
const SETTLES: Duration = Duration::from_millis(500);

pub(super) fn run(bench: &Bench) -> Result<Vec<Case>> {
    let fresh = bench.case("start", "without a database", |running, &mut ()| {
        sample(&running.process, running.system)
    })?;
    let messages = bench.pick(20, 2_000, 20_000);
    let name = format!("killed before, {messages} messages in the database");
    let again = bench.case("start", name, |running, &mut ()| {
        again(bench, running, messages)
    })?;
    Ok(vec![fresh, again])
}

fn again(bench: &Bench, running: &mut Running, messages: usize) -> Result<Sample> {
    if running.system != System::Parlance {
        return sample(&running.process, running.system);
    }
    let guest = &people::sign_in(running.address(), 1)?[0];
    let (_, rooms) = errands::look(running.address(), guest)?;
    errands::fill(
        running.address(),
        guest,
        rooms[0].id,
        repeat_n(BODY, messages),
    )?;
    running.restart(&bench.place)?;
    sample(&running.process, running.system)
}

/// Of a process that has just said that it listens.
fn sample(process: &Process, system: System) -> Result<Sample> {
    let began = Instant::now();
    let request = match system {
        System::Parlance => {
            format!("GET /readyz HTTP/1.1\r\nHost: {}\r\n\r\n", process.address).into_bytes()
        }
        _ => upgrade(process.address, "/ws?room=0", ""),
    };
    let mut line = TcpStream::connect(process.address)?;
    line.write_all(&request)?;
    let (head, _) = answer(&mut line)?;
    let took = process.took + began.elapsed();
    if !head.starts_with("HTTP/1.1 200") && !head.starts_with("HTTP/1.1 101") {
        bail!("the first answer is {head}");
    }
    std::thread::sleep(SETTLES);
    let mut sample = Sample::default();
    sample.put(FIRST_ANSWER, ms(took));
    sample.put(IDLE_RSS, rss_kib(process.pid())?);
    sample.put(IDLE_PSS, pss_kib(process.pid())?);
    Ok(sample)
}
