//! A tenth of a room stops reading: what it costs the others, and how the slow ones come back.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use shared::ids::{RequestId, RoomId, Seq};
use shared::protocol::ClientMessage;

use super::{BODY, Bench, Case, talk};
use crate::crowd::{Heard, PATIENCE, text};
use crate::figures::{self, Sample, ms};
use crate::machine::pss_kib;
use crate::rooms::{Plan, Recording, Rooms, Script, seat};
use crate::system::{Running, System};
use crate::told::{Told, told};

pub(super) fn run(bench: &Bench) -> Result<Vec<Case>> {
    let members = bench.pick(5, 200, 1_000);
    let slow = (members / 10).max(1);
    let mut plan = talk::plan(bench, 1, members, bench.pick(4, 8, 8));
    // Enough to fill what the kernel keeps for a connection, so that the server has to do something about it.
    plan.rounds = bench.pick(plan.rounds, 150, 300);
    let name = format!("1 room × {members}, {slow} do not read");
    let case = bench.case("slow", name, |running, recording| {
        sample(bench, running, plan, slow, recording)
    })?;
    Ok(vec![case])
}

fn sample(
    bench: &Bench,
    running: &Running,
    plan: Plan,
    slow: usize,
    recording: &mut Option<Recording>,
) -> Result<Sample> {
    let mut seating = seat(running, &plan, BODY, recording.as_ref())?;
    let room = match &seating.script {
        Script::Say { rooms, .. } => rooms.first().copied(),
        Script::Repeat(_) => None,
    };
    // The first is the sender.
    let slow = 1..1 + slow;
    for client in slow.clone() {
        seating.seats[client].narrow = true;
    }
    let mut rooms = Rooms::open(running, plan, seating)?;
    let without = rooms.measure()?;
    rooms.slow_down(slow.clone())?;
    let before = pss_kib(running.pid())?;
    let with = rooms.measure()?;
    let mut sample = with.sample();
    sample.put(figures::GROWTH, pss_kib(running.pid())? - before);
    let worst = without.received.permille_ms(990).max(f64::EPSILON);
    sample.put(figures::P99_BY_SLOW, with.received.permille_ms(990) / worst);
    if running.system == System::Parlance {
        let began = Instant::now();
        let behind = catch_up(&mut rooms, slow, room)?;
        sample.put(figures::CAUGHT_UP, ms(began.elapsed()));
        if behind == 0 && bench.pick(false, true, true) {
            bail!("nobody was slow: the load was too small");
        }
        *recording = Some(rooms.into_recording());
    }
    Ok(sample)
}

/// Lets the slow ones read again until each has the whole log; returns how many had been told that they are behind (D3).
fn catch_up(
    rooms: &mut Rooms<'_>,
    slow: std::ops::Range<usize>,
    room: Option<RoomId>,
) -> Result<usize> {
    let Some(room) = room else {
        return Ok(0);
    };
    let head = rooms.last(0);
    let mut last: Vec<u64> = slow.clone().map(|client| rooms.last(client)).collect();
    let mut behind = 0;
    for client in slow.clone() {
        rooms.crowd().pause(client, false)?;
    }
    let until = Instant::now() + PATIENCE;
    while last.iter().any(|&last| last < head) {
        if Instant::now() > until {
            bail!("slow readers have {last:?} of {head}");
        }
        rooms
            .crowd()
            .try_turn(Duration::from_secs(1), |client, heard, out| {
                let Heard::Text(message) = heard else {
                    bail!("client {client}: {heard:?}");
                };
                let Some(last) = client.checked_sub(slow.start).and_then(|n| last.get_mut(n))
                else {
                    return Ok(());
                };
                let mut read_on = |last: u64| {
                    let read = ClientMessage::Read {
                        request: RequestId(last + 1),
                        room,
                        from: Seq(last + 1),
                        to: Seq(head),
                    };
                    out.push(client, text(&read));
                };
                match told(message) {
                    Told::Event { seq } if seq == *last + 1 => *last = seq,
                    Told::Event { .. } => {}
                    Told::Behind => {
                        behind += 1;
                        read_on(*last);
                    }
                    Told::Page(page) if page.from == *last + 1 => {
                        *last = page.to;
                        if page.to < head {
                            read_on(page.to);
                        }
                    }
                    Told::Page(page) => bail!("a page from {} after {last}", page.from),
                    Told::Refused => bail!("{}", String::from_utf8_lossy(message)),
                    _ => {}
                }
                Ok(())
            })?;
    }
    Ok(behind)
}
