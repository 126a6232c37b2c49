//! A real client next to the load: the session of the app, on a thread and a socket of its own. It is too dear to be the
//! load, but it knows the rules, and proves what it applied.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddrV4, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use shared::close::CloseCode;
use shared::ids::{RoomId, Timestamp};
use shared::session::connection::Generation;
use shared::session::io::{Input, Output};
use shared::session::proof::Proof;
use shared::session::time::{Moment, Ticks};
use shared::session::{Options, Session};

use crate::crowd::RESPONSE;
use crate::frames::{self, CLOSE, PING, PONG, Splitter, TEXT};
use crate::people::{Guest, answer};

/// How long a read waits before the session's timers are looked at.
const TURN: Duration = Duration::from_millis(10);

/// From the end of the load until the session holds everything.
const PATIENCE: Duration = Duration::from_secs(30);

/// A witness at work.
#[derive(Debug)]
pub struct Witness {
    thread: JoinHandle<Result<Proof>>,
    /// Where the log ends, once that is known.
    target: Arc<AtomicU64>,
}

impl Witness {
    /// Connects and returns once the lobby is held. With `cut_after`, the line is cut after so many messages.
    ///
    /// # Errors
    /// When it ends before it is live.
    pub fn start(address: SocketAddrV4, guest: Guest, cut_after: Option<u64>) -> Result<Self> {
        let target = Arc::new(AtomicU64::new(u64::MAX));
        let (live, is_live) = channel();
        let wanted = Arc::clone(&target);
        let thread = std::thread::spawn(move || {
            let mut client = Client::new(address, guest, cut_after);
            client.run(&wanted, || {
                // Nobody waits any more once it was live.
                let _ = live.send(());
            })
        });
        let witness = Self { thread, target };
        witness.wait(&is_live)?;
        Ok(witness)
    }

    fn wait(&self, is_live: &Receiver<()>) -> Result<()> {
        is_live
            .recv_timeout(PATIENCE)
            .context("a session does not become live")
    }

    /// Waits until the session holds the log up to `head`, and returns its proof.
    ///
    /// # Errors
    /// When it does not get there, or what it holds is not the log.
    pub fn finish(self, head: u64) -> Result<Proof> {
        self.target.store(head, Ordering::Release);
        match self.thread.join() {
            Ok(proof) => proof,
            Err(_) => bail!("a session panicked"),
        }
    }
}

struct Client {
    address: SocketAddrV4,
    guest: Guest,
    cut_after: Option<u64>,
    session: Session,
    began: Instant,
    line: Option<Line>,
    /// Events that were applied when the room was first held: from there on nothing may be missing.
    room: Option<RoomId>,
}

struct Line {
    stream: TcpStream,
    splitter: Splitter,
    generation: Generation,
}

impl Client {
    fn new(address: SocketAddrV4, guest: Guest, cut_after: Option<u64>) -> Self {
        let seed = guest.me.id.0;
        Self {
            address,
            guest,
            cut_after,
            session: Session::new(Options {
                client: "bench-session/1".into(),
                seed,
            }),
            began: Instant::now(),
            line: None,
            room: None,
        }
    }

    fn run(&mut self, target: &AtomicU64, live: impl Fn()) -> Result<Proof> {
        let me = self.guest.me.clone();
        self.input(Input::SignedIn {
            me,
            restored: Vec::new(),
        })?;
        let mut deadline = None;
        loop {
            self.turn()?;
            let last = self.open_lobby()?;
            if last.is_some() {
                live();
            }
            let head = target.load(Ordering::Acquire);
            if head == u64::MAX {
                continue;
            }
            if last == Some(head) {
                return self.proof(head);
            }
            let until = *deadline.get_or_insert_with(|| Instant::now() + PATIENCE);
            ensure!(
                Instant::now() < until,
                "a session is at {last:?} of {head}: {:?}",
                self.session.proof()
            );
        }
    }

    /// Opens the lobby as soon as it is known; the last place that is held without anything missing before.
    fn open_lobby(&mut self) -> Result<Option<u64>> {
        let Some(room) = self.room else {
            self.room = self.session.rooms().next().map(|room| room.id);
            if let Some(room) = self.room {
                self.input(Input::Open { room })?;
            }
            return Ok(None);
        };
        let Some(timeline) = self.session.timeline(room) else {
            return Ok(None);
        };
        // Who was away for long gets the end of what was missed, and reads the rest as one who scrolls back does.
        if let Some(gap) = timeline.gaps().first() {
            let (span, loading) = (gap.span, gap.loading);
            if !loading {
                self.input(Input::LoadGap { room, span })?;
            }
            return Ok(None);
        }
        let is_whole = self.session.behind() == 0;
        Ok(is_whole.then_some(timeline.last().0))
    }

    fn proof(&self, head: u64) -> Result<Proof> {
        let proof = self.session.proof();
        let timeline = self.room.and_then(|room| self.session.timeline(room));
        let timeline = timeline.context("the lobby is not held")?;
        ensure!(timeline.gaps().is_empty(), "gaps: {:?}", timeline.gaps());
        let held = timeline.events().map(|event| event.seq.0);
        ensure!(
            held.eq(timeline.floor().0.max(1)..=head),
            "a session holds other places than all"
        );
        ensure!(proof.diverged == 0, "a session's log diverged: {proof:?}");
        ensure!(proof.applied > 0, "a session applied nothing");
        Ok(proof)
    }

    fn input(&mut self, input: Input) -> Result<()> {
        let now = self.now();
        self.session.handle(input, now);
        while let Some(output) = self.session.poll_output() {
            self.perform(output)?;
        }
        Ok(())
    }

    fn perform(&mut self, output: Output) -> Result<()> {
        match output {
            Output::Connect { generation, .. } => {
                self.line = Some(Line::open(self.address, &self.guest, generation)?);
                self.input(Input::Opened { generation })
            }
            Output::Transmit { text, .. } => match &mut self.line {
                Some(line) => line.send(TEXT, text.as_bytes()),
                None => Ok(()),
            },
            Output::Disconnect { .. } => {
                self.line = None;
                Ok(())
            }
            Output::Refused { problem, .. } => bail!("a session was refused: {problem:?}"),
            // There is no storage and no other tab.
            _ => Ok(()),
        }
    }

    /// Reads what has come, and lets the session's timers ring.
    fn turn(&mut self) -> Result<()> {
        let mut inputs = Vec::new();
        match &mut self.line {
            Some(line) => line.read(&mut inputs)?,
            None => std::thread::sleep(TURN),
        }
        for input in inputs {
            self.input(input)?;
        }
        self.cut()?;
        let now = self.now();
        if self.session.wake_at().is_some_and(|at| at <= now.ticks) {
            self.input(Input::Timer)?;
        }
        Ok(())
    }

    /// The line breaks once, without a word.
    fn cut(&mut self) -> Result<()> {
        let applied = self.session.proof().applied;
        if let Some(line) = &self.line
            && self.cut_after.is_some_and(|after| applied >= after)
        {
            let generation = line.generation;
            (self.line, self.cut_after) = (None, None);
            return self.input(closed(generation, CloseCode::ABNORMAL));
        }
        Ok(())
    }

    fn now(&self) -> Moment {
        let ticks = self.began.elapsed().as_millis();
        Moment {
            ticks: Ticks(u64::try_from(ticks).unwrap_or(u64::MAX)),
            clock: Timestamp(0),
        }
    }
}

fn closed(generation: Generation, code: CloseCode) -> Input {
    Input::Closed {
        generation,
        code,
        reason: String::new(),
        clean: false,
    }
}

impl Line {
    fn open(address: SocketAddrV4, guest: &Guest, generation: Generation) -> Result<Self> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        stream.write_all(&guest.upgrade(address))?;
        // The server says nothing more before the hello.
        let (head, _) = answer(&mut stream)?;
        ensure!(head.contains(RESPONSE), "the upgrade was answered: {head}");
        stream.set_read_timeout(Some(TURN))?;
        Ok(Self {
            stream,
            splitter: Splitter::default(),
            generation,
        })
    }

    fn send(&mut self, opcode: u8, payload: &[u8]) -> Result<()> {
        let frame = frames::from_client(opcode, payload);
        Ok(self.stream.write_all(&frame)?)
    }

    fn read(&mut self, inputs: &mut Vec<Input>) -> Result<()> {
        let (mut buffer, generation) = ([0; 64 * 1024], self.generation);
        let length = match self.stream.read(&mut buffer) {
            Ok(length) => length,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                return Ok(());
            }
            Err(_) => 0,
        };
        if length == 0 {
            inputs.push(closed(generation, CloseCode::ABNORMAL));
            return Ok(());
        }
        let mut pings = Vec::new();
        self.splitter.take(&buffer[..length], |frame| {
            match frame.opcode {
                TEXT => inputs.push(Input::Received {
                    generation,
                    text: std::str::from_utf8(frame.payload)?.to_owned(),
                }),
                PING => pings.push(frame.payload.to_vec()),
                CLOSE => {
                    let code = frame.payload.first_chunk().copied();
                    let code =
                        code.map_or(CloseCode(1005), |code| CloseCode(u16::from_be_bytes(code)));
                    inputs.push(closed(generation, code));
                }
                _ => {}
            }
            Ok(())
        })?;
        for ping in pings {
            self.send(PONG, &ping)?;
        }
        Ok(())
    }
}
