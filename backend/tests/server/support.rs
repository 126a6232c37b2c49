//! What hides the API from the tests: a server in this process, guests, and a small client.

pub(crate) mod account;
pub(crate) mod binary;
pub(crate) mod client;
pub(crate) mod files;
pub(crate) mod http;
pub(crate) mod transports;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use backend::config::Config;
use backend::rooms::budget::Rate;
use backend::server::Server;
use shared::http::SignedIn;
use shared::ids::{ClientId, Seq};
use shared::protocol::{Action, Hello, Pace, Person, Welcome};
use shared::text::{Body, Emoji, RoomName, Topic};
use tempfile::TempDir;

use self::client::Client;
use self::http::{Reply, Request};

/// How long a test waits for what must come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Waits for what must come, or fails.
pub(crate) async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future)
        .await
        .unwrap_or_else(|_| panic!("{what} did not come"))
}

/// A name that was not used before in this process.
pub(crate) fn client_id() -> ClientId {
    static LAST: AtomicU64 = AtomicU64::new(0);
    ClientId(u128::from(LAST.fetch_add(1, Ordering::Relaxed)) + 1)
}

pub(crate) fn body(text: &str) -> Body {
    Body::parse(text).unwrap()
}

pub(crate) fn emoji(text: &str) -> Emoji {
    Emoji::parse(text).unwrap()
}

pub(crate) fn edit(target: Seq, text: &str) -> Action {
    let body = body(text);
    Action::edit(target, body)
}

pub(crate) fn react(target: Seq, text: &str, on: bool) -> Action {
    let emoji = emoji(text);
    Action::React { target, emoji, on }
}

pub(crate) fn topic(text: Option<&str>) -> Action {
    let topic = text.map(|text| Topic::parse(text).unwrap());
    Action::Topic { topic }
}

pub(crate) fn add(person: &Person) -> Action {
    let person = person.clone();
    Action::Add { person }
}

pub(crate) fn remove(person: &Person) -> Action {
    let person = person.clone();
    Action::Remove { person }
}

pub(crate) fn ban(person: &Person, on: bool) -> Action {
    let person = person.clone();
    let erase = false;
    Action::Ban { person, on, erase }
}

pub(crate) fn pace(seconds: u32) -> Action {
    let pace = Pace::of_seconds(seconds).unwrap();
    Action::Pace { pace }
}

pub(crate) fn rename(name: &str) -> Action {
    let name = RoomName::parse(name).unwrap();
    Action::Rename { name }
}

/// A server in this process, with its folder.
pub(crate) struct Parlance {
    server: Server,
    config: Config,
    folder: Arc<TempDir>,
}

impl Parlance {
    /// With sends unlimited, because most tests are not about that.
    pub(crate) async fn start() -> Self {
        Self::start_with(|config| {
            config.rooms.sends = UNLIMITED;
            config.rooms.creates = UNLIMITED;
            config.rooms.searches = UNLIMITED;
        })
        .await
    }

    /// With the limits of the protocol, changed by the test.
    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = Arc::new(TempDir::new().unwrap());
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut config = Config::new(folder.path().to_owned(), listen);
        change(&mut config);
        Self::open(config, folder).await
    }

    async fn open(config: Config, folder: Arc<TempDir>) -> Self {
        let server = Server::start(config.clone()).await.unwrap();
        Self {
            server,
            config,
            folder,
        }
    }

    /// Ends it and starts another on the same folder.
    pub(crate) async fn restart(self) -> Self {
        let (config, folder) = (self.config.clone(), Arc::clone(&self.folder));
        self.shutdown().await;
        Self::open(config, folder).await
    }

    /// The same after something was changed in its database that a test cannot wait for, such as time.
    pub(crate) async fn change_file(self, sql: &str) -> Self {
        let (config, folder) = (self.config.clone(), Arc::clone(&self.folder));
        self.shutdown().await;
        let file = folder.path().join(backend::engine::open::FILE_NAME);
        let file = rusqlite::Connection::open(file).unwrap();
        file.execute_batch(sql).unwrap();
        drop(file);
        Self::open(config, folder).await
    }

    pub(crate) async fn shutdown(self) {
        soon("the end of the server", self.server.shutdown()).await;
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.server.address()
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) async fn http(&self, request: Request) -> Reply {
        request.send(self.address()).await
    }

    pub(crate) async fn sign_in(&self, name: &str) -> Guest {
        Guest::sign_in(self.address(), name).await
    }

    /// A guest who has joined, with the welcome.
    pub(crate) async fn join(&self, name: &str) -> (Client, Welcome) {
        self.sign_in(name).await.join().await
    }

    /// The code that makes the owner.
    pub(crate) fn setup_code(&self) -> Option<String> {
        self.server.setup().map(|code| code.to_string())
    }

    /// How many cursors were not of its log.
    pub(crate) fn divergences(&self) -> u64 {
        self.server.rooms().divergences()
    }

    /// Waits until the server knows of so many connections.
    pub(crate) async fn until_connections(&self, count: usize) {
        let reached = async {
            while self.server.rooms().connections() != count {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        soon("the number of connections", reached).await;
    }
}

/// No limit that a test would meet.
pub(crate) const UNLIMITED: Rate = Rate::secondly(1_000_000, 1_000_000);

/// Someone who has a session.
#[derive(Clone)]
pub(crate) struct Guest {
    pub(crate) address: SocketAddr,
    /// `parlance_<id>=…`
    pub(crate) cookie: String,
    pub(crate) me: Person,
}

impl Guest {
    pub(crate) async fn sign_in(address: SocketAddr, name: &str) -> Self {
        let body = format!("{{\"name\":{}}}", shared::wire::encode(&name));
        let reply = Request::post_json("/api/session", &body)
            .send(address)
            .await;
        Self::of(address, &reply)
    }

    /// Who has just signed in.
    pub(crate) fn of(address: SocketAddr, reply: &Reply) -> Self {
        assert_eq!(reply.status, 201, "{reply:?}");
        let SignedIn { me, .. } = serde_json::from_str(&reply.body).unwrap();
        let cookie = reply.header("set-cookie").unwrap();
        Self {
            address,
            cookie: cookie.split(';').next().unwrap().to_owned(),
            me,
        }
    }

    /// The same session at another server, which has the same folder.
    pub(crate) fn at(&self, server: &Parlance) -> Self {
        Self {
            address: server.address(),
            ..self.clone()
        }
    }

    /// A connection that has said nothing yet.
    pub(crate) async fn connect(&self) -> Client {
        Client::connect(self.address, Some(&self.cookie)).await
    }

    /// A connection that has missed nothing.
    pub(crate) async fn join(&self) -> (Client, Welcome) {
        let mut client = self.connect().await;
        let (welcome, replays) = client.hello(fresh_hello()).await;
        assert!(replays.is_empty(), "{replays:?}");
        (client, welcome)
    }

    pub(crate) async fn sign_out(&self) -> Reply {
        let request = Request::new("DELETE", "/api/session").header("Cookie", &self.cookie);
        request.send(self.address).await
    }
}

/// The hello of a client that has nothing.
pub(crate) fn fresh_hello() -> Hello {
    Hello {
        protocol: shared::limits::PROTOCOL_VERSION,
        client: "test/1".into(),
        epoch: None,
        cursors: shared::sorted::Map::new(),
        people: 0,
        explain: false,
    }
}
