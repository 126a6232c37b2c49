//! Who sits where, and what is said.

use anyhow::{Context, Result, bail};
use shared::ids::RoomId;

use super::{Plan, Recording};
use crate::crowd::Seat;
use crate::errands;
use crate::people::{self, Guest};
use crate::system::{Running, System};
use crate::told::{Told, told};

/// Everyone's seat, and what each room is told.
#[derive(Debug)]
pub struct Seating {
    /// Room after room.
    pub seats: Vec<Seat>,
    /// Where each room's log ends.
    pub heads: Vec<u64>,
    /// What is sent.
    pub script: Script,
    /// Who they are, at Parlance.
    pub guests: Vec<Guest>,
}

/// What the senders say.
#[derive(Debug)]
pub enum Script {
    /// At Parlance: the same text again and again, in these rooms.
    Say { rooms: Vec<RoomId>, body: String },
    /// At the baselines: the frames that Parlance sent, by room.
    Repeat(Recording),
}

/// Prepares a server for a plan. The baselines need what Parlance sent.
///
/// # Errors
/// When a guest cannot sign in or join.
pub fn seat(
    running: &Running,
    plan: &Plan,
    body: &str,
    recording: Option<&Recording>,
) -> Result<Seating> {
    match (running.system, recording) {
        (System::Parlance, _) => at_parlance(running, plan, body),
        (_, Some(recording)) => at_baseline(running, plan, recording),
        (_, None) => bail!("Parlance has to run first: the baselines repeat its frames"),
    }
}

fn at_parlance(running: &Running, plan: &Plan, body: &str) -> Result<Seating> {
    let address = running.address();
    let guests = people::sign_in(address, plan.rooms * plan.members)?;
    let (rooms, heads) = match plan.rooms {
        1 => {
            let (_, known) = errands::look(address, &guests[0])?;
            let lobby = known.first().context("a guest is in no room")?;
            (vec![lobby.id], vec![lobby.head.0])
        }
        _ => {
            let is_leader = |number: &usize| number.is_multiple_of(plan.members);
            let of = |number: usize| &guests[number];
            let leaders: Vec<_> = (0..guests.len()).filter(is_leader).map(of).collect();
            let rooms = errands::create(address, &leaders)?;
            let numbers: Vec<_> = (0..guests.len()).filter(|n| !is_leader(n)).collect();
            let others: Vec<_> = numbers.iter().map(|&number| of(number)).collect();
            errands::join(address, &others, |other| {
                vec![rooms[numbers[other] / plan.members]]
            })?;
            // `created` and a `joined` of each other member.
            (rooms, vec![plan.members as u64; plan.rooms])
        }
    };
    Ok(Seating {
        seats: guests.iter().map(|guest| guest.seat(address)).collect(),
        heads,
        script: Script::Say {
            rooms,
            body: body.to_owned(),
        },
        guests,
    })
}

fn at_baseline(running: &Running, plan: &Plan, recording: &Recording) -> Result<Seating> {
    let before_first = |frames: &Vec<Vec<u8>>| match frames.first().map(|first| told(first)) {
        Some(Told::Event { seq }) => Ok(seq - 1),
        // A room that nothing was said in.
        None => Ok(0),
        Some(other) => bail!("recorded {other:?}"),
    };
    let clients = 0..plan.rooms * plan.members;
    Ok(Seating {
        seats: clients
            .map(|client| running.plain_seat(client / plan.members))
            .collect(),
        heads: recording.iter().map(before_first).collect::<Result<_>>()?,
        script: Script::Repeat(recording.clone()),
        guests: Vec::new(),
    })
}

impl Seating {
    /// Whether the server says when a message is on disk. What Parlance sends is also what the others repeat.
    #[must_use]
    pub fn is_parlance(&self) -> bool {
        matches!(self.script, Script::Say { .. })
    }

    /// The frame to send as a room's message of this number.
    ///
    /// # Errors
    /// When the recording is too short.
    pub fn frame(&self, running: &Running, room: usize, number: usize) -> Result<Vec<u8>> {
        match &self.script {
            Script::Say { rooms, body } => errands::say(rooms[room], body),
            Script::Repeat(recording) => {
                let message = recording[room].get(number);
                let message = message.with_context(|| format!("room {room} has no {number}"))?;
                Ok(running.relay(message))
            }
        }
    }
}
