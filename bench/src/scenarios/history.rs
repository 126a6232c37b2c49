//! Pages from anywhere in a long log, one after the other.

use std::iter::repeat_n;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use shared::ids::{RequestId, Seq};
use shared::limits;
use shared::protocol::{ClientMessage, ServerMessage};
use shared::wire;

use super::{BODY, Bench, Case};
use crate::crowd::{Crowd, Heard, PATIENCE, text};
use crate::errands;
use crate::figures::{CPU_PER_PAGE, PAGE, Sample, us_each};
use crate::machine::Window;
use crate::people;
use crate::stats::Waits;
use crate::system::{Running, System};
use crate::told::{Told, told};

/// Connections that take turns, each far below its budget of requests.
const READERS: usize = 10;

/// A stride that meets every place of the log, in no order that a cache would like.
const STRIDE: usize = 7_919;

pub(super) fn run(bench: &Bench) -> Result<Vec<Case>> {
    let messages = bench.pick(40, 2_000, 20_000);
    let pages = bench.pick(10, 200, 1_000);
    let name = format!("{pages} pages of a log of {messages}");
    let case = bench.case("history", name, |running, page| match running.system {
        System::Parlance => at_parlance(running, messages, pages, page),
        _ => at_baseline(running, pages, page),
    })?;
    Ok(vec![case])
}

fn at_parlance(
    running: &Running,
    messages: usize,
    pages: usize,
    recorded: &mut Vec<u8>,
) -> Result<Sample> {
    let address = running.address();
    let guests = people::sign_in(address, READERS)?;
    let (_, rooms) = errands::look(address, &guests[0])?;
    let lobby = rooms.first().context("a guest is in no room")?.id;
    let head = errands::fill(address, &guests[0], lobby, repeat_n(BODY, messages))?;
    let span = limits::PAGE_EVENTS.min(head);
    let starts = usize::try_from(head - span + 1)?;
    let mut crowd = Crowd::new()?;
    let seats: Vec<_> = guests.iter().map(|guest| guest.seat(address)).collect();
    crowd.gather(&seats)?;

    let (mut waits, window) = (Waits::default(), Window::open(running.pid())?);
    for number in 0..pages {
        let from = 1 + (number * STRIDE % starts) as u64;
        let read = ClientMessage::Read {
            request: RequestId(number as u64),
            room: lobby,
            from: Seq(from),
            to: Seq(from + span - 1),
        };
        let began = Instant::now();
        crowd.send(number % READERS, &text(&read))?;
        let mut came = false;
        while !came {
            crowd.turn(PATIENCE, |client, heard, _| {
                let Heard::Text(message) = heard else {
                    bail!("client {client}: {heard:?}");
                };
                match told(message) {
                    Told::Page(page) if page.from == from => {
                        waits.push(began.elapsed());
                        came = true;
                        if number == 0 {
                            *recorded = message.to_vec();
                        }
                    }
                    other => bail!("asked for the page from {from}, heard {other:?}"),
                }
                Ok(())
            })?;
        }
    }
    let spent = window.close()?;
    check(recorded)?;
    Ok(sample(&waits, &spent))
}

/// A page is dense and not empty.
fn check(page: &[u8]) -> Result<()> {
    let Ok(ServerMessage::Page(page)) = wire::decode_server(std::str::from_utf8(page)?) else {
        bail!("the recorded page is none");
    };
    let places = page.events.iter().map(|event| event.seq.0);
    ensure!(places.eq(page.from.0..=page.to.0), "a page with holes");
    ensure!(!page.events.is_empty(), "an empty page");
    Ok(())
}

fn sample(waits: &Waits, spent: &crate::machine::Spent) -> Sample {
    let mut sample = Sample::default();
    sample.put_waits(PAGE, waits);
    sample.put(CPU_PER_PAGE, us_each(spent.server, waits.len() as u64));
    sample.put_others(spent);
    sample
}

/// The same bytes there and back: a baseline also has to receive the page before it can send it.
fn at_baseline(running: &Running, pages: usize, recorded: &[u8]) -> Result<Sample> {
    let mut crowd = Crowd::new()?;
    crowd.gather([&running.bulk_seat()])?;
    let frame = running.relay(recorded);
    let (mut waits, window) = (Waits::default(), Window::open(running.pid())?);
    for _ in 0..pages {
        let (began, mut came) = (Instant::now(), false);
        crowd.send(0, &frame)?;
        while !came {
            crowd.turn(PATIENCE, |client, heard, _| {
                let Heard::Text(message) = heard else {
                    bail!("client {client}: {heard:?}");
                };
                ensure!(message == recorded, "another page came back");
                waits.push(began.elapsed());
                came = true;
                Ok(())
            })?;
        }
    }
    let spent = window.close()?;
    Ok(sample(&waits, &spent))
}
