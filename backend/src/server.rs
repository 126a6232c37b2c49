//! The layers put together: from the configuration to a listening server, and back to nothing (K3).

use std::io::{self, IsTerminal};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use shared::problem::Problem;
use shared::protocol::Person;
use shared::text::PersonName;
use tokio::net::{TcpListener, TcpSocket};
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::{Cli, Config};
use crate::engine::Engine;
use crate::engine::open::{Birth, OpenError};
use crate::files::Files;
use crate::people::People;
use crate::people::code::Code;
use crate::rooms::Rooms;
use crate::web::accept::{Door, accept};
use crate::web::assets::Dist;
use crate::web::origins::NotAnOrigin;
use crate::{clock, random, web};

/// Connections that the kernel holds while the accept loop is busy: a stampede after a restart.
const BACKLOG: u32 = 1_024;

/// Bytes that the kernel takes for a connection. What waits shall wait in our queue, where it can be
/// dropped (D3), and not in megabytes of stale events in the kernel.
const SEND_BUFFER_BYTES: u32 = 256 * 1024;

/// How often it is written down which sessions are in use.
const NOTE_USE: Duration = Duration::from_secs(5 * 60);

/// File descriptors that are not connections: the database, its readers, the log.
const OTHER_FILES: u64 = 64;

/// Why the server does not start. Each is one line for the person who started it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The log cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The address is taken or not ours.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        address: SocketAddr,
        source: io::Error,
    },
    /// What was to be allowed is no origin.
    #[error(transparent)]
    Origin(#[from] NotAnOrigin),
    /// The log does not take what the set-up needs.
    #[error("cannot write to the database: {0}")]
    Setup(Problem),
    /// The log filter cannot be read.
    #[error("cannot read the log filter {filter:?}: {source}")]
    Filter {
        filter: String,
        source: tracing_subscriber::filter::ParseError,
    },
    /// The operating system gives no threads or signals.
    #[error("cannot start: {0}")]
    System(#[from] io::Error),
}

/// A listening server.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    rooms: Arc<Rooms>,
    door: Door,
    drain: Duration,
    accepting: JoinHandle<()>,
    noting: JoinHandle<()>,
    sweeping: JoinHandle<()>,
    setup: Option<Code>,
}

impl Server {
    /// Opens the log and listens.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let (engine, commits) = Engine::open(&config.data_dir, &birth())?;
        let listener = listen(config.listen).map_err(|source| StartError::Listen {
            address: config.listen,
            source,
        })?;
        let address = listener.local_addr()?;
        let rooms = Rooms::start(engine, commits, config.rooms.clone());
        let people = Arc::new(People::new(Arc::clone(&rooms)));
        let setup = people.offer_setup().await.map_err(StartError::Setup)?;
        let files = Arc::new(Files::new(Arc::clone(&rooms), config.files.clone()));
        let sweeping = tokio::spawn(Arc::clone(&files).sweep());
        let door = web::door(&config, people, files)?;
        let noting = tokio::spawn(note_use(Arc::clone(&rooms)));
        let accepting = tokio::spawn(accept(listener, door.clone(), Arc::default()));
        Ok(Self {
            address,
            rooms,
            door,
            drain: config.web.drain,
            accepting,
            noting,
            sweeping,
            setup,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The code that makes the owner, if there is none yet.
    #[must_use]
    pub fn setup(&self) -> Option<Code> {
        self.setup
    }

    /// The rooms behind it.
    #[must_use]
    pub fn rooms(&self) -> &Arc<Rooms> {
        &self.rooms
    }

    /// Takes no new connection, lets the others finish, and closes the log (K3).
    pub async fn shutdown(self) {
        self.accepting.abort();
        self.noting.abort();
        self.sweeping.abort();
        let _ = self.accepting.await;
        self.rooms.drain();
        self.door.tasks.close();
        // Sockets first: what asks for `/readyz` on an open connection shall still hear 503.
        let sockets_gone = async {
            while self.rooms.connections() > 0 || self.door.pipes.have_last_words() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let _ = tokio::time::timeout(self.drain, sockets_gone).await;
        self.door.stop.cancel();
        let _ = tokio::time::timeout(Duration::from_millis(1_250), self.door.tasks.wait()).await;
        let rooms = self.rooms;
        let _ = tokio::task::spawn_blocking(move || rooms.close()).await;
    }
}

/// The binary: starts a server, says where it is, and runs it until a signal comes.
pub fn run(cli: &Cli, dist: Dist) -> Result<(), StartError> {
    let filter: Targets = cli.log.parse().map_err(|source| StartError::Filter {
        filter: cli.log.clone(),
        source,
    })?;
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr);
    tracing_subscriber::registry()
        .with(lines)
        .with(filter)
        .init();
    let mut config = cli.config();
    config.dist = dist;
    config.web.connections = config.web.connections.min(raise_open_files());
    let (in_network, public_url) = (config.in_network(), config.public_url.clone());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        // Before the first line is out: whoever reads it may send a signal at once.
        let signal = told_to_end()?;
        let server = Server::start(config).await?;
        announce(&server, in_network, public_url.as_deref());
        signal.await;
        tracing::info!("draining");
        server.shutdown().await;
        Ok(())
    })
}

/// Listens for the signals from now on; ready when one has come.
fn told_to_end() -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Raises the soft limit to the hard one, which every process may do, and returns how many connections that leaves.
fn raise_open_files() -> usize {
    let files = rlimit::increase_nofile_limit(u64::MAX).unwrap_or(1_024);
    usize::try_from(files.saturating_sub(OTHER_FILES)).unwrap_or(usize::MAX)
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // A restart must not wait for the old connections' last minute.
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(SEND_BUFFER_BYTES)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Writes down from time to time which sessions are in use.
async fn note_use(rooms: Arc<Rooms>) {
    let mut times = tokio::time::interval(NOTE_USE);
    loop {
        times.tick().await;
        rooms.note_use().await;
    }
}

/// The first line is for programs, the others for people.
fn announce(server: &Server, in_network: Option<IpAddr>, public_url: Option<&str>) {
    let address = server.address();
    println!("listening on http://{address}");
    let port = address.port();
    let here = match address.ip().is_unspecified() {
        true => format!("http://localhost:{port}"),
        false => format!("http://{address}"),
    };
    match address.ip().is_unspecified() {
        true => println!("Open {here} in a browser on this machine."),
        false => println!("Open {here} in a browser."),
    }
    if let Some(ip) = in_network {
        let there = SocketAddr::new(ip, port);
        println!("Others on your network open http://{there}.");
    }
    if let Some(code) = server.setup() {
        let base = public_url.map_or(&*here, |url| url.trim_end_matches('/'));
        println!("Nobody owns this server yet. To be its owner, open {base}/setup#{code}");
    }
}

/// What a new log starts with.
fn birth() -> Birth {
    Birth {
        epoch: random::epoch(),
        lobby: random::room_id(),
        host: Person {
            id: random::person_id(),
            name: PersonName::parse("Parlance").expect("a plain word is a name"),
        },
        created: random::client_id(),
        at: clock::now(),
    }
}
