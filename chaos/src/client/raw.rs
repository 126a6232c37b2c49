//! A connection without a Session, for load that no honest client would make: it sends on whatever is answered, and tries
//! nothing again.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use shared::ids::RoomId;
use shared::transport::Transport;
use tokio::time::{Instant, sleep_until, timeout};

use super::frames::{self, Frame, Refused, Stored};
use super::socket::{Door, Happening, Socket};
use crate::history::RoomAt;
use crate::http::Guest;
use crate::measure::Samples;
use crate::names::{Key, SETTING_UP};
use crate::run::Run;
use crate::speech::{self, Said};

/// For one step of connecting.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often a connection looks whether it has to send again.
const TICK: Duration = Duration::from_millis(20);

/// What one connection asks of the server.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    /// Sends without an answer at most.
    pub(crate) window: usize,
    /// Sends a second at most, whatever is answered.
    pub(crate) rate: f64,
}

impl Load {
    /// A window that is kept full.
    pub(crate) fn full(window: usize) -> Self {
        let rate = f64::MAX;
        Self { window, rate }
    }

    /// How many are to be made in this time.
    fn due(self, elapsed: Duration) -> u64 {
        (self.rate * elapsed.as_secs_f64()).ceil() as u64
    }
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Sends that were made.
    pub(crate) offered: u64,
    /// Acknowledged while the time lasted.
    pub(crate) stored: u64,
    /// Refused while the time lasted.
    pub(crate) refused: u64,
    /// From a send to its acknowledgement.
    pub(crate) took: Samples,
}

/// A connection in a room of its own.
#[derive(Debug)]
pub(crate) struct Raw {
    index: usize,
    run: Rc<Run>,
    socket: Socket,
    room: RoomId,
    at: RoomAt,
    unanswered: usize,
}

impl Raw {
    /// Connects and makes the room.
    ///
    /// # Errors
    /// When the server does not let it.
    pub(crate) async fn connect(
        index: usize,
        run: Rc<Run>,
        server: SocketAddr,
        guest: Guest,
    ) -> Result<Self> {
        let mut socket = Socket::default();
        socket.open(Door {
            address: server,
            cookie: guest.cookie,
            transport: Transport::WebSocket,
            receive_bytes: None,
        });
        ensure!(
            matches!(next(&mut socket).await?, Happening::Opened),
            "it does not open"
        );
        socket.send("{\"type\":\"hello\",\"protocol\":1,\"client\":\"chaos/0.1.0\"}".to_owned());
        text_of(&mut socket, "resumed").await?;
        let client_id = Key::new(index as u32, SETTING_UP).client_id(run.seed);
        socket.send(format!(
            "{{\"type\":\"create\",\"request\":1,\"client_id\":\"{client_id}\",\"name\":\"Room {index}\"}}"
        ));
        let joined = text_of(&mut socket, "joined").await?;
        let joined: serde_json::Value = serde_json::from_str(&joined)?;
        let room: RoomId = serde_json::from_value(joined["room"]["id"].clone())?;
        let at = {
            let mut history = run.history.borrow_mut();
            history.add_room(room);
            history.rooms.len() - 1
        };
        Ok(Self {
            index,
            run,
            socket,
            room,
            at,
            unanswered: 0,
        })
    }

    /// Sends until the time is over, then waits for the answers that are due.
    ///
    /// # Errors
    /// When the connection ends, or an answer never comes.
    pub(crate) async fn send(&mut self, load: Load, until: Instant) -> Result<Outcome> {
        let mut outcome = Outcome::default();
        let began = Instant::now();
        while Instant::now() < until {
            let due = load.due(began.elapsed());
            while self.unanswered < load.window && outcome.offered < due {
                self.send_one(&mut outcome);
            }
            let socket = &mut self.socket;
            tokio::select! {
                happening = poll_fn(|context| socket.poll(true, context)) => self.heard(happening, Some(&mut outcome))?,
                () = sleep_until(until.min(Instant::now() + TICK)) => {}
            }
        }
        while self.unanswered > 0 {
            let happening = next(&mut self.socket).await;
            let happening =
                happening.with_context(|| format!("{} answers never came", self.unanswered))?;
            self.heard(happening, None)?;
        }
        Ok(outcome)
    }

    fn send_one(&mut self, outcome: &mut Outcome) {
        let now_us = self.run.now_us();
        let mut history = self.run.history.borrow_mut();
        let key = history.wrote(self.index, self.at, Said::Message);
        if let Some(written) = history.written[self.index].last_mut() {
            written.sent_us = now_us;
        }
        history.counts.sends_on_the_wire += 1;
        let text = speech::raw_send(self.room, key.client_id(self.run.seed), self.run.extra);
        self.socket.send(text);
        self.unanswered += 1;
        outcome.offered += 1;
    }

    fn heard(&mut self, happening: Happening, outcome: Option<&mut Outcome>) -> Result<()> {
        let text = match happening {
            Happening::Text(text) => text,
            Happening::Opened => return Ok(()),
            Happening::Closed { code, reason, .. } => bail!("closed with {code} {reason:?}"),
        };
        // The echoes are not what is measured here.
        if text.starts_with("{\"type\":\"event\"") {
            return Ok(());
        }
        match frames::read(&text)? {
            Frame::Stored(stored) => self.stored(&stored, outcome),
            Frame::Refused(refused) => self.refused(refused, outcome),
            _ => {}
        }
        Ok(())
    }

    fn stored(&mut self, stored: &Stored, outcome: Option<&mut Outcome>) {
        let now_us = self.run.now_us();
        let mut history = self.run.history.borrow_mut();
        let key = Key::of(stored.client_id, history.seed);
        history.acknowledged(key, self.at, stored.seq);
        self.unanswered = self.unanswered.saturating_sub(1);
        let sent_us = key
            .action()
            .and_then(|(client, n)| history.written[client].get(n))
            .map_or(now_us, |written| written.sent_us);
        if let Some(outcome) = outcome {
            outcome.stored += 1;
            outcome.took.push(now_us - sent_us);
        }
    }

    fn refused(&mut self, refused: Refused, outcome: Option<&mut Outcome>) {
        let mut history = self.run.history.borrow_mut();
        self.unanswered = self.unanswered.saturating_sub(1);
        let key = refused.client_id.map(|id| Key::of(id, history.seed));
        let code = refused.problem.code;
        if refused.problem.retry_after_ms.is_none() {
            history.refused.push(format!("{key:?} was refused: {code}"));
        }
        *history.postponed.entry(format!("send {code}")).or_default() += 1;
        if let Some((client, n)) = key.and_then(Key::action)
            && let Some(written) = history.written[client].get_mut(n)
        {
            written.given_up = true;
        }
        if let Some(outcome) = outcome {
            outcome.refused += 1;
        }
    }
}

async fn next(socket: &mut Socket) -> Result<Happening> {
    let happening = poll_fn(|context| socket.poll(true, context));
    timeout(PATIENCE, happening).await.context("nothing comes")
}

/// The next message of a kind.
async fn text_of(socket: &mut Socket, kind: &str) -> Result<String> {
    let start = format!("{{\"type\":\"{kind}\"");
    loop {
        match next(socket).await? {
            Happening::Text(text) if text.starts_with(&start) => return Ok(text),
            Happening::Text(_) | Happening::Opened => {}
            Happening::Closed { code, reason, .. } => bail!("closed with {code} {reason:?}"),
        }
    }
}
