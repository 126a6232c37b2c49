//! HTTP and WebSocket: the accept loop, the routes, the upgrade, and the connections.
//!
//! This layer turns bytes into requests to the rooms and mailboxes into bytes. It must never contain
//! SQL, nor decide who may hear what.

pub mod accept;
pub mod handshake;
pub mod origins;
pub mod routes;
pub mod socket;
pub mod upgrade;

mod account;
mod api;
pub mod assets;
mod connection;
mod cookie;
mod decode;
mod doctor;
mod echo;
mod events;
mod files;
mod heartbeat;
mod negotiate;
mod order;
pub mod pipe;
mod refusal;
mod secured;
mod security;
mod session;
mod tcp;
mod whence;

use std::net::IpAddr;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::{Config, WebLimits};
use crate::files::Files;
use crate::people::People;
use crate::rooms::Rooms;

use self::accept::Door;
use self::assets::Dist;
use self::origins::{NotAnOrigin, Origins};
use self::pipe::Pipes;

/// What every request may need.
#[derive(Debug)]
struct App {
    rooms: Arc<Rooms>,
    people: Arc<People>,
    files: Arc<Files>,
    dist: Dist,
    limits: Arc<WebLimits>,
    origins: Origins,
    https: bool,
    public_url: Option<String>,
    /// This machine's address in its network, if the server listens there.
    in_network: Option<IpAddr>,
    doctor: doctor::Probes,
    sockets: TaskTracker,
    pipes: Arc<Pipes>,
}

/// The door to a server: what the accept loop needs.
pub fn door(config: &Config, people: Arc<People>, files: Arc<Files>) -> Result<Door, NotAnOrigin> {
    let tasks = TaskTracker::new();
    let pipes = Arc::<Pipes>::default();
    let app = App {
        rooms: Arc::clone(people.rooms()),
        people,
        files,
        dist: config.dist,
        limits: Arc::new(config.web.clone()),
        origins: Origins::parse(
            config
                .allow_origin
                .iter()
                .chain(&config.public_url)
                .map(String::as_str),
        )?,
        https: config.is_https(),
        public_url: config.public_url.clone(),
        in_network: config.in_network(),
        doctor: doctor::Probes::new(config.files.file_bytes),
        sockets: tasks.clone(),
        pipes: Arc::clone(&pipes),
    };
    Ok(Door {
        https: app.https,
        routes: routes::routes(Arc::new(app)),
        header_read: config.web.header_read,
        connections: config.web.connections,
        stop: CancellationToken::new(),
        tasks,
        pipes,
    })
}
