//! A client as the others see it: what it can be told, and how it is.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use shared::ids::RoomId;
use shared::session::io::Input;
use shared::text::RoomName;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinError, JoinHandle};

use super::writing::Writing;
use crate::history::RoomAt;
use crate::plan::ClientFault;

/// What a client is told.
#[derive(Debug)]
pub(crate) enum Command {
    /// Make a room and say which.
    Create(RoomName, oneshot::Sender<RoomId>),
    /// Enter a room and say when that is done.
    Join(RoomId, oneshot::Sender<RoomId>),
    /// Show these rooms from now on.
    Watch(Vec<RoomId>),
    /// Write by this schedule.
    Write(Writing),
    /// Something goes wrong that is not of the network.
    Fault(ClientFault),
    /// Something that a browser or a person does.
    Input(Input),
    /// The network is gone, or there again.
    Cable(bool),
    /// Nothing goes wrong any more: repeats that wait for a later connection go now.
    Settle,
    /// The run is over; `true` says that this client must have everything.
    Finish(bool),
}

/// What others may know of a client at any time.
#[derive(Debug, Default)]
pub(crate) struct Status {
    /// Its Session is live.
    pub(crate) live: Cell<bool>,
    /// How many rooms it is to show.
    pub(super) rooms: Cell<usize>,
    /// How far it shows each, without a gap.
    pub(super) shown: RefCell<Vec<(RoomAt, u64)>>,
    /// It has nothing more to write, to send or to repeat.
    pub(crate) drained: Cell<bool>,
    /// Messages that it still keeps.
    pub(crate) outbox: Cell<usize>,
}

impl Status {
    /// Whether it is live and shows its rooms up to what is `due` in each.
    pub(crate) fn is_caught_up(&self, due: impl Fn(RoomAt) -> u64) -> bool {
        let shown = self.shown.borrow();
        self.live.get()
            && shown.len() == self.rooms.get()
            && shown.iter().all(|(room, last)| *last >= due(*room))
    }
}

/// A client, as the director holds it.
#[derive(Debug)]
pub(crate) struct Handle {
    pub(crate) status: Rc<Status>,
    pub(super) commands: mpsc::UnboundedSender<Command>,
    pub(super) task: JoinHandle<()>,
}

impl Handle {
    /// Tells it something; a client that has finished does not hear.
    pub(crate) fn tell(&self, command: Command) {
        let _ = self.commands.send(command);
    }

    /// Lets it finish; `complete` says that it must have everything. An error is a panic of the Session, or of us.
    pub(crate) async fn finish(self, complete: bool) -> Result<(), JoinError> {
        self.tell(Command::Finish(complete));
        self.task.await
    }
}
