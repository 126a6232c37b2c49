//! One connection: a single task that reads requests, writes what waits and keeps the time.
//!
//! What is written leaves before more is made, and while much waits nothing is read: a client that does not
//! take its answers makes no further ones. Answers are given in the order of the requests.

mod joining;
mod receiving;

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use shared::close::CloseCode;
use shared::limits;
use shared::problem::Problem;
use shared::protocol::{Handshake, Person, ServerMessage};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, Sleep, sleep_until};

use super::accept::Place;
use super::heartbeat::{Due, Heartbeat};
use super::socket::{Received, Socket};
use crate::config::WebLimits;
use crate::frames::Opcode;
use crate::rooms::Rooms;
use crate::rooms::budget::Budget;
use crate::rooms::hub::Registration;
use crate::rooms::mailbox::{Appetite, Mail, Order, Taker};
use crate::rooms::parcel::Parcel;
use crate::rooms::requests::Answering;
use crate::rooms::resume::{Replay, Welcomed};

/// Requests of one connection that wait for their answers before no more are read.
const IN_FLIGHT: usize = 64;

/// Bytes that wait to be written before no more are made.
const OUT_BYTES: usize = 64 * 1024;

/// How long a close frame may take to leave; longer for no one, as drain has 5 s in all.
pub(super) const CLOSE_WITHIN: Duration = Duration::from_secs(1);

type Welcoming = Pin<Box<dyn Future<Output = Result<Option<Welcomed>, Problem>> + Send>>;

/// A connection whose person is known.
pub(super) struct Connection<IO> {
    socket: Socket<IO>,
    rooms: Arc<Rooms>,
    limits: Arc<WebLimits>,
    me: Person,
    registration: Registration,
    stage: Stage,
    pending: VecDeque<Pending>,
    requests: Budget,
    heartbeat: Heartbeat,
    timer: Pin<Box<Sleep>>,
    /// Counted as a connection for as long as it lives.
    _place: Option<Place>,
}

/// How far it is.
enum Stage {
    /// `hello` has not come. It may ask for the handshake, which is let go of then.
    Greeting {
        until: Instant,
        handshake: Option<Box<Handshake>>,
    },
    /// It has; what was missed is being sent. Nothing is read meanwhile.
    Joining {
        replays: VecDeque<Replay>,
        bytes: usize,
    },
    /// `resumed` is out.
    Live,
    /// The server goes away: what was asked is answered, what is asked now is refused.
    Parting { until: Instant },
}

/// What was asked and not answered yet.
enum Pending {
    Welcome(Welcoming),
    Answer(Answering),
}

/// What the task woke up for.
enum Happening {
    Received(Received),
    Mail(Mail),
    Welcomed(Result<Option<Welcomed>, Problem>),
    Answered(Option<ServerMessage>),
    Tick,
    Broken,
}

/// How it ends.
enum End {
    /// With this close frame.
    Close(Option<CloseCode>, &'static str),
    /// There is no one left to tell.
    Gone,
}

impl<IO: AsyncRead + AsyncWrite + Unpin> Connection<IO> {
    pub(super) fn new(
        socket: Socket<IO>,
        rooms: Arc<Rooms>,
        limits: Arc<WebLimits>,
        me: Person,
        registration: Registration,
        handshake: Option<Box<Handshake>>,
        place: Option<Place>,
    ) -> Self {
        let now = Instant::now();
        let until = now + limits.hello;
        Self {
            socket,
            rooms,
            me,
            registration,
            stage: Stage::Greeting { until, handshake },
            pending: VecDeque::new(),
            requests: Budget::default(),
            heartbeat: Heartbeat::new(now),
            timer: Box::pin(sleep_until(until.min(now + limits.ping))),
            limits,
            _place: place,
        }
    }

    /// Lives the connection's life. Boxed, because a future that is given a value holds it twice.
    pub(super) async fn run(mut self: Box<Self>) {
        let end = loop {
            let happening = poll_fn(|context| self.poll_happening(context)).await;
            if let Err(end) = self.handle(happening) {
                break end;
            }
        };
        // No more is delivered to a connection that only says goodbye.
        self.registration.leave();
        if let End::Close(code, reason) = end {
            // Boxed, or each connection would hold the room for it, a timer among it, all its life.
            Box::pin(self.socket.close(code, reason, CLOSE_WITHIN)).await;
        }
    }

    fn poll_happening(&mut self, context: &mut Context<'_>) -> Poll<Happening> {
        // From here on nobody else writes to the socket.
        if let Some(begun) = self.registration.mailbox().hold() {
            self.socket.resume(begun);
        }
        loop {
            let is_idle = match self.socket.poll_write(context) {
                Poll::Ready(Ok(())) => true,
                Poll::Ready(Err(_)) => return Poll::Ready(Happening::Broken),
                Poll::Pending => false,
            };
            let progress = self.socket.made_progress();
            self.heartbeat.wrote(is_idle, progress);
            let has_room = self.socket.queued_bytes() < OUT_BYTES;
            // Asked also when there is no room: an order must reach a connection that takes nothing.
            let taker = Taker {
                is_joined: matches!(self.stage, Stage::Live | Stage::Parting { .. }),
                has_room,
                is_idle,
            };
            let socket = &mut self.socket;
            let take = |parcel| {
                socket.queue(parcel);
                if socket.queued_bytes() < OUT_BYTES {
                    Appetite::More
                } else {
                    Appetite::Enough
                }
            };
            let mailbox = self.registration.mailbox();
            match mailbox.poll_take(context, taker, take) {
                Poll::Ready(Mail::Taken) => continue,
                Poll::Ready(mail) => return Poll::Ready(Happening::Mail(mail)),
                Poll::Pending => {}
            }
            if has_room && let Poll::Ready(happening) = self.poll_pending(context) {
                return Poll::Ready(happening);
            }
            // Before reading: who sends without pause must not make the connection forget the time.
            if self.timer.as_mut().poll(context).is_ready() {
                return Poll::Ready(Happening::Tick);
            }
            if !self.may_read() {
                return Poll::Pending;
            }
            let received = self.socket.poll_receive(context);
            // Who waits for an answer hears it before what follows from it, as far as that can be.
            let rests = is_idle && self.pending.is_empty() && received.is_pending();
            if rests && taker.is_joined {
                self.registration.mailbox().release();
            }
            return received.map(Happening::Received);
        }
    }

    /// The answer to the oldest request: the others wait behind it, so that answers come in order.
    fn poll_pending(&mut self, context: &mut Context<'_>) -> Poll<Happening> {
        let happening = match self.pending.front_mut() {
            None => return Poll::Pending,
            Some(Pending::Welcome(future)) => {
                future.as_mut().poll(context).map(Happening::Welcomed)
            }
            Some(Pending::Answer(future)) => future.as_mut().poll(context).map(Happening::Answered),
        };
        if happening.is_ready() {
            self.pending.pop_front();
            if self.pending.is_empty() {
                self.pending.shrink_to(0);
            }
        }
        happening
    }

    fn may_read(&self) -> bool {
        !matches!(self.stage, Stage::Joining { .. })
            && self.pending.len() < IN_FLIGHT
            && self.socket.queued_bytes() < OUT_BYTES
    }

    fn handle(&mut self, happening: Happening) -> Result<(), End> {
        match happening {
            Happening::Received(received) => self.receive(received),
            Happening::Mail(Mail::Order(Order::Close(CloseCode::SLOW))) => Err(SLOW),
            Happening::Mail(Mail::Order(Order::Close(code))) => {
                Err(End::Close(Some(code), "the session ended"))
            }
            Happening::Mail(Mail::Order(Order::Drain)) => self.part(),
            Happening::Mail(Mail::Missed) => {
                let mailbox = self.registration.mailbox();
                if let Some(behind) = self.rooms.heads_missed(mailbox) {
                    self.socket.queue(behind);
                }
                Ok(())
            }
            Happening::Mail(Mail::Taken) => Ok(()),
            Happening::Welcomed(welcomed) => self.welcome(welcomed),
            Happening::Answered(answer) => {
                self.answer(answer);
                Ok(())
            }
            Happening::Tick => self.tick(),
            Happening::Broken => Err(End::Gone),
        }
    }

    /// K3.
    fn part(&mut self) -> Result<(), End> {
        self.say(&ServerMessage::Restarting {
            spread_ms: limits::RESTART_SPREAD_MS,
        });
        if !matches!(self.stage, Stage::Live) {
            return Err(RESTART);
        }
        let until = Instant::now() + self.limits.farewell;
        self.stage = Stage::Parting { until };
        self.timer.as_mut().reset(until);
        Ok(())
    }

    fn tick(&mut self) -> Result<(), End> {
        let now = Instant::now();
        match self.stage {
            Stage::Greeting { until, .. } if now >= until => {
                return Err(End::Close(Some(CloseCode::TIMEOUT), "no hello"));
            }
            Stage::Parting { until } if now >= until => return Err(RESTART),
            _ => {}
        }
        // Who is not read from can give no sign of life.
        let readable = self.may_read();
        match self.heartbeat.due(&self.limits, now, readable) {
            Due::Nothing => {}
            Due::Ping => self.socket.queue(Parcel::frame(Opcode::Ping, &[])),
            Due::Silent => return Err(End::Close(Some(CloseCode::TIMEOUT), "no sign of life")),
            Due::Stuck => return Err(SLOW),
        }
        let mut next = self.heartbeat.next(&self.limits, now);
        if let Stage::Greeting { until, .. } | Stage::Parting { until } = self.stage {
            next = next.min(until);
        }
        self.timer.as_mut().reset(next);
        Ok(())
    }

    fn say(&mut self, message: &ServerMessage) {
        self.socket.queue(Parcel::message(message));
    }
}

const SLOW: End = End::Close(Some(CloseCode::SLOW), "too slow for too long");

const RESTART: End = End::Close(Some(CloseCode::SERVICE_RESTART), "the server restarts");

/// What the server tells a client whose protocol version it does not speak (H7, M8).
pub(super) fn version_unsupported() -> Problem {
    Problem::VersionUnsupported {
        supported: vec![limits::PROTOCOL_VERSION],
    }
}

#[cfg(test)]
mod tests;
