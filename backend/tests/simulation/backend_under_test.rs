//! The server as `main` puts it together, with a pipe in place of each TCP connection.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use backend::config::Config;
use backend::engine::Engine;
use backend::engine::open::Birth;
use backend::engine::operations::arriving::Arrive;
use backend::engine::session::TokenHash;
use backend::files::Files;
use backend::people::People;
use backend::rooms::Rooms;
use backend::rooms::budget::Rate;
use backend::web;
use backend::web::accept::{Door, Place, serve};
use backend::{clock, random};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use shared::ids::{ClientId, Epoch, PersonId, RoomId, Timestamp};
use shared::protocol::Person;
use shared::text::PersonName;
use tempfile::TempDir;
use tokio::io::{DuplexStream, duplex};

/// Bytes that a pipe holds in each direction, in place of the kernel's buffers: small, so that slow readers exist.
const PIPE_BYTES: usize = 4 * 1024;

/// Live frames that wait for a connection: small for the same reason.
const QUEUE_FRAMES: usize = 12;

const UNLIMITED: Rate = Rate::secondly(1_000_000, 1_000_000);

pub(crate) const LOBBY: RoomId = RoomId(1);

pub(crate) struct Backend {
    config: Config,
    _folder: TempDir,
    running: Option<Running>,
}

struct Running {
    rooms: Arc<Rooms>,
    door: Door,
}

impl Backend {
    /// With the limits of the protocol; if somebody is to flood it, without the one on sends.
    pub(crate) fn new(floods: bool) -> Self {
        // Memory where there is some: this is about order and identity; what reaches the disk is the audit's.
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() {
            TempDir::new_in(memory)
        } else {
            TempDir::new()
        };
        let folder = folder.unwrap();
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut config = Config::new(folder.path().to_owned(), listen);
        config.rooms.queue_frames = QUEUE_FRAMES;
        // The observer asks more than a person would.
        config.web.requests = UNLIMITED;
        if floods {
            config.rooms.sends = UNLIMITED;
        }
        let running = Some(Running::start(&config));
        Self {
            config,
            _folder: folder,
            running,
        }
    }

    /// Signs a person in; the cookie is what their browser sends from then on.
    pub(crate) async fn sign_in(&self, person: &Person) -> String {
        let mut token = [0; 32];
        token[..8].copy_from_slice(&person.id.0.to_be_bytes());
        let hash = TokenHash::of(&token);
        let arrival = Arrive::guest(person.clone(), hash, random::client_id(), clock::now());
        let arrived = self.running().rooms.engine().arrive(arrival).await;
        arrived.unwrap();
        format!("parlance_{}={}", person.id, URL_SAFE_NO_PAD.encode(token))
    }

    /// Our end of a new connection.
    pub(crate) fn connect(&self) -> DuplexStream {
        let (ours, theirs) = duplex(PIPE_BYTES);
        let door = self.running().door.clone();
        let tasks = door.tasks.clone();
        tasks.spawn(serve(theirs, self.config.listen, door, Place::uncounted()));
        ours
    }

    /// K3: tells everyone to come back.
    pub(crate) fn drain(&self) {
        self.running().rooms.drain();
    }

    /// Ends it, when all connections are cut, and starts another on the same folder.
    pub(crate) async fn restart(&mut self) {
        if let Some(Running { rooms, door }) = self.running.take() {
            door.stop.cancel();
            door.tasks.close();
            door.tasks.wait().await;
            let closing = Arc::clone(&rooms);
            tokio::task::spawn_blocking(move || closing.close())
                .await
                .unwrap();
            // The lock of the folder goes with the last one who knows the engine.
            drop(door);
            assert_eq!(Arc::strong_count(&rooms), 1, "someone outlives the server");
        }
        self.running = Some(Running::start(&self.config));
    }

    fn running(&self) -> &Running {
        self.running.as_ref().unwrap()
    }
}

impl Running {
    fn start(config: &Config) -> Self {
        let (engine, commits) = Engine::open(&config.data_dir, &birth()).unwrap();
        let rooms = Rooms::start(engine, commits, config.rooms.clone());
        let people = Arc::new(People::new(Arc::clone(&rooms)));
        let files = Files::new(Arc::clone(&rooms), config.files.clone());
        let door = web::door(config, people, Arc::new(files)).unwrap();
        Self { rooms, door }
    }
}

fn birth() -> Birth {
    Birth {
        epoch: Epoch(7),
        lobby: LOBBY,
        host: person(9_999, "Parlance"),
        created: ClientId(1),
        at: Timestamp(0),
    }
}

pub(crate) fn person(id: u64, name: &str) -> Person {
    Person {
        id: PersonId(id),
        name: PersonName::parse(name).unwrap(),
    }
}
