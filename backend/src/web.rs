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

mod assets;
mod connection;
mod cookie;
mod decode;
mod heartbeat;
mod negotiate;
mod refusal;
mod secured;
mod security;
mod session;

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::{Config, WebLimits};
use crate::rooms::Rooms;

use self::accept::Door;
use self::origins::{NotAnOrigin, Origins};

/// What every request may need.
#[derive(Debug)]
struct App {
    rooms: Arc<Rooms>,
    limits: Arc<WebLimits>,
    origins: Origins,
    https: bool,
    sockets: TaskTracker,
}

/// The door to a server: what the accept loop needs.
pub fn door(config: &Config, rooms: Arc<Rooms>) -> Result<Door, NotAnOrigin> {
    let tasks = TaskTracker::new();
    let app = App {
        rooms,
        limits: Arc::new(config.web.clone()),
        origins: Origins::parse(
            config
                .allow_origin
                .iter()
                .chain(&config.public_url)
                .map(String::as_str),
        )?,
        https: config.is_https(),
        sockets: tasks.clone(),
    };
    Ok(Door {
        https: app.https,
        routes: routes::routes(Arc::new(app)),
        header_read: config.web.header_read,
        connections: config.web.connections,
        stop: CancellationToken::new(),
        tasks,
    })
}
