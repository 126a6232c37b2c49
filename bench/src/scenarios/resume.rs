//! Clients that missed a thousand events come back: one by itself, and five hundred at once.
//!
//! A client counts as resumed when it holds everything: the replay with its gap, and the gap read page by page (R5 to R7).

use std::iter::repeat_n;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use shared::ids::{RequestId, RoomId, Seq};
use shared::protocol::{ClientMessage, ServerMessage};
use shared::wire;

use super::{BODY, Bench, Case};
use crate::crowd::{Crowd, Heard, PATIENCE, Seat, text};
use crate::errands;
use crate::figures::{ALL_RESUMED, CPU_PER_RESUME, RESUMED, Sample, ms, us_each};
use crate::machine::Window;
use crate::people::{self, hello_from};
use crate::stats::Waits;
use crate::system::{Running, System};
use crate::told::{Told, told};

/// Everything that the server said to one client that resumed: what the baselines repeat.
type Heap = Vec<Vec<u8>>;

pub(super) fn run(bench: &Bench) -> Result<Vec<Case>> {
    let missed = bench.pick(20, 1_000, 1_000);
    let many = bench.pick(3, 100, 500);
    let mut cases = Vec::new();
    for (clients, times) in [(1, bench.pick(2, 10, 30)), (many, 1)] {
        let name = format!("{missed} missed events, {clients} client(s) at once");
        cases.push(
            bench.case("resume", name, |running, heap| match running.system {
                System::Parlance => at_parlance(running, missed, clients, times, heap),
                _ => at_baseline(running, clients, times, heap),
            })?,
        );
    }
    Ok(cases)
}

fn at_parlance(
    running: &Running,
    missed: usize,
    clients: usize,
    times: usize,
    heap: &mut Heap,
) -> Result<Sample> {
    let address = running.address();
    let guests = people::sign_in(address, clients)?;
    let (epoch, rooms) = errands::look(address, &guests[0])?;
    let lobby = rooms.first().context("a guest is in no room")?.id;
    let head = errands::fill(address, &guests[0], lobby, repeat_n(BODY, missed))?;
    let missed = missed as u64;
    let seats: Vec<_> = guests
        .iter()
        .map(|guest| guest.seat_from(address, hello_from(epoch, lobby, head - missed)))
        .collect();
    // Not measured: that the events are really there, and what has been said.
    *heap = Returning::new(&seats[..1], lobby, head, missed)?
        .finish()?
        .heap;
    let held = events_in(heap)?;
    ensure!(
        held == (head - missed + 1..=head).collect::<Vec<_>>(),
        "after resuming, the client holds {held:?}"
    );
    let window = Window::open(running.pid())?;
    let (mut waits, mut longest) = (Vec::new(), Duration::ZERO);
    for _ in 0..times {
        let began = Instant::now();
        let done = Returning::new(&seats, lobby, head, missed)?.finish()?;
        longest = longest.max(began.elapsed());
        waits.extend(done.waits);
    }
    let spent = window.close()?;
    Ok(sample(waits, longest, &spent))
}

fn sample(waits: Vec<Duration>, longest: Duration, spent: &crate::machine::Spent) -> Sample {
    let mut sample = Sample::default();
    let clients = waits.len() as u64;
    sample.put_waits(RESUMED, &Waits::from_iter(waits));
    sample.put(ALL_RESUMED, ms(longest));
    sample.put(CPU_PER_RESUME, us_each(spent.server, clients));
    sample.put_others(spent);
    sample
}

/// Clients that are coming back.
struct Returning {
    crowd: Crowd,
    clients: Vec<Client>,
    room: RoomId,
    missed: u64,
    /// What the first one heard.
    heap: Heap,
    left: usize,
}

struct Client {
    began: Instant,
    held: u64,
    /// Place up to which it reads by itself.
    until: u64,
    took: Duration,
}

struct Done {
    waits: Vec<Duration>,
    heap: Heap,
}

impl Returning {
    fn new(seats: &[Seat], room: RoomId, head: u64, missed: u64) -> Result<Self> {
        let mut crowd = Crowd::new()?;
        let mut clients = Vec::with_capacity(seats.len());
        for seat in seats {
            clients.push(Client {
                began: Instant::now(),
                held: 0,
                until: head,
                took: Duration::ZERO,
            });
            crowd.connect(seat)?;
        }
        Ok(Self {
            crowd,
            left: clients.len(),
            clients,
            room,
            missed,
            heap: Vec::new(),
        })
    }

    fn finish(mut self) -> Result<Done> {
        while self.left > 0 {
            let (clients, heap, room) = (&mut self.clients, &mut self.heap, self.room);
            let (left, missed) = (&mut self.left, self.missed);
            self.crowd.turn(PATIENCE, |number, heard, outgoing| {
                let message = match heard {
                    Heard::Text(message) => message,
                    Heard::Opened => return Ok(()),
                    Heard::Closed(code) => bail!("client {number} was closed with {code:?}"),
                };
                if number == 0 {
                    heap.push(message.to_vec());
                }
                let page = match told(message) {
                    Told::Page(page) => page,
                    Told::Refused => bail!("{}", String::from_utf8_lossy(message)),
                    _ => return Ok(()),
                };
                let client = &mut clients[number];
                client.held += page.to + 1 - page.from;
                let (from, until) = page.gap.unwrap_or((page.to + 1, client.until));
                client.until = until;
                if from <= until {
                    let read = ClientMessage::Read {
                        request: RequestId(from),
                        room,
                        from: Seq(from),
                        to: Seq(until),
                    };
                    outgoing.push(number, text(&read));
                }
                if client.held == missed {
                    client.took = client.began.elapsed();
                    *left -= 1;
                }
                Ok(())
            })?;
        }
        Ok(Done {
            waits: self.clients.iter().map(|client| client.took).collect(),
            heap: self.heap,
        })
    }
}

/// Places of all events in the pages, sorted.
fn events_in(heap: &Heap) -> Result<Vec<u64>> {
    let mut places = Vec::new();
    for message in heap {
        let text = std::str::from_utf8(message)?;
        if let Ok(ServerMessage::Page(page)) = wire::decode_server(text) {
            places.extend(page.events.iter().map(|event| event.seq.0));
        }
    }
    places.sort_unstable();
    Ok(places)
}

/// The same bytes to as many clients, sent by one of them into a room of all.
fn at_baseline(running: &Running, clients: usize, times: usize, heap: &Heap) -> Result<Sample> {
    let seats: Vec<_> = (0..clients).map(|_| running.bulk_seat()).collect();
    let mut crowd = Crowd::new()?;
    crowd.gather(&seats)?;
    let frames: Vec<u8> = heap
        .iter()
        .flat_map(|message| running.relay(message))
        .collect();
    let all: usize = heap.iter().map(Vec::len).sum();
    let window = Window::open(running.pid())?;
    let (mut waits, mut longest) = (Vec::new(), Duration::ZERO);
    for _ in 0..times {
        let (began, mut held) = (Instant::now(), vec![0; clients]);
        crowd.send(0, &frames)?;
        let mut left = clients;
        while left > 0 {
            crowd.turn(PATIENCE, |client, heard, _| {
                let Heard::Text(message) = heard else {
                    bail!("client {client}: {heard:?}");
                };
                held[client] += message.len();
                if held[client] == all {
                    waits.push(began.elapsed());
                    left -= 1;
                }
                Ok(())
            })?;
        }
        longest = longest.max(began.elapsed());
    }
    let spent = window.close()?;
    Ok(sample(waits, longest, &spent))
}
