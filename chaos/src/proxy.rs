//! A network of our own between clients and server: one listener for each client, whose bytes go through pipes that can
//! be late, thin, cut in the middle of a frame, or swallow everything.

mod pipe;

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use anyhow::Result;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::plan::{ClientFault, Way};
use pipe::Lane;

/// How long the server's end of a half-open link is held: longer than the server takes to notice (35 s).
const HELD: Duration = Duration::from_secs(60);

/// One client's way to the server.
#[derive(Debug, Clone)]
pub(crate) struct Route {
    /// Where the client connects to.
    pub(crate) address: SocketAddr,
    weather: Rc<Weather>,
}

/// What concerns all connections of the client for a while, and the one that is there now.
#[derive(Debug, Default)]
struct Weather {
    late: Cell<Option<(u64, Instant)>>,
    thin: Cell<Option<(u64, Instant)>>,
    calm: Cell<bool>,
    current: RefCell<Option<Rc<Wire>>>,
}

/// One connection's troubles.
#[derive(Debug, Default)]
struct Wire {
    up: Lane,
    down: Lane,
    reset: Cell<bool>,
    broken: Notify,
}

impl Route {
    /// Starts listening for one client.
    ///
    /// # Errors
    /// When there is no port left.
    pub(crate) async fn open(server: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let weather = Rc::new(Weather::default());
        tokio::task::spawn_local(accept(listener, server, Rc::clone(&weather)));
        Ok(Self { address, weather })
    }

    /// Lets something go wrong. Faults that are not of the network are ignored.
    pub(crate) fn suffer(&self, fault: ClientFault) {
        if self.weather.calm.get() {
            return;
        }
        let until = |for_ms| Instant::now() + Duration::from_millis(for_ms);
        match fault {
            ClientFault::Delay { by_ms, for_ms } => {
                self.weather.late.set(Some((by_ms, until(for_ms))))
            }
            ClientFault::Throttle {
                bytes_per_s,
                for_ms,
            } => {
                self.weather.thin.set(Some((bytes_per_s, until(for_ms))));
            }
            ClientFault::Cut {
                way,
                after_bytes,
                reset,
            } => {
                if let Some(wire) = &*self.weather.current.borrow() {
                    wire.reset.set(reset);
                    wire.lanes(way)
                        .for_each(|lane| lane.cut_after.set(Some(after_bytes)));
                }
            }
            ClientFault::Hole { way } => {
                if let Some(wire) = &*self.weather.current.borrow() {
                    wire.lanes(way).for_each(|lane| lane.hole.set(true));
                }
            }
            _ => {}
        }
    }

    /// Nothing goes wrong any more, and half-open links end.
    pub(crate) fn calm(&self) {
        self.weather.calm.set(true);
        self.weather.late.set(None);
        self.weather.thin.set(None);
        if let Some(wire) = &*self.weather.current.borrow() {
            let lanes = || wire.lanes(Way::Both);
            lanes().for_each(|lane| lane.cut_after.set(None));
            if lanes().any(|lane| lane.hole.get()) {
                wire.broken.notify_waiters();
            }
        }
    }
}

impl Wire {
    fn lanes(&self, way: Way) -> impl Iterator<Item = &Lane> {
        let (up, down) = (way != Way::Down, way != Way::Up);
        up.then_some(&self.up)
            .into_iter()
            .chain(down.then_some(&self.down))
    }
}

async fn accept(listener: TcpListener, server: SocketAddr, weather: Rc<Weather>) {
    while let Ok((client, _)) = listener.accept().await {
        tokio::task::spawn_local(carry(client, server, Rc::clone(&weather)));
    }
}

/// One connection from its start to its end.
async fn carry(mut client: TcpStream, server: SocketAddr, weather: Rc<Weather>) {
    // A server that is down: the client's connection ends as it would without us.
    let Ok(mut server) = TcpStream::connect(server).await else {
        return;
    };
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let wire = Rc::new(Wire::default());
    *weather.current.borrow_mut() = Some(Rc::clone(&wire));
    {
        let (mut from_client, mut to_client) = client.split();
        let (mut from_server, mut to_server) = server.split();
        let broken = wire.broken.notified();
        let up = pipe::run(&mut from_client, &mut to_server, &wire.up, &weather);
        let down = pipe::run(&mut from_server, &mut to_client, &wire.down, &weather);
        tokio::pin!(up, down, broken);
        // When one side of a half-open link gives up, the other shall find that out by itself.
        let is_half_open = || wire.lanes(Way::Both).any(|lane| lane.hole.get());
        tokio::select! {
            () = &mut up => {
                if is_half_open() {
                    let _ = tokio::time::timeout(HELD, &mut down).await;
                }
            }
            () = &mut down => {
                if is_half_open() {
                    let _ = tokio::time::timeout(HELD, &mut up).await;
                }
            }
            () = &mut broken => {}
        }
    }
    if wire.reset.get() {
        let _ = (client.set_zero_linger(), server.set_zero_linger());
    }
}
