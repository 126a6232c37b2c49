//! Many clients on one thread: connects them, reads them, answers pings, and gives away what they hear.

mod connect;
mod member;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, Event, EventData, EventFlags};
use rustix::fd::OwnedFd;
use rustix::time::Timespec;

pub use self::connect::{CHALLENGE, RESPONSE};
use self::member::Member;
use crate::frames;
use crate::told::{Told, told};

/// Bytes read from one connection at once.
const READ_BYTES: usize = 256 * 1024;

/// Connections looked at in one turn.
const EVENTS: usize = 1_024;

/// Connections being made at once: well below the server's backlog of 1,024.
const CONNECTING: usize = 128;

/// Without any sign from the server for this long, a run has failed.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// What one client connects with.
#[derive(Debug, Clone)]
pub struct Seat {
    /// The server.
    pub address: std::net::SocketAddrV4,
    /// The upgrade request, as bytes.
    pub request: Vec<u8>,
    /// The frame to send once connected. A client that sends one is joined when it hears `resumed`, else at once.
    pub greeting: Option<Vec<u8>>,
    /// With as small a receive buffer as the kernel gives, so that the client is slow as soon as it stops reading.
    pub narrow: bool,
}

/// What a client hears.
#[derive(Debug, Clone, Copy)]
pub enum Heard<'a> {
    /// The upgrade was answered with 101.
    Opened,
    /// A text message.
    Text(&'a [u8]),
    /// The connection is closed: with this code, or without one.
    Closed(Option<u16>),
}

/// Frames to send, by client.
#[derive(Debug, Default)]
pub struct Outgoing(Vec<(usize, Vec<u8>)>);

impl Outgoing {
    /// Sends a whole frame once this turn is over.
    pub fn push(&mut self, client: usize, frame: Vec<u8>) {
        self.0.push((client, frame));
    }
}

/// The clients, numbered as they connect.
pub struct Crowd {
    epoll: OwnedFd,
    members: Vec<Option<Member>>,
    buffer: Vec<u8>,
    ready: Vec<Event>,
}

impl std::fmt::Debug for Crowd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Crowd of {}", self.members.len())
    }
}

impl Crowd {
    /// Of nobody yet.
    ///
    /// # Errors
    /// When the kernel gives no epoll.
    pub fn new() -> Result<Self> {
        Ok(Self {
            epoll: epoll::create(epoll::CreateFlags::CLOEXEC)?,
            members: Vec::new(),
            buffer: vec![0; READ_BYTES],
            ready: Vec::with_capacity(EVENTS),
        })
    }

    /// Connects one more client and sends its request. Its number is returned; what comes is heard in [`Crowd::turn`].
    ///
    /// # Errors
    /// When there is no connection to be had.
    pub fn connect(&mut self, seat: &Seat) -> Result<usize> {
        let number = self.members.len();
        let member = Member::connect(seat).with_context(|| format!("client {number}"))?;
        let token = EventData::new_u64(number as u64);
        epoll::add(&self.epoll, member.fd(), token, EventFlags::IN)?;
        self.members.push(Some(member));
        self.send(number, &seat.request)?;
        Ok(number)
    }

    /// Connects all of them, a bounded number at a time, and returns when all have joined: how long each took.
    ///
    /// # Errors
    /// When one cannot connect or is closed.
    pub fn gather<'a>(
        &mut self,
        seats: impl IntoIterator<Item = &'a Seat>,
    ) -> Result<Vec<Duration>> {
        let first = self.members.len();
        let mut waiting: VecDeque<&Seat> = seats.into_iter().collect();
        let mut began = Vec::with_capacity(waiting.len());
        let mut took = vec![Duration::ZERO; waiting.len()];
        let mut greets = Vec::with_capacity(waiting.len());
        let (all, mut joined) = (waiting.len(), 0);
        while joined < all {
            while began.len() - joined < CONNECTING
                && let Some(seat) = waiting.pop_front()
            {
                began.push(Instant::now());
                greets.push(seat.greeting.is_some());
                self.connect(seat)?;
            }
            self.turn(PATIENCE, |client, heard, _| {
                let Some(index) = client.checked_sub(first) else {
                    return Ok(());
                };
                let is_joined = match heard {
                    Heard::Opened => !greets[index],
                    Heard::Text(text) => greets[index] && told(text) == Told::Resumed,
                    Heard::Closed(code) => bail!("client {client} was closed with {code:?}"),
                };
                if is_joined {
                    took[index] = began[index].elapsed();
                    joined += 1;
                }
                Ok(())
            })?;
        }
        Ok(took)
    }

    /// Sends a whole frame, or as much of it as the kernel takes now and the rest later.
    ///
    /// # Errors
    /// When the connection is broken.
    pub fn send(&mut self, client: usize, bytes: &[u8]) -> Result<()> {
        if let Some(Some(member)) = self.members.get_mut(client) {
            member
                .send(bytes)
                .with_context(|| format!("client {client}"))?;
            self.watch(client)?;
        }
        Ok(())
    }

    /// A client stops reading, or reads again.
    ///
    /// # Errors
    /// When the kernel refuses.
    pub fn pause(&mut self, client: usize, is_paused: bool) -> Result<()> {
        if let Some(Some(member)) = self.members.get_mut(client) {
            member.is_paused = is_paused;
            self.watch(client)?;
        }
        Ok(())
    }

    /// A client goes away without a word.
    pub fn drop_client(&mut self, client: usize) {
        if let Some(member) = self.members.get_mut(client) {
            // Closing the socket takes it out of the epoll.
            *member = None;
        }
    }

    /// Waits until something comes and gives all that has come. Pings are answered here.
    ///
    /// # Errors
    /// When nothing comes for `wait`, a server breaks the rules of framing, or `hear` has an error.
    pub fn turn(
        &mut self,
        wait: Duration,
        hear: impl FnMut(usize, Heard<'_>, &mut Outgoing) -> Result<()>,
    ) -> Result<()> {
        if !self.try_turn(wait, hear)? {
            bail!("nothing came for {wait:?}");
        }
        Ok(())
    }

    /// The same where silence is no error: returns whether anything came.
    ///
    /// # Errors
    /// When a server breaks the rules of framing, or `hear` has an error.
    pub fn try_turn(
        &mut self,
        wait: Duration,
        mut hear: impl FnMut(usize, Heard<'_>, &mut Outgoing) -> Result<()>,
    ) -> Result<bool> {
        self.ready.clear();
        let wait = Timespec::try_from(wait)?;
        epoll::wait(&self.epoll, spare_capacity(&mut self.ready), Some(&wait))?;
        let mut outgoing = Outgoing::default();
        let ready = std::mem::take(&mut self.ready);
        for event in &ready {
            let (number, flags) = (event.data.u64() as usize, event.flags);
            let Some(member) = &mut self.members[number] else {
                continue;
            };
            if flags.contains(EventFlags::OUT) {
                member.flush()?;
                self.watch(number)?;
                continue;
            }
            let mut tell = |heard: Heard<'_>| hear(number, heard, &mut outgoing);
            let lives = member
                .read(&mut self.buffer, &mut tell)
                .with_context(|| format!("client {number}"))?;
            if let Err(code) = lives {
                tell(Heard::Closed(code))?;
                self.members[number] = None;
            } else if self.members[number].as_ref().is_some_and(Member::has_news) {
                self.watch(number)?;
            }
        }
        let came = !ready.is_empty();
        self.ready = ready;
        for (client, frame) in outgoing.0 {
            self.send(client, &frame)?;
        }
        Ok(came)
    }

    /// Listens for what is wanted of the connection now.
    fn watch(&mut self, client: usize) -> Result<()> {
        let Some(Some(member)) = self.members.get_mut(client) else {
            return Ok(());
        };
        let Some(wanted) = member.interest_changed() else {
            return Ok(());
        };
        let token = EventData::new_u64(client as u64);
        epoll::modify(&self.epoll, member.fd(), token, wanted)?;
        Ok(())
    }
}

/// A text message as a client frame.
#[must_use]
pub fn text(message: &impl serde::Serialize) -> Vec<u8> {
    frames::from_client(frames::TEXT, shared::wire::encode(message).as_bytes())
}
