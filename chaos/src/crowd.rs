//! Many clients at once: signing them in, giving them rooms, telling them things, and letting them come to rest.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result};
use futures_util::StreamExt;
use futures_util::stream;
use shared::ids::RoomId;
use shared::session::io::Input;
use shared::text::RoomName;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout};

use crate::client::{self, Command, Handle};
use crate::history::History;
use crate::http::{self, Guest};
use crate::plan::ClientFault;
use crate::proxy::Route;
use crate::random::Random;
use crate::run::Run;

/// Guests that sign in at once.
const AT_ONCE: usize = 32;

/// For one step of setting up, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Between two looks at all clients.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// All clients of a run.
#[derive(Debug)]
pub(crate) struct Crowd {
    pub(crate) run: Rc<Run>,
    pub(crate) handles: Vec<Handle>,
    /// Per client the rooms that it is in.
    pub(crate) rooms_of: Vec<Vec<RoomId>>,
    routes: Vec<Route>,
}

/// How a crowd is made.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub(crate) clients: usize,
    /// Through the proxy, or straight to the server.
    pub(crate) proxied: bool,
    /// Of these clients, from the first on, the kernel keeps only so many bytes.
    pub(crate) small_buffers: Option<(usize, u32)>,
}

/// Makes guests, with names of their own.
///
/// # Errors
/// When the server refuses one.
pub(crate) async fn guests(server: SocketAddr, count: usize) -> Result<Vec<Guest>> {
    let signing_in = (0..count)
        .map(|index| async move { http::sign_in(server, &format!("Client {index}")).await });
    let all: Vec<Result<Guest>> = stream::iter(signing_in).buffered(AT_ONCE).collect().await;
    all.into_iter().collect()
}

impl Crowd {
    /// Signs everyone in and starts the clients. `shape_run` may set up the run before it is shared.
    ///
    /// # Errors
    /// When the server refuses someone.
    pub(crate) async fn gather(
        server: SocketAddr,
        seed: u64,
        shape: &Shape,
        shape_run: impl FnOnce(&mut Run),
    ) -> Result<Self> {
        let guests = guests(server, shape.clients).await?;
        let people = guests.iter().map(|guest| guest.me.id).collect();
        let mut run = Run::new(seed, History::new(seed, people));
        shape_run(&mut run);
        let run = Rc::new(run);
        let (mut handles, mut routes) = (Vec::new(), Vec::new());
        for (index, guest) in guests.into_iter().enumerate() {
            let address = if shape.proxied {
                let route = Route::open(server).await?;
                let address = route.address;
                routes.push(route);
                address
            } else {
                server
            };
            let small = shape.small_buffers.filter(|(count, _)| index < *count);
            let receive_bytes = small.map(|(_, bytes)| bytes);
            handles.push(client::start(
                index,
                Rc::clone(&run),
                guest,
                address,
                receive_bytes,
            ));
        }
        let rooms_of = vec![Vec::new(); shape.clients];
        Ok(Self {
            run,
            handles,
            rooms_of,
            routes,
        })
    }

    /// Everyone shows one room that they are in already.
    pub(crate) fn watch_one(&mut self, room: RoomId) {
        self.run.history.borrow_mut().add_room(room);
        for (handle, rooms) in self.handles.iter().zip(&mut self.rooms_of) {
            *rooms = vec![room];
            handle.tell(Command::Watch(rooms.clone()));
        }
    }

    /// Makes `count` rooms, puts everyone into `each` of them by a draw of the seed, and shows them.
    ///
    /// # Errors
    /// When it takes too long.
    pub(crate) async fn share_rooms(&mut self, count: usize, each: usize) -> Result<()> {
        let mut ids = Vec::new();
        for number in 0..count {
            let maker = number % self.handles.len();
            let name = RoomName::parse(&format!("Room {number}")).context("a room's name")?;
            let (reply, made) = oneshot::channel();
            self.handles[maker].tell(Command::Create(name, reply));
            let id = timeout(PATIENCE, made)
                .await
                .context("a room was not made")??;
            self.run.history.borrow_mut().add_room(id);
            self.rooms_of[maker].push(id);
            ids.push(id);
        }
        let mut random = Random::stream(self.run.seed, "rooms", 0);
        for rooms in &mut self.rooms_of {
            while rooms.len() < each.min(ids.len()) {
                let id = *random.pick(&ids);
                if !rooms.contains(&id) {
                    rooms.push(id);
                }
            }
        }
        let joining = self
            .handles
            .iter()
            .zip(&self.rooms_of)
            .map(|(handle, rooms)| async move {
                for room in rooms {
                    let (reply, joined) = oneshot::channel();
                    handle.tell(Command::Join(*room, reply));
                    timeout(PATIENCE, joined)
                        .await
                        .context("a room was not joined")??;
                }
                anyhow::Ok(())
            });
        let all: Vec<Result<()>> = stream::iter(joining)
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        all.into_iter().collect::<Result<()>>()?;
        for (handle, rooms) in self.handles.iter().zip(&self.rooms_of) {
            handle.tell(Command::Watch(rooms.clone()));
        }
        Ok(())
    }

    /// Something goes wrong for one client, in its network or in its tab.
    pub(crate) fn suffer(&self, client: usize, fault: ClientFault) {
        if let Some(route) = self.routes.get(client) {
            route.suffer(fault);
        }
        self.handles[client].tell(Command::Fault(fault));
    }

    /// How many are live and show everything.
    pub(crate) fn caught_up(&self) -> usize {
        self.handles
            .iter()
            .filter(|handle| self.is_caught_up(handle))
            .count()
    }

    fn is_caught_up(&self, handle: &Handle) -> bool {
        let history = self.run.history.borrow();
        handle.status.is_caught_up(|room| history.head(room))
    }

    /// Waits until everyone is live and shows everything; says whether that came in time.
    pub(crate) async fn all_caught_up(&self, within: Duration) -> bool {
        self.until(within, |handle| self.is_caught_up(handle)).await
    }

    /// Ends all troubles and waits until nobody has anything to write, to send, to repeat or to read. Gives up, and says so,
    /// when nothing has moved for as long as `patience`: a busy machine is slow, and that is no fault.
    pub(crate) async fn settle(&self, patience: Duration) -> bool {
        for route in &self.routes {
            route.calm();
        }
        for handle in &self.handles {
            handle.tell(Command::Settle);
        }
        let (mut moved, mut moved_at) = (0, Instant::now());
        loop {
            // As a person does who sees a countdown.
            let away = self.handles.iter().filter(|one| !one.status.live.get());
            away.for_each(|handle| handle.tell(Command::Input(Input::ConnectNow)));
            let quiet = self.until(Duration::from_secs(2), |handle| {
                handle.status.drained.get() && self.is_caught_up(handle)
            });
            if quiet.await {
                return true;
            }
            let now = self.run.history.borrow().moved();
            if now > moved {
                (moved, moved_at) = (now, Instant::now());
            } else if moved_at.elapsed() >= patience {
                return false;
            }
        }
    }

    async fn until(&self, within: Duration, is_there: impl Fn(&Handle) -> bool) -> bool {
        let deadline = Instant::now() + within;
        while !self.handles.iter().all(&is_there) {
            if Instant::now() >= deadline {
                return false;
            }
            sleep(LOOK_EVERY).await;
        }
        true
    }

    /// Ends all clients. From now on each must have everything, if `complete`.
    pub(crate) async fn dismiss(self, complete: bool) -> Rc<Run> {
        for (client, handle) in self.handles.into_iter().enumerate() {
            if let Err(error) = handle.finish(complete).await {
                let what = format!("client {client} broke down: {error}");
                self.run.history.borrow_mut().refused.push(what);
            }
        }
        self.run
    }
}
