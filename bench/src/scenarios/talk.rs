//! The scenarios in which people only talk: they differ in rooms, members and messages in flight.

use anyhow::Result;

use super::{BODY, Bench, Case};
use crate::disk;
use crate::figures::{self, Sample, per_second, us_each};
use crate::rooms::{Plan, Recording, Rooms, seat};
use crate::system::{Running, System};

pub(super) fn one_room(bench: &Bench) -> Result<Vec<Case>> {
    let sizes: &[usize] = bench.pick(&[5], &[100, 1_000], &[100, 1_000, 5_000, 15_000]);
    let mut cases = Vec::new();
    for &members in sizes
        .iter()
        .filter(|&&members| bench.has_files_for(members))
    {
        for (in_flight, words) in [(1, "one at a time"), (8, "8 in flight")] {
            let plan = plan(bench, 1, members, in_flight);
            let name = format!("1 room × {members}, {words}");
            cases.push(talk(bench, "room", name, plan)?);
        }
    }
    Ok(cases)
}

pub(super) fn many_rooms(bench: &Bench) -> Result<Vec<Case>> {
    let shapes: &[(usize, usize)] = bench.pick(
        &[(3, 2)],
        &[(100, 10)],
        &[(10, 1_000), (100, 100), (1_000, 10), (10_000, 1)],
    );
    let mut cases = Vec::new();
    for &(rooms, members) in shapes {
        if !bench.has_files_for(rooms * members) {
            continue;
        }
        let plan = plan(bench, rooms, members, bench.pick(2, 64, 64));
        let name = format!("{rooms} rooms × {members}, {} in flight", plan.in_flight);
        cases.push(talk(bench, "rooms", name, plan)?);
    }
    Ok(cases)
}

pub(super) fn direct(bench: &Bench) -> Result<Vec<Case>> {
    let rooms = bench.pick(2, 200, 2_000);
    let mut cases = Vec::new();
    for in_flight in [1, bench.pick(2, 64, 64)] {
        let plan = plan(bench, rooms, 2, in_flight);
        let name = format!("{rooms} rooms × 2, {in_flight} in flight");
        cases.push(talk(bench, "direct", name, plan)?);
    }
    Ok(cases)
}

/// Everyone alone in a room, so that what is seen is the way to the disk and back.
pub(super) fn sends(bench: &Bench) -> Result<Vec<Case>> {
    let sizes: &[usize] = bench.pick(&[1, 3], &[1, 64], &[1, 8, 64]);
    let mut cases = Vec::new();
    for &senders in sizes {
        // With one sender, the lobby would be the room.
        let plan = plan(bench, senders.max(2), 1, senders);
        let name = format!("{senders} durable sender(s)");
        cases.push(bench.case("sends", name, |running, recording| {
            sample_of_sends(bench, running, plan, recording)
        })?);
    }
    Ok(cases)
}

fn sample_of_sends(
    bench: &Bench,
    running: &Running,
    plan: Plan,
    recording: &mut Option<Recording>,
) -> Result<Sample> {
    let mut rooms = Rooms::open(
        running,
        plan,
        seat(running, &plan, BODY, recording.as_ref())?,
    )?;
    let seen = rooms.measure()?;
    let mut sample = Sample::default();
    let messages = seen.messages;
    sample.put(
        figures::CPU_PER_MESSAGE,
        us_each(seen.spent.server, messages),
    );
    sample.put_waits(figures::RECEIVED, &seen.received);
    if running.system == System::Parlance {
        sample.put(figures::STORED_RATE, per_second(messages, seen.spent.wall));
        sample.put_waits(figures::STORED, &seen.stored);
        *recording = Some(rooms.into_recording());
        disk::measure(&bench.place, bench.pick(10, 200, 500), &mut sample)?;
    }
    sample.put_others(&seen.spent);
    Ok(sample)
}

fn talk(bench: &Bench, scenario: &'static str, name: String, plan: Plan) -> Result<Case> {
    bench.case(scenario, name, |running, recording: &mut Option<_>| {
        let seating = seat(running, &plan, BODY, recording.as_ref())?;
        let mut rooms = Rooms::open(running, plan, seating)?;
        let seen = rooms.measure()?;
        if running.system == System::Parlance {
            *recording = Some(rooms.into_recording());
        }
        Ok(seen.sample())
    })
}

/// As many messages as make the measurement a second or more, and at least some dozens.
pub(super) fn plan(bench: &Bench, rooms: usize, members: usize, in_flight: usize) -> Plan {
    let deliveries = bench.pick(30, 150_000, 400_000);
    let most = match in_flight {
        1 => bench.pick(5, 300, 1_000),
        _ => bench.pick(12, 2_000, 6_000),
    };
    let least = bench.pick(4, 32, 64);
    let messages = (deliveries / members).clamp(least, most);
    let rounds = messages.div_ceil(in_flight);
    Plan {
        rooms,
        members,
        in_flight,
        rounds,
        warm_up: rounds.div_ceil(10),
    }
}
