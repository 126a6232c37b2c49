//! The heart of the bench: messages into rooms, and the count of who has them.
//!
//! A plan has `rooms` × `members` clients; the first member of each room is its sender. `in_flight` messages are on
//! their way at once, each in a lane of its own: the lane sends its next message as soon as every member of the room has
//! the last one and, at Parlance, it is acknowledged as on disk.

mod flights;
mod seating;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use self::flights::{Arrival, Flights};
pub use self::seating::{Script, Seating, seat};
use crate::crowd::{Crowd, Heard, PATIENCE};
use crate::figures::{self, Sample, per_second, us_each};
use crate::machine::{Spent, Window};
use crate::stats::Waits;
use crate::system::Running;
use crate::told::{Told, told};

/// How long nothing may come after everything has.
const QUIET: Duration = Duration::from_millis(10);

/// How many rooms of how many members, and how many messages at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Rooms; with one, it is the lobby.
    pub rooms: usize,
    /// Connections in each, each of another person.
    pub members: usize,
    /// Messages on their way at once, over all rooms.
    pub in_flight: usize,
    /// Messages that each lane sends to be measured.
    pub rounds: usize,
    /// Messages that each lane sends before.
    pub warm_up: usize,
}

/// Text of the event frames that went through each room, in order: what the baselines repeat.
pub type Recording = Vec<Vec<Vec<u8>>>;

/// Clients in their seats.
#[derive(Debug)]
pub struct Rooms<'a> {
    running: &'a Running,
    plan: Plan,
    seating: Seating,
    crowd: Crowd,
    flights: Vec<Flights>,
    /// Messages that each room has got.
    said: Vec<usize>,
    /// The room that each lane sends to next.
    next_room: Vec<usize>,
    /// Place of the last event that each client has.
    last: Vec<u64>,
    /// Members of the first room that stopped reading, and do not count.
    slow: usize,
    recording: Recording,
}

/// What a measurement saw.
#[derive(Debug)]
pub struct Seen {
    /// Messages times readers.
    pub deliveries: u64,
    /// Messages.
    pub messages: u64,
    /// From the send to the last reader.
    pub received: Waits,
    /// From the send to `stored`; empty for the baselines.
    pub stored: Waits,
    /// What it took.
    pub spent: Spent,
}

impl<'a> Rooms<'a> {
    /// Lets everyone take their seat.
    ///
    /// # Errors
    /// When one cannot join.
    pub fn open(running: &'a Running, plan: Plan, seating: Seating) -> Result<Self> {
        let mut crowd = Crowd::new()?;
        crowd.gather(&seating.seats)?;
        let heads = seating.heads.iter();
        Ok(Self {
            running,
            plan,
            crowd,
            flights: heads.clone().map(|&head| Flights::after(head)).collect(),
            said: vec![0; plan.rooms],
            next_room: (0..plan.in_flight).map(|lane| lane % plan.rooms).collect(),
            last: heads.flat_map(|&head| vec![head; plan.members]).collect(),
            slow: 0,
            recording: vec![Vec::new(); plan.rooms],
            seating,
        })
    }

    /// The clients.
    pub fn crowd(&mut self) -> &mut Crowd {
        &mut self.crowd
    }

    /// Place of the last event that a client has.
    #[must_use]
    pub fn last(&self, client: usize) -> u64 {
        self.last[client]
    }

    /// These clients of the first room stop reading and count no more.
    ///
    /// # Errors
    /// When the kernel refuses.
    pub fn slow_down(&mut self, clients: std::ops::Range<usize>) -> Result<()> {
        self.slow += clients.len();
        for client in clients {
            self.crowd.pause(client, true)?;
        }
        Ok(())
    }

    /// Sends the messages of the warm-up, then measures.
    ///
    /// # Errors
    /// When a message does not reach every reader in order and exactly once.
    pub fn measure(&mut self) -> Result<Seen> {
        self.run(self.plan.warm_up)?;
        let window = Window::open(self.running.pid())?;
        let (received, stored) = self.run(self.plan.rounds)?;
        let spent = window.close()?;
        self.stay_quiet()?;
        let messages = received.len() as u64;
        Ok(Seen {
            deliveries: messages * (self.plan.members - self.slow) as u64,
            messages,
            received,
            stored,
            spent,
        })
    }

    /// What went through the rooms.
    #[must_use]
    pub fn into_recording(self) -> Recording {
        self.recording
    }

    /// Lets each lane send so many messages, and returns when all have arrived everywhere.
    fn run(&mut self, rounds: usize) -> Result<(Waits, Waits)> {
        let mut tally = Tally {
            wanted: rounds * self.plan.in_flight,
            acknowledges: self.seating.is_parlance(),
            received: Waits::default(),
            stored: Waits::default(),
        };
        let mut rounds_left = vec![rounds; self.plan.in_flight];
        let mut free: Vec<usize> = (0..self.plan.in_flight).collect();
        while !tally.is_complete() {
            while let Some(lane) = free.pop() {
                if rounds_left[lane] > 0 {
                    rounds_left[lane] -= 1;
                    self.send(lane)?;
                }
            }
            self.listen(&mut tally, &mut free)
                .map_err(|error| error.context(tally.what_is_missing()))?;
        }
        Ok((tally.received, tally.stored))
    }

    /// Everyone has everything: what still comes is one too many.
    fn stay_quiet(&mut self) -> Result<()> {
        self.crowd.try_turn(QUIET, |client, heard, _| match heard {
            Heard::Text(text) if matches!(told(text), Told::Other) => Ok(()),
            Heard::Text(text) => bail!("client {client}: {}", String::from_utf8_lossy(text)),
            _ => bail!("client {client}: {heard:?}"),
        })?;
        Ok(())
    }

    /// The lane's next room gets its next message.
    fn send(&mut self, lane: usize) -> Result<()> {
        let room = self.next_room[lane];
        self.next_room[lane] = (room + self.plan.in_flight) % self.plan.rooms;
        let frame = self.seating.frame(self.running, room, self.said[room])?;
        self.said[room] += 1;
        let readers = self.plan.members - self.slow;
        let acknowledges = self.seating.is_parlance();
        self.flights[room].sent(Instant::now(), readers, acknowledges, lane);
        self.crowd.send(room * self.plan.members, &frame)
    }

    /// Takes what has come. This is the hot path: for each delivery one comparison of text and one number.
    fn listen(&mut self, tally: &mut Tally, free: &mut Vec<usize>) -> Result<()> {
        let (members, records) = (self.plan.members, self.seating.is_parlance());
        let (flights, last, recording) = (&mut self.flights, &mut self.last, &mut self.recording);
        self.crowd.turn(PATIENCE, |client, heard, _| {
            let Heard::Text(text) = heard else {
                bail!("client {client}: {heard:?}");
            };
            let room = client / members;
            let arrival = match told(text) {
                Told::Event { seq } => {
                    // D2 allows more than this, but here nobody who is looked at is slow.
                    if seq != last[client] + 1 {
                        bail!("client {client} heard {seq} after {}", last[client]);
                    }
                    last[client] = seq;
                    if records && client % members == 0 {
                        recording[room].push(text.to_vec());
                    }
                    flights[room].received(seq)?
                }
                Told::Stored { seq } => flights[room].stored(seq)?,
                Told::Refused | Told::Behind => {
                    bail!("client {client}: {}", String::from_utf8_lossy(text))
                }
                _ => return Ok(()),
            };
            match arrival {
                Arrival::Partly => return Ok(()),
                Arrival::OnDisk(wait) => tally.stored.push(wait),
                Arrival::Everywhere(wait) => tally.received.push(wait),
            }
            while let Some(lane) = flights[room].take_done() {
                free.push(lane);
            }
            Ok(())
        })
    }
}

/// What has arrived in one run.
#[derive(Debug)]
struct Tally {
    wanted: usize,
    acknowledges: bool,
    received: Waits,
    stored: Waits,
}

impl Tally {
    fn is_complete(&self) -> bool {
        let stored = if self.acknowledges { self.wanted } else { 0 };
        self.received.len() == self.wanted && self.stored.len() == stored
    }

    fn what_is_missing(&self) -> String {
        let (received, stored) = (self.received.len(), self.stored.len());
        let wanted = self.wanted;
        format!("of {wanted} messages, {received} reached everyone and {stored} were acknowledged")
    }
}

impl Seen {
    /// As figures.
    #[must_use]
    pub fn sample(&self) -> Sample {
        let (spent, deliveries) = (self.spent, self.deliveries);
        let mut sample = Sample::default();
        sample.put(figures::CPU_PER_DELIVERY, us_each(spent.server, deliveries));
        sample.put(figures::DELIVERIES, per_second(deliveries, spent.wall));
        sample.put_waits(figures::RECEIVED, &self.received);
        if !self.stored.is_empty() {
            sample.put_waits(figures::STORED, &self.stored);
        }
        sample.put(figures::OWN_PER_DELIVERY, us_each(spent.own, deliveries));
        sample.put_others(&spent);
        sample
    }
}
