//! Correctness next to the load: real client sessions in a busy room must hold every event, link by link.

use anyhow::Result;

use super::{BODY, Bench, Case, talk};
use crate::figures::PROVED;
use crate::people;
use crate::rooms::{Recording, Rooms, seat};
use crate::system::{Running, System};
use crate::witness::Witness;

pub(super) fn run(bench: &Bench) -> Result<Vec<Case>> {
    let members = bench.pick(4, 100, 500);
    let witnesses = bench.pick(2, 4, 4);
    let name = format!("1 room × {members}, 8 in flight, {witnesses} sessions beside");
    let case = bench.case("check", name, |running, recording| {
        sample(bench, running, members, witnesses, recording)
    })?;
    Ok(vec![case])
}

fn sample(
    bench: &Bench,
    running: &Running,
    members: usize,
    witnesses: usize,
    recording: &mut Option<Recording>,
) -> Result<crate::figures::Sample> {
    let plan = talk::plan(bench, 1, members, 8);
    let is_parlance = running.system == System::Parlance;
    // Before the members, so that these know the log's end.
    let guests = match is_parlance {
        true => people::sign_in(running.address(), witnesses)?,
        false => Vec::new(),
    };
    let seating = seat(running, &plan, BODY, recording.as_ref())?;
    let mut witnesses = Vec::new();
    for (number, guest) in guests.into_iter().enumerate() {
        // The first one loses its line once and has to resume.
        let cut_after = (number == 0).then_some(3);
        witnesses.push(Witness::start(running.address(), guest, cut_after)?);
    }
    let mut rooms = Rooms::open(running, plan, seating)?;
    let mut sample = rooms.measure()?.sample();
    let mut proved = 0;
    for witness in witnesses {
        proved += witness.finish(rooms.last(0))?.applied;
    }
    if is_parlance {
        sample.put(PROVED, proved as f64);
        *recording = Some(rooms.into_recording());
    }
    Ok(sample)
}
