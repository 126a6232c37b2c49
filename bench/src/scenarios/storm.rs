//! Everybody connects and joins, as after a restart.

use anyhow::Result;

use super::{Bench, Case};
use crate::crowd::Crowd;
use crate::figures::{JOINED, JOINS, JOINS_PER_CPU, Sample, per_second};
use crate::machine::Window;
use crate::people;
use crate::system::{Running, System};

pub(super) fn run(bench: &Bench) -> Result<Vec<Case>> {
    let count = bench.pick(8, 1_000, 5_000);
    let name = format!("{count} connect and join, 128 at a time");
    let case = bench.case("storm", name, |running, &mut ()| sample(running, count))?;
    Ok(vec![case])
}

fn sample(running: &Running, count: usize) -> Result<Sample> {
    let address = running.address();
    let seats: Vec<_> = match running.system {
        System::Parlance => {
            let guests = people::sign_in(address, count)?;
            guests.iter().map(|guest| guest.seat(address)).collect()
        }
        _ => (0..count).map(|_| running.plain_seat(0)).collect(),
    };
    let mut crowd = Crowd::new()?;
    let window = Window::open(running.pid())?;
    let joined = crowd.gather(&seats)?;
    let spent = window.close()?;
    let mut sample = Sample::default();
    sample.put(JOINS_PER_CPU, per_second(count as u64, spent.server));
    sample.put(JOINS, per_second(count as u64, spent.wall));
    sample.put_waits(JOINED, &joined.into_iter().collect());
    sample.put_others(&spent);
    Ok(sample)
}
