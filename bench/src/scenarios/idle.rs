//! Connections that only sit there: what each costs the server in memory.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::{Bench, Case};
use crate::crowd::{Crowd, Seat};
use crate::errands;
use crate::figures::{MEMORY, Sample};
use crate::machine::pss_kib;
use crate::people;
use crate::system::{Running, System};

/// Connections before the first look at the memory, so that what is made once does not count.
const FIRST: usize = 16;

pub(super) fn run(bench: &Bench) -> Result<Vec<Case>> {
    let sizes: &[usize] = bench.pick(&[8], &[1_000], &[100, 1_000, 10_000, 15_000]);
    let mut cases = Vec::new();
    for &count in sizes {
        if !bench.has_files_for(count + FIRST) {
            continue;
        }
        for rooms in [1, 5] {
            let name = format!("{count} connections, in {rooms} room(s) each");
            cases.push(bench.case("idle", name, |running, &mut ()| {
                sample(bench, running, count, rooms)
            })?);
        }
    }
    Ok(cases)
}

/// Each connection is of another person.
fn sample(bench: &Bench, running: &mut Running, count: usize, rooms: usize) -> Result<Sample> {
    if running.system != System::Parlance {
        let seats: Vec<_> = (0..FIRST + count).map(|_| running.plain_seat(0)).collect();
        return measure(bench, running.pid(), &seats);
    }
    let guests = people::sign_in(running.address(), FIRST + count)?;
    if rooms > 1 {
        let makers: Vec<_> = guests.iter().take(rooms - 1).collect();
        let made = errands::create(running.address(), &makers)?;
        let all: Vec<_> = guests.iter().collect();
        errands::join(running.address(), &all, |_| made.clone())?;
    }
    // A new process: what the errands left behind in the allocator would be reused, and the connections look cheaper.
    running.restart(&bench.place)?;
    let address = running.address();
    let seats: Vec<_> = guests.iter().map(|guest| guest.seat(address)).collect();
    measure(bench, running.pid(), &seats)
}

fn measure(bench: &Bench, pid: u32, seats: &[Seat]) -> Result<Sample> {
    let mut crowd = Crowd::new()?;
    let (first, others) = seats.split_at(FIRST);
    crowd.gather(first)?;
    let before = settled(bench, &mut crowd, pid)?;
    crowd.gather(others)?;
    let after = settled(bench, &mut crowd, pid)?;
    let mut sample = Sample::default();
    sample.put(MEMORY, (after - before) / others.len() as f64);
    Ok(sample)
}

/// The memory once the server has had time to give back what it does not need. Pings are answered meanwhile.
fn settled(bench: &Bench, crowd: &mut Crowd, pid: u32) -> Result<f64> {
    let until = Instant::now() + Duration::from_millis(bench.pick(10, 1_000, 3_000));
    while Instant::now() < until {
        crowd.try_turn(Duration::from_millis(10), |_, _, _| Ok(()))?;
    }
    pss_kib(pid)
}
