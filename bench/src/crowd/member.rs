//! One client of the crowd.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;

use anyhow::Result;
use rustix::event::epoll::EventFlags;

use super::connect::{is_early, open, opened};
use super::{Heard, Seat};
use crate::frames::{self, CLOSE, PING, PONG, Splitter, TEXT};

/// A connection, how far it is, and what waits to be sent.
#[derive(Debug)]
pub(super) struct Member {
    stream: TcpStream,
    stage: Stage,
    splitter: Splitter,
    out: Vec<u8>,
    pub(super) is_paused: bool,
    /// What the epoll listens for.
    watched: EventFlags,
    /// A ping to be answered, or a frame that did not go out whole.
    news: bool,
}

#[derive(Debug)]
enum Stage {
    /// The answer to the upgrade is not complete.
    Upgrading {
        head: Vec<u8>,
        greeting: Option<Vec<u8>>,
    },
    Open,
}

/// Alive, or closed with this code.
type Lives = Result<(), Option<u16>>;

impl Member {
    pub(super) fn connect(seat: &Seat) -> Result<Self> {
        Ok(Self {
            stream: open(seat.address, seat.narrow)?,
            stage: Stage::Upgrading {
                head: Vec::new(),
                greeting: seat.greeting.clone(),
            },
            splitter: Splitter::default(),
            out: Vec::new(),
            is_paused: false,
            watched: EventFlags::IN,
            news: false,
        })
    }

    pub(super) fn fd(&self) -> &TcpStream {
        &self.stream
    }

    /// What to listen for, if that is not what is listened for.
    pub(super) fn interest_changed(&mut self) -> Option<EventFlags> {
        self.news = false;
        let mut wanted = EventFlags::empty();
        wanted.set(EventFlags::IN, !self.is_paused);
        wanted.set(EventFlags::OUT, !self.out.is_empty());
        let changed = wanted != self.watched;
        self.watched = wanted;
        changed.then_some(wanted)
    }

    /// Whether [`Member::interest_changed`] has to be asked.
    pub(super) fn has_news(&self) -> bool {
        self.news
    }

    pub(super) fn send(&mut self, bytes: &[u8]) -> Result<()> {
        if !self.out.is_empty() {
            self.out.extend_from_slice(bytes);
            return Ok(());
        }
        let sent = self.write(bytes)?;
        self.out.extend_from_slice(&bytes[sent..]);
        self.news |= sent < bytes.len();
        Ok(())
    }

    pub(super) fn flush(&mut self) -> Result<()> {
        let waiting = std::mem::take(&mut self.out);
        let sent = self.write(&waiting)?;
        self.out.extend_from_slice(&waiting[sent..]);
        Ok(())
    }

    /// How much the kernel takes.
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        match self.stream.write(bytes) {
            Ok(sent) => Ok(sent),
            Err(error) if is_early(&error) => Ok(0),
            // What the server sent before it closed still waits to be read, and says why.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::BrokenPipe | ErrorKind::ConnectionReset
                ) =>
            {
                Ok(bytes.len())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Reads once and tells what came.
    pub(super) fn read(
        &mut self,
        buffer: &mut [u8],
        tell: &mut impl FnMut(Heard<'_>) -> Result<()>,
    ) -> Result<Lives> {
        let fresh = match self.stream.read(buffer) {
            Ok(0) => return Ok(Err(None)),
            Ok(length) => &buffer[..length],
            Err(error) if is_early(&error) => return Ok(Ok(())),
            Err(_) => return Ok(Err(None)),
        };
        let Stage::Upgrading { head, greeting } = &mut self.stage else {
            return self.split(fresh, tell);
        };
        head.extend_from_slice(fresh);
        let Some(used) = opened(head)? else {
            return Ok(Ok(()));
        };
        let rest = head.split_off(used);
        let greeting = greeting.take();
        self.stage = Stage::Open;
        tell(Heard::Opened)?;
        if let Some(greeting) = greeting {
            self.send(&greeting)?;
        }
        self.split(&rest, tell)
    }

    fn split(
        &mut self,
        fresh: &[u8],
        tell: &mut impl FnMut(Heard<'_>) -> Result<()>,
    ) -> Result<Lives> {
        let (mut lives, mut pongs) = (Ok(()), Vec::new());
        self.splitter.take(fresh, |frame| {
            match frame.opcode {
                TEXT => tell(Heard::Text(frame.payload))?,
                PING => pongs.extend(frames::from_client(PONG, frame.payload)),
                CLOSE => {
                    let code = frame.payload.first_chunk().copied();
                    lives = Err(code.map(u16::from_be_bytes));
                }
                _ => {}
            }
            Ok(())
        })?;
        if !pongs.is_empty() {
            self.send(&pongs)?;
        }
        Ok(lives)
    }
}
