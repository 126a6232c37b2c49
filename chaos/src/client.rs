//! One client: a Session as the browser runs it, and the shell around it that turns events into inputs and performs the
//! outputs. It writes by a schedule of its own, and is told what goes wrong.

mod frames;
mod handle;
mod hearing;
mod mine;
pub(crate) mod raw;
mod recorder;
mod repeats;
mod shell;
mod socket;
mod writing;

use std::future::poll_fn;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use shared::close::CloseCode;
use shared::ids::{RoomId, Timestamp};
use shared::protocol::Person;
use shared::session::connection::{Generation, State};
use shared::session::io::Input;
use shared::session::outbox::Draft;
use shared::session::time::{Moment, Ticks};
use shared::session::{Options, Session};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};

use crate::http::Guest;
use crate::plan::ClientFault;
use crate::run::Run;
use hearing::Touched;
use mine::Mine;
use recorder::Recorder;
use repeats::Repeats;
use socket::{Door, Happening, Socket};

pub(crate) use handle::{Command, Handle, Status};
pub(crate) use writing::Writing;

/// A sleep when there is nothing to wake up for.
const IDLE: Duration = Duration::from_secs(3_600);

/// Starts a client. It runs until it is told to finish.
pub(crate) fn start(
    index: usize,
    run: Rc<Run>,
    guest: Guest,
    address: SocketAddr,
    receive_bytes: Option<u32>,
) -> Handle {
    let (commands, orders) = mpsc::unbounded_channel();
    let status = Rc::new(Status::default());
    let door = Door {
        address,
        cookie: guest.cookie,
        transport: run.transports.of(index),
        receive_bytes,
    };
    let recorder = Recorder::new(index, Rc::clone(&run.history), run.extra);
    let client = Client {
        index,
        me: guest.me,
        session: session(index, 0, run.seed),
        lives: 0,
        door,
        socket: Socket::default(),
        generation: Generation::default(),
        opened_us: 0,
        recorder,
        saved: Vec::new(),
        rooms: Vec::new(),
        writing: None,
        mine: Mine::default(),
        repeats: Repeats::default(),
        asked: None,
        requests: 0,
        clock_off_ms: 0,
        deaf_until: None,
        has_cable: true,
        is_settled: false,
        recovered: 0,
        status: Rc::clone(&status),
        orders,
        run,
    };
    let task = tokio::task::spawn_local(client.live());
    Handle {
        status,
        commands,
        task,
    }
}

fn session(index: usize, life: u64, seed: u64) -> Session {
    Session::new(Options {
        client: "chaos/0.1.0".to_owned(),
        seed: crate::random::mix(seed ^ (index as u64) << 16 ^ life),
    })
}

#[derive(Debug)]
struct Client {
    index: usize,
    me: Person,
    session: Session,
    /// Crashes survived.
    lives: u64,
    door: Door,
    socket: Socket,
    generation: Generation,
    opened_us: u64,
    recorder: Recorder,
    /// What a reload would find.
    saved: Vec<Draft>,
    rooms: Vec<RoomId>,
    writing: Option<Writing>,
    /// What it said and can still change.
    mine: Mine,
    repeats: Repeats,
    asked: Option<oneshot::Sender<RoomId>>,
    /// Requests made while setting up.
    requests: u32,
    clock_off_ms: i64,
    deaf_until: Option<Instant>,
    has_cable: bool,
    is_settled: bool,
    /// The last return of the server from which this client has recovered.
    recovered: u64,
    status: Rc<Status>,
    orders: mpsc::UnboundedReceiver<Command>,
    run: Rc<Run>,
}

/// What the client wakes up for.
enum Waking {
    Told(Option<Command>),
    Socket(Happening),
    Time,
}

impl Client {
    async fn live(mut self) {
        self.sign_in();
        loop {
            self.perform();
            self.note();
            match self.wake().await {
                Waking::Told(None) => return,
                Waking::Told(Some(Command::Finish(complete))) => {
                    self.recorder.end(&self.session, complete);
                    return;
                }
                Waking::Told(Some(command)) => self.told(command),
                Waking::Socket(happening) => self.happened(happening),
                Waking::Time => self.time(),
            }
        }
    }

    async fn wake(&mut self) -> Waking {
        let at = self.wake_at();
        let reads = self.deaf_until.is_none();
        let (orders, socket) = (&mut self.orders, &mut self.socket);
        tokio::select! {
            biased;
            command = orders.recv() => Waking::Told(command),
            happening = poll_fn(|context| socket.poll(reads, context)) => Waking::Socket(happening),
            () = sleep_until(at) => Waking::Time,
        }
    }

    fn wake_at(&self) -> Instant {
        let session = self.session.wake_at().map(|ticks| self.run.at(ticks.0));
        let writing = self.writing.as_ref().map(Writing::next_at);
        let repeats = self.repeats.next_at().filter(|_| self.is_live());
        [session, writing, repeats, self.deaf_until]
            .into_iter()
            .flatten()
            .min()
            .unwrap_or_else(|| Instant::now() + IDLE)
    }

    fn now(&self) -> Moment {
        let (ticks, clock) = self.run.now_ms();
        Moment {
            ticks: Ticks(ticks),
            clock: Timestamp(clock.saturating_add_signed(self.clock_off_ms)),
        }
    }

    fn handle(&mut self, input: Input) {
        let now = self.now();
        self.session.handle(input, now);
    }

    fn is_live(&self) -> bool {
        matches!(self.session.connection().state, State::Live { .. })
    }

    fn sign_in(&mut self) {
        let me = self.me.clone();
        let restored = self.saved.clone();
        self.handle(Input::Transport {
            chosen: Some(self.door.transport),
            blocked: false,
        });
        self.handle(Input::SignedIn { me, restored });
    }

    fn told(&mut self, command: Command) {
        match command {
            Command::Create(name, reply) => {
                self.asked = Some(reply);
                let client_id = self.setting_up();
                self.handle(Input::Create {
                    name,
                    private: false,
                    client_id,
                });
            }
            Command::Join(room, reply) => {
                self.asked = Some(reply);
                let client_id = self.setting_up();
                self.handle(Input::Join { room, client_id });
            }
            Command::Watch(rooms) => {
                self.rooms = rooms;
                self.open_rooms();
            }
            Command::Write(writing) => self.writing = Some(writing),
            Command::Fault(fault) => self.suffer(fault),
            Command::Input(input) => self.handle(input),
            Command::Cable(there) => self.cable(there),
            Command::Settle => {
                self.repeats.settle();
                self.is_settled = true;
                self.deaf_until = None;
            }
            Command::Finish(_) => {}
        }
    }

    fn cable(&mut self, there: bool) {
        self.has_cable = there;
        if there {
            return self.handle(Input::Online(true));
        }
        self.socket.close();
        self.gone(CloseCode::ABNORMAL, String::new(), false);
    }

    fn suffer(&mut self, fault: ClientFault) {
        match fault {
            ClientFault::Deaf { for_ms } => {
                self.deaf_until = Some(Instant::now() + Duration::from_millis(for_ms));
            }
            ClientFault::Clock { by_ms } => self.clock_off_ms += by_ms,
            ClientFault::Wake => self.handle(Input::Wake),
            ClientFault::Crash => self.crash(),
            _ => {}
        }
    }

    /// The tab is gone; the next one finds what was saved.
    fn crash(&mut self) {
        self.recorder.end(&self.session, false);
        self.socket.close();
        self.lives += 1;
        self.session = session(self.index, self.lives, self.run.seed);
        self.sign_in();
    }

    fn happened(&mut self, happening: Happening) {
        let generation = self.generation;
        match happening {
            Happening::Opened => {
                self.opened_us = self.run.now_us();
                self.run.history.borrow_mut().counts.connections += 1;
                self.handle(Input::Opened { generation });
            }
            Happening::Text(text) => self.heard(generation, text),
            Happening::Closed {
                code,
                reason,
                clean,
            } => self.gone(CloseCode(code), reason, clean),
        }
    }

    fn gone(&mut self, code: CloseCode, reason: String, clean: bool) {
        let generation = self.generation;
        self.handle(Input::Closed {
            generation,
            code,
            reason,
            clean,
        });
    }

    fn heard(&mut self, generation: Generation, text: String) {
        let touched = self.recorder.frame(&text, self.run.now_us());
        self.handle(Input::Received { generation, text });
        self.recorder.look(&self.session, touched);
        match touched {
            Touched::Joined => self.open_rooms(),
            Touched::Range(room, ..) => self.fill_gaps(room),
            Touched::Stored(key, seq) => {
                self.mine
                    .stored(&self.run.history.borrow(), self.index, key, seq)
            }
            Touched::Hopeless(client_id) => self.handle(Input::Discard { client_id }),
            _ => {}
        }
    }

    fn time(&mut self) {
        if self.deaf_until.is_some_and(|until| until <= Instant::now()) {
            self.deaf_until = None;
        }
        self.handle(Input::Timer);
        self.write();
    }

    /// Notes how it is.
    fn note(&mut self) {
        let status = &self.status;
        let outbox = self.session.outbox_len();
        let writes = self
            .writing
            .as_ref()
            .is_some_and(|writing| !writing.is_done());
        status.live.set(self.is_live());
        status.rooms.set(self.rooms.len());
        status.outbox.set(outbox);
        status
            .drained
            .set(outbox == 0 && !writes && self.repeats.is_empty());
        {
            let mut shown = status.shown.borrow_mut();
            shown.clear();
            shown.extend(self.recorder.shown(&self.session));
        }
        let recovery = &self.run.recovery;
        if self.recovered < recovery.number()
            && recovery.is_after(self.opened_us)
            && status.is_caught_up(|room| recovery.due(room))
        {
            self.recovered = recovery.number();
            recovery.recovered(self.run.now_us());
        }
    }
}
